"""The coach from the first word to the last: what it says and does for what a person does before it."""

from __future__ import annotations

import csv
import inspect
import re
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kneeroll.analysis import summarise
from kneeroll.coach import advance, begin, clock, coach, sight, turn
from kneeroll.coach.phrases import SPOKEN_BY_MOVEMENT, all_phrases, spoken
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
    MovementStarted,
    PainReported,
    Phase,
    PhaseEntered,
    Request,
    SessionEnded,
    SessionStarted,
    TrackingFound,
    TrackingLost,
)
from kneeroll.faults import POSTURE
from kneeroll.movements import catalogue
from kneeroll.plans import OBSERVE, Limits, Mind, Plan
from kneeroll.poses import Posture, Quality, Side
from tests.coach.person import SHORT, Person, body, seen, unseen

ONE_EACH = Plan(hold_s=20.0, holds_a_side=1)
WAITING = (Phase.NOT_IN_VIEW, Phase.LIE_DOWN, Phase.START_POSITION)
EXERCISE = (Phase.LOWER, Phase.HOLD, Phase.BACK_TO_CENTRE)
ENDS = (Phase.FINISHED, Phase.STOPPED)
ALIVE = tuple(p for p in Phase if p not in ENDS)
STEADY = (Phase.GET_READY, Phase.NOT_IN_VIEW, Phase.LIE_DOWN, Phase.START_POSITION, Phase.LOWER, Phase.BACK_TO_CENTRE)
"""Phases that a pause leaves and finds again by itself (a hold asks the knees down once more)."""


def at(phase: Phase, plan: Plan = SHORT) -> Person:
    """A person who has just come to this phase."""
    person = Person(replace(plan, get_ready_s=20.0) if phase is Phase.GET_READY else plan)
    if phase is Phase.GET_READY:
        return person.pose(Posture.UPRIGHT, "not_lying")
    if phase is Phase.NOT_IN_VIEW:
        return person.vanish(0.1)
    if phase is Phase.LIE_DOWN:
        return person.pose(Posture.UPRIGHT, "not_lying")
    if phase is Phase.START_POSITION:
        return person.pose(Posture.LYING)
    person.lie_down()
    if phase in (Phase.HOLD, Phase.BACK_TO_CENTRE):
        person.move(45).stay(1.5 if phase is Phase.HOLD else plan.hold_s + 1)
    elif phase is Phase.PAUSED:
        person.ask(Request.PAUSE)
    elif phase is Phase.TRACKING_LOST:
        person.vanish(2)
    elif phase is Phase.STOPPED:
        person.ask(Request.STOP)
    elif phase is Phase.FINISHED:
        person.hold(45, plan.hold_s + 1).hold(-45, plan.hold_s + 1)
    assert person.phase is phase
    return person


# ---- a whole session


@cache
def sample_rows() -> list[dict[str, str]]:
    return list(csv.DictReader((resources.files("kneeroll.assets") / "sample.csv").read_text("utf-8").splitlines()))


def true_holds() -> list[tuple[float, float]]:
    """Start and end of each hold in the truth of the shipped sample."""
    phases = [(float(r["t"]), r["phase"]) for r in sample_rows()]
    starts = [t for (_, before), (t, now) in pairwise(phases) if now.startswith("hold") and now != before]
    ends = [t for (_, before), (t, now) in pairwise(phases) if before.startswith("hold") and now != before]
    return list(zip(starts, ends, strict=True))


@cache
def sample_events(plan: Plan = ONE_EACH) -> tuple[Event, ...]:
    coach, events = begin(plan)
    for row in sample_rows():
        t_s = float(row["t"])
        state = replace(body(t_s, float(row["drop"])), pelvis_roll_deg=float(row["pelvis"]), thorax_roll_deg=float(row["thorax"]))
        signal = unseen(t_s, Posture.LYING) if t_s < 2 else seen(state)
        coach, more = advance(coach, signal)
        events += more
    return events


def of_sample(*kinds: type[Event]) -> list[Any]:
    return [e for e in sample_events() if isinstance(e, kinds)]


def test_the_sample_session_is_finished() -> None:
    ended = of_sample(SessionEnded)
    assert [e.why for e in ended] == [EndReason.DONE]
    assert of_sample(PhaseEntered)[-1].phase is Phase.FINISHED


def test_the_sample_session_goes_through_its_phases_in_order() -> None:
    once = (Phase.LOWER, Phase.HOLD, Phase.BACK_TO_CENTRE)
    assert [(e.phase, e.side) for e in of_sample(PhaseEntered)] == [
        (Phase.NOT_IN_VIEW, None),
        (Phase.START_POSITION, None),
        *((phase, Side.LEFT) for phase in once),
        *((phase, Side.RIGHT) for phase in once),
        (Phase.FINISHED, Side.RIGHT),
    ]


def test_the_holds_of_the_sample_begin_and_end_where_the_truth_says() -> None:
    holds = of_sample(HoldEnded)
    assert [h.side for h in holds] == [Side.LEFT, Side.RIGHT]
    for hold, (start_s, end_s) in zip(holds, true_holds(), strict=True):
        assert hold.since_s == pytest.approx(start_s, abs=0.5)
        assert hold.until_s == pytest.approx(end_s, abs=0.5)
        assert hold.why is EndReason.DONE


