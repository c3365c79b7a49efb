"""Left and right beside each other: spoken of only when they differ by more than the measuring error, again and again. Pure.

A difference is no fault: in sports that turn the trunk, people without discomfort have as many as people with it (PMC4519377).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from kneeroll.languages import Translate
from kneeroll.outcomes.readings import Measure, Reading
from kneeroll.poses import Side
from kneeroll.summaries import MDC95

LAST_SESSIONS, LEAST_BEYOND = 5, 3
"""Spoken of when so many of the last sessions differ toward the same side: our own choice, one session may be chance."""


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Right minus left in the last sessions in which both were measured, in degrees, oldest first.

    beyond: in how many of them the difference exceeded its error toward the same side; further: that side, if there were enough.
    """

    measure: Measure
    differences: tuple[float, ...]
    beyond: int
    further: Side | None

    def told(self, _: Translate) -> str | None:
        """In words of a language; None where nothing is to be said."""
        if self.further is None:
            return None
        words = {
            Side.LEFT: _(
                "Sides differed in {beyond} of your last {sessions} sessions by more than the usual measuring error: left more."
            ),
            Side.RIGHT: _(
                "Sides differed in {beyond} of your last {sessions} sessions by more than the usual measuring error: right more."
            ),
        }[self.further]
        return words.format(beyond=self.beyond, sessions=len(self.differences))


def compare_sides(left: Sequence[Reading], right: Sequence[Reading], measure: Measure) -> SideDifference:
    """Compare the cold readings of the last sessions that have both sides with the same set-up."""
    by_time = {r.at: r for r in right}
    pairs = [(r, by_time[r.at]) for r in sorted(left, key=lambda r: r.at) if r.at in by_time][-LAST_SESSIONS:]
    differences = tuple(r.value - other.value for other, r in pairs)
    errors = (hypot(other.error, r.error) for other, r in pairs)
    signs = [(d > 0) - (d < 0) if abs(d) > MDC95 * error else 0 for d, error in zip(differences, errors, strict=True)]
    rightward, leftward = signs.count(1), signs.count(-1)
    beyond = max(rightward, leftward)
    further = (Side.RIGHT if rightward > leftward else Side.LEFT) if beyond >= LEAST_BEYOND else None
    return SideDifference(measure, differences, beyond, further)
