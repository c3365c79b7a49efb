"""Robust non-linear least squares for many small problems at once. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kneeroll.poses import Floats

Linearised = Callable[[Floats], tuple[Floats, Floats]]
"""(B, n) parameters to residuals (B, m) in units of their standard deviation, and their derivative (B, m, n)."""
STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Solution:
    """parameters (B, n); cost (B,) half the robust sum of squares; residuals (B, m) there.

    information (B, n, n): the Gauss-Newton Hessian at the last accepted step.
    """

    parameters: Floats
    cost: Floats
    residuals: Floats
    information: Floats


def robust(residuals: Floats, soft: int, scale: float) -> tuple[Floats, Floats]:
    """Weights and cost with a Cauchy loss on the first `soft` residuals and a quadratic one on the rest.

    A Cauchy loss gives a far-off landmark next to no say: rho(r) = scale^2 / 2 * log(1 + (r / scale)^2).
    """
    weights = np.ones_like(residuals)
    squared = (residuals[..., :soft] / scale) ** 2
    weights[..., :soft] = 1.0 / (1.0 + squared)
    cost = 0.5 * scale**2 * np.log1p(squared).sum(-1) + 0.5 * (residuals[..., soft:] ** 2).sum(-1)
    return weights, cost


def numeric(residuals: Callable[[Floats], Floats]) -> Linearised:
    """Residuals (..., n) -> (..., m) with their derivative by differences of 1e-4; parameters should be of order one."""

    def linearise(x: Floats) -> tuple[Floats, Floats]:
        n = x.shape[-1]
        values = residuals(x[:, None, :] + np.vstack([np.zeros(n), np.eye(n) * STEP]))
        return values[:, 0], np.swapaxes(values[:, 1:] - values[:, :1], 1, 2) / STEP

    return linearise


def solve(linearise: Linearised, start: Floats, *, soft: int, scale: float = 2.0, iterations: int = 12) -> Solution:
    """Minimise over `start.shape[-1]` parameters by Levenberg-Marquardt, each row of `start` on its own.

    Parameters
    ----------
    linearise
        Residuals in units of their standard deviation and their derivative. The first `soft` of them come from landmarks
        and are weighed down when far off; the rest are priors.
    start
        (B, n).

    Returns
    -------
    Solution
        The best parameters found for every row.
    """
    x = np.array(start, dtype=np.float64)
    count, n = x.shape
    damping = np.full(count, 1e-2)
    eye = np.eye(n)
    r, jacobian = linearise(x)
    weights, cost = robust(r, soft, scale)
    information = np.zeros((count, n, n))
    for _ in range(iterations):
        weighted = jacobian * weights[..., None]
        information = np.swapaxes(weighted, 1, 2) @ jacobian
        gradient = np.einsum("bmn,bm->bn", weighted, r)
        diagonal = np.einsum("bnn->bn", information)[..., None] * eye + 1e-9 * eye
        step = np.linalg.solve(information + damping[:, None, None] * diagonal, -gradient[..., None])[..., 0]
        trial = x + step
        trial_r, trial_jacobian = linearise(trial)
        trial_weights, trial_cost = robust(trial_r, soft, scale)
        better = trial_cost < cost
        x = np.where(better[:, None], trial, x)
        r = np.where(better[:, None], trial_r, r)
        jacobian = np.where(better[:, None, None], trial_jacobian, jacobian)
        weights = np.where(better[:, None], trial_weights, weights)
        cost = np.where(better, trial_cost, cost)
        damping = np.where(better, damping * 0.3, damping * 8.0)
        if (np.abs(step).max(-1)[better] < 1e-4).all() and better.all():
            break
    return Solution(x, cost, r, information)
