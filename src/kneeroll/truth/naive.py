"""The baseline: the knee drop from a network's own 3-D points alone, without a body fit."""

from __future__ import annotations

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.poses import Floats


def naive_knee_drop(position_m: Floats, still: int) -> Floats:
    """Knee drop (N,), degrees, from the network's 3-D points (N, K, 3): axes of the body from the first `still` frames."""
    hip, shoulder, knee = (position_m[:, BODY.indices(f"left_{p}", f"right_{p}")].mean(1) for p in ("hip", "shoulder", "knee"))
    start = np.nanmedian(position_m[:still], axis=0)
    along = np.nanmedian((shoulder - hip)[:still], axis=0)
    along /= np.linalg.norm(along)
    left = start[BODY.index("left_hip")] - start[BODY.index("right_hip")]
    left -= along * (left @ along)
    left /= np.linalg.norm(left)
    up = np.cross(left, along)
    thigh = knee - hip
    up *= np.sign(np.nanmedian(thigh[:still] @ up))
    drop = np.degrees(np.arctan2(thigh @ left, thigh @ up))
    return np.asarray((drop - np.nanmedian(drop[:still]) + 180) % 360 - 180)
