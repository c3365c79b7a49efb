"""All frames of a recording at once: what they share is fitted jointly, then every frame anew. Pure.

One still picture leaves distance, lens and lengths of the limbs open to each other; knees that swing on their circles tie them
down. First some frames from every depth are fitted together with what they share; then, with that known, every frame anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kneeroll.kinematics.belief import CELLS_RAD, ROBUST_SCALE, SCALE, Seen, fit, seed, sight_of
from kneeroll.kinematics.calibration import Calibration
from kneeroll.kinematics.camera import CAMERA_PARAMETERS
from kneeroll.kinematics.follow import Fit, near, posture_of
from kneeroll.kinematics.landmarks import LandmarkModel
from kneeroll.kinematics.posture import AT, HIP_FORWARD_AT, N_SHARED, SEEN_RESIDUALS, N, joints, linearise
from kneeroll.kinematics.solver import robust
from kneeroll.poses import Floats

KEY_BIN_DEG, KEYS_A_BIN = 6.0, 3
INDEPENDENT = 2.0
"""The points are wrong in the same way for seconds on end: key frames count as no more than so many independent ones."""
ITERATIONS = 14
CHUNK = 200
FIRST, NEXT = 3, 2
"""Iterations for all drops, and for the likely ones from there: after two the costs are within one of the last (of hundreds)."""
ANEW_EVERY, ANEW_S = 8, 0.35
"""All drops are tried in every so many frames, and at least so often; the frames between start from them."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Frames that were believed: t_s (T,), what was seen, values (T, 17) as they were followed live."""

    t_s: Floats
    seen: Seen
    values: Floats

    def part(self, rows: slice | NDArray[np.intp]) -> Recording:
        """Some of the frames."""
        return Recording(self.t_s[rows], self.seen.part(rows), self.values[rows])


def refine(calibration: Calibration, model: LandmarkModel, recording: Recording) -> tuple[Calibration, Iterator[Fit]]:
    """The calibration that explains the whole recording, and every frame's posture with it, fitted as they are asked for."""
    before = calibration
    calibration = calibrate(calibration, model, recording)
    moved = replace(recording, values=recording.values + (calibration.rest - before.rest))
    parts = (moved.part(slice(i, i + CHUNK)) for i in range(0, len(moved.t_s), CHUNK))
    return calibration, chain.from_iterable(_fit_all(calibration, model, part) for part in parts)


def key_frames(values: Floats, rest: Floats) -> NDArray[np.intp]:
    """Indices of some frames from every depth, spread in time."""
    drop = np.degrees((values - rest)[:, [AT["left_drop"], AT["right_drop"]]].mean(1))
    bins = np.round(drop / KEY_BIN_DEG).astype(int)
    chosen = []
    for b in np.unique(bins):
        inside = np.flatnonzero(bins == b)
        if len(inside) < 2 and len(bins) > 20:
            continue
        chosen += list(inside[np.unique(np.linspace(0, len(inside) - 1, KEYS_A_BIN + 2).astype(int)[1:-1])])
    return np.array(sorted(chosen), dtype=np.intp)


def calibrate(calibration: Calibration, model: LandmarkModel, recording: Recording) -> Calibration:
    """Fit what is shared jointly with the postures of the key frames (Gauss-Newton; the postures are eliminated first)."""
    keys = key_frames(recording.values, calibration.rest)
    if len(keys) == 0:
        return calibration
    part = recording.part(keys)
    share = min(1.0, INDEPENDENT / len(keys))
    prior = np.linalg.inv(calibration.prior_covariance)
    centre = calibration.prior_mean
    free = _Joint(calibration.shared.copy(), part.values.copy())
    sigma_px = calibration.sigma_px(model)
    damping = 1e-2

    def evaluate(at: _Joint) -> tuple[float, Floats, Floats, Floats, Floats, Floats]:
        body = joints(at.shared[CAMERA_PARAMETERS:HIP_FORWARD_AT], at.x).position_m
        sight, spread = sight_of(part.seen, sigma_px, body, at.shared[:3], model)
        frame = linearise(at.shared, at.x, sight, model, calibration.size_px, with_shared=True)
        assert frame.by_shared is not None
        weights, cost = robust(frame.residuals, SEEN_RESIDUALS, ROBUST_SCALE)
        jx, js = frame.by_x * SCALE, frame.by_shared
        wx, ws = jx * weights[..., None], js * weights[..., None]
        a = np.swapaxes(wx, 1, 2) @ jx * share
        b = np.swapaxes(wx, 1, 2) @ js * share
        c = (np.swapaxes(ws, 1, 2) @ js).sum(0) * share + prior
        gx = (np.swapaxes(wx, 1, 2) @ frame.residuals[..., None])[..., 0] * share
        off = at.shared - centre
        gs = (np.swapaxes(ws, 1, 2) @ frame.residuals[..., None])[..., 0].sum(0) * share + prior @ off
        total = float((cost + spread).sum() * share + 0.5 * off @ prior @ off)
        return total, a, b, c, gx, gs

    here = evaluate(free)
    for _ in range(ITERATIONS):
        cost, a, b, c, gx, gs = here
        damped = a * (1.0 + damping * np.eye(N))
        solved = np.linalg.solve(damped, np.concatenate([b, gx[..., None]], axis=-1))
        schur = c * (1.0 + damping * np.eye(N_SHARED)) - (np.swapaxes(b, 1, 2) @ solved[..., :-1]).sum(0)
        right = gs - (np.swapaxes(b, 1, 2) @ solved[..., -1:])[..., 0].sum(0)
        ds = -np.linalg.solve(schur, right)
        dx = -(solved[..., -1] + solved[..., :-1] @ ds)
        trial = _Joint(free.shared + ds, free.x + dx * SCALE)
        there = evaluate(trial)
        if there[0] < cost:
            done = cost - there[0] < 1e-3
            free, here, damping = trial, there, damping * 0.3
            if done:
                break
        else:
            damping *= 8.0
    return replace(calibration, shared=free.shared)


@dataclass(frozen=True, slots=True)
class _Joint:
    shared: Floats
    x: Floats


def _anew(t_s: Floats) -> NDArray[np.intp]:
    """The frames in which all drops are tried."""
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else ANEW_S
    return np.arange(0, len(t_s), int(np.clip(ANEW_S / max(step_s, 1e-3), 1, ANEW_EVERY)))


def _fit_all(calibration: Calibration, model: LandmarkModel, part: Recording) -> list[Fit]:
    """Every frame anew: some of them with all drops, the ones between from their neighbours' answers."""
    count, many = len(part.t_s), len(CELLS_RAD)
    some = _anew(part.t_s)
    start = np.broadcast_to(seed(calibration, CELLS_RAD), (len(some), many, N)).reshape(-1, N)
    held = np.tile(CELLS_RAD, len(some))
    anew = fit(calibration, model, part.seen.part(some).repeated(many), held, start, iterations=FIRST)
    before = np.searchsorted(some, np.arange(count), side="right") - 1
    after = np.minimum(before + 1, len(some) - 1)
    cells = anew.part((before[:, None] * many + np.arange(many)).ravel())
    likely = near(anew.cost.reshape(len(some), many))
    which = np.flatnonzero((likely[before] | likely[after]).ravel())
    better = fit(calibration, model, part.seen.part(which // many), CELLS_RAD[which % many], cells.x[which], iterations=NEXT)
    cells = cells.updated(which, better)
    return [posture_of(float(t), cells.part(slice(i * many, (i + 1) * many)), calibration) for i, t in enumerate(part.t_s)]
