"""A movement that the camera judges: from the search for the person to the knees in the middle again."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from kneeroll.coach.holds import DEPTH_DEG, follow_rest
from kneeroll.coach.phrases import advice_key, fault_key, lower_key
from kneeroll.coach.state import PAST_CEILING, WAITING, Ceiling, CoachState
from kneeroll.coach.table import Happening
from kneeroll.coach.turn import PATIENCE_S, SAME_CUE_S, Turn
from kneeroll.events import ClockRuns, ClockWaits, DeepEnough, EndReason, Fault, Phase, TrackingFound, TrackingLost
from kneeroll.faults import RULES, SETTLED_S, Watch, follow_faults, knee_speed_deg_s
from kneeroll.poses import BodyState, Posture, Reading, Side, View

LOST_AFTER_S = 1.5
ADVICE_S, REPEAT_S = 8.0, 15.0
"""After the last line, what is in the way is said for the first time; and anything once more."""
SELDOM_AFTER_S, SELDOM_S = 60.0, 60.0
ON_THE_WAY_DEG = 5.0
"""Knees further from the middle than this have heard where to sink."""
CENTRE_DEG, CENTRE_S = RULES[Fault.NOT_CENTRED].limit, 0.5
NEAR_DEG = 3.0
"""So close to the usual depth counts as there: about the standard error of a good view."""
PAUSE_S = 8.0
"""Without a breath: our own choice, about two breaths of somebody who rests."""
SETTLE_S = 6.0
"""Between two movements: to hear how to lie for the next one, and to lie so."""
ON_THE_WAY = (*(lower_key(side, again) for side in Side for again in (False, True)), "other_side_first", "back_to_centre")
"""What is said between two rests: only after one of these a rest is welcomed anew."""
AT_ONCE = ("camera_moved", "too_dark")
"""What is said as soon as it is seen, however lately something else was said."""


def look(turn: Turn, reading: Reading) -> None:
    """Take in what was measured of one frame."""
    body = reading.state
    if turn.state.phase is Phase.TRACKING_LOST:
        _look_again(turn, reading)
    elif turn.state.phase is Phase.GET_READY:
        if _is_known(reading) and not turn.state.to_mind:
            _begin_from_known(turn, reading.view)
        elif reading.posture is Posture.LYING and turn.t_s - turn.state.words_s[1] > ADVICE_S and (key := advice_key(reading)):
            turn.say(key, within_s=REPEAT_S)
    elif turn.state.phase in WAITING:
        _wait_for_start(turn, reading)
    elif turn.t_s - turn.state.seen_s > LOST_AFTER_S and turn.go(Happening.SIGHT_LOST):
        turn.emit(TrackingLost(turn.t_s, reading.blockers))
        turn.say("tracking_lost", within_s=SAME_CUE_S)
    _follow_knees(turn, body)
    follow_ceiling(turn, body)
    steps = {Phase.LOWER: _lower, Phase.HOLD: _hold, Phase.BACK_TO_CENTRE: _back}
    if turn.state.phase in steps:
        steps[turn.state.phase](turn, body)
    _mind_breath(turn, reading.pause_s)


def _is_known(reading: Reading) -> bool:
    return reading.posture is Posture.KNOWN and reading.state.seen


def _begin_from_known(turn: Turn, view: View | None) -> None:
    """That today's numbers do not compare is heard to its end: for that the first way down waits."""
    usual, key = turn.state.usual, "known"
    if usual.view not in (None, view):
        key = "known_elsewhere"
    elif usual.surface not in (None, turn.state.plan.surface):
        key = "known_on_another_surface"
    if key != "known" and turn.t_s < turn.state.words_s[1]:
        return
    turn.go(Happening.KNOWN)
    turn.say(key)
    turn.ask_to_lower()


def _look_again(turn: Turn, reading: Reading) -> None:
    before_start = turn.state.left_phase in (Phase.GET_READY, *WAITING)
    back_in_sight = reading.state.seen or (before_start and reading.posture is not Posture.NOBODY)
    if back_in_sight and turn.go(Happening.SIGHT_FOUND):
        turn.emit(TrackingFound(turn.t_s))
        turn.say("tracking_found", within_s=SAME_CUE_S)
        turn.ask_again_after_a_break()
    elif reading.blockers and reading.blockers[0] in AT_ONCE:
        turn.say(f"blocker_{reading.blockers[0]}", within_s=REPEAT_S)
    elif turn.t_s - turn.state.spoke_s > _repeat_s(turn) and (key := advice_key(reading)):
        turn.say(key)


