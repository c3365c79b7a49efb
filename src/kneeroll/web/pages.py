"""What the pages show, as plain values: templates only print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal

from kneeroll.course import deepest
from kneeroll.events import FaultSeen
from kneeroll.journal import Journal, SessionEntry, SessionRecord
from kneeroll.languages import Language, Translate, translator
from kneeroll.movements import Cushion, Movement, Sides
from kneeroll.plans import Plan
from kneeroll.plots.trace import NARROW, WIDE, sparkline_svg, trace_svg
from kneeroll.poses import BodyState, Floats, Side
from kneeroll.session import NO_CAMERA
from kneeroll.summaries import HoldSummary, Measured, why_not
from kneeroll.wording import VIEWS

SESSIONS_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A line of "my sessions"."""

    id: str
    when: str
    label: str
    lasted: str
    holds: int
    ended: str
    is_finished: bool
    spark: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A row of the table of one session, in words."""

    side: str
    start: str
    held: str
    in_posture: str
    angles: tuple[str, ...]
    creep: str
    breathing: str
    noticed: str
    legs: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session.

    traces: its picture, wide and narrow; none where no knees were seen to sink. has_inside: a hold can be looked into.
    is_watched: a camera was there.
    """

    line: SessionLine
    is_watched: bool
    traces: tuple[str, ...]
    has_inside: bool
    holds: tuple[HoldLine, ...]
    tells_breathing: bool
    why_not: tuple[str, ...]
    view: str
    reasons: str
    engine: str
    estimator: str


def session_lines(journal: Journal, language: Language, first: int = 0) -> tuple[list[SessionLine], int | None]:
    """A page of sessions with small pictures, from the `first` newest on; and where the next page begins, if there is one."""
    entries = journal.sessions(first, SESSIONS_A_PAGE + 1)
    lines = [_line(e, language, _spark(journal.trace(e.id), translator(language))) for e in entries[:SESSIONS_A_PAGE]]
    return lines, first + SESSIONS_A_PAGE if len(entries) > SESSIONS_A_PAGE else None


def deleted_lines(journal: Journal, language: Language) -> list[SessionLine]:
    """The deleted sessions that can be brought back."""
    return [_line(entry, language) for entry in journal.deleted()]


def session_page(record: SessionRecord, language: Language) -> SessionPage:
    """One session with its trace and its numbers."""
    _ = translator(language)
    faults = [(e.t_s, _words(e.fault, _)) for e in record.events if isinstance(e, FaultSeen)]
    trace = _trace(record.states)
    was_seen = np.isfinite(trace["knee_drop_deg"]).any()
    return SessionPage(
        line=_line(record.entry, language),
        is_watched=record.entry.kind != NO_CAMERA,
        traces=tuple(trace_svg(trace, record.holds, faults, _, width=width) for width in (WIDE, NARROW) if was_seen),
        has_inside=bool(deepest(record)),
        holds=tuple(_hold_line(h, language) for h in record.holds),
        tells_breathing=any(h.breathing.is_measured for h in record.holds),
        why_not=tuple(_(why) for why in why_not(record.holds)),
        view=_(VIEWS[record.view]),
        reasons=_(", ").join(_words(r, _) for r in record.reasons),
        engine=record.engine,
        estimator=record.estimator,
    )


READY_CHOICES_S = (0, 10, 20, 30, 60, 90)


def ready_choices(plan: Plan) -> list[int]:
    """The times to get ready that a page offers: the plan's among them."""
    return sorted({*READY_CHOICES_S, round(plan.get_ready_s)})


ROUTINE = "routine"
"""What stands for today's plan with what goes with it, beside the ids of movements."""


def choices(plan: Plan, routine: Plan | None, known: Mapping[str, Movement], language: Language) -> dict[str, dict[str, object]]:
    """What the page must know of each movement by id, of the plan by "" and of the routine: whether it has a cushion, and for
    whom it is not."""
    _ = translator(language)
    plans = {"": plan.movements} | ({ROUTINE: routine.movements} if routine else {})
    offered = plans | {id: (movement,) for id, movement in known.items()}
    return {
        id: {
            "cushion": any(one.cushion is not Cushion.NONE for one in movements),
            "not_for": list(dict.fromkeys(_(line) for one in movements for line in one.not_for)),
        }
        for id, movements in offered.items()
    }


def doses(plan: Plan, language: Language) -> list[str]:
    """What the plan does, one line a movement."""
    return [_dose(movement, plan.first_side, language) for movement in plan.steps]


def _dose(movement: Movement, first_side: Side, language: Language) -> str:
    _ = translator(language)
    if movement.sides is Sides.BOTH:
        words = _("{name}: {holds} × {seconds} seconds.")
    elif first_side is Side.LEFT:
        words = _("{name}: {holds} × {seconds} seconds a side, left first.")
    else:
        words = _("{name}: {holds} × {seconds} seconds a side, right first.")
    seconds = format_decimal(movement.hold_s, locale=language.locale)
    return words.format(name=_(movement.name), holds=movement.holds_a_side, seconds=seconds)


def _words(name: str, _: Translate) -> str:
    return _(name.replace("_", " "))


def _spark(trace: Mapping[str, Floats], _: Translate) -> str:
    return sparkline_svg(trace["t_s"], trace["knee_drop_deg"], _)


def _line(entry: SessionEntry, language: Language, spark: str = "") -> SessionLine:
    _ = translator(language)
    minutes, seconds = divmod(int(entry.duration_s), 60)
    return SessionLine(
        id=entry.id,
        when=told_when(entry.started_at.astimezone(), language.locale),
        label=entry.told(_),
        lasted=_("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds),
        holds=entry.hold_count,
        ended=_words(entry.end_reason, _) if entry.end_reason else _("unfinished"),
        is_finished=entry.end_reason is not None,
        spark=spark,
    )


def told_when(moment: datetime, locale: str) -> str:
    """Day and time, in words of a language."""
    date, time = format_date(moment, "full", locale), format_time(moment, "short", locale=locale)
    return str(get_datetime_format("medium", locale)).replace("{1}", date).replace("{0}", time)


def _trace(states: Sequence[BodyState]) -> dict[str, Floats]:
    names = ("t_s", "knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg")
    trace = {name: np.array([getattr(s, name) for s in states], dtype=float) for name in names}
    return trace | {"knee_drop_error_deg": np.array([s.error("knee_drop_deg") for s in states], dtype=float)}


def _hold_line(hold: HoldSummary, language: Language) -> HoldLine:
    _ = translator(language)
    measures = (hold.knee_drop_deg, hold.pelvis_roll_deg, hold.trunk_twist_deg, hold.hip_swing_deg)
    return HoldLine(
        side=_(hold.toward),
        start=_seconds(hold.start_s, language),
        held=_seconds(hold.duration_s, language),
        in_posture=_seconds(hold.in_posture_s, language),
        angles=tuple(_degrees(m, _) for m in measures),
        creep=hold.knee_drop_creep.told(_),
        breathing=hold.breathing.told(_),
        noticed=_(", ").join(span.told(_) for span in hold.faults) or _("all well"),
        legs=hold.told_legs(_),
    )


def _seconds(seconds: float, language: Language) -> str:
    _ = translator(language)
    return _("{seconds} s").format(seconds=format_decimal(seconds, "0.0", language.locale))


def _degrees(measured: Measured, _: Translate) -> str:
    return measured.told(_) if measured.value is None else f"{measured.value:.0f}° ± {measured.error:.0f}°"
