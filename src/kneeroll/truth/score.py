"""One clip measured as `kneeroll measure` does, beside its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.errors import UnreadableClip
from kneeroll.estimators import Estimator
from kneeroll.estimators.choose import has_blazepose, load
from kneeroll.events import Fault
from kneeroll.kinematics import BLAZEPOSE, JOINTS
from kneeroll.networks import Network
from kneeroll.poses import BodyState, CameraFrame, Floats, PoseFrame, View
from kneeroll.session import Session, Step, replay
from kneeroll.session.replay import MAX_FPS
from kneeroll.summaries import TWO_SIDED_90, HoldSummary, SessionSummary
from kneeroll.truth.naive import naive_knee_drop
from kneeroll.truth.read import MEASURED, STILL_S, TrueHold, Truth, read_truth


class TrueJoints:
    """An estimator that knows: the true joints of the picture. What is left of the errors is the body fit's own."""

    name = "true joints"
    landmarks = JOINTS

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def estimate(self, frame: CameraFrame) -> PoseFrame:
        """The joints of the row nearest in time."""
        row = int(np.argmin(np.abs(self._truth.t_s - frame.t_s)))
        k = len(BODY.landmarks)
        width, height = self._truth.size_px
        return PoseFrame(frame.t_s, width, height, self._truth.image_px[row], np.full((k, 3), np.nan), np.full(k, np.nan), BODY)

    def look_elsewhere(self) -> None:
        """There is only one person."""

    def close(self) -> None:
        """Nothing to free."""


@dataclass(frozen=True, slots=True)
class HoldScore:
    """A true hold and what was found of it. naive_deg, live_deg: the knee drop there, + toward the side: naive, followed live."""

    truth: TrueHold
    found: HoldSummary | None
    naive_deg: float
    live_deg: float

    @property
    def side_right(self) -> bool:
        return self.found is not None and self.found.side is self.truth.side

    def error_deg(self, angle: str) -> float:
        """Measured minus true, + toward the side of the hold; NaN where it was not found or not measurable."""
        value = None if self.found is None else getattr(self.found, angle).value
        if value is None or self.found is None:
            return float("nan")
        true = self.truth.angles[angle]
        return float(value - (abs(true) if self.side_right else -abs(true)))

    def stated_deg(self, angle: str) -> float:
        """The standard error that was given; NaN where there was none."""
        error = None if self.found is None else getattr(self.found, angle).error
        return float("nan") if error is None else float(error)

    @property
    def edges_s(self) -> tuple[float, float]:
        """Errors of start and end, seconds; NaN where it was not found."""
        if self.found is None:
            return float("nan"), float("nan")
        return self.found.start_s - self.truth.start_s, self.found.end_s - self.truth.end_s

    @property
    def lift_found(self) -> bool:
        return self.found is not None and any(span.fault is Fault.SHOULDER_LIFTED for span in self.found.faults)


@dataclass(frozen=True, slots=True)
class ClipScore:
    """How well one clip was measured.

    coverage: how often the 90 % interval of each angle holds the truth, over the frames; supported: whether the network can be
    used from there; live_share: how often the live knee drop was within one standard error of the final one.
    """

    name: str
    truth: Truth
    summary: SessionSummary
    holds: tuple[HoldScore, ...]
    invented: int
    seen_share: float
    coverage: Mapping[str, float]
    supported: bool
    live_share: float

    @property
    def view(self) -> View:
        """Where the camera truly stands."""
        return self.truth.place.view

    @property
    def sides_differ_deg(self) -> float:
        """How wrong the difference between left and right knee drop is; NaN with less than two measured holds."""
        errors = [e for e in (hold.error_deg("knee_drop_deg") for hold in self.holds) if np.isfinite(e)]
        return abs(errors[0] - errors[1]) if len(errors) >= 2 else float("nan")