def _wait_for_start(turn: Turn, reading: Reading) -> None:
    before = turn.state.phase
    if _is_known(reading):
        if turn.state.to_mind:
            return
        if turn.state.step == 0:
            _begin_from_known(turn, reading.view)
        elif turn.t_s - turn.state.phase_since_s >= SETTLE_S:
            turn.go(Happening.KNOWN)
            turn.ask_to_lower()
        return
    if reading.posture is Posture.NOBODY:
        if turn.t_s - turn.state.seen_s > LOST_AFTER_S:
            turn.go(Happening.GONE)
    else:
        turn.go(Happening.SEEN_UPRIGHT if reading.posture is Posture.UPRIGHT else Happening.SEEN_LYING)
    if turn.state.phase is not before:
        turn.say(turn.state.phase.value, within_s=SAME_CUE_S)
    elif (key := advice_key(reading)) and turn.t_s - turn.state.spoke_s > ADVICE_S:
        turn.say(key, within_s=_repeat_s(turn))
    elif turn.t_s - turn.state.spoke_s > _repeat_s(turn):
        turn.say(turn.state.phase.value)


def _repeat_s(turn: Turn) -> float:
    """After how long a line is said once more: whoever did not follow it for a minute is asked less often."""
    return REPEAT_S if turn.t_s - turn.state.phase_since_s < SELDOM_AFTER_S else SELDOM_S


def _follow_knees(turn: Turn, body: BodyState) -> None:
    """Hold begun, hold ended, rushed: what the knees do, whatever the phase."""
    before = turn.state.rest
    rest = follow_rest(before, turn.t_s, body.knee_drop_deg, body.error("knee_drop_deg"))
    turn.put(rest=rest)
    if rest.until_s is not None:
        reason = EndReason.TRACKING_LOST if rest.lost else _reason_to_leave(turn)
        turn.close_hold(reason, rest.until_s, over_s=0.0 if rest.lost or turn.state.waits else turn.state.t_s - rest.until_s)
        if rest.lost:
            turn.put(passed_centre=True)
    if body.seen and abs(body.knee_drop_deg) < CENTRE_DEG:
        turn.put(passed_centre=True)
    top_deg_s = turn.state.top_speed_deg_s
    if body.seen and not rest.resting and knee_speed_deg_s(rest.recent) > top_deg_s:
        _name_fault(turn, Fault.RUSHED, limit=top_deg_s if top_deg_s < RULES[Fault.RUSHED].limit else None)
    if rest.resting and not before.resting and turn.state.phase in (Phase.LOWER, Phase.HOLD, Phase.BACK_TO_CENTRE):
        passed_centre = turn.state.passed_centre
        turn.put(watch=Watch(), waits=(), passed_centre=False)
        turn.open_hold(rest.side, rest.since_s)
        was_resting = not turn.state.plan.follow and turn.state.in_posture_s > 0
        if not (passed_centre or was_resting or _is_asked_up(turn)):
            _name_fault(turn, Fault.NOT_CENTRED)


def _name_fault(turn: Turn, fault: Fault, limit: float | None = None) -> None:
    """What happened on the way, once."""
    if turn.note_fault(fault, limit):
        turn.say(f"fault_{fault.value}", within_s=SAME_CUE_S)


def follow_ceiling(turn: Turn, body: BodyState) -> None:
    """Speak when the knees stay deeper than the cushion, or the plan, lets them."""
    ceiling, since_s = turn.state.ceiling, turn.state.past_ceiling_since_s
    if ceiling is None or not body.seen or not _is_deeper(body, ceiling):
        turn.put(past_ceiling_since_s=None)
        return
    turn.put(past_ceiling_since_s=turn.t_s if since_s is None else since_s)
    if _is_past_ceiling(turn) and turn.state.phase in (Phase.LOWER, Phase.HOLD):
        turn.say(ceiling.key, within_s=REPEAT_S)


def _is_deeper(body: BodyState, ceiling: Ceiling) -> bool:
    return abs(body.knee_drop_deg) - (body.error("knee_drop_deg") if ceiling.by_more_than_its_error else 0.0) > ceiling.deg


def _is_past_ceiling(turn: Turn) -> bool:
    since_s = turn.state.past_ceiling_since_s
    return since_s is not None and turn.t_s - since_s >= SETTLED_S


def _is_asked_up(turn: Turn) -> bool:
    """Whether the person was told to come up a little: that way ends there, not in the middle."""
    return turn.t_s - _said_s(turn, *PAST_CEILING) < REPEAT_S


def _said_s(turn: Turn, *keys: str) -> float:
    """When one of these lines was said last."""
    return max((said_s for key, said_s in turn.state.cue_times if key in keys), default=-inf)


def _reason_to_leave(turn: Turn) -> EndReason:
    return EndReason.DONE if turn.state.phase is Phase.BACK_TO_CENTRE else EndReason.KNEES_LEFT


