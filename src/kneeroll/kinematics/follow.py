"""Follow the body from the start position: one frame after another, from the last one's answer. Pure.

The camera and the lengths are known by now, so a frame has few unknowns: how far pelvis, thorax and each thigh have turned,
and a little slack for hips, shoulders and ankles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneeroll.kinematics.belief import CELLS_RAD, Cells, Seen, believe, fit, whole_grid
from kneeroll.kinematics.calibration import Calibration
from kneeroll.kinematics.columns import columns
from kneeroll.kinematics.landmarks import LandmarkModel
from kneeroll.kinematics.posture import AT, joints
from kneeroll.poses import Floats

LOST_S = 0.5
"""After so long without a frame nobody knows where the knees went: all drops are tried anew."""
NEAR = 8.0
"""Drops that are less likely than the likeliest by more than this (natural logarithm) are only looked at now and then."""
NOW_AND_THEN, STRIDE = 2, 5
"""So many of these in each frame, so far apart that all get their turn: the stride has no factor in common with their number."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted frame. values (17,) in the order of `UNKNOWN`, radians and metres, not relative to the start.

    position_m (8, 3) of `FOLLOWED`; covariance (17, 17) of the values; misfit as in `StartPosition`.
    """

    t_s: float
    values: Floats
    position_m: Floats
    covariance: Floats
    misfit: float

    def value(self, name: str) -> float:
        return float(self.values[AT[name]])

    @property
    def knee_drop_rad(self) -> float:
        """The line from mid-hip to mid-knee in the plane across the body, from vertical, + left."""
        d = self.position_m[4:6].mean(0) - self.position_m[2:4].mean(0)
        return float(np.arctan2(d[0], d[2]))

    @property
    def leg_drops_rad(self) -> tuple[float, float]:
        """The same for each leg."""
        d = self.position_m[4:6] - self.position_m[2:4]
        across, _, up = columns(d)
        left, right = np.arctan2(across, up)
        return float(left), float(right)


def posture_of(t_s: float, cells: Cells, calibration: Calibration) -> Fit:
    """What all cells of a frame, in the order of `CELLS_RAD`, say together."""
    belief = believe(cells)
    at = joints(calibration.log_lengths, belief.mean).position_m
    return Fit(t_s, belief.mean, at, belief.covariance, float(cells.misfit[np.argmin(cells.cost)]))


class Follower:
    """Fits one frame after another. Holds the calibration and the last frame's postures, nothing else."""

    def __init__(self, calibration: Calibration, model: LandmarkModel) -> None:
        self.calibration, self.model = calibration, model
        self._t_s = -np.inf
        self._cells: Cells | None = None
        self._next = 0

    def follow(self, t_s: float, seen: Seen) -> Fit:
        """Fit one frame."""
        if self._cells is None or not 0 <= t_s - self._t_s < LOST_S:
            self._cells = whole_grid(self.calibration, self.model, seen)
        else:
            which = near(self._cells.cost)
            for _ in range(NOW_AND_THEN):
                which[self._next] = True
                self._next = (self._next + STRIDE) % len(CELLS_RAD)
            rows = seen.repeated(int(which.sum()))
            better = fit(self.calibration, self.model, rows, CELLS_RAD[which], self._cells.x[which], iterations=1)
            self._cells = self._cells.updated(which, better)
        self._t_s = t_s
        return posture_of(t_s, self._cells, self.calibration)


def near(cost: Floats) -> NDArray[np.bool_]:
    """Which cells (..., C) are likely, or beside a likely one."""
    likely = cost < cost.min(-1, keepdims=True) + NEAR
    beside = likely.copy()
    beside[..., 1:] |= likely[..., :-1]
    beside[..., :-1] |= likely[..., 1:]
    return np.asarray(beside)
