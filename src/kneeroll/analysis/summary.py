"""From events and angles to holds with an error on every number. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kneeroll.analysis.breath import measure_breathing
from kneeroll.analysis.creep import measure_creep
from kneeroll.analysis.faults import fault_spans
from kneeroll.events import Event, HoldEnded, SessionEnded
from kneeroll.faults import POSTURE
from kneeroll.poses import ANGLES, LEG_ANGLES, MEASURES, BodyState, Breaths, Floats, Legs, View
from kneeroll.summaries import (
    NOT_SEEN,
    RESTLESS,
    TIMED,
    TOO_WIDE,
    UNMEASURED_CREEP,
    Breathing,
    Creep,
    FaultSpan,
    HoldSummary,
    Measured,
    SessionSummary,
)

SHORTEST_HOLD_S = 3.0
"""A rest shorter than this is passing through, not a hold."""
LARGEST_ERROR_DEG = 15.0
"""An angle with a larger standard error says too little to be shown."""
SWAY_S = 1.0
"""A fault begins before it passes its limit, and ends after."""
INDEPENDENT_S = 2.0
"""Frames closer than this share their error; only every so many seconds is a new observation."""


def summarise(
    events: Sequence[Event],
    states: Sequence[BodyState],
    breaths: Sequence[Breaths] = (),
    legs: Sequence[Legs] = (),
    *,
    view: View | None,
    blockers: tuple[str, ...],
    engine: str,
    estimator: str,
) -> SessionSummary:
    """Holds with medians and standard errors; `blockers` become the reasons when nothing was measured."""
    measured = any(s.seen for s in states) or any(at.seen for at in legs)
    ended = next((e.why for e in events if isinstance(e, SessionEnded)), None)
    found = [e for e in events if isinstance(e, HoldEnded) and e.until_s - e.since_s >= SHORTEST_HOLD_S]
    holds = tuple(
        _timed(e, legs) if e.timed else _summarise_hold(e, states, fault_spans(e, events, states), measure_breathing(e, breaths))
        for e in found
    )
    by_clock = bool(found) and all(e.timed for e in found)
    reasons = () if measured else blockers or (() if by_clock else ("no_person",))
    return SessionSummary(holds, view, reasons, ended, engine, estimator)


def _summarise_hold(
    hold: HoldEnded, states: Sequence[BodyState], faults: tuple[FaultSpan, ...], breathing: Breathing
) -> HoldSummary:
    inside = [s for s in states if hold.since_s <= s.t_s <= hold.until_s]
    seen = [s for s in inside if s.seen]
    enough = len(seen) >= max(1, len(inside) / 2)
    angles = dict.fromkeys(ANGLES, NOT_SEEN)
    lift = NOT_SEEN
    if enough:
        errors = np.median([s.errors for s in seen], axis=0)
        for i, name in enumerate(ANGLES):
            values = np.array([getattr(s, name) for s in seen])
            angles[name] = _measure(values, float(errors[i]), hold)
        heights = [s.shoulder_lift_m for s in seen if np.isfinite(s.shoulder_lift_m)]
        if heights:
            lift = Measured(max(float(np.percentile(heights, 95)), 0.0), float(errors[MEASURES.index("shoulder_lift_m")]))
    return _told(
        hold,
        angles,
        shoulder_lift_m=lift,
        knee_drop_creep=_creep("knee_drop_deg", hold, inside, faults),
        trunk_twist_creep=_creep("trunk_twist_deg", hold, inside, faults),
        faults=faults,
        breathing=breathing,
    )


def _timed(hold: HoldEnded, legs: Sequence[Legs]) -> HoldSummary:
    """What the clock knows of a hold, and how the legs were bent in it where that was seen."""
    return _told(
        hold,
        dict.fromkeys(ANGLES, TIMED),
        shoulder_lift_m=TIMED,
        knee_drop_creep=UNMEASURED_CREEP,
        trunk_twist_creep=UNMEASURED_CREEP,
        faults=(),
        breathing=Breathing(TIMED, TIMED),
        legs=_bends(hold, [at for at in legs if hold.since_s <= at.t_s <= hold.until_s]),
    )


def _told(hold: HoldEnded, angles: Mapping[str, Measured], **more: Any) -> HoldSummary:
    """The hold as it was, with its angles by the names of `ANGLES`."""
    values: dict[str, Any] = {**angles, **more}
    return HoldSummary(side=hold.side, start_s=hold.since_s, end_s=hold.until_s, in_posture_s=hold.in_posture_s, **values)


def _bends(hold: HoldEnded, inside: Sequence[Legs]) -> tuple[Measured, ...]:
    """Medians in the order of `LEG_ANGLES`; empty where nobody looked."""
    if not inside:
        return ()
    seen = [at for at in inside if at.seen]
    if len(seen) < len(inside) / 2:
        return (NOT_SEEN,) * len(LEG_ANGLES)
    values, errors = np.array([at.angles_deg for at in seen]), np.median([at.errors_deg for at in seen], axis=0)
    return tuple(_measure(values[:, i], float(errors[i]), hold) for i in range(len(LEG_ANGLES)))


def _creep(name: str, hold: HoldEnded, inside: Sequence[BodyState], faults: Sequence[FaultSpan]) -> Creep:
    """The creep of an angle, + deeper; frames around a fault are left out: a shoulder that lifts untwists the trunk at once."""
    t_s = np.array([s.t_s for s in inside], dtype=float)
    assert hold.side is not None, "a hold that was seen has a side"
    deeper_deg = np.array([hold.side.sign * getattr(s, name) for s in inside], dtype=float)
    for span in faults:
        if span.fault in POSTURE:
            deeper_deg[(t_s >= span.start_s - SWAY_S) & (t_s <= span.end_s + SWAY_S)] = np.nan
    errors = [s.error(name) for s in inside if s.seen]
    return measure_creep(t_s, deeper_deg, hold.since_s, hold.until_s, float(np.median(errors)) if errors else 0.0)


def _measure(values: Floats, bias_deg: float, hold: HoldEnded) -> Measured:
    """The magnitude of the median; its error is the bias of the view and the wobble within the hold. NaN is left out."""
    values = values[np.isfinite(values)]
    if not len(values):
        return NOT_SEEN
    independent = max((hold.until_s - hold.since_s) / INDEPENDENT_S, 1.0)
    error = float(np.hypot(bias_deg, float(np.std(values)) / np.sqrt(independent)))
    if error > LARGEST_ERROR_DEG:
        return TOO_WIDE if bias_deg > LARGEST_ERROR_DEG else RESTLESS
    return Measured(abs(float(np.median(values))), error)
