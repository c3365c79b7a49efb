"""Left stays left for the whole session. Pure.

Shoulders and ankles hardly move in this stretch, so the start position names them; hips and knees move little from one frame
to the next.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.poses import Floats, PoseFrame

_LEGS = ("knee", "ankle", "heel", "toe")
_IN_LEGS = np.array([name.split("_")[-1] in _LEGS for name in BODY.landmarks])
_GROUPS = tuple(
    (np.flatnonzero(inside), BODY.indices(f"left_{fixed}", f"right_{fixed}"), BODY.indices(f"left_{moving}", f"right_{moving}"))
    for inside, fixed, moving in ((~_IN_LEGS, "shoulder", "hip"), (_IN_LEGS, "ankle", "knee"))
)
"""A network swaps the legs alone or the whole body: the landmarks of a group, those that stay, those that move."""
CLEARLY = 0.6
"""Swapped: the points are nearer to their twins' places, by this factor."""
FRESH_S = 1.0


def repair_sides(pose: PoseFrame, start_px: Floats, last: PoseFrame | None) -> PoseFrame:
    """The frame with left and right as in the start position (K, 2) and in the last frame that was believed."""
    fresh = last is not None and 0 <= pose.t_s - last.t_s < FRESH_S
    order = np.arange(len(BODY.landmarks))
    for group, fixed, moving in _GROUPS:
        places = [(fixed, start_px)]
        if fresh and last is not None:
            places += [(fixed, last.image_px), (moving, last.image_px)]
        same, swapped = (sum(_distance(pose.image_px[pair[::way]], px[pair]) for pair, px in places) for way in (1, -1))
        if swapped < CLEARLY * same:
            order[group] = BODY.mirror[group]
    if (order == np.arange(len(order))).all():
        return pose
    return replace(pose, image_px=pose.image_px[order], position_m=pose.position_m[order], spread_px=pose.spread_px[order])


def _distance(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm(a - b, axis=-1).sum())
