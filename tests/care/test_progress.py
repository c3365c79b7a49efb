"""The ladder: up only after comfort, one thing at a time, down at once, and never past a limit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.care.history import Done, Zone
from kneeroll.care.ladder import step_of, with_step
from kneeroll.care.progress import Next, Why, choose, decides_since, next_session
from kneeroll.diary import Decider, MorningAfter, Settled, StepSet
from kneeroll.errors import InvalidPlan
from kneeroll.events import EndReason, StopReason
from kneeroll.movements import catalogue
from kneeroll.plans import Limits, Plan
from tests.plans.strategies import LIMITS, maybe, plans

ALL = catalogue()
RUNGS = [m.id for m in ALL.values() if m.family == "knee_rolls"][:8]
BEGIN = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)


def at_step(id: str, **more) -> Plan:
    return Plan(movements=(ALL[id],), **more)


def day(n: float, step: str = "cushion_20s", **more) -> Done:
    """A comfortable session on day n, with its morning."""
    calm = {"before": 2, "after": 2, "morning": 2, "settled": Settled.AT_ONCE, "anchored": 0.97, "in_posture": 0.95}
    return Done(BEGIN + timedelta(days=n), step, **(calm | more))


def after(*history: Done, plan: Plan | None = None, days: float = 0.7, since: datetime | None = None) -> Next:
    """What comes next so many days after the last session."""
    last = max((done.at for done in history), default=BEGIN)
    return next_session(history, plan or at_step("cushion_20s"), last + timedelta(days=days), since=since)


GOOD = (day(0), day(1), day(2), day(3))


# ---- up ------------------------------------------------------------------------------------------------------------


def test_three_comfortable_days_over_four_with_calm_mornings_lead_one_step_up() -> None:
    assert after(*GOOD) == Next(at_step("lower_cushion_20s"), (Why.UP,))
    assert after(day(0), day(2), day(3)).step == "lower_cushion_20s"


@pytest.mark.parametrize("few", [(), GOOD[:1], GOOD[:3], (day(0), day(3))])
def test_less_is_too_early(few: tuple[Done, ...]) -> None:
    assert after(*few) == Next(at_step("cushion_20s"), (Why.COMFORTABLE,) if few else (Why.NEW,))


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ({"anchored": 0.89}, Why.SHOULDERS),
        ({"in_posture": 0.79}, Why.POSTURE),
        ({"breath_paused": True}, Why.BREATH),
    ],
)
@pytest.mark.parametrize("which", [1, 2, 3])
def test_the_quality_of_the_last_three_days_keeps_the_step(last: dict, why: Why, which: int) -> None:
    history = [day(n, **last) if n == which else day(n) for n in range(4)]
    assert after(*history) == Next(at_step("cushion_20s"), (why,))


@pytest.mark.parametrize("bad", [{"after": 4}, {"morning": 4}])
def test_a_day_that_was_a_bit_much_begins_the_count_anew(bad: dict) -> None:
    assert after(day(0), day(1, **bad), day(2), day(3), day(4)).reasons == (Why.COMFORTABLE,)


def test_a_quality_of_long_ago_does_not_keep_it() -> None:
    assert after(day(0, anchored=0.5), *(day(n) for n in range(1, 5))).step == "lower_cushion_20s"


@pytest.mark.parametrize(
    ("unclear", "why"),
    [
        ({"after": None}, Why.UNSAID),
        ({"morning": None, "settled": None}, Why.UNSAID),
        ({"ended": EndReason.STOPPED, "stopped": StopReason.NO_TIME}, Why.UNFINISHED),
    ],
)
def test_what_nobody_said_or_was_not_finished_does_not_count(unclear: dict, why: Why) -> None:
    history = (day(0), day(1), day(2), day(3, **unclear))
    assert after(*history, days=2) == Next(at_step("cushion_20s"), (Why.COMFORTABLE, why))


def test_a_session_whose_morning_is_still_to_come_does_not_stand_in_the_way() -> None:
    assert after(*GOOD, day(4, morning=None, settled=None), days=0.1).step == "lower_cushion_20s"


def test_where_no_camera_looked_how_it_felt_decides_and_that_is_said() -> None:
    blind = [replace(done, anchored=None, in_posture=None) for done in GOOD]
    assert after(*blind).reasons == (Why.UP, Why.UNSEEN)


def test_a_second_session_a_day_is_no_second_day() -> None:
    twice = [day(n + half) for n in (0, 1) for half in (-0.4, 0)]
    assert after(*twice).reasons == (Why.COMFORTABLE,)
    assert after(*GOOD, day(2.9, morning=None, after=None)).reasons == (Why.COMFORTABLE, Why.UNSAID)


@pytest.mark.parametrize("slow", [{"limits": Limits(step_a_week=True)}, {}])
def test_whoever_should_be_slow_goes_up_once_a_week_at_most(slow: dict) -> None:
    plan = at_step("cushion_20s", **slow)
    red = () if slow else (day(-1, "no_cushion_20s", after=7),)
    assert after(*red, *GOOD, plan=plan) == Next(plan, (Why.SLOW,))
    assert after(*red, *(day(n) for n in range(6)), plan=plan) == Next(plan, (Why.SLOW,))
    assert after(*red, *(day(n) for n in range(7)), plan=plan).step == "lower_cushion_20s"


def test_at_the_top_the_step_stays() -> None:
    history = [day(n, "top_leg_crossed") for n in range(4)]
    assert after(*history, plan=at_step("top_leg_crossed")).reasons == (Why.TOP,)


@pytest.mark.parametrize(
    ("limits", "step"),
    [
        (Limits(cushion_locked=True), "cushion_20s"),
        (Limits(legs_uncrossed=True), "breathing_30s"),
        (Limits(longest_hold_s=20), "no_cushion_20s"),
        (Limits(longest_hold_s=5), "breath_paced_rolls"),
    ],
)
def test_a_limit_ends_the_ladder_and_no_step_is_skipped(limits: Limits, step: str) -> None:
    plan = at_step(step, limits=limits)
    assert after(*(day(n, step) for n in range(9)), plan=plan) == Next(plan, (Why.LIMIT,))


def test_a_plan_with_its_own_doses_goes_no_step_up_but_it_goes_down() -> None:
    plan = at_step("cushion_20s", hold_s=15.0)
    assert after(*GOOD, plan=plan) == Next(plan, (Why.OWN_DOSE,))
    assert after(*GOOD, day(4, morning=4), plan=plan).step == "cushion_10s"


def test_the_other_movements_of_the_plan_and_a_name_of_its_own_stay() -> None:
    plan = Plan("Mine", movements=(ALL["bridge"], ALL["cushion_20s"]))
    assert after(*GOOD, plan=plan).plan == replace(plan, movements=(ALL["bridge"], ALL["lower_cushion_20s"]))
    named = replace(plan, name=ALL["cushion_20s"].name)
    assert after(*GOOD, plan=named).plan.name == ALL["lower_cushion_20s"].name


# ---- down ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "step", "reasons"),
    [
        ({"morning": 4}, "cushion_10s", (Why.MORNING,)),
        ({"settled": Settled.WITHIN_A_DAY}, "cushion_10s", (Why.MORNING,)),
        ({"after": 4}, "cushion_20s", (Why.A_BIT_MUCH,)),
        ({"stopped": StopReason.UNCOMFORTABLE, "ended": EndReason.STOPPED}, "cushion_20s", (Why.A_BIT_MUCH,)),
        ({"after": 6}, "breath_paced_rolls", (Why.TOO_MUCH,)),
        ({"stopped": StopReason.SHARP, "ended": EndReason.PAIN}, "breath_paced_rolls", (Why.TOO_MUCH,)),
        ({"ended": EndReason.PAIN}, "breath_paced_rolls", (Why.TOO_MUCH,)),
        ({"woke": True}, "breath_paced_rolls", (Why.TOO_MUCH,)),
        ({"morning": 5}, "breath_paced_rolls", (Why.TOO_MUCH,)),
    ],
)
def test_a_bad_day_leads_down(bad: dict, step: str, reasons: tuple[Why, ...]) -> None:
    found = after(*GOOD, day(4, **bad))
    assert (found.step, found.reasons) == (step, reasons)


@pytest.mark.parametrize(
    ("depths", "own", "ceiling_deg"),
    [
        ((60.0,), None, 45.0),
        ((60.0,), 30.0, 30.0),
        ((60.0,), 80.0, 45.0),
        ((22.0,), None, 20.0),
        ((None,), None, None),
        ((None,), 50.0, 50.0),
        ((60.0, 44.0), None, 33.0),
    ],
)
def test_after_a_bit_much_the_knees_may_sink_three_quarters_as_deep(depths, own, ceiling_deg) -> None:
    plan = at_step("cushion_20s", limits=Limits(ceiling_deg=own))
    found = after(*GOOD, *(day(4 + i, after=4, depth_deg=deg) for i, deg in enumerate(depths)), plan=plan)
    assert found.plan.limits.ceiling_deg == ceiling_deg
    assert found.reasons == (Why.A_BIT_MUCH,)
    assert replace(found.plan, limits=plan.limits) == plan


def test_a_comfortable_day_lifts_the_ceiling_of_a_bit_much() -> None:
    again = after(*GOOD, day(4, after=4, depth_deg=60.0), day(5, depth_deg=45.0))
    assert again.plan == at_step("cushion_20s")
    assert Why.A_BIT_MUCH not in again.reasons


def test_after_too_much_there_are_two_days_of_rest_and_twice_in_two_weeks_a_professional_is_named() -> None:
    red = day(4, after=6)
    assert after(*GOOD, red).rest_until == red.at + timedelta(hours=48)
    assert after(*GOOD, red, days=3).rest_until is None
    assert after(day(0, "no_cushion_20s", after=6), day(13, after=6)).reasons == (Why.TOO_MUCH, Why.TOO_MUCH_AGAIN)
    assert after(day(0, "no_cushion_20s", after=6), day(15, after=6)).reasons == (Why.TOO_MUCH,)


@pytest.mark.parametrize("bad", [{"after": 8}, {"settled": Settled.NOT_YET}])
def test_what_is_easily_stirred_up_begins_at_the_gentlest_step(bad: dict) -> None:
    found = after(day(0, "breathing_30s", **bad), plan=at_step("breathing_30s"))
    assert (found.step, found.reasons) == ("breath_paced_rolls", (Why.TOO_MUCH, Why.STIRRED_UP))


def test_the_rest_lasts_though_the_step_is_lower_by_now() -> None:
    red = day(4, after=6)
    found = after(*GOOD, red, plan=at_step("breath_paced_rolls"), since=red.at + timedelta(hours=1))
    assert found == Next(at_step("breath_paced_rolls"), (Why.RESTING, Why.NEW), red.at + timedelta(hours=48))


def test_a_leg_that_felt_different_asks_first_until_the_questions_are_answered_anew() -> None:
    leg = day(0, stopped=StopReason.LEG, ended=EndReason.STOPPED)
    found = after(leg)
    assert (found.step, found.ask_first, found.reasons) == ("breath_paced_rolls", True, (Why.LEG,))
    later = [day(n, "breath_paced_rolls") for n in range(1, 9)]
    lowest, set_at = at_step("breath_paced_rolls"), leg.at + timedelta(hours=1)
    assert after(leg, *later, plan=lowest, since=set_at).ask_first
    history, now = [leg, *later], later[-1].at + timedelta(days=1)
    anew = next_session(history, lowest, now, since=set_at, answered=leg.at + timedelta(days=1))
    assert (anew.ask_first, anew.reasons) == (False, (Why.UP,))


def test_after_more_than_a_week_it_begins_one_step_lower_once() -> None:
    assert after(*GOOD, days=8) == Next(at_step("cushion_10s"), (Why.MISSED,))
    assert after(*GOOD, days=6.9).step == "lower_cushion_20s"
    assert after(*GOOD, plan=at_step("cushion_10s"), days=8).reasons == (Why.NEW,)


def test_the_morning_of_the_day_before_counts_though_it_was_trained_again() -> None:
    again = day(5, morning=None, settled=None)
    assert after(*GOOD, day(4, morning=4), again, days=0.1).step == "cushion_10s"


def test_at_the_gentlest_step_less_is_done() -> None:
    plan = at_step("breath_paced_rolls")
    assert after(day(0, "breath_paced_rolls", morning=4), plan=plan) == Next(plan, (Why.MORNING, Why.BOTTOM))


def test_a_new_step_is_judged_by_what_is_done_with_it() -> None:
    red_before = day(0, "no_cushion_20s", after=6)
    assert after(red_before, days=2).reasons == (Why.NEW,)
    assert after(day(0, after=6), since=BEGIN + timedelta(hours=1)).reasons == (Why.RESTING, Why.NEW)


def test_a_plan_without_a_ladder_stays_and_still_rests() -> None:
    plan = Plan(movements=(ALL["bridge"],))
    assert after(day(0, None), plan=plan) == Next(plan, (Why.NO_LADDER,))
    assert after(day(0, None, after=6), plan=plan).rest_until is not None


# ---- the person ----------------------------------------------------------------------------------------------------


def test_the_person_may_choose_another_step_but_not_past_a_limit() -> None:
    plan = at_step("cushion_20s", limits=Limits(legs_uncrossed=True))
    chosen, entry = choose(plan, ALL["breathing_30s"], BEGIN)
    assert chosen.movements == (ALL["breathing_30s"],)
    assert entry == StepSet(BEGIN, "breathing_30s", Decider.PERSON, ("person",))
    with pytest.raises(InvalidPlan, match="legs_uncrossed"):
        choose(plan, ALL["top_leg_crossed"], BEGIN)
    with pytest.raises(InvalidPlan, match="no step"):
        choose(plan, ALL["bridge"], BEGIN)


def test_the_diary_keeps_a_step_of_the_rules_with_its_reasons_and_only_a_new_one() -> None:
    found = after(*GOOD)
    assert found.entry(at_step("cushion_20s"), BEGIN) == StepSet(BEGIN, "lower_cushion_20s", Decider.RULES, ("up",))
    assert found.entry(found.plan, BEGIN) is None


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_a_sentence(why: Why) -> None:
    assert why.told(str)[0].isupper()
    assert why.told(str).endswith(".")
    assert "because of" not in why.told(str)


# ---- whatever happened ---------------------------------------------------------------------------------------------

SCORES = maybe(st.integers(0, 10))
SESSIONS = st.builds(
    Done,
    at=st.integers(0, 60 * 24).map(lambda hours: BEGIN + timedelta(hours=hours)),
    step=maybe(st.sampled_from(RUNGS)),
    before=SCORES,
    after=SCORES,
    in_posture=maybe(st.floats(0, 1)),
    anchored=maybe(st.floats(0, 1)),
    breath_paused=st.booleans(),
    ended=maybe(st.sampled_from(EndReason)),
    stopped=maybe(st.sampled_from(StopReason)),
    morning=SCORES,
    settled=maybe(st.sampled_from(Settled)),
    woke=maybe(st.booleans()),
)
NOWS = st.integers(-24, 70 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))


def rung(plan: Plan) -> int:
    step = step_of(plan)
    return -1 if step is None or step.rung is None else step.rung


@settings(max_examples=60, deadline=None)
@given(st.lists(SESSIONS, max_size=8), plans(), NOWS, maybe(NOWS))
def test_it_always_answers_and_the_same_again_whatever_the_order(history, plan: Plan, now: datetime, since) -> None:
    found = next_session(history, plan, now, since=since)
    assert found == next_session(reversed(history), plan, now, since=since) or len({d.at for d in history}) < len(history)
    assert found == next_session(history, plan, now, since=since)
    assert found.reasons
    assert rung(found.plan) <= rung(plan) + 1
    assert found.rest_until is None or found.rest_until > now
    assert not any(found.plan.limits.forbid(movement) for movement in found.plan.steps)
    assert found.plan.limits == plan.limits
    assert (found.plan.hold_s, found.plan.author, len(found.plan.movements)) == (plan.hold_s, plan.author, len(plan.movements))


@dataclass(frozen=True)
class Line:
    """A session in the list, with something held."""

    id: str
    started_at: datetime
    hold_count: int = 1


LATE_NOWS = st.integers(0, 400 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
LONG = st.lists(
    st.builds(replace, SESSIONS, at=LATE_NOWS, step=st.sampled_from(RUNGS[:3])), max_size=30, unique_by=lambda d: d.at
)


@settings(max_examples=60, deadline=None)
@given(LONG, st.sampled_from(RUNGS[:3]), LATE_NOWS, maybe(LATE_NOWS), maybe(LATE_NOWS))
def test_what_was_done_before_it_decides_changes_nothing(history, step: str, now: datetime, since, answered) -> None:
    history = sorted(history, key=lambda done: done.at)
    lines = [Line(str(i), done.at) for i, done in enumerate(history)]
    mornings = [
        MorningAfter(done.at, str(i), None, done.morning, done.settled, done.woke)
        for i, done in enumerate(history)
        if (done.morning, done.settled, done.woke) != (None, None, None)
    ]
    from_then = decides_since(lines, mornings, now)
    rest = [done for done in history if done.at >= from_then or done.stopped]
    assert next_session(rest, at_step(step), now, since=since, answered=answered) == next_session(
        history, at_step(step), now, since=since, answered=answered
    )


def test_of_ten_years_a_fortnight_decides() -> None:
    now = BEGIN + timedelta(days=3650)
    lines = [Line(str(n), BEGIN + timedelta(days=n)) for n in range(3650)]
    assert decides_since(lines, [MorningAfter(now, "3648", 1, 1)], now) == (now - timedelta(days=14)).replace(hour=0)
    assert decides_since(lines, [], now) == (now - timedelta(days=14)).replace(hour=0)
    assert decides_since(lines, [MorningAfter(now, "100", 1, 1)], now).date() == lines[100].started_at.date()
    assert decides_since(lines[:9], [], now).date() == lines[3].started_at.date()


CALMLY = st.sampled_from([*[0] * 24, 1, 2, 3, None])
FELT = st.tuples(st.integers(0, 4), CALMLY, CALMLY, st.sampled_from([*[1] * 9, 2, 9]))


@settings(max_examples=50, deadline=None)
@given(st.lists(FELT, min_size=8, max_size=20), st.sampled_from(RUNGS), LIMITS)
def test_over_weeks_it_never_rises_after_a_bad_day_nor_past_a_limit_nor_too_fast(felt, first: str, limits: Limits) -> None:
    """The program's own life: train, answer, let the rules set the step, go on."""
    limits = replace(limits, off_the_back=False)
    try:
        plan = at_step(first, limits=limits)
    except InvalidPlan:
        return
    history: list[Done] = []
    ups: list[datetime] = []
    since, now = None, BEGIN
    for before, rise, next_rise, gap in felt:
        step = step_of(plan)
        assert step is not None
        later = [None if change is None else before + change for change in (rise, next_rise)]
        done = Done(now, step.id, before, later[0], morning=later[1])
        history.append(done)
        now += timedelta(hours=14)
        found = next_session(history, plan, now, since=since)
        bad = {done.zone, done.morning_zone} & {Zone.AMBER, Zone.RED}
        if rung(found.plan) > rung(plan):
            assert not bad
            assert not limits.forbid(found.plan.movements[0])
            ups.append(now)
        if Zone.RED in bad:
            assert rung(found.plan) < rung(plan) or Why.BOTTOM in found.reasons
        if found.plan != plan:
            plan, since = found.plan, now
        now += timedelta(days=gap, hours=-14)
    apart = [later - earlier for earlier, later in pairwise(ups)]
    assert all(gap >= timedelta(days=7 if limits.step_a_week else 3) for gap in apart)


def test_with_step_keeps_to_the_limits() -> None:
    with pytest.raises(InvalidPlan):
        with_step(at_step("cushion_20s", limits=Limits(cushion_locked=True)), ALL["no_cushion_20s"])
