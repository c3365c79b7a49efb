"""What stands: the accepted plan within what the answers allow, at the step that was set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.care.ladder import ladder_of, step_of
from kneeroll.care.screening import Outcome, clear, questions
from kneeroll.care.standing import answered_at, clearance_now, fit, plan_for, plan_now, plan_to_do, set_since
from kneeroll.diary import Decider, Entry, PlanAccepted, Reminded, Screened, StepSet
from kneeroll.errors import InvalidPlan
from kneeroll.movements import catalogue
from kneeroll.plans import Limits, Mind, Plan, default_plan, write_plan
from tests.plans.strategies import LIMITS, plans

ALL = catalogue()
AT = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
IDS = [q.id for q in questions()]


def screened(*yes: str, days: float = 0) -> Screened:
    return Screened(AT + timedelta(days=days), yes, 1)


def accepted(plan: Plan, days: float = 1) -> PlanAccepted:
    return PlanAccepted(AT + timedelta(days=days), write_plan(plan), plan.author)


def step(id: str, days: float, by: Decider = Decider.PERSON) -> StepSet:
    return StepSet(AT + timedelta(days=days), id, by)


def ids(plan: Plan | None) -> list[str]:
    return [] if plan is None else [m.id for m in plan.movements]


def test_before_anything_was_said_the_plan_that_ships_stands() -> None:
    assert clearance_now([]) is None
    assert plan_now([]) == plan_now([screened()]) == default_plan()


def test_the_newest_answers_count() -> None:
    found = clearance_now([screened("fall", days=2), screened("shoulder", days=3), screened("thin_bones"), Reminded(AT)])
    assert found == clear(["shoulder"])


@pytest.mark.parametrize(
    ("yes", "movements"),
    [
        (["thin_bones"], ["cushion_10s"]),
        (["shoulder"], ["cushion_10s"]),
        (["leg"], ["breath_paced_rolls"]),
        (["pregnant"], ["open_book", "cat_cow"]),
        (["fall"], []),
        (["bladder_or_saddle", "shoulder"], []),
    ],
)
def test_the_answers_lead_to_a_plan_to_begin_with(yes: list[str], movements: list[str]) -> None:
    plan = plan_for(clear(yes))
    assert ids(plan) == movements
    assert plan is None or plan.limits == clear(yes).limits


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(IDS)))
def test_whoever_may_train_gets_a_plan_and_nobody_else(yes: set[str]) -> None:
    found = clear(yes)
    assert (plan_for(found) is not None) is found.outcome.may_train


def test_the_accepted_plan_stands_with_the_limits_of_both() -> None:
    plan = Plan("From Anna", movements=(ALL["cushion_20s"],), limits=Limits(ceiling_deg=40.0), author="Anna")
    assert plan_now([accepted(plan)]) == plan
    both = plan_now([screened("shoulder"), accepted(plan)])
    assert both == replace(plan, limits=Limits(ceiling_deg=40.0, mind=(Mind.ARMS_LOW,)))
    assert plan_now([accepted(plan), screened("fall", days=2)]) is None


def test_what_the_answers_forbid_comes_down_or_falls_away() -> None:
    plan = Plan(movements=(ALL["figure_four"], ALL["no_cushion_30s"]), author="Anna")
    assert ids(plan_now([screened("mobile_joints"), accepted(plan)])) == ["figure_four", "cushion_20s"]
    assert ids(plan_now([screened("thin_bones"), accepted(plan)])) == ["cushion_20s"]
    assert ids(plan_now([screened("pregnant"), accepted(plan)])) == ["open_book", "cat_cow"]


def test_where_nothing_is_left_of_a_plan_its_own_limits_stay() -> None:
    plan = Plan(movements=(ALL["cushion_20s"],), limits=Limits(rolls_only=True))
    assert plan_now([screened("pregnant"), accepted(plan)]) is None


def test_a_step_that_was_set_counts_from_the_accepted_plan_on_and_the_newest_one() -> None:
    plan = Plan(movements=(ALL["cushion_20s"], ALL["bridge"]))
    assert ids(plan_now([step("cushion_10s", 2)])) == ["cushion_10s"]
    assert ids(plan_now([step("breathing_30s", 0), accepted(plan)])) == ["cushion_20s", "bridge"]
    assert ids(plan_now([accepted(plan), step("no_cushion_20s", 3), step("cushion_10s", 2)])) == ["no_cushion_20s", "bridge"]
    assert ids(plan_now([accepted(plan), step("bridge", 2)])) == ids(plan_now([accepted(plan), step("gone", 2)])) == ids(plan)


def test_no_step_that_was_set_goes_past_a_limit() -> None:
    assert ids(plan_now([screened("thin_bones"), step("top_leg_crossed", 2)])) == ["cushion_20s"]
    assert ids(plan_now([step("top_leg_crossed", 1), screened("hip", days=2)])) == ["cushion_20s"]
    assert ids(plan_now([screened("pregnant"), step("cushion_20s", 1)])) == ["open_book", "cat_cow"]


def test_a_plan_that_cannot_be_read_any_more_is_told_and_not_replaced_by_one_with_fewer_limits() -> None:
    with pytest.raises(InvalidPlan, match=r"2026-11-02 cannot be read any more: movements names 'my_own'"):
        plan_now([PlanAccepted(AT, 'movements = ["my_own"]')])


def test_what_is_done_is_ones_own_plan_or_the_one_that_stands_within_the_answers() -> None:
    own, gentle = Plan(movements=(ALL["no_cushion_30s"],)), screened("thin_bones")
    assert plan_to_do([]) == default_plan()
    assert plan_to_do([], own=own) == own
    assert ids(plan_to_do([gentle])) == ["cushion_10s"]
    assert ids(plan_to_do([gentle], own=own)) == ["cushion_20s"]
    assert plan_to_do([PlanAccepted(AT, "broken")], own=own) == own


@pytest.mark.parametrize("own", [None, Plan(movements=(ALL["cushion_20s"],))])
def test_where_the_answers_allow_none_it_is_told_what_to_do(own: Plan | None) -> None:
    with pytest.raises(InvalidPlan, match=r"Please do not use this stretch until .* have the fall looked at soon"):
        plan_to_do([screened("fall")], own=own)
    with pytest.raises(InvalidPlan, match=r"no such plan. Choose what is done on the side") as caught:
        plan_to_do([screened("pregnant")], own=replace(own or Plan(), limits=Limits(rolls_only=True)))
    assert "Go gently" not in str(caught.value)


def test_the_present_step_stands_since_the_newest_of_what_sets_it() -> None:
    assert set_since([Reminded(AT)]) is None
    assert set_since([step("cushion_10s", 2), accepted(Plan()), screened(days=3)]) == AT + timedelta(days=2)
    assert answered_at([Reminded(AT)]) is None
    assert answered_at([screened(days=1), screened(days=3), step("cushion_10s", 4)]) == AT + timedelta(days=3)


@settings(max_examples=60, deadline=None)
@given(plans(), LIMITS)
def test_a_plan_fits_into_any_limits_or_nothing_is_left(plan: Plan, limits: Limits) -> None:
    fitted = fit(plan, limits, ALL)
    if fitted is None:
        return
    assert fitted.limits == plan.limits & limits
    own, now = step_of(plan), step_of(fitted)
    assert now is None or own is None or (now.rung or 0) <= (own.rung or 0)
    assert fit(fitted, limits, ALL) == fitted


ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    st.builds(screened, st.sampled_from(IDS), st.sampled_from(IDS), days=st.floats(0, 9)),
    st.builds(accepted, plans(), days=st.floats(0, 9)),
    st.builds(step, st.sampled_from([*ALL, "gone"]), st.floats(0, 9)),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(ENTRIES, max_size=5))
def test_whatever_was_said_the_plan_keeps_to_the_answers(diary: list[Entry]) -> None:
    plan, clearance = plan_now(diary), clearance_now(diary)
    if clearance is not None and not clearance.outcome.may_train:
        assert plan is None
    elif plan is not None and clearance is not None:
        assert plan.limits & clearance.limits == plan.limits
        assert clearance.outcome in (Outcome.GO, Outcome.WITH_LIMITS)


@pytest.mark.parametrize("id", [m.id for m in ALL.values() if m.rung is not None])
def test_a_ladder_has_one_movement_a_rung_and_the_own_one_among_them(id: str) -> None:
    rungs = ladder_of(ALL[id], ALL)
    assert [m.rung for m in rungs] == list(range(8))
    assert ALL[id] in rungs