def test_the_sample_session_ticks_every_second_of_both_holds_in_order() -> None:
    assert [(e.done_s, e.target_s) for e in of_sample(HoldSecond)] == [(s, 20) for s in range(1, 21)] * 2


def test_only_the_last_cue_of_the_sample_session_rings_the_bell() -> None:
    cues = of_sample(CueGiven)
    assert cues[-1].key == "finished"
    assert [c for c in cues if c.bell] == [cues[-1]]


def test_the_sample_session_has_no_fault() -> None:
    assert of_sample(FaultSeen, ClockWaits) == []


def test_events_come_in_order_of_time() -> None:
    times = [e.t_s for e in sample_events()]
    assert times == sorted(times)


def test_a_session_begins_with_a_welcome() -> None:
    assert [type(e) for e in Person().events] == [SessionStarted, MovementStarted, CueGiven, PhaseEntered]
    assert (Person().phase, Person().cues) == (Phase.NOT_IN_VIEW, ["welcome"])


def test_a_plan_of_two_holds_a_side_takes_the_sides_in_turn() -> None:
    person = Person(replace(SHORT, holds_a_side=2)).lie_down()
    for deg in (45, -45, 45, -45):
        assert person.phase is Phase.LOWER
        person.hold(deg, 6)
    assert person.phase is Phase.FINISHED
    assert "other_side_first" not in person.cues
    assert [h.side for h in person.of(HoldEnded)] == [Side.LEFT, Side.RIGHT] * 2


def test_half_way_is_said_once_a_hold_when_the_hold_is_long_enough() -> None:
    assert [c.key for c in of_sample(CueGiven)].count("half") == 2
    assert "half" not in at(Phase.FINISHED).cues


# ---- time and ends


@pytest.mark.parametrize("phase", Phase)
def test_a_signal_back_in_time_is_refused_and_changes_nothing(phase: Phase) -> None:
    before = at(phase).coach
    for signal in (Asked(before.t_s - 0.01, Request.PAIN), seen(body(before.t_s - 0.01, 0.0))):
        with pytest.raises(IllegalSignal, match=re.escape(f"{before.t_s:.3f} s")):
            advance(before, signal)
    assert before == at(phase).coach


def test_two_signals_at_the_same_time_are_fine() -> None:
    person = at(Phase.LOWER)
    assert person.ask(Request.PAUSE).ask(Request.RESUME).ask(Request.STOP).phase is Phase.STOPPED


@pytest.mark.parametrize("phase", ENDS)
def test_after_the_end_nothing_happens_any_more(phase: Phase) -> None:
    person = at(phase)
    before, events = person.coach, list(person.events)
    for request in Request:
        person.ask(request)
    person.hold(45, 5).vanish(20)
    assert (person.coach, person.events) == (before, events)


@pytest.mark.parametrize("phase", ALIVE)
def test_pain_ends_the_session_from_every_phase(phase: Phase) -> None:
    person = at(phase)
    n = len(person.events)
    person.ask(Request.PAIN)
    assert person.phase is Phase.STOPPED
    assert [type(e) for e in person.events[n:] if not isinstance(e, HoldEnded)] == [
        PainReported, PhaseEntered, CueGiven, SessionEnded,
    ]  # fmt: skip
    assert person.cues[-1] == "pain"
    assert person.of(SessionEnded)[0].why is EndReason.PAIN


@pytest.mark.parametrize(
    ("request_", "why", "cue"),
    [(Request.STOP, EndReason.STOPPED, "stopped"), (Request.RECORDING_ENDED, EndReason.RECORDING_ENDED, None)],
)
@pytest.mark.parametrize("phase", ALIVE)
def test_stop_and_the_end_of_a_recording_end_the_session_from_every_phase(
    phase: Phase, request_: Request, why: EndReason, cue: str | None
) -> None:
    person = at(phase)
    n = len(person.cues)
    person.ask(request_)
    assert person.phase is Phase.STOPPED
    assert [e.why for e in person.of(SessionEnded)] == [why]
    assert person.cues[n:] == ([cue] if cue else [])


@pytest.mark.parametrize("request_", [Request.STOP, Request.PAIN, Request.PAUSE])
def test_who_asks_for_a_break_does_not_hear_the_line_before_to_its_end(request_: Request) -> None:
    person = at(Phase.BACK_TO_CENTRE)
    person.ask(Request.RESUME)
    assert person.coach.words_s[1] > person.t_s  # "back to the middle" is being spoken
    assert person.ask(request_).coach.words_s[0] == person.t_s


def test_pain_in_a_hold_closes_the_hold_with_pain() -> None:
    person = at(Phase.HOLD).ask(Request.PAIN)
    (hold,) = person.of(HoldEnded)
    assert hold.why is EndReason.PAIN
    assert hold.until_s == person.t_s
    assert person.events.index(hold) < person.events.index(person.of(SessionEnded)[0])


# ---- pause


