"""What the coach hears (signals) and what it says (events). Pure values; time is always an argument.

A `Signal` goes into `kneeroll.coach.advance`; `Event`s come out and go to the journal, the page and the voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from kneeroll.poses import Reading, Side
from kneeroll.records import read_record


class Phase(StrEnum):
    """Where a session stands."""

    GET_READY = "get_ready"
    NOT_IN_VIEW = "not_in_view"
    LIE_DOWN = "lie_down"
    START_POSITION = "start_position"
    LOWER = "lower"
    HOLD = "hold"
    BACK_TO_CENTRE = "back_to_centre"
    PAUSED = "paused"
    TRACKING_LOST = "tracking_lost"
    FINISHED = "finished"
    STOPPED = "stopped"

    @property
    def is_end(self) -> bool:
        return self in (Phase.FINISHED, Phase.STOPPED)


class Fault(StrEnum):
    """What can go wrong in the posture. The names are part of the JSON contract of `measure`."""

    SHOULDER_LIFTED = "shoulder_lifted"
    KNEES_PARTED = "knees_parted"
    FEET_SLID = "feet_slid"
    RUSHED = "rushed"
    NOT_CENTRED = "not_centred"


class EndReason(StrEnum):
    """Why a session or a hold ended."""

    DONE = "done"
    STOPPED = "stopped"
    PAIN = "pain"
    DISCOMFORT = "discomfort"
    RECORDING_ENDED = "recording_ended"
    KNEES_LEFT = "knees_left"
    PAUSED = "paused"
    TRACKING_LOST = "tracking_lost"


# ---- signals -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Observed:
    """A frame was measured."""

    reading: Reading

    @property
    def t_s(self) -> float:
        return self.reading.t_s


class Request(StrEnum):
    """What a person can ask for at any time, or what happens to the camera."""

    PAUSE = "pause"
    RESUME = "resume"
    PAIN = "pain"
    STOP = "stop"
    CAMERA_LOST = "camera_lost"
    CAMERA_FROZEN = "camera_frozen"
    RECORDING_ENDED = "recording_ended"


@dataclass(frozen=True, slots=True)
class Asked:
    """The person (or the camera) asked for something."""

    t_s: float
    request: Request


@dataclass(frozen=True, slots=True)
class Ticked:
    """A moment passed in a session that nobody watches."""

    t_s: float


class StopReason(StrEnum):
    """Why a person stopped."""

    ENOUGH = "enough"
    NO_TIME = "no_time"
    UNCOMFORTABLE = "uncomfortable"
    SHARP = "sharp"
    LEG = "leg"
    """A new feeling in a leg: tingling, numb, weak."""


@dataclass(frozen=True, slots=True)
class Comfort:
    """How a person feels, 0 (not at all) to 10; None where the person did not say."""

    stiffness: int | None = None
    discomfort: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The person's own words: how it feels (before the first movement, or after the end), or why it was stopped."""

    t_s: float
    answer: Comfort | StopReason


Signal = Observed | Asked | Ticked | Answered


# ---- events --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at `t_s` seconds of the session."""

    kind: ClassVar[str] = ""
    t_s: float


@dataclass(frozen=True, slots=True)
class SessionStarted(Event):
    kind: ClassVar[str] = "session_started"


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    kind: ClassVar[str] = "session_ended"
    why: EndReason


@dataclass(frozen=True, slots=True)
class PhaseEntered(Event):
    kind: ClassVar[str] = "phase_entered"
    phase: Phase
    side: Side | None


@dataclass(frozen=True, slots=True)
class GetReadySecond(Event):
    """A second of the time to get ready has passed; `left_s` are left."""

    kind: ClassVar[str] = "get_ready_second"
    left_s: int


@dataclass(frozen=True, slots=True)
class MovementStarted(Event):
    """A movement of the plan begins. `faults` are those that count in it."""

    kind: ClassVar[str] = "movement_started"
    movement: str
    name: str
    faults: tuple[Fault, ...]


