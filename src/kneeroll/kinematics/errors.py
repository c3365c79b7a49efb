"""How wrong the angles are: the fit's own covariance, carried to each angle, and what it cannot see. Pure.

The landmark noise of the fit is set so large that it stands for the landmarks' bias, too. On twelve rendered clips the
error at depth is about 0.7 of the standard deviation that follows, from every supported place (`make bench BENCH=truth`
prints how often the 90 % intervals hold the truth).
"""

from __future__ import annotations

import numpy as np

from kneeroll.kinematics.camera import Place
from kneeroll.kinematics.follow import UNKNOWN, Posture
from kneeroll.poses import Floats

SHARE = 0.85
"""Standard error over the fit's standard deviation."""
FLOOR_DEG = 1.5
SETTLED_DEG = 20.0
"""Near the start position an error is shared with it and cancels; from this knee drop on nothing cancels."""
AWAY_DEG = 9.0
"""From beside the person, knees that sink away hide one leg behind the other: read 10 and 29 degrees too little in two clips."""
SHOULDER_HALF_M = 0.175


def _angle_rows() -> Floats:
    """(5, 17) each angle of `poses.ANGLES` from the unknowns of the fit."""
    unit = {name: np.eye(len(UNKNOWN))[i] for i, name in enumerate(UNKNOWN)}
    drop = 0.5 * (unit["left_drop"] + unit["right_drop"])
    pelvis, thorax = unit["pelvis_roll"], unit["thorax_roll"]
    return np.stack([drop, pelvis, thorax, pelvis - thorax, drop - pelvis])


_ROWS = _angle_rows()


def standard_errors(place: Place, posture: Posture, drop_deg: float) -> tuple[float, ...]:
    """Standard errors of the angles of `poses.ANGLES` (degrees) and of `shoulder_lift_m`, at this knee drop."""
    spread_deg = np.degrees(np.sqrt(np.einsum("ai,ij,aj->a", _ROWS, posture.covariance, _ROWS)))
    moved = min(abs(drop_deg) / SETTLED_DEG, 1.0)
    hidden_deg = AWAY_DEG * _hidden_share(place, drop_deg) * np.array([1.0, 0.6, 0.0, 0.6, 0.6])
    errors = np.sqrt(FLOOR_DEG**2 + (SHARE * moved * spread_deg) ** 2 + hidden_deg**2)
    lift_m = SHOULDER_HALF_M * float(np.radians(errors[2])) + 0.01
    return (*(float(e) for e in errors), lift_m)


def _hidden_share(place: Place, drop_deg: float) -> float:
    """0-1: how far one leg is hidden behind the other, for knees that sink away from a camera beside the person."""
    away = np.clip(-place.side.sign * drop_deg / SETTLED_DEG, 0.0, 1.0)
    beside = np.clip((np.sin(np.radians(place.azimuth_deg)) - 0.8) / 0.2, 0.0, 1.0)
    low = np.clip((60.0 - place.elevation_deg) / 15.0, 0.0, 1.0)
    return float(away * beside * low)
