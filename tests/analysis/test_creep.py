"""Creep: how far an angle sinks in a hold, with an error that is true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from kneeroll.analysis.creep import TAU_S, measure_creep
from kneeroll.poses import Floats
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, Creep


@dataclass(frozen=True)
class Hold:
    """A hold whose creep is known."""

    t_s: Floats
    angle_deg: Floats
    length_s: float
    tau_s: float
    gain_deg: float

    def measure(self, view_error_deg: float = 0.0) -> Creep:
        return measure_creep(self.t_s, self.angle_deg, self.t_s[0], self.t_s[0] + self.length_s, view_error_deg)


def hold(seed: int, *, gain_deg: float | None = None, length_s: float | None = None, noise: float = 1.0) -> Hold:
    """8 to 30 frames a second, wander (AR(1)) of 0.2 to 1.5 degrees, breaths of up to 0.8 degrees, up to two gaps."""
    random = np.random.default_rng(seed)
    u = random.uniform
    fps, length_s = u(8, 30), u(8, 32) if length_s is None else length_s
    t = np.arange(0, length_s, 1 / fps)
    tau_s = float(np.exp(u(np.log(3), np.log(60))))
    gain_deg = u(-3, 6) if gain_deg is None else gain_deg
    law = -np.expm1(-t / tau_s) / -np.expm1(-length_s / tau_s)
    phi = np.exp(-1 / fps / u(0.05, 1.5))
    wander = lfilter([1], [1, -phi], random.normal(size=len(t) + 500) * np.sqrt(1 - phi**2))[500:] * u(0.2, 1.5)
    breath = u(0, 0.8) * np.sin(2 * np.pi * u(0.2, 0.3) * t + u(0, 7))
    angle = 50 + gain_deg * law + noise * (wander + breath)
    for _ in range(random.integers(0, 3)):
        gap_s = u(0, length_s)
        angle[(t > gap_s) & (t < gap_s + u(0, length_s / 8))] = np.nan
    return Hold(t + 7.0, angle, length_s, tau_s, gain_deg)


def offs(holds: list[Hold]) -> Floats:
    """How many standard errors each measured gain is off."""
    found = [(h, h.measure().gain_deg) for h in holds]
    return np.array([(g.value - h.gain_deg) / g.error for h, g in found if g.value is not None and g.error is not None])


@pytest.mark.parametrize("gain_deg", [-4.0, 4.0])
@pytest.mark.parametrize("tau_s", [3.0, 8.0, 40.0])
def test_what_sinks_without_noise_is_measured(tau_s: float, gain_deg: float) -> None:
    t = np.arange(0, 24, 0.1)
    creep = measure_creep(t, 50 + gain_deg * np.expm1(-t / tau_s) / np.expm1(-24 / tau_s), 0.0, 24.0, 0.5)
    assert creep.gain_deg.value == pytest.approx(gain_deg, abs=0.1)
    assert creep.is_clear
    if tau_s < 10:
        assert creep.settled_s.value == pytest.approx(np.log(5) * tau_s, rel=0.15)
    else:
        assert creep.settled_s == UNMEASURED  # the hold ended before


def test_the_ninety_percent_interval_holds_the_truth_as_often_as_it_says() -> None:
    z = np.abs(offs([hold(seed) for seed in range(200)]))
    assert len(z) > 190
    assert 0.80 <= np.mean(z <= 1.645) <= 0.99
    assert np.mean(z <= 2.6) >= 0.97


def test_the_error_is_not_larger_than_it_must_be() -> None:
    quiet = [hold(seed, length_s=24.0, noise=0.3).measure().gain_deg.error for seed in range(30)]
    assert np.median([e for e in quiet if e is not None]) < 0.5


def test_a_steady_hold_has_no_gain_and_no_seconds() -> None:
    steady = [hold(seed, gain_deg=0.0) for seed in range(60)]
    assert np.mean(np.abs(offs(steady)) <= 2.0) >= 0.9
    assert np.mean([h.measure().settled_s == UNMEASURED for h in steady]) >= 0.95


def test_the_seconds_are_within_their_error_where_they_are_given() -> None:
    found = [(h, h.measure().settled_s) for h in (hold(seed) for seed in range(200))]
    z = [(s.value - np.log(5) * h.tau_s) / s.error for h, s in found if s.value is not None and s.error is not None]
    assert len(z) >= 10
    assert np.mean(np.abs(z) <= 2.6) >= 0.95


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**20), st.floats(-20, 20), st.sampled_from([-1, 1]))
@example(56, 0.0, -1)
def test_only_the_change_counts_and_its_sign(seed: int, level: float, sign: int) -> None:
    one = hold(seed)
    other = Hold(one.t_s, sign * one.angle_deg + level, one.length_s, one.tau_s, sign * one.gain_deg)
    a, b = one.measure().gain_deg, other.measure().gain_deg
    if a.value is None:  # a gap may take the end of a hold
        assert other.measure() == UNMEASURED_CREEP
    else:
        assert (b.value, b.error) == (pytest.approx(sign * a.value, abs=1e-6), pytest.approx(a.error))


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**20), st.floats(-4, 8))
def test_the_truth_lies_within_the_error_in_nearly_all_holds(seed: int, gain_deg: float) -> None:
    assert np.mean(np.abs(offs([hold(seed + i, gain_deg=gain_deg) for i in range(30)])) <= 2.6) >= 0.85


def test_more_frames_of_the_same_seconds_do_not_make_the_error_much_smaller() -> None:
    t = np.arange(0, 20, 1 / 60)
    slow = 0.5 * np.sin(2 * np.pi * t / 7.3) + 0.3 * np.sin(2 * np.pi * t / 4.1)
    few, many = (measure_creep(t[::k], 50 + slow[::k], 0.0, 20.0, 0.0).gain_deg.error for k in (6, 1))
    assert few == pytest.approx(many, rel=0.3)


def test_the_arrival_in_the_first_second_does_not_count() -> None:
    t = np.arange(0, 20, 0.1)
    creep = measure_creep(t, 50 - 15 * np.clip(1 - t, 0, 1), 0.0, 20.0, 0.0)
    assert creep.gain_deg.value == pytest.approx(0.0, abs=0.01)


def test_the_error_of_the_view_does_not_cancel_altogether() -> None:
    one = hold(3, gain_deg=0.0)
    assert one.measure(10.0).gain_deg.error == pytest.approx(np.hypot(one.measure(0.0).gain_deg.error or 0.0, 3.0))


@pytest.mark.parametrize(("length_s", "measured"), [(7.9, False), (8.1, True)])
def test_a_short_hold_is_not_measurable(length_s: float, measured: bool) -> None:
    assert (hold(1, length_s=length_s).measure() != UNMEASURED_CREEP) is measured


@pytest.mark.parametrize(("seen", "measured"), [(0.4, False), (0.6, True)])
def test_a_hold_that_was_mostly_not_seen_is_not_measurable(seen: float, measured: bool) -> None:
    t = np.arange(0, 20, 0.1)
    angle = np.where(np.arange(len(t)) % 10 < 10 * seen, 50.0, np.nan)
    assert (measure_creep(t, angle, 0.0, 20.0, 1.0) != UNMEASURED_CREEP) is measured


@pytest.mark.parametrize(("until_s", "measured"), [(14.0, False), (17.0, True)])
def test_a_hold_whose_end_was_not_seen_is_not_measurable(until_s: float, measured: bool) -> None:
    t = np.arange(0, 20, 0.1)
    assert (measure_creep(t, np.where(t < until_s, 50.0, np.nan), 0.0, 20.0, 1.0) != UNMEASURED_CREEP) is measured


def test_nothing_seen_is_not_measurable() -> None:
    assert measure_creep(np.array([]), np.array([]), 0.0, 20.0, 1.0) == UNMEASURED_CREEP


def test_the_time_constants_span_what_is_promised() -> None:
    assert (TAU_S[0], TAU_S[-1]) == (pytest.approx(3.0), pytest.approx(60.0))
