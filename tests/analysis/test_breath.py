"""The breaths of a hold: only those within it, and only where it was followed."""

from __future__ import annotations

import pytest

from kneeroll.analysis.breath import measure_breathing
from kneeroll.events import EndReason, HoldEnded
from kneeroll.poses import Breaths, Side
from kneeroll.summaries import BREATH_NOT_SEEN

HOLD = HoldEnded(31.0, Side.LEFT, 10.0, 30.0, 19.5, EndReason.DONE)


def test_the_breaths_within_the_hold_count() -> None:
    found = measure_breathing(HOLD, [Breaths(11.0, 32.0, (12.0, 16.0, 20.5, 24.0, 28.0, 31.0))])
    assert (found.breaths.value, found.longest_pause_s.value) == (5, pytest.approx(4.5))
    assert found.breaths.error == found.longest_pause_s.error == 1.0


@pytest.mark.parametrize(
    ("tops_s", "longest_s"),
    [((12.0, 15.0, 18.0), 12.0), ((21.0, 24.0, 27.0), 10.0), ((13.0, 15.0, 25.0, 28.0), 10.0)],
    ids=["at the end", "at the start", "between"],
)
def test_a_pause_is_found_wherever_it_lies(tops_s: tuple[float, ...], longest_s: float) -> None:
    assert measure_breathing(HOLD, [Breaths(11.0, 30.0, tops_s)]).longest_pause_s.value == pytest.approx(longest_s)


@pytest.mark.parametrize("spans", [[], [(15.0, 30.0)], [(10.0, 25.0)], [(40.0, 60.0)]])
def test_a_hold_that_was_not_followed_for_most_of_it_is_not_told(spans: list[tuple[float, float]]) -> None:
    assert measure_breathing(HOLD, [Breaths(a, b, (a + 2, a + 6)) for a, b in spans]) == BREATH_NOT_SEEN
    assert BREATH_NOT_SEEN.breaths.why


def test_each_hold_gets_its_own_breaths() -> None:
    both = [Breaths(40.0, 60.0, (42.0,) * 3), Breaths(10.5, 30.0, (12.0, 15.0))]
    assert measure_breathing(HOLD, both).breaths.value == 2
