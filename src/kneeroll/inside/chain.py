"""Where every point of the body goes when it turns and bends, and how long each line is then. Pure; broadcasts over frames.

The pelvis stands still and everything else moves. A joint of the spine turns about its own disc's normal and bends about the axis
to the side; a thigh bends at the hip and then swings about the pelvis' long axis, as knees that fall to a side do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from kneeroll.inside.body import PELVIS, Body
from kneeroll.poses import Floats

_WALL_STEPS = np.linspace(0.0, 1.0, 7)[:, None]
_UP, _SIDE = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Angles:
    """How a body lies, in degrees; each a number or an array (they broadcast). All zero is standing straight.

    twist_deg: the pelvis has turned against the chest, + to the person's left. swing_deg: both thighs have swung against the
    pelvis, + to the left. hip_flexion_deg, knee_flexion_deg: of both legs, 0 straight. lumbar_flexion_deg: how much the low back
    has rounded. As they stand they are crook lying: on the back, feet flat on the floor.
    """

    twist_deg: ArrayLike = 0.0
    swing_deg: ArrayLike = 0.0
    hip_flexion_deg: ArrayLike = 60.0
    knee_flexion_deg: ArrayLike = 100.0
    lumbar_flexion_deg: ArrayLike = 10.0


STRAIGHT = Angles(hip_flexion_deg=0.0, knee_flexion_deg=0.0, lumbar_flexion_deg=0.0)
"""On the back with straight legs."""


def turned(body: Body, angles: Angles, sharing: str) -> tuple[Floats, Floats]:
    """Rotation (..., B, 3, 3) and shift (..., B, 3) in mm that take each body from standing straight to where it is."""
    twist, swing, hip, knee, bend = np.broadcast_arrays(
        *(np.radians(np.asarray(getattr(angles, f.name), float)) for f in fields(angles))
    )
    joints = _about(body.joint_normal, -twist[..., None] * body.sharing[sharing]) @ _about(_SIDE, -bend[..., None] * body.bend)
    thigh = _about(_UP, swing) @ _about(_SIDE, hip)
    rotation, shift = [np.broadcast_to(np.eye(3), thigh.shape)], [np.zeros(thigh.shape[:-1])]

    def carry(parent: int, joint: Floats, at: Floats) -> None:
        rotation.append(rotation[parent] @ joint)
        shift.append(rotation[parent] @ at - rotation[-1] @ at + shift[parent])

    for i, at in enumerate(body.joint_at):
        carry(i, joints[..., i, :, :], at)
    chest = len(rotation) - 1
    for hips in body.hips:
        carry(PELVIS, thigh, hips)
    for side, knees in enumerate(body.knees):
        carry(chest + 1 + side, _about(_SIDE, -knee), knees)
    for shoulders in body.shoulders:
        carry(chest, np.broadcast_to(np.eye(3), thigh.shape), shoulders)
    return np.stack(rotation, axis=-3), np.stack(shift, axis=-2)


def points_at(body: Body, rotation: Floats, shift: Floats) -> Floats:
    """Every landmark (..., P, 3), mm, seen from the pelvis."""
    points = body.points
    at: Floats = np.einsum("...pij,pj->...pi", rotation[..., points.body, :, :], points.rest) + shift[..., points.body, :]
    shared = np.flatnonzero(points.share)
    second = points.second[shared]
    other = np.einsum("...pij,pj->...pi", rotation[..., second, :, :], points.rest[shared]) + shift[..., second, :]
    at[..., shared, :] += points.share[shared, None] * (other - at[..., shared, :])
    return at


def line_lengths(body: Body, angles: Angles, sharing: str) -> Floats:
    """The length of every line (..., L), mm."""
    rotation, shift = turned(body, angles, sharing)
    at, lines = points_at(body, rotation, shift), body.lines
    start, end = at[..., lines.start, :], at[..., lines.end, :]
    lengths: Floats = np.linalg.norm(end - start, axis=-1)
    wall, hip = lines.on_wall, lines.round_hip
    turn, move = rotation[..., body.wall.body, :, :], shift[..., None, body.wall.body, :]
    lengths[..., wall] = _on_wall(body, (start[..., wall, :] - move) @ turn, (end[..., wall, :] - move) @ turn)
    centre = body.hips[lines.hip_side]
    lengths[..., hip] = _round_hip(start[..., hip, :] - centre, end[..., hip, :] - centre, lines.hip_radius)
    return np.add.reduceat(lengths, lines.first, axis=-1)


def _on_wall(body: Body, start: Floats, end: Floats) -> Floats:
    """Lengths (..., S) of lines that run evenly round and along the ellipse, between points in its own frame."""
    wall = body.wall
    scale = np.array([wall.depth, wall.width])

    def polar(point: Floats) -> Floats:
        """Angle, distance in half axes and height, (..., S, 1, 3)."""
        x, z = (point[..., 0] - wall.middle_x) / wall.depth, point[..., 2] / wall.width
        place: Floats = np.stack([np.arctan2(z, x), np.hypot(x, z), point[..., 1]], axis=-1)
        return place[..., None, :]

    first = polar(start)
    angle, out, y = np.moveaxis(first + (polar(end) - first) * _WALL_STEPS, -1, 0)
    across = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * out[..., None] * scale
    steps: Floats = np.hypot(np.linalg.norm(np.diff(across, axis=-2), axis=-1), np.diff(y, axis=-1))
    whole: Floats = steps.sum(axis=-1)
    return whole


def _round_hip(start: Floats, end: Floats, radius: Floats) -> Floats:
    """Lengths (..., S) of the shortest ways behind a cylinder that lies from side to side through the hip (the origin)."""
    far, near = (np.maximum(np.hypot(p[..., 0], p[..., 1]), radius) for p in (start, end))
    between = np.arctan2(end[..., 1], end[..., 0]) - np.arctan2(start[..., 1], start[..., 0])
    between = (between + np.pi / 2) % (2 * np.pi) - np.pi / 2
    touching = between - np.arccos(radius / far) - np.arccos(radius / near)
    around = np.sqrt(far**2 - radius**2) + np.sqrt(near**2 - radius**2) + radius * touching
    straight = np.hypot(end[..., 0] - start[..., 0], end[..., 1] - start[..., 1])
    whole: Floats = np.hypot(np.where(touching > 0, around, straight), end[..., 2] - start[..., 2])
    return whole


def _about(axis: Floats, angle: Floats) -> Floats:
    """(..., 3, 3) rotation by `angle` (...) in radians about unit vectors (..., 3) or (3,) (Rodrigues)."""
    x, y, z = np.moveaxis(np.broadcast_to(axis, (*angle.shape, 3)), -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*angle.shape, 3, 3)
    angle = angle[..., None, None]
    rotation: Floats = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return rotation
