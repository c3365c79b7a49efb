"""Levels of blocks: the textbook's answer where there is one, and honest about days that hang together."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from bench.outcomes import wander
from kneeroll.outcomes.change import CORRELATIONS, SIZES, levels, whitened

DAYS = np.concatenate([np.arange(28.0), np.arange(56.0, 84.0)])
LATE = np.repeat([0.0, 2.0], 28)
NONE = np.empty((56, 0))


def noise(correlation: float = 0.0, sd: float = 4.0, seed: int = 1) -> np.ndarray:
    return wander(np.random.default_rng(seed), 84, correlation, sd)[DAYS.astype(int)]


def test_independent_days_give_nearly_the_textbook_t_test() -> None:
    value = noise() + 3 * (LATE > 0)
    early, late = value[:28], value[28:]
    found = levels(DAYS, value, np.full(56, 0.5), LATE, NONE)
    assert found.first == pytest.approx(early.mean(), abs=0.2)
    assert found.change == pytest.approx(late.mean() - early.mean(), abs=0.3)
    textbook = sqrt(early.var(ddof=1) / 28 + late.var(ddof=1) / 28)
    assert textbook < found.change_error < 1.6 * textbook


def test_a_stated_error_that_is_all_there_is_gives_the_weighted_means() -> None:
    error = np.where(np.arange(56) % 2 == 0, 1.0, 3.0)
    value = 50 + error * np.tile([1.0, 1.0, -1.0, -1.0], 14) * 0.3 + 5 * (LATE > 0)
    found = levels(DAYS, value, error, LATE, NONE)
    assert found.change == pytest.approx(5.0, abs=0.05)
    assert found.change_error == pytest.approx(sqrt(2 / (14 / 1 + 14 / 9)), rel=0.1)


def test_days_that_hang_together_tell_less_than_the_same_days_shuffled() -> None:
    value = noise(0.7)
    shuffled = np.concatenate([np.random.default_rng(2).permutation(half) for half in (value[:28], value[28:])])
    errors = [levels(DAYS, v, np.full(56, 1.0), LATE, NONE).change_error for v in (value, shuffled)]
    assert errors[0] > 1.3 * errors[1]


@pytest.mark.parametrize("scale", [-1.0, 0.1, 7.0])
def test_other_units_and_the_mirror_give_the_same_answer(scale) -> None:
    value, error = noise(0.3) + 2 * (LATE > 0), np.full(56, 1.0)
    found, other = levels(DAYS, value, error, LATE, NONE), levels(DAYS, 11 + scale * value, abs(scale) * error, LATE, NONE)
    assert other.change == pytest.approx(scale * found.change, rel=1e-6)
    assert other.change_error == pytest.approx(abs(scale) * found.change_error, rel=1e-6)
    assert other.odds == pytest.approx(found.odds if scale > 0 else 1 - found.odds, abs=1e-6)


def test_a_time_of_the_day_that_shifts_the_value_is_taken_out() -> None:
    evening = (np.arange(56) % 3 == 0) | ((LATE > 0) & (np.arange(56) % 2 == 0))
    value = noise(sd=1.0) + 8.0 * evening
    plain = levels(DAYS, value, np.full(56, 0.5), LATE, NONE)
    corrected = levels(DAYS, value, np.full(56, 0.5), LATE, evening[:, None].astype(float))
    assert plain.change > 2
    assert corrected.change == pytest.approx(0, abs=1.0)
    assert corrected.change_error < plain.change_error


@pytest.mark.parametrize(
    ("n", "shifts"),
    [(56, (LATE > 0)[:, None]), (56, np.zeros((56, 1))), (2, NONE)],
    ids=["moved with the block", "never", "two readings"],
)
def test_what_cannot_be_told_apart_has_no_answer(n, shifts) -> None:
    assert levels(DAYS[:n], noise()[:n], np.ones(n), LATE[:n], shifts[:n].astype(float)) is None


def test_one_block_alone_has_a_level_and_a_week_but_no_change() -> None:
    found = levels(DAYS[:28], noise()[:28], np.full(28, 0.5), LATE[:28], NONE[:28])
    assert np.isnan([found.change, found.change_error, found.odds]).all()
    assert 1.0 < found.week_error < 2.2  # 4 / sqrt(7) = 1.5


def test_readings_that_are_all_the_same_are_no_trouble() -> None:
    found = levels(DAYS, np.full(56, 7.0), np.full(56, 0.3), LATE, NONE)
    assert (found.change, found.odds) == (pytest.approx(0), pytest.approx(0.5))


def test_the_filter_takes_away_what_the_root_of_the_covariance_does() -> None:
    rng = np.random.default_rng(3)
    day = np.sort(rng.integers(0, 60, 20) / 2.0)
    columns, sure, spread = rng.normal(0, 4, (20, 3)), rng.uniform(0.5, 4, 20), 3.0
    white, log_det = whitened(columns, day, sure, spread)
    for i, size in enumerate(SIZES):
        for k, correlation in enumerate(CORRELATIONS):
            covariance = (size * spread) ** 2 * correlation ** np.abs(day[:, None] - day) + np.diag(sure)
            root, m = np.linalg.cholesky(covariance), i * len(CORRELATIONS) + k
            assert white[m] == pytest.approx(np.linalg.solve(root, columns), abs=1e-9)
            assert log_det[m] == pytest.approx(np.linalg.slogdet(covariance)[1])
