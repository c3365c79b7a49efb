"""One frame of the body: 17 unknowns to joints, points in the picture and residuals, each with its derivative. Pure; broadcasts.

Shared by the whole session are the camera, five lengths, how far the hip points lie before the joints, and the posture at rest.
Both legs hang between hip and ankle: with hip and ankle nearly fixed a knee can only swing on a circle, and its place in the
picture says how far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics.camera import CAMERA_PARAMETERS, linearise_axis, linearise_projection
from kneeroll.kinematics.columns import columns
from kneeroll.kinematics.landmarks import DEPTHS, LandmarkModel
from kneeroll.poses import Floats

# name, prior standard deviation (radians, metres); priors are differences from the start position. Those of knees and pelvis say
# next to nothing: where the picture says little, they would draw deep drops back. A thorax on the mat rolls by a tenth of the
# knee drop, with a lifted shoulder by up to half a radian.
_UNKNOWN = (
    ("pelvis_roll", 3.0), ("thorax_roll", 0.25), ("left_drop", 5.0), ("right_drop", 5.0),
    ("left_reach", 0.06), ("right_reach", 0.06),
    ("hip_x", 0.025), ("hip_y", 0.02), ("hip_z", 0.02), ("shoulder_x", 0.02), ("shoulder_z", 0.015),
    ("left_ankle_x", 0.04), ("left_ankle_y", 0.03), ("left_ankle_z", 0.03),
    ("right_ankle_x", 0.04), ("right_ankle_y", 0.03), ("right_ankle_z", 0.03),
)  # fmt: skip
UNKNOWN = tuple(name for name, _ in _UNKNOWN)
SIGMA = np.array([s for _, s in _UNKNOWN])
AT = {name: i for i, name in enumerate(UNKNOWN)}
N = len(UNKNOWN)

FOLLOWED = ("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")
ROWS = BODY.indices(*FOLLOWED)
LANDMARK_RESIDUALS = 2 * len(FOLLOWED)
SEEN_RESIDUALS = LANDMARK_RESIDUALS + len(DEPTHS)

FITTED_LENGTHS = ("torso", "shoulder_half", "hip_half", "thigh", "shank")
N_LENGTHS = len(FITTED_LENGTHS)
HIP_FORWARD_AT = CAMERA_PARAMETERS + N_LENGTHS
REST_AT = HIP_FORWARD_AT + 1
N_SHARED = REST_AT + N

PELVIS_SHARE, PELVIS_SHARE_SIGMA = 0.58, 0.14
"""Pelvis roll over knee drop with the shoulders down: our own estimate, 30 to 45 of 60 degrees is what a trunk can turn."""
COUPLED_FLOOR = 0.05
STACK_SIGMA = 0.10
"""Radians; the two thighs swing together."""
SHANK_SIGMA_M, KNEE_GAP_SIGMA_M, FLOOR_SIGMA_M = 0.012, 0.05, 0.01
KNEE_RADIUS_M = 0.05
FOOT_TIPS_M, FOOT_RISES_M = 0.015, 0.07
"""The ankle on the side of the drop sinks as its foot tips over; the other one rises as its foot rolls onto its edge."""
HIP_SHIFT_M = 0.035
"""How far the mid-hip moves sideways for a full quarter turn of the pelvis."""
HIP_CLIMB, SHOULDER_CLIMB = 0.5, 0.8
"""A rolling pelvis climbs on its lower side, by this share of its half width; so does a shoulder line."""


@dataclass(frozen=True, slots=True)
class Joints:
    """position (..., 8, 3) of `FOLLOWED`, metres; its derivatives by unknowns (..., 8, 3, 17) and log lengths (..., 8, 3, 5)."""

    position_m: Floats
    by_x: Floats
    by_length: Floats


def joints(log_lengths: Floats, x: Floats) -> Joints:
    """Joint centres for log lengths (..., 5) of `FITTED_LENGTHS` and unknowns (..., 17)."""
    shape = np.broadcast_shapes(log_lengths.shape[:-1], x.shape[:-1])
    p = np.zeros((*shape, 8, 3))
    jx, jl = np.zeros((*shape, 8, 3, N)), np.zeros((*shape, 8, 3, N_LENGTHS))
    torso, shoulder_half, hip_half, thigh, _ = np.exp(columns(log_lengths))  # the shank is a residual of its own
    c = dict(zip(UNKNOWN, columns(x), strict=True))

    # lines of shoulders and hips: sign, half width, roll, climb
    for pair, half, length_at, roll_name, climb in (
        (0, shoulder_half, 1, "thorax_roll", SHOULDER_CLIMB),
        (2, hip_half, 2, "pelvis_roll", HIP_CLIMB),
    ):
        sin, cos = np.sin(c[roll_name]), np.cos(c[roll_name])
        up, up_by_roll = climb * np.abs(sin), climb * np.sign(sin) * cos
        for row, sign in ((pair, 1.0), (pair + 1, -1.0)):
            p[..., row, 0], p[..., row, 2] = sign * half * cos, half * (up - sign * sin)
            jx[..., row, 0, AT[roll_name]] = -sign * half * sin
            jx[..., row, 2, AT[roll_name]] = half * (up_by_roll - sign * cos)
            jl[..., row, :, length_at] = p[..., row, :]
    p[..., 0:2, 0] += c["shoulder_x"][..., None]
    p[..., 0:2, 1] += torso[..., None]
    p[..., 0:2, 2] += c["shoulder_z"][..., None]
    jx[..., 0:2, 0, AT["shoulder_x"]] = jx[..., 0:2, 2, AT["shoulder_z"]] = 1.0
    jl[..., 0:2, 1, 0] = torso[..., None]
    shift = HIP_SHIFT_M * np.sin(c["pelvis_roll"])
    p[..., 2:4, 0] += (c["hip_x"] + shift)[..., None]
    p[..., 2:4, 1] += c["hip_y"][..., None]
    p[..., 2:4, 2] += c["hip_z"][..., None]
    jx[..., 2:4, 0, AT["pelvis_roll"]] += (HIP_SHIFT_M * np.cos(c["pelvis_roll"]))[..., None]
    for axis, name in enumerate(("hip_x", "hip_y", "hip_z")):
        jx[..., 2:4, axis, AT[name]] = 1.0

    swing = 0.5 * (c["left_drop"] + c["right_drop"])
    for i, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
        hip, knee, ankle = 2 + i, 4 + i, 6 + i
        drop, reach = c[f"{side}_drop"], c[f"{side}_reach"]
        sd, cd, sr, cr = np.sin(drop), np.cos(drop), np.sin(reach), np.cos(reach)
        line = thigh[..., None] * np.stack([cr * sd, -sr, cr * cd], axis=-1)
        p[..., knee, :] = p[..., hip, :] + line
        jx[..., knee, :, :] = jx[..., hip, :, :]
        jx[..., knee, :, AT[f"{side}_drop"]] += thigh[..., None] * np.stack([cr * cd, 0.0 * sd, -cr * sd], axis=-1)
        jx[..., knee, :, AT[f"{side}_reach"]] += thigh[..., None] * np.stack([-sr * sd, -cr, -sr * cd], axis=-1)
        jl[..., knee, :, :] = jl[..., hip, :, :]
        jl[..., knee, :, 3] += line
        turned = np.clip(sign * swing, -np.pi / 2, np.pi / 2)
        inside = np.abs(sign * swing) < np.pi / 2
        rise = np.where(turned > 0, FOOT_TIPS_M, FOOT_RISES_M)
        for axis, name in enumerate("xyz"):
            p[..., ankle, axis] = c[f"{side}_ankle_{name}"]
            jx[..., ankle, axis, AT[f"{side}_ankle_{name}"]] = 1.0
        p[..., ankle, 2] -= rise * np.sin(turned)
        by_drop = -0.5 * sign * rise * np.cos(turned) * inside
        for name in ("left_drop", "right_drop"):
            jx[..., ankle, 2, AT[name]] = by_drop
    return Joints(p, jx, jl)


@dataclass(frozen=True, slots=True)
class Points:
    """Where the network puts its points: position (..., 8, 3) and derivatives, as in `Joints`, and by hip_forward (..., 8, 3)."""

    position_m: Floats
    by_x: Floats
    by_length: Floats
    by_hip_forward: Floats


def points(body: Joints, x: Floats, hip_forward_m: Floats, model: LandmarkModel, pull: Floats) -> Points:
    """Points for joints; `pull` as in `Sight`."""
    p, jx, jl = body.position_m.copy(), body.by_x.copy(), body.by_length.copy()
    by_forward = np.zeros_like(p)
    roll, left_drop, right_drop = columns(x)[[AT["pelvis_roll"], AT["left_drop"], AT["right_drop"]]]
    front = np.stack([np.sin(roll), 0.0 * roll, np.cos(roll)], axis=-1)
    turned_front = np.stack([np.cos(roll), 0.0 * roll, -np.sin(roll)], axis=-1)
    swing = np.sin(0.5 * (left_drop + right_drop))
    by_drop = 0.5 * np.cos(0.5 * (left_drop + right_drop))
    forward = np.asarray(hip_forward_m)
    for row, sign in ((2, 1.0), (3, -1.0)):
        upper = -sign * swing > 0
        share = 1.0 - model.hip_upper_loss * np.where(upper, -sign * swing, 0.0)
        share_by_drop = np.where(upper, model.hip_upper_loss * sign * by_drop, 0.0)
        by_forward[..., row, :] = share[..., None] * front
        p[..., row, :] += (forward * share)[..., None] * front
        jx[..., row, :, AT["pelvis_roll"]] += (forward * share)[..., None] * turned_front
        for name in ("left_drop", "right_drop"):
            jx[..., row, :, AT[name]] += (forward * share_by_drop)[..., None] * front
    p[..., 0:2, 1] += model.shoulder_headward_m
    if model.knee_along_m:
        thigh = p[..., 4:6, :] - body.position_m[..., 2:4, :]
        beyond = model.knee_along_m / np.linalg.norm(thigh, axis=-1, keepdims=True)
        p[..., 4:6, :] += beyond * thigh
        jx[..., 4:6, :, :] += beyond[..., None] * (body.by_x[..., 4:6, :, :] - body.by_x[..., 2:4, :, :])
    if pull.any():
        twin = [1, 0, 3, 2, 5, 4, 7, 6]
        p = p + pull[..., None] * (p[..., twin, :] - p)
        jx = jx + pull[..., None, None] * (jx[..., twin, :, :] - jx)
        jl = jl + pull[..., None, None] * (jl[..., twin, :, :] - jl)
        by_forward = by_forward + pull[..., None] * (by_forward[..., twin, :] - by_forward)
    return Points(p, jx, jl, by_forward)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in a frame.

    target_px (..., 8, 2) of `FOLLOWED`; weight (..., 8) one over the standard deviation, 0 = not seen; pull (..., 8) the share of
    the way to its twin that a point is drawn; depth_m (..., 3) of `landmarks.DEPTHS` since the start, and their weight (..., 3).
    """

    target_px: Floats
    weight: Floats
    pull: Floats
    depth_m: Floats
    depth_weight: Floats


