"""The body of one frame: derivatives against differences, shapes, what mirrors."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kneeroll.kinematics import BLAZEPOSE, JOINTS, LYING
from kneeroll.kinematics.camera import CAMERA_PARAMETERS, linearise_axis, linearise_projection, project
from kneeroll.kinematics.landmarks import DEPTHS
from kneeroll.kinematics.posture import (
    AT,
    FOLLOWED,
    HIP_FORWARD_AT,
    KNEE_RADIUS_M,
    LANDMARK_RESIDUALS,
    N_LENGTHS,
    N_PRIORS,
    N_SHARED,
    REST_AT,
    SEEN_RESIDUALS,
    UNKNOWN,
    N,
    Sight,
    joints,
    linearise,
    points,
)
from tests.kinematics.synthetic import SIZE_PX, camera_at, stretch

STEP = 1e-5
KINK = 1e-3


def _other_side(name):
    side, _, rest = name.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, name)


MIRROR = [UNKNOWN.index(_other_side(name)) for name in UNKNOWN]
TWINS = [1, 0, 3, 2, 5, 4, 7, 6]
FLIPS = np.array([-1.0 if name.endswith(("_roll", "_drop", "_x")) else 1.0 for name in UNKNOWN])
BY_NAME = pytest.mark.parametrize("model", [BLAZEPOSE, JOINTS, LYING], ids=["blazepose", "joints", "lying"])


@st.composite
def shareds(draw):
    """(30,): a camera all round, lengths, hip points and the posture at rest."""
    camera = camera_at(
        draw(st.floats(-180, 180)), draw(st.floats(0.3, 2.2)), draw(st.floats(1.2, 3.0)), focal=draw(st.floats(0.66, 1.1))
    )
    camera[5] = draw(st.floats(-0.2, 0.2))
    calibration = stretch(camera, np.zeros(1), stature_m=draw(st.floats(1.5, 1.95))).calibration
    rest = calibration.rest + np.array(draw(st.lists(st.floats(-0.02, 0.02), min_size=N, max_size=N)))
    return np.concatenate([camera, calibration.log_lengths, [draw(st.floats(0.0, 0.07))], rest])


@st.composite
def postures(draw):
    """(17,) unknowns away from the kinks: rolled and dropped to the same side, by more than nothing."""
    rest = stretch(camera_at(45, 1.2, 2.0), np.zeros(1)).calibration.rest
    side = draw(st.sampled_from([-1, 1]))
    x = rest + np.array(draw(st.lists(st.floats(-0.03, 0.03), min_size=N, max_size=N)))
    x[AT["pelvis_roll"]] = side * draw(st.floats(0.02, 0.9))
    x[AT["thorax_roll"]] = draw(st.sampled_from([-1, 1])) * draw(st.floats(0.02, 0.4))
    drop = side * draw(st.floats(0.05, 1.4))
    x[AT["left_drop"]], x[AT["right_drop"]] = drop + draw(st.floats(-0.03, 0.03)), drop
    return x


def sights(count=()):
    """What was seen of all points, one of them not, with depths."""
    random = np.random.default_rng(3)
    weight = random.uniform(0.05, 0.3, (*count, 8))
    weight[..., 6] = 0.0
    return Sight(
        random.uniform(100, 500, (*count, 8, 2)),
        weight,
        random.uniform(0.0, 1.0, (*count, 8)),
        random.normal(0.0, 0.2, (*count, len(DEPTHS))),
        random.uniform(2.0, 10.0, (*count, len(DEPTHS))),
    )


def differences(function, at):
    """Central differences of a function of a vector, by its last axis."""
    steps = STEP * np.eye(len(at))
    return np.stack([(function(at + step) - function(at - step)) / (2 * STEP) for step in steps], axis=-1)


def agree(found, expected, rel=2e-5):
    """Derivatives that agree, on the scale of the largest."""
    assert found.shape == expected.shape
    assert found == pytest.approx(expected, abs=rel * max(1.0, np.abs(expected).max()))


# ---- derivatives


@settings(max_examples=40, deadline=None, derandomize=True)
@given(shareds(), postures())
def test_joints_move_as_their_derivatives_say(shared, x):
    lengths = shared[CAMERA_PARAMETERS:HIP_FORWARD_AT]
    body = joints(lengths, x)
    agree(body.by_x, differences(lambda v: joints(lengths, v).position_m, x))
    agree(body.by_length, differences(lambda v: joints(v, x).position_m, lengths))


@BY_NAME
@settings(max_examples=40, deadline=None, derandomize=True)
@given(shareds(), postures(), st.integers(0, 99))
def test_points_move_as_their_derivatives_say(model, shared, x, seed):
    lengths, forward = shared[CAMERA_PARAMETERS:HIP_FORWARD_AT], shared[HIP_FORWARD_AT]
    pull = np.random.default_rng(seed).uniform(0, 1, 8)

    def at(lengths, x, forward):
        return points(joints(lengths, x), x, forward, model, pull).position_m

    found = points(joints(lengths, x), x, forward, model, pull)
    agree(found.by_x, differences(lambda v: at(lengths, v, forward), x))
    agree(found.by_length, differences(lambda v: at(v, x, forward), lengths))
    agree(found.by_hip_forward, differences(lambda v: at(lengths, x, v[0]), np.array([forward]))[..., 0])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(shareds(), postures())
def test_pixels_move_as_their_derivatives_say(shared, x):
    camera = shared[:CAMERA_PARAMETERS]
    at = joints(shared[CAMERA_PARAMETERS:HIP_FORWARD_AT], x).position_m
    px, by_point, by_camera = linearise_projection(camera, at, SIZE_PX)
    assert px == pytest.approx(project(camera, at, SIZE_PX))
    agree(by_camera, differences(lambda v: project(v, at, SIZE_PX), camera))
    by_all = differences(lambda v: project(camera, v.reshape(8, 3), SIZE_PX), at.ravel()).reshape(8, 2, 8, 3)
    agree(by_point, by_all[range(8), :, range(8), :])
    assert np.abs(by_all[0, :, 1]).max() == 0


@settings(max_examples=20, deadline=None, derandomize=True)
@given(shareds())
def test_the_direction_of_a_camera_turns_as_its_derivatives_say(shared):
    camera = shared[:CAMERA_PARAMETERS]
    axis, by_angles = linearise_axis(camera)
    ahead = project(camera, (camera[:3] + 2 * axis)[None], SIZE_PX)
    assert ahead[0] == pytest.approx((320, 240), abs=1e-6)
    agree(by_angles.T, differences(lambda v: linearise_axis(v)[0], camera)[:, 3:5])


@BY_NAME
@settings(max_examples=40, deadline=None, derandomize=True)
@given(shareds(), postures())
def test_residuals_change_as_their_derivatives_say(model, shared, x):
    height = joints(shared[CAMERA_PARAMETERS:HIP_FORWARD_AT], x).position_m[4:6, 2] - KNEE_RADIUS_M
    assume((np.abs(height) > KINK).all())

    def at(shared, x):
        return linearise(shared, x, sights(), model, SIZE_PX).residuals

    found = linearise(shared, x, sights(), model, SIZE_PX, with_shared=True)
    agree(found.by_x, differences(lambda v: at(shared, v), x))
    agree(found.by_shared, differences(lambda v: at(v, x), shared))


# ---- shapes


@BY_NAME
@pytest.mark.parametrize("count", [(), (1,), (5,), (2, 3)])
def test_many_frames_at_once_are_what_each_is_alone(model, count):
    random = np.random.default_rng(7)
    calibration = stretch(camera_at(45, 1.2, 2.0), np.zeros(1)).calibration
    x = calibration.rest + random.normal(0, 0.1, (*count, N))
    sight = sights(count)
    together = linearise(calibration.shared, x, sight, model, SIZE_PX, with_shared=True)
    rows = SEEN_RESIDUALS + N_PRIORS
    assert together.residuals.shape == (*count, rows)
    assert together.by_x.shape == (*count, rows, N)
    assert together.by_shared.shape == (*count, rows, N_SHARED)
    for i in np.ndindex(count):
        one = Sight(*(getattr(sight, name)[i] for name in ("target_px", "weight", "pull", "depth_m", "depth_weight")))
        alone = linearise(calibration.shared, x[i], one, model, SIZE_PX, with_shared=True)
        for name in ("residuals", "by_x", "by_shared"):
            assert getattr(together, name)[i] == pytest.approx(getattr(alone, name), abs=1e-9)


def test_the_order_of_what_is_shared_is_camera_lengths_hip_points_rest():
    assert (CAMERA_PARAMETERS, HIP_FORWARD_AT - CAMERA_PARAMETERS, REST_AT - HIP_FORWARD_AT) == (7, N_LENGTHS, 1)
    assert N_SHARED == REST_AT + N


# ---- what is known of a body


def test_a_landmark_that_was_not_seen_pulls_at_nothing():
    shared = stretch(camera_at(45, 1.2, 2.0), np.zeros(1)).calibration.shared
    found = linearise(shared, shared[REST_AT:], sights(), JOINTS, SIZE_PX, with_shared=True)
    for part in (found.residuals, found.by_x, found.by_shared):
        assert (part[2 * FOLLOWED.index("left_ankle") :][:2] == 0).all()


def test_at_rest_with_all_points_where_they_belong_nothing_is_left():
    calibration = stretch(camera_at(45, 1.2, 2.0), np.zeros(1)).calibration
    body = joints(calibration.log_lengths, calibration.rest)
    at = points(body, calibration.rest, np.array(0.0), JOINTS, np.zeros(8)).position_m
    px = project(calibration.camera, at, SIZE_PX)
    sight = replace(sights(), target_px=px, pull=np.zeros(8), depth_m=np.zeros(len(DEPTHS)))
    assert linearise(calibration.shared, calibration.rest, sight, JOINTS, SIZE_PX).residuals == pytest.approx(0, abs=1e-9)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(shareds(), postures())
def test_the_mirrored_posture_has_mirrored_joints(shared, x):
    lengths = shared[CAMERA_PARAMETERS:HIP_FORWARD_AT]
    other = joints(lengths, x[MIRROR] * FLIPS[MIRROR]).position_m
    assert other[TWINS] * (-1, 1, 1) == pytest.approx(joints(lengths, x).position_m, abs=1e-9)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(shareds(), postures())
def test_thighs_hips_and_shoulders_keep_their_lengths(shared, x):
    lengths = shared[CAMERA_PARAMETERS:HIP_FORWARD_AT]
    at = joints(lengths, x).position_m
    thigh = np.exp(lengths[3])
    for hip, knee in ((2, 4), (3, 5)):
        assert np.linalg.norm(at[knee] - at[hip]) == pytest.approx(thigh)
    for pair, length_at in ((0, 1), (2, 2)):
        assert np.linalg.norm(at[pair] - at[pair + 1]) == pytest.approx(2 * np.exp(lengths[length_at]))


def test_joints_at_rest_that_are_known_change_nothing():
    shared = stretch(camera_at(45, 1.2, 2.0), np.zeros(1)).calibration.shared
    at_rest = joints(shared[CAMERA_PARAMETERS:HIP_FORWARD_AT], shared[REST_AT:])
    found, known = (
        linearise(shared, shared[REST_AT:] + 0.1, sights(), BLAZEPOSE, SIZE_PX, with_shared=True, at_rest=given_)
        for given_ in (None, at_rest)
    )
    for name in ("residuals", "by_x", "by_shared"):
        assert getattr(known, name) == pytest.approx(getattr(found, name))


def test_residuals_count_landmarks_depths_and_priors():
    assert LANDMARK_RESIDUALS + len(DEPTHS) == SEEN_RESIDUALS
