"""Which holds of a session can be looked into, on what they rested, and what they stand beside. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kneeroll.course.course import Course
from kneeroll.events import movement_at
from kneeroll.journal import SessionRecord
from kneeroll.movements import Cushion, Movement
from kneeroll.movements.cushion import LOWER_BY_CM
from kneeroll.outcomes.readings import setup_of
from kneeroll.outcomes.repeats import FIRST_WEEK
from kneeroll.poses import Side
from kneeroll.summaries import HoldSummary


def deepest(record: SessionRecord) -> Mapping[Side, HoldSummary]:
    """Of each side the hold with the deepest knees, among those whose trunk twist was measured."""
    return {
        side: max(of, key=_depth)
        for side in Side
        if (of := [h for h in record.holds if h.side is side and h.trunk_twist_deg.value is not None])
    }


def _depth(hold: HoldSummary) -> tuple[float, float]:
    return hold.knee_drop_deg.value or 0.0, hold.trunk_twist_deg.value or 0.0


def cushion_cm(record: SessionRecord, hold: HoldSummary, known: Mapping[str, Movement]) -> float:
    """The height of the cushion under the knees in a hold, as the plan says; 0 for none."""
    height = float(record.plan.get("cushion_cm") or 0.0)
    begun = movement_at(record.events, hold.start_s)
    movement = known.get(begun.movement) if begun else None
    if movement is None or movement.cushion is Cushion.NONE or not height:
        return 0.0
    return height - LOWER_BY_CM if movement.cushion is Cushion.LOWER else height


@dataclass(frozen=True, slots=True)
class Earlier:
    """A hold of the first week. same_setup: camera, surface, cushion and the way down were those of the hold beside it."""

    at: datetime
    hold: HoldSummary
    lies_on_cm: float
    same_setup: bool


def of_first_week(course: Course, record: SessionRecord, hold: HoldSummary) -> Earlier | None:
    """The first measured hold of the same side in the person's first week, with the same set-up if there is one.

    None where there is none, or where the session is not one of theirs after that week.
    """
    if all(own.entry.id != record.entry.id for own in course.sessions):
        return None
    ends = course.sessions[0].entry.started_at + FIRST_WEEK
    if record.entry.started_at < ends:
        return None
    setup = setup_of(course.sitting(record), hold, course.known)
    found = [
        Earlier(
            own.entry.started_at.astimezone(course.now.tzinfo),
            earlier,
            cushion_cm(own, earlier, course.known),
            setup is not None and setup_of(course.sitting(own), earlier, course.known) == setup,
        )
        for own in course.sessions
        if own.entry.started_at < ends
        for earlier in own.holds
        if earlier.side is hold.side and earlier.trunk_twist_deg.value is not None
    ]
    return next((one for one in found if one.same_setup), found[0] if found else None)