def _lower(turn: Turn, body: BodyState) -> None:
    state = turn.state
    if state.side is not None and not state.enough and _is_deep_enough(state, state.side, body):
        turn.put(enough=True)
        turn.emit(DeepEnough(turn.t_s, state.side))
    if state.rest.resting and state.holding:
        if state.hold_side is not state.side:
            if state.side is not None and not state.plan.follow:
                turn.say("other_side_first")
            turn.put(side=state.hold_side, in_posture_s=0.0, ticked_s=0)
        turn.put(in_posture_s=turn.state.in_posture_s + turn.state.counted_s)
        if turn.go(Happening.RESTS):
            if not _is_past_ceiling(turn) and _said_s(turn, "hold", "mended") <= _said_s(turn, *ON_THE_WAY):
                turn.say("hold")
            turn.tick()
    elif state.in_posture_s > 0 and _has_left(turn, body):
        turn.ask_to_lower(again=True)
    elif turn.t_s - state.spoke_s > _repeat_s(turn):
        if not abs(body.knee_drop_deg) > ON_THE_WAY_DEG:
            turn.ask_to_lower()
        elif _said_s(turn, "rest_there") < state.phase_since_s:
            turn.say("rest_there")
        else:  # a rest that is not deep enough to be measured, or not still enough
            turn.ask_back(Happening.LET_BE)


def _has_left(turn: Turn, body: BodyState) -> bool:
    """Whether knees that left a hold early are no longer at depth, for the first time; a little less depth is still a rest."""
    state = turn.state
    asked_s = _said_s(turn, lower_key(state.side, again=True))
    return state.side is not None and asked_s < state.phase_since_s and state.side.sign * body.knee_drop_deg < DEPTH_DEG


def _is_deep_enough(state: CoachState, side: Side, body: BodyState) -> bool:
    enough_deg = state.deep_enough_deg
    return enough_deg is not None and body.seen and side.sign * body.knee_drop_deg >= enough_deg - NEAR_DEG


def _hold(turn: Turn, body: BodyState) -> None:
    if not turn.state.rest.resting:
        turn.go(Happening.LEFT_EARLY)
        turn.put(spoke_s=turn.t_s)
        return
    _run_clock(turn, body)
    turn.dose_is_done()


def _mind_breath(turn: Turn, pause_s: float | None) -> None:
    """Once in a hold, after a long pause that was surely seen; where the breath is paced, the pace says it."""
    state = turn.state
    if state.phase is Phase.HOLD and not state.reminded and state.movement.breath is None and (pause_s or 0.0) >= PAUSE_S:
        turn.put(reminded=True)
        turn.say("keep_breathing")


def _run_clock(turn: Turn, body: BodyState) -> None:
    state = turn.state
    watch = follow_faults(state.watch, body)
    turn.put(watch=watch)
    faults = tuple(f for f in watch.standing if f in state.movement.faults)
    waits = tuple(f.value for f in faults) if body.seen else body.quality.reasons or ("not_seen",)
    if state.ceiling is not None and _is_past_ceiling(turn):
        waits = (*waits, state.ceiling.key)
    for fault in faults:
        turn.note_fault(fault)
    if faults and state.phase is Phase.HOLD and not _is_past_ceiling(turn):
        turn.say(fault_key(faults[0], state.hold_side), within_s=REPEAT_S)
    if waits and waits != state.waits:
        turn.emit(ClockWaits(turn.t_s, waits))
        if not state.waits:
            turn.put(waits_since_s=turn.t_s)
            turn.uncount(turn.t_s - _wrong_since_s(turn, faults))
    elif state.waits and not waits:
        turn.emit(ClockRuns(turn.t_s))
        if state.phase is Phase.HOLD and any(reason in {*Fault, *PAST_CEILING} for reason in state.waits):
            turn.say("mended", within_s=SAME_CUE_S)
    turn.put(waits=waits)
    if not waits:
        turn.count()


def _wrong_since_s(turn: Turn, faults: Sequence[Fault]) -> float:
    """Since when the clock should have waited: a fault is believed only after it has lasted."""
    since = dict(turn.state.watch.since)
    found = [since[fault] for fault in faults]
    if _is_past_ceiling(turn) and turn.state.past_ceiling_since_s is not None:
        found.append(turn.state.past_ceiling_since_s)
    return min(found, default=turn.t_s)


def _back(turn: Turn, body: BodyState) -> None:
    state = turn.state
    if state.rest.resting and state.holding:
        _run_clock(turn, body)
    if not body.seen:
        return
    if abs(body.knee_drop_deg) > CENTRE_DEG:
        turn.put(centred_since_s=None)
        asked_s = turn.t_s - state.phase_since_s
        if asked_s > PATIENCE_S and not state.holding:
            turn.next_hold()
        elif asked_s > RULES[Fault.NOT_CENTRED].lasts_s:
            turn.note_fault(Fault.NOT_CENTRED)
            turn.say("still_to_centre", within_s=_repeat_s(turn))
        return
    since_s = state.centred_since_s if state.centred_since_s is not None else turn.t_s
    turn.put(centred_since_s=since_s)
    if turn.t_s - since_s >= CENTRE_S and not state.holding:
        turn.next_hold()
