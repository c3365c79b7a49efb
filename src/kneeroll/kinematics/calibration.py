"""What a whole session shares: camera, lengths, hip points and the posture at rest. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import body
from kneeroll.kinematics.camera import CAMERA_PARAMETERS, Place, place_of
from kneeroll.kinematics.landmarks import LandmarkModel
from kneeroll.kinematics.posture import AT, FITTED_LENGTHS, HIP_FORWARD_AT, N_SHARED, REST_AT, N
from kneeroll.kinematics.start import (
    LOG_FOCAL,
    LOG_FOCAL_SIGMA,
    POSTURE,
    POSTURE_MEAN,
    POSTURE_SIGMA,
    StartPosition,
    landmarks_at_rest,
)
from kneeroll.poses import Floats

_FROM_START = {
    **{name: name for name in ("pelvis_roll", "thorax_roll", "left_drop", "right_drop", "left_reach", "right_reach")},
    "hip_z": "hip_height",
    "shoulder_z": "shoulder_height",
    "left_ankle_x": "left_ankle_x",
    "right_ankle_x": "right_ankle_x",
    "left_ankle_z": "ankle_height",
    "right_ankle_z": "ankle_height",
}
"""Unknowns at rest, and what the start position calls them."""
ORIGIN_SIGMA_M = 0.005
"""The world's origin is at the mid-hip."""
CAMERA_SIGMA = np.array([0.5, 0.5, 0.5, 0.3, 0.3, 0.04, LOG_FOCAL_SIGMA])
"""What is known of the camera beforehand: next to nothing of its place, that it is level, and its lens."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """shared (30,) in the order of `posture.linearise`; what was known of it beforehand: mean (30,) and covariance (30, 30)."""

    shared: Floats
    prior_mean: Floats
    prior_covariance: Floats
    size_px: tuple[int, int]

    @property
    def camera(self) -> Floats:
        return self.shared[:CAMERA_PARAMETERS]

    @property
    def place(self) -> Place:
        return place_of(self.camera)

    @property
    def log_lengths(self) -> Floats:
        return self.shared[CAMERA_PARAMETERS:HIP_FORWARD_AT]

    @property
    def rest(self) -> Floats:
        """(17,) the unknowns of a frame at rest."""
        return self.shared[REST_AT:]

    def pixels_per_metre(self) -> float:
        """At the mid-hip."""
        focal_px = float(np.exp(self.camera[6])) * max(self.size_px)
        return focal_px / max(self.place.distance_m, 0.3)

    def sigma_px(self, model: LandmarkModel) -> Floats:
        """(8,) standard deviation of the points of `FOLLOWED`, pixels."""
        return np.repeat(model.sigmas_m(self.place.view), 2) * self.pixels_per_metre()


def _prior(start: StartPosition, model: LandmarkModel) -> tuple[Floats, Floats]:
    """Mean (30,) and covariance (30, 30) before anything is seen: lengths follow stature, the rest stands alone.

    Of the camera's place nothing is known: its mean is where the start position found it.
    """
    mean, covariance = np.zeros(N_SHARED), np.zeros((N_SHARED, N_SHARED))
    mean[:CAMERA_PARAMETERS] = start.camera
    mean[5], mean[6] = 0.0, LOG_FOCAL
    which = [body.LENGTHS.index(name) for name in FITTED_LENGTHS]
    lengths = slice(CAMERA_PARAMETERS, HIP_FORWARD_AT)
    mean[lengths] = np.log(body.STATURE_M * body.FRACTIONS[which])
    mean[HIP_FORWARD_AT] = model.hip_forward_m
    covariance[range(CAMERA_PARAMETERS), range(CAMERA_PARAMETERS)] = CAMERA_SIGMA**2
    covariance[lengths, lengths] = body.STATURE_SIGMA**2 + np.diag(body.FRACTION_SIGMA[which] ** 2)
    covariance[HIP_FORWARD_AT, HIP_FORWARD_AT] = model.hip_forward_sigma_m**2
    rest, sigma = mean[REST_AT:], np.full(N, ORIGIN_SIGMA_M)
    for name, source in _FROM_START.items():
        rest[AT[name]], sigma[AT[name]] = POSTURE_MEAN[POSTURE.index(source)], POSTURE_SIGMA[POSTURE.index(source)]
    ankles = _ankles(start, model)
    for side in ("left", "right"):
        rest[AT[f"{side}_ankle_y"]], sigma[AT[f"{side}_ankle_y"]] = ankles[side][1], 0.1
    covariance[range(REST_AT, N_SHARED), range(REST_AT, N_SHARED)] = sigma**2
    return mean, covariance


def _ankles(start: StartPosition, model: LandmarkModel) -> dict[str, Floats]:
    points = landmarks_at_rest(start.lengths_m, start.posture, np.array(start.stature_m), model)
    return {side: points[BODY.index(f"{side}_ankle")] for side in ("left", "right")}


def from_start(start: StartPosition, model: LandmarkModel) -> Calibration:
    """The calibration that the start position gives."""
    mean, covariance = _prior(start, model)
    shared = mean.copy()
    shared[:CAMERA_PARAMETERS] = start.camera
    lengths = dict(zip(body.LENGTHS, start.lengths_m, strict=True))
    shared[CAMERA_PARAMETERS:HIP_FORWARD_AT] = np.log([lengths[name] for name in FITTED_LENGTHS])
    rest = shared[REST_AT:]
    for name, source in _FROM_START.items():
        rest[AT[name]] = start.angle(source)
    for side, at in _ankles(start, model).items():
        for axis, value in zip("xyz", at, strict=True):
            rest[AT[f"{side}_ankle_{axis}"]] = value
    return Calibration(shared, mean, covariance, start.size_px)
