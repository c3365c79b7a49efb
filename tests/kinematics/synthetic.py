"""A person made of numbers: points in a camera's picture, for angles that are dialled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import BLAZEPOSE, JOINTS, LandmarkModel, body
from kneeroll.kinematics.calibration import Calibration, from_start
from kneeroll.kinematics.camera import looking_at, place_of, project
from kneeroll.kinematics.landmarks import covered
from kneeroll.kinematics.posture import AT, FOLLOWED, ROWS, N, joints, points
from kneeroll.kinematics.start import LOG_FOCAL, POSTURE, StartPosition, landmarks_at_rest
from kneeroll.poses import Floats, PoseFrame

SIZE_PX = (640, 480)
AT_REST = {
    "left_reach": 0.75, "right_reach": 0.78, "left_drop": 0.03, "right_drop": -0.03, "hip_height": 0.088,
    "shoulder_height": 0.088, "left_ankle_x": 0.08, "right_ankle_x": -0.08, "ankle_height": 0.07, "left_arm": 1.45,
    "right_arm": 1.45, "left_forearm": 1.45, "right_forearm": 1.45, "left_toe_out": 0.1, "right_toe_out": 0.1,
}  # fmt: skip
PLACES = {
    "quarter_foot": (45.0, 1.2, 2.0),
    "quarter_head": (135.0, 1.2, 2.0),
    "side": (90.0, 1.0, 2.0),
    "above": (60.0, 2.4, 0.3),
    "head_end": (180.0, 1.4, 2.2),
    "foot_end": (0.0, 1.2, 2.2),
}
"""Azimuth (0 = behind the feet, + toward the person's left) in degrees, height and distance on the ground in metres."""


def camera_at(azimuth_deg: float, height_m: float, ground_m: float, *, focal: float | None = None) -> Floats:
    """A level camera that looks at the belly; its focal length over the longer side is the usual one unless told."""
    a = np.radians(azimuth_deg)
    log_focal = LOG_FOCAL if focal is None else float(np.log(focal))
    return looking_at(float(ground_m * np.sin(a)), float(-ground_m * np.cos(a)), height_m, (0.0, 0.1, 0.1), log_focal)


def camera_of(view: str, side: int = 1) -> Floats:
    """The usual camera of a view, on the person's left (+1) or right (-1)."""
    azimuth, height, ground = PLACES[view]
    return camera_at(side * azimuth, height, ground)


def start_position(camera: Floats, stature_m: float = 1.70, size_px: tuple[int, int] = SIZE_PX) -> StartPosition:
    """The start position as it really is."""
    posture = np.array([AT_REST.get(name, 0.0) for name in POSTURE])
    return StartPosition(camera, stature_m, stature_m * body.FRACTIONS, posture, place_of(camera), 0.0, size_px)


def ramp(times_s: Floats, *knots: tuple[float, float]) -> Floats:
    """Degrees at each time, smooth between (time, degrees) knots."""
    t, deg = np.array(knots).T
    i = np.clip(np.searchsorted(t, times_s, side="right") - 1, 0, len(t) - 2)
    share = np.clip((times_s - t[i]) / (t[i + 1] - t[i]), 0.0, 1.0)
    return np.asarray(deg[i] + (deg[i + 1] - deg[i]) * share * share * (3.0 - 2.0 * share))


@dataclass(frozen=True)
class Stretch:
    """A person who moves before a camera, as it really is: calibration, unknowns (T, 17), joints (T, 8, 3) of `FOLLOWED`."""

    calibration: Calibration
    start: StartPosition
    times_s: Floats
    values: Floats
    position_m: Floats

    @property
    def knee_drop_deg(self) -> Floats:
        """(T,) from mid-hip to mid-knee across the body, from the start position."""
        at_rest = joints(self.calibration.log_lengths, self.calibration.rest)
        now, rest = _across(self.position_m), _across(at_rest.position_m)
        return np.degrees(now - rest)

    def turned_deg(self, name: str) -> Floats:
        """(T,) how far an unknown has turned from the start position."""
        return np.degrees(self.values[:, AT[name]] - self.calibration.rest[AT[name]])


def _across(position_m: Floats) -> Floats:
    d = position_m[..., 4:6, :].mean(-2) - position_m[..., 2:4, :].mean(-2)
    return np.asarray(np.arctan2(d[..., 0], d[..., 2]))


def stretch(
    camera: Floats,
    times_s: Floats,
    drop_deg: Floats | float = 0.0,
    *,
    pelvis_deg: Floats | float | None = None,
    thorax_deg: Floats | float = 0.0,
    stature_m: float = 1.70,
    size_px: tuple[int, int] = SIZE_PX,
) -> Stretch:
    """Knees that have dropped by `drop_deg` (+ left), feet in their place; the pelvis follows by 0.6 unless told."""
    times_s = np.asarray(times_s, dtype=float)
    start = start_position(camera, stature_m, size_px)
    calibration = from_start(start, JOINTS)
    x = np.broadcast_to(calibration.rest, (len(times_s), N)).copy()
    drop = np.radians(drop_deg)
    for name, turn in (
        ("left_drop", drop),
        ("right_drop", drop),
        ("pelvis_roll", 0.6 * drop if pelvis_deg is None else np.radians(pelvis_deg)),
        ("thorax_roll", np.radians(thorax_deg)),
    ):
        x[:, AT[name]] += turn
    x = _keep_shanks(calibration.log_lengths, x)
    return Stretch(calibration, start, times_s, x, joints(calibration.log_lengths, x).position_m)


def _keep_shanks(log_lengths: Floats, x: Floats) -> Floats:
    """Change each leg's reach until its shank has its length again."""
    for side in ("left", "right"):
        knee, ankle, reach = FOLLOWED.index(f"{side}_knee"), FOLLOWED.index(f"{side}_ankle"), AT[f"{side}_reach"]
        for _ in range(30):
            gaps = []
            for nudge in (0.0, 1e-5):
                moved = x.copy()
                moved[:, reach] += nudge
                at = joints(log_lengths, moved).position_m
                gaps.append(np.linalg.norm(at[:, knee] - at[:, ankle], axis=-1) - np.exp(log_lengths[4]))
            x[:, reach] -= np.clip(gaps[0] * 1e-5 / (gaps[1] - gaps[0]), -0.1, 0.1)
        assert np.abs(gaps[0]).max() < 1e-6
    return x


def pictures(
    of: Stretch, model: LandmarkModel = BLAZEPOSE, *, noise_px: float = 0.0, slow_px: float = 0.0, seed: int = 0
) -> list[PoseFrame]:
    """What a network sees whose points lie as `model` says; noise anew in every frame, and noise that lasts for seconds."""
    rest = landmarks_at_rest(of.start.lengths_m, of.start.posture, np.array(of.start.stature_m), model)
    camera, size_px = of.calibration.camera, of.calibration.size_px
    at = np.broadcast_to(rest, (len(of.times_s), *rest.shape)).copy()
    shown = joints(of.calibration.log_lengths, of.values)
    pull = np.repeat(model.pull, 2) * covered(of.position_m, camera[:3])
    at[:, ROWS] = points(shown, of.values, np.array(model.hip_forward_m), model, pull).position_m
    px = project(camera, at, size_px)
    random = np.random.default_rng(seed)
    px += random.normal(0.0, 1.0, px.shape) * noise_px + _slow(random, of.times_s, px.shape[1:]) * slow_px
    own = _own_depths(of, model)
    return [frame(t, p, size_px, position_m=d) for t, p, d in zip(of.times_s, px, own, strict=True)]


def _slow(random: np.random.Generator, times_s: Floats, shape: tuple[int, ...]) -> Floats:
    """(T, ...) noise of unit variance that is forgotten after some two seconds."""
    kept = np.exp(-np.diff(times_s, prepend=times_s[:1]) / 2.0)
    fresh, drift = random.normal(0.0, 1.0, (len(times_s), *shape)), [random.normal(0.0, 1.0, shape)]
    for k, f in zip(kept[1:], fresh[1:], strict=True):
        drift.append(k * drift[-1] + np.sqrt(1.0 - k * k) * f)
    return np.array(drift)


def _own_depths(of: Stretch, model: LandmarkModel) -> Floats:
    """(T, K, 3) the network's own points, camera axes: shoulders to knees, of whose depth it gives its share; else NaN."""
    own = np.full((len(of.times_s), len(BODY.landmarks), 3), np.nan)
    if np.isfinite(model.depth_sigma).any():
        at = in_camera_axes(of.calibration.camera, of.position_m[:, :6])
        deep = at[..., 2] - at[:, 2:4, 2].mean(1, keepdims=True)
        hips, shoulders, knees = model.depth_gain
        at[..., 2] = deep * np.repeat([shoulders, hips, knees], 2)
        own[:, ROWS[:6]] = at
    return own


def in_camera_axes(camera: Floats, position_m: Floats) -> Floats:
    """Points (..., 3) seen from one camera: x right, y down, z away."""
    yaw, pitch, roll = camera[3:6]
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    level = np.array([[cy, -sy, 0.0], [-sp * sy, -sp * cy, -cp], [cp * sy, cp * cy, -sp]])
    turn = np.array([[cr, -sr, 0.0], [sr, cr, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray((position_m - camera[:3]) @ (turn @ level).T)


def person(
    camera: Floats,
    times_s: Floats,
    drop_deg: Floats | float = 0.0,
    *,
    model: LandmarkModel = BLAZEPOSE,
    noise_px: float = 0.0,
    slow_px: float = 0.0,
    seed: int = 0,
    **changes: Any,
) -> list[PoseFrame]:
    """Pictures of a `stretch`."""
    shown = stretch(camera, times_s, drop_deg, **changes)
    return pictures(shown, model, noise_px=noise_px, slow_px=slow_px, seed=seed)


def frame(t_s: float, image_px: Floats, size_px: tuple[int, int] = SIZE_PX, *, position_m: Floats | None = None) -> PoseFrame:
    """A picture with these landmarks (19, 2)."""
    k = len(BODY.landmarks)
    own = np.full((k, 3), np.nan) if position_m is None else position_m
    return PoseFrame(float(t_s), *size_px, image_px, own, np.full(k, np.nan), BODY)


def mirrored(pose: PoseFrame) -> PoseFrame:
    """The same picture in a mirror, with left called right."""
    px = pose.image_px[BODY.mirror] * (-1.0, 1.0) + (pose.width_px, 0.0)
    return replace(pose, image_px=px, position_m=pose.position_m[BODY.mirror] * (-1.0, 1.0, 1.0))


def standing(t_s: float) -> PoseFrame:
    """Somebody who stands in the middle of the picture and faces the camera."""
    heights = {
        "nose": (0, 60), "ear": (10, 62), "shoulder": (30, 100), "elbow": (40, 150), "wrist": (42, 195), "hip": (18, 200),
        "knee": (18, 300), "ankle": (18, 395), "heel": (18, 402), "toe": (24, 412),
    }  # fmt: skip
    parts = [name.rpartition("_") for name in BODY.landmarks]
    signs = [-1 if side == "right" else 1 for side, _, _ in parts]
    px = [(320 + sign * heights[part][0], heights[part][1]) for sign, (_, _, part) in zip(signs, parts, strict=True)]
    return frame(t_s, np.array(px, dtype=float))


def moved(pose: PoseFrame, t_s: float, *, right: float = 0.0, down: float = 0.0) -> PoseFrame:
    """The same person elsewhere in the picture, pixels."""
    return replace(pose, t_s=t_s, image_px=pose.image_px + np.array([right, down]))


def without(pose: PoseFrame, name: str) -> PoseFrame:
    """The same picture with one landmark not seen."""
    px = pose.image_px.copy()
    px[BODY.index(name)] = np.nan
    return replace(pose, image_px=px)


# ---- legs that go their own ways

STATURE_M = 1.70
BENT = (50.0, 105.0)
TO_CHEST = (115.0, 120.0)
"""Hip and knee flexion in the start position and with the knee at the chest, degrees."""


@cache
def trunk(view: str) -> Floats:
    return person(camera_of(view), [0.0])[0].image_px


def bent(view: str, left: tuple[float, float], right: tuple[float, float], t_s: float = 0.0, noise_px: float = 0) -> PoseFrame:
    """The lying person with the legs bent so: each in the plane along the body through its hip."""
    px = trunk(view).copy()
    lengths_m = dict(zip(body.LENGTHS, STATURE_M * body.FRACTIONS, strict=True))
    for side, sign, (hip, knee) in (("left", 1, left), ("right", -1, right)):
        at_hip = np.array([sign * lengths_m["hip_half"], 0.0, 0.088])
        above, shank = np.radians(hip), np.radians(hip - knee)
        at_knee = at_hip + lengths_m["thigh"] * np.array([0, -np.cos(above), np.sin(above)])
        at_ankle = at_knee + lengths_m["shank"] * np.array([0, -np.cos(shank), np.sin(shank)])
        rows = BODY.indices(f"{side}_hip", f"{side}_knee", f"{side}_ankle")
        px[rows] = project(camera_of(view), np.array([at_hip, at_knee, at_ankle]), SIZE_PX)
    px += np.random.default_rng(int(1000 * t_s)).normal(0, noise_px, px.shape)
    return frame(t_s, px)