@dataclass(frozen=True, slots=True)
class Frame:
    """residuals (..., m): 16 of landmarks, 3 of depths, then priors; by unknowns (..., m, 17) and what is shared (..., m, 30)."""

    residuals: Floats
    by_x: Floats
    by_shared: Floats | None


def linearise(
    shared: Floats,
    x: Floats,
    sight: Sight,
    model: LandmarkModel,
    size_px: tuple[int, int],
    *,
    with_shared: bool = False,
    at_rest: Joints | None = None,
) -> Frame:
    """Residuals of frames x (..., 17) for one `shared` (30,); `at_rest`: the joints of the posture at rest, if they are known."""
    camera, log_lengths = shared[:CAMERA_PARAMETERS], shared[CAMERA_PARAMETERS:HIP_FORWARD_AT]
    rest = shared[REST_AT:]
    body = joints(log_lengths, x)
    seen = points(body, x, shared[HIP_FORWARD_AT], model, sight.pull)
    px, by_point, by_camera = linearise_projection(camera, seen.position_m, size_px)
    shape = x.shape[:-1]
    weight = sight.weight[..., None]
    r = [((px - sight.target_px) * weight).reshape(*shape, LANDMARK_RESIDUALS)]
    weighed = by_point * weight[..., None]
    jx = [(weighed @ seen.by_x).reshape(*shape, LANDMARK_RESIDUALS, N)]
    at_rest = at_rest or joints(log_lengths, rest)
    deep, deep_x, deep_shared = _depths(camera, rest, x, body, at_rest, sight, model, with_shared)
    prior, prior_x, prior_shared = _priors(log_lengths, rest, x, body, at_rest, with_shared)
    r += [deep, prior]
    jx += [deep_x, prior_x]
    by_shared = None
    if with_shared:
        js = np.zeros((*shape, LANDMARK_RESIDUALS, N_SHARED))
        js[..., :CAMERA_PARAMETERS] = (by_camera * weight[..., None]).reshape(*shape, LANDMARK_RESIDUALS, CAMERA_PARAMETERS)
        js[..., CAMERA_PARAMETERS:HIP_FORWARD_AT] = (weighed @ seen.by_length).reshape(*shape, LANDMARK_RESIDUALS, N_LENGTHS)
        js[..., HIP_FORWARD_AT] = (weighed @ seen.by_hip_forward[..., None])[..., 0].reshape(*shape, LANDMARK_RESIDUALS)
        by_shared = np.concatenate([js, deep_shared, prior_shared], axis=-2)
    return Frame(np.concatenate(r, axis=-1), np.concatenate(jx, axis=-2), by_shared)


