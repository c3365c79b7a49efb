"""What the pages between sessions show, as plain values: templates only print."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal

from kneeroll.care.ladder import allows, ladder_of, step_of
from kneeroll.care.screening import Outcome, questions
from kneeroll.course import Course, Memo
from kneeroll.diary import Instrument
from kneeroll.languages import Language, translator
from kneeroll.outcomes import Trend, my_activities, questionnaires, scores
from kneeroll.outcomes.trial import factor_words
from kneeroll.plans import Day, Plan
from kneeroll.plots.progress import dose_svg, trend_svg
from kneeroll.web.pages import doses


@dataclass(frozen=True, slots=True)
class ScreeningPage:
    """The questions (id, text), and what follows from the answers that were given; outcome empty while there are none."""

    questions: tuple[tuple[str, str], ...]
    outcome: str
    is_urgent: bool
    may_train: bool
    words: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[str, ...]


def screening_page(course: Course, language: Language) -> ScreeningPage:
    """The first questions and their outcome."""
    _ = translator(language)
    asked = tuple((question.id, _(question.ask)) for question in questions())
    found = course.clearance
    if found is None:
        return ScreeningPage(asked, "", False, False, (), (), ())
    return ScreeningPage(
        asked,
        found.outcome.told(_),
        found.outcome is Outcome.URGENT,
        found.outcome.may_train,
        tuple(_(line) for line in found.words),
        found.limits.told(_) if found.outcome.may_train else (),
        found.sources,
    )


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """One questionnaire. items: (id, text); none while the person has named no activities. given: the last scores, in words."""

    instrument: str
    name: str
    ask: str
    items: tuple[tuple[str, str], ...]
    low: int
    high: int
    ends: tuple[str, str]
    counts: bool
    source: str
    given: tuple[str, ...]
    names_own: bool


def questions_page(instrument: Instrument, course: Course, language: Language) -> QuestionsPage:
    """What is asked; published wording is shown as it stands."""
    _ = translator(language)
    asked = questionnaires()[instrument]
    own = instrument is Instrument.ACTIVITIES
    names = my_activities(course.diary)
    items = tuple((name, name) for name in names) if own else tuple((id, asked.told(text, _)) for id, text in asked.items.items())
    given = (
        _("{date}: {score}").format(
            date=format_date(one.at, "medium", locale=language.locale),
            score=format_decimal(round(one.score, 1), locale=language.locale),
        )
        for one in scores(course.diary, instrument)[-5:]
    )
    return QuestionsPage(
        instrument.value,
        asked.told(asked.name, _),
        asked.told(asked.ask, _),
        items,
        asked.low,
        asked.high,
        (asked.told(asked.ends[0], _), asked.told(asked.ends[1], _)),
        asked.counts,
        asked.source,
        tuple(given),
        own,
    )


@dataclass(frozen=True, slots=True)
class TrendBlock:
    """A picture and its sentences."""

    picture: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """What weeks show. factors: (key, words) of what an alternation may try; trial: the one that runs, in words."""

    done: str
    dose: str
    trends: tuple[TrendBlock, ...]
    sides: tuple[str, ...]
    own_error: tuple[str, ...]
    trial: str
    outcomes: tuple[str, ...]
    factors: tuple[tuple[str, str], ...]
    questionnaires: tuple[tuple[str, str], ...]


def progress_page(course: Course, language: Language) -> ProgressPage:
    """Pictures first, then what can be said."""
    _ = translator(language)
    trial = course.trial
    return ProgressPage(
        done=course.days_done().told(_) if course.sessions else "",
        dose=dose_svg(course.weeks, _) if course.weeks else "",
        trends=tuple(_block(course.memo, one, language) for one in course.trends),
        sides=tuple(words for difference in course.sides if (words := difference.told(_)) is not None),
        own_error=tuple(error.told(_) for error in course.own_error.values())[:1] if course.sessions else (),
        trial=factor_words(trial.factor, _) if trial else "",
        outcomes=tuple(outcome.told(_) for outcome in course.outcomes),
        factors=tuple((factor, factor_words(factor, _)) for factor in course.factors),
        questionnaires=tuple((i.value, asked.told(asked.name, _)) for i, asked in questionnaires().items()),
    )


def _block(memo: Memo, trend: Trend, language: Language) -> TrendBlock:
    _ = translator(language)
    picture = memo.of(("picture", trend.measure, trend.side, language), (trend,), lambda: trend_svg(trend, _))
    return TrendBlock(picture, trend.told(_))


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder."""

    id: str
    name: str
    is_now: bool
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan in words, and the ladder around its step. problem: why it can no longer be read. is_less: than its author wrote."""

    name: str
    author: str
    notes: str
    doses: tuple[str, ...]
    days: str
    times: str
    limits: tuple[str, ...]
    reasons: tuple[str, ...]
    ladder: tuple[Rung, ...]
    problem: str
    ends: bool
    is_less: bool


def plan_page(course: Course, language: Language, other: Plan | None = None) -> PlanPage:
    """The plan that stands, or another one as it would stand."""
    _ = translator(language)
    following, plan = course.next, course.taken(other) if other else course.standing
    if plan is None:
        problem = "" if other else course.trouble
        return PlanPage("", "", "", (), "", "", (), (), (), problem, ends=not problem, is_less=False)
    step = step_of(following.plan if following and other is None else plan)
    rungs = ladder_of(step, course.known) if step else ()
    return PlanPage(
        name=_(plan.name),
        author=plan.author,
        notes=plan.notes,
        doses=tuple(doses(plan, language)),
        days=_days(plan, language),
        times=_(", ").join(format_time(at, "short", locale=language.locale) for at in plan.times),
        limits=plan.limits.told(_),
        reasons=tuple(why.told(_) for why in following.reasons) if following and other is None else (),
        ladder=tuple(Rung(m.id, _(m.name), m is step, allows(plan, m)) for m in rungs),
        problem="",
        ends=False,
        is_less=other is not None and plan != other,
    )


def _days(plan: Plan, language: Language) -> str:
    _ = translator(language)
    if len(plan.days) == len(Day):
        return _("every day")
    names = get_day_names("wide", locale=language.locale)
    return _(", ").join(names[list(Day).index(day)] for day in plan.days)
