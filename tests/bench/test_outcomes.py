"""A few simulated people: unchanged ones are seldom told of a change, clear changes are mostly found. The bench has hundreds."""

from __future__ import annotations

import numpy as np
import pytest

from bench.outcomes import Person, ever, false_alarms, found, gain, looks, nothing, step, ten_years_s, trial_told, wander
from kneeroll.outcomes.trends import Verdict


def test_few_unchanged_people_are_told_of_a_change() -> None:
    better, worse = false_alarms(0.3, 40)
    assert better <= 5.0
    assert worse <= 5.0


def test_most_large_changes_are_found() -> None:
    assert found(0.0, step(10.0), 20) >= 90
    assert found(0.3, gain(15.0), 20) >= 70


def test_a_difference_between_blocks_is_found_and_none_is_not_invented() -> None:
    assert trial_told(2.5, 0.0, 30) >= 85
    assert trial_told(0.0, 0.5, 60) <= 10


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_the_wander_has_the_spread_and_the_correlation_that_were_asked_for(correlation) -> None:
    made = wander(np.random.default_rng(1), 20_000, correlation, 5.0)
    assert made.std() == pytest.approx(5.0, rel=0.03)
    assert np.corrcoef(made[1:], made[:-1])[0, 1] == pytest.approx(correlation, abs=0.03)


def test_the_same_seed_is_the_same_person_who_misses_days() -> None:
    person = Person(3, 5.0, 0.3, nothing)
    assert person.readings() == person.readings()
    assert 45 < len(person.readings()) < 80
    assert not ever(looks(person.readings(), weeks=7), Verdict.BETTER)


def test_ten_years_of_daily_sessions_take_less_than_a_second() -> None:
    assert ten_years_s() < 1.0
