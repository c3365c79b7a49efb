"""Sessions made for the tests of what weeks show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from kneeroll.events import ComfortRated, EndReason, MovementStarted
from kneeroll.movements import DEFAULT
from kneeroll.outcomes.readings import Reading, SetUp, Sitting
from kneeroll.poses import Side, Surface, View
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, HoldSummary, Measured, SessionSummary

DAY0 = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def hold(
    side: Side, drop_deg: float | None, *, start_s: float = 10.0, error_deg: float = 4.0, held_s: float = 20.0
) -> HoldSummary:
    drop = UNMEASURED if drop_deg is None else Measured(drop_deg, error_deg)
    twist = UNMEASURED if drop_deg is None else Measured(drop_deg / 2, error_deg)
    return HoldSummary(
        side, start_s, start_s + held_s, held_s, drop, UNMEASURED, UNMEASURED, twist, UNMEASURED, UNMEASURED,
        UNMEASURED_CREEP, UNMEASURED_CREEP, (),
    )  # fmt: skip


def sitting(
    day: float,
    left: Sequence[float | None] = (),
    right: Sequence[float | None] = (),
    *,
    movement: str | None = DEFAULT,
    view: View = View.SIDE,
    surface: Surface = Surface.FLOOR,
    cushion_cm: float | None = None,
    discomfort: int | None = None,
) -> Sitting:
    """A session on that day after the first: the knee drops of its holds, left and right in turn."""
    sides = [(side, drop, i) for side, drops in ((Side.LEFT, left), (Side.RIGHT, right)) for i, drop in enumerate(drops)]
    holds = [hold(side, drop, start_s=10.0 + 60 * i + 30 * (side is Side.RIGHT)) for side, drop, i in sides]
    events = [ComfortRated(0.0, False, None, discomfort), ComfortRated(200.0, True, None, 0)]
    if movement:
        events.insert(0, MovementStarted(1.0, movement, "", ()))
    summary = SessionSummary(tuple(sorted(holds, key=lambda h: h.start_s)), view, (), EndReason.DONE, "", "")
    return Sitting(DAY0 + timedelta(days=day), summary, tuple(events), surface, cushion_cm)


def reading(day: float, value: float, error: float = 2.0, setup: SetUp = SetUp()) -> Reading:  # noqa: B008
    return Reading(DAY0 + timedelta(days=day), value, error, setup)
