"""Do the verdicts of weeks hold? Simulated people whose truth is known: false alarms, power, and how long it takes.

Every person has fixed seeds. `python -m bench outcomes` prints the table beside its limits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from rich.progress import track

from kneeroll.outcomes.change import levels
from kneeroll.outcomes.readings import Measure, Reading
from kneeroll.outcomes.trends import BLOCK_DAYS, SURE, Trend, Verdict, trend
from kneeroll.outcomes.trial import condition_on, evaluate, plan_trial
from kneeroll.poses import Floats, Side
from kneeroll.truth.tables import markdown_table

START = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
WEEKS, YEAR_WEEKS = 12, 52
PEOPLE = 600
FIRST_SEED = 5000
"""People with smaller seeds were looked at while the rules were made."""
FALSE_ALARM_LIMIT = 5.0
"""Percent of people who are told at least once in twelve weeks that it is better when nothing changed."""
LONG_LIMIT_S = 1.0
SEEN = 0.75
"""Share of the days on which a simulated person practises."""
CORRELATIONS = (0.0, 0.3, 0.5, 0.7)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody simulated: day-to-day SD, correlation from day to day, the change that really happens on each day, and a seed.

    error: what is stated of each reading, part of the SD. whole: answers in whole numbers from 0 to 10.
    """

    seed: int
    sd: float
    correlation: float
    change: Callable[[Floats], Floats]
    level: float = 50.0
    error: float = 2.0
    days: int = WEEKS * 7
    seen: float = SEEN
    whole: bool = False

    def readings(self) -> tuple[Reading, ...]:
        """What is measured of this person."""
        rng = np.random.default_rng([self.seed, round(100 * self.correlation)])
        day = np.arange(float(self.days))
        value = self.level + wander(rng, self.days, self.correlation, self.sd) + self.change(day)
        if self.whole:
            value = np.clip(np.round(value), 0, 10)
        kept = rng.random(self.days) < self.seen
        kept[0] = True  # the first session is where counting begins
        return tuple(Reading(START + timedelta(days=d), v, self.error) for d, v in zip(day[kept], value[kept], strict=True))


def wander(rng: np.random.Generator, days: int, correlation: float, sd: float) -> Floats:
    """(days,) a first-order autoregression with this standard deviation."""
    steps = rng.normal(0.0, sd, days)
    steps[1:] *= np.sqrt(1 - correlation**2)
    for i in range(1, days):
        steps[i] += correlation * steps[i - 1]
    return steps


def nothing(day: Floats) -> Floats:
    return np.zeros_like(day)


def step(size: float, on_day: float = 40.0) -> Callable[[Floats], Floats]:
    return lambda day: np.where(day >= on_day, size, 0.0)


def gain(size: float) -> Callable[[Floats], Floats]:
    """Evenly over the twelve weeks."""
    return lambda day: size * day / (WEEKS * 7)


def looks(readings: Sequence[Reading], measure: Measure = Measure.KNEE_DROP, weeks: int = WEEKS) -> list[Trend]:
    """What the person is told at the end of every fourth week from the eighth on: in between no statement changes."""
    side = Side.LEFT if measure.in_degrees else None
    ends = (START + timedelta(days=days - 1, hours=12) for days in range(2 * BLOCK_DAYS, 7 * weeks + 1, BLOCK_DAYS))
    return [trend([r for r in readings if r.at <= end], end, measure, side) for end in ends]


def ever(told: Sequence[Trend], verdict: Verdict) -> bool:
    return any(t.verdict is verdict for t in told)


@cache
def false_alarms(correlation: float, people: int, *, comfort: bool = False, weeks: int = WEEKS) -> tuple[float, float]:
    """Percent of people in whom nothing changed and who were told "better", or "worse", at least once in so many weeks."""
    better = worse = 0
    for seed in range(FIRST_SEED, FIRST_SEED + people):
        if comfort:
            person = Person(seed, 1.75, correlation, nothing, level=6.0, error=0.29, days=7 * weeks, whole=True)
        else:
            person = Person(seed, 5.0, correlation, nothing, days=7 * weeks)
        told = looks(person.readings(), Measure.COMFORT if comfort else Measure.KNEE_DROP, weeks)
        better += ever(told, Verdict.BETTER)
        worse += ever(told, Verdict.WORSE)
    return 100 * better / people, 100 * worse / people


def found(correlation: float, change: Callable[[Floats], Floats], people: int) -> float:
    """Percent of people with this change (degrees, SD 5) who were told "better" at the end of twelve weeks."""
    people_told = (looks(Person(FIRST_SEED + seed, 5.0, correlation, change).readings())[-1] for seed in range(people))
    return 100 * sum(told.verdict is Verdict.BETTER for told in people_told) / people


