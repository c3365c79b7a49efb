"""Run a recording through a session: the same fold as live."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kneeroll.estimators import Estimator
from kneeroll.events import Request
from kneeroll.plans import OBSERVE, Plan
from kneeroll.poses import CameraFrame
from kneeroll.session.fold import Session, Step

MAX_FPS = 15.0
"""The body turns slowly: more frames a second than this cost time and add nothing."""


def replay(
    frames: Iterable[CameraFrame],
    estimator: Estimator,
    *,
    plan: Plan = OBSERVE,
    on_step: Callable[[CameraFrame, Step], None] | None = None,
) -> Session:
    """Measure every frame; `on_step` hears of each one (progress, drawing)."""
    session = Session(plan, estimator)
    for frame in frames:
        step = session.see(frame)
        if on_step is not None:
            on_step(frame, step)
    session.ask(Request.RECORDING_ENDED)
    return session
