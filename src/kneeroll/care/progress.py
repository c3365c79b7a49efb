"""The next session: up a step of the ladder, the same again, or down, and why. Pure; total over what may have happened.

One thing changes a step. Up only after comfortable days with calm mornings, with the shoulders down; at most one step in four
days, or in a week for whoever should be slower; down at once. A plan that sets its own doses stays where it is, or goes down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby, islice, takewhile

from kneeroll.care.history import Done, Line, Zone
from kneeroll.care.ladder import allows, ladder_of, step_of, with_step
from kneeroll.diary import Decider, Entry, MorningAfter, StepSet, mornings
from kneeroll.errors import InvalidPlan
from kneeroll.events import EndReason, StopReason
from kneeroll.languages import N_, Worded
from kneeroll.movements import SHIPPED, Movement
from kneeroll.plans import Limits, Plan

GREEN_DAYS, OVER_DAYS, SLOW_DAYS = 3, 4, 7
"""Up after so many comfortable days, spread over so many (in a week at most once where slow)."""
ANCHORED, IN_POSTURE = 0.9, 0.8
"""Shares of the holds, as far as they were seen, with both shoulders down, and with the whole posture right."""
SHALLOWER, LEAST_CEILING_DEG = 0.75, 20.0
"""The share of the depth at which it was a bit much that comes next, and the lowest ceiling that a plan may set."""
REST = timedelta(hours=48)
MISSED = timedelta(days=7)
RECENT = timedelta(days=14)
OPEN = timedelta(hours=36)
"""So long after a session its morning may still be to come."""
LAST_DAYS = GREEN_DAYS + 3
"""Of the days with a session no more decide: those that must be comfortable, and what is in between."""


class Why(Worded):
    """A reason for the next session; its value is what the diary keeps."""

    NEW = "new", N_("This step is new: it stays until it has been comfortable for a while.")
    COMFORTABLE = "comfortable", N_("The next step comes after three comfortable days, spread over four or more.")
    UP = "up", N_("Comfortable days and calm mornings: one step up.")
    UNSEEN = "unseen", N_("No camera saw your shoulders: how it felt decides.")
    SLOW = "slow", N_("One step a week at most for now.")
    UNSAID = "unsaid", N_("The step stays until you say how it felt after the sessions and on the mornings after.")
    UNFINISHED = "unfinished", N_("The step stays until the sessions are done to their end.")
    SHOULDERS = "shoulders", N_("The step stays until both shoulders are down for nine tenths of the holds.")
    POSTURE = "posture", N_("The step stays until the posture is kept for four fifths of the holds.")
    BREATH = "breath", N_("The step stays until your breath goes on through the holds.")
    A_BIT_MUCH = "a_bit_much", N_("It was a bit much: the same step, and only three quarters as deep.")
    MORNING = "morning", N_("It was a bit much on the next morning: one step down.")
    TOO_MUCH = "too_much", N_("It was too much: rest for two days, and begin two steps lower then.")
    TOO_MUCH_AGAIN = "too_much_again", N_("Twice in two weeks it was too much: consider asking a health professional.")
    STIRRED_UP = "stirred_up", N_("It is easily stirred up at the moment: back to the gentlest step.")
    LEG = "leg", N_("A leg felt different: do not use this stretch until a health professional agrees.")
    RESTING = "resting", N_("It was too much: rest until two days have passed.")
    MISSED = "missed", N_("More than a week has passed: begin again one step lower.")
    TOP = "top", N_("This is the top of the ladder: stay as long as you like it.")
    BOTTOM = "bottom", N_("This is the gentlest step already: do less of it, or rest a day longer.")
    LIMIT = "limit", N_("The next step is beyond what your answers or your plan allow: this one stays.")
    OWN_DOSE = "own_dose", N_("Your plan sets its own times: it goes no step up by itself.")
    NO_LADDER = "no_ladder", N_("What your plan does has no steps: it stays as it is.")
    PERSON = "person", N_("You chose this step.")


@dataclass(frozen=True, slots=True)
class Next:
    """The next session. rest_until: not before; ask_first: not until a professional agrees and the questions are answered anew.

    Reasons are sentences by `Why.told`.
    """

    plan: Plan
    reasons: tuple[Why, ...]
    rest_until: datetime | None = None
    ask_first: bool = False

    @property
    def step(self) -> str | None:
        """The id of the step; None where the plan has none."""
        step = step_of(self.plan)
        return step.id if step else None

    def entry(self, before: Plan, at: datetime) -> StepSet | None:
        """What the diary keeps of it; None where the step stays as it was in the plan before."""
        if self.step is None or self.plan.movements == before.movements:
            return None
        return StepSet(at, self.step, Decider.RULES, tuple(why.value for why in self.reasons))


@dataclass(frozen=True, slots=True)
class _Day:
    """The sessions of one day."""

    date: date
    sessions: tuple[Done, ...]

    def felt(self, zone: Zone) -> bool:
        return any(done.zone is zone for done in self.sessions)

    def woke_to(self, zone: Zone) -> bool:
        return any(done.morning_zone is zone for done in self.sessions)

    @property
    def is_red(self) -> bool:
        return self.felt(Zone.RED) or self.woke_to(Zone.RED)

    @property
    def has_morning(self) -> bool:
        return any(done.morning_zone is not None for done in self.sessions)

    @property
    def is_said(self) -> bool:
        return self.has_morning and all(done.zone is not None for done in self.sessions)

    @property
    def is_finished(self) -> bool:
        return all(done.ended is EndReason.DONE for done in self.sessions)

    @property
    def is_green(self) -> bool:
        calm = not any(self.felt(z) or self.woke_to(z) for z in (Zone.AMBER, Zone.RED))
        return calm and self.is_said and self.is_finished


def next_session(
    history: Iterable[Done],
    plan: Plan,
    now: datetime,
    *,
    since: datetime | None = None,
    answered: datetime | None = None,
    known: Mapping[str, Movement] = SHIPPED,
) -> Next:
    """What to do next after what was done.

    since: when the present step was set (`standing.set_since`), answered: when the questions were (`standing.answered_at`),
    if that is known: what happened before says nothing of the step, or of a leg that felt different, any more.

    >>> from datetime import UTC
    >>> from kneeroll.plans import default_plan
    >>> next_session((), default_plan(), datetime(2026, 11, 2, tzinfo=UTC)).reasons
    (<Why.NEW: 'new'>,)
    """
    past = sorted((done for done in history if done.at <= now), key=lambda done: done.at)
    red_at = max((d.at for d in past if Zone.RED in (d.zone, d.morning_zone)), default=None)
    rest_until = red_at + REST if red_at is not None and red_at + REST > now else None
    ask_first = any(done.stopped is StopReason.LEG and (answered is None or done.at > answered) for done in past)
    coming, reasons = _coming(past, plan, now, since, known)
    if ask_first:
        reasons = (Why.LEG,)
    elif rest_until is not None and Why.TOO_MUCH not in reasons:
        reasons = (Why.RESTING, *reasons)
    return Next(coming, reasons, rest_until, ask_first)


def decides_since(lines: Sequence[Line], diary: Iterable[Entry], now: datetime) -> datetime:
    """Since when sessions decide what is next; of those before only counts whether a leg felt different.

    lines: all sessions, oldest first.
    """
    after = mornings(diary)
    done = [line for line in reversed(lines) if line.started_at <= now and line.hold_count]
    days = (line.started_at.astimezone(now.tzinfo).date() for line in done)
    last_days = [day for day, _ in islice(groupby(days), LAST_DAYS)]
    of_morning = next((line.started_at for line in done if _is_said(line, after.get(line.id))), now)
    first_day = min([of_morning.astimezone(now.tzinfo).date(), (now - RECENT).date(), *last_days])
    return datetime.combine(first_day, time(), now.tzinfo)


def _is_said(line: Line, morning: MorningAfter | None) -> bool:
    if morning is None:
        return False
    done = Done(line.started_at, morning=morning.discomfort, settled=morning.settled, woke=morning.woke)
    return done.morning_zone is not None


def _coming(
    past: list[Done], plan: Plan, now: datetime, since: datetime | None, known: Mapping[str, Movement]
) -> tuple[Plan, tuple[Why, ...]]:
    """The plan with the step that comes, and why."""
    step = step_of(plan)
    if step is None:
        return plan, (Why.NO_LADDER,)
    run = tuple(takewhile(lambda d: d.step in (None, step.id) and (since is None or d.at > since), reversed(past)))[::-1]
    days, ladder = _days(run, now.tzinfo), ladder_of(step, known)
    down, reasons = _down(days, past, now)
    if down:
        lower = [m for m in ladder if (m.rung or 0) < (step.rung or 0) and allows(plan, m)]
        return (with_step(plan, lower[max(len(lower) - down, 0)]), reasons) if lower else (plan, (*reasons, Why.BOTTOM))
    higher = next((m for m in ladder if (m.rung or 0) > (step.rung or 0)), None)
    reasons = reasons or _stays(days, plan, past, now) or _cannot_rise(plan, higher)
    if Why.A_BIT_MUCH in reasons:
        return _shallower(plan, days), reasons
    if reasons or higher is None:
        return plan, reasons
    unseen = all(done.anchored is None for done in run)
    return with_step(plan, higher), (Why.UP, Why.UNSEEN) if unseen else (Why.UP,)


def choose(plan: Plan, step: Movement, at: datetime) -> tuple[Plan, StepSet]:
    """The plan with the step that the person wants, and what the diary keeps. InvalidPlan names the limit that forbids it."""
    if step.rung is None:
        raise InvalidPlan(f"{step.id!r} is no step of a ladder")
    return with_step(plan, step), StepSet(at, step.id, Decider.PERSON, (Why.PERSON.value,))


def _days(run: Iterable[Done], zone: tzinfo | None) -> tuple[_Day, ...]:
    return tuple(_Day(day, tuple(some)) for day, some in groupby(run, key=lambda done: done.at.astimezone(zone).date()))


def _fresh(days: tuple[_Day, ...]) -> tuple[_Day, ...]:
    """The days that decide: from the last one whose morning is known."""
    known = [i for i, day in enumerate(days) if day.has_morning]
    return days[known[-1] :] if known else days[-1:]


def _down(days: tuple[_Day, ...], past: list[Done], now: datetime) -> tuple[int, tuple[Why, ...]]:
    """How many steps down, and what speaks against the next one."""
    fresh, whole_ladder = _fresh(days), 99
    if any(day.is_red for day in fresh):
        again = len({d.at.date() for d in past if Zone.RED in (d.zone, d.morning_zone) and now - d.at <= RECENT}) > 1
        stirred = any(done.is_stirred_up or done.stopped is StopReason.LEG for day in fresh for done in day.sessions)
        reasons = (Why.TOO_MUCH, *([Why.STIRRED_UP] if stirred else []), *([Why.TOO_MUCH_AGAIN] if again else []))
        return whole_ladder if stirred else 2, reasons
    if any(day.woke_to(Zone.AMBER) for day in fresh):
        return 1, (Why.MORNING,)
    if days and now - days[-1].sessions[-1].at > MISSED:
        return 1, (Why.MISSED,)
    return 0, (Why.A_BIT_MUCH,) if any(day.felt(Zone.AMBER) for day in fresh) else ()


def _shallower(plan: Plan, days: tuple[_Day, ...]) -> Plan:
    """The plan with a ceiling at three quarters of the depth at which it was a bit much, as far as that was seen."""
    depths = [d.depth_deg for day in _fresh(days) for d in day.sessions if d.zone is Zone.AMBER and d.depth_deg is not None]
    if not depths:
        return plan
    ceiling_deg = max(float(round(SHALLOWER * min(depths))), LEAST_CEILING_DEG)
    return replace(plan, limits=plan.limits & Limits(ceiling_deg=ceiling_deg))


def _stays(days: tuple[_Day, ...], plan: Plan, past: list[Done], now: datetime) -> tuple[Why, ...]:
    """Why it is too early for the next step; empty where it is not."""
    if not days:
        return (Why.NEW,)
    if not days[-1].has_morning and now - days[-1].sessions[-1].at < OPEN:
        days = days[:-1]  # its morning is still to come
    streak = tuple(takewhile(lambda day: day.is_green, reversed(days)))
    if len(streak) < GREEN_DAYS or (streak[0].date - streak[-1].date).days + 1 < OVER_DAYS:
        recent = days[-GREEN_DAYS:]
        unsaid, unfinished = not all(d.is_said for d in recent), not all(d.is_finished for d in recent)
        return (Why.COMFORTABLE, *([Why.UNSAID] if unsaid else []), *([Why.UNFINISHED] if unfinished else []))
    sessions = [done for day in streak[:GREEN_DAYS] for done in day.sessions]
    faults = {
        Why.SHOULDERS: any(done.anchored is not None and done.anchored < ANCHORED for done in sessions),
        Why.POSTURE: any(done.in_posture is not None and done.in_posture < IN_POSTURE for done in sessions),
        Why.BREATH: any(done.breath_paused for done in sessions),
        Why.SLOW: _is_slow(plan, past, now) and (now.date() - days[0].date).days < SLOW_DAYS,
    }
    return tuple(why for why, true in faults.items() if true)


def _is_slow(plan: Plan, past: list[Done], now: datetime) -> bool:
    """Whether a week is the least between two steps: by the plan, or because it was too much lately."""
    recent = [done for done in past if now - done.at <= RECENT]
    return plan.limits.step_a_week or any(Zone.RED in (d.zone, d.morning_zone) or d.morning_zone is Zone.AMBER for d in recent)


def _cannot_rise(plan: Plan, higher: Movement | None) -> tuple[Why, ...]:
    if higher is None:
        return (Why.TOP,)
    if plan.hold_s is not None or plan.holds_a_side is not None:
        return (Why.OWN_DOSE,)
    return () if allows(plan, higher) else (Why.LIMIT,)
