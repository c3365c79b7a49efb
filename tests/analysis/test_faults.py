"""Spans of faults: from when to when, how much, and to which hold they belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kneeroll.analysis.faults import fault_spans
from kneeroll.events import EndReason, Event, Fault, FaultSeen, HoldEnded, HoldStarted
from kneeroll.faults import POSTURE, RULES
from kneeroll.poses import BodyState, Quality, Side

HOLD = HoldEnded(31.0, Side.LEFT, 10.0, 30.0, 19.5, EndReason.DONE)
KNOWN = HoldStarted(11.0, Side.LEFT, 10.0)
BAD = {
    Fault.SHOULDER_LIFTED: ({"thorax_roll_deg": 4.5 + 12.0}, 12.0),
    Fault.KNEES_PARTED: ({"knees_apart_deg": -31.0}, 31.0),
    Fault.FEET_SLID: ({"feet_moved_m": 0.15}, 15.0),
}


def frames(drop: Callable[[float], float] = lambda t_s: 50.0, until_s: float = 40.0) -> list[BodyState]:
    errors = (4.0, 5.0, 3.0, 6.0, 7.0, 0.02)
    times = [float(t) for t in np.arange(0.0, until_s, 0.1)]
    return [BodyState(t, drop(t), 0.6 * drop(t), 0.09 * drop(t), 0.0, 0.0, 0.0, errors, Quality.GOOD) for t in times]


def with_fault(fault: Fault, start_s: float, end_s: float) -> list[BodyState]:
    return [replace(s, **BAD[fault][0]) if start_s <= s.t_s <= end_s else s for s in frames()]


@pytest.mark.parametrize("fault", POSTURE)
def test_a_fault_has_its_times_and_its_size(fault: Fault) -> None:
    (span,) = fault_spans(HOLD, [KNOWN, HOLD], with_fault(fault, 15.0, 20.0))
    assert (span.fault, span.unit) == (fault, RULES[fault].unit)
    assert (span.start_s, span.end_s) == (pytest.approx(15.0, abs=0.11), pytest.approx(20.0, abs=0.11))
    assert span.size.value == pytest.approx(BAD[fault][1], abs=0.1)
    assert span.size.error is not None
    assert span.size.error >= 3.0


def test_a_clean_hold_has_none() -> None:
    assert fault_spans(HOLD, [KNOWN, HOLD], frames()) == ()


@pytest.mark.parametrize(("start_s", "end_s"), [(2.0, 9.0), (15.0, 15.5), (33.0, 39.0)])
def test_what_is_over_before_or_short_or_comes_after_is_none(start_s: float, end_s: float) -> None:
    assert fault_spans(HOLD, [KNOWN, HOLD], with_fault(Fault.KNEES_PARTED, start_s, end_s)) == ()


def test_the_same_fault_twice_is_two_spans() -> None:
    twice = [b if b.knees_apart_deg else a for a, b in zip(
        with_fault(Fault.KNEES_PARTED, 15.0, 17.0), with_fault(Fault.KNEES_PARTED, 22.0, 24.0), strict=True)]  # fmt: skip
    assert [round(s.start_s) for s in fault_spans(HOLD, [KNOWN, HOLD], twice)] == [15, 22]


def test_frames_not_seen_are_passed_over() -> None:
    states = [BodyState.unseen(s.t_s, Quality.JUMPED) if 16 < s.t_s < 17 else s for s in with_fault(Fault.FEET_SLID, 15.0, 20.0)]
    (span,) = fault_spans(HOLD, [KNOWN, HOLD], states)
    assert span.end_s == pytest.approx(20.0, abs=0.11)


# ---- the way there and back


def going_down(t_s: float) -> float:
    """80 degrees a second from 8.7 to 9.7 s."""
    return float(np.clip((t_s - 8.7) * 80.0, 0.0, 80.0))


@pytest.mark.parametrize(("t_s", "belongs"), [(4.0, False), (9.4, True), (34.0, True), (36.0, False)])
def test_haste_belongs_to_the_hold_it_leads_to_or_from(t_s: float, belongs: bool) -> None:
    spans = fault_spans(HOLD, [FaultSeen(t_s, Fault.RUSHED, Side.LEFT), KNOWN, HOLD], frames(going_down))
    assert bool(spans) is belongs


def test_haste_is_measured_in_degrees_a_second() -> None:
    (span,) = fault_spans(HOLD, [FaultSeen(9.4, Fault.RUSHED, Side.LEFT), KNOWN, HOLD], frames(going_down))
    assert (span.unit, span.size.value) == ("deg/s", pytest.approx(80.0, abs=1.0))
    assert span.end_s == pytest.approx(9.7, abs=0.2)


def slowly_down(t_s: float) -> float:
    """Seven degrees a second from 2 to 9 s, where the plan allows five."""
    return float(np.clip((t_s - 2.0) * 7.0, 0.0, 49.0))


@pytest.mark.parametrize(("limit", "spans"), [(5.0, [(7.0, 9.2)]), (None, [])])
def test_haste_by_a_plan_is_measured_by_the_plan_and_found_on_its_longer_way(limit: float | None, spans: list) -> None:
    found = fault_spans(HOLD, [FaultSeen(3.0, Fault.RUSHED, Side.LEFT, limit), KNOWN, HOLD], frames(slowly_down))
    sizes = [(span.size.value, span.end_s) for span in found]
    assert sizes == [(pytest.approx(speed, abs=0.1), pytest.approx(end_s, abs=0.5)) for speed, end_s in spans]


def test_a_missed_middle_leads_from_one_hold_to_the_next() -> None:
    first = HoldEnded(6.0, Side.LEFT, 1.0, 5.0, 4.0, EndReason.KNEES_LEFT)
    events: list[Event] = [HoldStarted(2.0, Side.LEFT, 1.0), first, KNOWN, FaultSeen(11.0, Fault.NOT_CENTRED, Side.LEFT), HOLD]
    states = frames(lambda t_s: 50.0 if not 6 < t_s < 9 else 24.0)
    (span,) = fault_spans(HOLD, events, states)
    assert (span.start_s, span.end_s, span.size.value) == (5.0, 10.0, pytest.approx(24.0))
    assert fault_spans(first, events, states) == ()


def test_knees_that_do_not_come_back_when_asked_belong_to_the_hold_that_was_done() -> None:
    events: list[Event] = [KNOWN, HOLD, FaultSeen(38.5, Fault.NOT_CENTRED, Side.LEFT)]
    (span,) = fault_spans(HOLD, events, frames(lambda t_s: 50.0 if t_s < 31 else 20.0))
    assert (span.start_s, span.end_s, span.size.value) == (30.5, 38.5, pytest.approx(20.0))
