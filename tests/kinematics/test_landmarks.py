"""Where the network's points lie: the twin in front, and the network's own depths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.anatomy import BODY
from kneeroll.kinematics import BLAZEPOSE, JOINTS, LYING
from kneeroll.kinematics.camera import place_of
from kneeroll.kinematics.landmarks import DEPTHS, LIMB_WIDTH_M, PARTS, covered, depths_of
from kneeroll.poses import View
from tests.kinematics.synthetic import camera_at, camera_of, in_camera_axes, pictures, stretch

CAMERA_M = np.array([0.0, -3.0, 0.2])
COORDINATES = st.floats(-0.2, 0.2)
BODIES = st.lists(st.tuples(COORDINATES, COORDINATES, COORDINATES), min_size=8, max_size=8, unique=True).map(np.array)
CAMERAS_M = st.tuples(st.floats(-3, 3), st.floats(2.0, 3), st.floats(0.3, 2.5)).map(np.array)


def twins(apart_m):
    """Four pairs around one place, the second of each so far from the first."""
    return np.array([(0.0, 0.0, 0.2), np.array((0.0, 0.0, 0.2)) + apart_m] * 4)


# ---- the twin in front


def test_side_by_side_nobody_covers_anybody():
    assert covered(twins((0.2, 0.0, 0.0)), CAMERA_M) == pytest.approx(np.zeros(8), abs=0.01)


def test_right_behind_its_twin_a_point_is_covered_and_the_twin_is_not():
    assert covered(twins((0.0, LIMB_WIDTH_M, 0.0)), CAMERA_M) == pytest.approx([0, 1] * 4)


def test_half_a_limb_behind_is_half_covered():
    assert covered(twins((0.0, LIMB_WIDTH_M / 2, 0.0)), CAMERA_M) == pytest.approx([0, 0.5] * 4)


@pytest.mark.parametrize("behind_m", [0.05, 0.2, 0.5])
def test_the_further_beside_its_twin_the_less_a_point_is_covered(behind_m):
    cover = [covered(twins((beside, behind_m, 0.0)), CAMERA_M)[1] for beside in (0.0, 0.1, 0.15, 0.2, 0.4)]
    assert cover == sorted(cover, reverse=True)
    assert cover[-1] < 0.01


@settings(max_examples=50, deadline=None, derandomize=True)
@given(BODIES, CAMERAS_M)
def test_of_two_twins_one_at_most_is_covered_and_by_no_more_than_all(position_m, camera_m):
    cover = covered(position_m, camera_m)
    assert ((cover >= 0) & (cover <= 1)).all()
    assert (cover.reshape(4, 2).min(1) < 0.02).all()


@settings(max_examples=50, deadline=None, derandomize=True)
@given(BODIES, CAMERAS_M)
def test_the_mirrored_body_is_covered_on_the_other_side(position_m, camera_m):
    other = covered(position_m[[1, 0, 3, 2, 5, 4, 7, 6]] * (-1, 1, 1), camera_m * (-1, 1, 1))
    assert other[[1, 0, 3, 2, 5, 4, 7, 6]] == pytest.approx(covered(position_m, camera_m))


def test_many_bodies_at_once_are_covered_as_each_alone():
    many = np.random.default_rng(1).normal(0, 0.2, (3, 4, 8, 3))
    cameras = np.random.default_rng(2).normal(2, 0.2, (3, 4, 3))
    together = covered(many, cameras)
    assert together.shape == (3, 4, 8)
    assert together[2, 1] == pytest.approx(covered(many[2, 1], cameras[2, 1]))


# ---- the network's own depths


@pytest.mark.parametrize("view", ["quarter_foot", "side", "head_end"])
def test_depths_tell_which_hip_is_nearer_and_how_far_the_knees_are(view):
    shown = stretch(camera_of(view), np.arange(3.0), np.array([0.0, 40.0, -40.0]))
    at = in_camera_axes(shown.calibration.camera, shown.position_m)
    for own, points in zip(pictures(shown, BLAZEPOSE), at, strict=True):
        hips, shoulders, knees_m = depths_of(own.position_m)
        assert hips == pytest.approx((points[2, 2] - points[3, 2]) / np.linalg.norm(points[2] - points[3]))
        assert shoulders == pytest.approx((points[0, 2] - points[1, 2]) / np.linalg.norm(points[0] - points[1]))
        gain = BLAZEPOSE.depth_gain[DEPTHS.index("knees_m")]
        assert knees_m == pytest.approx(gain * (points[4:6, 2].mean() - points[2:4, 2].mean()))


def test_a_hip_that_points_at_the_camera_is_minus_one():
    position_m = np.zeros((len(BODY.landmarks), 3))
    position_m[BODY.index("left_shoulder")] = (0.3, 0.0, 0.0)
    position_m[BODY.index("left_hip")] = (0.0, 0.0, -0.2)
    assert depths_of(position_m)[0] == pytest.approx(-1.0)


def test_a_network_without_depths_says_nothing():
    assert np.isnan(depths_of(np.full((len(BODY.landmarks), 3), np.nan))).all()


# ---- the models


@pytest.mark.parametrize("model", [BLAZEPOSE, JOINTS, LYING], ids=["blazepose", "joints", "lying"])
@pytest.mark.parametrize("view", View)
def test_every_part_has_a_deviation_of_centimetres_from_every_view(model, view):
    sigmas_m = model.sigmas_m(view)
    assert sigmas_m.shape == (len(PARTS),)
    assert (sigmas_m > 0.001).all()
    assert (sigmas_m < 0.2).all()
    assert min(model.hidden) >= 0


@pytest.mark.parametrize(
    ("azimuth_deg", "height_m", "supported"),
    [
        (0, 1.2, False),
        (0, 0.3, False),
        (45, 0.3, False),
        (45, 0.4, True),
        (90, 0.3, False),
        (90, 0.4, True),
        (135, 0.3, False),
        (135, 0.4, True),
        (180, 0.8, False),
        (180, 1.0, True),
        (0, 3.9, True),
    ],
)
def test_angles_are_offered_only_from_places_that_see_the_knees(azimuth_deg, height_m, supported):
    assert BLAZEPOSE.supports(place_of(camera_at(azimuth_deg, height_m, 2.0))) is supported
