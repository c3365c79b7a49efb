"""Ways round the belly and the hip, against lengths known from geometry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneeroll.inside.body import body
from kneeroll.inside.chain import _on_wall, _round_hip


def test_on_a_round_belly_a_line_is_a_helix():
    wall = replace(body().wall, middle_x=10.0, depth=100.0, width=100.0)
    start, end = np.array([[110.0, 0.0, 0.0]]), np.array([[10.0, 80.0, 100.0]])
    (length,) = _on_wall(replace(body(), wall=wall), start, end)
    assert length == pytest.approx(np.hypot(100 * np.pi / 2, 80.0), rel=0.01)
    assert length > 1.05 * float(np.linalg.norm(end - start))


def test_on_the_ellipse_a_line_that_only_goes_up_is_as_long_as_it_is_high():
    start, end = np.array([[85.0, 0.0, 0.0]]), np.array([[85.0, 70.0, 0.0]])
    assert _on_wall(body(), start, end) == pytest.approx([70.0])


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        ((0.0, 100.0, 0.0), (0.0, -100.0, 0.0), 2 * np.sqrt(7500) + 50 * np.pi / 3),
        ((0.0, 100.0, 0.0), (0.0, -100.0, 90.0), np.hypot(2 * np.sqrt(7500) + 50 * np.pi / 3, 90.0)),
        ((-100.0, 100.0, 0.0), (-100.0, -100.0, 0.0), 200.0),
        ((-100.0, 0.0, 0.0), (100.0, 0.0, 0.0), 2 * np.sqrt(7500) + 50 * np.pi / 3),
    ],
    ids=["bends round it", "and goes sideways", "passes behind it", "goes under it"],
)
def test_round_the_hip_a_line_goes_behind_and_below_where_a_straight_one_would_cut_through(start, end, length):
    assert _round_hip(np.array([start]), np.array([end]), np.array([50.0])) == pytest.approx([length])
