"""Where the body lies in the picture, and how to turn the camera for it. Pure."""

from __future__ import annotations

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics.plausibility import MARGIN
from kneeroll.poses import Aim, PoseFrame

SIDES = ("left", "right")
FEET = BODY.indices(*(f"{side}_{part}" for part in ("ankle", "toe") for side in SIDES))
REST = BODY.indices(*(f"{side}_{part}" for part in ("shoulder", "hip", "knee") for side in SIDES), "nose")
FITS = 0.9
"""A body whose box is smaller than this share of the picture can be brought into it by turning the camera alone."""
TOO_SMALL = 0.2
"""A body whose longer side is less than this share of the picture's is measured worse than it could be."""


def aim(pose: PoseFrame) -> Aim | None:
    """What to do with the camera so that the whole body is in its picture, large enough.

    None where nothing is needed, and where the feet alone are missing and turning does not help: that says more than "back".
    """
    size = np.array([pose.width_px, pose.height_px], dtype=float)
    px = pose.image_px[REST + FEET]
    if not np.isfinite(px).all(-1).any():
        return None
    low, high = np.nanmin(px, 0) / size, np.nanmax(px, 0) / size
    left, up = low < -MARGIN
    right, down = high > 1 + MARGIN
    if any((left, right, up, down)):
        edges = {Aim.LEFT: left, Aim.RIGHT: right, Aim.UP: up, Aim.DOWN: down}
        crossed = [way for way, out in edges.items() if out]
        if len(crossed) == 1 and (high - low).max() < FITS:
            return crossed[0]
        rest = pose.image_px[REST] / size
        return Aim.BACK if ((rest < -MARGIN) | (rest > 1 + MARGIN)).any() else None
    return Aim.CLOSER if ((high - low) * size).max() < TOO_SMALL * size.max() else None
