"""How wrong the angles are: the spread of all postures that a frame allows, carried to each angle. Pure.

The landmark noise of the fit is set so large that it stands for the landmarks' bias, too, which lasts for seconds: no
average over frames makes the error smaller. `LandmarkModel.error_shares` is what rendered people showed (`make bench
BENCH=truth` prints how often the 90 % intervals hold the truth).
"""

from __future__ import annotations

import numpy as np

from kneeroll.kinematics.follow import Fit
from kneeroll.kinematics.landmarks import LandmarkModel
from kneeroll.kinematics.posture import UNKNOWN
from kneeroll.poses import ANGLES, Floats

FLOOR_DEG, FLOOR_M = 1.5, 0.01
"""No angle and no height is known better, however well a frame fits: our own choice."""
SETTLED_DEG = 20.0
"""Near the start position an error is shared with it and cancels; from this knee drop on nothing cancels."""
SHOULDER_HALF_M = 0.175
"""Half the width of the shoulders, at whose end the error of their roll becomes one of a height."""


def _angle_rows() -> Floats:
    """(5, 17) each angle of `poses.ANGLES` from the unknowns of the fit."""
    unit = {name: np.eye(len(UNKNOWN))[i] for i, name in enumerate(UNKNOWN)}
    drop = 0.5 * (unit["left_drop"] + unit["right_drop"])
    pelvis, thorax = unit["pelvis_roll"], unit["thorax_roll"]
    return np.stack([drop, pelvis, thorax, pelvis - thorax, drop - pelvis])


_ROWS = _angle_rows()


def standard_errors(fit: Fit, drop_deg: float, model: LandmarkModel) -> tuple[float, ...]:
    """Standard errors of the angles of `poses.ANGLES` (degrees) and of `shoulder_lift_m`, at this knee drop."""
    spread_deg = np.degrees(np.sqrt(np.einsum("ai,ij,aj->a", _ROWS, fit.covariance, _ROWS)))
    moved = min(np.hypot(drop_deg, spread_deg[0]) / SETTLED_DEG, 1.0)
    errors = np.hypot(FLOOR_DEG, np.array(model.error_shares) * moved * spread_deg)
    lift_m = SHOULDER_HALF_M * float(np.radians(errors[ANGLES.index("thorax_roll_deg")])) + FLOOR_M
    return (*(float(e) for e in errors), lift_m)
