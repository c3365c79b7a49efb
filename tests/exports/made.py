"""A journal made up for the tests: weeks of sessions and what was said between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kneeroll.diary import ActivitiesNamed, Entry, Filled, Instrument, MorningAfter, PlanAccepted, Screened, Settled
from kneeroll.events import ComfortRated, EndReason, Event, Fault, MovementStarted
from kneeroll.exports.report import Report, compose
from kneeroll.outcomes import Sitting
from kneeroll.plans import Plan, parse_plan
from kneeroll.poses import Side, Surface, View
from kneeroll.summaries import TIMED, UNMEASURED_BREATHING, Breathing, FaultSpan, HoldSummary, Measured, SessionSummary
from tests.samples import HOLD

DAY0 = datetime(2026, 8, 3, 5, 30, tzinfo=UTC)
TOML = """name = "Knee rolls & more"
author = "A. Therapist"
days = ["mon", "tue", "wed", "thu", "fri", "sat"]
times = ["morning"]
cushion_cm = 20
"""
PLAN = parse_plan(TOML)
ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Line:
    id: str
    started_at: datetime
    duration_s: float = 240.0
    end_reason: EndReason | None = EndReason.DONE


@dataclass(frozen=True)
class Session:
    """Shaped as the journal's record."""

    entry: Line
    holds: tuple[HoldSummary, ...] = ()
    events: Sequence[Event] = ()
    engine: str = "kneeroll 0.1.0"
    estimator: str = "network 1"
    plan: dict[str, Any] = field(default_factory=lambda: {"name": "Knee rolls", "surface": "floor", "cushion_cm": 20.0})
    view: View | None = View.SIDE
    reasons: tuple[str, ...] = ()


def hold(side: Side | None, drop_deg: float, start_s: float, **changes: Any) -> HoldSummary:
    usual = {"start_s": start_s, "end_s": start_s + 22.5, "in_posture_s": 20.0, "knee_drop_deg": Measured(drop_deg, 4.0)}
    return replace(HOLD, side=side, **{**usual, "faults": (), **changes})


def timed(side: Side, start_s: float) -> HoldSummary:
    angles = ("knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg", "trunk_twist_deg", "hip_swing_deg", "shoulder_lift_m")
    return hold(side, 0.0, start_s, **dict.fromkeys(angles, TIMED), breathing=UNMEASURED_BREATHING)


def session(day: float, *, seen: bool = True, finished: bool = True, before: int | None = 4, lift: bool = False) -> Session:
    """Four holds, left and right in turn; a minute long hold with breaths at the end."""
    at = DAY0 + timedelta(days=day)
    gain = 0.1 * day
    if seen:
        lifted = (FaultSpan(Fault.SHOULDER_LIFTED, 44.0, 47.0, Measured(9.0, 3.0), "deg"),) if lift else ()
        breathing = Breathing(Measured(7, 1), Measured(9.5, 1.2))
        holds = (
            hold(Side.LEFT, 44.0 + gain, 10.0),
            hold(Side.RIGHT, 47.0 + gain, 40.0, faults=lifted, in_posture_s=17.0 if lift else 20.0),
            hold(Side.LEFT, 46.0 + gain, 70.0, breathing=Breathing(Measured(3, 1), Measured(8.0, 1.5))),
            hold(Side.RIGHT, 48.0 + gain, 100.0, end_s=165.0, in_posture_s=60.0, breathing=breathing),
        )
    else:
        holds = tuple(timed(side, 10.0 + 30 * i) for i, side in enumerate((Side.LEFT, Side.RIGHT)))
    events = [
        MovementStarted(1.0, "no_cushion_20s", "Knee rolls", ()),
        ComfortRated(2.0, False, 5, before),
        ComfortRated(200.0, True, 3, None if before is None else max(before - 1, 0)),
    ]
    reason = EndReason.DONE if finished else None
    return Session(Line(f"{day:.0f}".zfill(32), at, end_reason=reason), holds, tuple(events), view=View.SIDE if seen else None)


def diary(weeks: int = 12) -> tuple[Entry, ...]:
    """Screening, a plan, mornings after and questionnaires."""
    found: list[Entry] = [Screened(DAY0, ("leg",), 1), PlanAccepted(DAY0, TOML, "A. Therapist")]
    found.append(ActivitiesNamed(DAY0, ("gardening", "sitting", "walking")))
    for week in range(weeks):
        at = DAY0 + timedelta(days=7 * week)
        found.append(Filled(at, Instrument.ACTIVITIES, {"gardening": 3 + week // 3, "sitting": 4, "walking": 5}))
        found.append(Filled(at, Instrument.PEG, {"pain": 6 - week // 3, "enjoyment": 5, "activity": 4}))
        found.append(MorningAfter(at + timedelta(days=1), f"{7 * week}".zfill(32), 4, 3, Settled.WITHIN_AN_HOUR, False))
        if week % 4 == 0:
            found.append(Filled(at, Instrument.RMDQ24, {str(i): 1 for i in range(1, 11 - week)}))
        if week and week % 4 == 0:
            found.append(Filled(at, Instrument.GROC, {"change": 2}))
    return tuple(found)


def weeks(number: int = 12) -> tuple[Session, ...]:
    """Five days a week; every tenth session without a camera."""
    days = [7 * week + day for week in range(number) for day in (0, 1, 2, 4, 5)]
    return tuple(session(d, seen=i % 10 != 9, lift=i % 7 == 3, before=max(5 - i // 15, 0)) for i, d in enumerate(days))


def sittings(sessions: Sequence[Session]) -> tuple[Sitting, ...]:
    """What the weeks are made of, where the person is."""
    return tuple(
        Sitting(
            s.entry.started_at.astimezone(ZONE),
            SessionSummary(s.holds, s.view, s.reasons, s.entry.end_reason, s.engine, s.estimator),
            tuple(s.events), Surface(s.plan["surface"]), s.plan["cushion_cm"],
        )
        for s in sessions
    )  # fmt: skip


def report(sessions: Sequence[Session], said: Sequence[Entry], now: datetime, plan: Plan | None = PLAN, **wishes: Any) -> Report:
    return compose(sittings(sessions), said, now.astimezone(ZONE), plan, **wishes)
