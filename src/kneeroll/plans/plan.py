"""A plan: what to hold, how long, how often, on which days, and within which limits. Pure values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Any

from kneeroll.errors import InvalidPlan
from kneeroll.movements import DEFAULT, SHIPPED, Breath, Kind, Movement
from kneeroll.plans.limits import NO_LIMITS, Limits
from kneeroll.poses import Side, Surface


class Day(StrEnum):
    """A day of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


TOO_MUCH = 5
"""Discomfort above this, of 10, is too much to go on (Thomee 1997, Silbernagel 2007); a plan may say less."""


@dataclass(frozen=True)
class Plan:
    """One session, movements one after the other, and when it is done.

    movements: 1 to 4. hold_s: seconds in posture per hold (3-120), holds_a_side: 1-10; None is what each movement
    says itself. Sides alternate from `first_side`. get_ready_s: seconds to lie down before it begins (0, or 10-90).
    surface: what the person lies on. cushion_cm: height of the cushion under the knees (10-40) in movements that have one; None
    where nobody knows it. breath: the pace of the breath in holds that have none of their own.
    days: on which it is done; times: at what time of such a day, in order (at most 3), empty for once at any time.
    stop_above: discomfort of 10 above which a session does not begin (1-5). limits: what it keeps to.
    author: who wrote it, empty for the one that ships. notes: what else there is to know.
    follow: only watch: any side, any number of holds, nothing is said, never finishes by itself.

    Raises
    ------
    InvalidPlan
        When a limit forbids one of the movements.
    """

    name: str = "Knee rolls"
    first_side: Side = Side.LEFT
    hold_s: float | None = None
    holds_a_side: int | None = None
    movements: tuple[Movement, ...] = (SHIPPED[DEFAULT],)
    get_ready_s: float = 0.0
    surface: Surface = Surface.FLOOR
    cushion_cm: float | None = None
    breath: Breath | None = None
    days: tuple[Day, ...] = tuple(Day)
    times: tuple[time, ...] = ()
    stop_above: int = TOO_MUCH
    limits: Limits = NO_LIMITS
    author: str = ""
    notes: str = ""
    version: int = 1
    follow: bool = False

    def __post_init__(self) -> None:
        for movement in self.steps:
            if broken := self.limits.forbid(movement):
                why = " ".join(self.limits.why_not(movement, str))
                raise InvalidPlan(f"movements has {movement.id!r}, which limits.{broken[0]} forbids: {why}")

    @cached_property
    def steps(self) -> tuple[Movement, ...]:
        """The movements with the doses of this plan."""
        return tuple(
            replace(
                one,
                hold_s=self.hold_s or one.hold_s,
                holds_a_side=self.holds_a_side or one.holds_a_side,
                breath=one.breath or (self.breath if one.kind is Kind.HOLD else None),
            )
            for one in self.movements
        )

    @property
    def sessions_a_day(self) -> int:
        """How often it is done on one of its days."""
        return max(len(self.times), 1)

    def record(self) -> dict[str, Any]:
        """The plan as plain values, for the journal."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return values | {
            "movements": [one.id for one in self.movements],
            "breath": asdict(self.breath) if self.breath else None,
            "days": [day.value for day in self.days],
            "times": [at.isoformat("minutes") for at in self.times],
            "limits": self.limits.record(),
        }


OBSERVE = Plan(name="Observe", follow=True)
"""Watch a recording without a plan: what `measure` does."""
