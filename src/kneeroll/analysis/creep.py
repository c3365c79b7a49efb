"""How far the body sinks deeper while it rests: the slow creep of an angle during a hold. Pure.

At a time t after the start of a hold of T seconds, y(t) = a + gain (1 - exp(-t / tau)) / (1 - exp(-T / tau)): the passive creep
of tissue under a constant load (Ryan 2012, calf: 84 % of what a 30 s stretch gains comes in its first 15 to 20 s). What is left
over is not independent from frame to frame: people breathe (0.2-0.3 Hz) and tremble, and the tracker smooths. So the fit is a
generalised least squares under each of several correlations of what is left over and each tau, and the answer is the mean over
all of them, weighed by how likely the frames make them (restricted likelihood, flat in the gain and the level).
"""

from __future__ import annotations

from itertools import product

import numpy as np

from kneeroll.poses import Floats
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, Creep, Measured

ARRIVAL_S = 1.0
"""The first second may still hold the arrival: frames count from here on."""
SHORTEST_S = 8.0
LEAST_SEEN = 0.5
LEAST_SPAN = 0.75
"""The frames seen must reach over this share of the hold: a change from start to end is not guessed from its first half."""
BIN_S = 0.25
"""Frames are averaged over this long: shorter than any breath, and a hold has few enough to solve exactly."""
DRIFT_SHARE = 0.3
"""How much of an angle's own error changes within a hold: thirteen clean holds of rendered clips, against their true creep."""

TAU_S = np.geomspace(3.0, 60.0, 16)
MOST = float(np.log(5.0))
"""The share of the whole sinking that `settled_s` waits for is 80 %: 1 - exp(-ln 5)."""

# what is left over: white noise, a slow wander (rough or smooth) that fades over WANDER_S, and breathing
WANDER_S = (0.5, 1.2, 3.0)
WANDER_SHARES, BREATH_SHARES = (0.3, 0.8, 0.98, 0.9998), (0.0, 0.4, 0.8)
BREATHS_HZ, BREATH_STEADY_S = 0.25, 4.0


def measure_creep(t_s: Floats, angle_deg: Floats, start_s: float, end_s: float, view_error_deg: float) -> Creep:
    """The sinking of an angle between the start and the end of a hold.

    Parameters
    ----------
    t_s, angle_deg
        (N,) seconds and degrees, + deeper; NaN where not seen.
    start_s, end_s
        The hold. Unmeasured when it is shorter than `SHORTEST_S`, or less than half of its frames were seen, or none near an end.
    view_error_deg
        The standard error of the angle itself. Most of it is the same from start to end and cancels, `DRIFT_SHARE` does not.

    Returns
    -------
    Creep
        gain_deg: fitted change from start to end, + deeper. settled_s: seconds to 80 % of the whole sinking, unmeasured unless
        the gain is clear and those seconds lie within the hold.
    """
    inside = (t_s >= start_s + ARRIVAL_S) & (t_s <= end_s)
    seen = inside & np.isfinite(angle_deg)
    if end_s - start_s < SHORTEST_S or not inside.any() or seen.sum() < LEAST_SEEN * inside.sum():
        return UNMEASURED_CREEP
    t, y, frames = _binned(t_s[seen] - start_s, angle_deg[seen])
    if len(t) < 5 or t[-1] - t[0] < LEAST_SPAN * (end_s - start_s):
        return UNMEASURED_CREEP
    gain, variance, weight = _fit(t, y, frames, end_s - start_s)
    mean = float(np.sum(weight * gain))
    error = np.sqrt(np.sum(weight * (variance + (gain - mean) ** 2)) + (DRIFT_SHARE * view_error_deg) ** 2)
    creep = Creep(Measured(mean, float(error)), UNMEASURED)
    settled_s = MOST * TAU_S
    by_tau = weight.sum(axis=0)
    settled = float(by_tau @ settled_s)
    if not creep.is_clear or settled > end_s - start_s:
        return creep
    return Creep(creep.gain_deg, Measured(settled, float(np.sqrt(by_tau @ (settled_s - settled) ** 2))))


def _binned(t_s: Floats, angle_deg: Floats) -> tuple[Floats, Floats, Floats]:
    """Means (n,) of time and angle over `BIN_S`, and how many frames are in each; empty ones are left out."""
    _, places = np.unique(np.floor(t_s / BIN_S), return_inverse=True)
    frames = np.bincount(places).astype(float)
    return np.bincount(places, weights=t_s) / frames, np.bincount(places, weights=angle_deg) / frames, frames


def _correlations(t: Floats, frames: Floats) -> Floats:
    """(m, n, n) correlations of what is left over, one for each mixture of white noise, wander and breathing."""
    apart = np.abs(t[:, None] - t[None, :])
    white = np.diag(np.median(frames) / frames)
    breath = np.exp(-0.5 * (apart / BREATH_STEADY_S) ** 2) * np.cos(2 * np.pi * BREATHS_HZ * apart)
    mixtures = []
    for fade_s, breathing, share in product(WANDER_S, BREATH_SHARES, WANDER_SHARES):
        for wander in (np.exp(-apart / fade_s), np.exp(-0.5 * (apart / fade_s) ** 2)):
            slow = (1 - breathing) * share
            mixtures.append(breathing * breath + slow * wander + (1 - breathing - slow) * white)
    return np.array(mixtures)


def _fit(t: Floats, y: Floats, frames: Floats, length_s: float) -> tuple[Floats, Floats, Floats]:
    """Gain, its variance and its weight, each (m, taus): for every correlation of what is left over and every tau."""
    root = np.linalg.cholesky(_correlations(t, frames))
    shape = -np.expm1(-t[:, None] / TAU_S) / -np.expm1(-length_s / TAU_S)
    white = np.linalg.solve(root, np.column_stack([np.ones_like(t), y, shape])[None])
    one, seen, law = white[..., 0], white[..., 1], white[..., 2:]
    level = np.sum(one**2, axis=-1)
    # take the level out of both, then the gain is a single number
    seen = seen - one * (np.sum(one * seen, axis=-1) / level)[:, None]
    law = law - one[..., None] * (np.einsum("mn,mnk->mk", one, law) / level[:, None])[:, None, :]
    stiffness = np.sum(law**2, axis=1)
    gain = np.einsum("mnk,mn->mk", law, seen) / stiffness
    left = np.sum(seen**2, axis=-1)[:, None] - gain**2 * stiffness
    freedom = len(t) - 2
    left = np.maximum(left, 1e-9)
    log_root = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=-1)[:, None]
    log_weight = -log_root - 0.5 * np.log(level)[:, None] - 0.5 * np.log(stiffness) - 0.5 * freedom * np.log(left)
    weight = np.exp(log_weight - log_weight.max())
    return gain, left / freedom / stiffness, weight / weight.sum()