_KNEES_FROM_HIPS = np.array([0.0, 0.0, -0.5, -0.5, 0.5, 0.5, 0.0, 0.0])
_ROLLS = np.array([AT["pelvis_roll"], AT["thorax_roll"]])
_LINES, _KNEES = np.arange(2), 2
"""Rows of `DEPTHS`."""


def _depths(
    camera: Floats, rest: Floats, x: Floats, body: Joints, at_rest: Joints, sight: Sight, model: LandmarkModel, with_shared: bool
) -> tuple[Floats, Floats, Floats]:
    """Residuals (..., 3) of `DEPTHS` against the start position, and their derivatives."""
    axis, by_angles = linearise_axis(camera)
    share = np.array(model.depth_gain) * sight.depth_weight
    line, by_roll = _across(x[..., _ROLLS])
    line_at_rest, by_roll_at_rest = _across(rest[_ROLLS])
    knees = _KNEES_FROM_HIPS @ body.position_m - _KNEES_FROM_HIPS @ at_rest.position_m
    moved = np.concatenate([line - line_at_rest, knees[..., None, :]], axis=-2)
    r = (moved @ axis) * share - sight.depth_m * sight.depth_weight

    def deep(by: Floats) -> Floats:
        """Derivatives (..., n) of the knees' depth, of those of the joints (..., 8, 3, n)."""
        return np.asarray(_KNEES_FROM_HIPS @ (axis @ by))

    jx = np.zeros((*r.shape, N))
    jx[..., _LINES, _ROLLS] = (by_roll @ axis) * share[..., _LINES]
    jx[..., _KNEES, :] = deep(body.by_x) * share[..., _KNEES, None]
    js = np.zeros((*r.shape, N_SHARED))
    if with_shared:
        js[..., 3:5] = (moved @ by_angles.T) * share[..., None]
        js[..., _LINES, REST_AT + _ROLLS] = -(by_roll_at_rest @ axis) * share[..., _LINES]
        lengths = deep(body.by_length) - deep(at_rest.by_length)
        js[..., _KNEES, CAMERA_PARAMETERS:HIP_FORWARD_AT] = lengths * share[..., _KNEES, None]
        js[..., _KNEES, REST_AT:] = -deep(at_rest.by_x) * share[..., _KNEES, None]
    return r, jx, js


