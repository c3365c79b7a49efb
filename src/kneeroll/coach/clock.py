"""A movement by the clock: where no camera looks on, or where what is done cannot be judged by its looks. Nothing is measured."""

from __future__ import annotations

from kneeroll.coach.table import Happening
from kneeroll.coach.turn import Turn
from kneeroll.events import BreathWay, EndReason, Phase
from kneeroll.movements import Kind

START_S = 4.0
"""From the end of the words of the start position to the first way down: to lie so."""


def pass_time(turn: Turn) -> None:
    """Do what the clock says."""
    steps = {Phase.START_POSITION: _start, Phase.LOWER: _lower, Phase.HOLD: _hold, Phase.BACK_TO_CENTRE: _back}
    if turn.state.phase in steps:
        steps[turn.state.phase](turn)


def _start(turn: Turn) -> None:
    if turn.t_s - max(turn.state.phase_since_s, turn.state.words_s[1]) >= START_S:
        turn.go(Happening.KNOWN)
        turn.ask_to_lower()


def _lower(turn: Turn) -> None:
    if not _has_gone(turn, BreathWay.OUT):
        return
    movement = turn.state.movement
    turn.open_hold(turn.state.side, turn.t_s)
    turn.go(Happening.RESTS)
    if movement.hold_s > 0 and turn.is_new_here:
        turn.say("hold")
    if movement.kind is Kind.PACED and movement.hold_s > 0:
        turn.breathe(BreathWay.IN, movement.hold_s)


def _hold(turn: Turn) -> None:
    turn.count()
    if turn.dose_is_done():
        turn.close_hold(EndReason.DONE, turn.t_s)
        _back(turn)


def _back(turn: Turn) -> None:
    if _has_gone(turn, _breath_back(turn)):
        turn.next_hold()
        if turn.state.phase is Phase.LOWER:
            _lower(turn)


def _breath_back(turn: Turn) -> BreathWay:
    """In, unless the breath in was taken at rest."""
    return BreathWay.OUT if turn.state.movement.hold_s > 0 else BreathWay.IN


def _has_gone(turn: Turn, way: BreathWay) -> bool:
    """The words first, then the way there or back; in a movement that goes with the breath, each way is a breath."""
    if turn.state.way_since_s is None:
        if turn.t_s < turn.state.words_s[1]:
            return False
        turn.put(way_since_s=turn.t_s)
        if turn.state.movement.kind is Kind.PACED:
            turn.breathe(way, _way_s(turn, way))
    assert turn.state.way_since_s is not None
    return turn.t_s - turn.state.way_since_s >= _way_s(turn, way)


def _way_s(turn: Turn, way: BreathWay) -> float:
    """How long the way there or back takes: a breath where the movement goes with the breath."""
    movement = turn.state.movement
    if movement.kind is Kind.HOLD or movement.breath is None:
        return movement.way_s
    return movement.breath.out_s if way is BreathWay.OUT else movement.breath.in_s