@pytest.mark.parametrize("phase", STEADY)
def test_after_a_pause_the_session_goes_on_where_it_was(phase: Phase) -> None:
    person = at(phase).ask(Request.PAUSE)
    paused = "paused_watched" if phase in EXERCISE else "paused"  # who is not seen is not asked to raise a hand
    assert (person.phase, person.cues[-1]) == (Phase.PAUSED, paused)
    person.no_frames(30).ask(Request.RESUME)
    assert person.phase is phase
    assert person.cues[-2:] == (["resumed", "lower_left"] if phase is Phase.LOWER else [paused, "resumed"])


def test_nothing_is_said_and_nothing_counts_during_a_pause() -> None:
    person = at(Phase.HOLD).ask(Request.PAUSE)
    n, counted_s = len(person.events), person.coach.in_posture_s
    person.stay(20).vanish(20).ask(Request.PAUSE)
    assert len(person.events) == n
    assert person.coach.in_posture_s == counted_s


def test_resume_without_a_pause_does_nothing() -> None:
    person = at(Phase.LOWER)
    n = len(person.events)
    assert len(person.ask(Request.RESUME).events) == n


def paused_at_12s() -> Person:
    """A hold of 20 s, paused after 12, knees to the middle, resumed, and down once more."""
    person = Person(ONE_EACH).lie_down().move(45)
    while person.coach.in_posture_s < 12:
        person.stay(0.1)
    person.ask(Request.PAUSE).move(0).stay(3).ask(Request.RESUME).stay(2)
    return person


def test_a_pause_in_a_hold_asks_for_the_rest_of_it_and_not_for_all() -> None:
    person = paused_at_12s()
    assert (person.phase, person.cues[-1]) == (Phase.LOWER, "lower_again_left")
    down_s = person.move(45).t_s
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1)
    assert person.t_s - down_s == pytest.approx(8, abs=1)


def test_the_two_parts_of_a_paused_hold_make_one_whole() -> None:
    first, second = paused_at_12s().hold(45, 7.5).of(HoldEnded)
    assert (first.why, second.why) == (EndReason.PAUSED, EndReason.DONE)
    assert first.in_posture_s == pytest.approx(12, abs=0.2)
    assert first.in_posture_s + second.in_posture_s == pytest.approx(20, abs=1)


def test_the_seconds_of_a_paused_hold_are_ticked_once_each() -> None:
    person = paused_at_12s().hold(45, 9)
    assert [e.done_s for e in person.of(HoldSecond)] == list(range(1, 21))


def test_knees_that_went_to_the_middle_during_a_pause_need_not_go_there_again() -> None:
    person = at(Phase.HOLD).ask(Request.PAUSE).move(0, seconds=1.2).move(45, seconds=1.2).ask(Request.RESUME).stay(3)
    assert Fault.NOT_CENTRED not in [e.fault for e in person.of(FaultSeen)]


def test_knees_that_stay_down_in_a_short_pause_are_a_new_hold_after_it() -> None:
    person = at(Phase.HOLD, ONE_EACH).ask(Request.PAUSE).stay(1).ask(Request.RESUME).stay(2)
    assert person.phase is Phase.HOLD
    assert [type(e) for e in person.of(HoldStarted, HoldEnded)] == [HoldStarted, HoldEnded, HoldStarted]


def test_a_person_out_of_sight_when_a_pause_ends_is_not_lost_at_once() -> None:
    person = at(Phase.LOWER).ask(Request.PAUSE).no_frames(30).ask(Request.RESUME).vanish(1.4)
    assert person.of(TrackingLost) == []
    assert len(person.vanish(0.5).of(TrackingLost)) == 1


# ---- out of sight


@pytest.mark.parametrize("phase", EXERCISE)
def test_a_person_who_vanishes_is_waited_for_and_greeted(phase: Phase) -> None:
    person = at(phase).vanish(1.4)
    assert person.of(TrackingLost) == []
    person.vanish(0.5)
    assert person.phase is Phase.TRACKING_LOST
    assert [e.reasons for e in person.of(TrackingLost)] == [("no_person",)]
    assert person.cues[-1] == "tracking_lost"
    n, t_s = len(person.phases), person.t_s
    person.stay(0.1)
    assert person.phases[n] is phase
    assert [e.t_s for e in person.of(TrackingFound)] == [pytest.approx(t_s + 0.1)]
    assert person.cues[-1] == "tracking_found"


@pytest.mark.parametrize("phase", WAITING)
def test_a_person_who_vanishes_before_the_start_is_looked_for_anew(phase: Phase) -> None:
    person = at(phase).vanish(3)
    assert person.phase is Phase.NOT_IN_VIEW
    assert person.of(TrackingLost) == []


@pytest.mark.parametrize("phase", [*WAITING, *EXERCISE])
def test_a_lost_camera_is_said_once_and_the_session_goes_on_when_it_is_back(phase: Phase) -> None:
    person = at(phase)
    for _ in range(3):
        person.ask(Request.CAMERA_LOST)
    assert (person.phase, person.cues[-1], person.cues.count("camera_lost")) == (Phase.TRACKING_LOST, "camera_lost", 1)
    assert [e.reasons for e in person.of(TrackingLost)] == [("camera_lost",)]
    n = len(person.phases)
    person.no_frames(1)
    if phase in WAITING:
        person.pose(Posture.LYING)
    else:
        person.stay(0.1)
    assert person.phases[n] is phase
    assert len(person.of(TrackingFound)) == 1


