"""Follow the body from the start position: one small fit per frame, from the last frame's answer. Pure.

The camera and the lengths are known by now, so a frame has few unknowns: how far pelvis, thorax and each thigh have turned,
and a little slack for hips, shoulders and ankles. Both legs hang between hip and ankle: with hip and ankle nearly fixed a
knee can only swing on a circle, and its place in the picture says how far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import body
from kneeroll.kinematics.camera import project
from kneeroll.kinematics.columns import columns
from kneeroll.kinematics.solver import solve
from kneeroll.kinematics.start import StartPosition, landmark_sigma_px
from kneeroll.poses import Floats

# name, prior standard deviation (radians, metres); priors are differences from the start position
_UNKNOWN = (
    ("pelvis_roll", 0.60), ("thorax_roll", 0.35), ("left_drop", 2.0), ("right_drop", 2.0),
    ("left_reach", 0.06), ("right_reach", 0.06),
    ("hip_x", 0.025), ("hip_y", 0.02), ("hip_z", 0.02), ("shoulder_x", 0.02), ("shoulder_z", 0.015),
    ("left_ankle_x", 0.04), ("left_ankle_y", 0.03), ("left_ankle_z", 0.03),
    ("right_ankle_x", 0.04), ("right_ankle_y", 0.03), ("right_ankle_z", 0.03),
)  # fmt: skip
UNKNOWN = tuple(name for name, _ in _UNKNOWN)
_SIGMA = np.array([s for _, s in _UNKNOWN])
_AT = {name: i for i, name in enumerate(UNKNOWN)}

FOLLOWED = ("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")
_ROWS = BODY.indices(*FOLLOWED)

PELVIS_SHARE, PELVIS_SHARE_SIGMA = 0.6, 0.14
"""Pelvis roll over knee drop with the shoulders down: reference table of hip and trunk shares, 30-45 of 60 degrees."""
STACK_SIGMA = 0.10
"""Radians; the two thighs swing together."""
SHANK_SIGMA_M, KNEE_GAP_SIGMA_M, FLOOR_SIGMA_M = 0.012, 0.05, 0.01
KNEE_RADIUS_M = 0.05
FOOT_TIPS_M, FOOT_RISES_M = 0.015, 0.07
"""The ankle on the side of the drop sinks as its foot tips over; the other one rises as its foot rolls onto its edge."""
LIMB_WIDTH_M = 0.15
HIDDEN_DOUBT = np.array([0.0, 1.0, 4.0, 1.0])
"""How many times less a shoulder, hip, knee or ankle is believed when its twin, a limb's width across, is right before it."""
HIP_SHIFT_M = 0.035
"""How far the mid-hip moves sideways for a full quarter turn of the pelvis."""
TURN_RATE_SIGMA = 4.0
"""Radians a second: how fast the legs and the trunk may turn from one frame to the next."""


@dataclass(frozen=True, slots=True)
class Posture:
    """One fitted frame. values (17,) in the order of `UNKNOWN`, radians and metres, not relative to the start.

    position_m (8, 3) of `FOLLOWED`; covariance (17, 17) from landmark noise alone; misfit as in `StartPosition`.
    """

    t_s: float
    values: Floats
    position_m: Floats
    covariance: Floats
    misfit: float

    def value(self, name: str) -> float:
        return float(self.values[_AT[name]])

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


