"""The body that lies on the mat: lengths and angles in, landmark positions out. Pure; broadcasts.

World axes as in `camera`. Angles in radians here, + toward the person's left.
Segment lengths as fractions of stature: Drillis & Contini (1966) as tabulated by Winter, Biomechanics and Motor Control
of Human Movement; hip width and landmark offsets from the rendered people with known joints (bench/truth).
"""

from __future__ import annotations

import numpy as np

from kneeroll.poses import Floats

LENGTHS = ("torso", "shoulder_half", "hip_half", "thigh", "shank", "upper_arm", "forearm")
FRACTIONS = np.array([0.285, 0.103, 0.062, 0.245, 0.246, 0.155, 0.157])
"""Fractions of stature, in the order of `LENGTHS`."""
FRACTION_SIGMA = np.array([0.05, 0.06, 0.07, 0.05, 0.05, 0.08, 0.08])
"""Standard deviation of the natural logarithm of each."""
STATURE_M, STATURE_SIGMA = 1.69, 0.05


def thigh_direction(drop: Floats, reach: Floats) -> Floats:
    """Unit vectors (..., 3) from hip to knee: `drop` in the plane across the body, `reach` toward the feet."""
    return np.stack([np.cos(reach) * np.sin(drop), -np.sin(reach), np.cos(reach) * np.cos(drop)], axis=-1)


def across(centre: Floats, half_width: Floats, roll: Floats) -> tuple[Floats, Floats]:
    """Left and right ends (..., 3) of a line across the body that has rolled toward the person's left.

    Rolling to the left lowers the left end.
    """
    zero = np.zeros_like(roll)
    arm = half_width[..., None] * np.stack([np.cos(roll), zero, -np.sin(roll)], axis=-1)
    return centre + arm, centre - arm


def forward(roll: Floats) -> Floats:
    """Unit vectors (..., 3) to the front of a segment that has rolled by `roll`."""
    return np.stack([np.sin(roll), np.zeros_like(roll), np.cos(roll)], axis=-1)
