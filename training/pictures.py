"""Labelled pictures as the network sees them: squares around a person, head up, with what cameras and rooms do to pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from kneeroll.anatomy import BODY
from kneeroll.estimators.square import SIZE_PX, Square, moved
from kneeroll.poses import Floats

LANDMARKS = [name.replace("toe", "foot_index") for name in BODY.landmarks]
"""The landmarks of `BODY`, as the renderer of people calls them."""
HIPS, SHOULDERS = BODY.indices("left_hip", "right_hip"), BODY.indices("left_shoulder", "right_shoulder")
NOBODY = 0.05
"""The share of squares in which there is no person: a patch of a room or of a garment, or next to nothing."""
FAR = 0.12
"""The share of squares that are too large and not about the person: so the network is asked where nobody was found yet."""
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


def read_labels(folder: Path) -> list[Labelled]:
    """Every picture of a folder that the renderer of people made."""
    found = []
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        if label["kind"] == "nobody":
            found.append(Labelled.nobody(folder / label["file"]))
            continue
        joints = [label["joints"][n] for n in LANDMARKS]
        px, depth, xyz = (np.array([j[key] for j in joints], dtype=float) for key in ("uv", "depth", "xyz"))
        px_per_m = float(label["K"][0][0] / depth[HIPS].mean())
        trunk_m = float(np.linalg.norm(xyz[HIPS].mean(0) - xyz[SHOULDERS].mean(0)))
        seen = np.array([j["visible"] for j in joints])
        if seen.sum() < LEAST_SEEN:
            continue
        found.append(Labelled(folder / label["file"], px, depth, seen, px_per_m, px_per_m * trunk_m))
    return found


def _far(square: Square, random: np.random.Generator) -> Square:
    """A square up to e times as wide with the same person somewhere in it."""
    wider = float(np.exp(random.uniform(0.0, 1.0)))
    off = random.uniform(-0.4, 0.4, 2) * (wider - 1) * square.side_px
    return Square(square.centre_px + off, square.side_px * wider, square.turn)


class Squares(Dataset[tuple[Any, ...]]):
    """Squares of labelled pictures; with a seed, each time another one of the same picture."""

    def __init__(self, labelled: list[Labelled], *, vary: bool) -> None:
        self._labelled, self._vary = labelled, vary
        self.epoch = 0

    def __len__(self) -> int:
        return len(self._labelled)

    def __getitem__(self, i: int) -> tuple[Any, ...]:
        one = self._labelled[i]
        random = np.random.default_rng((self.epoch, i))
        square = Square.around(one.px)
        if self._vary:
            turn = random.normal(0, 0.35) if random.random() < 0.85 else random.uniform(-np.pi, np.pi) * 0.6
            side = square.side_px * np.exp(random.normal(0.02, 0.13))
            centre = square.centre_px + random.normal(0, 0.05, 2) * side
            square = Square(centre, side, square.turn + turn)
            if random.random() < FAR:
                square = _far(square, random)
        image = cv2.imread(str(one.path))
        if self._vary and random.random() < NOBODY:
            return self._nobody(image, random)
        matrix, side = square.from_picture, square.side_px
        border = (cv2.BORDER_REFLECT_101, cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE)[int(random.integers(3)) if self._vary else 1]
        flags = cv2.INTER_AREA if side > 2 * SIZE_PX else cv2.INTER_LINEAR
        image = cv2.warpAffine(image, matrix, (SIZE_PX, SIZE_PX), flags=flags, borderMode=border)
        px = moved(one.px, matrix)
        depth = (one.depth_m - one.depth_m[HIPS].mean()) * one.px_per_m / side
        seen = one.seen
        if self._vary and random.random() < 0.5:
            image, px, depth, seen = (
                image[:, ::-1],
                px[BODY.mirror] * (-1, 1) + (SIZE_PX, 0),
                depth[BODY.mirror],
                seen[BODY.mirror],
            )
        if self._vary:
            image = _spoil(np.ascontiguousarray(image), random)
        picture = torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1))).float() / 255
        scale = one.trunk_px * SIZE_PX / side
        truth = (torch.tensor(px).float(), torch.tensor(depth).float(), torch.tensor(seen).float())
        return picture, *truth, scale, float(seen.any())

    def _nobody(self, image: Any, random: np.random.Generator) -> tuple[Any, ...]:
        """A square without a person; what it says of landmarks does not count."""
        if random.random() < 0.7:
            side = int(random.uniform(0.06, 0.2) * min(image.shape[:2])) + 4
            x, y = (int(random.integers(0, n - side)) for n in (image.shape[1], image.shape[0]))
            image = cv2.resize(image[y : y + side, x : x + side], (SIZE_PX, SIZE_PX))
        else:
            image = np.full((SIZE_PX, SIZE_PX, 3), random.uniform(0, 255, 3)).astype(np.uint8)
        image = _spoil(np.ascontiguousarray(image), random)
        picture = torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1))).float() / 255
        count = len(LANDMARKS)
        return picture, torch.zeros(count, 2), torch.zeros(count), torch.zeros(count), 1.0, 0.0


def _spoil(image: Any, random: np.random.Generator) -> Any:
    """Light, colour, blur, noise, compression, and things in front."""
    picture = image.astype(np.float32)
    picture = (picture - 128) * random.uniform(0.6, 1.4) + 128 + random.normal(0, 22)
    picture *= 1 + random.normal(0, 0.08, 3).astype(np.float32)
    if random.random() < 0.15:
        picture = picture.mean(-1, keepdims=True).repeat(3, -1)
    if random.random() < 0.35:
        length = int(random.integers(2, 8))
        kernel = np.zeros((length, length), np.float32)
        cv2.line(kernel, *[tuple(int(v) for v in random.integers(0, length, 2)) for _ in "ab"], 1.0)
        picture = cv2.filter2D(picture, -1, kernel / max(float(kernel.sum()), 1.0))
    if random.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.4, 2.2))
    if random.random() < 0.25:
        for _ in range(int(random.integers(1, 3))):
            size = random.uniform(12, 70, 2).astype(int)
            at = random.integers(0, SIZE_PX - 20, 2)
            picture[at[1] : at[1] + size[1], at[0] : at[0] + size[0]] = random.uniform(0, 255, 3)
    picture = np.clip(picture + random.normal(0, random.uniform(0, 9), picture.shape), 0, 255).astype(np.uint8)
    if random.random() < 0.4:
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 85))])
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return picture
