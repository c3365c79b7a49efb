"""The coach: a state machine without clock, camera or voice. `advance(state, signal)` gives the next state and what happened."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from kneeroll.coach.holds import Rest, follow_rest
from kneeroll.coach.phrases import lower_key, phrase
from kneeroll.coach.table import Happening, next_phase
from kneeroll.errors import IllegalSignal
from kneeroll.events import (
    Asked,
    ClockRuns,
    ClockWaits,
    CueGiven,
    EndReason,
    Event,
    Fault,
    FaultSeen,
    HoldEnded,
    HoldSecond,
    HoldStarted,
    Observed,
    PainReported,
    Phase,
    PhaseEntered,
    Request,
    SessionEnded,
    SessionStarted,
    Signal,
    TrackingFound,
    TrackingLost,
)  # fmt: skip
from kneeroll.faults import RULES, Watch, follow_faults, knee_speed_deg_s
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, Posture, Reading, Side

LOST_AFTER_S = 1.5
REPEAT_S = 15.0
SAME_CUE_S = 10.0
CENTRE_DEG, CENTRE_S = RULES[Fault.NOT_CENTRED].limit, 0.5
LONGEST_STEP_S = 0.5
"""A gap between frames counts for the hold clock up to this long."""

_WAITING = (Phase.NOT_IN_VIEW, Phase.LIE_DOWN, Phase.START_POSITION)


@dataclass(frozen=True, slots=True)
class CoachState:
    """Everything the coach remembers. `in_posture_s` is what the planned hold has so far; `hold` the one that is open."""

    plan: Plan
    phase: Phase = Phase.NOT_IN_VIEW
    side: Side | None = None
    left_phase: Phase | None = None
    t_s: float = 0.0
    phase_since_s: float = 0.0
    seen_s: float = 0.0
    rest: Rest = field(default_factory=Rest)
    hold_side: Side | None = None
    hold_since_s: float = 0.0
    counted_s: float = 0.0
    in_posture_s: float = 0.0
    ticked_s: int = 0
    waits: tuple[str, ...] = ()
    watch: Watch = field(default_factory=Watch)
    seen_faults: tuple[Fault, ...] = ()
    done: tuple[Side, ...] = ()
    centred_since_s: float | None = None
    passed_centre: bool = True
    cue_times: tuple[tuple[str, float], ...] = ()
    spoke_s: float = 0.0


def begin(plan: Plan) -> tuple[CoachState, tuple[Event, ...]]:
    """A session at its first moment."""
    turn = _Turn(CoachState(plan), 0.0)
    turn.emit(SessionStarted(0.0), PhaseEntered(0.0, Phase.NOT_IN_VIEW, None))
    turn.say("welcome")
    return turn.state, tuple(turn.events)


def advance(state: CoachState, signal: Signal) -> tuple[CoachState, tuple[Event, ...]]:
    """Take in one signal. After the end nothing happens any more.

    Raises
    ------
    IllegalSignal
        When time runs backwards; the state is as it was.
    """
    if signal.t_s < state.t_s:
        raise IllegalSignal(f"a signal at {signal.t_s:.3f} s after one at {state.t_s:.3f} s; signals come in order of time")
    if state.phase.is_end:
        return state, ()
    turn = _Turn(state, signal.t_s)
    if isinstance(signal, Asked):
        turn.take_request(signal.request)
    else:
        turn.take_reading(signal.reading)
    return replace(turn.state, t_s=signal.t_s), tuple(turn.events)


class _Turn:
    """One step: the state as it becomes and the events so far."""

    def __init__(self, state: CoachState, t_s: float) -> None:
        self.state = state
        self.t_s = t_s
        self.events: list[Event] = []

    # ---- small words

    def emit(self, *events: Event) -> None:
        self.events.extend(events)

    def put(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def say(self, key: str, *, bell: bool = False, within_s: float = 0.0) -> None:
        """Speak a line, unless the same was said less than `within_s` ago. A coach who only follows keeps silent."""
        times = dict(self.state.cue_times)
        if self.state.plan.follow or (key in times and self.t_s - times[key] < within_s):
            return
        self.emit(CueGiven(self.t_s, key, phrase(key), bell))
        self.put(cue_times=tuple((times | {key: self.t_s}).items()), spoke_s=self.t_s)

    def go(self, happening: Happening) -> bool:
        """Follow the table; True when the phase changed."""
        state = self.state
        phase = next_phase(state.phase, happening, state.left_phase)
        if phase is state.phase:
            return False
        leaving = phase in (Phase.PAUSED, Phase.TRACKING_LOST) and state.phase not in (Phase.PAUSED, Phase.TRACKING_LOST)
        self.put(
            phase=phase, phase_since_s=self.t_s, centred_since_s=None, left_phase=state.phase if leaving else state.left_phase
        )
        if phase is Phase.LOWER and self.state.side is None:
            self.put(side=self._next_side())
        self.emit(PhaseEntered(self.t_s, phase, self.state.side))
        return True

    # ---- what the person asks for

    def take_request(self, request: Request) -> None:
        if request is Request.PAUSE and self.state.phase is not Phase.PAUSED:
            self.close_hold(EndReason.PAUSED, self.t_s)
            self.put(rest=Rest(), passed_centre=True)
            if self.go(Happening.PAUSE):
                self.say("paused")
        elif request is Request.RESUME and self.state.phase is Phase.PAUSED:
            self.put(seen_s=self.t_s)
            self.say("resumed")
            self.go(Happening.RESUME)
            self._ask_again_after_a_break()
        elif request is Request.CAMERA_LOST and self.go(Happening.SIGHT_LOST):
            self.emit(TrackingLost(self.t_s, ("camera_lost",)))
            self.say("camera_lost")
        elif request in _ENDS:
            happening, why, key = _ENDS[request]
            if request is Request.PAIN:
                self.emit(PainReported(self.t_s))
            self.end(happening, why, key)

    def end(self, happening: Happening, why: EndReason, key: str | None, *, bell: bool = False) -> None:
        self.close_hold(why, self.t_s)
        self.go(happening)
        if key is not None:
            self.say(key, bell=bell)
        self.emit(SessionEnded(self.t_s, why))

    # ---- what the camera sees

    def take_reading(self, reading: Reading) -> None:
        state = reading.state
        if state.seen or (reading.posture is not Posture.NOBODY and reading.posture is not Posture.KNOWN):
            self.put(seen_s=self.t_s)
        if self.state.phase is Phase.PAUSED:
            return
        if self.state.phase is Phase.TRACKING_LOST:
            self._look_again(reading)
        elif self.state.phase in _WAITING:
            self._wait_for_start(reading)
        elif self.t_s - self.state.seen_s > LOST_AFTER_S and self.go(Happening.SIGHT_LOST):
            self.emit(TrackingLost(self.t_s, reading.blockers))
            self.say("tracking_lost", within_s=SAME_CUE_S)
        self._follow_knees(state)
        step = {Phase.LOWER: self._lower, Phase.HOLD: self._hold, Phase.BACK_TO_CENTRE: self._back}.get(self.state.phase)
        if step is not None:
            step(state)

    def _look_again(self, reading: Reading) -> None:
        back_in_sight = reading.state.seen or (self.state.left_phase in _WAITING and reading.posture is not Posture.NOBODY)
        if back_in_sight and self.go(Happening.SIGHT_FOUND):
            self.emit(TrackingFound(self.t_s))
            self.say("tracking_found", within_s=SAME_CUE_S)
            self._ask_again_after_a_break()
        elif self.t_s - self.state.spoke_s > REPEAT_S and reading.blockers:
            self.say(f"blocker_{reading.blockers[0]}")

    def _wait_for_start(self, reading: Reading) -> None:
        before = self.state.phase
        if reading.posture is Posture.KNOWN and reading.state.seen:
            self.go(Happening.KNOWN)
            self.say("known")
            self._ask_to_lower()
            return
        if reading.posture is Posture.NOBODY:
            if self.t_s - self.state.seen_s > LOST_AFTER_S:
                self.go(Happening.GONE)
        else:
            self.go(Happening.SEEN_UPRIGHT if reading.posture is Posture.UPRIGHT else Happening.SEEN_LYING)
        if self.state.phase is not before:
            self.say(self.state.phase.value, within_s=SAME_CUE_S)
        elif self.t_s - self.state.spoke_s > REPEAT_S:
            self.say(f"blocker_{reading.blockers[0]}" if reading.blockers else self.state.phase.value)

    def _follow_knees(self, body: BodyState) -> None:
        """Hold begun, hold ended, rushed: what the knees do, whatever the phase."""
        before = self.state.rest
        rest = follow_rest(before, self.t_s, body.knee_drop_deg)
        self.put(rest=rest)
        if rest.until_s is not None:
            reason = EndReason.TRACKING_LOST if rest.lost else self._reason_to_leave()
            self.close_hold(reason, rest.until_s, over_s=0.0 if rest.lost or self.state.waits else self.state.t_s - rest.until_s)
            if rest.lost:
                self.put(passed_centre=True)
        if body.seen and abs(body.knee_drop_deg) < CENTRE_DEG:
            self.put(passed_centre=True)
        if body.seen and not rest.resting and knee_speed_deg_s(rest.recent) > RULES[Fault.RUSHED].limit:
            self.note_fault(Fault.RUSHED)
        if rest.resting and not before.resting:
            self._open_hold(rest)

    def _reason_to_leave(self) -> EndReason:
        return EndReason.DONE if self.state.phase is Phase.BACK_TO_CENTRE else EndReason.KNEES_LEFT

    def _open_hold(self, rest: Rest) -> None:
        assert rest.side is not None
        if self.state.phase not in (Phase.LOWER, Phase.HOLD, Phase.BACK_TO_CENTRE):
            return
        head_start_s = max(self.t_s - rest.since_s, 0.0)
        passed_centre = self.state.passed_centre
        self.put(
            hold_side=rest.side, hold_since_s=rest.since_s, counted_s=head_start_s, seen_faults=(), watch=Watch(),
            waits=(), passed_centre=False,
        )  # fmt: skip
        self.emit(HoldStarted(self.t_s, rest.side, rest.since_s))
        if not passed_centre:
            self.note_fault(Fault.NOT_CENTRED)

    def close_hold(self, why: EndReason, until_s: float, over_s: float = 0.0) -> None:
        state = self.state
        if state.hold_side is None:
            return
        if state.rest.recent:
            until_s = min(until_s, state.rest.recent[-1][0])
        until_s = max(until_s, state.hold_since_s)
        in_posture_s = min(max(state.counted_s - max(over_s, 0.0), 0.0), until_s - state.hold_since_s)
        self.put(in_posture_s=max(state.in_posture_s - (state.counted_s - in_posture_s), 0.0))
        self.emit(HoldEnded(self.t_s, state.hold_side, state.hold_since_s, until_s, in_posture_s, why))
        self.put(hold_side=None, waits=(), seen_faults=())

    # ---- phases

    def _lower(self, body: BodyState) -> None:
        state = self.state
        if state.rest.resting and state.hold_side is not None:
            if state.hold_side is not state.side:
                if state.side is not None and not state.plan.follow:
                    self.say("other_side_first")
                self.put(side=state.hold_side, in_posture_s=0.0, ticked_s=0)
            self.put(in_posture_s=self.state.in_posture_s + self.state.counted_s)
            if self.go(Happening.RESTS):
                self.say("hold")
                self._tick()
        elif self.t_s - state.spoke_s > REPEAT_S:
            self._ask_to_lower()

    def _hold(self, body: BodyState) -> None:
        if not self.state.rest.resting:
            if self.go(Happening.LEFT_EARLY):
                self._ask_to_lower(again=True)
            return
        self._run_clock(body)
        plan = self.state.plan
        if not plan.follow and self.state.in_posture_s >= plan.hold_s and self.state.side is not None:
            self.put(done=(*self.state.done, self.state.side))
            self.go(Happening.DOSE_DONE)
            self.say("back_to_centre")

    def _run_clock(self, body: BodyState) -> None:
        state = self.state
        watch = follow_faults(state.watch, body)
        self.put(watch=watch)
        waits = tuple(f.value for f in watch.standing) if body.seen else body.quality.reasons or ("not_seen",)
        for fault in watch.standing:
            self.note_fault(fault)
        if waits and waits != state.waits:
            self.emit(ClockWaits(self.t_s, waits))
        elif state.waits and not waits:
            self.emit(ClockRuns(self.t_s))
            if any(reason in set(Fault) for reason in state.waits):
                self.say("mended", within_s=SAME_CUE_S)
        self.put(waits=waits)
        if not waits:
            self._count(min(self.t_s - state.t_s, LONGEST_STEP_S))

    def _count(self, step_s: float) -> None:
        before, plan = self.state.in_posture_s, self.state.plan
        after = before + step_s
        self.put(in_posture_s=after, counted_s=self.state.counted_s + step_s)
        if plan.follow or self.state.phase is not Phase.HOLD:
            return
        self._tick()
        if before < plan.hold_s / 2 <= after and plan.hold_s >= 10:
            self.say("half")

    def _tick(self) -> None:
        plan = self.state.plan
        while not plan.follow and self.state.ticked_s < min(int(self.state.in_posture_s + 1e-9), round(plan.hold_s)):
            self.put(ticked_s=self.state.ticked_s + 1)
            self.emit(HoldSecond(self.t_s, self.state.ticked_s, round(plan.hold_s)))

    def _back(self, body: BodyState) -> None:
        state = self.state
        if state.rest.resting and state.hold_side is not None:
            self._run_clock(body)
        if not body.seen:
            return
        if abs(body.knee_drop_deg) > CENTRE_DEG:
            self.put(centred_since_s=None)
            if self.t_s - state.phase_since_s > RULES[Fault.NOT_CENTRED].lasts_s:
                self.note_fault(Fault.NOT_CENTRED, key="still_to_centre")
            return
        since_s = state.centred_since_s if state.centred_since_s is not None else self.t_s
        self.put(centred_since_s=since_s)
        if self.t_s - since_s < CENTRE_S or state.hold_side is not None:
            return
        self.put(in_posture_s=0.0, ticked_s=0, seen_faults=())
        if all(state.done.count(side) >= state.plan.holds_a_side for side in Side):
            self.end(Happening.ALL_DONE, EndReason.DONE, "finished", bell=True)
            return
        self.put(side=self._next_side())
        self.go(Happening.CENTRED)
        self._ask_to_lower()

    # ---- words

    def note_fault(self, fault: Fault, key: str | None = None) -> None:
        """Once per hold: an event and one line."""
        if fault in self.state.seen_faults:
            return
        self.put(seen_faults=(*self.state.seen_faults, fault))
        self.emit(FaultSeen(self.t_s, fault, self.state.hold_side or self.state.side))
        self.say(key or f"fault_{fault.value}", within_s=SAME_CUE_S)

    def _ask_to_lower(self, again: bool = False) -> None:
        if self.state.side is not None:
            self.say(lower_key(self.state.side, again), within_s=SAME_CUE_S)

    def _ask_again_after_a_break(self) -> None:
        if self.state.phase is Phase.LOWER:
            self._ask_to_lower(again=self.state.in_posture_s > 0)

    def _next_side(self) -> Side:
        """The other side of the last hold, unless that has had its share."""
        done, plan = self.state.done, self.state.plan
        side = done[-1].other if done else plan.first_side
        return side if plan.follow or done.count(side) < plan.holds_a_side else side.other


_ENDS = {
    Request.PAIN: (Happening.PAIN, EndReason.PAIN, "pain"),
    Request.STOP: (Happening.STOP, EndReason.STOPPED, "stopped"),
    Request.RECORDING_ENDED: (Happening.ENDED, EndReason.RECORDING_ENDED, None),
}

__all__ = ["CoachState", "Observed", "advance", "begin"]
