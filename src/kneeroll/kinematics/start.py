"""Learn the start position: from one averaged picture of a person lying still, knees up, to camera, lengths and posture.

The person is the ruler: lengths follow stature, the back and the feet are on the floor, the camera is roughly level.
Many cameras are tried at once and the one that explains the picture best is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import body
from kneeroll.kinematics.camera import CAMERA_PARAMETERS, Place, looking_at, place_of, project
from kneeroll.kinematics.columns import columns
from kneeroll.kinematics.landmarks import LandmarkModel
from kneeroll.kinematics.solver import numeric, solve
from kneeroll.poses import Floats

LOG_FOCAL, LOG_FOCAL_SIGMA = float(np.log(0.80)), 0.15
"""Focal length over the longer side: 0.80 is a field of view of 64 degrees; webcams and phones have 52 to 80 degrees."""

SOFT_PX = {
    "hip": 14.0,
    "shoulder": 8.0,
    "knee": 5.0,
    "ankle": 10.0,
    "elbow": 12.0,
    "wrist": 16.0,
    "ear": 14.0,
    "nose": 14.0,
    "heel": 14.0,
    "toe": 16.0,
}
"""Standard deviation of a landmark in a picture 640 px long, from rendered people (median error 4-9 % of the torso)."""

# name, prior mean, prior standard deviation (radians, metres)
_POSTURE = (
    ("left_reach", 0.80, 0.20), ("right_reach", 0.80, 0.20),
    ("left_drop", 0.03, 0.06), ("right_drop", -0.03, 0.06),
    ("pelvis_roll", 0.0, 0.03), ("thorax_roll", 0.0, 0.03),
    ("hip_height", 0.088, 0.012), ("shoulder_height", 0.088, 0.015),
    ("left_ankle_x", 0.07, 0.07), ("right_ankle_x", -0.07, 0.07), ("ankle_height", 0.07, 0.012),
    ("left_arm", 1.45, 0.35), ("right_arm", 1.45, 0.35), ("left_forearm", 1.45, 0.4), ("right_forearm", 1.45, 0.4),
    ("left_toe_out", 0.1, 0.3), ("right_toe_out", 0.1, 0.3),
)  # fmt: skip
POSTURE = tuple(name for name, _, _ in _POSTURE)
POSTURE_MEAN = np.array([m for _, m, _ in _POSTURE])
POSTURE_SIGMA = np.array([s for _, _, s in _POSTURE])
_N_LENGTHS = 1 + len(body.LENGTHS)
_SCALE = np.concatenate(
    [[0.3, 0.3, 0.3, 0.1, 0.1, 0.05, LOG_FOCAL_SIGMA], [body.STATURE_SIGMA], body.FRACTION_SIGMA, POSTURE_SIGMA]
)
"""The solver works in units of these, so that every unknown is of order one."""


def landmark_sigma_px(long_side_px: int) -> Floats:
    """(K,) standard deviation of each landmark of `BODY` in pixels."""
    return np.array([SOFT_PX[name.split("_")[-1]] for name in BODY.landmarks]) * long_side_px / 640


@dataclass(frozen=True, slots=True)
class StartPosition:
    """What was learned from the start position.

    camera (7,), lengths_m (7,) in the order of `body.LENGTHS`, posture (len(POSTURE),), place of the camera;
    misfit: root mean square of the landmark residuals in units of their standard deviation (1 is usual);
    """

    camera: Floats
    stature_m: float
    lengths_m: Floats
    posture: Floats
    place: Place
    misfit: float
    size_px: tuple[int, int]

    def angle(self, name: str) -> float:
        """A value of the posture by name, radians or metres."""
        return float(self.posture[POSTURE.index(name)])


def landmarks_at_rest(lengths: Floats, posture: Floats, stature: Floats, model: LandmarkModel) -> Floats:
    """The network's points (..., K, 3) in the order of `BODY` for lengths (..., 7), posture (..., 17), stature (...)."""
    torso, shoulder_half, hip_half, thigh, shank, upper_arm, forearm = columns(lengths)
    p = dict(zip(POSTURE, columns(posture), strict=True))
    zero = np.zeros_like(torso)
    mid_hip = np.stack([zero, zero, p["hip_height"]], axis=-1)
    mid_shoulder = np.stack([zero, torso, p["shoulder_height"]], axis=-1)
    hips = body.across(mid_hip, hip_half, p["pelvis_roll"])
    shoulders = body.across(mid_shoulder, shoulder_half, p["thorax_roll"])
    front = body.forward(p["pelvis_roll"]) * model.hip_forward_m
    headward = np.array([0.0, model.shoulder_headward_m, 0.0])
    k = stature / body.STATURE_M
    found: dict[str, Floats] = {
        "nose": mid_shoulder + np.stack([zero, 0.245 * k, 0.13 * k], -1),
        "left_ear": mid_shoulder + np.stack([0.085 * k, 0.235 * k, 0.0 * k], -1),
        "right_ear": mid_shoulder + np.stack([-0.085 * k, 0.235 * k, 0.0 * k], -1),
    }
    for side, sign, hip, shoulder in (("left", 1.0, hips[0], shoulders[0]), ("right", -1.0, hips[1], shoulders[1])):
        along = body.thigh_direction(p[f"{side}_drop"], p[f"{side}_reach"])
        knee = hip + thigh[..., None] * along
        dx = p[f"{side}_ankle_x"] - knee[..., 0]
        dz = p["ankle_height"] - knee[..., 2]
        dy = -np.sqrt(np.maximum(shank**2 - dx**2 - dz**2, 1e-4))
        ankle = knee + np.stack([dx, dy, dz], -1)
        toe_out = sign * p[f"{side}_toe_out"]
        foot = np.stack([np.sin(toe_out), -np.cos(toe_out), zero], -1) * k[..., None]
        arm, fore = p[f"{side}_arm"], p[f"{side}_forearm"]
        elbow = shoulder + upper_arm[..., None] * np.stack([sign * np.sin(arm), -np.cos(arm), zero], -1)
        elbow = elbow - np.stack([zero, zero, 0.04 + zero], -1)
        wrist = elbow + forearm[..., None] * np.stack([sign * np.sin(fore), -np.cos(fore), zero], -1)
        down = np.stack([zero, zero, -0.05 * k], -1)
        found |= {
            f"{side}_hip": hip + front, f"{side}_shoulder": shoulder + headward,
            f"{side}_knee": knee + model.knee_along_m * along, f"{side}_ankle": ankle,
            f"{side}_elbow": elbow, f"{side}_wrist": wrist,
            f"{side}_heel": ankle - 0.05 * foot + down, f"{side}_toe": ankle + 0.19 * foot + down,
        }  # fmt: skip
    return np.stack([found[name] for name in BODY.landmarks], axis=-2)


