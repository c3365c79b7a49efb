"""How likely each knee drop is in one frame: the posture is fitted for every drop of a grid, the knees held there. Pure.

From some places very different drops look nearly alike (knees that sink away from a low camera beside the person, say): the
likeliest one would be given with a small error and be wrong. The mean over all that the picture allows, and its spread,
are true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneeroll.kinematics.calibration import Calibration
from kneeroll.kinematics.curves import between
from kneeroll.kinematics.landmarks import LandmarkModel, covered
from kneeroll.kinematics.posture import AT, LANDMARK_RESIDUALS, PELVIS_SHARE, SEEN_RESIDUALS, SIGMA, N, Sight, joints, linearise
from kneeroll.kinematics.solver import solve
from kneeroll.poses import Floats

FINE = 10
"""A cell is ten degrees wide."""
FINE_RAD = np.radians(np.arange(-110.0, 110.1, 1.0))
CELLS_RAD = FINE_RAD[::FINE]
"""The drops that are tried, from the posture at rest."""
HELD_SIGMA = 0.01
"""Radians: how firmly the knees are held at the drop of their cell."""
SCALE = np.minimum(SIGMA, 0.3)
"""The solver works in units of these."""
ROBUST_SCALE = 3.0
_DROPS = [AT["left_drop"], AT["right_drop"]]
_BETWEEN = np.clip(1.0 - np.abs(FINE_RAD[:, None] - CELLS_RAD) / (CELLS_RAD[1] - CELLS_RAD[0]), 0.0, 1.0)
"""(fine, cells) linear interpolation."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network saw; NaN = not seen.

    image_px (..., 8, 2) of `FOLLOWED`; spread_px (..., 8) by how much it thinks that each is off, NaN = it does not say;
    depth_m (..., 3) of `DEPTHS` since the start.
    """

    image_px: Floats
    spread_px: Floats
    depth_m: Floats

    @classmethod
    def stacked(cls, frames: Sequence[Seen]) -> Seen:
        """Many frames in one."""
        return cls(*(np.array([getattr(s, name) for s in frames]) for name in cls.__slots__))

    def repeated(self, count: int) -> Seen:
        """The same frame `count` times; of many frames, each so many times."""
        if self.image_px.ndim == 2:
            return Seen(*(np.broadcast_to(a, (count, *a.shape)) for a in (self.image_px, self.spread_px, self.depth_m)))
        return Seen(*(np.repeat(a, count, axis=0) for a in (self.image_px, self.spread_px, self.depth_m)))

    def part(self, rows: slice | NDArray[np.intp]) -> Seen:
        """Some of many frames."""
        return Seen(self.image_px[rows], self.spread_px[rows], self.depth_m[rows])


def sight_of(seen: Seen, sigma_px: Floats, position_m: Floats, camera_m: Floats, model: LandmarkModel) -> tuple[Sight, Floats]:
    """What was seen, weighed for a body that lies about at `position_m` before `camera_m`; and the log of its spread (...)."""
    cover = covered(position_m, camera_m)
    doubt = 1.0 + np.repeat(model.hidden, 2) * cover
    found = np.asarray(np.isfinite(seen.image_px).all(-1))
    told_px = np.where(np.isfinite(seen.spread_px), seen.spread_px, 0.0)
    weight = np.where(found, 1.0 / np.hypot(sigma_px * doubt, told_px), 0.0)
    deep = np.isfinite(seen.depth_m)
    depth_weight = np.where(deep, 1.0 / np.array(model.depth_sigma), 0.0)
    target_px, depth_m = np.where(found[..., None], seen.image_px, 0.0), np.where(deep, seen.depth_m, 0.0)
    return Sight(target_px, weight, np.repeat(model.pull, 2) * cover, depth_m, depth_weight), 2.0 * np.log(doubt).sum(-1)


def seed(calibration: Calibration, drop_rad: Floats) -> Floats:
    """(..., 17) unknowns for knees dropped so far (...), the pelvis following."""
    x = np.broadcast_to(calibration.rest, (*np.shape(drop_rad), N)).copy()
    x[..., _DROPS] += np.asarray(drop_rad)[..., None]
    x[..., AT["pelvis_roll"]] += PELVIS_SHARE * np.asarray(drop_rad)
    return x


@dataclass(frozen=True, slots=True)
class Cells:
    """Postures with the knees held: x (B, 17), cost (B,) negative log likelihood, information (B, 17, 17), misfit (B,)."""

    x: Floats
    cost: Floats
    information: Floats
    misfit: Floats

    def part(self, rows: slice | NDArray[np.intp]) -> Cells:
        """Some of them."""
        return Cells(self.x[rows], self.cost[rows], self.information[rows], self.misfit[rows])

    def updated(self, which: NDArray[np.bool_] | NDArray[np.intp], by: Cells) -> Cells:
        """These cells with some of them replaced."""
        found = Cells(self.x.copy(), self.cost.copy(), self.information.copy(), self.misfit.copy())
        found.x[which], found.cost[which], found.information[which], found.misfit[which] = (
            by.x,
            by.cost,
            by.information,
            by.misfit,
        )
        return found


def fit(calibration: Calibration, model: LandmarkModel, seen: Seen, held_rad: Floats, start: Floats, iterations: int) -> Cells:
    """Fit one posture a row: what was `seen` in it, where its knees are held (B,), where to start (B, 17)."""
    here = joints(calibration.log_lengths, start).position_m
    sight, spread = sight_of(seen, calibration.sigma_px(model), here, calibration.camera[:3], model)
    goal = calibration.rest[_DROPS].mean() + held_rad
    at_rest = joints(calibration.log_lengths, calibration.rest)
    held_by = np.zeros((len(start), 1, N))
    held_by[:, 0, _DROPS] = 0.5 / HELD_SIGMA

    def evaluate(u: Floats) -> tuple[Floats, Floats]:
        x = start + u * SCALE
        frame = linearise(calibration.shared, x, sight, model, calibration.size_px, at_rest=at_rest)
        held = (x[:, _DROPS].mean(-1) - goal) / HELD_SIGMA
        by_x = np.concatenate([frame.by_x, held_by], axis=1) * SCALE
        return np.concatenate([frame.residuals, held[:, None]], axis=1), by_x

    found = solve(evaluate, np.zeros_like(start), soft=SEEN_RESIDUALS, scale=ROBUST_SCALE, iterations=iterations)
    left, told = found.residuals[:, :LANDMARK_RESIDUALS] ** 2, np.repeat(sight.weight > 0, 2, axis=-1)
    misfit = np.sqrt((left * told).sum(-1) / np.maximum(told.sum(-1), 1))
    return Cells(
        start + found.parameters * SCALE, found.cost + spread, found.information / np.multiply.outer(SCALE, SCALE), misfit
    )


@dataclass(frozen=True, slots=True)
class Belief:
    """Mean (17,) of the unknowns over all drops, its covariance (17, 17), and the nearest cell."""

    mean: Floats
    covariance: Floats
    nearest: int


def whole_grid(calibration: Calibration, model: LandmarkModel, seen: Seen) -> Cells:
    """One frame of which nothing is known: all cells, each from a posture of its own."""
    count = len(CELLS_RAD)
    return fit(calibration, model, seen.repeated(count), CELLS_RAD, seed(calibration, CELLS_RAD), iterations=15)


def likelihood(cells: Cells) -> Floats:
    """The share of each drop of `FINE_RAD`."""
    fine = between(cells.cost, FINE)
    share = np.exp(fine.min() - fine)
    return np.asarray(share / share.sum())


def believe(cells: Cells) -> Belief:
    """The belief from all cells of one frame, in the order of `CELLS_RAD`."""
    share = likelihood(cells)
    rows = _BETWEEN @ cells.x
    mean = share @ rows
    off = rows - mean
    nearest = int(np.argmin(np.abs(CELLS_RAD - share @ FINE_RAD)))
    across = (off * share[:, None]).T @ off
    return Belief(mean, np.asarray(across + np.linalg.inv(cells.information[nearest])), nearest)