def test_a_lost_person_is_told_why_every_quarter_of_a_minute() -> None:
    person = at(Phase.LOWER).vanish(40)
    assert person.cues[person.cues.index("tracking_lost") :] == ["tracking_lost", "blocker_no_person", "blocker_no_person"]


def test_a_short_loss_does_not_break_a_hold() -> None:
    person = at(Phase.HOLD).vanish(2.5).stay(2)
    assert person.phase is Phase.HOLD
    assert person.of(HoldEnded) == []


def test_a_long_loss_ends_the_hold_when_it_was_last_seen() -> None:
    person = at(Phase.HOLD)
    last_s = person.t_s
    (hold,) = person.vanish(4).of(HoldEnded)
    assert (hold.why, hold.until_s) == (EndReason.TRACKING_LOST, pytest.approx(last_s))


def test_a_camera_away_for_long_ends_the_hold_when_it_was_last_seen() -> None:
    person = at(Phase.HOLD)
    last_s = person.t_s
    (hold,) = person.ask(Request.CAMERA_LOST).no_frames(60).stay(0.1).of(HoldEnded)
    assert (hold.why, hold.until_s) == (EndReason.TRACKING_LOST, pytest.approx(last_s))


@pytest.mark.parametrize("request_", [Request.STOP, Request.PAIN, Request.PAUSE])
def test_a_hold_does_not_outlive_the_last_sight_of_it(request_: Request) -> None:
    person = at(Phase.HOLD)
    last_s = person.t_s
    (hold,) = person.ask(Request.CAMERA_LOST).no_frames(60).ask(request_).of(HoldEnded)
    assert hold.until_s == pytest.approx(last_s)


def test_knees_that_stayed_down_out_of_sight_are_not_called_uncentred() -> None:
    person = at(Phase.HOLD, ONE_EACH).vanish(5).stay(5)
    assert person.phase is Phase.HOLD
    assert person.of(FaultSeen) == []


def test_the_seconds_before_a_loss_still_count_after_it() -> None:
    person = Person(ONE_EACH).lie_down().move(45).stay(12)
    before_s = person.coach.in_posture_s
    person.vanish(5).stay(3)
    assert before_s + 1 < person.coach.in_posture_s < before_s + 4


# ---- before the start


@pytest.mark.parametrize("blocker", [*(q.name.lower() for q in Quality if q.name), "never_still"])
def test_every_reason_to_wait_is_said_after_a_while(blocker: str) -> None:
    posture = Posture.NOBODY if blocker == "no_person" else Posture.LYING
    person = Person().pose(posture, blocker, seconds=17)
    assert person.cues[-1] == f"blocker_{blocker}"


def test_who_lies_out_of_the_picture_is_told_before_the_time_to_get_ready_is_up() -> None:
    person = Person(replace(SHORT, get_ready_s=60.0)).vanish(10).pose(Posture.LYING, "feet_out_of_frame", seconds=28)
    assert person.phase is Phase.GET_READY
    assert person.cues == ["welcome", "get_ready_watched", "start_position", "blocker_feet_out_of_frame"]


def test_the_way_to_the_start_is_said_step_by_step() -> None:
    person = Person().vanish(0.5).pose(Posture.UPRIGHT, "not_lying", seconds=2).lie_down()
    assert person.cues == ["welcome", "lie_down", "start_position", "known", "lower_left"]


def test_a_silent_wait_repeats_what_to_do() -> None:
    person = Person().pose(Posture.LYING, seconds=32)
    assert person.cues == ["welcome", "start_position", "start_position", "start_position"]
    assert all(later.t_s - sooner.t_s > 15 for sooner, later in pairwise(person.of(CueGiven)[1:]))


def test_someone_who_does_not_lower_the_knees_is_asked_again() -> None:
    person = at(Phase.LOWER).stay(20)
    assert person.cues.count("lower_left") == 2


def test_who_sank_the_knees_a_little_is_not_urged_deeper() -> None:
    person = at(Phase.LOWER).move(10).stay(20)
    assert person.cues[-2:] == ["lower_left", "rest_there"]
    assert person.stay(14).cues[-2:] == ["back_to_centre", "lower_right"]
    assert person.phase is Phase.LOWER
    assert person.of(HoldStarted) == []


def test_who_does_nothing_for_a_minute_is_asked_less_often() -> None:
    times_s = [e.t_s for e in at(Phase.LOWER).vanish(200).of(CueGiven) if e.key == "blocker_no_person"]
    assert [round(later_s - sooner_s) for sooner_s, later_s in pairwise(times_s)] == [15, 15, 60, 60]


# ---- sides and rests


def test_the_wrong_side_first_is_taken_politely() -> None:
    person = Person().lie_down().hold(-45, 6)
    assert "other_side_first" in person.cues
    assert (person.phase, person.coach.side) == (Phase.LOWER, Side.LEFT)
    assert person.hold(45, 6).phase is Phase.FINISHED
    assert [h.side for h in person.of(HoldEnded)] == [Side.RIGHT, Side.LEFT]


