"""Limits add up, the stricter one wins, and what they forbid is no plan."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from kneeroll.errors import InvalidPlan
from kneeroll.movements import catalogue
from kneeroll.plans import NO_LIMITS, Limits, Mind, Plan
from tests.plans.strategies import LIMITS

ALL = catalogue()


@settings(max_examples=60)
@given(LIMITS, LIMITS, LIMITS)
def test_limits_add_up_in_any_order_and_adding_one_twice_changes_nothing(a: Limits, b: Limits, c: Limits) -> None:
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)
    assert a & a == a == a & NO_LIMITS


@settings(max_examples=60)
@given(LIMITS, LIMITS)
def test_with_more_limits_nothing_becomes_allowed(a: Limits, b: Limits) -> None:
    for movement in ALL.values():
        assert set(a.forbid(movement)) <= set((a & b).forbid(movement))


@settings(max_examples=60)
@given(LIMITS)
def test_the_sum_is_at_most_each_number(a: Limits) -> None:
    strict = a & Limits(ceiling_deg=30.0, top_speed_deg_s=15.0, longest_hold_s=10.0)
    for name, least in (("ceiling_deg", 30.0), ("top_speed_deg_s", 15.0), ("longest_hold_s", 10.0)):
        assert getattr(strict, name) == min(least, getattr(a, name) or least)


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        (NO_LIMITS, set(ALL)),
        (Limits(ceiling_deg=30, top_speed_deg_s=15, step_a_week=True, mind=(Mind.ARMS_LOW,)), set(ALL)),
        (Limits(cushion_locked=True, rolls_only=True), {"breath_paced_rolls", "cushion_10s", "cushion_20s"}),
        (Limits(legs_uncrossed=True), set(ALL) - {"top_leg_crossed", "top_leg_extended", "figure_four"}),
        (Limits(off_the_back=True), {"cat_cow", "open_book"}),
        (Limits(longest_hold_s=5), {"breath_paced_rolls", "bridge", "cat_cow"}),
        (Limits(rolls_only=True), {m.id for m in ALL.values() if m.family == "knee_rolls"}),
    ],
    ids=lambda value: " ".join(sorted(value.record())) if isinstance(value, Limits) else "",
)
def test_each_limit_forbids_what_it_must_and_nothing_else(limits: Limits, allowed: set[str]) -> None:
    assert {id for id, movement in ALL.items() if not limits.forbid(movement)} == allowed


def test_a_plan_with_a_forbidden_movement_is_refused_and_the_limit_named() -> None:
    with pytest.raises(InvalidPlan, match=r"'no_cushion_20s', which limits.cushion_locked forbids: Keep the cushion on both"):
        Plan(limits=Limits(cushion_locked=True))


def test_a_dose_of_the_plan_does_not_pass_a_limit_either() -> None:
    with pytest.raises(InvalidPlan, match=r"longest_hold_s forbids: Rest for 10 seconds at most"):
        Plan(movements=(ALL["cushion_10s"],), hold_s=15.0, limits=Limits(longest_hold_s=10))
    assert Plan(hold_s=8.0, limits=Limits(longest_hold_s=10)).steps[0].hold_s == 8


def test_every_limit_has_its_sentence() -> None:
    every = Limits(30, 15, 10, True, True, True, True, True, tuple(Mind))
    assert len(set(every.told(str))) == 8 + len(Mind)
    assert "Let your knees sink to 30° at most." in every.told(str)
    assert every.why_not(ALL["top_leg_crossed"], str) == (
        "Rest for 10 seconds at most at a time.",
        "Keep the cushion on both sides.",
        "Leave your legs uncrossed.",
        "Nothing that is done lying on the back.",
    )
    assert NO_LIMITS.told(str) == () == NO_LIMITS.why_not(ALL["bridge"], str)
