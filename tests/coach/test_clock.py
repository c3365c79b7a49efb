"""The coach by the clock: without a camera, in movements that no camera can judge, and with the breath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from kneeroll.coach import CoachState, advance, begin
from kneeroll.coach.clock import START_S
from kneeroll.coach.phrases import lasts_s, phrase
from kneeroll.events import (
    Asked,
    BreathPaced,
    BreathWay,
    CueGiven,
    DeepEnough,
    EndReason,
    Event,
    FaultSeen,
    GetReadySecond,
    HoldEnded,
    HoldSecond,
    MovementStarted,
    Observed,
    Phase,
    PhaseEntered,
    Request,
    SessionEnded,
    Signal,
    Ticked,
    TrackingLost,
)
from kneeroll.movements import Breath, Kind, Movement, catalogue
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, Posture, Quality, Reading, Side, Surface, View
from kneeroll.summaries import Usual
from tests.coach.scripted import heard

ALL = catalogue()
ROLLS = replace(ALL["no_cushion_20s"], holds_a_side=1)
ALONE = Plan(movements=(ROLLS,), get_ready_s=20.0)
TICK_S = 0.1


class Unwatched:
    """A session in which time passes."""

    def __init__(self, plan: Plan = ALONE, *, sighted: bool = False, usual: Usual | None = None) -> None:
        self.coach: CoachState
        self.coach, started = begin(plan, sighted=sighted, usual=usual)
        self.events: list[Event] = list(started)
        self.t_s = 0.0

    def take(self, signal: Signal) -> None:
        self.coach, events = advance(self.coach, signal)
        self.events.extend(events)

    def wait(self, seconds: float) -> Unwatched:
        for _ in range(round(seconds / TICK_S)):
            self.t_s += TICK_S
            self.take(Ticked(self.t_s))
        return self

    def until(self, phase: Phase, within_s: float = 300.0) -> Unwatched:
        end_s = self.t_s + within_s
        while self.coach.phase is not phase:
            assert self.t_s < end_s, f"{phase} did not come"
            self.wait(TICK_S)
        return self

    def ask(self, request: Request) -> Unwatched:
        self.take(Asked(self.t_s, request))
        return self

    def of(self, *kinds: type[Event]) -> list[Any]:
        return [e for e in self.events if isinstance(e, kinds)]

    @property
    def cues(self) -> list[str]:
        return [e.key for e in self.of(CueGiven)]


def test_a_session_without_a_camera_goes_through_both_sides_to_the_bell() -> None:
    alone = Unwatched().until(Phase.FINISHED)
    way = [(Phase.LOWER, Phase.HOLD, Phase.BACK_TO_CENTRE)] * 2
    assert [e.phase for e in alone.of(PhaseEntered)] == [
        Phase.GET_READY, Phase.START_POSITION, *[p for ps in way for p in ps], Phase.FINISHED,
    ]  # fmt: skip
    assert [h.side for h in alone.of(HoldEnded)] == [Side.LEFT, Side.RIGHT]
    assert [e.why for e in alone.of(SessionEnded)] == [EndReason.DONE]
    assert alone.of(CueGiven)[-1].bell


def test_the_clock_holds_as_long_as_the_plan_says_and_claims_no_more() -> None:
    for hold in Unwatched().until(Phase.FINISHED).of(HoldEnded):
        assert hold.timed
        assert hold.in_posture_s == pytest.approx(20, abs=0.2)
        assert hold.until_s - hold.since_s == pytest.approx(20, abs=0.2)


def test_the_clock_ticks_the_seconds_of_both_holds() -> None:
    assert [e.done_s for e in Unwatched().until(Phase.FINISHED).of(HoldSecond)] == [*range(1, 21)] * 2


def test_the_ways_begin_after_their_words_and_last_as_long_as_the_movement_says() -> None:
    entered = Unwatched().until(Phase.FINISHED).of(PhaseEntered)
    took_s = {(one.phase, one.side): other.t_s - one.t_s for one, other in pairwise(entered)}
    for phase, line in ((Phase.LOWER, "go_left"), (Phase.BACK_TO_CENTRE, "back")):
        assert took_s[phase, Side.LEFT] == pytest.approx(lasts_s(ROLLS.say[line]) + ROLLS.way_s, abs=0.2)


@pytest.mark.parametrize("movement", ALL.values(), ids=lambda m: m.id)
def test_nobody_is_asked_to_move_before_the_start_position_was_heard(movement: Movement) -> None:
    session = Unwatched(Plan(movements=(movement,))).until(Phase.LOWER)
    heard_s = lasts_s(session.of(CueGiven)[0].text) + lasts_s(movement.say["start_position"])
    assert session.t_s == pytest.approx(heard_s + START_S, abs=0.2)


def test_the_time_to_get_ready_is_counted_down_second_by_second() -> None:
    alone = Unwatched().until(Phase.START_POSITION)
    assert [e.left_s for e in alone.of(GetReadySecond)] == list(range(20, 0, -1))
    assert alone.t_s == pytest.approx(20, abs=0.2)
    assert alone.cues == ["welcome", "get_ready", "start_position"]


def test_without_time_to_get_ready_it_begins_at_once() -> None:
    assert Unwatched(replace(ALONE, get_ready_s=0.0)).coach.phase is Phase.START_POSITION


def test_nobody_is_blamed_when_nobody_looks() -> None:
    assert Unwatched().until(Phase.FINISHED).of(FaultSeen, TrackingLost) == []


def test_a_camera_that_is_not_there_cannot_be_lost() -> None:
    alone = Unwatched().until(Phase.HOLD)
    assert alone.ask(Request.CAMERA_LOST).coach.phase is Phase.HOLD


def test_a_pause_in_a_hold_keeps_what_was_held_and_asks_for_the_rest() -> None:
    alone = Unwatched().until(Phase.HOLD).wait(12).ask(Request.PAUSE).wait(60)
    assert alone.coach.phase is Phase.PAUSED
    alone.ask(Request.RESUME)
    assert (alone.coach.phase, alone.cues[-1]) == (Phase.LOWER, "lower_left")
    alone.until(Phase.BACK_TO_CENTRE)
    first, second = alone.of(HoldEnded)
    assert (first.why, second.why) == (EndReason.PAUSED, EndReason.DONE)
    assert first.in_posture_s + second.in_posture_s == pytest.approx(20, abs=0.5)
    assert [e.done_s for e in alone.of(HoldSecond)] == list(range(1, 21))


@pytest.mark.parametrize("phase", [Phase.GET_READY, Phase.START_POSITION, Phase.LOWER, Phase.BACK_TO_CENTRE])
def test_after_a_pause_the_phase_begins_anew(phase: Phase) -> None:
    alone = Unwatched().until(phase).wait(2).ask(Request.PAUSE).wait(30).ask(Request.RESUME)
    assert alone.coach.phase is phase
    assert alone.wait(1).coach.phase is phase
    alone.until(Phase.FINISHED)


def test_a_machine_that_slept_has_not_held() -> None:
    alone = Unwatched().until(Phase.HOLD).wait(5)
    alone.t_s += 600
    alone.wait(1)
    assert alone.coach.phase is Phase.HOLD
    assert alone.coach.in_posture_s < 7


# ---- several movements


def test_movements_follow_each_other_and_the_bell_rings_once() -> None:
    plan = Plan(movements=(ROLLS, ALL["double_knee_to_chest"]), holds_a_side=1)
    alone = Unwatched(plan).until(Phase.FINISHED)
    assert [e.movement for e in alone.of(MovementStarted)] == ["no_cushion_20s", "double_knee_to_chest"]
    assert [h.side for h in alone.of(HoldEnded)] == [Side.LEFT, Side.RIGHT, None]
    assert alone.cues.count("start_position") == 2
    assert alone.cues.count("lower") == 1
    assert [c.bell for c in alone.of(CueGiven)].count(True) == 1


def test_each_movement_speaks_its_own_lines() -> None:
    plan = Plan(movements=(ROLLS, ALL["figure_four"]), holds_a_side=1)
    said = [(c.key, c.text) for c in Unwatched(plan).until(Phase.FINISHED).of(CueGiven)]
    for movement in plan.movements:
        assert ("lower_right", movement.say["go_right"]) in said


@pytest.mark.parametrize("movement", ALL.values(), ids=lambda m: m.id)
def test_every_movement_can_be_done_by_the_clock(movement: Any) -> None:
    alone = Unwatched(Plan(movements=(movement,))).until(Phase.FINISHED, within_s=600)
    sides = 1 if alone.of(HoldEnded)[0].side is None else 2
    assert len(alone.of(HoldEnded)) == sides * movement.holds_a_side
    for before, after in pairwise(alone.of(HoldEnded)):
        assert sides == 1 or before.side is not after.side


# ---- before a camera


def reading(t_s: float, drop_deg: float | None, hands: tuple[Side, ...] = ()) -> Observed:
    """Seen from the foot side at an angle."""
    nan = float("nan")
    angles = (nan, nan, nan) if drop_deg is None else (drop_deg, 0.6 * drop_deg, 0.0)
    quality = Quality.NO_PERSON if drop_deg is None else Quality.GOOD
    state = BodyState(t_s, *angles, 0.0, 0.0, 0.0, (2.0,) * 6, quality)
    posture = Posture.NOBODY if drop_deg is None else Posture.KNOWN
    return Observed(Reading(t_s, state, posture, View.QUARTER_FOOT, (), hands))


def watch(session: Unwatched, seconds: float, drop_deg: float | None, hands: tuple[Side, ...] = ()) -> Unwatched:
    for _ in range(round(seconds / TICK_S)):
        session.t_s += TICK_S
        session.take(reading(session.t_s, drop_deg, hands))
    return session


def test_what_a_camera_cannot_judge_is_timed_before_a_camera_too() -> None:
    session = Unwatched(Plan(movements=(ALL["bridge"],), holds_a_side=1), sighted=True)
    watch(session, 60, None)
    assert session.coach.phase is Phase.FINISHED
    assert [h.timed for h in session.of(HoldEnded)] == [True]
    assert session.of(TrackingLost) == []


def test_after_a_timed_movement_the_camera_judges_again() -> None:
    session = Unwatched(Plan(movements=(ALL["bridge"], ROLLS), holds_a_side=1), sighted=True)
    while session.coach.step == 0:
        watch(session, 1, None)
    watch(session, 7, 0.0)
    assert (session.coach.phase, session.cues[-1]) == (Phase.LOWER, "lower_left")
    watch(session, 10, 0.0)
    assert session.coach.phase is Phase.LOWER  # the clock alone does not lower the knees


@pytest.mark.parametrize(("sighted", "ready_s"), [(True, 20.0), (True, 90.0), (False, 10.0), (False, 20.0), (False, 90.0)])
def test_while_there_is_time_to_get_ready_it_is_said_how_to_lie(sighted: bool, ready_s: float) -> None:
    movement = catalogue()["cushion_20s"]
    session = Unwatched(Plan(holds_a_side=1, movements=(movement,), get_ready_s=ready_s), sighted=sighted)
    if sighted:
        watch(session, ready_s + 5, None)
    else:
        session.until(Phase.LOWER)
    lines = [(t_s, text) for t_s, text, _ in heard(session.events) if text == movement.say["start_position"]]
    assert lines[0][0] < max(ready_s, 12)
    assert len(lines) == (1 if sighted or ready_s < 30 else 2)


def test_after_a_long_pause_it_is_said_once_more_how_to_go_on() -> None:
    session = Unwatched().until(Phase.LOWER).ask(Request.PAUSE)
    for seconds, times in ((59, 1), (3, 2), (61, 3)):
        assert session.wait(seconds).cues.count("paused") == times
    assert session.coach.phase is Phase.PAUSED


def test_who_lies_still_before_the_time_is_up_need_not_wait() -> None:
    session = watch(Unwatched(ALONE, sighted=True), 3, 0.0)
    assert session.coach.phase is Phase.LOWER
    assert "known" in session.cues


def test_when_the_time_is_up_the_camera_looks_for_the_person() -> None:
    session = watch(Unwatched(ALONE, sighted=True), 20.3, None)
    assert session.coach.phase is Phase.NOT_IN_VIEW


@pytest.mark.parametrize("side", Side)
def test_a_raised_hand_pauses_and_the_next_one_goes_on(side: Side) -> None:
    session = watch(Unwatched(ALONE, sighted=True), 3, 0.0)
    assert watch(session, 1, 0.0, (side,)).coach.phase is Phase.PAUSED
    assert watch(session, 3, 0.0).coach.phase is Phase.PAUSED
    assert watch(session, 1, 0.0, (side.other,)).coach.phase is Phase.LOWER
    assert watch(session, 3, 0.0, (side.other,)).coach.phase is Phase.LOWER  # one raising counts once
    assert session.cues.count("paused_watched") == session.cues.count("resumed") == 1


def test_both_hands_stop() -> None:
    session = watch(watch(Unwatched(ALONE, sighted=True), 3, 0.0), 1, 0.0, (Side.LEFT, Side.RIGHT))
    assert session.coach.phase is Phase.STOPPED
    assert [e.why for e in session.of(SessionEnded)] == [EndReason.STOPPED]


def test_a_second_hand_after_the_first_stops_too() -> None:
    session = watch(watch(Unwatched(ALONE, sighted=True), 3, 0.0), 1, 0.0, (Side.LEFT,))
    assert watch(session, 1, 0.0, (Side.LEFT, Side.RIGHT)).coach.phase is Phase.STOPPED


def test_who_is_not_seen_is_not_asked_to_raise_a_hand() -> None:
    assert Unwatched().until(Phase.LOWER).ask(Request.PAUSE).cues[-1] == "paused"
    assert watch(Unwatched(ALONE, sighted=True), 3, 0.0).ask(Request.PAUSE).cues[-1] == "paused_watched"


def test_a_hand_that_sinks_does_nothing() -> None:
    session = watch(watch(Unwatched(ALONE, sighted=True), 3, 0.0), 1, 0.0, (Side.LEFT,))
    assert watch(session, 1, 0.0).coach.phase is Phase.PAUSED


# ---- as usual


@pytest.mark.parametrize(("before", "said"), [(None, "known"), (View.QUARTER_FOOT, "known"), (View.SIDE, "known_elsewhere")])
def test_a_camera_that_stands_elsewhere_than_last_time_is_told(before: View | None, said: str) -> None:
    session = watch(Unwatched(ALONE, sighted=True, usual=Usual(view=before)), 20, 0.0)
    assert next(cue for cue in session.cues if cue.startswith("known")) == said


@pytest.mark.parametrize(
    ("before", "said"), [(None, "known"), (Surface.FLOOR, "known"), (Surface.BED, "known_on_another_surface")]
)
def test_something_else_to_lie_on_than_last_time_is_told(before: Surface | None, said: str) -> None:
    session = watch(Unwatched(ALONE, sighted=True, usual=Usual(surface=before)), 20, 0.0)
    assert next(cue for cue in session.cues if cue.startswith("known")) == said


@pytest.mark.parametrize("ready_s", [0.0, 20.0])
def test_that_the_numbers_do_not_compare_is_heard(ready_s: float) -> None:
    plan = replace(ALONE, get_ready_s=ready_s)
    session = watch(Unwatched(plan, sighted=True, usual=Usual(view=View.SIDE)), 30, 0.0)
    assert phrase("known_elsewhere") in [text for _, text, _ in heard(session.events)]
    assert session.cues[-1] == "lower_left"


def rolled(usual_deg: Mapping[Side, float], *drops_deg: float) -> Unwatched:
    """A session in which the knees have gone to these depths, half a second each."""
    session = watch(Unwatched(replace(ALONE, movements=(ROLLS,)), sighted=True, usual=Usual(usual_deg)), 3, 0.0)
    for drop_deg in drops_deg:
        watch(session, 0.5, drop_deg)
    return session


def test_the_usual_depth_is_told_once_on_the_way_down() -> None:
    session = rolled({Side.LEFT: 40.0}, 12.0, 30.0, 38.0, 45.0)
    (told,) = session.of(DeepEnough)
    assert told.side is Side.LEFT
    assert told.t_s == pytest.approx(session.t_s - 0.9, abs=0.11)


@pytest.mark.parametrize("usual_deg", [{}, {Side.RIGHT: 20.0}, {Side.LEFT: 60.0}])
def test_what_is_not_known_for_this_side_or_not_reached_is_not_told(usual_deg: Mapping[Side, float]) -> None:
    assert rolled(usual_deg, 30.0, 40.0).of(DeepEnough) == []


def test_the_other_side_has_a_usual_depth_of_its_own() -> None:
    session = rolled({Side.LEFT: 40.0, Side.RIGHT: 20.0}, 40.0)
    for drop_deg in [45.0] * 8 + [0.0] * 2 + [-25.0]:
        watch(session, 3, drop_deg)
    assert [e.side for e in session.of(DeepEnough)] == [Side.LEFT, Side.RIGHT]


# ---- breath


def breaths(session: Unwatched) -> list[BreathPaced]:
    return session.of(BreathPaced)


def test_a_hold_with_a_breath_is_paced_in_and_out_from_its_words_to_its_last_moment() -> None:
    movement = replace(ALL["breathing_30s"], holds_a_side=1, hold_s=32.0)
    session = Unwatched(Plan(movements=(movement,))).until(Phase.FINISHED)
    assert movement.breath == Breath(4.0, 6.0)
    for hold in session.of(HoldEnded):
        heard = [b for b in breaths(session) if hold.since_s <= b.t_s <= hold.until_s]
        assert [b.way for b in heard] == [BreathWay.IN, BreathWay.OUT] * 3
        assert heard[0].t_s == pytest.approx(hold.since_s + lasts_s(movement.say["hold"]), abs=0.11)
        for one, other in pairwise(heard):
            assert other.t_s - one.t_s == pytest.approx(one.lasts_s, abs=0.11)
    assert len(breaths(session)) == 12


def test_a_hold_without_a_breath_of_its_own_is_not_paced() -> None:
    assert breaths(Unwatched().until(Phase.FINISHED)) == []


@pytest.mark.parametrize(
    ("movement", "ways"),
    [
        ("breath_paced_rolls", [BreathWay.OUT, BreathWay.IN, BreathWay.OUT]),  # in at rest
        ("cat_cow", [BreathWay.OUT, BreathWay.IN]),
    ],
)
def test_in_a_paced_movement_each_way_is_a_breath(movement: str, ways: list[BreathWay]) -> None:
    session = Unwatched(Plan(movements=(ALL[movement],))).until(Phase.FINISHED)
    assert ALL[movement].kind is Kind.PACED
    assert [b.way for b in breaths(session)] == ways * len(session.of(HoldEnded))
    words = [c.t_s + lasts_s(c.text) for c in session.of(CueGiven) if c.key.startswith(("lower", "back"))]
    for one, other in pairwise(breaths(session)):
        due_s = one.t_s + one.lasts_s
        assert other.t_s == pytest.approx(max([due_s, *(s for s in words if s < other.t_s)]), abs=0.21)


def test_a_paced_movement_tells_each_side_once_and_then_lets_the_breath_lead() -> None:
    session = Unwatched(Plan(movements=(ALL["breath_paced_rolls"],))).until(Phase.FINISHED)
    assert session.cues[2:-1] == ["lower_left", "hold", "back_to_centre", "lower_right", "hold", "back_to_centre"]