def test_one_side_twice_does_not_stand_for_the_other() -> None:
    person = Person().lie_down().hold(45, 6).hold(45, 6)
    assert person.phase is not Phase.FINISHED
    assert person.hold(-45, 6).phase is Phase.FINISHED


def test_leaving_early_asks_for_the_rest_of_the_hold() -> None:
    person = Person(ONE_EACH).lie_down().hold(45, 10)
    assert (person.phase, person.cues[-1]) == (Phase.LOWER, "lower_again_left")
    assert person.of(HoldEnded)[0].why is EndReason.KNEES_LEFT
    person.stay(6).move(45)
    down_s = person.t_s
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1)
    assert person.t_s - down_s == pytest.approx(10, abs=1)


def test_a_hold_counts_from_when_the_knees_stopped() -> None:
    person = Person().lie_down().move(45, seconds=1)
    down_s = person.t_s
    person.stay(3)
    (started,) = person.of(HoldStarted)
    assert started.since_s == pytest.approx(down_s, abs=0.3)
    assert started.t_s > started.since_s + 0.4
    assert person.coach.in_posture_s == pytest.approx(person.t_s - started.since_s, abs=0.01)


def test_knees_that_stay_down_after_the_hold_are_asked_to_the_middle() -> None:
    person = at(Phase.BACK_TO_CENTRE).stay(10)
    assert person.cues[-2:] == ["back_to_centre", "still_to_centre"]
    assert [e.fault for e in person.of(FaultSeen)] == [Fault.NOT_CENTRED]
    assert person.stay(50).cues[-5:] == ["back_to_centre", *4 * ["still_to_centre"]]


def test_knees_that_come_near_the_middle_and_no_nearer_are_asked_three_times_and_then_the_session_goes_on() -> None:
    person = at(Phase.BACK_TO_CENTRE).move(14).stay(34)
    assert (person.phase, person.cues.count("still_to_centre")) == (Phase.BACK_TO_CENTRE, 3)
    assert (person.stay(3).phase, person.cues[-1]) == (Phase.LOWER, "lower_right")


def test_a_second_rest_without_the_middle_in_between_is_noted() -> None:
    person = Person(OBSERVE).lie_down().move(45).stay(5).move(25).stay(2)
    assert Fault.NOT_CENTRED in [e.fault for e in person.of(FaultSeen)]


def test_the_middle_must_be_kept_for_a_moment() -> None:
    person = at(Phase.BACK_TO_CENTRE).move(20).show(5).stay(0.3)
    assert person.phase is Phase.BACK_TO_CENTRE
    assert person.stay(0.3).phase is Phase.LOWER


def test_a_very_slow_return_ends_the_hold() -> None:
    person = Person(OBSERVE).lie_down().move(45).stay(8).move(0, seconds=40).stay(3)
    (hold,) = person.of(HoldEnded)
    assert hold.until_s < person.t_s - 3


# ---- faults and the clock


@pytest.mark.parametrize(
    ("bad", "fault", "said"),
    [
        ({"thorax_deg": 14.0}, Fault.SHOULDER_LIFTED, "fault_right_shoulder_lifted"),
        ({"apart_deg": 30.0}, Fault.KNEES_PARTED, "fault_knees_parted"),
        ({"feet_m": 0.2}, Fault.FEET_SLID, "fault_feet_slid"),
        ({"feet_m": 0.2, "thorax_deg": 14.0}, Fault.SHOULDER_LIFTED, "fault_right_shoulder_lifted"),
    ],
)
def test_the_clock_stands_still_during_a_fault_and_runs_on_when_it_is_mended(
    bad: dict[str, float], fault: Fault, said: str
) -> None:
    person = Person(ONE_EACH).lie_down().move(45).stay(5)
    person.stay(1, **bad)
    assert [e.reasons[0] for e in person.of(ClockWaits)] == [fault.value]
    assert person.of(FaultSeen)[0].fault is fault
    assert person.cues[-1] == said
    counted_s = person.coach.in_posture_s
    person.stay(5, **bad)
    assert person.coach.in_posture_s == counted_s
    assert person.of(ClockRuns) == []
    person.stay(5)
    assert len(person.of(ClockRuns)) == 1
    assert person.cues[-1] in ("mended", "half")
    assert person.coach.in_posture_s == pytest.approx(counted_s + 5, abs=0.3)


def on_a_cushion(height_cm: float | None, movement: str = "cushion_20s") -> Plan:
    return Plan(holds_a_side=1, movements=(catalogue()[movement],), cushion_cm=height_cm)


def test_knees_deeper_than_the_cushion_allows_are_told_and_the_clock_waits_until_they_are_back() -> None:
    person = Person(on_a_cushion(30)).lie_down().move(60).stay(5)
    counted_s = person.coach.in_posture_s
    person.move(66, seconds=2).stay(4)
    assert person.cues[-1] == "past_cushion"
    assert person.cues.count("past_cushion") == 1
    assert [e.reasons for e in person.of(ClockWaits)] == [("past_cushion",)]
    assert person.coach.in_posture_s == pytest.approx(counted_s + 0.9, abs=0.4)
    person.move(60, seconds=3).stay(1)
    assert person.cues[-1] == "mended"
    assert len(person.of(ClockRuns)) == 1


