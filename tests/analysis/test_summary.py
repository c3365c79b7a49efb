"""From events and angles to holds: medians, errors, faults, and the courage to say "not measurable"."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.analysis import summarise
from kneeroll.events import EndReason, Event, HoldEnded, HoldStarted, SessionEnded
from kneeroll.poses import ANGLES, BodyState, Quality, Side, View
from kneeroll.summaries import NOT_SEEN, RESTLESS, TOO_WIDE, UNMEASURED, HoldSummary, Measured, SessionSummary

ERRORS = (4.0, 5.0, 3.0, 6.0, 7.0, 0.02)
HOLD = HoldEnded(31.0, Side.LEFT, 10.0, 30.0, 19.5, EndReason.DONE)


def body(t_s: float, drop_deg: float = 50.0, errors: tuple[float, ...] = ERRORS, lift_m: float = 0.01) -> BodyState:
    return BodyState(t_s, drop_deg, 0.6 * drop_deg, 0.1 * drop_deg, lift_m, 0.0, 0.0, errors, Quality.GOOD)


def still(deg: float = 50.0, start_s: float = 10.0, end_s: float = 30.0, errors: tuple[float, ...] = ERRORS) -> list[BodyState]:
    return [body(float(t), deg, errors) for t in np.arange(start_s, end_s + 0.05, 0.1)]


def summary(events: list[Event], states: list[BodyState], blockers: tuple[str, ...] = ()) -> SessionSummary:
    return summarise(events, states, view=View.SIDE, blockers=blockers, engine="engine", estimator="estimator")


def one(states: list[BodyState], *events: Event, hold: HoldEnded = HOLD) -> HoldSummary:
    (found,) = summary([hold, *events], states).holds
    return found


# ---- numbers


def test_a_still_hold_has_its_angles_and_the_error_of_the_view() -> None:
    hold = one(still())
    assert hold.knee_drop_deg == Measured(pytest.approx(50.0), pytest.approx(4.0))
    assert hold.pelvis_roll_deg == Measured(pytest.approx(30.0), pytest.approx(5.0))
    assert hold.thorax_roll_deg == Measured(pytest.approx(5.0), pytest.approx(3.0))
    assert hold.trunk_twist_deg == Measured(pytest.approx(25.0), pytest.approx(6.0))
    assert hold.hip_swing_deg == Measured(pytest.approx(20.0), pytest.approx(7.0))
    assert hold.shoulder_lift_m == Measured(pytest.approx(0.01), pytest.approx(0.02))


def test_a_hold_keeps_its_side_and_times() -> None:
    hold = one(still())
    assert (hold.side, hold.start_s, hold.end_s, hold.in_posture_s) == (Side.LEFT, 10.0, 30.0, 19.5)


def test_a_hold_to_the_right_has_the_same_magnitudes() -> None:
    left, right = one(still(50.0)), one(still(-50.0), hold=replace(HOLD, side=Side.RIGHT))
    assert right.side is Side.RIGHT
    assert all(getattr(left, name) == getattr(right, name) for name in ANGLES)


def test_an_angle_is_the_median_and_not_moved_by_a_few_wild_frames() -> None:
    states = still()
    states[:20] = [body(s.t_s, 5.0) for s in states[:20]]
    assert one(states).knee_drop_deg.value == pytest.approx(50.0)


def test_wobble_within_the_hold_adds_to_the_error() -> None:
    states = [replace(s, knee_drop_deg=s.knee_drop_deg + (10 if i % 2 else -10)) for i, s in enumerate(still())]
    error = one(states).knee_drop_deg.error
    assert error == pytest.approx(hypot(4.0, 10 / np.sqrt(20 / 2.0)), rel=0.01)


def test_more_frames_of_the_same_seconds_do_not_make_the_error_smaller() -> None:
    few = [body(float(t), 50 + 10 * np.sin(t)) for t in np.arange(10, 30, 0.5)]
    many = [body(float(t), 50 + 10 * np.sin(t)) for t in np.arange(10, 30, 0.02)]
    assert one(few).knee_drop_deg.error == pytest.approx(one(many).knee_drop_deg.error, rel=0.05)


def test_only_frames_of_the_hold_count() -> None:
    states = [*still(0.0, 0.0, 9.9), *still(), *still(0.0, 30.1, 60.0)]
    assert one(states).knee_drop_deg == one(still()).knee_drop_deg


def test_the_lift_of_the_shoulder_is_near_its_highest_and_never_below_the_start() -> None:
    high = [replace(s, shoulder_lift_m=0.1 if i % 5 == 0 else 0.0) for i, s in enumerate(still())]
    low = [replace(s, shoulder_lift_m=-0.03) for s in still()]
    assert one(high).shoulder_lift_m.value == pytest.approx(0.1)
    assert one(low).shoulder_lift_m.value == 0.0


@settings(deadline=None, max_examples=25)
@given(st.floats(16, 70), st.floats(0, 8), st.integers(0, 2**16))
def test_the_truth_lies_within_three_errors(deg: float, bias_deg: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 2, 201)
    states = [replace(s, knee_drop_deg=deg + bias_deg + n) for s, n in zip(still(errors=(8.0,) * 6), noise, strict=True)]
    measured = one(states).knee_drop_deg
    assert measured.value is not None
    assert measured.error is not None
    assert abs(measured.value - deg) <= 3 * measured.error


# ---- not measurable


def test_a_hold_that_was_mostly_not_seen_is_not_measurable() -> None:
    states = [s if i % 3 == 0 else BodyState.unseen(s.t_s, Quality.JUMPED) for i, s in enumerate(still())]
    hold = one(states)
    assert {getattr(hold, name) for name in (*ANGLES, "shoulder_lift_m")} == {UNMEASURED}
    assert hold.knee_drop_deg.why == NOT_SEEN.why
    assert hold.in_posture_s == 19.5


def test_a_hold_that_was_mostly_seen_is_measured_from_what_was() -> None:
    states = [s if i % 3 else BodyState.unseen(s.t_s, Quality.JUMPED) for i, s in enumerate(still())]
    assert one(states).knee_drop_deg == Measured(pytest.approx(50.0), pytest.approx(4.0))


def test_a_raised_arm_hides_the_thorax_and_nothing_else() -> None:
    arm_up = [replace(state, thorax_roll_deg=np.nan, shoulder_lift_m=np.nan) for state in still()]
    a_while, throughout = one(still()[:150] + arm_up[150:]), one(arm_up)
    assert a_while.thorax_roll_deg == Measured(pytest.approx(5.0), pytest.approx(3.0))
    assert a_while.shoulder_lift_m == Measured(pytest.approx(0.01), pytest.approx(0.02))
    assert throughout.thorax_roll_deg == throughout.trunk_twist_deg == throughout.shoulder_lift_m == NOT_SEEN
    assert throughout.knee_drop_deg == one(still()).knee_drop_deg


def test_a_hold_without_a_frame_is_not_measurable() -> None:
    assert one(still(50.0, 40.0, 50.0)).knee_drop_deg == UNMEASURED


@pytest.mark.parametrize(("error_deg", "measurable"), [(14.9, True), (15.1, False)])
def test_an_angle_with_too_large_an_error_is_not_given(error_deg: float, measurable: bool) -> None:
    hold = one(still(errors=(4.0, error_deg, 3.0, 6.0, 7.0, 0.02)))
    assert (hold.pelvis_roll_deg != UNMEASURED) is measurable
    assert hold.pelvis_roll_deg.why == ("" if measurable else TOO_WIDE.why)
    assert hold.knee_drop_deg != UNMEASURED


def test_a_hold_without_rest_is_not_given_an_angle() -> None:
    states = [body(s.t_s, 80.0 if i % 2 else -20.0) for i, s in enumerate(still())]
    assert one(states).knee_drop_deg.why == RESTLESS.why


# ---- creep


def test_a_hold_says_how_far_it_sank_to_its_own_side() -> None:
    states = [body(s.t_s, -(50 + 6 * (1 - np.exp(-(s.t_s - 10) / 5)))) for s in still(errors=(1.5,) * 6)]
    states = [replace(s, errors=(1.5,) * 6) for s in states]
    hold = one(states, hold=replace(HOLD, side=Side.RIGHT))
    assert hold.knee_drop_creep.gain_deg.value == pytest.approx(6 * (1 - np.exp(-4)), abs=0.2)
    assert hold.knee_drop_creep.settled_s.value == pytest.approx(1.61 * 5, abs=1.5)
    assert hold.trunk_twist_creep.gain_deg.value == pytest.approx(3, abs=0.2)


def test_a_shoulder_that_lifts_is_no_creep_of_the_trunk() -> None:
    lifted = [replace(s, thorax_roll_deg=25.0) if 18 < s.t_s < 22 else s for s in still(errors=(1.5,) * 6)]
    creep = one(lifted).trunk_twist_creep.gain_deg
    assert creep.value == pytest.approx(0.0, abs=0.1)
    assert creep.error is not None
    assert creep.error < 1.0


def test_each_hold_has_its_own_angles() -> None:
    later = replace(HOLD, t_s=81.0, side=Side.RIGHT, since_s=60.0, until_s=80.0)
    first, second = summary([HOLD, later], [*still(), *still(-40.0, 60.0, 80.0)]).holds
    assert (first.knee_drop_deg.value, second.knee_drop_deg.value) == (pytest.approx(50.0), pytest.approx(40.0))


# ---- the whole


@pytest.mark.parametrize(("until_s", "holds"), [(12.9, 0), (13.1, 1)])
def test_a_rest_below_three_seconds_is_not_a_hold(until_s: float, holds: int) -> None:
    assert len(summary([replace(HOLD, until_s=until_s)], still()).holds) == holds


def test_a_hold_that_only_started_is_not_one() -> None:
    assert summary([HoldStarted(11.0, Side.LEFT, 10.0)], still()).holds == ()


def test_a_session_says_how_it_ended_and_who_measured() -> None:
    found = summary([SessionEnded(40.0, EndReason.PAIN)], still())
    assert (found.ended, found.view, found.engine, found.estimator) == (EndReason.PAIN, View.SIDE, "engine", "estimator")
    assert summary([], still()).ended is None


def test_what_stood_in_the_way_is_the_reason_only_when_nothing_was_measured() -> None:
    unseen = [BodyState.unseen(s.t_s, Quality.NO_PERSON) for s in still()]
    assert summary([], still(), ("feet_out_of_frame",)).reasons == ()
    assert summary([], unseen, ("feet_out_of_frame",)).reasons == ("feet_out_of_frame",)
    assert summary([], unseen).reasons == ("no_person",)
    assert summary([], []).reasons == ("no_person",)