def _unpack(x: Floats, origin: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    values = origin + x * _SCALE
    camera = values[..., :CAMERA_PARAMETERS]
    stature_ratio, *length_ratios = np.exp(columns(values[..., CAMERA_PARAMETERS : CAMERA_PARAMETERS + _N_LENGTHS]))
    stature = body.STATURE_M * stature_ratio
    lengths = stature[..., None] * body.FRACTIONS * np.stack(length_ratios, axis=-1)
    return camera, stature, lengths, values[..., CAMERA_PARAMETERS + _N_LENGTHS :]


def _first_guesses() -> Floats:
    """Level cameras all round, two heights, two distances, aimed at the belly."""
    places = [
        (d * np.sin(a), -d * np.cos(a), h) for a, h, d in product(np.radians(np.arange(0, 360, 30)), (0.6, 1.3), (1.7, 2.4))
    ]
    places += [(0.2 * np.sin(a), -0.2 * np.cos(a), 2.2) for a in np.radians(np.arange(0, 360, 45))]
    cameras = np.array([looking_at(float(x), float(y), float(z), (0.0, 0.1, 0.1), LOG_FOCAL) for x, y, z in places])
    rest = np.concatenate([np.zeros(_N_LENGTHS), POSTURE_MEAN])
    return np.hstack([cameras, np.broadcast_to(rest, (len(cameras), len(rest)))])


def learn_start(image_px: Floats, size_px: tuple[int, int], model: LandmarkModel, *, keep: int = 6) -> StartPosition:
    """Fit camera, lengths and posture to averaged landmarks (K, 2) of the still start position.

    NaN landmarks are left out. Takes about 0.3 s.
    """
    sigma = landmark_sigma_px(max(size_px))
    seen = np.asarray(np.isfinite(image_px).all(-1))
    target = np.where(seen[:, None], image_px, 0.0)
    weight = np.where(seen, 1.0 / sigma, 0.0)[:, None]
    prior = np.concatenate([[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0], np.ones(_N_LENGTHS), np.ones(len(POSTURE))])
    soft = 2 * len(sigma)

    def fit(origin: Floats, iterations: int) -> tuple[Floats, Floats, Floats]:
        def residuals(x: Floats) -> Floats:
            at, off = (origin, pull) if x.ndim == 2 else (origin[:, None, :], pull[:, None, :])
            camera, stature, lengths, posture = _unpack(x, at)
            px = project(camera, landmarks_at_rest(lengths, posture, stature, model), size_px)
            r = ((px - target) * weight).reshape(*x.shape[:-1], soft)
            camera_height = (camera[..., 2:3] - 1.2) / 0.6
            return np.concatenate([r, (off + x) * prior, camera_height], axis=-1)

        centre = origin.copy()
        centre[:, CAMERA_PARAMETERS:] = rest
        centre[:, 6] = LOG_FOCAL
        centre[:, 5] = 0.0
        pull = (origin - centre) / _SCALE
        found = solve(numeric(residuals), np.zeros_like(origin), soft=soft, scale=3.0, iterations=iterations)
        return origin + found.parameters * _SCALE, found.cost, found.residuals[:, :soft]

    guesses = _first_guesses()
    rest = guesses[0, CAMERA_PARAMETERS:]
    rough, cost, _ = fit(guesses, 8)
    best = np.argsort(np.where(np.isfinite(cost), cost, np.inf))[:keep]
    fine, cost, left = fit(rough[best], 40)
    i = int(np.argmin(cost))
    camera, stature, lengths, posture = _unpack(np.zeros(fine.shape[1]), fine[i])
    misfit = float(np.sqrt(np.mean(left[i][np.repeat(seen, 2)] ** 2))) if seen.any() else np.inf
    return StartPosition(camera, float(stature), lengths, posture, place_of(camera), misfit, size_px)