def test_who_comes_up_onto_the_cushion_as_asked_is_not_sent_to_the_middle_or_down_again() -> None:
    person = Person(on_a_cushion(30)).lie_down().move(58).stay(5).move(68, seconds=2).stay(4).move(56, seconds=2.5).stay(20)
    after = person.cues[person.cues.index("past_cushion") + 1 :]
    assert [cue for cue in after if cue != "hold"] == ["mended", "half", "back_to_centre"]
    assert person.of(FaultSeen) == []


def test_the_ceiling_is_told_on_the_way_down_too() -> None:
    person = Person(on_a_cushion(40)).lie_down().move(70, seconds=6)
    assert person.cues[-1] == "past_cushion"


@pytest.mark.parametrize(
    ("plan", "deg"),
    [
        (on_a_cushion(None), 80),
        (on_a_cushion(30, "no_cushion_20s"), 80),
        (on_a_cushion(30), 61),
        (on_a_cushion(30, "lower_cushion_20s"), 66),
    ],
    ids=["height not known", "no cushion", "within the error", "a lower one"],
)
def test_without_a_ceiling_or_up_to_it_nothing_is_said_of_the_cushion(plan: Plan, deg: float) -> None:
    person = Person(plan).lie_down().move(deg, seconds=6).stay(5)
    assert "past_cushion" not in person.cues
    assert person.of(ClockWaits) == []


def test_a_hold_with_a_fault_says_how_long_it_was_in_posture() -> None:
    person = Person(OBSERVE).lie_down().move(45).stay(5).stay(6, thorax_deg=14.0).stay(4).move(0)
    (hold,) = person.of(HoldEnded)
    assert hold.until_s - hold.since_s == pytest.approx(15, abs=0.6)
    assert hold.in_posture_s == pytest.approx(9.0, abs=0.4)


def test_the_clock_waits_when_the_knees_cannot_be_seen() -> None:
    person = at(Phase.HOLD, ONE_EACH)
    counted_s = person.coach.in_posture_s
    person.pose(Posture.KNOWN, "jumped", seconds=1)
    assert [e.reasons for e in person.of(ClockWaits)] == [("not_seen",)]
    assert person.coach.in_posture_s == counted_s
    person.stay(1)
    assert len(person.of(ClockRuns)) == 1
    assert "mended" not in person.cues


def test_the_clock_that_waits_names_why_the_picture_is_doubtful() -> None:
    person = at(Phase.HOLD).vanish(0.5)
    assert [e.reasons for e in person.of(ClockWaits)] == [("no_person",)]


def test_a_fault_glimpsed_before_the_sight_goes_is_not_one() -> None:
    person = at(Phase.HOLD, ONE_EACH).show(45, thorax_deg=14.0).vanish(1.2).stay(2)
    assert person.of(FaultSeen) == []


def test_a_gap_between_frames_counts_for_half_a_second_at_most() -> None:
    person = at(Phase.HOLD, ONE_EACH)
    counted_s = person.coach.in_posture_s
    person.no_frames(2).stay(0.1)
    assert person.coach.in_posture_s == pytest.approx(counted_s + 0.5)


def test_a_fault_is_said_once_a_hold() -> None:
    person = Person(ONE_EACH).lie_down().move(45).stay(3)
    for _ in range(3):
        person.stay(2, thorax_deg=14.0).stay(2)
    assert [e.fault for e in person.of(FaultSeen)] == [Fault.SHOULDER_LIFTED]
    assert person.cues.count("fault_right_shoulder_lifted") == 1


@pytest.mark.parametrize(("deg", "other"), [(45, "right"), (-45, "left")])
def test_the_shoulder_that_lifts_is_named_it_is_the_one_away_from_the_knees(deg: float, other: str) -> None:
    person = Person(replace(ONE_EACH, first_side=Side.LEFT if deg > 0 else Side.RIGHT)).lie_down().move(deg).stay(3)
    assert person.stay(2, thorax_deg=14.0 if deg > 0 else -14.0).cues[-1] == f"fault_{other}_shoulder_lifted"


def test_a_fault_that_comes_again_after_a_while_is_named_again() -> None:
    person = Person(ONE_EACH).lie_down().move(45).stay(3).stay(2, thorax_deg=14.0).stay(14).stay(2, thorax_deg=14.0)
    assert person.cues.count("fault_right_shoulder_lifted") == 2
    assert len(person.of(FaultSeen)) == 1


def test_a_fault_that_is_not_mended_is_named_three_times_and_then_the_session_goes_on() -> None:
    person = Person(ONE_EACH).lie_down().move(45).stay(5)
    counted_s = person.coach.in_posture_s
    person.stay(39, apart_deg=30.0)
    assert (person.phase, person.cues.count("fault_knees_parted")) == (Phase.HOLD, 3)
    person.stay(3, apart_deg=30.0)
    assert (person.phase, person.cues[-1]) == (Phase.BACK_TO_CENTRE, "back_to_centre")
    person.move(0).stay(2)
    assert (person.phase, person.cues[-1]) == (Phase.LOWER, "lower_right")
    (hold,) = person.of(HoldEnded)
    assert hold.in_posture_s < counted_s + 1


