"""What is planned, what was done of it, and when a reminder is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.care.routine import COMPANIONS, DaysDone, days_done, due, is_planned, left_today, part_of, with_companions
from kneeroll.diary import Entry, Reminded
from kneeroll.movements import catalogue
from kneeroll.plans import PARTS, Limits, Plan, parse_plan
from tests.plans.strategies import plans

ALL = catalogue()
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
WORKDAYS = parse_plan('days = ["mon", "tue", "wed", "thu", "fri"]\ntimes = ["morning", "evening"]')


def at(hour: float, days: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=hour)


@pytest.mark.parametrize("n", range(7))
def test_a_day_is_planned_by_its_weekday(n: int) -> None:
    assert is_planned(WORKDAYS, date(2026, 11, 2) + timedelta(days=n)) is (n < 5)


def test_each_session_takes_the_earliest_time_that_is_left() -> None:
    assert left_today(WORKDAYS, [], at(9)) == (time(8), time(19))
    assert left_today(WORKDAYS, [at(18, -1), at(8.5)], at(9)) == (time(19),)
    assert left_today(WORKDAYS, [at(8), at(19), at(21)], at(22)) == ()
    assert left_today(WORKDAYS, [], at(9, 5)) == ()
    assert left_today(Plan(), [], at(9)) == (None,)
    assert left_today(Plan(), [at(1)], at(9)) == ()


def test_days_done_are_counted_out_of_days_planned_and_never_a_streak() -> None:
    done = [at(8), at(19), at(8, 1), at(8, 3)]
    assert [DaysDone(n, 0).told(str) for n in (1, 2)] == ["1 day done", "2 days done"]
    assert days_done(WORKDAYS, done, at(22, 4)) == DaysDone(3, 4)  # Friday is not over
    assert days_done(WORKDAYS, done, at(22, 6)) == DaysDone(3, 5)
    assert days_done(WORKDAYS, [*done, at(8, 5)], at(22, 6)) == DaysDone(4, 5)  # a Saturday counts as done
    assert days_done(WORKDAYS, done, at(22, 3)) == DaysDone(3, 5)  # with the Friday before
    assert days_done(WORKDAYS, done, at(22, 6), since=date(2026, 11, 4)) == DaysDone(1, 3)
    assert days_done(WORKDAYS, [], at(22), since=date(2026, 11, 9)) == DaysDone(0, 0)
    assert days_done(WORKDAYS, done, at(22, 13), days=14).planned == 10


def test_a_day_is_the_persons_own_and_not_that_of_greenwich() -> None:
    there = timezone(timedelta(hours=11))
    late = datetime(2026, 11, 2, 22, 0, tzinfo=UTC)  # Tuesday morning there
    assert left_today(Plan(), [late], late.astimezone(there)) == ()
    assert days_done(Plan(), [late], datetime(2026, 11, 3, 12, 0, tzinfo=there), days=1) == DaysDone(1, 1)


@pytest.mark.parametrize(
    ("now", "sessions", "diary", "is_due"),
    [
        (at(7.9), [], [], False),
        (at(8), [], [], True),
        (at(8), [at(6)], [], False),
        (at(19), [at(6)], [], True),
        (at(19), [], [Reminded(at(8))], False),
        (at(8, 1), [], [Reminded(at(8))], True),
        (at(21.4), [], [], True),
        (at(21.5), [], [], False),
        (at(12, 5), [], [], False),
        (at(20), [at(8), at(19)], [], False),
    ],
)
def test_a_reminder_is_due_once_a_day_when_its_time_has_come(now, sessions, diary: list[Entry], is_due: bool) -> None:
    assert (due(WORKDAYS, diary, sessions, now, str) is not None) is is_due


def test_without_a_time_the_evening_reminds_and_in_the_persons_words() -> None:
    assert due(Plan(), [], [], at(16.9), str) is None
    assert due(Plan(), [], [], at(17), str) == "A few quiet minutes on the mat? Knee rolls, when it suits you."
    german = {"A few quiet minutes on the mat? {name}, when it suits you.": "Ruhe? {name}.", "Knee rolls": "Knierollen"}
    assert due(Plan(), [], [], at(17), german.__getitem__) == "Ruhe? Knierollen."


@settings(max_examples=40, deadline=None)
@given(plans(), st.lists(st.integers(0, 24 * 4), max_size=6))
def test_however_often_it_is_asked_nobody_is_reminded_twice_a_day(plan: Plan, hours: list[int]) -> None:
    diary: list[Entry] = []
    for hour in sorted({*hours, *range(0, 96, 3)}):
        if due(plan, diary, [], at(hour), str) is not None:
            diary.append(Reminded(at(hour)))
    days = [entry.at.date() for entry in diary]
    assert len(days) == len(set(days))


def test_a_time_belongs_to_a_part_of_the_day() -> None:
    assert [part_of(moment) for moment in PARTS.values()] == list(PARTS) == list(COMPANIONS)
    assert part_of(time(5)) == "morning"
    assert part_of(time(23, 59)) == "evening"


def test_companions_go_with_the_step_as_far_as_they_are_allowed() -> None:
    plan = Plan(movements=(ALL["cushion_20s"],), limits=Limits(legs_uncrossed=True))
    ids = {part: [m.id for m in with_companions(plan, part).movements] for part in COMPANIONS}
    assert ids == {
        "morning": ["cushion_20s", "cat_cow"],
        "midday": ["cushion_20s"],
        "evening": ["cushion_20s", "single_knee_to_chest", "hamstring_raise"],
    }


@settings(max_examples=30, deadline=None)
@given(plans(), st.sampled_from(list(COMPANIONS)))
def test_a_routine_has_at_most_four_movements_and_what_an_author_composed_stays(plan: Plan, part: str) -> None:
    found = with_companions(plan, part)
    assert found.movements[: len(plan.movements)] == plan.movements
    assert len(found.movements) <= max(4, len(plan.movements))
    if len(plan.movements) > 1:
        assert found == plan