class Follower:
    """Fits one frame after another. Holds the start position and the last answer, nothing else."""

    def __init__(self, start: StartPosition) -> None:
        self.start = start
        self._rest = np.zeros(len(UNKNOWN))
        for name in ("pelvis_roll", "thorax_roll", "left_drop", "right_drop", "left_reach", "right_reach"):
            self._rest[_AT[name]] = start.angle(name)
        lengths = dict(zip(body.LENGTHS, start.lengths_m, strict=True))
        self._lengths = lengths
        ankles = self._ankles_at_rest(lengths)
        for side, at in zip(("left", "right"), ankles, strict=True):
            for axis, value in zip("xyz", at, strict=True):
                self._rest[_AT[f"{side}_ankle_{axis}"]] = value
        self._rest[_AT["hip_z"]] = start.angle("hip_height")
        self._rest[_AT["shoulder_z"]] = start.angle("shoulder_height")
        self._sigma_px = landmark_sigma_px(max(start.size_px))[_ROWS]
        self._scale = np.minimum(_SIGMA, 0.3)
        self.last: Posture | None = None

    def _ankles_at_rest(self, lengths: dict[str, float]) -> tuple[Floats, Floats]:
        from kneeroll.kinematics.start import landmarks_at_rest

        rest = landmarks_at_rest(self.start.lengths_m, self.start.posture, np.array(self.start.stature_m))
        return rest[BODY.index("left_ankle")], rest[BODY.index("right_ankle")]

    def joints(self, x: Floats) -> Floats:
        """Joint centres (..., 8, 3) of `FOLLOWED` for unknowns (..., 17)."""
        p = dict(zip(UNKNOWN, columns(x), strict=True))
        length = self._lengths
        zero = np.zeros_like(p["hip_x"])
        hip_half = zero + length["hip_half"]
        shoulder_half = zero + length["shoulder_half"]
        # a rolling pelvis climbs on its lower side; so does a shoulder line
        hip_up = p["hip_z"] + 0.5 * length["hip_half"] * np.abs(np.sin(p["pelvis_roll"]))
        shoulder_up = p["shoulder_z"] + 0.8 * length["shoulder_half"] * np.abs(np.sin(p["thorax_roll"]))
        hip_x = p["hip_x"] + HIP_SHIFT_M * np.sin(p["pelvis_roll"])
        hips = body.across(np.stack([hip_x, p["hip_y"], hip_up], -1), hip_half, p["pelvis_roll"])
        centre = np.stack([p["shoulder_x"], zero + length["torso"], shoulder_up], -1)
        shoulders = body.across(centre, shoulder_half, p["thorax_roll"])
        knees = [
            hip + length["thigh"] * body.thigh_direction(p[f"{side}_drop"], p[f"{side}_reach"])
            for side, hip in zip(("left", "right"), hips, strict=True)
        ]
        ankles = []
        for side, sign in (("left", 1.0), ("right", -1.0)):
            swing = np.sin(np.clip(sign * 0.5 * (p["left_drop"] + p["right_drop"]), -1.57, 1.57))
            edge = np.where(swing > 0, FOOT_TIPS_M * swing, FOOT_RISES_M * swing)
            ankle = [p[f"{side}_ankle_x"], p[f"{side}_ankle_y"], p[f"{side}_ankle_z"] - edge]
            ankles.append(np.stack(ankle, -1))
        return np.stack([*shoulders, *hips, *knees, *ankles], axis=-2)

    def landmarks(self, x: Floats, joints: Floats) -> Floats:
        """Where the network puts its points for these joints (..., 8, 3)."""
        front = body.forward(np.ascontiguousarray(x[..., _AT["pelvis_roll"]])) * body.HIP_FORWARD_M
        shifted = joints.copy()
        shifted[..., 2:4, :] += front[..., None, :]
        return shifted

    def _priors(self, x: Floats, joints: Floats, last: Floats | None, dt_s: float) -> Floats:
        rest = self._rest
        shanks = np.linalg.norm(joints[..., 4:6, :] - joints[..., 6:8, :], axis=-1) - self._lengths["shank"]
        rest_gap = self._rest_gap
        gap = np.linalg.norm(joints[..., 4, :] - joints[..., 5, :], axis=-1) - rest_gap
        turned = x - rest
        mean_drop = 0.5 * (turned[..., _AT["left_drop"]] + turned[..., _AT["right_drop"]])
        coupled = (turned[..., 0] - PELVIS_SHARE * mean_drop) / np.hypot(PELVIS_SHARE_SIGMA * mean_drop, 0.05)
        stacked = (turned[..., 2] - turned[..., 3] - 0.12 * np.abs(mean_drop) * 0) / STACK_SIGMA
        sunk = np.minimum(joints[..., 4:6, 2] - KNEE_RADIUS_M, 0.0) / FLOOR_SIGMA_M
        parts = [
            turned / _SIGMA, shanks / SHANK_SIGMA_M, (gap / KNEE_GAP_SIGMA_M)[..., None], coupled[..., None],
            stacked[..., None], sunk,
        ]  # fmt: skip
        if last is not None:
            parts.append((x[..., :4] - last[:4]) / (TURN_RATE_SIGMA * max(dt_s, 0.02)))
        return np.concatenate(parts, axis=-1)

    def _hidden(self) -> Floats:
        """(8,) how much less each landmark can be believed because its twin is in front of it.

        Networks draw a hidden knee next to the one they see: on rendered people, dropped away from the camera, the hidden
        knee reads 26-29 degrees too little while the other one reads 3-9 (two foot-side clips).
        """
        joints = self.last.position_m if self.last is not None else self.joints(self._rest)
        ray = joints - self.start.camera[:3]
        ray /= np.linalg.norm(ray, axis=-1, keepdims=True)
        from_twin = joints - joints.reshape(4, 2, 3)[:, ::-1].reshape(8, 3)
        depth = (from_twin * ray).sum(-1)
        beside = np.linalg.norm(from_twin - depth[:, None] * ray, axis=-1)
        covered = np.clip(depth / LIMB_WIDTH_M, 0.0, 1.0) * np.exp(-((beside / LIMB_WIDTH_M) ** 4))
        return np.asarray(1.0 + np.repeat(HIDDEN_DOUBT, 2) * covered)

    @property
    def _rest_gap(self) -> float:
        knees = self.joints(self._rest)[4:6]
        return float(np.linalg.norm(knees[0] - knees[1]))

    def follow(self, t_s: float, image_px: Floats) -> Posture:
        """Fit one frame of landmarks (K, 2) of `BODY`; NaN rows are left out."""
        px = image_px[_ROWS]
        seen = np.isfinite(px).all(-1)
        target = np.where(seen[:, None], px, 0.0)
        last = self.last
        weight = np.where(seen, 1.0 / (self._sigma_px * self._hidden()), 0.0)[:, None]
        fresh = last is not None and 0 <= t_s - last.t_s < 0.5
        previous = last.values if last is not None and fresh else None
        dt_s = t_s - last.t_s if last is not None else 0.0
        centre = previous if previous is not None else self._rest

        def residuals(u: Floats) -> Floats:
            x = centre + u * self._scale
            joints = self.joints(x)
            r = (project(self.start.camera, self.landmarks(x, joints), self.start.size_px) - target) * weight
            return np.concatenate([r.reshape(*u.shape[:-1], 16), self._priors(x, joints, previous, dt_s)], axis=-1)

        starts = np.zeros((1, len(UNKNOWN)))
        if previous is None:
            # nobody knows where the knees went: try three places
            starts = np.zeros((3, len(UNKNOWN)))
            for row, turn in zip(starts, (0.0, 0.8, -0.8), strict=True):
                row[[2, 3]] = turn / self._scale[2]
                row[0] = PELVIS_SHARE * turn / self._scale[0]
        found = solve(residuals, starts, soft=16, scale=3.0, iterations=6 if previous is not None else 20)
        i = int(np.argmin(found.cost))
        x = centre + found.parameters[i] * self._scale
        left = residuals(found.parameters[i : i + 1])[0, :16]
        covariance = np.linalg.inv(found.information[i]) * np.outer(self._scale, self._scale)
        misfit = float(np.sqrt(np.mean(left[np.repeat(seen, 2)] ** 2))) if seen.any() else np.inf
        self.last = Posture(t_s, x, self.joints(x), np.asarray(covariance), misfit)
        return self.last