def test_after_a_long_pause_of_the_breath_one_line_a_hold_asks_to_go_on() -> None:
    person = Person(Plan(hold_s=30.0, holds_a_side=1)).lie_down().move(45).stay(5, pause_s=sight.PAUSE_S - 0.1)
    assert "keep_breathing" not in person.cues
    person.stay(5, pause_s=sight.PAUSE_S).stay(8, pause_s=1.0).stay(3, pause_s=sight.PAUSE_S)
    assert person.cues.count("keep_breathing") == 1
    person.stay(11).move(0).stay(2).move(-45).stay(5, pause_s=sight.PAUSE_S)
    assert person.phase is Phase.HOLD
    assert person.cues.count("keep_breathing") == 2


def test_a_breath_that_cannot_be_told_or_is_paced_or_is_held_elsewhere_is_not_spoken_of() -> None:
    unsure = Person(ONE_EACH).lie_down().move(45).stay(15)
    paced = Person(replace(ONE_EACH, movements=(catalogue()["breathing_30s"],))).lie_down().move(45).stay(15, pause_s=20.0)
    before = Person(ONE_EACH).lie_down().stay(3, pause_s=20.0)
    assert (unsure.phase, paced.phase, before.phase) == (Phase.HOLD, Phase.HOLD, Phase.LOWER)
    assert all("keep_breathing" not in person.cues for person in (unsure, paced, before))


def test_a_rushed_way_down_is_noted() -> None:
    person = Person().lie_down().move(60, seconds=0.8).stay(3)
    assert [e.fault for e in person.of(FaultSeen)] == [Fault.RUSHED]
    assert "fault_rushed" in person.cues


@pytest.mark.parametrize("side", Side)
def test_a_fault_of_a_watched_hold_is_named_for_the_side_that_is_held(side: Side) -> None:
    deg = 45 * side.sign
    person = Person(OBSERVE).lie_down().move(deg).stay(5).move(0.5 * deg).stay(4)
    assert {(e.fault, e.side) for e in person.of(FaultSeen)} == {(Fault.NOT_CENTRED, side)}


# ---- watching without a word


def test_a_coach_who_only_watches_is_silent_and_takes_any_side_any_number_of_times() -> None:
    person = Person(OBSERVE).lie_down()
    for deg in (-45, -40, 45, 50, -45):
        person.hold(deg, 6)
    person.vanish(20).ask(Request.CAMERA_LOST).ask(Request.PAIN)
    assert person.of(CueGiven, HoldSecond) == []
    assert [(h.side, h.why) for h in person.of(HoldEnded)] == [
        (side, EndReason.KNEES_LEFT) for side in (Side.RIGHT, Side.RIGHT, Side.LEFT, Side.LEFT, Side.RIGHT)
    ]


# ---- words


def test_every_line_that_the_coach_names_is_in_the_book() -> None:
    source = "".join(inspect.getsource(module) for module in (coach, sight, clock, turn))
    said = set(re.findall(r'(?:say\(|key=|EndReason\.\w+, )"(\w+)"', source))
    assert {"welcome", "finished", "pain", "still_to_centre", "hold"} <= said
    assert said <= {*all_phrases(), *SPOKEN_BY_MOVEMENT}


def test_a_cue_carries_the_line_of_its_key() -> None:
    assert all(c.text == spoken(c.key, ONE_EACH.movements[0]) for c in of_sample(CueGiven))


NOT_SOON = (
    "tracking_lost", "tracking_found", "mended", "lower_left", "lower_right", "lower_again_left", "lower_again_right",
    *WAITING, *(f"fault_{f}" for f in Fault), "still_to_centre",
)  # fmt: skip


def test_flickering_sight_does_not_repeat_itself_within_ten_seconds() -> None:
    person = at(Phase.LOWER)
    for _ in range(8):
        person.vanish(1.8).stay(0.4)
    assert person.cues.count("tracking_lost") == 2
    assert len(person.of(TrackingLost)) == 8


# ---- whatever happens

SEEN_DEG = st.integers(-70, 70)
MOVES = st.tuples(st.just("move"), SEEN_DEG, st.floats(0.5, 5.0))
RESTS = st.tuples(st.just("stay"), st.floats(0.5, 8.0))
LOSSES = st.tuples(st.just("vanish"), st.floats(0.2, 5.0))
ASKS = st.tuples(st.just("ask"), st.sampled_from([r for r in Request if r not in (Request.PAIN, Request.STOP)]))
FAULTS = st.tuples(st.just("lift"), st.floats(0.2, 4.0))
BEFORE = st.tuples(st.just("pose"), st.sampled_from(Posture), st.sampled_from([q.name.lower() for q in Quality if q.name]))
CAREFUL = Plan(hold_s=5.0, holds_a_side=1, limits=Limits(30.0, 15.0, mind=tuple(Mind)))
PLANS = st.sampled_from([SHORT, OBSERVE, CAREFUL, Plan(hold_s=10.0, holds_a_side=2, first_side=Side.RIGHT)])