def score_clip(path: Path, network: Callable[[], Estimator] | None) -> ClipScore:
    """Measure a clip and compare it with its truth; without a network, from the true joints in the picture.

    The naive angles beside it are what anybody gets without a body fit: from BlazePose's own 3-D points where it is
    installed, otherwise from those of the network that measures.

    Raises `UnreadableTruth`, and `UnreadableClip` for a clip that the network would need.
    """
    truth = read_truth(path)
    poses: list[PoseFrame] = []
    beside: Estimator | None = None

    def keep(frame: CameraFrame, step: Step) -> None:
        poses.append(step.pose if beside is None else beside.estimate(frame))

    if network is None:
        width, height = truth.size_px
        blank = np.full((height, width, 3), 128, np.uint8)
        estimator: Estimator = TrueJoints(truth)
        session = replay((CameraFrame(float(t), blank) for t in truth.t_s), estimator, on_step=keep)
    else:
        if not path.exists():
            raise UnreadableClip(f"{path.name} is missing beside its truth")
        estimator = network()
        beside = load(Network.BLAZEPOSE) if estimator.landmarks is not BLAZEPOSE and has_blazepose() else None
        try:
            with open_clip(path, max_fps=MAX_FPS) as clip:
                session = replay(clip, estimator, on_step=keep)
        finally:
            estimator.close()
            if beside is not None:
                beside.close()
    session.refine()
    return _score(path.stem, session, poses, truth, supported=estimator.landmarks.supports(truth.place))


def _score(name: str, session: Session, poses: Sequence[PoseFrame], truth: Truth, *, supported: bool) -> ClipScore:
    states, summary = session.states, session.summary()
    t_s, seen = np.array([s.t_s for s in states]), np.array([s.seen for s in states])
    coverage = {}
    for angle in MEASURED:
        wrong = np.abs(_values(states, angle) - truth.at(angle, t_s))
        stated = np.array([s.error(angle) for s in states])
        coverage[angle] = _mean((wrong <= TWO_SIDED_90 * stated)[seen])
    naive = _naive(poses)
    live = _values(session.live_states, "knee_drop_deg")
    agrees = np.abs(live - _values(states, "knee_drop_deg")) <= np.array([s.error("knee_drop_deg") for s in states])
    holds, free = [], list(summary.holds)
    for hold in truth.holds:
        found = max(free, key=lambda h: _overlap_s(h, hold), default=None)
        if found is not None and _overlap_s(found, hold) > 0:
            free.remove(found)
        else:
            found = None
        holds.append(HoldScore(hold, found, _toward(hold, t_s, naive), _toward(hold, t_s, live)))
    return ClipScore(
        name=name,
        truth=truth,
        summary=summary,
        holds=tuple(holds),
        invented=len(free),
        seen_share=_mean(seen),
        coverage=coverage,
        supported=supported,
        live_share=_mean(agrees[seen & np.isfinite(live)]),
    )


def _values(states: Sequence[BodyState], angle: str) -> Floats:
    return np.array([getattr(s, angle) for s in states], dtype=float)


def _mean(values: Floats | NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _toward(hold: TrueHold, t_s: Floats, drop_deg: Floats) -> float:
    """The median within the hold, + toward its side; NaN where nothing is known."""
    inside = (t_s >= hold.start_s) & (t_s <= hold.end_s) & np.isfinite(drop_deg)
    return hold.side.sign * float(np.median(drop_deg[inside])) if inside.any() else float("nan")


def _overlap_s(found: HoldSummary, true: TrueHold) -> float:
    return min(found.end_s, true.end_s) - max(found.start_s, true.start_s)


def _naive(poses: Sequence[PoseFrame]) -> Floats:
    """The naive knee drop (N,) of every frame, NaN where nobody was seen or the network has no 3-D points."""
    drop = np.full(len(poses), np.nan)
    found = np.array([bool(np.isfinite(p.position_m).all()) for p in poses])
    still = int(sum(p.t_s < STILL_S for p, ok in zip(poses, found, strict=True) if ok))
    if still:
        drop[found] = naive_knee_drop(np.array([p.position_m for p, ok in zip(poses, found, strict=True) if ok]), still)
    return drop
