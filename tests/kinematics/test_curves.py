"""Curves, filters and tops: as SciPy's, which the product does without."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.interpolate import Akima1DInterpolator
from scipy.signal import butter, find_peaks, sosfiltfilt

from kneeroll.kinematics.curves import between, passed, tops

RATE_HZ = 10.0
T_S = np.arange(0, 24, 1 / RATE_HZ)
VALUES = st.floats(-100, 100, width=32)


@given(values=arrays(float, st.integers(3, 30), elements=VALUES), steps=st.integers(1, 12))
def test_a_curve_goes_as_akima_says(values, steps):
    places = np.arange(len(values))
    with np.errstate(all="ignore"):
        theirs = Akima1DInterpolator(places, values)(np.arange((len(values) - 1) * steps + 1) / steps)
    np.testing.assert_allclose(between(values, steps), theirs, atol=1e-6 * max(np.abs(values).max(), 1e-9))


def test_a_jump_does_not_ring():
    curve = between(np.array([0.0, 0, 0, 0, 10, 10, 10, 10]), 10)
    assert curve.min() == pytest.approx(0)
    assert curve.max() == pytest.approx(10)


@pytest.mark.parametrize(("hz", "left"), [(0.02, 0.0), (0.25, 1.0), (2.0, 0.0)])
def test_a_band_lets_breaths_through_where_they_are(hz, left):
    wave = np.cos(2 * np.pi * hz * T_S)
    assert passed(wave, RATE_HZ, 0.6, 0.1)[20:-20] == pytest.approx(left * wave[20:-20], abs=0.05)


def test_it_weakens_as_butterworths_filter_does_that_runs_forth_and_back():
    ways = np.random.default_rng(0).normal(size=(len(T_S), 4)).cumsum(axis=0)
    for band, theirs in (((0.6, 0.1), butter(2, (0.1, 0.6), "bandpass", fs=RATE_HZ, output="sos")),
                         ((0.6,), butter(2, 0.6, "lowpass", fs=RATE_HZ, output="sos"))):  # fmt: skip
        forth_and_back = sosfiltfilt(theirs, ways, axis=0, padtype="even", padlen=100)
        inside = slice(20, -20)
        assert np.abs(passed(ways, RATE_HZ, *band) - forth_and_back)[inside].max() < 0.05 * forth_and_back.std()


def test_it_filters_each_column_for_itself():
    ways = np.random.default_rng(1).normal(size=(50, 3))
    np.testing.assert_allclose(passed(ways, RATE_HZ, 0.6, 0.1)[:, 1], passed(ways[:, 1], RATE_HZ, 0.6, 0.1), atol=1e-12)


@given(steps=arrays(float, st.integers(0, 80), elements=VALUES, unique=True), least=st.integers(1, 150).map(lambda n: n + 0.123))
def test_tops_stand_out_as_scipy_counts_it(steps, least):
    wave = steps.cumsum() + 1e-7 * np.arange(len(steps)) ** 2
    assert tops(wave, least).tolist() == find_peaks(wave, prominence=least)[0].tolist()


def test_two_tops_as_high_with_no_valley_between_them_are_one():
    assert tops(np.array([0.0, 3, 2, 3, 0]), 2.0).tolist() == [1]


@pytest.mark.parametrize("wave", [[], [1.0], [1.0, 1.0, 1.0], [0.0, 1.0, 2.0], [2.0, 1.0, 0.0]])
def test_what_only_rises_or_falls_has_no_top(wave):
    assert tops(np.array(wave), 0.5).tolist() == []
