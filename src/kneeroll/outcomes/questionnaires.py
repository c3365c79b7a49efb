"""Questionnaires: what is asked, when, how it is scored, what counts as a change. Pure; the table is `questionnaires.toml`.

>>> questionnaires()[Instrument.PEG].score({"pain": 6, "enjoyment": 5, "activity": 4})
5.0
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from kneeroll.diary import ActivitiesNamed, Entry, Filled, Instrument
from kneeroll.languages import Translate
from kneeroll.summaries import MDC95

TOTAL = "total"
"""The key of a total that was worked out elsewhere and only typed in."""
MOST_ACTIVITIES = 5
"""So many of a person's own activities are rated at most."""
STILL_ASKED_DAYS = 14
"""A questionnaire of a certain day is still asked so many days later; then memory is too far from it."""


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier to a later score. points: + better. A change counts as clear only where it is reliable and important."""

    points: float
    reliable: bool
    important: bool

    @property
    def clear(self) -> bool:
        return self.reliable and self.important


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One questionnaire as its table says it (`questionnaires.toml` explains the keys)."""

    name: str
    source: str
    exact: bool
    higher_is_better: bool
    low: int
    high: int
    ends: tuple[str, str]
    ask: str
    items: Mapping[str, str]
    every_days: int | None
    at_days: tuple[int, ...]
    needs: int
    counts: bool
    important: float | None
    important_share: float | None
    sem: float | None

    def told(self, text: str, _: Translate) -> str:
        """One of its texts in words of a language; published wording stays as it was checked."""
        return text if self.exact else _(text)

    @property
    def highest_total(self) -> int:
        """The highest score that there can be."""
        return self.high * len(self.items) if self.counts else self.high

    def score(self, answers: Mapping[str, int]) -> float | None:
        """The score of these answers, None where too many are missing. ValueError names an answer that cannot be.

        What was left blank in a counted questionnaire is a no. A `total` that was brought along stands for itself.
        """
        total = answers.get(TOTAL)
        if self.counts and total is not None:
            if not self.low <= total <= self.highest_total:
                raise ValueError(f"a total of {total} cannot be; {self.name} has {self.low} to {self.highest_total}")
            return float(total)
        for item, answer in answers.items():
            if self.items and item not in self.items:
                raise ValueError(f"{self.name} has no item {item!r}; it has {', '.join(self.items)}")
            if not self.low <= answer <= self.high:
                raise ValueError(f"the answer to {item!r} is {answer}; it must be from {self.low} to {self.high}")
        if len(answers) < self.needs:
            return None
        return float(sum(answers.values())) if self.counts else sum(answers.values()) / len(answers)

    def score_of(self, filled: Filled) -> float | None:
        """The score of what was kept; None also for answers that are none today, as to items of another version."""
        try:
            return self.score(filled.answers)
        except ValueError:
            return None

    def change(self, before: float, after: float) -> Change:
        """How the score changed. Reliable: more than `MDC95` standard errors (the reliable change index).

        Important: the smallest change that matters, in points or as a share of the first score. A rating of change, which
        has no standard error, is a change itself, from 0.

        >>> questionnaires()[Instrument.RMDQ24].change(14, 6)
        Change(points=8, reliable=True, important=True)
        """
        points = after - before if self.higher_is_better else before - after
        reliable = self.sem is None or abs(points) > MDC95 * self.sem
        in_points = self.important is not None and abs(points) >= self.important
        in_share = self.important_share is not None and before > 0 and abs(points) >= self.important_share * before
        return Change(points, reliable, in_points or in_share)


def _read(table: Mapping[str, Any]) -> Questionnaire:
    return Questionnaire(
        name=table["name"],
        source=table["source"],
        exact=table["exact"],
        higher_is_better=table["better"] == "higher",
        low=table["low"],
        high=table["high"],
        ends=(table["ends"][0], table["ends"][1]),
        ask=table["ask"],
        items=table["items"],
        every_days=table.get("every_days"),
        at_days=tuple(table.get("at_days", ())),
        needs=table["needs"],
        counts=table["score"] == "count",
        important=table.get("important"),
        important_share=table.get("important_share"),
        sem=table.get("sem"),
    )


@cache
def questionnaires() -> Mapping[Instrument, Questionnaire]:
    """All questionnaires."""
    table = tomllib.loads(resources.files("kneeroll.outcomes").joinpath("questionnaires.toml").read_text("utf-8"))
    return {i: _read(table[i.value]) for i in Instrument}


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and when it was given. items: what it is made of; scores of other items are not comparable with it."""

    at: datetime
    score: float
    items: tuple[str, ...]


def scores(diary: Iterable[Entry], instrument: Instrument) -> tuple[Scored, ...]:
    """All scores of a questionnaire, oldest first. Of two on one day the later counts."""
    asked = questionnaires()[instrument]
    by_day: dict[object, Scored] = {}
    for entry in sorted(_filled(diary, instrument), key=lambda e: e.at):
        score = asked.score_of(entry)
        if score is not None:
            items = tuple(asked.items) or tuple(sorted(entry.answers))
            by_day[entry.at.date()] = Scored(entry.at, score, items)
    return tuple(by_day.values())


def my_activities(diary: Iterable[Entry]) -> tuple[str, ...]:
    """The activities that the person named last; empty while there are none."""
    named = [e for e in diary if isinstance(e, ActivitiesNamed)]
    return max(named, key=lambda e: e.at).names if named else ()


def due(now: datetime, diary: Sequence[Entry], first_session: datetime | None) -> tuple[Instrument, ...]:
    """What is to be asked now. Days are those of the calendar where `now` is. Without a first session: what comes before it."""
    return tuple(i for i in Instrument if _is_due(questionnaires()[i], now, _last(diary, i), first_session))


def _is_due(asked: Questionnaire, now: datetime, last: datetime | None, first_session: datetime | None) -> bool:
    if asked.every_days is not None:
        return last is None or _days(last, now) >= asked.every_days
    if first_session is None:
        return False
    since = _days(first_session, now)
    passed = [day for day in asked.at_days if day <= since < day + STILL_ASKED_DAYS]
    return bool(passed) and (last is None or _days(first_session, last.astimezone(now.tzinfo)) < passed[-1])


def _days(earlier: datetime, later: datetime) -> int:
    """Midnights between two moments, where the later one is."""
    return (later.date() - earlier.astimezone(later.tzinfo).date()).days


def _last(diary: Iterable[Entry], instrument: Instrument) -> datetime | None:
    return max((entry.at for entry in _filled(diary, instrument)), default=None)


def _filled(diary: Iterable[Entry], instrument: Instrument) -> list[Filled]:
    return [e for e in diary if isinstance(e, Filled) and e.instrument is instrument]
