"""Labelled pictures as the network sees them: squares around a person, head up, with what cameras and rooms do to pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kneeroll.anatomy import BODY
from kneeroll.estimators.square import SIZE_PX, Square
from kneeroll.poses import Floats
from training.spoil import Chance, spoil

LANDMARKS = [name.replace("toe", "foot_index") for name in BODY.landmarks]
"""The landmarks of `BODY`, as the renderer of people calls them."""
HIPS, SHOULDERS = BODY.indices("left_hip", "right_hip"), BODY.indices("left_shoulder", "right_shoulder")
KEPT_PX = 320
"""Pictures are kept so large."""
NOBODY, BLANK = 0.05, 0.3
"""The share of squares in which there is no person: a patch of a room or of a garment, or (that share of them) one colour."""
FAR = 0.12
"""The share of squares that are too large and not about the person: so the network is asked where nobody was found yet."""
BORDERS = ("zeros", "border", "reflection")
"""What is seen beyond a picture's edge, by turns."""
LEAST_SEEN = 4
"""Pictures in which fewer landmarks are seen, somebody or something standing before the camera, teach nothing."""


@dataclass(frozen=True)
class Labelled:
    """A picture and its truth: px (K, 2), depth_m (K,) from the camera, seen (K,), the body's scale in pixels a metre.

    Where nobody is in it, the landmarks lie about its middle, and nothing is seen.
    """

    path: Path
    px: Floats
    depth_m: Floats
    seen: NDArray[np.bool_]
    px_per_m: float
    trunk_px: float

    @classmethod
    def nobody(cls, path: Path) -> Labelled:
        """A room without anybody."""
        count = len(LANDMARKS)
        px = SIZE_PX * (0.5 + 0.3 * np.random.default_rng(0).uniform(-1, 1, (count, 2)))
        return cls(path, px, np.ones(count), np.zeros(count, dtype=bool), 1.0, 1.0)


def read_label(folder: Path, line: str) -> Labelled | None:
    """One picture of a folder that the renderer of people made; none where too little is seen."""
    label = json.loads(line)
    if label["kind"] == "nobody":
        return Labelled.nobody(folder / label["file"])
    joints = [label["joints"][n] for n in LANDMARKS]
    px, depth, xyz = (np.array([j[key] for j in joints], dtype=float) for key in ("uv", "depth", "xyz"))
    px_per_m = float(label["K"][0][0] / depth[HIPS].mean())
    trunk_m = float(np.linalg.norm(xyz[HIPS].mean(0) - xyz[SHOULDERS].mean(0)))
    seen = np.array([j["visible"] for j in joints])
    if seen.sum() < LEAST_SEEN or depth.min() < 0.1:
        return None
    return Labelled(folder / label["file"], px, depth, seen, px_per_m, px_per_m * trunk_m)


class Batch(NamedTuple):
    """Squares (N, 3, 256, 256), 0 to 1; truth: px (N, K, 2) in them, depth (N, K) in their sides, seen (N, K); trunk_px (N,);
    person (N,): whether one is there."""

    picture: Tensor
    px: Tensor
    depth: Tensor
    seen: Tensor
    trunk_px: Tensor
    person: Tensor


class Block(NamedTuple):
    """Pictures as they are kept (N, 3, 320, 320); truth (N, K, 4): px, depth_px, seen; about (N, 5): the square around the
    person (centre, side, turn) and trunk_px."""

    picture: Tensor
    truth: Tensor
    about: Tensor


def read_block(found: list[Labelled]) -> Block:
    """Read these pictures, at least one."""
    pictures, truths, abouts = [], [], []
    for one in found:
        image = cv2.imread(str(one.path))
        scale = KEPT_PX / image.shape[0]
        image = image if scale == 1 else cv2.resize(image, (KEPT_PX, KEPT_PX), interpolation=cv2.INTER_CUBIC)
        pictures.append(image[..., ::-1].transpose(2, 0, 1))
        depth_px = (one.depth_m - one.depth_m[HIPS].mean()) * one.px_per_m
        truths.append(np.column_stack([one.px * scale, depth_px * scale, one.seen]))
        square = Square.around(one.px * scale)
        abouts.append([*square.centre_px, square.side_px, square.turn, one.trunk_px * scale])
    truth, about = (torch.tensor(np.array(part), dtype=torch.float32) for part in (truths, abouts))
    return Block(torch.from_numpy(np.stack(pictures)), truth, about)


