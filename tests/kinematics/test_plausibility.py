"""Which skeletons are not believed."""

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.kinematics.plausibility import body_size_px, check_pose, is_upright
from kneeroll.poses import PoseFrame, Quality
from tests.kinematics.synthetic import PLACES, camera_of, frame, mirrored, moved, person, standing


def lying(view="quarter_foot"):
    return person(camera_of(view), [0.0])[0]


def changed(pose, name, by):
    px = pose.image_px.copy()
    px[BODY.index(name)] += by
    return frame(pose.t_s, px)


@pytest.mark.parametrize("view", PLACES)
def test_a_person_on_the_back_is_believed_from_everywhere(view):
    assert check_pose(lying(view), None) is Quality.GOOD


@pytest.mark.parametrize("view", PLACES)
def test_nobody_on_the_back_is_upright(view):
    assert not is_upright(lying(view).image_px)


def test_a_standing_person_is_upright_and_an_upside_down_one_is_not():
    px = standing(0.0).image_px
    assert is_upright(px)
    assert not is_upright(px * (1, -1) + (0, 480))


@pytest.mark.parametrize(("toward_camera_m", "upright"), [(0.3, False), (0.05, True), (np.nan, True)])
def test_who_lies_below_the_camera_with_bent_knees_is_not_upright(toward_camera_m, upright):
    at = np.zeros((len(BODY.landmarks), 3))
    at[BODY.indices("left_knee", "right_knee")] = (0, 0.2, -toward_camera_m)
    at[BODY.indices("left_ankle", "right_ankle")] = (0, 0.4, 0)
    assert is_upright(standing(0.0).image_px, at) == upright


def test_a_sitting_person_is_not_upright():
    px = standing(0.0).image_px.copy()
    px[BODY.indices("left_knee", "right_knee")] += (120, -70)
    assert not is_upright(px)


@pytest.mark.parametrize("limb", ["left_elbow", "right_elbow", "left_ankle", "right_knee"])
def test_a_limb_longer_than_the_body_is_impossible(limb):
    pose = lying()
    stretched = changed(pose, limb, (3 * body_size_px(pose.image_px), 0))
    assert Quality.IMPLAUSIBLE_LIMBS in check_pose(stretched, None)


def test_a_person_of_a_few_pixels_is_impossible():
    pose = lying()
    assert Quality.IMPLAUSIBLE_LIMBS in check_pose(frame(0.0, (pose.image_px - 320) * 0.05 + 320), None)


def test_an_empty_frame_holds_no_person():
    assert check_pose(PoseFrame.empty(0.0, 640, 480, BODY), None) is Quality.NO_PERSON


def test_in_the_dark_nobody_looked():
    assert check_pose(PoseFrame.empty(0.0, 640, 480, BODY, dark=True), None) is Quality.TOO_DARK


@pytest.mark.parametrize("name", ["left_shoulder", "right_hip", "left_knee"])
def test_without_a_part_of_the_trunk_there_is_no_person(name):
    assert check_pose(changed(lying(), name, np.nan), None) is Quality.NO_PERSON


@pytest.mark.parametrize("name", ["left_wrist", "nose", "right_toe"])
def test_an_arm_a_nose_or_a_toe_may_be_missing(name):
    assert check_pose(changed(lying(), name, np.nan), None) is Quality.GOOD


def test_a_knee_beyond_the_edge_is_out_of_the_picture():
    pose = lying()
    x = pose.image_px[BODY.index("left_knee"), 0]
    assert Quality.OUT_OF_FRAME in check_pose(changed(pose, "left_knee", (-x - 20, 0)), None)
    assert Quality.OUT_OF_FRAME not in check_pose(changed(pose, "left_knee", (-x - 3, 0)), None)


@pytest.mark.parametrize("part", ["ankle", "toe"])
def test_both_feet_must_be_out_of_the_picture_to_say_so(part):
    one = changed(lying(), f"left_{part}", (0, 480))
    both = changed(one, f"right_{part}", (0, 480))
    assert Quality.FEET_OUT_OF_FRAME not in check_pose(one, None)
    assert Quality.FEET_OUT_OF_FRAME in check_pose(both, None)


@pytest.mark.parametrize("view", ["quarter_foot", "quarter_head", "above", "head_end"])
def test_a_frame_with_left_and_right_exchanged_is_noticed(view):
    before = lying(view)
    swapped = frame(0.1, before.image_px[BODY.mirror])
    assert check_pose(swapped, before) is Quality.SIDES_SWAPPED


@pytest.mark.parametrize(("dt_s", "quality"), [(0.1, Quality.JUMPED), (0.5, Quality.GOOD)])
def test_a_leap_within_a_moment_is_a_jump_and_later_is_not(dt_s, quality):
    before = lying()
    after = moved(before, dt_s, right=0.4 * body_size_px(before.image_px))
    assert check_pose(after, before) is quality


@pytest.mark.parametrize("view", PLACES)
def test_the_mirror_does_not_change_what_is_believed(view):
    pose = lying(view)
    assert check_pose(mirrored(pose), None) is check_pose(pose, None)
    assert body_size_px(mirrored(pose).image_px) == pytest.approx(body_size_px(pose.image_px))