class BreathWay(StrEnum):
    """In or out."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class BreathPaced(Event):
    """Now breathe this way for so long (the page sounds it)."""

    kind: ClassVar[str] = "breath_paced"
    way: BreathWay
    lasts_s: float


@dataclass(frozen=True, slots=True)
class DeepEnough(Event):
    """On the way down the knees came to where they usually rest on this side."""

    kind: ClassVar[str] = "deep_enough"
    side: Side


@dataclass(frozen=True, slots=True)
class HoldStarted(Event):
    """The knees came to rest at depth (`since_s` is when they stopped sinking, `t_s` when that was sure), or the clock says so.

    side: None where a movement has none.
    """

    kind: ClassVar[str] = "hold_started"
    side: Side | None
    since_s: float


@dataclass(frozen=True, slots=True)
class HoldEnded(Event):
    """The knees left. `until_s` is when they began to; `in_posture_s` counts what the hold clock counted.

    timed: only the clock tells of this hold; nobody looked.
    """

    kind: ClassVar[str] = "hold_ended"
    side: Side | None
    since_s: float
    until_s: float
    in_posture_s: float
    why: EndReason
    timed: bool = False


@dataclass(frozen=True, slots=True)
class ClockWaits(Event):
    """The hold clock stands still and says why: a fault's name or a quality reason."""

    kind: ClassVar[str] = "clock_waits"
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockRuns(Event):
    kind: ClassVar[str] = "clock_runs"


@dataclass(frozen=True, slots=True)
class HoldSecond(Event):
    """A whole second of the hold has been done (the page ticks)."""

    kind: ClassVar[str] = "hold_second"
    done_s: int
    target_s: int


@dataclass(frozen=True, slots=True)
class FaultSeen(Event):
    """limit: what the plan allows, in the fault's unit, where it allows less than the rule for everybody."""

    kind: ClassVar[str] = "fault_seen"
    fault: Fault
    side: Side | None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class CueGiven(Event):
    """A line to speak. `key` names the line in the phrase book; `bell` asks for the end bell with it."""

    kind: ClassVar[str] = "cue_given"
    key: str
    text: str
    bell: bool = False


@dataclass(frozen=True, slots=True)
class PainReported(Event):
    kind: ClassVar[str] = "pain_reported"


@dataclass(frozen=True, slots=True)
class ComfortRated(Event):
    """How the person feels, 0 to 10 each; `after` tells whether the movements were over."""

    kind: ClassVar[str] = "comfort_rated"
    after: bool
    stiffness: int | None
    discomfort: int | None


@dataclass(frozen=True, slots=True)
class StopExplained(Event):
    kind: ClassVar[str] = "stop_explained"
    reason: StopReason


@dataclass(frozen=True, slots=True)
class TrackingLost(Event):
    kind: ClassVar[str] = "tracking_lost"
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackingFound(Event):
    kind: ClassVar[str] = "tracking_found"


def movement_at(events: Sequence[Event], t_s: float) -> MovementStarted | None:
    """The movement that was being done at a moment; None where nobody said."""
    return next((e for e in reversed(events) if isinstance(e, MovementStarted) and e.t_s <= t_s), None)


EVENT_TYPES: dict[str, type[Event]] = {
    cls.kind: cls
    for cls in (
        SessionStarted,
        SessionEnded,
        PhaseEntered,
        GetReadySecond,
        MovementStarted,
        BreathPaced,
        DeepEnough,
        HoldStarted,
        HoldEnded,
        ClockWaits,
        ClockRuns,
        HoldSecond,
        FaultSeen,
        CueGiven,
        PainReported,
        ComfortRated,
        StopExplained,
        TrackingLost,
        TrackingFound,
    )
}

_READ: dict[str, Any] = {
    "why": EndReason,
    "phase": Phase,
    "side": lambda v: None if v is None else Side(v),
    "fault": Fault,
    "faults": lambda v: tuple(Fault(name) for name in v),
    "reason": StopReason,
    "reasons": tuple,
    "way": BreathWay,
}


def to_record(event: Event) -> dict[str, Any]:
    """The event as a JSON-ready mapping with its `kind`."""
    return {"kind": event.kind, **asdict(event)}


def from_record(record: dict[str, Any]) -> Event:
    """The event that `to_record` wrote, now or in an older version (which lacks what came later).

    >>> from_record(to_record(SessionEnded(3.0, EndReason.DONE)))
    SessionEnded(t_s=3.0, why=<EndReason.DONE: 'done'>)
    """
    return read_record(EVENT_TYPES[record["kind"]], record, _READ)
