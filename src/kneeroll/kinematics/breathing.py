"""Breaths of somebody who lies still, from how the trunk rises and falls in the picture. Pure and causal.

The trunk is cut into small cells. How far each has moved up the picture since the first frame follows from how its grey levels
changed and how steep they are, to a few hundredths of a pixel. A chest or belly that breathes shows as cells that move as one,
again and again alike; trembling, settling and a noisy picture show as motion that does not repeat. Where nothing repeats,
nothing is told.

Measured on rendered people: told in 3 of 12 holds of 14 to 24 s, all three counts true; in the others clothes hide the breath, a
shoulder is lifted, or the person moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneeroll.anatomy import BODY
from kneeroll.kinematics.curves import passed, tops
from kneeroll.poses import Breaths, CameraFrame, Floats, PoseFrame

SLOWEST_HZ, FASTEST_HZ = 0.1, 0.6
"""Six to thirty-six breaths a minute."""
RATE_HZ = 10.0
PERIOD_S = (1.8, 8.0)
REGULAR = 0.8
"""Least likeness of the motion to itself a breath later. Aimless wandering, looked at every second for 24 s, reached 0.76 in 300
trials; limbs of rendered people that tremble 0.73 (64 spans), a still picture with noise 0.6. Breaths whose length varies by a
tenth reach it in half of the holds of 20 s; uneven ones are given up for that."""
AS_ONE, LEAST_CELLS = 0.8, 4
"""So many cells move as one: their correlation with one of them."""
SEEDS = 10
"""From so many of the most regular cells such a group is looked for."""
ENOUGH_S = 12.0
"""Three breaths, fifteen a minute; few are so regular that these are enough."""
LARGEST_GAP_S = 1.0
"""The longest time without a new picture over which a motion is still known."""
EDGE_S = 0.3
"""A top so near to the first or last picture is not yet one."""
TOP_SHARE, NEAR_TOP_SHARE = 0.4, 0.1
"""A breath stands out by this share of the usual one, and is at its top from this close to it on."""
QUIET_SHARE = 0.7
LARGEST_SHARE = 2.0
"""A motion by less than this share of the usual breath is no breath, and one by more than the largest is the body's."""

TRUNK_PX = 160.0
"""A trunk that is larger in the picture is made smaller, to between a half and the whole of this."""
DOWN, AROUND = 0.9, 0.1
"""The trunk: from the shoulders so far to the hips, and so far around that; shares of its size."""
HALF_CELL = 6
LEAST_STEEP = 3.0
"""Grey levels a pixel: where the picture is flatter, nothing can be seen to move."""

_ROWS = np.array([BODY.indices(f"{side}_shoulder", f"{side}_hip") for side in ("left", "right")])
_BLUR = np.exp(-0.5 * np.arange(-4.0, 5.0) ** 2) / np.exp(-0.5 * np.arange(-4.0, 5.0) ** 2).sum()
"""Weights of a blur by one pixel; they sum to one."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Cells that breathe: weights (K,), + where up is in, and the usual breath in pixels."""

    weights: Floats
    swing_px: float


