"""A person made of numbers: landmarks in a camera's picture, for angles that are dialled in."""

from __future__ import annotations

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import body
from kneeroll.kinematics.camera import looking_at, place_of, project
from kneeroll.kinematics.follow import FOLLOWED, UNKNOWN, Follower
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


def camera_at(azimuth_deg: float, height_m: float, ground_m: float) -> Floats:
    """A level camera that looks at the belly."""
    a = np.radians(azimuth_deg)
    return looking_at(float(ground_m * np.sin(a)), float(-ground_m * np.cos(a)), height_m, (0.0, 0.1, 0.1), LOG_FOCAL)


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


def _unknowns(start: StartPosition, rest: Floats, drop: Floats, pelvis: Floats, thorax: Floats) -> Floats:
    """(T, 17) of `UNKNOWN` with the angles turned from rest by radians; ankles stay where they are."""
    named = {name: np.full(len(drop), start.angle(name) if name in POSTURE else 0.0) for name in UNKNOWN}
    named["pelvis_roll"] += pelvis
    named["thorax_roll"] += thorax
    named["left_drop"] += drop
    named["right_drop"] += drop
    named["hip_z"] += start.angle("hip_height")
    named["shoulder_z"] += start.angle("shoulder_height")
    for side in ("left", "right"):
        for axis, value in zip("xyz", rest[BODY.index(f"{side}_ankle")], strict=True):
            named[f"{side}_ankle_{axis}"] = named[f"{side}_ankle_{axis}"] * 0.0 + value
    return np.stack([named[name] for name in UNKNOWN], axis=-1)


def _keep_shanks(follower: Follower, x: Floats, shank_m: float) -> Floats:
    """Change each leg's reach until its shank has its length again."""
    for side in ("left", "right"):
        knee, ankle, reach = FOLLOWED.index(f"{side}_knee"), FOLLOWED.index(f"{side}_ankle"), UNKNOWN.index(f"{side}_reach")
        for _ in range(30):
            gaps = []
            for nudge in (0.0, 1e-5):
                moved = x.copy()
                moved[:, reach] += nudge
                joints = follower.joints(moved)
                gaps.append(np.linalg.norm(joints[:, knee] - joints[:, ankle], axis=-1) - shank_m)
            x[:, reach] -= np.clip(gaps[0] * 1e-5 / (gaps[1] - gaps[0]), -0.1, 0.1)
        assert np.abs(gaps[0]).max() < 1e-6
    return x


def person(
    camera: Floats,
    times_s: Floats,
    drop_deg: Floats | float = 0.0,
    *,
    pelvis_deg: Floats | float | None = None,
    thorax_deg: Floats | float = 0.0,
    stature_m: float = 1.70,
    noise_px: float = 0.0,
    seed: int = 0,
    size_px: tuple[int, int] = SIZE_PX,
) -> list[PoseFrame]:
    """Pictures of a person whose knees have dropped by `drop_deg` (+ left); the pelvis follows by 0.6 unless told."""
    times_s = np.asarray(times_s, dtype=float)
    drop = np.radians(np.broadcast_to(drop_deg, times_s.shape))
    pelvis = 0.6 * drop if pelvis_deg is None else np.radians(np.broadcast_to(pelvis_deg, times_s.shape))
    thorax = np.radians(np.broadcast_to(thorax_deg, times_s.shape))
    start = start_position(camera, stature_m, size_px)
    rest = landmarks_at_rest(start.lengths_m, start.posture, np.array(stature_m))
    follower = Follower(start)
    shank_m = float(start.lengths_m[body.LENGTHS.index("shank")])
    x = _keep_shanks(follower, _unknowns(start, rest, drop, pelvis, thorax), shank_m)
    points = np.broadcast_to(rest, (len(times_s), *rest.shape)).copy()
    points[:, BODY.indices(*FOLLOWED)] = follower.landmarks(x, follower.joints(x))
    px = project(camera, points, size_px)
    px += np.random.default_rng(seed).normal(0.0, 1.0, px.shape) * noise_px
    return [frame(t, image_px, size_px) for t, image_px in zip(times_s, px, strict=True)]


def true_drop_deg(camera: Floats, drop_deg: Floats) -> Floats:
    """The angle from mid-hip to mid-knee that `person` really shows, from its own start."""
    drop = np.radians(np.concatenate([[0.0], np.atleast_1d(drop_deg)]))
    start = start_position(camera)
    rest = landmarks_at_rest(start.lengths_m, start.posture, np.array(start.stature_m))
    follower = Follower(start)
    shank_m = float(start.lengths_m[body.LENGTHS.index("shank")])
    joints = follower.joints(_keep_shanks(follower, _unknowns(start, rest, drop, 0.6 * drop, 0.0 * drop), shank_m))
    d = joints[:, 4:6].mean(1) - joints[:, 2:4].mean(1)
    angle = np.degrees(np.arctan2(d[:, 0], d[:, 2]))
    return np.asarray(angle[1:] - angle[0])


def frame(t_s: float, image_px: Floats, size_px: tuple[int, int] = SIZE_PX) -> PoseFrame:
    """A picture with these landmarks (19, 2)."""
    k = len(BODY.landmarks)
    return PoseFrame(float(t_s), *size_px, image_px, np.full((k, 3), np.nan), np.ones(k), BODY)


def mirrored(pose: PoseFrame) -> PoseFrame:
    """The same picture in a mirror, with left called right."""
    return frame(pose.t_s, pose.image_px[BODY.mirror] * (-1.0, 1.0) + (pose.width_px, 0.0), (pose.width_px, pose.height_px))


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
    return frame(t_s, pose.image_px + np.array([right, down]), (pose.width_px, pose.height_px))
