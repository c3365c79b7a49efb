"""The calendar file, read by another library than the one that writes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from dateutil.rrule import rrulestr
from hypothesis import given, settings

from kneeroll.care.calendar import minutes, write_calendar
from kneeroll.plans import Day, Plan, parse_plan
from tests.plans.strategies import plans

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def events(plan: Plan) -> list:
    text = write_calendar(plan, WEDNESDAY, str)
    assert all(len(line.encode()) <= 75 for line in text.splitlines())
    calendar = vobject.readOne(text)
    calendar.validate(raiseException=True)
    return calendar.vevent_list


@settings(max_examples=40, deadline=None)
@given(plans())
def test_another_library_finds_every_session_on_its_days_at_its_time(plan: Plan) -> None:
    found = events(plan)
    assert len(found) == plan.sessions_a_day
    assert len({event.uid.value for event in found}) == len(found)
    for event, moment in zip(found, plan.times or (None,), strict=True):
        start = event.dtstart.value
        assert event.summary.value == plan.name
        first = start if moment is None else start.date()
        assert date(2026, 11, 25) <= first < date(2026, 12, 2)
        midnight = datetime(first.year, first.month, first.day)
        days = list(rrulestr(event.rrule.value, dtstart=midnight).between(midnight, midnight + timedelta(days=13), inc=True))
        assert {list(Day)[day.weekday()] for day in days} == set(plan.days)
        assert days[0] == midnight
        if moment is not None:
            assert (start.time(), start.tzinfo) == (moment, None)
            assert event.duration.value == timedelta(minutes=minutes(plan))


def test_what_is_done_and_what_to_mind_stand_in_the_entry() -> None:
    plan = parse_plan('movements = ["cushion_20s", "bridge"]\nlimits = { ceiling_deg = 30 }\nname = "Mine; yes, mine"')
    (event,) = events(plan)
    assert event.description.value == "Cushion on both sides, 20 seconds\nBridge\nLet your knees sink to 30° at most."
    assert event.summary.value == "Mine; yes, mine"


def test_a_name_cannot_add_lines_of_its_own() -> None:
    (event,) = events(Plan(name="A\r\nBEGIN:VALARM\r\nEND:VALARM"))
    assert not hasattr(event, "valarm")
    assert event.summary.value.splitlines()[0] == "A"


def test_the_words_are_those_of_a_language() -> None:
    assert "SUMMARY:KNEE ROLLS" in write_calendar(Plan(), WEDNESDAY, str.upper)


@pytest.mark.parametrize(("plan", "about"), [("", 3), ("holds_a_side = 1", 2), ('movements = ["breath_paced_rolls"]', 5)])
def test_a_session_takes_about_so_many_minutes(plan: str, about: int) -> None:
    assert minutes(parse_plan(plan)) == pytest.approx(about, abs=1)
