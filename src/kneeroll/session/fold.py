"""Frames in, events out. No clock, no file, no camera: time comes with the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf

from kneeroll import __version__
from kneeroll.analysis import summarise
from kneeroll.anatomy import BODY
from kneeroll.coach import CoachState, advance, begin
from kneeroll.errors import IllegalSignal
from kneeroll.estimators import Estimator
from kneeroll.events import Answered, Asked, Comfort, Event, HoldEnded, Observed, Request, Signal, StopReason, Ticked
from kneeroll.kinematics import BreathFollower, Tracker
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, Breaths, CameraFrame, Legs, PoseFrame, Reading
from kneeroll.summaries import SessionSummary, Usual

ENGINE = f"kneeroll {__version__}"
SLACK = 0.05
"""Frames may come so much sooner than a rate says and count as of that rate; share of their distance."""
NO_CAMERA = "no_camera"
"""The estimator of a session that nobody watches, and why nothing was measured in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame gave."""

    pose: PoseFrame
    reading: Reading
    events: tuple[Event, ...]
    coach: CoachState


def _state_in(reading: Reading, *, rolls: bool) -> BodyState:
    """The state, where the knees roll and it says something."""
    return reading.state if rolls else BodyState.unseen(reading.t_s, reading.state.quality)


def _thinned(times_s: Sequence[float], max_fps: float) -> list[int]:
    """Which of these are no nearer to one another than `max_fps` allows."""
    kept: list[int] = []
    for i, t_s in enumerate(times_s):
        if not kept or (t_s - times_s[kept[-1]]) * max_fps > 1 - SLACK:
            kept.append(i)
    return kept


def _in_the_dark(frame: CameraFrame) -> PoseFrame:
    """Where nobody can be made out, a network would guess."""
    return PoseFrame.empty(frame.t_s, frame.width_px, frame.height_px, BODY, dark=True)


@dataclass
class Session:
    """One person, one plan, one estimator; `see` each frame in order of time, `ask` in between.

    Without an estimator nobody looks on: `tick` several times a second, and the clock leads; nothing is measured.
    usual: what this person usually does.

    Examples
    --------
    >>> session = Session(default_plan(), load())                 # doctest: +SKIP
    >>> for frame in open_clip("clip.mp4"):                       # doctest: +SKIP
    ...     step = session.see(frame)
    >>> session.ask(Request.RECORDING_ENDED)                      # doctest: +SKIP
    >>> session.summary().holds                                   # doctest: +SKIP
    """

    plan: Plan
    estimator: Estimator | None
    usual: Usual = field(default_factory=Usual)
    events: list[Event] = field(default_factory=list)
    states: list[BodyState] = field(default_factory=list)
    live_states: list[BodyState] = field(default_factory=list)
    """As they were when the frames came: the same as `states` until `remeasure` or `refine`."""
    legs: list[Legs] = field(default_factory=list)
    """Hip and knee of each leg, in the movements that ask for it."""
    breaths: list[Breaths] = field(default_factory=list)
    """Of the holds in which breaths could be told."""
    t_s: float = 0.0

    def __post_init__(self) -> None:
        self._tracker = Tracker(self.estimator.landmarks) if self.estimator else None
        self._breath: BreathFollower | None = None
        self._signals: list[Signal] = []
        self._rolled: list[bool] = []
        self.coach, started = self._begin()
        self.events.extend(started)

    def _begin(self) -> tuple[CoachState, tuple[Event, ...]]:
        return begin(self.plan, sighted=self.estimator is not None, usual=self.usual)

    def see(self, frame: CameraFrame) -> Step:
        """Measure one frame and let the coach take it in. Frames must come in order of time."""
        if self.estimator is None or self._tracker is None:
            raise IllegalSignal("a frame in a session that nobody watches")
        if frame.t_s < self.t_s:
            raise IllegalSignal(f"a frame of {frame.t_s:.3f} s after one of {self.t_s:.3f} s; frames come in order of time")
        pose = _in_the_dark(frame) if frame.is_dark else self.estimator.estimate(frame)
        movement = self.coach.movement
        reading = self._tracker.read(pose, rolls=movement.rolls, with_legs=movement.measures_legs)
        reading = replace(reading, pause_s=self._follow_breath(frame, pose))
        if self._tracker.doubts_person:
            self.estimator.look_elsewhere()
        self.t_s = frame.t_s
        if reading.legs is not None:
            self.legs.append(reading.legs)
        events = self._observe(reading)
        self.live_states.append(self.states[-1])
        return Step(pose, reading, events, self.coach)

    def _observe(self, reading: Reading) -> tuple[Event, ...]:
        """Keep the state, where the knees roll and it says something, and let the coach take the reading in."""
        self._rolled.append(self.coach.movement.rolls)
        self.states.append(_state_in(reading, rolls=self._rolled[-1]))
        return self._take(Observed(reading))

    def _follow_breath(self, frame: CameraFrame, pose: PoseFrame) -> float | None:
        """Seconds since the last breath in the hold that is open, if there is one and that can be told."""
        if not self.coach.holding:
            return None
        self._breath = self._breath or BreathFollower()
        return self._breath.follow(frame, pose)

    def _take(self, signal: Signal) -> tuple[Event, ...]:
        self._signals.append(signal)
        self.coach, events = advance(self.coach, signal)
        self.events.extend(events)
        for ended in (e for e in events if isinstance(e, HoldEnded)):
            if self._breath is not None and (breaths := self._breath.told(ended.until_s)) is not None:
                self.breaths.append(breaths)
            self._breath = None
        return events

    def ask(self, request: Request, t_s: float | None = None) -> tuple[Event, ...]:
        """Pass on what the person asked for (or what happened to the camera)."""
        return self._take(Asked(self.t_s if t_s is None else t_s, request))

    def tick(self, t_s: float) -> tuple[Event, ...]:
        """Let time pass where nobody looks on."""
        self.t_s = t_s
        return self._take(Ticked(t_s))

    def answer(self, answer: Comfort | StopReason, t_s: float | None = None) -> tuple[Event, ...]:
        """Pass on how the person feels, or why it was stopped; heard after the end too."""
        return self._take(Answered(self.t_s if t_s is None else t_s, answer))

    def _readings(self) -> list[Reading]:
        return [signal.reading for signal in self._signals if isinstance(signal, Observed)]

    def remeasure(self, max_fps: float = inf) -> None:
        """Measure the whole session jointly: `states` are replaced, at most so many a second; `events` stay as they were."""
        if self._tracker is None:
            return
        live = self._readings()
        dense = _thinned([reading.t_s for reading in live], max_fps)
        better = self._tracker.refine(live, [i for i in dense if self._rolled[i]])
        self.states = [_state_in(better[i], rolls=self._rolled[i]) for i in dense]

    def refine(self) -> None:
        """Measure the whole recording jointly, then let the coach take it in anew: `states` and `events` are replaced."""
        if self._tracker is None:
            return
        signals, better = self._signals, iter(self._tracker.refine(self._readings()))
        self._signals, self._rolled, self.states = [], [], []
        self.coach, started = self._begin()
        self.events = [*started]
        for signal in signals:
            if isinstance(signal, Observed):
                self._observe(next(better))
            else:
                self._take(signal)

    @property
    def estimator_name(self) -> str:
        """What looked on, for the journal."""
        return self.estimator.name if self.estimator else NO_CAMERA

    def summary(self) -> SessionSummary:
        """What can be said so far."""
        return summarise(
            self.events,
            self.states,
            self.breaths,
            self.legs,
            view=self._tracker.view if self._tracker else None,
            blockers=self._tracker.blockers if self._tracker else (NO_CAMERA,),
            engine=ENGINE,
            estimator=self.estimator_name,
        )
