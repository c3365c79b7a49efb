"""Pictures of a trunk that breathes, made of numbers: a texture that moves up and down by parts of a pixel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import gaussian_filter

from kneeroll.anatomy import BODY
from kneeroll.poses import CameraFrame, Floats, PoseFrame

SIZE_PX = (160, 120)
CORNERS = {"left_shoulder": (110.0, 35.0), "right_shoulder": (110.0, 85.0), "left_hip": (40.0, 35.0), "right_hip": (40.0, 85.0)}


def breath(t_s: Floats, period_s: float = 4.0, *, stops_s: float = np.inf) -> Floats:
    """How far the chest is up, 0-1, highest at period_s / 2 and every period after; it rests from where the breath stops."""
    return np.asarray((1 - np.cos(2 * np.pi * np.minimum(t_s, stops_s) / period_s)) / 2)


def pose_at(t_s: float, scale: int = 1) -> PoseFrame:
    """Lying across the picture: only the trunk's corners are of use here."""
    k = len(BODY.landmarks)
    px = np.full((k, 2), np.nan)
    for name, (x, y) in CORNERS.items():
        px[BODY.index(name)] = scale * x, scale * y
    return PoseFrame(t_s, scale * SIZE_PX[0], scale * SIZE_PX[1], px, np.full((k, 3), np.nan), np.full(k, np.nan), BODY)


def moving(
    t_s: Floats, up_px: Floats, chest: Floats, *, noise: float = 2.0, rough_px: float = 3.0, seed: int = 0
) -> Iterator[CameraFrame]:
    """One picture for each time. up_px: how far up it has moved where `chest` (H, W) is one; at most about two roughnesses.

    noise: grey levels. rough_px: how coarse what is seen is.
    """
    random = np.random.default_rng(seed)
    texture = gaussian_filter(random.normal(size=chest.shape), rough_px)
    texture = (texture * 25 / texture.std()).astype(np.float32)
    chest = chest.astype(np.float32)
    slope = np.gradient(texture, axis=0)
    bend = np.gradient(slope, axis=0)
    for t, up in zip(t_s, up_px, strict=True):
        moved = np.float32(up) * chest
        grey = 128 + texture + moved * slope + moved**2 / 2 * bend
        grey += np.float32(noise) * random.standard_normal(chest.shape, dtype=np.float32)
        picture = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
        yield CameraFrame(float(t), np.repeat(picture[:, :, None], 3, axis=2))


def shown(
    t_s: Floats, up_px: Floats, *, noise: float = 2.0, scale: int = 1, seed: int = 0
) -> Iterator[tuple[CameraFrame, PoseFrame]]:
    """Somebody who lies across the picture and whose chest moves up it by so much, `scale` times as large."""
    width, height = (scale * n for n in SIZE_PX)
    y, x = np.mgrid[:height, :width] / scale
    chest = np.exp(-((x - 90) ** 2 + (y - 60) ** 2) / (2 * 18.0**2))
    for frame in moving(t_s, scale * up_px, chest, noise=noise, rough_px=3.0 * scale, seed=seed):
        yield frame, pose_at(frame.t_s, scale)
