"""A pinhole camera over the mat. Pure; broadcasts.

World: X to the person's left, Y toward the head, Z up, metres, floor at Z = 0, mid-hip of the start position at X = Y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneeroll.kinematics.columns import columns
from kneeroll.poses import Floats, Side, View

CAMERA_PARAMETERS = 7
"""x, y, z in metres; yaw, pitch, roll in radians; natural logarithm of the focal length over the longer image side."""
NEAREST_M = 0.1
"""What is nearer, or behind the camera, is taken to be so far before it."""
MID_HIP_M = 0.1
"""About how high the middle of the hips lies above the floor."""


def project(camera: Floats, position_m: Floats, size_px: tuple[int, int]) -> Floats:
    """Pixels (..., K, 2) of points (..., K, 3), for cameras (..., 7).

    Yaw 0 looks along +Y, positive turns toward +X; pitch is positive downward; roll is about the optical axis.
    A point behind the camera is pushed out of the picture rather than wrapped into it.
    """
    width, height = size_px
    yaw, pitch, roll, log_focal = columns(camera[..., 3:])
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    d = position_m - camera[..., None, :3]
    dx, dy, dz = d[..., 0], d[..., 1], d[..., 2]
    along = sy[..., None] * dx + cy[..., None] * dy
    right = cy[..., None] * dx - sy[..., None] * dy
    depth = cp[..., None] * along - sp[..., None] * dz
    down = -sp[..., None] * along - cp[..., None] * dz
    depth = np.maximum(depth, NEAREST_M)
    focal_px = np.exp(log_focal) * max(width, height)
    u = focal_px[..., None] * (cr[..., None] * right - sr[..., None] * down) / depth + width / 2
    v = focal_px[..., None] * (sr[..., None] * right + cr[..., None] * down) / depth + height / 2
    return np.stack([u, v], axis=-1)


def linearise_projection(camera: Floats, position_m: Floats, size_px: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
    """Pixels (..., K, 2) as `project` gives them, with derivatives by the points (..., K, 2, 3) and the camera (..., K, 2, 7)."""
    width, height = size_px
    yaw, pitch, roll, log_focal = columns(camera[..., 3:])
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    zero = np.zeros_like(cy)
    to_right = np.stack([cy, -sy, zero], axis=-1)
    to_depth = np.stack([cp * sy, cp * cy, -sp], axis=-1)
    to_down = np.stack([-sp * sy, -sp * cy, -cp], axis=-1)
    across = np.stack(
        [cr[..., None] * to_right - sr[..., None] * to_down, sr[..., None] * to_right + cr[..., None] * to_down], -2
    )
    d = position_m - camera[..., None, :3]
    right, along, down, raw = (
        (d * axis[..., None, :]).sum(-1) for axis in (to_right, np.stack([sy, cy, zero], axis=-1), to_down, to_depth)
    )
    depth = np.maximum(raw, NEAREST_M)
    before = (raw > NEAREST_M)[..., None]
    focal_px = (np.exp(log_focal) * max(width, height))[..., None, None]
    on_plane = d @ np.swapaxes(across, -1, -2)  # (..., K, 2)
    flat = focal_px * on_plane / depth[..., None]
    px = flat + np.array([width / 2, height / 2])
    share = (focal_px / depth[..., None])[..., None]
    by_point = share * (
        across[..., None, :, :] - (on_plane / depth[..., None] * before)[..., None] * to_depth[..., None, None, :]
    )
    by_camera = np.zeros((*px.shape, CAMERA_PARAMETERS))
    by_camera[..., :3] = -by_point
    cpk, spk, crk, srk = cp[..., None], sp[..., None], cr[..., None], sr[..., None]
    # how right, down and depth change with yaw and with pitch
    for i, (d_right, d_down, d_depth) in ((3, (-along, -spk * right, cpk * right)), (4, (0.0 * along, -raw, down))):
        moved = np.stack([crk * d_right - srk * d_down, srk * d_right + crk * d_down], axis=-1)
        by_camera[..., i] = share[..., 0] * (moved - on_plane / depth[..., None] * before * d_depth[..., None])
    by_camera[..., 5] = np.stack([-flat[..., 1], flat[..., 0]], axis=-1)
    by_camera[..., 6] = flat
    return px, by_point, by_camera


def linearise_axis(camera: Floats) -> tuple[Floats, Floats]:
    """The direction (3,) in which one camera (7,) looks, and its derivatives (2, 3) by yaw and pitch."""
    (cy, cp), (sy, sp) = np.cos(camera[3:5]), np.sin(camera[3:5])
    axis = np.array([cp * sy, cp * cy, -sp])
    return axis, np.array([[cp * cy, -cp * sy, 0.0], [-sp * sy, -sp * cy, -cp]])


@dataclass(frozen=True, slots=True)
class Place:
    """Where the camera stands, seen from the mid-hip.

    azimuth_deg: 0 = behind the feet, 90 = beside the person, 180 = behind the head (either side of the person).
    elevation_deg: 90 = straight above. height_m above the floor. distance_m to the mid-hip.
    side: on which side of the person it stands.
    """

    azimuth_deg: float
    elevation_deg: float
    height_m: float
    distance_m: float
    side: Side

    @property
    def view(self) -> View:
        """The name of the place."""
        if self.elevation_deg > 60:
            return View.ABOVE
        for limit_deg, view in ((22.5, View.FOOT_END), (67.5, View.QUARTER_FOOT), (112.5, View.SIDE), (157.5, View.QUARTER_HEAD)):
            if self.azimuth_deg < limit_deg:
                return view
        return View.HEAD_END


def place_of(camera: Floats) -> Place:
    """The place of one camera (7,)."""
    x, y, z = (float(v) for v in camera[:3])
    ground = float(np.hypot(x, y))
    return Place(
        azimuth_deg=float(np.degrees(np.arctan2(abs(x), -y))),
        elevation_deg=float(np.degrees(np.arctan2(z - MID_HIP_M, ground))),
        height_m=z,
        distance_m=float(np.sqrt(x * x + y * y + z * z)),
        side=Side.LEFT if x >= 0 else Side.RIGHT,
    )


def looking_at(x: float, y: float, z: float, target_m: tuple[float, float, float], log_focal: float) -> Floats:
    """The level camera at x, y, z that looks at a target."""
    dx, dy, dz = target_m[0] - x, target_m[1] - y, target_m[2] - z
    yaw = np.arctan2(dx, dy)
    pitch = np.arctan2(-dz, np.hypot(dx, dy))
    return np.array([x, y, z, yaw, pitch, 0.0, log_focal])
