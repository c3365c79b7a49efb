"""Breaths out of pictures: counted where a chest moves regularly, and never made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from kneeroll.kinematics.breathing import REGULAR, BreathFollower, regularity
from kneeroll.poses import Breaths, CameraFrame, Floats, PoseFrame
from tests.kinematics.breathing_pictures import breath, pose_at, shown

TIMES = np.arange(0.0, 24.0, 0.1)
RISE_PX = 0.5
"""Chests of rendered people whose breath can be told rise by 0.2 to 0.4 pixels."""


def followed(pictures: Iterable[tuple[CameraFrame, PoseFrame]]) -> tuple[BreathFollower, list[float | None]]:
    """The follower at the end, and what it said of the pause after each frame."""
    follower = BreathFollower()
    return follower, [follower.follow(frame, pose) for frame, pose in pictures]


def told(pictures: Iterable[tuple[CameraFrame, PoseFrame]], until_s: float = TIMES[-1]) -> Breaths | None:
    return followed(pictures)[0].told(until_s)


def tops(period_s: float, until_s: float = TIMES[-1]) -> Floats:
    return np.arange(period_s / 2, until_s, period_s)


def wander(seed: int, size: int = len(TIMES)) -> Floats:
    """Slow aimless motion, as of a body that trembles and settles."""
    way = np.cumsum(np.random.default_rng(seed).normal(size=size))
    return np.asarray((way - way.mean()) / way.std() * RISE_PX)


# ---- what can be told


@pytest.mark.parametrize("period_s", [3.0, 4.3, 6.0])
def test_every_breath_of_a_steady_breather_is_found_in_its_time(period_s: float) -> None:
    found = told(shown(TIMES, RISE_PX * breath(TIMES, period_s)))
    assert found is not None
    true_s = tops(period_s)
    inner_s = [t for t in true_s if 0.5 < t < TIMES[-1] - 0.5]
    assert abs(len(found.tops_s) - len(true_s)) <= 1
    assert all(0 <= min((t - s for s in found.tops_s), key=abs) < 0.15 * period_s for t in inner_s)
    assert (found.from_s, found.until_s) == pytest.approx((0.0, TIMES[-1]), abs=0.15)


def test_a_body_that_settles_and_a_breath_of_a_third_of_a_pixel_are_told_apart() -> None:
    sinking = -1.5 * (1 - np.exp(-TIMES / 10))
    found = told(shown(TIMES, 0.35 * breath(TIMES) + sinking))
    assert found is not None
    assert abs(len(found.tops_s) - len(tops(4.0))) <= 1


def test_a_large_picture_gives_the_same_breaths_as_a_small_one() -> None:
    t_s = TIMES[TIMES < 18.0]
    small, large = (told(shown(t_s, RISE_PX * breath(t_s, 3.5), scale=scale), t_s[-1]) for scale in (1, 3))
    assert small is not None
    assert large is not None
    assert large.tops_s == pytest.approx(small.tops_s, abs=0.3)


def test_more_frames_a_second_change_nothing() -> None:
    t_s = np.arange(0.0, 18.0, 1 / 30)
    found = told(shown(t_s, RISE_PX * breath(t_s, 3.5)), t_s[-1])
    assert found is not None
    assert len(found.tops_s) == len(tops(3.5, t_s[-1]))


def test_what_comes_after_the_hold_changes_nothing_in_it() -> None:
    leaving = np.where(TIMES < 20, 0.0, 2.0 * (TIMES - 20))
    with_end = told(shown(TIMES, RISE_PX * breath(TIMES) + leaving), 19.9)
    without = told(shown(TIMES[TIMES < 20], RISE_PX * breath(TIMES[TIMES < 20])), 19.9)
    assert with_end == without
    assert with_end is not None


def test_a_person_who_is_not_seen_at_first_is_followed_from_when_seen() -> None:
    pictures = [(frame, pose if pose.t_s >= 3.0 else blind(pose.t_s)) for frame, pose in shown(TIMES, RISE_PX * breath(TIMES))]
    found = told(pictures)
    assert found is not None
    assert found.from_s == pytest.approx(3.0, abs=0.11)


def blind(t_s: float) -> PoseFrame:
    pose = pose_at(t_s)
    return PoseFrame.empty(t_s, pose.width_px, pose.height_px, pose.skeleton)


# ---- pauses


def test_a_long_pause_is_seen_while_it_lasts_and_kept_afterwards() -> None:
    rise_px = RISE_PX * breath(TIMES, 3.0, stops_s=14.0)  # rests where half breathed in; the last top is at 13.5
    follower, pauses_s = followed(shown(TIMES, rise_px))
    assert pauses_s[-1] == pytest.approx(TIMES[-1] - 13.5, abs=1.5)
    found = follower.told(TIMES[-1])
    assert found is not None
    assert abs(len(found.tops_s) - 5) <= 1
    assert TIMES[-1] - found.tops_s[-1] > 8


def test_no_pause_is_seen_in_somebody_who_breathes() -> None:
    _, pauses_s = followed(shown(TIMES, RISE_PX * breath(TIMES)))
    known_s = [s for s in pauses_s if s is not None]
    assert known_s
    assert max(known_s) < 5.0


def test_a_motion_after_the_last_breath_is_no_pause() -> None:
    rise_px = RISE_PX * breath(TIMES, 3.0, stops_s=14.0) + np.where(TIMES > 18, 3 * RISE_PX, 0.0)
    _, pauses_s = followed(shown(TIMES, rise_px))
    assert all(s is None or s < 8 for s in pauses_s)


# ---- what cannot


@pytest.mark.parametrize("noise", [0.5, 3.0, 8.0])
def test_a_still_picture_with_noise_has_no_breaths(noise: float) -> None:
    follower, pauses_s = followed(shown(TIMES, 0 * TIMES, noise=noise))
    assert follower.told(TIMES[-1]) is None
    assert set(pauses_s) == {None}


@pytest.mark.parametrize("seed", range(4))
def test_aimless_motion_is_not_breath(seed: int) -> None:
    follower, pauses_s = followed(shown(TIMES, wander(seed)))
    assert follower.told(TIMES[-1]) is None
    assert set(pauses_s) == {None}


def test_a_picture_that_freezes_in_its_second_breath_has_no_more() -> None:
    follower, pauses_s = followed(shown(TIMES, RISE_PX * breath(TIMES, stops_s=6.0)))
    assert follower.told(TIMES[-1]) is None
    assert set(pauses_s) == {None}


def test_a_picture_without_any_change_has_no_breaths() -> None:
    assert told(shown(TIMES, 0 * TIMES, noise=0.0)) is None


def test_a_camera_that_hangs_ends_what_can_be_told() -> None:
    frames = list(shown(TIMES, RISE_PX * breath(TIMES)))
    hanging = [(CameraFrame(pose.t_s, frames[min(i, 180)][0].image), pose) for i, (_, pose) in enumerate(frames)]
    follower, pauses_s = followed(hanging)
    assert follower.told(18.0) is not None
    assert follower.told(TIMES[-1]) is None
    assert pauses_s[-1] is None


def test_a_body_that_moves_by_much_more_than_a_breath_is_not_told() -> None:
    rise_px = RISE_PX * breath(TIMES) + np.where(TIMES > 12, 2.0, 0.0)
    assert told(shown(TIMES, rise_px)) is None


def test_a_short_hold_is_not_told() -> None:
    t_s = TIMES[TIMES < 11.5]
    assert told(shown(t_s, RISE_PX * breath(t_s, 3.0)), t_s[-1]) is None


def test_nothing_is_told_where_the_trunk_is_out_of_the_picture_or_a_point() -> None:
    tiny = [(CameraFrame(float(t), np.full((1, 1, 3), i % 200, np.uint8)), pose_at(float(t))) for i, t in enumerate(TIMES)]
    point = [(frame, replace(pose, image_px=0 * pose.image_px)) for frame, pose in shown(TIMES[:150], TIMES[:150] / 10)]
    assert told(tiny) is None
    assert told(point, 14.9) is None
    assert BreathFollower().told(0.0) is None


# ---- regularity


def test_a_sine_is_regular_and_noise_is_not() -> None:
    sines = np.sin(2 * np.pi * TIMES[:, None] / np.array([2.5, 4.0, 6.0]))
    noise = np.random.default_rng(0).normal(size=(len(TIMES), 50))
    assert (regularity(sines) > 0.85).all()
    assert (regularity(noise) < REGULAR).all()
