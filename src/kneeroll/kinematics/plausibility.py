"""Is this skeleton believable? What the network claims does not say. Pure."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.poses import Floats, PoseFrame, Quality

TRUNK = BODY.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee")
FEET = BODY.indices("left_ankle", "right_ankle", "left_toe", "right_toe")
_PAIRS = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"))

JUMP = 0.35
"""Of the body's size in the picture, between frames less than `JUMP_WITHIN_S` apart."""
JUMP_WITHIN_S, SWAP_WITHIN_S = 0.2, 1.0
"""A skeleton that stays elsewhere for longer than this is believed again."""
LONGEST_LIMB = 1.75
"""No limb is longer than this many times the body's size in the picture: 1.58 at most in 3,000 pictures of rendered people in the
stretch, from everywhere (a near shank, seen from beside the feet)."""
STRAIGHT_LEG = 0.95
UNEQUAL_LEG = 1.45
"""Thigh and shank of who stands look about equally long; folded legs seen from above the feet look straight, but not so."""
FOLDED_DEG = 115.0
"""Nor are knees that the network's own depths bend so far: 95 degrees in a start position seen from above, 120 at least in most
pictures of people who stand."""
MARGIN = 0.01


def body_size_px(image_px: Floats) -> float:
    """Half the sum of the trunk and leg lines in the picture, pixels: a size that survives most foreshortening."""
    pairs = (image_px[BODY.indices(f"left_{p}", f"right_{p}")] for p in ("shoulder", "hip", "knee", "ankle"))
    seen = [pair[np.isfinite(pair).all(-1)] for pair in pairs]
    mid = [pair.mean(0) for pair in seen if len(pair)]
    return float(0.5 * sum(np.linalg.norm(b - a) for a, b in pairwise(mid)))


def is_upright(image_px: Floats, position_m: Floats | None = None) -> bool:
    """A standing person: trunk, thighs and shanks on one straight line down the picture, the last two about equally long.

    image_px (K, 2), position_m (K, 3) of `BODY`. Without the latter knees that bend toward the camera look straight.
    """
    if position_m is not None and _knees_deg(position_m) < FOLDED_DEG:
        return False
    shoulder, hip, knee, ankle = (
        image_px[BODY.indices(f"left_{p}", f"right_{p}")].mean(0) for p in ("shoulder", "hip", "knee", "ankle")
    )
    trunk, leg = hip - shoulder, ankle - hip
    if not np.isfinite([trunk, leg]).all() or np.linalg.norm(trunk) < 1:
        return False
    thigh_px, shank_px = float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))
    down = min(float(trunk[1] / np.linalg.norm(trunk)), float(leg[1] / max(np.linalg.norm(leg), 1e-6)))
    straight = np.linalg.norm(leg) / max(thigh_px + shank_px, 1e-6)
    equal = max(thigh_px, shank_px) < UNEQUAL_LEG * min(thigh_px, shank_px)
    long = np.linalg.norm(leg) > 1.2 * np.linalg.norm(trunk)
    return bool(down > np.cos(np.radians(25)) and straight > STRAIGHT_LEG and equal and long)


def _knees_deg(position_m: Floats) -> float:
    """Mean angle at the knees, 180 for straight legs."""
    hip, knee, ankle = (position_m[BODY.indices(f"left_{p}", f"right_{p}")] for p in ("hip", "knee", "ankle"))
    thigh, shank = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (hip - knee, ankle - knee))
    return float(np.degrees(np.arccos(np.clip((thigh * shank).sum(1), -1.0, 1.0))).mean())


def _outside(image_px: Floats, size_px: tuple[int, int]) -> Floats:
    size = np.array(size_px, dtype=float)
    return np.asarray(((image_px < -MARGIN * size) | (image_px > (1 + MARGIN) * size)).any(-1))


def check_pose(pose: PoseFrame, previous: PoseFrame | None) -> Quality:
    """Reasons not to believe this frame; `previous` is the last frame that was believed."""
    if pose.dark:
        return Quality.TOO_DARK
    if not pose.has_person or not np.isfinite(pose.image_px[TRUNK]).all():
        return Quality.NO_PERSON
    px = pose.image_px
    size = body_size_px(px)
    found = Quality.GOOD
    outside = _outside(px, (pose.width_px, pose.height_px))
    if outside[TRUNK].any():
        found |= Quality.OUT_OF_FRAME
    if outside[FEET[:2]].all() or outside[FEET[2:]].all():
        found |= Quality.FEET_OUT_OF_FRAME
    limbs = [
        float(np.linalg.norm(px[BODY.index(f"{side}_{a}")] - px[BODY.index(f"{side}_{b}")]))
        for side in ("left", "right")
        for a, b in _PAIRS
    ]
    if size < 0.05 * max(pose.width_px, pose.height_px) or max(limbs) > LONGEST_LIMB * size:
        found |= Quality.IMPLAUSIBLE_LIMBS
    if previous is not None and 0 < pose.t_s - previous.t_s < SWAP_WITHIN_S:
        found |= _check_motion(px, previous.image_px, size, pose.t_s - previous.t_s)
    return found


def _check_motion(px: Floats, before: Floats, size: float, step_s: float) -> Quality:
    moved = float(np.median(np.linalg.norm(px[TRUNK] - before[TRUNK], axis=1)))
    mirrored = float(np.median(np.linalg.norm(px[BODY.mirror][TRUNK] - before[TRUNK], axis=1)))
    if mirrored < 0.4 * moved and moved > 0.08 * size:
        return Quality.SIDES_SWAPPED
    return Quality.JUMPED if step_s < JUMP_WITHIN_S and moved > JUMP * size else Quality.GOOD
