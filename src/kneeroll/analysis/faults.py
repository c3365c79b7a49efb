"""From when to when something was not as it should be, and by how much: the coach's own rule over the frames of a hold. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kneeroll.events import Event, Fault, FaultSeen, HoldEnded, HoldStarted, movement_at
from kneeroll.faults import RULES, SPEED_WINDOW_S, Watch, follow_faults, knee_speed_deg_s, measure
from kneeroll.poses import BodyState
from kneeroll.summaries import UNMEASURED, FaultSpan, Measured

MOVEMENT_S = 5.0
"""The way to a hold and back: haste within these seconds belongs to it."""
WHOLE_WAY_DEG = 90.0
"""The longest way there is: whoever is faster than a plan's slow limit does it in less time than at the limit."""
FEET_ERROR_CM = 3.0
"""How well the network places an ankle on the floor (the fit's prior)."""


def fault_spans(hold: HoldEnded, events: Sequence[Event], states: Sequence[BodyState]) -> tuple[FaultSpan, ...]:
    """What was not as it should be in this hold, of what counts in its movement; in order of `Fault`, then of time."""
    movement = movement_at(events, hold.t_s)
    counts = tuple(Fault) if movement is None else movement.faults
    spans = [*_of_posture(hold, events, states), *_of_the_way(hold, events, states)]
    spans = [span for span in spans if span.fault in counts]
    return tuple(sorted(spans, key=lambda span: (list(Fault).index(span.fault), span.start_s)))


def known_s(hold: HoldEnded, events: Sequence[Event]) -> float:
    """When the coach knew of the hold; it watches from then on."""
    return next((e.t_s for e in events if isinstance(e, HoldStarted) and e.since_s == hold.since_s), hold.since_s)


def _of_posture(hold: HoldEnded, events: Sequence[Event], states: Sequence[BodyState]) -> list[FaultSpan]:
    from_s = known_s(hold, events)
    watch = Watch()
    open_spans: dict[Fault, list[tuple[BodyState, float]]] = {}
    done: list[FaultSpan] = []
    for body in (s for s in states if s.seen and from_s < s.t_s < hold.t_s):
        watch = follow_faults(watch, body)
        values, since = measure(watch, body), dict(watch.since)
        for fault in values:
            if fault in since:
                open_spans.setdefault(fault, []).append((body, values[fault]))
            elif frames := open_spans.pop(fault, None):
                done += _span(fault, frames)
    for fault, frames in open_spans.items():
        done += _span(fault, frames)
    return done


def _span(fault: Fault, frames: list[tuple[BodyState, float]]) -> list[FaultSpan]:
    """One span, or none where it did not last."""
    start_s, end_s = frames[0][0].t_s, frames[-1][0].t_s
    rule = RULES[fault]
    if end_s - start_s < rule.lasts_s:
        return []
    value = float(np.percentile([v for _, v in frames], 95))
    drop_error, roll_error = (
        float(np.median([body.error(name) for body, _ in frames])) for name in ("knee_drop_deg", "thorax_roll_deg")
    )
    error = {
        Fault.SHOULDER_LIFTED: float(np.hypot(roll_error, value)),  # a lift reads as a third to a whole of what it is
        Fault.KNEES_PARTED: 2 * drop_error,  # a difference of two thighs, where the knee drop is their mean
        Fault.FEET_SLID: FEET_ERROR_CM,
    }[fault]
    return [FaultSpan(fault, start_s, end_s, Measured(value, error), rule.unit)]


def _of_the_way(hold: HoldEnded, events: Sequence[Event], states: Sequence[BodyState]) -> list[FaultSpan]:
    """Haste and a missed middle: the coach says when (it knows the phases), the frames say how much."""
    started = [e for e in events if isinstance(e, HoldStarted)]
    spans: list[FaultSpan] = []
    for seen in (e for e in events if isinstance(e, FaultSeen)):
        if seen.fault is Fault.RUSHED and hold.since_s - _way_s(seen) <= seen.t_s <= hold.until_s + _way_s(seen):
            spans.append(_haste(seen, states))
        elif seen.fault is Fault.NOT_CENTRED and [s.since_s for s in started if s.t_s <= seen.t_s][-1:] == [hold.since_s]:
            spans.append(_missed_middle(seen, hold, events, states))
    return spans


def _way_s(seen: FaultSeen) -> float:
    return MOVEMENT_S if seen.limit is None else max(MOVEMENT_S, WHOLE_WAY_DEG / seen.limit)


def _haste(seen: FaultSeen, states: Sequence[BodyState]) -> FaultSpan:
    """From the moment it was seen until the knees are slow again; the fastest of it. Its error is the knee drop's, as a share."""
    rule = RULES[Fault.RUSHED]
    limit = rule.limit if seen.limit is None else seen.limit
    near = [s for s in states if s.seen and seen.t_s - SPEED_WINDOW_S <= s.t_s <= seen.t_s + _way_s(seen)]
    samples = [(s.t_s, s.knee_drop_deg) for s in near]
    size, end_s = limit, seen.t_s
    for i, (t_s, _) in enumerate(samples):
        speed = knee_speed_deg_s(samples[: i + 1])
        if t_s < seen.t_s:
            continue
        if speed < limit * rule.mended / rule.limit:
            break
        size, end_s = max(size, speed), t_s
    deepest = max(near, key=lambda s: abs(s.knee_drop_deg), default=None)
    share = 0.0 if deepest is None else deepest.error("knee_drop_deg") / max(abs(deepest.knee_drop_deg), 1.0)
    end_s -= SPEED_WINDOW_S / 2  # the window looks back: the knees were slow by its middle
    return FaultSpan(Fault.RUSHED, seen.t_s - SPEED_WINDOW_S, end_s, Measured(size, share * size), rule.unit)


def _missed_middle(seen: FaultSeen, hold: HoldEnded, events: Sequence[Event], states: Sequence[BodyState]) -> FaultSpan:
    """From the hold before to this one, or from when the knees were asked back; the nearest that they came to the middle."""
    rule = RULES[Fault.NOT_CENTRED]
    if seen.t_s == known_s(hold, events):
        before = max((e.until_s for e in events if isinstance(e, HoldEnded) and e.until_s <= hold.since_s), default=hold.since_s)
        start_s, end_s = before, hold.since_s
    else:
        start_s, end_s = seen.t_s - rule.lasts_s, seen.t_s
    on_the_way = [s for s in states if s.seen and start_s <= s.t_s <= end_s]
    nearest = min(on_the_way, key=lambda s: abs(s.knee_drop_deg), default=None)
    size = UNMEASURED if nearest is None else Measured(abs(nearest.knee_drop_deg), nearest.error("knee_drop_deg"))
    return FaultSpan(Fault.NOT_CENTRED, start_s, end_s, size, rule.unit)
