"""A randomised alternation: drawn by lot, one day to wash out, and a test that counts all orders."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from math import comb

import pytest

from kneeroll.diary import TrialEnded, TrialPlanned
from kneeroll.outcomes.readings import Measure
from kneeroll.outcomes.trial import condition_on, evaluate, plan_trial, running_trial
from tests.outcomes.made import DAY0, reading

ORDER = (True, False, False, True, True, False, True, False)
TRIAL = TrialPlanned(DAY0, "cushion", 6, ORDER, 1)
OVER = DAY0 + timedelta(days=48)


def days(value_with: float, value_without: float, *, washout: float = 0.0, left_out: tuple[int, ...] = ()):
    """A reading each day; values grow by a hair from block to block, so that no two orders tie."""
    for block, used in enumerate(ORDER):
        for day in range(6):
            value = (value_with if used else value_without) + 0.001 * 2**block + washout * (day == 0)
            if block not in left_out:
                yield reading(6 * block + day, value)


def test_the_lot_is_fair_balanced_and_the_same_for_the_same_seed() -> None:
    orders = Counter(plan_trial("cushion", DAY0, seed).blocks for seed in range(700))
    assert len(orders) == comb(8, 4)
    assert all(order.count(True) == 4 for order in orders)
    assert max(orders.values()) < 25
    assert plan_trial("cushion", DAY0, 5) == plan_trial("cushion", DAY0, 5)


@pytest.mark.parametrize("wrong", [{"days": 4}, {"days": 8}, {"blocks_each": 3}, {"blocks_each": 7}])
def test_too_short_or_too_long_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must be from"):
        plan_trial("cushion", DAY0, 1, **wrong)


def test_the_condition_of_a_day_is_that_of_its_block_on_the_persons_calendar() -> None:
    asked = [condition_on(TRIAL, DAY0 + timedelta(days=day)) for day in (-1, 0, 5, 6, 47, 48)]
    assert asked == [None, True, True, False, False, None]
    new_york = timezone(timedelta(hours=-5))
    assert condition_on(TRIAL, datetime(2026, 3, 7, 23, 0, tzinfo=new_york)) is True
    assert condition_on(TRIAL, datetime(2026, 3, 8, 3, 0, tzinfo=new_york)) is False


def test_a_trial_runs_until_its_last_block_or_until_it_is_ended() -> None:
    later = DAY0 + timedelta(days=10)
    assert running_trial([TRIAL], later) == TRIAL
    assert running_trial([TRIAL], OVER) is None
    assert running_trial([TRIAL, TrialEnded(later, "cushion")], later) is None
    assert running_trial([], later) is None


def test_a_clear_difference_is_as_unlikely_as_the_number_of_orders_says() -> None:
    found = evaluate(TRIAL, list(days(7, 4)), OVER)
    assert found.difference == pytest.approx(3, abs=0.1)
    assert found.p == found.least_p == pytest.approx(2 / 70)
    assert found.clear
    assert found.told(str).startswith("with a cushion: higher.")
    lower = evaluate(TRIAL, list(days(4, 7)), OVER)
    assert lower.p == found.p
    assert lower.told(str).startswith("with a cushion: lower.")


def test_the_share_of_orders_is_as_counted_by_hand() -> None:
    # three blocks of each: with 9, 8, 3; without 4, 2, 1. Of 20 orders, those whose "with" sums to >= 20 or <= 7:
    order = (True, True, True, False, False, False)
    trial = TrialPlanned(DAY0, "x", 5, order, 1)
    values = (9, 8, 3, 4, 2, 1)
    readings = [reading(5 * b + d, v) for b, v in enumerate(values) for d in range(5)]
    found = evaluate(trial, readings, DAY0 + timedelta(days=30))
    # 9+8+4=21, 9+8+3=20 and their mirrors
    assert found.p == pytest.approx(4 / 20)
    assert found.least_p == pytest.approx(2 / 20)
    assert "too few blocks" in found.told(str)


def test_the_first_day_of_a_block_is_not_counted() -> None:
    assert evaluate(TRIAL, list(days(7, 4, washout=50)), OVER).blocks == evaluate(TRIAL, list(days(7, 4)), OVER).blocks


def test_nothing_is_compared_before_the_end() -> None:
    found = evaluate(TRIAL, list(days(7, 4)), OVER - timedelta(days=1))
    assert (found.difference, found.p) == (None, None)
    assert "when the last is over" in found.told(str)


def test_an_empty_block_is_left_out_and_too_many_leave_nothing() -> None:
    one = evaluate(TRIAL, list(days(7, 4, left_out=(0,))), OVER)
    assert one.p == pytest.approx(1 / comb(7, 3))
    assert evaluate(TRIAL, list(days(7, 4, left_out=(0, 3))), OVER).p is None


def test_no_difference_says_how_little_so_few_weeks_show() -> None:
    readings = [reading(d, (5, 6, 4)[d % 3]) for d in range(48)]
    said = evaluate(TRIAL, readings, OVER, Measure.MORNING).told(str)
    assert "no clear difference. So few weeks show only a large one" in said
    assert "because" not in said
