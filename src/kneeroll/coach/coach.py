"""The coach: a state machine without clock, camera or voice. `advance(state, signal)` gives the next state and what happened."""

from __future__ import annotations

from dataclasses import replace

from kneeroll.coach.clock import pass_time
from kneeroll.coach.sight import follow_ceiling, look
from kneeroll.coach.state import CoachState
from kneeroll.coach.table import Happening
from kneeroll.coach.turn import Turn
from kneeroll.errors import IllegalSignal
from kneeroll.events import (
    Answered,
    Asked,
    Comfort,
    ComfortRated,
    EndReason,
    Event,
    GetReadySecond,
    Observed,
    PainReported,
    Phase,
    PhaseEntered,
    Request,
    SessionStarted,
    Signal,
    StopExplained,
    StopReason,
    TrackingLost,
)
from kneeroll.plans import TOO_MUCH, Plan
from kneeroll.poses import Posture, Reading
from kneeroll.summaries import Usual

LONG_PAUSE_S = 60.0
"""After so long a pause it is said once more how to go on."""
STILL_KNOWN_S = 30.0
"""For so long nobody forgets how to lie."""


def begin(plan: Plan, *, sighted: bool = True, usual: Usual | None = None) -> tuple[CoachState, tuple[Event, ...]]:
    """A session at its first moment. Without sight (no camera) the clock leads. usual: what this person usually does."""
    turn = Turn(CoachState(plan, sighted, usual or Usual()), 0.0)
    turn.emit(SessionStarted(0.0))
    turn.begin_movement(0)
    turn.say("welcome")
    if plan.get_ready_s > 0:
        turn.emit(PhaseEntered(0.0, Phase.GET_READY, None))
        turn.say("get_ready" if turn.state.by_clock else "get_ready_watched")
    else:
        _is_ready(turn)
    return turn.state, tuple(turn.events)


def advance(state: CoachState, signal: Signal) -> tuple[CoachState, tuple[Event, ...]]:
    """Take in one signal. After the end only answers are heard.

    Raises
    ------
    IllegalSignal
        When time runs backwards; the state is as it was.
    """
    if signal.t_s < state.t_s:
        raise IllegalSignal(f"a signal at {signal.t_s:.3f} s after one at {state.t_s:.3f} s; signals come in order of time")
    turn = Turn(state, signal.t_s)
    if isinstance(signal, Answered):
        _take_answer(turn, signal.answer)
    elif state.phase.is_end:
        return state, ()
    elif isinstance(signal, Asked):
        _take_request(turn, signal.request)
    else:
        _take_moment(turn, signal.reading if isinstance(signal, Observed) else None)
    return replace(turn.state, t_s=signal.t_s), tuple(turn.events)


def _take_moment(turn: Turn, reading: Reading | None) -> None:
    if reading is not None:
        if reading.state.seen or reading.posture not in (Posture.NOBODY, Posture.KNOWN):
            turn.put(seen_s=turn.t_s)
        if _take_hands(turn, reading):
            return
    if turn.state.phase is Phase.PAUSED:
        if turn.t_s - turn.state.spoke_s > LONG_PAUSE_S:
            _say_paused(turn)
        return
    if turn.state.phase is Phase.GET_READY:
        _count_down(turn)
    if turn.state.by_clock:
        pass_time(turn)
        if reading is not None and turn.state.movement.rolls:
            follow_ceiling(turn, reading.state)
    elif reading is not None:
        look(turn, reading)
    turn.say_how_to_lie()
    turn.pace()


def _count_down(turn: Turn) -> None:
    left_s = turn.state.plan.get_ready_s - (turn.t_s - turn.state.phase_since_s)
    if left_s <= 0:
        _is_ready(turn)
    elif (whole_s := int(left_s) + 1) != turn.state.ready_left_s:
        turn.put(ready_left_s=whole_s)
        turn.emit(GetReadySecond(turn.t_s, whole_s))


def _is_ready(turn: Turn) -> None:
    if turn.state.by_clock:
        turn.go(Happening.BY_CLOCK)
        turn.say("start_position", within_s=STILL_KNOWN_S)
    else:
        turn.go(Happening.READY)


def _take_hands(turn: Turn, reading: Reading) -> bool:
    """A raised hand pauses or goes on, both hands stop; each raising counts once."""
    before, now = turn.state.hands_up, reading.hands_up
    turn.put(hands_up=now, tells_hands=reading.tells_hands)
    if turn.state.plan.follow or len(now) <= len(before):
        return False
    paused = turn.state.phase is Phase.PAUSED
    _take_request(turn, Request.STOP if len(now) == 2 else Request.RESUME if paused else Request.PAUSE)
    return True


def _take_request(turn: Turn, request: Request) -> None:
    phase = turn.state.phase
    if request is Request.PAUSE and phase is not Phase.PAUSED:
        turn.close_hold(EndReason.PAUSED, turn.t_s)
        turn.rest_from_knees()
        if turn.go(Happening.PAUSE):
            _say_paused(turn)
    elif request is Request.RESUME and phase is Phase.PAUSED:
        turn.put(seen_s=turn.t_s)
        turn.say("resumed")
        turn.go(Happening.RESUME)
        if turn.state.by_clock and turn.state.phase is Phase.HOLD:
            turn.go(Happening.LEFT_EARLY)
        turn.ask_again_after_a_break()
    elif request in (Request.CAMERA_LOST, Request.CAMERA_FROZEN):
        if not turn.state.by_clock and turn.go(Happening.SIGHT_LOST):
            turn.emit(TrackingLost(turn.t_s, (request.value,)))
            turn.say(request.value)
    elif request in _ENDS:
        happening, why, key = _ENDS[request]
        if request is Request.PAIN:
            turn.emit(PainReported(turn.t_s))
        turn.end(happening, why, key)


def _say_paused(turn: Turn) -> None:
    turn.say("paused_watched" if turn.state.tells_hands else "paused")


_ENDS = {
    Request.PAIN: (Happening.PAIN, EndReason.PAIN, "pain"),
    Request.STOP: (Happening.STOP, EndReason.STOPPED, "stopped"),
    Request.RECORDING_ENDED: (Happening.ENDED, EndReason.RECORDING_ENDED, None),
}


def _take_answer(turn: Turn, answer: Comfort | StopReason) -> None:
    """How it feels, or why it was stopped. What is too much ends the session, and both have words of their own."""
    over = turn.state.phase.is_end
    if isinstance(answer, Comfort):
        turn.emit(ComfortRated(turn.t_s, over, answer.stiffness, answer.discomfort))
        discomfort, most = answer.discomfort or 0, turn.state.plan.stop_above
        if discomfort <= most:
            return
        key = "too_much" if discomfort > TOO_MUCH else "above_plan"
        if over:
            turn.say(f"{key}_after")
        else:
            turn.end(Happening.STOP, EndReason.DISCOMFORT, f"{key}_before")
    elif over:
        turn.emit(StopExplained(turn.t_s, answer))
        if answer in (StopReason.SHARP, StopReason.LEG):
            turn.say(f"stop_{answer.value}")


__all__ = ["CoachState", "advance", "begin"]
