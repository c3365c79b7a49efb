"""The network: BlazePose's layers, begun from its weights, with heads that say where each joint is and how surely."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from kneeroll.anatomy import BODY
from kneeroll.estimators.square import SIZE_PX
from training.graph import Graph

THEIRS = (0, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)
"""The landmarks of `BODY` among BlazePose's 39."""
FEATURES, GLOBAL, COORDINATES = 279, 335, 336
"""Tensors of `pose_landmark_full.tflite`: (48, 64, 64) features, (288, 2, 2) of the whole picture, 39 x 5 coordinates."""
CELLS = 64
STEM = 221
"""Layers up to this tensor see edges and colours only; they stay as they are."""


class Residual(nn.Module):
    """Channels (N, C, H, W) widened, mixed with their neighbours, narrowed and added; nothing at first."""

    def __init__(self, channels: int, wider: int, side: int) -> None:
        super().__init__()
        wide = channels * wider
        self.widen = nn.Conv2d(channels, wide, 1)
        self.around = nn.Conv2d(wide, wide, side, padding=side // 2, groups=wide)
        self.narrow = nn.Conv2d(wide, channels, 1)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.narrow(torch.relu(self.around(torch.relu(self.widen(x)))))


class Attention(nn.Module):
    """Every cell of (N, C, H, W) looks at all others (a transformer's layer); nothing is added at first."""

    def __init__(self, channels: int, heads: int = 4, wider: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.asked = nn.Linear(channels, 3 * channels)
        self.answer = nn.Linear(channels, channels)
        self.widen, self.narrow = nn.Linear(channels, wider * channels), nn.Linear(wider * channels, channels)
        for last in (self.answer, self.narrow):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor) -> Tensor:
        count, channels, height, width = x.shape
        cells = x.flatten(2).transpose(1, 2)
        asked = self.asked(self.first(cells)).reshape(count, height * width, 3, self.heads, channels // self.heads)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        share = torch.softmax(query @ key.transpose(-1, -2) * (channels // self.heads) ** -0.5, -1)
        cells = cells + self.answer((share @ value).transpose(1, 2).reshape(count, height * width, channels))
        cells = cells + self.narrow(torch.relu(self.widen(self.second(cells))))
        return cells.transpose(1, 2).reshape(x.shape)


class Place(nn.Module):
    """Adds what tells a cell of (N, C, H, W) where it is."""

    def __init__(self, channels: int, cells: int) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.zeros(1, channels, cells, cells))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.place


def ours() -> dict[int, nn.Module]:
    """Layers of our own among BlazePose's, a quarter more work: they give what they get until they are trained."""
    return {
        251: nn.Sequential(Residual(88, 6, 5), Residual(88, 6, 5)),
        268: nn.Sequential(Place(144, 8), Attention(144), Attention(144), Attention(144)),
        275: nn.Sequential(Residual(48, 4, 5), Residual(48, 4, 5)),
        277: nn.Sequential(Residual(48, 4, 5), Residual(48, 4, 5)),
        279: Residual(48, 2, 3),
    }


class Heads(NamedTuple):
    """What each head says: pixels by the heat map and directly (N, K, 2), weight of the first (N, K), depth and whether it is
    seen (N, 2, K), log_spread (N, K)."""

    mapped: Tensor
    direct: Tensor
    weight: Tensor
    more: Tensor
    log_spread: Tensor

    @property
    def px(self) -> Tensor:
        """(N, K, 2) both ways to the pixels together."""
        return self.direct + self.weight[..., None] * (self.mapped - self.direct)


class Lying(nn.Module):
    """A square picture (N, 3, 256, 256), 0 to 1, head up -> landmarks.

    A heat map says where a landmark is; spread, depth and whether it is seen come from the whole picture, from the features
    where the heat lies, and the spread from the heat's own width besides: a hidden joint leaves a wide one.

    Gives px (N, K, 2) from 0 to 256; log_spread (N, K): natural logarithm of the pixels by which each is typically off;
    depth (N, K): how far behind mid-hip, in picture widths; seen (N, K): logit of being visible.
    """

    def __init__(self, blazepose: Path) -> None:
        super().__init__()
        whole = Graph(blazepose, [298, COORDINATES])
        self.body = Graph(blazepose, [FEATURES, GLOBAL], ours())
        count = len(BODY.landmarks)
        self.heat = nn.Conv2d(48, count, 1)
        self.direct = nn.Conv2d(288, 4 * count, 2)
        self.surety = nn.Conv2d(288, 2 * count, 2)
        self.there = nn.Conv2d(48, 4 * count, 1)
        self.width = nn.Parameter(torch.zeros(count))
        self.sharpness = nn.Parameter(torch.zeros(count))
        rows = torch.tensor(THEIRS)
        with torch.no_grad():
            self.heat.weight.copy_(whole.weights["w298"][rows])
            self.heat.bias.copy_(whole.weights["b298"][rows])
            kept = torch.cat([5 * rows, 5 * rows + 1, 5 * rows + 2, 5 * rows + 3])
            self.direct.weight.copy_(whole.weights["w336"][kept])
            self.direct.bias.copy_(whole.weights["b336"][kept])
            for new in (self.surety.weight, self.there.weight, self.there.bias):
                nn.init.zeros_(new)
            nn.init.constant_(self.surety.bias, 0.0)
            self.surety.bias[:count] = 2.0
        for name, weight in self.body.weights.items():
            weight.requires_grad_(int(name[1:]) > STEM)
        axis = (torch.arange(CELLS, dtype=torch.float32) + 0.5) * (SIZE_PX / CELLS)
        self.register_buffer("axis", axis)

    def heads(self, picture: Tensor, *, half: bool = False) -> Heads:
        """What each head says; half: all but the heads is computed in bfloat16."""
        count = len(BODY.landmarks)
        with torch.autocast(picture.device.type, torch.bfloat16, enabled=half):
            features, of_all = self.body(picture)
        features, of_all = features.float(), of_all.float()
        heat = self.heat(features).flatten(2) * torch.exp(self.sharpness)[:, None]
        share = torch.softmax(heat, -1).reshape(-1, count, CELLS, CELLS)
        columns, rows = share.sum(2), share.sum(3)
        mapped = torch.stack([(columns * self.axis).sum(-1), (rows * self.axis).sum(-1)], -1)
        square = (columns * self.axis**2).sum(-1) + (rows * self.axis**2).sum(-1) - mapped.square().sum(-1)
        there = (self.there(features).reshape(-1, 4, count, CELLS, CELLS) * share[:, None]).sum((-2, -1))
        direct = self.direct(of_all).reshape(-1, 4, count)
        surety = self.surety(of_all).reshape(-1, 2, count) + there[:, :2]
        log_spread = surety[:, 0] + 0.5 * self.width * torch.log(square.clamp(min=1.0))
        more = direct[:, 2:] + there[:, 2:]
        return Heads(mapped, direct[:, :2].transpose(1, 2), torch.sigmoid(surety[:, 1]), more, log_spread)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        heads = self.heads(picture)
        return heads.px, heads.log_spread, heads.more[:, 0] / SIZE_PX, heads.more[:, 1]
