"""A verdict comes every four weeks, of what can be compared, with its odds, and never says why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from kneeroll.outcomes.readings import Measure, SetUp
from kneeroll.outcomes.trends import Lack, Verdict, told_odds, trend
from kneeroll.poses import Side, Surface, View
from tests.outcomes.made import DAY0, reading

LEFT = Measure.KNEE_DROP, Side.LEFT
COUCH = SetUp(view=View.SIDE, surface=Surface.BED)


def daily(days: int, gain: float = 0.0, seed: int = 1, sd: float = 3.0, setup: SetUp = COUCH):
    rng = np.random.default_rng(seed)
    return [reading(d, 50 + gain * d / 84 + rng.normal(0, sd), setup=setup) for d in range(days)]


def at_end_of(day: int):
    return DAY0 + timedelta(days=day - 1, hours=12)


@pytest.mark.parametrize(("gain", "verdict"), [(20, Verdict.BETTER), (-20, Verdict.WORSE), (0, Verdict.NO_CLEAR_CHANGE)])
def test_twelve_weeks_of_days_get_the_verdict_that_is_true(gain, verdict) -> None:
    found = trend(daily(84, gain), at_end_of(84), *LEFT)
    assert found.verdict is verdict
    assert found.change == pytest.approx(gain * 56 / 84, abs=2 * found.change_error)
    assert found.lacks is Lack.NOTHING


def test_before_eight_weeks_are_over_there_is_no_statement() -> None:
    told = [trend(daily(day, 40), at_end_of(day), *LEFT) for day in (10, 28, 55, 56)]
    assert [t.verdict for t in told] == [*3 * [Verdict.NOT_ENOUGH_DAYS], Verdict.BETTER]
    assert [t.days_to_go for t in told] == [46, 28, 1, 0]
    assert [t.lacks for t in told[:3]] == 3 * [Lack.WEEKS]
    assert all(t.band for t in told)


@pytest.mark.parametrize(("days", "sure"), [(56, 0.995), (84, 0.97), (112, 0.985)])
def test_a_statement_is_the_surer_the_less_is_known_for_it(days, sure) -> None:
    found = [
        trend(daily(112, gain, seed), at_end_of(days), *LEFT) for gain, seed in ((1.9 * 84 / (days - 28), s) for s in range(16))
    ]
    assert [t.verdict is Verdict.BETTER for t in found] == [t.odds >= sure for t in found]
    assert {t.verdict for t in found} == {Verdict.BETTER, Verdict.NO_CLEAR_CHANGE}


def test_a_month_between_that_wobbles_more_makes_it_less_sure() -> None:
    readings = daily(84, 10)
    wild = [replace(r, value=r.value + 12 * (-1) ** d) if 28 <= d < 56 else r for d, r in enumerate(readings)]
    calm_error, wild_error = (trend(r, at_end_of(84), *LEFT).change_error for r in (readings, wild))
    assert wild_error > 1.2 * calm_error


def test_between_two_statements_the_verdict_stays_as_it_is() -> None:
    readings = daily(84, 10)
    odds = {trend(readings[:day], at_end_of(day), *LEFT).odds for day in range(56, 84)}
    assert len(odds) == 1
    assert trend(readings, at_end_of(84), *LEFT).odds not in odds


@pytest.mark.parametrize(
    ("kept", "lacks"),
    [
        (lambda d: d == 0 or d >= 28, Lack.FIRST_BLOCK),
        (lambda d: d < 56, Lack.LAST_BLOCK),
        (lambda d: d < 63, Lack.LAST_BLOCK),
        (lambda d: d < 64, Lack.NOTHING),
        (lambda d: False, Lack.READINGS),
    ],
)
def test_too_few_days_say_which_are_missing(kept, lacks) -> None:
    found = trend([r for d, r in enumerate(daily(84)) if kept(d)], at_end_of(84), *LEFT)
    assert found.lacks is lacks
    assert (found.verdict is Verdict.NOT_ENOUGH_DAYS) == (lacks is not Lack.NOTHING)


def test_other_set_ups_are_left_out_and_counted() -> None:
    floor = replace(COUCH, surface=Surface.FLOOR)
    readings = daily(84, 20)
    mixed = [replace(r, value=90.0, setup=floor) if i % 6 == 5 else r for i, r in enumerate(readings)]
    found = trend(mixed, at_end_of(84), *LEFT)
    assert (len(found.readings), found.left_out) == (70, 14)
    assert found.change == pytest.approx(20 * 56 / 84, abs=3)
    assert any("14 values are not compared" in sentence for sentence in found.told(str))


def test_a_new_set_up_begins_anew() -> None:
    moved = [replace(r, setup=replace(COUCH, view=View.ABOVE)) if i >= 40 else r for i, r in enumerate(daily(84, 20))]
    found = trend(moved, at_end_of(84), *LEFT)
    assert (found.lacks, len(found.readings), found.left_out) == (Lack.WEEKS, 44, 40)


def test_what_is_measured_later_in_the_day_is_not_taken_for_a_change() -> None:
    def shifted(r, d):
        evening = d % 2 == 0 if d < 56 else d % 4 != 0
        return replace(r, at=r.at + timedelta(hours=11), value=r.value + 12) if evening else r

    found = trend([shifted(r, d) for d, r in enumerate(daily(84))], at_end_of(84), *LEFT)
    assert found.verdict is Verdict.NO_CLEAR_CHANGE
    assert found.corrected_for_time
    assert not trend(daily(84), at_end_of(84), *LEFT).corrected_for_time


def test_who_moved_from_morning_to_evening_is_told_that_it_cannot_be_told() -> None:
    moved = [replace(r, at=r.at + timedelta(hours=11)) if d >= 28 else r for d, r in enumerate(daily(84, 20))]
    assert trend(moved, at_end_of(84), *LEFT).lacks is Lack.TIMES_OF_DAY


def test_the_median_is_of_the_last_seven_days_and_needs_three() -> None:
    readings = [reading(d, v) for d, v in ((0, 1), (1, 9), (2, 4), (7, 5), (8.5, 7), (20, 100))]
    found = trend(readings, at_end_of(30), *LEFT)
    assert [(m[0], m[1]) for m in found.medians] == [(readings[2].at, 4), (readings[3].at, 5), (readings[4].at, 5)]


@pytest.mark.parametrize("error", [1.0, 4.0, 9.0])
def test_the_band_is_never_narrower_than_the_smallest_believable_change_of_a_week(error) -> None:
    readings = [replace(r, error=error) for r in daily(28, sd=1.0)]
    low, high = trend(readings, at_end_of(28), *LEFT).band
    assert (high - low) / 2 >= 2.77 * error / np.sqrt(7)
    assert low < np.mean([r.value for r in readings]) < high


def test_weekly_answers_are_compared_from_three_a_block_on() -> None:
    weekly = [reading(7 * w, 3 + 4 * (w >= 8) + 0.3 * (w % 2), 0.86) for w in range(12)]
    found = trend(weekly, at_end_of(84), Measure.ACTIVITIES)
    assert found.verdict is Verdict.BETTER
    assert found.medians == ()
    evening = [replace(r, at=r.at + timedelta(hours=11)) if i >= 8 else r for i, r in enumerate(weekly)]
    assert trend(evening, at_end_of(84), Measure.ACTIVITIES).verdict is Verdict.BETTER


@pytest.mark.parametrize(
    ("odds", "said"),
    [
        (0.81, "About 8 in 10 that it is higher"),
        (0.22, "About 8 in 10 that it is lower"),
        (0.949, "About 9 in 10 that it is higher"),
        (0.52, "As likely higher as lower"),
        (0.999, "More than 19 in 20 that it is higher"),
        (0.01, "More than 19 in 20 that it is lower"),
    ],
)
def test_odds_are_said_in_tenths(odds, said) -> None:
    assert told_odds("x", odds, str).startswith(said)


@pytest.mark.parametrize("days", [0, 20, 60, 84])
@pytest.mark.parametrize("gain", [0, 30])
@pytest.mark.parametrize("measure", list(Measure))
def test_nothing_that_is_said_names_a_cause_or_promises_anything(days, gain, measure) -> None:
    found = trend(daily(days, gain), at_end_of(84), measure, Side.RIGHT if measure.in_degrees else None)
    said = " ".join([found.title(str), *found.told(str)])
    assert not re.search(r"because|due to|thanks|relie|treat|cure|pain|imbalance|range of motion|\{|\}|nan|None", said, re.I)
    words = {Verdict.BETTER: "more", Verdict.WORSE: "less"} if measure is Measure.DOSE else {}
    assert (
        found.title(str) == f"{measure.told(str, found.side)}: {words.get(found.verdict, found.verdict.value.replace('_', ' '))}"
    )
    assert ("Menezes Costa 2012" in said) is (measure is Measure.COMFORT)
