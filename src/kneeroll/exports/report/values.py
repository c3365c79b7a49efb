"""What stands on the page, as plain values in words of a language, and how numbers and days are told. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from kneeroll.languages import Language, Translate, translator
from kneeroll.outcomes import DoseWeek


@dataclass(frozen=True, slots=True)
class Line:
    """One measure beside itself: first week, last week, what the weeks say. picture: what is drawn of it.

    wobble: where a week's mean lies if nothing changed. span: the least that the picture's axis shows.
    """

    name: str
    first: str
    last: str
    verdict: str
    stands_out: bool
    words: str
    points: tuple[tuple[datetime, float], ...]
    medians: tuple[tuple[datetime, float], ...]
    wobble: tuple[float, float] | None
    span: tuple[float | None, float | None, float]


@dataclass(frozen=True, slots=True)
class Answers:
    """One questionnaire: first score, last score, what the change means."""

    name: str
    scale: str
    first: str
    last: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page, in words of a language; `weeks` and the points of the lines are drawn.

    ranges, comfort: of what was measured or said at least once.
    """

    start: datetime
    end: datetime
    period: str
    made_on: str
    figures: tuple[tuple[str, str], ...]
    weeks: tuple[DoseWeek, ...]
    ranges: tuple[Line, ...]
    comfort: tuple[Line, ...]
    answers: tuple[Answers, ...]
    noticed: tuple[str, ...]
    setup: tuple[str, ...]
    cannot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """How it is told, when, and since when."""

    language: Language
    now: datetime
    since: datetime

    @property
    def _(self) -> Translate:
        return translator(self.language)

    def number(self, value: float, digits: int = 0) -> str:
        pattern = f"0.{'0' * digits}" if digits else "0"
        return str(format_decimal(value, pattern, self.language.locale)).replace("-", "−")

    def date(self, at: datetime) -> str:
        return str(format_date(at, "medium", self.language.locale))

    def day(self, at: datetime) -> str:
        """Without its year."""
        return str(format_skeleton("MMMd", at, locale=self.language.locale))
