"""What the coach's page says of today: what is to be done, why, and what is to be answered first. Plain values."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_date, format_datetime

from kneeroll.course import Course, deepest
from kneeroll.languages import Language, Translate, translator
from kneeroll.outcomes import condition_on, questionnaires
from kneeroll.outcomes.trial import factor_words
from kneeroll.plans import Plan


@dataclass(frozen=True, slots=True)
class Today:
    """The card of today, in words. asks: (address, what) of each question that waits; more: of what else one may want."""

    plan: Plan
    reasons: tuple[str, ...]
    limits: tuple[str, ...]
    rest: str
    done: str
    trial: str
    asks: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]


def today_of(course: Course, language: Language) -> Today | None:
    """Today's card; None where nothing may be done."""
    _ = translator(language)
    if course.next is None:
        return None
    rest = course.next.rest_until
    until = format_datetime(rest.astimezone(course.now.tzinfo), "EEEE HH:mm", locale=language.locale) if rest else ""
    return Today(
        plan=course.next.plan,
        reasons=tuple(why.told(_) for why in course.next.reasons),
        limits=course.next.plan.limits.told(_),
        rest=_("Rest until {when}.").format(when=until) if rest else "",
        done=course.days_done().told(_) if course.sessions else "",
        trial=_trial(course, _),
        asks=_asks(course, language),
        more=_more(course, _),
    )


def _asks(course: Course, language: Language) -> tuple[tuple[str, str], ...]:
    _ = translator(language)
    asks = []
    if (last := course.morning_of) is not None and course.said_of_morning is None:
        day = format_date(last.entry.started_at.astimezone(course.now.tzinfo), "EEEE", locale=language.locale)
        asks.append(("/morning", _("How was the morning after {day}?").format(day=day)))
    for instrument in course.due:
        asked = questionnaires()[instrument]
        asks.append((f"/questions/{instrument}", asked.told(asked.name, _)))
    return tuple(asks)


def _more(course: Course, _: Translate) -> tuple[tuple[str, str], ...]:
    more = []
    if (last := next((s for s in reversed(course.sessions) if deepest(s)), None)) is not None:
        more.append((f"/sessions/{last.entry.id}/inside", _("What the last stretch did inside")))
    if course.said_of_morning is not None:
        more.append(("/morning", _("The morning after: change my answer")))
    return tuple(more)


def _trial(course: Course, _: Translate) -> str:
    """Today's part in an alternation, empty where none runs."""
    if course.trial is None:
        return ""
    words = _("Today: {factor}.") if condition_on(course.trial, course.now) else _("Today: not {factor}.")
    return words.format(factor=factor_words(course.trial.factor, _))


def why_not_now(course: Course, _: Translate) -> str:
    """Why no session of one's own may begin, and what to do."""
    if course.clearance is None:
        return _("Please answer the questions before your first session: they stand under Today.")
    if course.next is None:
        return course.trouble or " ".join((course.clearance.outcome.told(_), *map(_, course.clearance.words)))
    return " ".join(why.told(_) for why in course.next.reasons)
