"""Frames in, events out. No clock, no file, no camera: time comes with the frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from kneeroll import __version__
from kneeroll.analysis import summarise
from kneeroll.coach import CoachState, advance, begin
from kneeroll.errors import IllegalSignal
from kneeroll.estimators import Estimator
from kneeroll.events import Asked, Event, Observed, Request
from kneeroll.kinematics import Tracker
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, CameraFrame, PoseFrame, Reading
from kneeroll.summaries import SessionSummary

ENGINE = f"kneeroll {__version__}"


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame gave."""

    pose: PoseFrame
    reading: Reading
    events: tuple[Event, ...]
    coach: CoachState


@dataclass
class Session:
    """One person, one plan, one estimator; `see` each frame in order of time, `ask` in between.

    Examples
    --------
    >>> session = Session(default_plan(), BlazePose())            # doctest: +SKIP
    >>> for frame in open_clip("clip.mp4"):                       # doctest: +SKIP
    ...     step = session.see(frame)
    >>> session.ask(Request.RECORDING_ENDED)                      # doctest: +SKIP
    >>> session.summary().holds                                   # doctest: +SKIP
    """

    plan: Plan
    estimator: Estimator
    events: list[Event] = field(default_factory=list)
    states: list[BodyState] = field(default_factory=list)
    t_s: float = 0.0

    def __post_init__(self) -> None:
        self._tracker = Tracker()
        self.coach, started = begin(self.plan)
        self.events.extend(started)

    def see(self, frame: CameraFrame) -> Step:
        """Measure one frame and let the coach take it in. Frames must come in order of time."""
        if frame.t_s < self.t_s:
            raise IllegalSignal(f"a frame of {frame.t_s:.3f} s after one of {self.t_s:.3f} s; frames come in order of time")
        pose = self.estimator.estimate(frame)
        reading = self._tracker.read(pose)
        if self._tracker.doubts_person:
            self.estimator.look_elsewhere()
        self.t_s = frame.t_s
        self.states.append(reading.state)
        self.coach, events = advance(self.coach, Observed(reading))
        self.events.extend(events)
        return Step(pose, reading, events, self.coach)

    def ask(self, request: Request, t_s: float | None = None) -> tuple[Event, ...]:
        """Pass on what the person asked for (or what happened to the camera)."""
        self.coach, events = advance(self.coach, Asked(self.t_s if t_s is None else t_s, request))
        self.events.extend(events)
        return events

    def summary(self) -> SessionSummary:
        """What can be said so far."""
        return summarise(
            self.events,
            self.states,
            view=self._tracker.view,
            blockers=self._tracker.blockers,
            engine=ENGINE,
            estimator=self.estimator.name,
        )
