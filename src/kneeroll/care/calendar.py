"""A plan as an iCalendar file (RFC 5545): its sessions as they come back each week, at local time. Pure: plan in, text out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

from kneeroll.care.routine import is_planned
from kneeroll.languages import Translate
from kneeroll.movements import Sides
from kneeroll.plans import Plan

WORDS_S = 12.0
"""About what the coach says around each hold."""


def write_calendar(plan: Plan, at: datetime, _: Translate) -> str:
    """The sessions of the plan from the day of `at` on, as the text of an .ics file.

    Times are those of the clock on the wall, wherever the person is; a session without a time is an entry of the whole day.
    Entries keep their ids from plan to plan, so that a calendar that reads a newer file changes the old ones.
    """
    from icalendar import Calendar, Event, vRecur, vText

    calendar = Calendar()
    calendar.add("prodid", "-//kneeroll//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(_(plan.name)))
    first = _first_day(plan, at.date())
    for number, moment in enumerate(plan.times or (None,), 1):
        event = Event()
        event.add("uid", f"session-{number}@kneeroll")
        event.add("dtstamp", at)
        event.add("summary", _(plan.name))
        event.add("description", "\n".join((*(_(m.name) for m in plan.steps), *plan.limits.told(_))))
        if moment is None:
            event.add("dtstart", first)
            event.add("transp", "TRANSPARENT")
        else:
            event.add("dtstart", datetime.combine(first, moment))
            event.add("duration", timedelta(minutes=minutes(plan)))
        event.add("rrule", vRecur(freq="weekly", byday=[day.value[:2].upper() for day in plan.days]))
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def minutes(plan: Plan) -> int:
    """About how long a session takes.

    >>> from kneeroll.plans import default_plan
    >>> minutes(default_plan())
    3
    """
    holds = ((m, m.holds_a_side * (2 if m.sides is Sides.EACH else 1)) for m in plan.steps)
    return ceil((plan.get_ready_s + sum(n * (m.hold_s + 2 * m.way_s + WORDS_S) for m, n in holds)) / 60)


def _first_day(plan: Plan, begins: date) -> date:
    return next(day for day in (begins + timedelta(days=n) for n in range(7)) if is_planned(plan, day))