def act(person: Person, act: tuple[Any, ...]) -> None:
    name, *more = act
    if name == "lift":
        person.stay(more[0], thorax_deg=15.0)
    else:
        getattr(person, name)(*more)


def lived(plan: Plan, acts: list[tuple[Any, ...]], sign: int = 1) -> Person:
    person = Person(plan, sign).lie_down()
    for one in acts:
        act(person, one)
    return person.ask(Request.STOP)


LIVES = st.lists(st.one_of(MOVES, MOVES, RESTS, RESTS, LOSSES, ASKS, FAULTS), min_size=3, max_size=12)


@settings(deadline=None, max_examples=40)
@given(PLANS, LIVES)
@example(SHORT, [("move", 16, 3.0)])
@example(SHORT, [("move", 25, 1.0), ("move", 15, 3.0)])
def test_every_hold_that_starts_ends_before_the_next_and_in_order(plan: Plan, acts: list[tuple[Any, ...]]) -> None:
    person = lived(plan, acts)
    holds = person.of(HoldStarted, HoldEnded)
    assert [type(e) for e in holds] == [HoldStarted, HoldEnded] * (len(holds) // 2)
    for started, ended in zip(holds[::2], holds[1::2], strict=True):
        assert (started.side, started.since_s) == (ended.side, ended.since_s)
        assert started.since_s <= started.t_s
        assert ended.since_s <= ended.until_s <= ended.t_s
        assert 0 <= ended.in_posture_s <= ended.until_s - ended.since_s + 1e-9
    for before, after in pairwise(holds[1::2]):
        assert before.until_s <= after.since_s


@settings(deadline=None, max_examples=25)
@given(PLANS, LIVES)
def test_a_line_is_not_said_again_within_ten_seconds(plan: Plan, acts: list[tuple[Any, ...]]) -> None:
    last: dict[str, float] = {}
    for cue in lived(plan, acts).of(CueGiven):
        if cue.key in NOT_SOON:
            assert cue.t_s - last.get(cue.key, -100.0) >= 10
            last[cue.key] = cue.t_s


@settings(deadline=None, max_examples=25)
@given(PLANS, LIVES)
@example(SHORT, [("move", 15, 1.0), ("vanish", 1.25), ("stay", 1.0)])
def test_the_seconds_of_a_hold_tick_one_by_one(plan: Plan, acts: list[tuple[Any, ...]]) -> None:
    last_s = 0
    for second in lived(plan, acts).of(HoldSecond):
        assert second.done_s in (last_s + 1, 1)
        assert second.done_s <= second.target_s == plan.hold_s
        last_s = second.done_s


def mirrored(event: Event) -> Event:
    side = getattr(event, "side", None)
    if side is not None:
        return replace(event, side=side.other)
    if isinstance(event, CueGiven):
        key = re.sub("(?<![a-z])(left|right)(?![a-z])", lambda m: Side(m[0]).other.value, event.key)
        return replace(event, key=key, text=spoken(key, SHORT.movements[0]))
    return event


@settings(deadline=None, max_examples=25)
@given(PLANS, LIVES)
@example(SHORT, [("stay", 1.0), ("move", 15, 1.0), ("lift", 2.0)])
def test_the_mirror_image_of_a_session_gives_the_mirror_image_of_its_events(plan: Plan, acts: list[tuple[Any, ...]]) -> None:
    one = lived(plan, acts)
    other = lived(replace(plan, first_side=plan.first_side.other), acts, sign=-1)
    rounded = [[re.sub(r"\d+\.\d+", lambda m: f"{float(m[0]):.6f}", repr(e)) for e in events] for events in
               (one.events, [mirrored(e) for e in other.events])]  # fmt: skip
    assert rounded[0] == rounded[1]


@settings(deadline=None, max_examples=25)
@given(PLANS, st.lists(st.one_of(MOVES, LOSSES, ASKS, RESTS, BEFORE), max_size=15))
def test_whatever_comes_in_whatever_order_the_coach_goes_on(plan: Plan, acts: list[tuple[Any, ...]]) -> None:
    person = Person(plan)
    for one in acts:
        act(person, one)
        if one[0] == "pose":
            for _ in range(17):
                person.no_frames(0.9).pose(one[1], one[2])
    assert len(person.of(SessionEnded)) == person.phase.is_end


@settings(deadline=None, max_examples=40)
@given(PLANS, LIVES)
def test_what_is_heard_and_what_is_printed_agree(plan: Plan, acts: list[tuple[Any, ...]]) -> None:
    person = lived(plan, acts)
    summary = summarise(person.events, person.states, view=None, blockers=(), engine="", estimator="")
    for hold in summary.holds:
        (ended,) = [e for e in person.of(HoldEnded) if e.since_s == hold.start_s]
        heard = {e.fault for e in person.of(FaultSeen) if hold.start_s < e.t_s < ended.t_s and e.fault in POSTURE}
        assert {span.fault for span in hold.faults if span.fault in POSTURE} == heard
