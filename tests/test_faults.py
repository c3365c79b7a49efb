"""Faults: what is one, how long it must last, and when it is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.events import Fault
from kneeroll.faults import (
    BASELINE_S,
    CLEAN_THORAX_SHARE,
    LARGEST_BIAS,
    POSTURE,
    RULES,
    Watch,
    follow_faults,
    knee_speed_deg_s,
)
from kneeroll.poses import BodyState, Quality

DROP_DEG, ERROR_DEG = 45.0, 2.0


def body(
    t_s: float = 0.0, lift_deg: float = 0.0, apart_deg: float = 0.0, feet_m: float = 0.0, drop_deg: float = DROP_DEG
) -> BodyState:
    """A body whose thorax rolls `lift_deg` toward the knees beyond what the knee drop brings."""
    thorax_deg = CLEAN_THORAX_SHARE * drop_deg + np.sign(drop_deg) * lift_deg
    return BodyState(t_s, drop_deg, 30.0, thorax_deg, 0.0, apart_deg, feet_m, (ERROR_DEG,) * 6, Quality.GOOD)


BAD = {Fault.SHOULDER_LIFTED: ("lift_deg", 1.0), Fault.KNEES_PARTED: ("apart_deg", 1.0), Fault.FEET_SLID: ("feet_m", 0.01)}


def bad(fault: Fault, size: float, t_s: float = 0.0) -> BodyState:
    """A body with a fault of this size, in the unit of its rule."""
    name, factor = BAD[fault]
    return body(t_s, **{name: factor * size})


def after(*stretches: tuple[float, Callable[[float], BodyState]], fps: int = 10) -> Watch:
    """The watch after stretches of (seconds, the body at a time)."""
    watch, frame = Watch(), 0
    for seconds, show in stretches:
        for _ in range(round(seconds * fps)):
            watch = follow_faults(watch, show(frame / fps))
            frame += 1
    return watch


def good(t_s: float) -> BodyState:
    return body(t_s)


def of(fault: Fault, size: float) -> Callable[[float], BodyState]:
    return lambda t_s: bad(fault, size, t_s)


def test_every_fault_has_a_rule_that_says_why() -> None:
    assert set(RULES) == set(Fault)
    assert set(POSTURE) == set(BAD)
    for rule in RULES.values():
        assert rule.mended <= rule.limit
        assert rule.why


def test_a_good_posture_has_no_fault() -> None:
    assert after((10, good)).since == ()


@pytest.mark.parametrize("fault", POSTURE)
def test_a_fault_begins_at_its_limit(fault: Fault) -> None:
    limit = RULES[fault].limit
    assert after((3, good), (1, of(fault, 1.02 * limit))).standing == (fault,)
    assert after((3, good), (1, of(fault, 0.98 * limit))).standing == ()


@pytest.mark.parametrize("fault", POSTURE)
def test_a_fault_that_stands_is_mended_only_well_below_its_limit(fault: Fault) -> None:
    rule = RULES[fault]
    stands = ((3, good), (1, of(fault, 1.1 * rule.limit)))
    assert after(*stands, (1, of(fault, 1.02 * rule.mended))).standing == (fault,)
    assert after(*stands, (1, of(fault, 0.98 * rule.mended))).standing == ()


@pytest.mark.parametrize("fault", POSTURE)
def test_a_fault_must_last_before_it_stands(fault: Fault) -> None:
    size = 2 * RULES[fault].limit
    assert after((3, good), (0.7, of(fault, size))).standing == ()
    assert after((3, good), (0.8, of(fault, size))).standing == (fault,)


def test_a_fault_that_was_gone_begins_anew() -> None:
    watch = after((3, good), (0.5, of(Fault.KNEES_PARTED, 40)), (0.2, good), (0.5, of(Fault.KNEES_PARTED, 40)))
    assert watch.since == ((Fault.KNEES_PARTED, pytest.approx(3.7)),)
    assert watch.standing == ()


def test_a_deep_stretch_with_both_shoulders_down_is_no_lift() -> None:
    assert after((3, good), (5, lambda t_s: body(t_s, drop_deg=88.0))).since == ()


def test_the_view_s_own_bias_is_no_lift() -> None:
    assert after((10, of(Fault.SHOULDER_LIFTED, LARGEST_BIAS * ERROR_DEG - 0.1))).since == ()
    assert after((10, of(Fault.SHOULDER_LIFTED, -10.0))).since == ()


def test_a_slow_drift_of_the_view_is_no_lift() -> None:
    assert after((24, lambda t_s: body(t_s, lift_deg=-8.0 + 9.0 * t_s / 24.0))).since == ()


def test_a_shoulder_that_is_up_from_the_beginning_is_a_lift() -> None:
    assert after((1, of(Fault.SHOULDER_LIFTED, 8.5))).standing == (Fault.SHOULDER_LIFTED,)


def test_a_shoulder_that_stays_up_stays_a_lift() -> None:
    assert after((3, good), (5 * BASELINE_S, of(Fault.SHOULDER_LIFTED, 5.0))).standing == (Fault.SHOULDER_LIFTED,)


def test_a_shoulder_that_has_come_down_by_half_is_mended_and_what_is_left_is_the_hold_s_own() -> None:
    up, half, low = (of(Fault.SHOULDER_LIFTED, deg) for deg in (10.0, 5.3, 4.5))
    assert after((3, good), (10, up), (1, half)).standing == (Fault.SHOULDER_LIFTED,)
    assert after((3, good), (3, up), (0.1, low)).standing == ()
    assert after((3, good), (3, up), (10, low)).since == ()
    assert after((3, good), (3, up), (3, low), (1, up)).standing == (Fault.SHOULDER_LIFTED,)
    assert after((3, good), (0.5, up), (1, low)).standing == (Fault.SHOULDER_LIFTED,)  # nothing stood before


def test_a_thorax_that_rolls_away_from_the_knees_is_no_lift_of_the_far_shoulder() -> None:
    assert after((3, good), (2, of(Fault.SHOULDER_LIFTED, -12.0))).since == ()


@settings(deadline=None, max_examples=40)
@given(st.floats(15, 88), st.floats(-6, 4), st.sampled_from([8, 12, 30]), st.integers(0, 2**16), st.sampled_from([-1, 1]))
def test_lifts_are_found_and_none_is_invented_whatever_the_bias(deg: float, bias: float, fps: int, seed: int, sign: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.6, 40 * fps)

    def show(lift_deg: float) -> Callable[[float], BodyState]:
        return lambda t_s: body(t_s, lift_deg + bias + noise[round(t_s * fps)], drop_deg=sign * deg)

    assert after((20, show(0.0)), fps=fps).standing == ()
    assert after((8, show(0.0)), (3, show(9.0)), fps=fps).standing == (Fault.SHOULDER_LIFTED,)


def test_what_is_not_seen_changes_nothing() -> None:
    watch = after((3, good), (1, of(Fault.FEET_SLID, 20)))
    assert follow_faults(watch, BodyState.unseen(5.0, Quality.JUMPED)) == watch
    assert follow_faults(Watch(), replace(body(), thorax_roll_deg=nan, knees_apart_deg=nan, feet_moved_m=nan)) == Watch()


def test_several_faults_are_seen_together() -> None:
    assert after((3, good), (1, lambda t: body(t, lift_deg=20, apart_deg=40, feet_m=0.3))).standing == POSTURE


@pytest.mark.parametrize("sign", [1, -1])
def test_a_fault_is_the_same_to_both_sides(sign: int) -> None:
    seen = after((3, lambda t: body(t, drop_deg=sign * 45.0)), (1, lambda t: body(t, 9.0, sign * 40.0, drop_deg=sign * 45.0)))
    assert seen.standing == (Fault.SHOULDER_LIFTED, Fault.KNEES_PARTED)


def knees(speed_deg_s: float, seconds: float = 1.0, fps: int = 10) -> list[tuple[float, float]]:
    return [(i / fps, speed_deg_s * i / fps) for i in range(round(seconds * fps) + 1)]


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("speed_deg_s", [-66.0, -20.0, 0.0, 55.0, 66.0])
def test_the_speed_of_the_knees_is_measured(fps: int, speed_deg_s: float) -> None:
    assert knee_speed_deg_s(knees(speed_deg_s, fps=fps)) == pytest.approx(abs(speed_deg_s))


@pytest.mark.parametrize("samples", [[], [(0.0, 0.0)], [(0.0, 0.0), (0.4, 40.0)], [(0.0, 0.0), (0.1, 10.0), (0.2, 20.0)]])
def test_too_few_or_too_short_a_look_has_no_speed(samples: list[tuple[float, float]]) -> None:
    assert knee_speed_deg_s(samples) == 0.0


def test_from_a_few_samples_of_a_slow_machine_no_speed_is_told() -> None:
    assert knee_speed_deg_s(knees(66.0, fps=4)) == 0.0


def test_a_jump_across_a_gap_has_no_speed() -> None:
    assert knee_speed_deg_s([*knees(0.0), (3.0, 60.0), (3.1, 60.0)]) == 0.0


def test_frames_of_the_same_time_do_not_matter() -> None:
    assert knee_speed_deg_s([(0.0, 0.0), *[(0.9, 45.0)] * 9, (1.0, 50.0)]) == pytest.approx(50.0)


def test_one_wild_frame_has_no_speed() -> None:
    still = knees(0.0)
    assert knee_speed_deg_s([*still[:-1], (still[-1][0], 40.0)]) == 0.0


def test_only_the_last_second_counts() -> None:
    rest = [(0.5 + i / 10, 50.0) for i in range(1, 12)]
    assert knee_speed_deg_s(knees(100.0, seconds=0.5) + rest) == 0.0
