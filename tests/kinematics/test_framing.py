"""What to do with the camera so that the whole body is in its picture."""

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.kinematics.framing import aim
from kneeroll.kinematics.plausibility import check_pose
from kneeroll.poses import Aim, PoseFrame, Quality
from tests.kinematics.synthetic import PLACES, camera_of, frame, person


def lying(view="quarter_foot"):
    return person(camera_of(view), [0.0])[0]


def put(pose, share, shift):
    """The body, `share` as large, with the middle of its box at `shift` from the middle of the picture (shares of it)."""
    px = pose.image_px
    size = np.array([pose.width_px, pose.height_px])
    middle = (np.nanmin(px, 0) + np.nanmax(px, 0)) / 2
    return frame(pose.t_s, (px - middle) * share + size * (0.5 + np.array(shift)))


@pytest.mark.parametrize("view", [view for view in PLACES if view != "foot_end"])
def test_a_body_that_is_in_the_picture_needs_nothing(view):
    assert aim(put(lying(view), 0.9, (0, 0))) is None


@pytest.mark.parametrize(
    ("shift", "way"),
    [((-0.45, 0), Aim.LEFT), ((0.45, 0), Aim.RIGHT), ((0, -0.45), Aim.UP), ((0, 0.45), Aim.DOWN), ((0.5, 0.5), Aim.BACK)],
)
def test_a_body_half_out_of_the_picture_is_turned_to(shift, way):
    assert aim(put(lying(), 0.6, shift)) is way


def test_a_body_larger_than_the_picture_needs_more_distance():
    assert aim(put(lying(), 3.5, (0, 0))) is Aim.BACK
    assert aim(put(lying("above"), 2.0, (0, 0.5))) is Aim.BACK


def test_a_small_body_is_asked_closer():
    assert aim(put(lying(), 0.2, (0.1, 0))) is Aim.CLOSER


def test_where_the_feet_alone_are_missing_and_turning_does_not_help_that_is_what_to_say():
    pose = lying()
    feet = BODY.indices(*(f"{side}_{part}" for side in ("left", "right") for part in ("ankle", "heel", "toe")))
    px = np.array(put(pose, 0.8, (0, 0)).image_px)
    px[feet] += (-pose.width_px, pose.height_px)
    cut = frame(pose.t_s, px)
    assert aim(cut) is None
    px[BODY.index("left_knee")] += (0, pose.height_px)
    assert aim(frame(pose.t_s, px)) is not None
    assert check_pose(cut, None) is not Quality.GOOD


def test_nobody_needs_nothing():
    pose = lying()
    assert aim(PoseFrame.empty(0.0, pose.width_px, pose.height_px, pose.skeleton)) is None
