"""What can be wrong in a posture, frame by frame, and what must last before it is said. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kneeroll.coach.holds import Sample
from kneeroll.events import Fault
from kneeroll.poses import BodyState

PERSIST_S = 0.7
"""A fault that lasts less is not one."""

# what is looked at, when it is a fault, when it is mended (hysteresis)
_LIMITS: dict[Fault, tuple[Callable[[BodyState], float], float, float]] = {
    Fault.SHOULDER_LIFTED: (lambda s: abs(s.thorax_roll_deg), 10.0, 8.0),
    Fault.KNEES_PARTED: (lambda s: abs(s.knees_apart_deg), 25.0, 18.0),
    Fault.FEET_SLID: (lambda s: s.feet_moved_m, 0.12, 0.09),
}
RUSHED_DEG_S = 60.0
RUSHED_WINDOW_S = 0.5

Watch = tuple[tuple[Fault, float], ...]
"""Faults seen now, each with the time since when."""


def watch(before: Watch, state: BodyState, known: Sequence[Fault]) -> Watch:
    """The faults of this frame; `known` are those that stand already and must be mended."""
    since = dict(before)
    found = []
    for fault, (measure, limit, mended) in _LIMITS.items():
        value = measure(state)
        if np.isfinite(value) and value >= (mended if fault in known else limit):
            found.append((fault, since.get(fault, state.t_s)))
    return tuple(found)


def lasting(watched: Watch, t_s: float) -> tuple[Fault, ...]:
    """The faults that have lasted long enough to be said."""
    return tuple(fault for fault, since_s in watched if t_s - since_s >= PERSIST_S)


def rushed(recent: Sequence[Sample]) -> bool:
    """Whether the knees moved faster than is good for them, over the last `RUSHED_WINDOW_S`."""
    if len(recent) < 3:
        return False
    t_s = recent[-1][0]
    window = [s for s in recent if t_s - s[0] <= RUSHED_WINDOW_S + 1e-6]
    if window[-1][0] - window[0][0] < 0.6 * RUSHED_WINDOW_S:
        return False
    early, late = np.median(window[:3], axis=0), np.median(window[-3:], axis=0)  # one wild frame is no haste
    return bool(late[0] > early[0] and abs(late[1] - early[1]) / (late[0] - early[0]) > RUSHED_DEG_S)
