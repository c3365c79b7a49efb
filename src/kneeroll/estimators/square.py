"""The square of a picture that a person fills, turned so that the head is up: what the network looks at. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.poses import Floats

SIZE_PX = 256
AROUND = 1.25
"""The square is so much wider than the landmarks."""
NEARLY = 0.05
UPPER = BODY.indices("nose", "left_ear", "right_ear", "left_shoulder", "right_shoulder")
LOWER = BODY.indices("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")


@dataclass(frozen=True, slots=True)
class Square:
    """A square in a picture: centre (2,) and side in pixels, turned by `turn` radians (0 = upright, + clockwise)."""

    centre_px: Floats
    side_px: float
    turn: float

    @classmethod
    def around(cls, image_px: Floats) -> Square:
        """The square around landmarks (K, 2) of `BODY`."""
        up = image_px[UPPER].mean(0) - image_px[LOWER].mean(0)
        turn = float(np.arctan2(up[0], -up[1]))
        axes = _axes(turn)
        along = image_px @ axes.T
        low, high = along.min(0), along.max(0)
        return cls((low + high) / 2 @ axes, float((high - low).max() * AROUND), turn)

    @classmethod
    def whole(cls, width_px: int, height_px: int, turn: float) -> Square:
        """The square as wide as the longer side of a picture, about its middle."""
        return cls(np.array([width_px, height_px]) / 2, float(max(width_px, height_px)), turn)

    def is_nearly(self, other: Square) -> bool:
        """Whether both show the same, but for some hundredths of their width."""
        off = float(np.linalg.norm(self.centre_px - other.centre_px)) / self.side_px
        turned = abs((self.turn - other.turn + np.pi) % (2 * np.pi) - np.pi)
        return bool(max(off, abs(np.log(self.side_px / other.side_px)), turned) < NEARLY)

    @property
    def from_picture(self) -> Floats:
        """(2, 3) pixels of the picture to those of the square, which is `SIZE_PX` wide."""
        scaled = _axes(self.turn) * (SIZE_PX / self.side_px)
        return np.hstack([scaled, (SIZE_PX / 2 - scaled @ self.centre_px)[:, None]])

    @property
    def to_picture(self) -> Floats:
        """(2, 3) pixels of the square to those of the picture."""
        back = _axes(self.turn).T * (self.side_px / SIZE_PX)
        return np.hstack([back, (self.centre_px - back @ np.full(2, SIZE_PX / 2))[:, None]])


def _axes(turn: float) -> Floats:
    """(2, 2) directions right and down of the square, in the picture."""
    c, s = np.cos(turn), np.sin(turn)
    return np.array([[c, s], [-s, c]])


def moved(px: Floats, by: Floats) -> Floats:
    """Points (K, 2) through an affine map (2, 3)."""
    return np.asarray(px @ by[:, :2].T + by[:, 2])
