"""How wrong the angles are: what the fit can see (landmark noise) and what it cannot (bias of the landmarks in a view). Pure.

The bias is a table, measured on rendered people with known joints: see docs/measure.md and bench/truth.
"""

from __future__ import annotations

import numpy as np

from kneeroll.kinematics.camera import Place
from kneeroll.kinematics.follow import UNKNOWN, Posture
from kneeroll.poses import View

# degrees at rest for knee drop, pelvis roll, thorax roll
_BIAS_DEG = {
    View.QUARTER_HEAD: (3.0, 4.0, 9.0),
    View.HEAD_END: (3.5, 5.0, 12.0),
    View.QUARTER_FOOT: (3.5, 4.5, 5.0),
    View.ABOVE: (4.5, 5.0, 6.0),
    View.SIDE: (5.0, 4.5, 6.0),
    View.FOOT_END: (10.0, 11.0, 6.0),
}
_GAIN = (0.06, 0.12, 0.35)
"""Standard error that grows with the angle itself: deep positions hide one leg behind the other."""
AWAY_DEG = 12.0
"""From beside the person, knees that sink away hide one leg behind the other: read 10 and 29 degrees too little in two clips."""
SHOULDER_HALF_M = 0.175


def standard_errors(
    place: Place, posture: Posture, drop_deg: float, pelvis_deg: float, thorax_deg: float
) -> tuple[float, float, float, float, float, float]:
    """Standard errors of the angles of `poses.ANGLES` (degrees) and of `shoulder_lift_m`."""
    noise = np.degrees(np.sqrt(np.diag(posture.covariance)[:4]))
    drop_noise = 0.5 * float(np.hypot(noise[UNKNOWN.index("left_drop")], noise[UNKNOWN.index("right_drop")]))
    bias = _BIAS_DEG[place.view]
    drop_noise = float(np.hypot(drop_noise, 2 * AWAY_DEG * _hidden_share(place, drop_deg)))
    drop, pelvis, thorax = (
        float(np.sqrt(b**2 + (g * a) ** 2 + (0.5 * n) ** 2))
        for b, g, a, n in zip(bias, _GAIN, (drop_deg, pelvis_deg, thorax_deg), (drop_noise, noise[0], noise[1]), strict=True)
    )
    lift = SHOULDER_HALF_M * float(np.radians(thorax)) * 0.6 + 0.01
    return drop, pelvis, thorax, float(np.hypot(pelvis, thorax)), float(np.hypot(drop, pelvis)), lift


def _hidden_share(place: Place, drop_deg: float) -> float:
    """0-1: how far one leg is hidden behind the other, for knees that sink away from a camera beside the person."""
    away = np.clip(-place.side.sign * drop_deg / 20.0, 0.0, 1.0)
    beside = np.clip((np.sin(np.radians(place.azimuth_deg)) - 0.8) / 0.2, 0.0, 1.0)
    low = np.clip((60.0 - place.elevation_deg) / 15.0, 0.0, 1.0)
    return float(away * beside * low)
