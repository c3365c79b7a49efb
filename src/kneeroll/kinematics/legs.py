"""Hip and knee angles of each leg while the person lies on the back and the legs go their own ways. Pure and causal.

The knee rolls have a fit of their own (`posture`), in which both legs swing together. Here every leg is two rods of known length
that hang from the hip: the start position gave the camera, the lengths and the hips, and the points of knee and ankle in the
picture say where the rods point. A picture alone cannot tell whether a rod points toward the camera or away; that a leg moves
little to the side, that knees bend one way only and that nothing goes through the floor tells most of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics.calibration import Calibration
from kneeroll.kinematics.camera import project
from kneeroll.kinematics.columns import columns
from kneeroll.kinematics.landmarks import LandmarkModel
from kneeroll.kinematics.posture import joints
from kneeroll.kinematics.solver import numeric, solve
from kneeroll.poses import Floats, Legs, PoseFrame, View

ROWS = BODY.indices("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")
PELVIS_SIGMA_M = np.array([0.02, 0.03, 0.02])
"""How far the mid-hip wanders from the start position: sideways, along the body, up (it tilts as the thighs come close)."""
ASIDE_SIGMA = np.radians(12.0)
"""How far thigh and shank leave the plane along the body: the knees of the companions stay before their hips."""
THIGH_MEAN, THIGH_SIGMA = np.radians(70.0), np.radians(60.0)
BEND_SIGMA = np.radians(4.0)
"""How far a knee may seem to bend the wrong way."""
SEARCH_S = 0.5
"""A leg is looked for anew this often: what was a poor guess once must not stay."""
CLEAR_M = np.array([0.045, 0.045, 0.025, 0.025])
"""How high the middles of knees and ankles are at least."""
FLOOR_SIGMA_M = 0.015
GUESSES = np.radians([[50.0, -50.0], [10.0, 5.0], [100.0, 0.0], [125.0, 20.0], [60.0, 60.0]])
"""Thigh and shank, toward the feet 0, straight up 90: in the start position, straight, at the chest, drawn in, raised."""
MISFIT = 3.0
"""Root mean square of the points' residuals beyond which the legs are not those of this person."""
LEAST_ERROR_DEG = 6.0
"""What the fit does not see: the network's points are off by the same for seconds on end."""
BLIND = (View.HEAD_END, View.FOOT_END)
"""From the ends a leg hides behind itself: rendered people were off by more than 30 degrees in every second leg."""
SHIFT, SEEN = 3, 2 * len(ROWS)


@dataclass
class LegReader:
    """Follows both legs, one frame after another.

    hips_m (2, 3), thigh and shank (m) as the start position had them.
    """

    calibration: Calibration
    model: LandmarkModel
    _before: Floats | None = field(default=None, init=False)
    _searched_s: float = field(default=-np.inf, init=False)

    def __post_init__(self) -> None:
        *_, thigh, shank = np.exp(self.calibration.log_lengths)
        self._thigh_m, self._shank_m = float(thigh), float(shank)
        self._hips_m = joints(self.calibration.log_lengths, self.calibration.rest).position_m[2:4]
        self._sigma_px = self.calibration.sigma_px(self.model)[2:]

    def read(self, pose: PoseFrame) -> Legs:
        """Angles of both legs in one frame, NaN where they cannot be told. Takes 2 ms, a look all round 35 ms."""
        px = pose.image_px[ROWS]
        if self.calibration.place.view in BLIND or not np.isfinite(px).all():
            return Legs.unseen(pose.t_s)
        weight = 1.0 / np.hypot(self._sigma_px, np.nan_to_num(pose.spread_px[ROWS]))[:, None]

        def residuals(x: Floats) -> Floats:
            points, thigh, shank, aside = self._points(x)
            in_picture = (project(self.calibration.camera, points, self.calibration.size_px) - px) * weight
            return np.concatenate(
                [
                    in_picture.reshape(*x.shape[:-1], SEEN),
                    x[..., :SHIFT] / PELVIS_SIGMA_M,
                    aside / ASIDE_SIGMA,
                    (thigh - THIGH_MEAN) / THIGH_SIGMA,
                    np.minimum(thigh - shank, 0.0) / BEND_SIGMA,
                    np.minimum(points[..., 2:, 2] - CLEAR_M, 0.0) / FLOOR_SIGMA_M,
                ],
                axis=-1,
            )

        found = solve(numeric(residuals), self._guesses(pose.t_s), soft=SEEN, scale=2.5, iterations=15)
        best = int(np.argmin(found.cost))
        if np.sqrt(np.mean(found.residuals[best, :SEEN] ** 2)) > MISFIT:
            return Legs.unseen(pose.t_s)
        self._before = found.parameters[best]
        return _angles(pose.t_s, self._before, found.information[best])

    def _guesses(self, t_s: float) -> Floats:
        """Where to begin: as the legs were, and now and then all round."""
        before = [] if self._before is None else [self._before]
        if before and t_s - self._searched_s < SEARCH_S:
            return np.array(before)
        self._searched_s = t_s
        return np.array([*_ALL_ROUND, *before])

    def _points(self, x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Hips, knees, ankles (..., 6, 3) as the network draws them; thighs, shanks (..., 2), and both aside (..., 4)."""
        thigh, thigh_aside, shank, shank_aside = _legs(x)
        along = _direction(thigh, thigh_aside)
        hips = self._hips_m + x[..., None, :SHIFT]
        knees = hips + self._thigh_m * along
        ankles = knees + self._shank_m * _direction(shank, shank_aside)
        hips = hips + np.array([0.0, 0.0, self.model.hip_forward_m])
        points = np.concatenate([hips, knees + self.model.knee_along_m * along, ankles], axis=-2)
        return points, thigh, shank, np.concatenate([thigh_aside, shank_aside], axis=-1)


def _legs(x: Floats) -> Floats:
    """Thighs above the floor, aside, shanks above the floor, aside: (4, ..., 2), radians."""
    return columns(x[..., SHIFT:].reshape(*x.shape[:-1], 2, 4))


def _direction(above: Floats, aside: Floats) -> Floats:
    """Unit vectors (..., 3): `above` the floor from the feet (0) over straight up toward the head, `aside` to the left."""
    return np.stack([np.sin(aside), -np.cos(above) * np.cos(aside), np.sin(above) * np.cos(aside)], axis=-1)


def _bends(x: Floats) -> Floats:
    """The angles of `LEG_ANGLES` (..., 4), radians."""
    thigh, thigh_aside, shank, shank_aside = _legs(x)
    straight = (_direction(thigh, thigh_aside) * _direction(shank, shank_aside)).sum(-1)
    return np.concatenate([thigh, np.arccos(np.clip(straight, -1.0, 1.0))], axis=-1)


def _angles(t_s: float, x: Floats, information: Floats) -> Legs:
    """The angles with their standard errors, from the fit's covariance."""
    value, jacobian = (each[0] for each in numeric(_bends)(x[None]))
    covariance = np.linalg.inv(information + 1e-9 * np.eye(len(x)))
    variance = np.einsum("mi,ij,mj->m", jacobian, covariance, jacobian)
    errors = np.hypot(np.degrees(np.sqrt(variance)), LEAST_ERROR_DEG)
    return Legs(t_s, tuple(np.degrees(value).tolist()), tuple(errors.tolist()))


_ALL_ROUND = [np.concatenate([np.zeros(SHIFT), *([t, 0.0, s, 0.0] for t, s in legs)]) for legs in product(GUESSES, GUESSES)]
