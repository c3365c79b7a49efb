"""What cameras and rooms do to pictures, on whatever device they are: light, colour, blur, things in front, noise, JPEG."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

BLUR_PX = 11
LUMINANCE = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)
"""JPEG's quantisation of brightness at quality 50: Recommendation ITU-T T.81, table K.1."""
COLOURS = torch.full((8, 8), 99.0)
COLOURS[:4, :4] = torch.tensor([[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]], dtype=torch.float32)
"""The same for colours: table K.2."""
TO_YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
COSINES = torch.tensor(
    [[math.sqrt((1 if k == 0 else 2) / 8) * math.cos(math.pi * (2 * i + 1) * k / 16) for i in range(8)] for k in range(8)]
)


class Chance:
    """Numbers by chance for each of `count` pictures, on the generator's device."""

    def __init__(self, count: int, random: torch.Generator) -> None:
        self._count, self._random = count, random

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """(N, *shape), each equally likely from low to high."""
        return low + (high - low) * torch.rand((self._count, *shape), generator=self._random, device=self._random.device)

    def about(self, spread: float, *shape: int) -> Tensor:
        """(N, *shape), normal about 0."""
        return spread * torch.randn((self._count, *shape), generator=self._random, device=self._random.device)


def spoil(picture: Tensor, random: torch.Generator) -> Tensor:
    """Pictures (N, 3, H, W), 0 to 1, each spoilt in its own way."""
    count, device, chance = len(picture), picture.device, Chance(len(picture), random)
    u, n = chance.between, chance.about

    def often(share: float) -> Tensor:
        return u(0, 1, 1, 1, 1) < share

    def some(share: float) -> Tensor:
        return torch.randperm(count, generator=random, device=device)[: math.ceil(share * count)]

    picture = (picture - 0.5) * u(0.6, 1.4, 1, 1, 1) + 0.5 + n(0.086, 1, 1, 1)
    picture = picture * (1 + n(0.08, 3, 1, 1))
    picture = torch.where(often(0.15), picture.mean(1, keepdim=True), picture)
    rows = some(0.55)
    length, sigma = torch.where(u(0, 1) < 0.65, u(2, 8), 0.0), torch.where(u(0, 1) < 0.55, u(0.4, 2.2), 0.0)
    picture[rows] = blurred(picture[rows], length[rows], u(0, math.pi)[rows], sigma[rows])
    y, x = torch.meshgrid(*(torch.arange(side, device=device) for side in picture.shape[-2:]), indexing="ij")
    for share in (0.25, 0.12):
        size, at = u(12, 70, 2, 1, 1), u(0, picture.shape[-1] - 20, 2, 1, 1)
        inside = (x >= at[:, :1]) & (x < at[:, :1] + size[:, :1]) & (y >= at[:, 1:]) & (y < at[:, 1:] + size[:, 1:])
        picture = torch.where(often(share) & inside, u(0, 1, 3, 1, 1), picture)
    noise = torch.randn(picture.shape, generator=random, device=device)
    picture = (picture + u(0, 9 / 255, 1, 1, 1) * noise).clamp(0, 1)
    rows = some(0.4)
    picture[rows] = compressed(picture[rows], u(25, 85)[rows])
    return picture


def blurred(picture: Tensor, length: Tensor, direction: Tensor, sigma: Tensor) -> Tensor:
    """Moved by `length` pixels (N,) while the shutter was open, in a direction (radians), and out of focus by `sigma`."""
    count, channels = picture.shape[:2]
    reach = torch.arange(BLUR_PX, device=picture.device) - BLUR_PX // 2
    along = torch.linspace(-0.5, 0.5, 9, device=picture.device)
    way = torch.stack([torch.cos(direction), torch.sin(direction)], -1) * length[:, None]
    at = way[:, None] * along[:, None]
    squared = (reach - at[..., :1]).square()[..., None, :] + (reach - at[..., 1:]).square()[..., :, None]
    kernel = torch.exp(-squared / (2 * sigma.clamp(min=0.25).square())[:, None, None, None]).sum(1)
    kernel = (kernel / kernel.sum((1, 2), keepdim=True)).repeat_interleave(channels, 0)[:, None]
    around = functional.pad(picture, [BLUR_PX // 2] * 4, mode="replicate").flatten(0, 1)[None]
    return functional.conv2d(around, kernel, groups=count * channels).reshape(picture.shape)


def compressed(picture: Tensor, quality: Tensor) -> Tensor:
    """What a JPEG file of this quality (N,), 1 to 100, keeps; colours at full resolution. Sides are multiples of 8."""
    device, (count, channels, height, width) = picture.device, picture.shape
    transform, to_ycc = torch.kron(COSINES, COSINES).to(device), TO_YCC.to(device)
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    tables = torch.stack([LUMINANCE, COLOURS, COLOURS]).to(device)[None] * scale[:, None, None, None]
    step = tables.clamp(min=1.0).reshape(count, channels, 1, 64) / 255
    blocks = torch.einsum("ij,njhw->nihw", to_ycc, picture).reshape(count, channels, height // 8, 8, width // 8, 8)
    blocks = blocks.transpose(3, 4).reshape(count, channels, height * width // 64, 64)
    kept = torch.round(blocks @ transform.T / step) * step @ transform
    back = kept.reshape(count, channels, height // 8, width // 8, 8, 8).transpose(3, 4).reshape(picture.shape)
    return torch.einsum("ij,njhw->nihw", torch.linalg.inv(TO_YCC).to(device), back).clamp(0, 1)
