"""Did a level change between blocks of days? A regression whose residuals wander from day to day. Pure.

y = level of its block (+ a shift for the time of day) + wander + measuring error. The measuring error of each reading is known.
The wander is a first-order autoregression, in days, so that gaps cost nothing: its size and its correlation from one day to the
next are not known, and few weeks cannot tell them. So the regression (generalised least squares) is done under each of several
sizes and correlations, and the answer is the mean over all of them, weighed by how likely the readings make them (restricted
likelihood, Harville 1974) and by how believable such a correlation is before anything was seen: the stronger, the less. One best
correlation alone (Cochrane & Orcutt 1949) is estimated too small from few readings and raises false alarms.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kneeroll.poses import Floats

CORRELATIONS = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
"""Of the wander, from one day to the next; each is believed the less the stronger it is: 1 - r."""
SIZES = np.array([0.0, 0.25, 0.5, 0.7, 0.85, 1.0, 1.2, 1.45, 1.8, 2.4])
"""Standard deviations of the wander, as shares of that of the residuals."""
LEAST_ERROR = 0.05
"""A reading is never taken for surer than this share of the residuals."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What the blocks tell, in the unit of the readings.

    first: level of the first block. week_error: standard error of the mean of one usual week. change: last block minus first,
    with its standard error; odds: probability that the last is higher. The last three are NaN with one block alone.
    """

    first: float
    week_error: float
    change: float
    change_error: float
    odds: float


def levels(day: Floats, value: Floats, error: Floats, block: Floats, shifts: Floats) -> Levels | None:
    """Compare the last block with the first.

    Parameters
    ----------
    day, value, error
        (N,) when (days, rising), what, and its standard error.
    block
        (N,) the block of each reading. Each has a level of its own. Those between the first and the last tell only how much it
        wanders, and may rise or fall.
    shifts
        (N, K) 0 or 1: readings of other times of the day.

    Returns
    -------
    Levels or None
        None where the shifts cannot be told from the blocks, or there are too few readings for both.
    """
    numbers = np.unique(block)
    between = [column for b in numbers[1:-1] for column in (block == b, np.where(block == b, day - day[block == b].mean(), 0.0))]
    last = [block == numbers[-1]] if len(numbers) > 1 else []
    design = np.column_stack([np.ones_like(day), shifts, *between, *last])
    if len(day) < design.shape[1] + 2 or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    rough = value - design @ np.linalg.lstsq(design, value, rcond=None)[0]
    spread = max(float(np.sqrt(rough @ rough / (len(day) - design.shape[1]))), 1e-6)
    white, log_det = whitened(np.column_stack([design, value]), day, error**2 + (LEAST_ERROR * spread) ** 2, spread)
    x, y = white[..., :-1], white[..., -1:]
    x_t = np.swapaxes(x, 1, 2)
    precision = x_t @ x
    uncertainty = np.linalg.inv(precision)
    fitted = uncertainty @ (x_t @ y)
    misfit = (y - x @ fitted)[..., 0]
    likelihood = (
        -0.5 * log_det
        - 0.5 * np.linalg.slogdet(precision)[1]
        - 0.5 * (misfit**2).sum(-1)
        + np.tile(np.log(1 - CORRELATIONS), len(SIZES))
    )
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    first, week_error = float(weight @ fitted[:, 0, 0]), float(np.sqrt(weight @ _week_variance(day, error, spread)))
    if not last:
        return Levels(first, week_error, *3 * (float("nan"),))
    change, variance = fitted[:, -1, 0], uncertainty[:, -1, -1]
    mean = float(weight @ change)
    return Levels(
        first,
        week_error,
        change=mean,
        change_error=float(np.sqrt(weight @ (variance + (change - mean) ** 2))),
        odds=float(weight @ [NormalDist().cdf(z) for z in change / np.sqrt(variance)]),
    )


def whitened(columns: Floats, day: Floats, sure: Floats, spread: float) -> tuple[Floats, Floats]:
    """What is new in each reading after those before it, under each size and correlation of the wander, in its standard errors.

    By a Kalman filter, which needs as many steps as there are readings (Jones 1980). columns: (N, P). sure: (N,) variance of the
    measuring error. Returns (M, N, P) and (M,) the logarithm of the determinant of the covariance.
    """
    size, correlation = (np.ravel(grid) for grid in np.meshgrid((SIZES * spread) ** 2, CORRELATIONS, indexing="ij"))
    white = np.empty((len(size), *columns.shape))
    expected, variance, log_det = np.zeros((len(size), columns.shape[1])), size, np.zeros(len(size))
    for i, gap in enumerate(np.diff(day, prepend=day[0])):
        kept = correlation**gap
        expected, variance = kept[:, None] * expected, size + kept**2 * (variance - size)
        total = variance + sure[i]
        new = columns[i] - expected
        white[:, i] = new / np.sqrt(total)[:, None]
        expected, variance = expected + (variance / total)[:, None] * new, variance * (sure[i] / total)
        log_det += np.log(total)
    return white, log_det


def _week_variance(day: Floats, error: Floats, spread: float) -> Floats:
    """Variance of the mean of one week with as many readings as usual, evenly spread: one for each size and correlation."""
    of_a_week = max(1, round(7 * len(day) / (day[-1] - day[0] + 1)))
    at = np.arange(of_a_week) * 7 / of_a_week
    alike = (CORRELATIONS[:, None, None] ** np.abs(at[:, None] - at)).mean((1, 2))
    return np.ravel(((SIZES * spread) ** 2)[:, None] * alike + np.mean(error**2) / of_a_week)
