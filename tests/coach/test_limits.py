"""The limits of a plan are kept by the coach: it speaks, and its clock waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneeroll.coach import begin
from kneeroll.coach.phrases import phrase
from kneeroll.errors import InvalidPlan
from kneeroll.events import ClockRuns, ClockWaits, Comfort, CueGiven, DeepEnough, EndReason, Fault, FaultSeen, Phase, SessionEnded
from kneeroll.movements import catalogue
from kneeroll.plans import NO_LIMITS, Limits, Mind, Plan
from kneeroll.poses import Side
from kneeroll.summaries import Usual
from tests.coach.person import Person
from tests.coach.scripted import heard

ALL = catalogue()
GENTLE = Limits(ceiling_deg=30.0, top_speed_deg_s=15.0, cushion_locked=True)


def on_a_cushion(limits: Limits, height_cm: float | None = None) -> Plan:
    return Plan(holds_a_side=1, movements=(ALL["cushion_20s"],), cushion_cm=height_cm, limits=limits)


@pytest.mark.parametrize("sign", [1, -1])
def test_knees_deeper_than_the_plan_are_told_and_the_clock_waits_until_they_are_back(sign: int) -> None:
    person = Person(on_a_cushion(GENTLE), sign).lie_down().move(27, 5).stay(5)
    counted_s = person.coach.in_posture_s
    person.move(34, 3).stay(4)
    assert person.cues[-1] == "past_limit"
    assert person.cues.count("past_limit") == 1
    assert [e.reasons for e in person.of(ClockWaits)] == [("past_limit",)]
    assert person.coach.in_posture_s == pytest.approx(counted_s + 2, abs=1)
    person.move(27, 3).stay(1)
    assert person.cues[-1] == "mended"
    assert len(person.of(ClockRuns)) == 1
    assert person.of(FaultSeen) == []


def test_the_limit_of_the_plan_is_kept_without_the_grace_of_the_error_that_the_cushion_has() -> None:
    person = Person(on_a_cushion(GENTLE)).lie_down().move(31, 5).stay(5)
    assert "past_limit" in person.cues


@pytest.mark.parametrize(
    ("limits", "height_cm", "deg", "said"),
    [
        (GENTLE, None, 29, None),
        (NO_LIMITS, None, 80, None),
        (Limits(ceiling_deg=70.0), 30.0, 66, "past_cushion"),
        (Limits(ceiling_deg=50.0), 30.0, 66, "past_limit"),
        (Limits(ceiling_deg=60.0), 30.0, 61, "past_limit"),
    ],
)
def test_the_lower_one_of_cushion_and_plan_is_told(limits: Limits, height_cm: float | None, deg: float, said: str | None) -> None:
    person = Person(on_a_cushion(limits, height_cm)).lie_down().move(deg, 10).stay(5)
    assert {"past_limit", "past_cushion"} & set(person.cues) == ({said} if said else set())


def test_in_rolls_that_the_clock_leads_a_camera_still_minds_the_limit() -> None:
    plan = Plan(movements=(ALL["breath_paced_rolls"],), limits=GENTLE)
    within, beyond = (Person(plan).stay(25).move(deg, 3).stay(3) for deg in (25, 40))
    assert "past_limit" not in within.cues
    assert "past_limit" in beyond.cues


def test_where_the_plan_ends_is_deep_enough() -> None:
    state, _ = begin(on_a_cushion(GENTLE), usual=Usual({Side.LEFT: 25.0, Side.RIGHT: 50.0}))
    assert [replace(state, side=side).deep_enough_deg for side in (Side.LEFT, Side.RIGHT, None)] == [25.0, 30.0, 30.0]
    person = Person(on_a_cushion(GENTLE)).lie_down().move(28, 6)
    assert len(person.of(DeepEnough)) == 1


@pytest.mark.parametrize(("seconds", "told"), [(1.5, True), (6.0, False)])
def test_a_way_faster_than_the_plan_is_told_though_it_would_do_for_others(seconds: float, told: bool) -> None:
    slow, others = (Person(on_a_cushion(limits)).lie_down().stay(4).move(28, seconds).stay(2) for limits in (GENTLE, NO_LIMITS))
    assert ("fault_rushed" in slow.cues) is told
    assert "fault_rushed" not in others.cues


@pytest.mark.parametrize(
    ("limits", "deg", "limit"), [(GENTLE, 28, 15.0), (NO_LIMITS, 60, None), (Limits(top_speed_deg_s=60.0), 60, 60.0)]
)
def test_haste_says_the_limit_of_the_plan_where_that_is_lower_than_for_everybody(
    limits: Limits, deg: float, limit: float | None
) -> None:
    person = Person(on_a_cushion(limits)).lie_down().stay(4).move(deg, 0.8).stay(2)
    assert [seen.limit for seen in person.of(FaultSeen) if seen.fault is Fault.RUSHED] == [limit]


def test_a_plan_does_not_allow_what_is_too_fast_for_everybody() -> None:
    plan = Plan(holds_a_side=1, limits=Limits(top_speed_deg_s=60.0))
    assert "fault_rushed" in Person(plan).lie_down().stay(4).move(60, 0.8).stay(2).cues


@pytest.mark.parametrize("sighted", [True, False])
@pytest.mark.parametrize("ready_s", [0.0, 20.0])
def test_how_to_lie_is_said_once_before_the_first_movement_each_when_the_voice_is_free(sighted: bool, ready_s: float) -> None:
    plan = Plan(holds_a_side=1, get_ready_s=ready_s, limits=Limits(mind=tuple(Mind)))
    person = Person(plan, sighted=sighted)
    if sighted:
        person.vanish(25)
    else:
        person.wait(60)
    assert not [text for _, text, _ in heard(person.events) if text.startswith(("(Keep your", "(Keep a"))]
    minded = [cue for cue in person.cues if cue.startswith("mind_")]
    assert minded == [f"mind_{mind}" for mind in Mind]
    lower = [e.t_s for e in person.of(CueGiven) if e.key == "lower_left"]
    assert all(e.t_s < t_s for t_s in lower for e in person.of(CueGiven) if e.key.startswith("mind_"))


@pytest.mark.parametrize("ready_s", [0.0, 20.0])
def test_the_first_way_down_waits_for_how_to_lie(ready_s: float) -> None:
    plan = Plan(holds_a_side=1, get_ready_s=ready_s, limits=Limits(mind=tuple(Mind)))
    cues = Person(plan).lie_down().stay(30).cues
    minded = [f"mind_{mind}" for mind in Mind]
    assert [cue for cue in cues if cue in {*minded, "lower_left"}][:4] == [*minded, "lower_left"]


@pytest.mark.parametrize("mind", Mind)
def test_there_is_a_line_for_everything_to_mind(mind: Mind) -> None:
    assert phrase(f"mind_{mind.value}")


def test_a_plan_may_stop_at_less_and_says_so_but_at_too_much_it_is_the_rule_for_all() -> None:
    careful = Plan(get_ready_s=20.0, stop_above=3)
    for discomfort, key in ((3, None), (4, "above_plan_before"), (6, "too_much_before")):
        person = Person(careful).answer(Comfort(None, discomfort))
        assert [e.why for e in person.of(SessionEnded)] == ([EndReason.DISCOMFORT] if key else [])
        assert (person.phase is Phase.STOPPED) is (key is not None)
        assert person.cues[-1] == (key or "get_ready_watched")
    assert Person(Plan(get_ready_s=20.0)).answer(Comfort(None, 4)).phase is Phase.GET_READY


def test_no_session_begins_with_what_the_plan_forbids() -> None:
    with pytest.raises(InvalidPlan, match="cushion_locked"):
        begin(replace(on_a_cushion(GENTLE), movements=(ALL["top_leg_crossed"],)))
