"""What a session shares: from the start position, with what is known of it before anything has moved."""

from dataclasses import replace

import numpy as np
import pytest

from kneeroll.kinematics import BLAZEPOSE, JOINTS
from kneeroll.kinematics.calibration import from_start
from kneeroll.kinematics.posture import FITTED_LENGTHS, N_SHARED, ROWS, joints, points
from kneeroll.kinematics.start import landmarks_at_rest
from tests.kinematics.synthetic import PLACES, SIZE_PX, camera_of, start_position

BY_MODEL = pytest.mark.parametrize("model", [BLAZEPOSE, JOINTS], ids=["blazepose", "joints"])


def calibration_of(view="quarter_foot", model=JOINTS, stature_m=1.70):
    return from_start(start_position(camera_of(view), stature_m), model)


@pytest.mark.parametrize("stature_m", [1.55, 1.70, 1.90])
def test_the_start_position_comes_back(stature_m):
    start = start_position(camera_of("quarter_foot"), stature_m)
    calibration = from_start(start, JOINTS)
    assert calibration.camera == pytest.approx(start.camera)
    assert calibration.place == start.place
    assert calibration.size_px == SIZE_PX
    assert np.exp(calibration.log_lengths) == pytest.approx(start.lengths_m[: len(FITTED_LENGTHS)])
    assert joints(calibration.log_lengths, calibration.rest).position_m == pytest.approx(
        landmarks_at_rest(start.lengths_m, start.posture, np.array(stature_m), JOINTS)[ROWS]
    )


@BY_MODEL
def test_points_at_rest_are_where_the_start_position_has_them(model):
    start = start_position(camera_of("quarter_head"))
    calibration = from_start(start, model)
    body = joints(calibration.log_lengths, calibration.rest)
    found = points(body, calibration.rest, np.array(model.hip_forward_m), model, np.zeros(8)).position_m
    expected = landmarks_at_rest(start.lengths_m, start.posture, np.array(start.stature_m), model)[ROWS]
    assert found == pytest.approx(expected, abs=0.002)


@BY_MODEL
@pytest.mark.parametrize("view", PLACES)
def test_what_is_known_beforehand_is_a_proper_covariance(view, model):
    calibration = calibration_of(view, model)
    covariance = calibration.prior_covariance
    assert covariance.shape == (N_SHARED, N_SHARED)
    assert covariance == pytest.approx(covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0


def test_lengths_are_known_to_grow_together():
    covariance = calibration_of().prior_covariance[7:12, 7:12]
    sigma = np.sqrt(np.diag(covariance))
    between = covariance / np.outer(sigma, sigma)
    assert between[np.triu_indices(5, 1)] == pytest.approx(np.full(10, 0.35), abs=0.15)


def test_a_lens_twice_as_long_or_half_the_distance_is_twice_the_pixels():
    calibration = calibration_of()
    longer, nearer = calibration.shared.copy(), calibration.shared.copy()
    longer[6] += np.log(2)
    nearer[:3] /= 2
    once = calibration.pixels_per_metre()
    assert replace(calibration, shared=longer).pixels_per_metre() == pytest.approx(2 * once)
    assert replace(calibration, shared=nearer).pixels_per_metre() == pytest.approx(2 * once)
    assert calibration.sigma_px(BLAZEPOSE) == pytest.approx(np.repeat(BLAZEPOSE.sigma_m, 2) * once)
