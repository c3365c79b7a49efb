"""The sides are spoken of only when they differ by more than the error, toward the same side, in three of five sessions."""

from __future__ import annotations

import pytest

from kneeroll.outcomes.readings import Measure
from kneeroll.outcomes.sides import compare_sides
from kneeroll.poses import Side
from tests.outcomes.made import reading

LIMIT = 1.96 * 2**0.5 * 2 * 2**0.5  # two readings with an error of 2 each


def compare(differences: list[float]):
    left = [reading(d, 50) for d in range(len(differences))]
    right = [reading(d, 50 + diff) for d, diff in enumerate(differences)]
    return compare_sides(left, right, Measure.KNEE_DROP)


@pytest.mark.parametrize(
    ("differences", "beyond", "further"),
    [
        ([12, 12, 12, 0, 0], 3, Side.RIGHT),
        ([-12, 0, -12, 0, -12], 3, Side.LEFT),
        ([12, 12, 0, 0, 0], 2, None),
        ([12, 12, -12, -12, 0], 2, None),
        ([12, 12, 12, 0, 0, 0], 2, None),
        ([LIMIT - 0.01] * 5, 0, None),
        ([LIMIT + 0.01] * 3, 3, Side.RIGHT),
        ([], 0, None),
    ],
)
def test_three_of_the_last_five_sessions_must_agree(differences, beyond, further) -> None:
    found = compare(differences)
    assert (found.beyond, found.further) == (beyond, further)
    said = found.told(str)
    assert (said is None) == (further is None)
    if said:
        sessions = f"Sides differed in {beyond} of your last {len(differences)} sessions"
        assert said == f"{sessions} by more than the usual measuring error: {further} more."


def test_a_session_with_one_side_alone_is_passed_over() -> None:
    left = [reading(d, 50) for d in range(8)]
    right = [reading(d, 70) for d in (0, 2, 4)]
    assert compare_sides(left, right, Measure.KNEE_DROP).differences == (20, 20, 20)
