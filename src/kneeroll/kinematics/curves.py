"""What is done with values along a line: drawn between, filtered, their tops found. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kneeroll.poses import Floats


def between(values: Floats, steps: int) -> Floats:
    """Values (N,) at even places, N >= 3, and the curve through them at `steps` places to each: ((N - 1) steps + 1,).

    Where the slope changes, it follows the flatter neighbour, so that a jump does not ring (Akima 1970, J. ACM 17, 589-602).

    >>> between(np.array([0.0, 0.0, 0.0, 1.0]), 2).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.3125, 1.0]
    """
    rise = np.diff(values)
    rise = np.concatenate([[3 * rise[0] - 2 * rise[1], 2 * rise[0] - rise[1]], rise, [2 * rise[-1] - rise[-2]]])
    rise = np.append(rise, 2 * rise[-1] - rise[-2])
    bend = np.abs(np.diff(rise))
    before, after = bend[:-2], bend[2:]
    is_bent = before + after > 1e-9 * bend.max()
    share = np.where(is_bent, after / np.where(is_bent, before + after, 1.0), 0.5)
    slope = share * rise[1:-2] + (1 - share) * rise[2:-1]
    at = np.arange(steps) / steps
    start, leaves, arrives, step = values[:-1, None], slope[:-1, None], slope[1:, None], rise[2:-2, None]
    curve = start + at * (leaves + at * (3 * step - 2 * leaves - arrives + at * (leaves + arrives - 2 * step)))
    return np.append(curve.ravel(), values[-1])


def passed(values: Floats, rate_hz: float, below_hz: float, above_hz: float | None = None) -> Floats:
    """Values (N, ...) at even times, of which what is slower than `below_hz`, and faster than `above_hz`, is left.

    Weakened as by a Butterworth filter of second order that runs forth and back, so that nothing comes later than it was; at both
    ends the values go on as in a mirror.
    """
    f_hz = np.fft.rfftfreq(2 * len(values), 1 / rate_hz)
    off = f_hz / below_hz
    if above_hz is not None:
        off = (f_hz**2 - above_hz * below_hz) / np.maximum(f_hz, 1e-9) / (below_hz - above_hz)
    spectrum = np.fft.rfft(np.concatenate([values, values[::-1]]), axis=0)
    kept = (spectrum.T / (1 + off**4)).T
    return np.asarray(np.fft.irfft(kept, 2 * len(values), axis=0)[: len(values)])


def tops(wave: Floats, least: float) -> NDArray[np.intp]:
    """Where a wave (N,) is highest between two valleys that are each lower by `least` (its prominence) or more.

    >>> tops(np.array([0.0, 2.0, 1.5, 3.0, 0.0, 1.0, 0.0, 2.0]), 1.0).tolist()
    [3, 5]
    """
    found: list[int] = []
    valley, top = np.inf, -1
    for place, value in enumerate(wave.tolist()):
        if top < 0:
            valley = min(valley, value)
            top = place if value >= valley + least else -1
        elif value > wave[top]:
            top = place
        elif value <= wave[top] - least:
            found.append(top)
            valley, top = value, -1
    return np.array(found, dtype=np.intp)
