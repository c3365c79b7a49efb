"""The values between camera and coach: frozen, checked, NaN for what was not seen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from math import isnan, nan

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.poses import ANGLES, BodyState, CameraFrame, PoseFrame, Posture, Quality, Reading, Side, View

K = len(BODY.landmarks)


def pose(**changes: np.ndarray) -> PoseFrame:
    arrays = {"image_px": np.ones((K, 2)), "position_m": np.ones((K, 3)), "spread_px": np.ones(K)} | changes
    return PoseFrame(1.0, 640, 480, **arrays, skeleton=BODY)


def state(**changes: float) -> BodyState:
    return replace(BodyState(1.0, 50.0, 30.0, 5.0, 0.02, 3.0, 0.01, (1.0,) * 6, Quality.GOOD), **changes)


@pytest.mark.parametrize(("side", "other", "sign"), [(Side.LEFT, Side.RIGHT, 1), (Side.RIGHT, Side.LEFT, -1)])
def test_a_side_knows_the_other_and_its_sign(side: Side, other: Side, sign: int) -> None:
    assert (side.other, side.sign) == (other, sign)


def test_a_good_frame_has_no_reasons() -> None:
    assert Quality.GOOD.reasons == ()
    assert not Quality.GOOD


@pytest.mark.parametrize("quality", Quality)
def test_each_doubt_has_one_word(quality: Quality) -> None:
    assert quality.reasons == (str(quality.name).lower(),)


def test_the_reasons_keep_their_order() -> None:
    assert (Quality.POOR_FIT | Quality.NO_PERSON | Quality.JUMPED).reasons == ("no_person", "jumped", "poor_fit")


def test_a_frame_knows_its_size() -> None:
    frame = CameraFrame(0.0, np.zeros((480, 640, 3), np.uint8))
    assert (frame.width_px, frame.height_px) == (640, 480)


def test_a_picture_is_dark_when_its_lightest_spots_are() -> None:
    night = np.full((480, 640, 3), 20, np.uint8)
    lamp = night.copy()
    lamp[100:180, 200:280] = 200
    assert CameraFrame(0.0, night).is_dark
    assert not CameraFrame(0.0, lamp).is_dark


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((4, 4, 3), np.int8)]
)
def test_a_frame_refuses_what_is_not_a_colour_picture(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match="RGB, not"):
        CameraFrame(0.0, image)


@pytest.mark.parametrize(
    ("name", "array"), [("image_px", np.ones((K, 3))), ("position_m", np.ones((K, 2))), ("spread_px", np.ones(K - 1))]
)
def test_a_pose_refuses_an_array_of_the_wrong_shape(name: str, array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=f"{name} has shape"):
        pose(**{name: array})


@pytest.mark.parametrize("name", ["image_px", "position_m", "spread_px"])
def test_the_arrays_of_a_pose_are_read_only_copies(name: str) -> None:
    mine = np.ones_like(getattr(pose(), name))
    theirs = getattr(pose(**{name: mine}), name)
    mine[0] = 7.0
    assert (theirs == 1.0).all()
    with pytest.raises(ValueError, match="read-only"):
        theirs[0] = 7.0


def test_an_empty_pose_has_nobody_and_a_seen_landmark_is_somebody() -> None:
    empty = PoseFrame.empty(2.0, 640, 480, BODY)
    assert not empty.has_person
    assert (empty.t_s, empty.width_px, empty.height_px) == (2.0, 640, 480)
    assert np.isnan(empty.spread_px).all()
    one = np.full((K, 2), np.nan)
    one[3] = 5.0
    assert pose(image_px=one).has_person


def test_twist_and_swing_are_what_is_between_the_parts() -> None:
    assert state().trunk_twist_deg == 30.0 - 5.0
    assert state().hip_swing_deg == 50.0 - 30.0
    assert state(knee_drop_deg=-50.0, pelvis_roll_deg=-30.0, thorax_roll_deg=-5.0).trunk_twist_deg == -25.0


def test_an_unseen_body_has_no_angle_and_no_error() -> None:
    unseen = BodyState.unseen(3.0, Quality.JUMPED)
    assert not unseen.seen
    assert all(isnan(getattr(unseen, name)) for name in (*ANGLES, "shoulder_lift_m", "knees_apart_deg", "feet_moved_m"))
    assert len(unseen.errors) == len(ANGLES) + 1
    assert all(isnan(e) for e in unseen.errors)
    assert (unseen.t_s, unseen.quality) == (3.0, Quality.JUMPED)


def test_zero_degrees_is_seen() -> None:
    assert state(knee_drop_deg=0.0).seen
    assert not state(knee_drop_deg=nan).seen


def test_every_angle_is_an_attribute_of_the_body() -> None:
    assert len(ANGLES) + 1 == len(state().errors)
    assert all(isinstance(getattr(state(), name), float) for name in ANGLES)


@pytest.mark.parametrize(
    ("value", "name"),
    [(state(), "t_s"), (pose(), "t_s"), (Reading(1.0, state(), Posture.KNOWN, View.SIDE, ()), "view")],
)
def test_values_cannot_be_changed(value: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, 0.0)