class BreathFollower:
    """Follows the breaths of one hold. Give it every frame of the hold, in order of time."""

    def __init__(self) -> None:
        self._trunk: _Trunk | None = None
        self._t_s: list[float] = []
        self._up_px: list[Floats] = []
        self._grey: Floats | None = None
        self._group: _Group | None = None
        self._judged_s = 0.0
        self._pause_s: float | None = None

    def follow(self, frame: CameraFrame, pose: PoseFrame) -> float | None:
        """Take in one frame. Seconds since the last breath; None where that cannot be told."""
        if self._trunk is None:
            if not np.isfinite(pose.image_px[_ROWS]).all():
                return None
            self._trunk, self._judged_s = _Trunk(frame, pose), frame.t_s + ENOUGH_S - 1.0
        elif frame.t_s - self._t_s[-1] < 0.8 / RATE_HZ:
            return self._pause_s
        grey = self._trunk.grey(frame)
        if self._grey is not None and np.array_equal(grey, self._grey):  # a camera that hangs gives the same picture again
            if frame.t_s - self._t_s[-1] > LARGEST_GAP_S:
                self._pause_s = None
            return self._pause_s
        self._grey = grey
        self._t_s.append(frame.t_s)
        self._up_px.append(self._trunk.up_px(grey))
        if frame.t_s - self._judged_s >= 1.0:
            self._judged_s, self._pause_s = frame.t_s, self._judge(frame.t_s)
        return self._pause_s

    def told(self, until_s: float) -> Breaths | None:
        """The breaths up to a time; None where they cannot be told."""
        t_s, up_px = self._evenly(until_s)
        if len(t_s) < ENOUGH_S * RATE_HZ:
            return None
        group = find_group(up_px) or self._group
        if group is None:
            return None
        way = up_px @ group.weights
        if np.ptp(_breathed(way)) > LARGEST_SHARE * group.swing_px:
            return None
        return Breaths(float(t_s[0]), float(t_s[-1]), tuple(t_s[_tops(_slow(way), group.swing_px)].tolist()))

    def _judge(self, now_s: float) -> float | None:
        t_s, up_px = self._evenly(now_s)
        if len(t_s) == 0:
            return None
        self._group = group = find_group(up_px) or self._group
        if group is None:
            return None
        wave = _slow(up_px @ group.weights)
        at = _tops(wave, group.swing_px)
        if len(at) < 2:
            return None
        down = at[-1] + int(0.6 * np.median(np.diff(at)))
        quiet = len(wave) <= down or np.ptp(wave[down:]) <= QUIET_SHARE * group.swing_px
        return float(now_s - t_s[at[-1]]) if quiet else None

    def _evenly(self, until_s: float) -> tuple[Floats, Floats]:
        """Times (N,) and ways (N, K) at even steps; none where there was a gap, or too little to see."""
        n = int(np.searchsorted(self._t_s, until_s, side="right"))
        t_s = np.array(self._t_s[:n])
        gaps_s = np.diff(np.append(t_s, until_s))
        up_px = np.array(self._up_px[:n])
        if n < 2 or gaps_s.max() > LARGEST_GAP_S or up_px.shape[1] < LEAST_CELLS:
            return np.zeros(0), np.zeros((0, 0))
        even_s = np.arange(t_s[0], t_s[-1], 1 / RATE_HZ)
        return even_s, np.stack([np.interp(even_s, t_s, way) for way in up_px.T], axis=1)


