"""From events and angles to holds with an error on every number. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kneeroll.events import Event, Fault, FaultSeen, HoldEnded, SessionEnded
from kneeroll.poses import ANGLES, BodyState, Floats, Side, View
from kneeroll.summaries import UNMEASURED, HoldSummary, Measured, SessionSummary

SHORTEST_HOLD_S = 3.0
"""A rest shorter than this is passing through, not a hold."""
LARGEST_ERROR_DEG = 15.0
INDEPENDENT_S = 2.0
"""Frames closer than this share their error; only every so many seconds is a new observation."""
MOVEMENT_S = 5.0
"""`rushed` and `not_centred` belong to the hold whose way there or back they spoil."""


def summarise(
    events: Sequence[Event],
    states: Sequence[BodyState],
    *,
    view: View | None,
    blockers: tuple[str, ...],
    engine: str,
    estimator: str,
) -> SessionSummary:
    """Holds with medians and standard errors; `blockers` become the reasons when nothing was measured."""
    measured = any(s.seen for s in states)
    ended = next((e.why for e in events if isinstance(e, SessionEnded)), None)
    found = [e for e in events if isinstance(e, HoldEnded) and e.until_s - e.since_s >= SHORTEST_HOLD_S]
    holds = tuple(_summarise_hold(e, states, _faults_of(e, events)) for e in found)
    reasons = () if measured else (blockers or ("no_person",))
    return SessionSummary(holds, view, reasons, ended, engine, estimator)


def _faults_of(hold: HoldEnded, events: Sequence[Event]) -> tuple[Fault, ...]:
    found = {e.fault for e in events if isinstance(e, FaultSeen) and _belongs(e, hold)}
    return tuple(f for f in Fault if f in found)


def _belongs(seen: FaultSeen, hold: HoldEnded) -> bool:
    of_the_way = seen.fault in (Fault.RUSHED, Fault.NOT_CENTRED)
    before_s, after_s = (MOVEMENT_S, MOVEMENT_S) if of_the_way else (0.0, 1.0)
    return hold.since_s - before_s <= seen.t_s <= hold.until_s + after_s


def _summarise_hold(hold: HoldEnded, states: Sequence[BodyState], faults: tuple[Fault, ...]) -> HoldSummary:
    inside = [s for s in states if hold.since_s <= s.t_s <= hold.until_s]
    seen = [s for s in inside if s.seen]
    enough = len(seen) >= max(1, len(inside) / 2)
    angles = dict.fromkeys(ANGLES, UNMEASURED)
    lift = UNMEASURED
    if enough:
        errors = np.median([s.errors for s in seen], axis=0)
        for i, name in enumerate(ANGLES):
            values = np.array([getattr(s, name) for s in seen])
            angles[name] = _measure(values, float(errors[i]), hold)
        heights = np.array([s.shoulder_lift_m for s in seen])
        lift = Measured(max(float(np.percentile(heights, 95)), 0.0), float(errors[len(ANGLES)]))
    return HoldSummary(
        side=Side(hold.side),
        start_s=hold.since_s,
        end_s=hold.until_s,
        in_posture_s=hold.in_posture_s,
        shoulder_lift_m=lift,
        faults=faults,
        **angles,
    )


def _measure(values: Floats, bias_deg: float, hold: HoldEnded) -> Measured:
    """The magnitude of the median; its error is the bias of the view and the wobble within the hold."""
    independent = max((hold.until_s - hold.since_s) / INDEPENDENT_S, 1.0)
    error = float(np.hypot(bias_deg, float(np.std(values)) / np.sqrt(independent)))
    return Measured(abs(float(np.median(values))), error) if error <= LARGEST_ERROR_DEG else UNMEASURED
