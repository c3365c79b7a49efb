"""The pinhole camera and the names of the places it stands at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.kinematics.camera import looking_at, place_of, project
from kneeroll.poses import View
from tests.kinematics.synthetic import camera_at

SIZE_PX = (640, 480)
CAMERAS = st.builds(camera_at, st.floats(-180, 180), st.floats(0.3, 2.5), st.floats(0.5, 3.0))
POINTS = st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(0.0, 0.3)), min_size=1, max_size=5)


@settings(max_examples=50, deadline=None)
@given(st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.2, 2)), st.floats(-1.0, 1.0))
def test_what_the_camera_looks_at_is_in_the_middle_whatever_its_roll(place, roll):
    camera = looking_at(*place, (3.0, 0.4, 0.1), 0.0)
    camera[5] = roll
    px = project(camera, np.array([[3.0, 0.4, 0.1]]), SIZE_PX)
    assert px[0] == pytest.approx((320, 240), abs=1e-6)


def test_twice_as_far_is_half_as_large():
    camera = looking_at(0.0, -5.0, 1.0, (0.0, 0.0, 1.0), 0.0)
    px = project(camera, np.array([[-0.5, -3, 1], [0.5, -3, 1], [-0.5, -1, 1], [0.5, -1, 1]]), SIZE_PX)
    assert px[1, 0] - px[0, 0] == pytest.approx(320)
    assert px[3, 0] - px[2, 0] == pytest.approx(160)


def test_what_is_higher_is_further_up_the_picture_and_what_is_right_of_the_axis_is_right():
    camera = looking_at(0.0, -3.0, 0.5, (0.0, 0.0, 0.5), 0.0)
    px = project(camera, np.array([[0.0, 0.0, 1.0], [0.5, 0.0, 0.5]]), SIZE_PX)
    assert px[0] == pytest.approx((320, 240 - 640 * 0.5 / 3))
    assert px[1] == pytest.approx((320 + 640 * 0.5 / 3, 240))


def test_the_focal_length_scales_with_the_longer_side_of_either_orientation():
    camera = looking_at(0.0, -3.0, 0.5, (0.0, 0.0, 0.5), 0.0)
    point = np.array([[0.3, 0.0, 0.7]])
    wide = project(camera, point, (640, 480)) - (320, 240)
    tall = project(camera, point, (480, 640)) - (240, 320)
    assert wide == pytest.approx(tall)


@settings(max_examples=50, deadline=None)
@given(CAMERAS, POINTS)
def test_the_mirrored_world_gives_the_mirrored_picture(camera, points):
    points = np.array(points)
    px = project(camera, points, SIZE_PX)
    other = project(camera * (-1, 1, 1, -1, 1, -1, 1), points * (-1, 1, 1), SIZE_PX)
    assert other == pytest.approx((640, 0) + px * (-1, 1), abs=1e-6)


def test_a_point_beside_and_behind_the_camera_is_out_of_the_picture():
    camera = looking_at(0.0, -2.0, 0.5, (0.0, 0.0, 0.5), 0.0)
    u = project(camera, np.array([[0.5, -3.0, 0.5], [-0.5, -3.0, 0.5]]), SIZE_PX)[:, 0]
    assert u[0] > 640
    assert u[1] < 0


@settings(max_examples=50, deadline=None)
@given(CAMERAS, POINTS, st.floats(-1.0, 1.0))
def test_a_rolled_camera_gives_the_turned_picture(camera, points, roll):
    level = project(camera, np.array(points), SIZE_PX) - (320, 240)
    camera[5] = roll
    rolled = project(camera, np.array(points), SIZE_PX) - (320, 240)
    turned = (level[:, 0] + 1j * level[:, 1]) * np.exp(1j * roll)
    assert rolled == pytest.approx(np.stack([turned.real, turned.imag], axis=-1), abs=1e-6)


def test_many_cameras_at_once_see_what_each_sees_alone():
    cameras = np.array([camera_at(a, 1.0, 2.0) for a in (0, 45, 170)])
    points = np.random.default_rng(1).normal(0, 0.3, (3, 4, 3))
    together = project(cameras, points, SIZE_PX)
    for camera, some, px in zip(cameras, points, together, strict=True):
        assert px == pytest.approx(project(camera, some, SIZE_PX))


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(
    ("azimuth_deg", "view"),
    [
        (0, View.FOOT_END),
        (20, View.FOOT_END),
        (25, View.QUARTER_FOOT),
        (65, View.QUARTER_FOOT),
        (70, View.SIDE),
        (110, View.SIDE),
        (115, View.QUARTER_HEAD),
        (155, View.QUARTER_HEAD),
        (160, View.HEAD_END),
        (180, View.HEAD_END),
    ],
)
def test_the_place_is_named_all_round_on_either_side(azimuth_deg, view, side):
    place = place_of(camera_at(side * azimuth_deg, 1.0, 2.0))
    assert place.view is view
    assert place.azimuth_deg == pytest.approx(azimuth_deg)


@pytest.mark.parametrize("azimuth_deg", [0, 60, 90, 180])
def test_a_camera_high_above_the_belly_is_above_from_wherever(azimuth_deg):
    assert place_of(camera_at(azimuth_deg, 2.2, 1.0)).view is View.ABOVE
    assert place_of(camera_at(azimuth_deg, 1.6, 1.0)).view is not View.ABOVE


def test_the_place_knows_its_height_and_distance():
    place = place_of(camera_at(90, 1.5, 2.0))
    assert place.height_m == pytest.approx(1.5)
    assert place.distance_m == pytest.approx(2.5)
