"""Rests: found when the knees stop at depth, dated to the moment they stopped, and not found in anything else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, repeat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.coach.holds import Rest, follow_rest
from kneeroll.poses import Floats, Side

NOISE_DEG = 0.7
DOWN_S, REST_S, UP_S, END_S = 3.0, 7.0, 17.0, 23.0


def smooth(t_s: Floats, start_s: float, from_deg: float, to_deg: float, seconds: float = 4.0) -> Floats:
    """The way of a healthy movement (least jerk)."""
    s = np.clip((t_s - start_s) / seconds, 0, 1)
    return np.asarray(from_deg + (to_deg - from_deg) * (10 * s**3 - 15 * s**4 + 6 * s**5))


def times(fps: float, end_s: float = END_S) -> Floats:
    return np.arange(0, end_s, 1 / fps)


def one_hold(t_s: Floats, deg: float = 50.0) -> Floats:
    """Down in 4 s, a rest from 7 s to 17 s, up in 4 s."""
    return smooth(t_s, DOWN_S, 0, deg) - smooth(t_s, UP_S, 0, deg)


def noise(n: int, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0, NOISE_DEG, n)


def rests(
    t_s: Iterable[float], drop_deg: Iterable[float], error_deg: Iterable[float] = repeat(4.0)
) -> list[tuple[Side, float, float | None]]:
    """(side, start, end) of each rest; an end that did not come is None."""
    rest, found = Rest(), []
    for t, deg, error in zip(t_s, drop_deg, error_deg, strict=False):
        before, rest = rest, follow_rest(rest, float(t), float(deg), float(error))
        if before.side is not None and rest.until_s is not None:
            found.append((before.side, before.since_s, rest.until_s))
    return [*found, (rest.side, rest.since_s, None)] if rest.side is not None else found


def misses(fps: float, deg: float, seeds: range) -> Floats:
    """(n, 2) how far the start and the end of a noisy hold are off, seconds."""
    t_s = times(fps)
    found = [rests(t_s, one_hold(t_s, deg) + noise(len(t_s), seed)) for seed in seeds]
    assert all(len(one) == 1 for one in found)
    return np.array([(one[0][1] - REST_S, one[0][2] - UP_S) for one in found], dtype=float)


# ---- found


@pytest.mark.parametrize("deg", [25, 50, 70, -50])
@pytest.mark.parametrize("fps", [10, 15, 30])
def test_a_smooth_hold_is_dated_within_a_third_of_a_second(fps: int, deg: float) -> None:
    t_s = times(fps)
    ((side, start_s, end_s),) = rests(t_s, one_hold(t_s, deg))
    assert side is (Side.LEFT if deg > 0 else Side.RIGHT)
    assert start_s == pytest.approx(REST_S, abs=0.3)
    assert end_s == pytest.approx(UP_S, abs=0.3)


@pytest.mark.parametrize("fps", [10, 15, 30])
def test_a_noisy_hold_is_dated_as_well_as_a_rule_and_never_badly(fps: int) -> None:
    off = np.abs(misses(fps, 50.0, range(8)))
    assert np.median(off, axis=0) == pytest.approx([0, 0], abs=0.3)
    assert off.max() < 0.75


@pytest.mark.parametrize("fps", [2.5, 4])
def test_on_a_slow_machine_a_hold_is_still_a_hold(fps: float) -> None:
    t_s = times(fps)
    ((side, start_s, end_s),) = rests(t_s, one_hold(t_s) + noise(len(t_s), 1))
    assert side is Side.LEFT
    assert end_s is not None
    assert abs(start_s - REST_S) < 1.0
    assert abs(end_s - UP_S) < 1.0


def test_a_rest_is_known_within_a_second_of_its_beginning() -> None:
    t_s = times(10)
    rest = Rest()
    for t, deg in zip(t_s, one_hold(t_s), strict=True):
        rest = follow_rest(rest, float(t), float(deg))
        if t >= REST_S + 1:
            break
    assert rest.resting


def test_two_holds_are_two_rests() -> None:
    t_s = times(15, 46)
    found = rests(t_s, one_hold(t_s) - one_hold(t_s - END_S))
    assert [side for side, _, _ in found] == [Side.LEFT, Side.RIGHT]


def test_sinking_deeper_in_a_rest_does_not_end_it() -> None:
    t_s = times(15)
    ((_, start_s, end_s),) = rests(t_s, smooth(t_s, DOWN_S, 0, 40) + smooth(t_s, 10, 0, 12) - smooth(t_s, UP_S, 0, 52))
    assert start_s == pytest.approx(REST_S, abs=0.3)
    assert end_s == pytest.approx(UP_S, abs=0.3)


def test_breathing_does_not_end_a_rest() -> None:
    t_s = times(15)
    breath = 1.5 * np.sin(2 * np.pi * t_s / 4) * (t_s > REST_S) * (t_s < UP_S)
    assert len(rests(t_s, one_hold(t_s) + breath)) == 1


def test_a_very_slow_return_ends_the_rest() -> None:
    t_s = times(10, 60)
    drop = smooth(t_s, DOWN_S, 0, 40) - np.clip((t_s - 12) * 1.2, 0, 40)
    ((_, _, end_s),) = rests(t_s, drop)
    assert end_s is not None
    assert 12 <= end_s < 45


# ---- not found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("speed_deg_s", [8.0, -8.0, 12.0])
def test_a_steady_drift_is_not_a_rest(speed_deg_s: float, seed: int) -> None:
    t_s = times(15, 70 / abs(speed_deg_s))
    assert rests(t_s, speed_deg_s * t_s + noise(len(t_s), seed)) == []


@pytest.mark.parametrize("period_s", [2.0, 5.0, 20.0])
def test_sway_about_the_middle_is_not_a_rest(period_s: float) -> None:
    t_s = times(15, 30)
    assert rests(t_s, 13.0 * np.sin(2 * np.pi * t_s / period_s)) == []


@pytest.mark.parametrize("deg", [14.0, -14.0])
def test_stillness_short_of_depth_is_not_a_rest(deg: float) -> None:
    t_s = times(15)
    assert rests(t_s, one_hold(t_s, deg)) == []


@pytest.mark.parametrize("fps", [10, 30])
@pytest.mark.parametrize("seed", range(3))
def test_passing_through_from_side_to_side_is_not_a_rest(fps: int, seed: int) -> None:
    t_s = times(fps, 9)
    way = smooth(t_s, 0, 60, -60, seconds=10)
    assert rests(t_s[fps * 3 // 2 : fps * 17 // 2], (way + noise(len(t_s), seed))[fps * 3 // 2 : fps * 17 // 2]) == []


def test_noise_alone_is_not_a_rest() -> None:
    t_s = times(15)
    assert rests(t_s, 30 + np.random.default_rng(0).normal(0, 6, len(t_s))) == []


def test_a_few_frames_are_not_enough() -> None:
    assert rests([0.0, 0.3, 0.6], [50.0, 50.0, 50.0]) == []


# ---- gaps


@pytest.mark.parametrize("how", ["nan", "no frames"])
@pytest.mark.parametrize("gap_s", [0.5, 2.7])
def test_a_gap_below_three_seconds_does_not_end_a_rest(gap_s: float, how: str) -> None:
    t_s = times(10)
    gone = (t_s > 10) & (t_s < 10 + gap_s)
    drop = one_hold(t_s)
    found = rests(t_s, np.where(gone, np.nan, drop)) if how == "nan" else rests(t_s[~gone], drop[~gone])
    ((_, _, end_s),) = found
    assert end_s == pytest.approx(UP_S, abs=0.3)


@pytest.mark.parametrize("how", ["nan", "no frames"])
def test_a_gap_above_three_seconds_ends_a_rest_where_it_was_last_seen(how: str) -> None:
    t_s = times(10)
    gone = (t_s > 10.05) & (t_s < 13.55)
    drop = one_hold(t_s)
    found = rests(t_s, np.where(gone, np.nan, drop)) if how == "nan" else rests(t_s[~gone], drop[~gone])
    assert len(found) == 2
    assert found[0][2] == pytest.approx(10.0)
    assert found[1][1] >= 13.5


@pytest.mark.parametrize("how", ["nan", "no frames"])
def test_a_rest_that_ends_in_a_gap_is_lost_and_one_that_is_left_is_not(how: str) -> None:
    rest = Rest()
    for t in range(30):
        rest = follow_rest(rest, t / 10, 50.0)
    gone = follow_rest(rest, 6.5, float("nan") if how == "nan" else 50.0)
    assert (gone.resting, gone.lost, gone.until_s) == (False, True, 2.9)
    for t in range(30, 40):
        rest = follow_rest(rest, t / 10, 50.0 - 5 * (t - 29))
        if rest.until_s is not None:
            break
    assert (rest.resting, rest.lost) == (False, False)


def test_the_end_is_told_once() -> None:
    t_s = times(10)
    rest, told = Rest(), 0
    for t, deg in zip(t_s, one_hold(t_s), strict=True):
        rest = follow_rest(rest, float(t), float(deg))
        told += rest.until_s is not None
    assert told == 1


# ---- whatever the knees do

WAYS = st.lists(
    st.tuples(st.integers(-60, 60), st.sampled_from([0.6, 1.5, 4.0, 8.0]), st.sampled_from([0.0, 1.0, 4.0])), max_size=6
)


@settings(deadline=None, max_examples=40)
@given(WAYS, st.sampled_from([10, 15]))
def test_rests_never_lie_in_the_future_or_within_one_another(ways: list[tuple[int, float, float]], fps: int) -> None:
    drop: list[float] = [0.0]
    for deg, way_s, rest_s in ways:
        t = np.arange(1, round(way_s * fps) + 1) / fps
        drop += [*smooth(t, 0, drop[-1], deg, way_s), *[float(deg)] * round(rest_s * fps)]
    rest, bounds = Rest(), []
    for i, deg_now in enumerate(drop):
        before, rest = rest, follow_rest(rest, i / fps, deg_now)
        if rest.resting and not before.resting:
            bounds.append(rest.since_s)
        elif rest.until_s is not None:
            bounds.append(rest.until_s)
        assert not bounds or bounds[-1] <= i / fps
    assert all(sooner <= later for sooner, later in pairwise(bounds))


# ---- something passes between the knees and the camera


def passing(from_s: float, until_s: float, by_deg: float, error_deg: float) -> tuple[Floats, Floats, Floats]:
    """Times, drops and errors of one hold; for a while the knees seem elsewhere, less surely so."""
    t_s = times(15)
    passes = (t_s >= from_s) & (t_s < until_s)
    return t_s, one_hold(t_s) - by_deg * passes, np.where(passes, error_deg, 4.0)


@pytest.mark.parametrize(
    ("until_s", "by_deg", "error_deg"),
    [pytest.param(11.5, 18.0, 7.0, id="briefly_and_far"), pytest.param(15.0, 13.0, 8.0, id="long_and_not_so_far")],
)
def test_knees_that_something_hides_have_not_left(until_s: float, by_deg: float, error_deg: float) -> None:
    ((side, start_s, end_s),) = rests(*passing(11.0, until_s, by_deg, error_deg))
    assert (side, start_s, end_s) == (Side.LEFT, pytest.approx(REST_S, abs=0.5), pytest.approx(UP_S, abs=0.5))


def test_knees_that_are_seen_as_well_as_before_have_left() -> None:
    assert len(rests(*passing(11.0, 15.0, 18.0, 4.0))) == 2


def test_a_moment_out_of_sight_is_no_leaving() -> None:
    t_s, drop_deg, error_deg = passing(11.2, 11.7, 20.0, 4.0)
    drop_deg[(t_s >= 11.0) & (t_s < 11.2)] = np.nan
    assert len(rests(t_s, drop_deg, error_deg)) == 1
