"""How deep the knees come on a cushion."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kneeroll.movements import HEIGHTS_CM, Cushion


def test_a_higher_cushion_ends_the_way_earlier() -> None:
    ceilings = [Cushion.BOTH.ceiling_deg(cm) for cm in HEIGHTS_CM]
    assert all(low is not None and high is not None and low > high for low, high in pairwise(ceilings))


@pytest.mark.parametrize("height_cm", HEIGHTS_CM)
def test_the_lower_cushion_of_the_ladder_lets_the_knees_deeper(height_cm: float) -> None:
    lower, usual = Cushion.LOWER.ceiling_deg(height_cm), Cushion.BOTH.ceiling_deg(height_cm)
    assert 5 < (lower or 0) - (usual or 0) < 10


@pytest.mark.parametrize(("cushion", "height_cm"), [(Cushion.NONE, 20.0), (Cushion.BOTH, None), (Cushion.LOWER, None)])
def test_there_is_no_ceiling_without_a_cushion_or_its_height(cushion: Cushion, height_cm: float | None) -> None:
    assert cushion.ceiling_deg(height_cm) is None