def window_power(sd: float, difference: float, correlation: float, n: int, people: int) -> float:
    """Percent of people in whom two windows of `n` days each, a month apart, are told to differ, at the odds of twelve weeks."""
    day = np.concatenate([np.arange(n), np.arange(n) + n + BLOCK_DAYS]).astype(float)
    late = np.repeat([0.0, 1.0], n)
    hits = 0
    for seed in range(people):
        rng = np.random.default_rng([FIRST_SEED + seed, n, round(100 * correlation)])
        value = np.concatenate([wander(rng, n, correlation, sd), wander(rng, n, correlation, sd)]) + difference * late
        told = levels(day, value, np.full(2 * n, 0.3 * sd), late, np.empty((2 * n, 0)))
        hits += told is not None and told.odds >= SURE[3]
    return 100 * hits / people


WINDOWS = (
    ("angle, SD 5, change 5", 5.0, 5.0, ((0.0, 16), (0.3, 30), (0.5, 48))),
    ("angle, SD 4, change 5", 4.0, 5.0, ((0.0, 11), (0.3, 19), (0.5, 31))),
    ("comfort, SD 1.75, change 2", 1.75, 2.0, ((0.0, 13), (0.3, 23), (0.5, 37))),
    ("comfort, SD 1.75, change 1", 1.75, 1.0, ((0.0, 49), (0.3, 90))),
)
"""Days a window for 80 % power when the correlation is known: n = 2 (2.8 SD / change)^2 (1 + r) / (1 - r)."""


def trial_told(difference: float, correlation: float, people: int) -> float:
    """Percent of alternations whose outcome differs by so much (in SDs) that are told to differ."""
    hits = 0
    for seed in range(people):
        plan = plan_trial("cushion", START, seed)
        days = plan.days * len(plan.blocks)
        value = wander(np.random.default_rng([FIRST_SEED + seed, 3]), days, correlation, 1.0)
        at = [START + timedelta(days=d) for d in range(days)]
        used = np.array([bool(condition_on(plan, moment)) for moment in at])
        readings = [Reading(a, v, 0.1) for a, v in zip(at, value + difference * used, strict=True)]
        hits += evaluate(plan, readings, START + timedelta(days=days)).clear
    return 100 * hits / people


def ten_years_s() -> float:
    """Seconds to work out a trend over ten years of daily sessions."""
    readings = Person(1, 5.0, 0.3, gain(3.0), days=3650, seen=1.0).readings()
    began = time.perf_counter()
    trend(readings, readings[-1].at, Measure.KNEE_DROP, Side.LEFT)
    return time.perf_counter() - began


def report(people: int = PEOPLE) -> list[list[str]]:
    """One row a question: what, a figure for each of `CORRELATIONS`, the limit."""
    rows = []

    def add(what: str, figure: Callable[[float], float], limit: str) -> None:
        rows.append([what, *(f"{figure(r):.1f} %" for r in track(CORRELATIONS, what, transient=True)), limit])

    limit = f"≤ {FALSE_ALARM_LIMIT:.0f} %"
    add('nothing changed, told "better" (angle)', lambda r: false_alarms(r, people)[0], limit)
    add('nothing changed, told "worse" (angle)', lambda r: false_alarms(r, people)[1], limit)
    add('nothing changed, told "better" (comfort)', lambda r: false_alarms(r, people, comfort=True)[0], limit)
    add('nothing changed in a year, told "better" (angle)', lambda r: false_alarms(r, people // 3, weeks=YEAR_WEEKS)[0], "")
    add("5 degrees deeper from day 40 on, told", lambda r: found(r, step(5.0), people // 2), "")
    add("10 degrees deeper from day 40 on, told", lambda r: found(r, step(10.0), people // 2), "")
    add("10 degrees deeper little by little, told", lambda r: found(r, gain(10.0), people // 2), "")
    for what, sd, difference, cells in WINDOWS:
        figures = [f"{window_power(sd, difference, r, n, people // 2):.0f} % ({n})" for r, n in cells]
        rows.append([f"{what}: told (days a window)", *figures, *[""] * (4 - len(figures)), "80 %"])
    figures = [f"{window_power(5.0, 0.0, r, n, people // 2):.0f} % ({n})" for r, n in WINDOWS[0][3]]
    rows.append(['angle, SD 5, no change: told "better" (days a window)', *figures, "", limit])
    add("alternation without a difference, told", lambda r: trial_told(0.0, r, people // 2), limit)
    add("alternation, a difference of 1 SD, told", lambda r: trial_told(1.0, r, people // 2), "")
    add("alternation, a difference of 2 SD, told", lambda r: trial_told(2.0, r, people // 2), "")
    rows.append(["ten years of daily sessions, one trend", f"{ten_years_s():.2f} s", "", "", "", f"< {LONG_LIMIT_S:.0f} s"])
    return rows


def table(rows: list[list[str]]) -> str:
    """As the page shows it."""
    text = markdown_table(["simulated people", *(f"r = {r:g}" for r in CORRELATIONS), "limit (r up to 0.5)"], rows)
    print(text)
    return text
