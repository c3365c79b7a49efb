"""What the pages show, as plain values: templates only print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kneeroll.events import Fault, FaultSeen
from kneeroll.journal import Journal, SessionEntry, SessionRecord
from kneeroll.plots.trace import sparkline_svg, to_svg, trace_figure
from kneeroll.poses import BodyState, Floats
from kneeroll.summaries import HoldSummary, Measured, why_not

DISCLAIMER = "Not a medical device; not for diagnosis, treatment or monitoring of disease or injury."


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A line of "my sessions"."""

    id: str
    when: str
    label: str
    lasted: str
    holds: int
    ended: str
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
    noticed: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session."""

    line: SessionLine
    trace: str
    holds: tuple[HoldLine, ...]
    why_not: tuple[str, ...]
    view: str
    reasons: str
    engine: str
    estimator: str


def session_lines(journal: Journal) -> list[SessionLine]:
    """Every session with a small picture."""
    return [_line(entry, _spark(journal.states(entry.id))) for entry in journal.sessions()]


def session_page(record: SessionRecord) -> SessionPage:
    """One session with its trace and its numbers."""
    faults = [(e.t_s, _words(e.fault)) for e in record.events if isinstance(e, FaultSeen)]
    figure = trace_figure(_trace(record.states), record.holds, faults)
    return SessionPage(
        line=_line(record.entry),
        trace=to_svg(figure),
        holds=tuple(_hold_line(h) for h in record.holds),
        why_not=why_not(record.holds),
        view=record.view.value.replace("_", " ") if record.view else "not known",
        reasons=", ".join(r.replace("_", " ") for r in record.reasons),
        engine=record.engine,
        estimator=record.estimator,
    )


def _words(fault: Fault) -> str:
    return fault.value.replace("_", " ")


def _spark(states: Sequence[BodyState]) -> str:
    trace = _trace(states)
    return sparkline_svg(trace["t_s"], trace["knee_drop_deg"])


def _line(entry: SessionEntry, spark: str = "") -> SessionLine:
    return SessionLine(
        id=entry.id,
        when=entry.started_at.astimezone().strftime("%A %d %B %Y, %H:%M"),
        label=entry.label,
        lasted=f"{int(entry.duration_s) // 60} min {int(entry.duration_s) % 60} s",
        holds=entry.hold_count,
        ended=entry.end_reason.value.replace("_", " ") if entry.end_reason else "unfinished",
        spark=spark,
    )


def _trace(states: Sequence[BodyState]) -> dict[str, Floats]:
    names = ("t_s", "knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg")
    trace = {name: np.array([getattr(s, name) for s in states], dtype=float) for name in names}
    return trace | {"knee_drop_error_deg": np.array([s.errors[0] for s in states], dtype=float)}


def _hold_line(hold: HoldSummary) -> HoldLine:
    measures = (hold.knee_drop_deg, hold.pelvis_roll_deg, hold.trunk_twist_deg, hold.hip_swing_deg)
    return HoldLine(
        side=hold.side.value,
        start=f"{hold.start_s:.1f} s",
        held=f"{hold.duration_s:.1f} s",
        in_posture=f"{hold.in_posture_s:.1f} s",
        angles=tuple(_degrees(m) for m in measures),
        creep=str(hold.knee_drop_creep),
        noticed=", ".join(str(span) for span in hold.faults) or "all well",
    )


def _degrees(measured: Measured) -> str:
    return "not measurable" if measured.value is None else f"{measured.value:.0f}° ± {measured.error:.0f}°"