class Pool:
    """Pictures in the memory of one device, the newest `capacity` of them, and squares cut from them."""

    def __init__(self, capacity: int, device: str = "cpu") -> None:
        self.device, self.capacity, self.added, self._cuts = device, capacity, 0, 0
        count = len(LANDMARKS)
        self._pictures = torch.empty((capacity, 3, KEPT_PX, KEPT_PX), dtype=torch.uint8, device=device)
        self._truth = torch.zeros((capacity, count, 4), device=device)
        self._about = torch.zeros((capacity, 5), device=device)
        self._mirror = torch.tensor(BODY.mirror, device=device)

    def __len__(self) -> int:
        return min(self.added, self.capacity)

    def add(self, block: Block) -> None:
        """Take these in, at most `capacity`; the oldest leave."""
        rows = (torch.arange(len(block.picture)) + self.added).remainder(self.capacity).to(self.device)
        for kept, new in zip((self._pictures, self._truth, self._about), block, strict=True):
            kept[rows] = new.to(self.device)
        self.added += len(rows)

    def plain(self, rows: Tensor) -> Batch:
        """The squares around those persons, nothing changed."""
        square, truth = self._about[rows], self._truth[rows]
        return self._cut(rows, square, truth, truth[..., 3].any(1), "zeros")

    def varied(self, count: int, random: torch.Generator) -> Batch:
        """So many squares, chosen by chance, varied by chance."""
        chance = Chance(count, random)
        u, n = chance.between, chance.about
        rows = torch.randint(len(self), (count,), generator=random, device=self.device)
        square, truth = self._about[rows].clone(), self._truth[rows]
        square[:, 3] += torch.where(u(0, 1) < 0.85, n(0.35), u(-0.6, 0.6) * torch.pi)
        square[:, 2] *= torch.exp(0.02 + n(0.13))
        square[:, :2] += n(0.05, 2) * square[:, 2:3]
        wider = torch.where(u(0, 1) < FAR, torch.exp(u(0, 1)), 1.0)
        square[:, :2] += u(-0.4, 0.4, 2) * ((wider - 1) * square[:, 2])[:, None]
        square[:, 2] *= wider
        nobody = u(0, 1) < NOBODY
        patch = torch.cat([u(0, KEPT_PX, 2), u(0.06, 0.2, 1) * KEPT_PX], 1)
        square[:, :3] = torch.where(nobody[:, None], patch, square[:, :3])
        self._cuts += 1
        batch = self._cut(rows, square, truth, truth[..., 3].any(1) & ~nobody, BORDERS[self._cuts % len(BORDERS)])
        picture = torch.where((nobody & (u(0, 1) < BLANK))[:, None, None, None], u(0, 1, 3)[..., None, None], batch.picture)
        flip = u(0, 1) < 0.5
        mirrored = SIZE_PX * torch.tensor([1.0, 0.0], device=self.device) + batch.px[:, self._mirror] * torch.tensor(
            [-1.0, 1.0], device=self.device
        )
        return batch._replace(
            picture=spoil(torch.where(flip[:, None, None, None], picture.flip(-1), picture), random),
            px=torch.where(flip[:, None, None], mirrored, batch.px),
            depth=torch.where(flip[:, None], batch.depth[:, self._mirror], batch.depth),
            seen=torch.where(flip[:, None], batch.seen[:, self._mirror], batch.seen),
        )

    def _cut(self, rows: Tensor, square: Tensor, truth: Tensor, person: Tensor, border: str) -> Batch:
        centre, side, turn, trunk_px = square[:, :2], square[:, 2], square[:, 3], square[:, 4]
        c, s = torch.cos(turn), torch.sin(turn)
        axes = torch.stack([torch.stack([c, s], -1), torch.stack([-s, c], -1)], -2)
        px = (truth[..., :2] - centre[:, None]) @ axes.transpose(1, 2) * (SIZE_PX / side)[:, None, None] + SIZE_PX / 2
        theta = torch.cat([axes.transpose(1, 2) * (side / KEPT_PX)[:, None, None], (2 * centre / KEPT_PX - 1)[..., None]], -1)
        grid = functional.affine_grid(theta, [len(rows), 3, SIZE_PX, SIZE_PX], align_corners=False)
        pictures = self._pictures[rows].float() / 255
        picture = functional.grid_sample(pictures, grid, "bilinear", border, align_corners=False)
        there = person.float()
        seen = truth[..., 3] * there[:, None]
        return Batch(picture, px, truth[..., 2] / side[:, None], seen, trunk_px * SIZE_PX / side, there)