class _Trunk:
    """Where the trunk is in the picture, and how far its cells have moved since."""

    def __init__(self, frame: CameraFrame, pose: PoseFrame) -> None:
        corners = pose.image_px[_ROWS]  # side, end
        share = np.linspace(0, 1, 7)
        sides = corners[:, 0, None] + DOWN * share[:, None] * (corners[:, 1] - corners[:, 0])[:, None]
        points = (sides[0][:, None] + share[:, None] * (sides[1] - sides[0])[:, None]).reshape(-1, 2)
        size_px = float(np.ptp(corners.reshape(-1, 2), axis=0).max())
        self._step = step = max(int(np.ceil(size_px / TRUNK_PX)), 1)
        reach_px = AROUND * size_px + HALF_CELL
        low = np.maximum(points.min(0) - reach_px, 0).astype(int)
        high = np.minimum(points.max(0) + reach_px, (frame.width_px, frame.height_px)).astype(int)
        width, height = (int(n) // (HALF_CELL * step) * HALF_CELL for n in np.maximum(high - low, 0))
        self._shape = (height, width)
        self._part = (slice(low[1], low[1] + height * step), slice(low[0], low[0] + width * step))
        self._first = self.grey(frame)
        x, y = np.meshgrid(low[0] + step * np.arange(width), low[1] + step * np.arange(height))
        away_px = np.hypot(x[..., None] - points[:, 0], y[..., None] - points[:, 1]).min(-1, initial=np.inf)
        inside = (away_px <= reach_px).astype(float)
        self._steep = np.gradient(self._first, axis=0) * inside if min(self._shape) >= 2 else np.zeros(self._shape)
        area, strength = _cells(inside), _cells(self._steep**2)
        self._seen = (area >= 0.8 * (2 * HALF_CELL) ** 2) & (strength >= LEAST_STEEP**2 * area)
        self._strength = strength[self._seen]

    def grey(self, frame: CameraFrame) -> Floats:
        """The part of the picture that holds the trunk, a little blurred."""
        part = frame.image[self._part].astype(np.float32).mean(-1)
        part = part.reshape(self._shape[0], self._step, self._shape[1], self._step).mean((1, 3))
        return _blurred(_blurred(part).T).T if part.size else part

    def up_px(self, grey: Floats) -> Floats:
        """How far up the picture each cell is (K,)."""
        return np.asarray(_cells(self._steep * (grey - self._first))[self._seen] / self._strength)


def _cells(values: Floats) -> Floats:
    """Sums over cells that overlap by a half."""
    height, width = (n // HALF_CELL for n in values.shape)
    halves = values.reshape(height, HALF_CELL, width, HALF_CELL).sum((1, 3))
    return np.asarray(halves[:-1, :-1] + halves[1:, :-1] + halves[:-1, 1:] + halves[1:, 1:])


def _blurred(grey: Floats) -> Floats:
    """Rows blurred into each other."""
    half = len(_BLUR) // 2
    beyond = np.pad(grey, ((half, half), (0, 0)), "symmetric")
    return np.asarray(np.tensordot(_BLUR, np.lib.stride_tricks.sliding_window_view(beyond, len(_BLUR), 0), (0, 2)))


def _breathed(ways: Floats) -> Floats:
    return passed(ways, RATE_HZ, FASTEST_HZ, SLOWEST_HZ)


def _slow(ways: Floats) -> Floats:
    return passed(ways, RATE_HZ, FASTEST_HZ)


def _tops(wave: Floats, swing_px: float) -> NDArray[np.intp]:
    """Where each breath comes to its top, on which some stay; the first and the last need not be seen from bottom to bottom."""
    ends = [wave.min() - swing_px]
    highest = tops(np.concatenate([ends, wave, ends]), TOP_SHARE * swing_px) - 1
    below = [np.flatnonzero(wave[:top] < wave[top] - NEAR_TOP_SHARE * swing_px) for top in highest]
    come = np.array([places[-1] + 1 if len(places) else 0 for places in below], dtype=int)
    return np.asarray(come[(come >= EDGE_S * RATE_HZ) & (come < len(wave) - EDGE_S * RATE_HZ)])


def regularity(waves: Floats) -> Floats:
    """How alike each wave (N, K), at `RATE_HZ`, is to itself a period later, 0-1.

    The highest hill of its autocorrelation beyond a dip, but no more than twice the depth of the dip.
    """
    n = len(waves)
    waves = waves - waves.mean(0)
    alike = np.fft.irfft(np.abs(np.fft.rfft(waves, 2 * n, axis=0)) ** 2, axis=0)[:n]
    alike *= np.sqrt(n / (n - np.arange(n)))[:, None] / np.maximum(alike[0], 1e-12)
    dip = np.minimum.accumulate(alike, axis=0)
    first, last = (min(int(s * RATE_HZ), int(0.75 * n)) for s in PERIOD_S)
    hill = np.where(dip < 0, alike, -1.0)[first:last].argmax(0) + first
    each = np.arange(waves.shape[1])
    return np.asarray(np.minimum(alike[hill, each], -2 * dip[hill, each]))


def find_group(up_px: Floats) -> _Group | None:
    """The cells (N, K), at `RATE_HZ`, that move most regularly as one; None where none do."""
    if len(up_px) < ENOUGH_S * RATE_HZ - 1:
        return None
    waves = _breathed(up_px)
    found, most = None, REGULAR
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.atleast_2d(np.nan_to_num(np.corrcoef(waves.T)))
    for seed in np.argsort(-regularity(waves))[:SEEDS]:
        weights = np.sign(alike[seed]) * (np.abs(alike[seed]) >= AS_ONE)
        if np.abs(weights).sum() < LEAST_CELLS:
            continue
        weights /= np.abs(weights).sum()
        wave = waves @ weights
        regular = float(regularity(wave[:, None])[0])
        if regular >= most:
            found, most = _Group(weights, float(2 * np.sqrt(2) * wave.std())), regular
    return found
