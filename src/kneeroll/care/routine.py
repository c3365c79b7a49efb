"""When: what is planned for a day, what of it was done, and one gentle reminder a day at most. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from kneeroll.care.ladder import step_of
from kneeroll.diary import Entry, Reminded
from kneeroll.languages import Translate
from kneeroll.movements import SHIPPED, Movement
from kneeroll.plans import MOST_MOVEMENTS, PARTS, Day, Plan

COMPANIONS: dict[str, tuple[str, ...]] = {
    "morning": ("cat_cow",),
    "midday": ("figure_four",),
    "evening": ("single_knee_to_chest", "hamstring_raise"),
}
"""What goes with the knee rolls at a time of day, gently to begin with. No knees to the chest in the morning, when the back likes
bending less (Snook 1998)."""
ANY_TIME, QUIET_FROM = time(17, 0), time(21, 30)
"""A session without a time is reminded of from the one on; after the other nobody is reminded."""


@dataclass(frozen=True, slots=True)
class DaysDone:
    """Days with a session, out of the days for which one was planned."""

    done: int
    planned: int

    def told(self, _: Translate) -> str:
        """In words of a language.

        >>> DaysDone(4, 5).told(str)
        '4 days done of 5 planned'
        """
        if self.planned == 0:
            return _("1 day done") if self.done == 1 else _("{done} days done").format(done=self.done)
        if self.done == 1:
            return _("1 day done of {planned} planned").format(planned=self.planned)
        return _("{done} days done of {planned} planned").format(done=self.done, planned=self.planned)


def part_of(at: time) -> str:
    """The time of day that a time belongs to: `morning`, `midday` or `evening`.

    >>> part_of(time(7, 30)), part_of(time(13)), part_of(time(20))
    ('morning', 'midday', 'evening')
    """
    return max((part for part in PARTS if PARTS[part] <= at), key=PARTS.__getitem__, default="morning")


def with_companions(plan: Plan, part: str, known: Mapping[str, Movement] = SHIPPED) -> Plan:
    """The plan's step, and what goes with it at a time of day as far as the limits allow it; at most four movements.

    A plan that has no step, or more movements than it, is left as its author wanted it.
    """
    if step_of(plan) is None or len(plan.movements) > 1 or plan.hold_s is not None:
        return plan
    wished = [known[id] for id in COMPANIONS[part] if id in known]
    allowed = [movement for movement in wished if not plan.limits.forbid(movement)]
    return replace(plan, movements=(*plan.movements, *allowed)[:MOST_MOVEMENTS])


def is_planned(plan: Plan, day: date) -> bool:
    """Whether the plan has a session on this day."""
    return list(Day)[day.weekday()] in plan.days


def left_today(plan: Plan, sessions: Iterable[datetime], now: datetime) -> tuple[time | None, ...]:
    """The times of today's sessions that are still to do (None for any time); each session that was done takes the earliest.

    sessions: when each began. now: says which day is today, and in which zone.
    """
    if not is_planned(plan, now.date()):
        return ()
    done = sum(_on(at, now) == now.date() for at in sessions)
    return (plan.times or (None,))[done:]


def days_done(plan: Plan, sessions: Iterable[datetime], now: datetime, days: int = 7, since: date | None = None) -> DaysDone:
    """How many of the last days, today among them, had a session, and for how many one was planned; not before `since`.

    Today counts as planned only once it is done: it is not over yet.
    """
    window = [now.date() - timedelta(days=n) for n in range(days)]
    window = [day for day in window if since is None or day >= since]
    done = {_on(at, now) for at in sessions} & set(window)
    return DaysDone(len(done), sum(is_planned(plan, day) and (day != now.date() or day in done) for day in window))


def due(plan: Plan, diary: Iterable[Entry], sessions: Iterable[datetime], now: datetime, _: Translate) -> str | None:
    """The words of a reminder where one is due now, else None: a session is left today, its time has come, and nobody was
    reminded today. Whoever shows it keeps a `Reminded` in the diary."""
    left = left_today(plan, sessions, now)
    reminded = any(isinstance(e, Reminded) and _on(e.at, now) == now.date() for e in diary)
    if reminded or not left or not (left[0] or ANY_TIME) <= now.time() < QUIET_FROM:
        return None
    return _("A few quiet minutes on the mat? {name}, when it suits you.").format(name=_(plan.name))


def _on(at: datetime, now: datetime) -> date:
    """The day of a moment, where the person is now."""
    return at.astimezone(now.tzinfo).date()
