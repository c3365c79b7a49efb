"""How the delay of a sound is worked out, with moments and numbers known beforehand."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from bench import delay, live
from kneeroll.coach.sight import NEAR_DEG
from kneeroll.poses import Side
from kneeroll.truth.read import TrueHold


def test_a_picture_says_its_number() -> None:
    picture = Image.new("RGB", (640, 480), "gray")
    live._draw_number(picture, 2370)
    row = np.asarray(picture)[-live.BIT_PX // 2, :, 0]
    bits = [int(row[live.BIT_PX * bit + live.BIT_PX // 2] > 127) << bit for bit in range(live.NUMBER_BITS)]
    assert sum(bits) == 2370


def test_the_first_picture_is_dated_by_those_that_came_soonest() -> None:
    number = np.arange(0, 300, 2)
    lag_ms = np.where(number % 5, 40.0, 3.0)
    assert delay.shown_ms(np.stack([700 + 1000 * number / live.CAMERA_FPS + lag_ms, number], 1)) == pytest.approx(703)


def test_the_moments_of_a_hold_are_its_depth_and_its_seconds() -> None:
    t_s = np.arange(0, 12, 0.1)
    drop_deg = -np.clip(10 * t_s, 0, 50)
    hold = TrueHold(Side.RIGHT, 5.0, 8.6, {}, None, 0.0)
    deep_s, seconds = delay.moments(hold, 50.0, t_s, drop_deg)
    assert deep_s == pytest.approx((50 - NEAR_DEG) / 10, abs=0.11)
    assert seconds == [6.0, 7.0, 8.0]


def test_a_sound_belongs_to_the_moment_beside_it_or_to_none() -> None:
    sounds_ms = np.array([900.0, 2100.0])
    assert delay.to_nearest(1000, sounds_ms) == -100
    assert delay.to_nearest(2000, sounds_ms) == 100
    assert np.isnan(delay.to_nearest(9000, sounds_ms))


def test_too_early_is_as_far_off_as_too_late() -> None:
    assert delay.off_ms(np.array([-300.0, 300.0, 300.0])) == (300, 300)
