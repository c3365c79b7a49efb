"""Standard errors of the angles: what cannot be seen is doubted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneeroll.kinematics import JOINTS, LandmarkModel
from kneeroll.kinematics.belief import Seen
from kneeroll.kinematics.follow import Fit, Follower
from kneeroll.kinematics.landmarks import DEPTHS
from kneeroll.kinematics.posture import AT, ROWS, N
from kneeroll.kinematics.uncertainty import FLOOR_DEG, standard_errors
from kneeroll.poses import ANGLES, Floats
from tests.kinematics.synthetic import camera_at, camera_of, pictures, stretch

NOISY = replace(JOINTS, sigma_m=(0.025,) * 4)


def posture(covariance: Floats) -> Fit:
    return Fit(0.0, np.zeros(N), np.zeros((8, 3)), covariance, 0.5)


def errors(covariance: Floats, drop_deg: float = 40.0) -> dict[str, float]:
    return dict(zip((*ANGLES, "shoulder_lift_m"), standard_errors(posture(covariance), drop_deg, JOINTS), strict=True))


def errors_from(camera: Floats, drop_deg: float, model: LandmarkModel = JOINTS) -> dict[str, float]:
    """As they are stated for knees held at this drop."""
    shown = stretch(camera, np.array([0.0]), drop_deg)
    (pose,) = pictures(shown, model)
    fit = Follower(shown.calibration, model).follow(
        0.0, Seen(pose.image_px[ROWS], np.full(8, np.nan), np.full(len(DEPTHS), np.nan))
    )
    return dict(zip((*ANGLES, "shoulder_lift_m"), standard_errors(fit, drop_deg, model), strict=True))


def spread(*names: str, deg: float = 8.0) -> Floats:
    """The covariance of postures in which these unknowns turn together."""
    turned = np.zeros(N)
    turned[[AT[name] for name in names]] = np.radians(deg)
    return np.outer(turned, turned)


# ---- from a covariance to the angles


def test_nothing_is_better_known_than_the_floor():
    assert all(errors(np.zeros((N, N)))[name] == FLOOR_DEG for name in ANGLES)


def test_a_spread_is_carried_to_the_angles_it_turns_and_to_no_other():
    pelvis = errors(spread("pelvis_roll"))
    assert {name for name in ANGLES if pelvis[name] > FLOOR_DEG + 1} == {"pelvis_roll_deg", "trunk_twist_deg", "hip_swing_deg"}
    knees = errors(spread("left_drop", "right_drop"))
    assert {name for name in ANGLES if knees[name] > FLOOR_DEG + 1} == {"knee_drop_deg", "hip_swing_deg"}


@pytest.mark.parametrize(
    ("together", "difference"),
    [(("pelvis_roll", "thorax_roll"), "trunk_twist_deg"), (("left_drop", "right_drop", "pelvis_roll"), "hip_swing_deg")],
)
def test_what_two_angles_share_cancels_in_their_difference(together, difference):
    assert errors(spread(*together))[difference] == pytest.approx(FLOOR_DEG)


def test_a_doubted_chest_makes_a_doubted_shoulder():
    assert errors(spread("thorax_roll"))["shoulder_lift_m"] > 1.5 * errors(np.zeros((N, N)))["shoulder_lift_m"]


@pytest.mark.parametrize("side", [1, -1])
def test_errors_grow_with_the_angle_and_with_the_spread_to_either_side(side):
    noise = np.eye(N) * 0.04**2
    near, deep, doubted = (
        standard_errors(posture(by), side * drop, JOINTS) for by, drop in ((noise, 2.0), (noise, 40.0), (4 * noise, 40.0))
    )
    assert all(a > b > c > 0 for a, b, c in zip(doubted, deep, near, strict=True))


# ---- from landmarks to the angles


@pytest.mark.parametrize("view", ["quarter_foot", "quarter_head", "side", "above", "head_end"])
def test_errors_grow_with_the_noise_of_the_landmarks(view):
    sharp, blurred = (errors_from(camera_of(view), 40.0, model) for model in (JOINTS, NOISY))
    assert all(blurred[name] > 1.1 * sharp[name] for name in ANGLES)


@pytest.mark.parametrize("side", [1, -1])
def test_from_low_beside_the_person_knees_that_sink_away_are_doubted(side):
    beside = camera_at(90 * side, 0.5, 2.0)
    away, toward = errors_from(beside, -40.0 * side, NOISY), errors_from(beside, 40.0 * side, NOISY)
    assert away["knee_drop_deg"] > 1.3 * toward["knee_drop_deg"]


def test_from_above_both_sides_are_alike():
    left, right = (errors_from(camera_at(0, 2.4, 0.3), drop, NOISY)["knee_drop_deg"] for drop in (40.0, -40.0))
    assert left == pytest.approx(right, rel=0.15)


@pytest.mark.parametrize("drop_deg", [40.0, -40.0])
def test_from_above_the_roll_of_the_chest_is_doubted_and_from_beside_it_is_not(drop_deg):
    above, beside = (errors_from(camera_of(view), drop_deg, NOISY)["thorax_roll_deg"] for view in ("above", "side"))
    assert above > 1.5 * beside