def _across(roll: Floats) -> tuple[Floats, Floats]:
    """The direction (..., 3) from the right to the left end of a line that has rolled, and its derivative by the roll."""
    sin, cos = np.sin(roll), np.cos(roll)
    return np.stack([cos, 0.0 * cos, -sin], axis=-1), np.stack([-sin, 0.0 * sin, -cos], axis=-1)


N_PRIORS = N + 2 + 1 + 1 + 1 + 2


def _priors(
    log_lengths: Floats, rest: Floats, x: Floats, body: Joints, at_rest: Joints, with_shared: bool
) -> tuple[Floats, Floats, Floats]:
    """Residuals (..., 24) of what is known of the body, and their derivatives by x and by what is shared."""
    shape = x.shape[:-1]
    r, jx = np.zeros((*shape, N_PRIORS)), np.zeros((*shape, N_PRIORS, N))
    js = np.zeros((*shape, N_PRIORS, N_SHARED))
    turned = x - rest
    r[..., :N] = turned / SIGMA
    jx[..., range(N), range(N)] = 1.0 / SIGMA
    js[..., range(N), range(REST_AT, N_SHARED)] = -1.0 / SIGMA
    # both shanks have one length
    shank = np.exp(log_lengths[..., FITTED_LENGTHS.index("shank"), None])
    line = body.position_m[..., 4:6, :] - body.position_m[..., 6:8, :]
    length = np.linalg.norm(line, axis=-1)
    along = (line / length[..., None])[..., None, :]
    at = slice(N, N + 2)
    r[..., at] = (length - shank) / SHANK_SIGMA_M
    jx[..., at, :] = (along @ (body.by_x[..., 4:6, :, :] - body.by_x[..., 6:8, :, :]))[..., 0, :] / SHANK_SIGMA_M
    # the knees keep their distance
    gap, gap_x, gap_l = _gap(body)
    rest_gap, rest_gap_x, rest_gap_l = _gap(at_rest)
    i = N + 2
    r[..., i] = (gap - rest_gap) / KNEE_GAP_SIGMA_M
    jx[..., i, :] = gap_x / KNEE_GAP_SIGMA_M
    # the pelvis follows the knees
    drop = 0.5 * (turned[..., AT["left_drop"]] + turned[..., AT["right_drop"]])
    ahead = turned[..., AT["pelvis_roll"]] - PELVIS_SHARE * drop
    spread = np.hypot(PELVIS_SHARE_SIGMA * drop, COUPLED_FLOOR)
    by_drop = -PELVIS_SHARE / spread - ahead * PELVIS_SHARE_SIGMA**2 * drop / spread**3
    r[..., i + 1] = ahead / spread
    jx[..., i + 1, AT["pelvis_roll"]] = 1.0 / spread
    jx[..., i + 1, AT["left_drop"]] = jx[..., i + 1, AT["right_drop"]] = 0.5 * by_drop
    # the thighs swing together
    r[..., i + 2] = (turned[..., AT["left_drop"]] - turned[..., AT["right_drop"]]) / STACK_SIGMA
    jx[..., i + 2, AT["left_drop"]], jx[..., i + 2, AT["right_drop"]] = 1.0 / STACK_SIGMA, -1.0 / STACK_SIGMA
    # no knee sinks into the floor
    height = body.position_m[..., 4:6, 2] - KNEE_RADIUS_M
    at = slice(i + 3, i + 5)
    r[..., at] = np.minimum(height, 0.0) / FLOOR_SIGMA_M
    jx[..., at, :] = np.where((height < 0)[..., None], body.by_x[..., 4:6, 2, :], 0.0) / FLOOR_SIGMA_M
    if with_shared:
        lengths = slice(CAMERA_PARAMETERS, HIP_FORWARD_AT)
        legs = (along @ (body.by_length[..., 4:6, :, :] - body.by_length[..., 6:8, :, :]))[..., 0, :]
        js[..., N : N + 2, lengths] = legs / SHANK_SIGMA_M
        js[..., N : N + 2, CAMERA_PARAMETERS + FITTED_LENGTHS.index("shank")] -= shank / SHANK_SIGMA_M
        js[..., i, lengths] = (gap_l - rest_gap_l) / KNEE_GAP_SIGMA_M
        js[..., i, REST_AT:] = -rest_gap_x / KNEE_GAP_SIGMA_M
        js[..., i + 1 : i + 3, REST_AT:] = -jx[..., i + 1 : i + 3, :]
        sunk = np.where((height < 0)[..., None], body.by_length[..., 4:6, 2, :], 0.0)
        js[..., i + 3 : i + 5, lengths] = sunk / FLOOR_SIGMA_M
    return r, jx, js


def _gap(body: Joints) -> tuple[Floats, Floats, Floats]:
    """The distance between the knees and its derivatives."""
    line = body.position_m[..., 4, :] - body.position_m[..., 5, :]
    gap = np.linalg.norm(line, axis=-1)
    along = (line / gap[..., None])[..., None, :]
    by_x = (along @ (body.by_x[..., 4, :, :] - body.by_x[..., 5, :, :]))[..., 0, :]
    by_length = (along @ (body.by_length[..., 4, :, :] - body.by_length[..., 5, :, :]))[..., 0, :]
    return gap, by_x, by_length
