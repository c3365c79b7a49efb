"""What a plan must keep to: how deep, how fast, how long, on what. Pure values; they add up, and the stricter one wins."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from kneeroll.languages import Translate
from kneeroll.movements import Cushion, Movement, Position


class Mind(StrEnum):
    """How to lie; the coach says it before the first movement."""

    ARMS_LOW = "arms_low"
    HEAD_RAISED = "head_raised"
    PILLOW_BETWEEN_KNEES = "pillow_between_knees"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a session must keep to; a field that is None, false or empty limits nothing.

    ceiling_deg: largest knee drop (20-90). top_speed_deg_s: of the knees, there and back (5-60).
    longest_hold_s: of a hold (5-120).
    cushion_locked: the knees roll onto a cushion on both sides only. legs_uncrossed: no leg comes over the other.
    rolls_only: no other movements than knee rolls. off_the_back: nothing is done lying on the back.
    step_a_week: the ladder goes up once a week at most. mind: how to lie.
    """

    ceiling_deg: float | None = None
    top_speed_deg_s: float | None = None
    longest_hold_s: float | None = None
    cushion_locked: bool = False
    legs_uncrossed: bool = False
    rolls_only: bool = False
    off_the_back: bool = False
    step_a_week: bool = False
    mind: tuple[Mind, ...] = ()

    def __and__(self, other: Limits) -> Limits:
        """Both at once: of two limits the stricter one.

        >>> Limits(ceiling_deg=30) & Limits(ceiling_deg=45, cushion_locked=True) == Limits(ceiling_deg=30, cushion_locked=True)
        True
        """
        return Limits(**{f.name: _stricter(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)})

    def forbid(self, movement: Movement) -> tuple[str, ...]:
        """The names of the limits that this movement would break; empty where it is allowed."""
        breaks = {
            "longest_hold_s": self.longest_hold_s is not None and movement.hold_s > self.longest_hold_s,
            "cushion_locked": self.cushion_locked and movement.rolls and movement.cushion is not Cushion.BOTH,
            "legs_uncrossed": self.legs_uncrossed and movement.crosses_legs,
            "rolls_only": self.rolls_only and not movement.rolls,
            "off_the_back": self.off_the_back and movement.position is Position.ON_THE_BACK,
        }
        return tuple(name for name, broken in breaks.items() if broken)

    def why_not(self, movement: Movement, _: Translate) -> tuple[str, ...]:
        """Why this movement is not allowed, each reason a sentence of a language; empty where it is."""
        told = self._told(_)
        return tuple(told[name] for name in self.forbid(movement))

    def told(self, _: Translate) -> tuple[str, ...]:
        """Each limit that is set as a sentence of a language."""
        return tuple(self._told(_).values())

    def _told(self, _: Translate) -> dict[str, str]:
        words = {
            "ceiling_deg": _("Let your knees sink to {limit}° at most."),
            "top_speed_deg_s": _("Move slowly: at most {limit}° a second."),
            "longest_hold_s": _("Rest for {limit} seconds at most at a time."),
            "cushion_locked": _("Keep the cushion on both sides."),
            "legs_uncrossed": _("Leave your legs uncrossed."),
            "rolls_only": _("Only knee rolls, no other movements."),
            "off_the_back": _("Nothing that is done lying on the back."),
            "step_a_week": _("At most one step up a week."),
            Mind.ARMS_LOW: _("Keep your arms lower than your shoulders."),
            Mind.HEAD_RAISED: _("Keep your head raised on a pillow."),
            Mind.PILLOW_BETWEEN_KNEES: _("Keep a pillow between your knees."),
        }
        given = self.record()
        given |= dict.fromkeys(given.pop("mind", ()), 0.0)
        return {name: words[name].format(limit=f"{value:g}") for name, value in given.items()}

    def record(self) -> dict[str, Any]:
        """The limits that are set, as plain values."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}
        return given | ({"mind": [m.value for m in self.mind]} if self.mind else {})


NO_LIMITS = Limits()


def _stricter(one: Any, other: Any) -> Any:
    if isinstance(one, bool):
        return one or other
    if isinstance(one, tuple):
        return tuple(m for m in Mind if m in one or m in other)
    return min((value for value in (one, other) if value is not None), default=None)
