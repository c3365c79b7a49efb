"""What one page tells a professional: what was done, how well, how far, how it felt. Pure; time is an argument.

Ranges and comfort only: nothing here names a condition, a cause or a treatment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt
from statistics import fmean, median

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from kneeroll.care.routine import is_planned
from kneeroll.diary import Entry, Instrument, PlanAccepted
from kneeroll.errors import InvalidPlan, NotExported
from kneeroll.events import ComfortRated, EndReason, Fault, SessionEnded
from kneeroll.exports.kept import looked
from kneeroll.languages import Language, Translate, translator
from kneeroll.movements import Movement, catalogue
from kneeroll.outcomes import (
    DoseWeek,
    Measure,
    Questionnaire,
    Reading,
    Scored,
    Sitting,
    Trend,
    Verdict,
    activity_readings,
    angle_readings,
    comfort_readings,
    compare_sides,
    dose_weeks,
    morning_readings,
    questionnaires,
    repeatability,
    scores,
    trend,
)  # fmt: skip
from kneeroll.outcomes.readings import RATING_ERROR, setup_of
from kneeroll.outcomes.trends import told_usual_course
from kneeroll.plans import Plan, default_plan, parse_plan
from kneeroll.poses import Side
from kneeroll.summaries import Measured
from kneeroll.wording import VIEWS

WEEK = timedelta(days=7)


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


def compose(
    sittings: Sequence[Sitting],
    diary: Sequence[Entry],
    now: datetime,
    plan: Plan | None,
    *,
    weeks: int = 12,
    language: Language = Language.EN,
    known: Mapping[str, Movement] | None = None,
) -> Report:
    """The report of the last weeks.

    Parameters
    ----------
    sittings, diary
        Of the whole journal, oldest first; those of the last weeks are told.
    now
        When it is made, in the person's own time zone.
    plan
        The one that stands; None where the answers to the first questions allow none.
    known
        Movements by id (those that ship with kneeroll).

    Raises
    ------
    NotExported
        When these weeks have no session with a hold.
    """
    _ = translator(language)
    start = datetime.combine(now.date() - weeks * WEEK + timedelta(days=1), time(), now.tzinfo)
    done = [s for s in sittings if start <= s.started_at <= now and s.summary.holds]
    if not done:
        raise NotExported(f"There is no session with a hold since {start:%Y-%m-%d}. Give more weeks, or begin: kneeroll coach")
    told = [entry for entry in diary if start <= entry.at <= now]
    begin = datetime.combine(done[0].started_at.date(), time(), now.tzinfo)
    page = _Page(language, _, begin, now)
    plans = _plans(diary, known)
    return Report(
        start=begin,
        end=now,
        period=f"{page.date(begin)} – {page.date(now)}",
        made_on=page.date(now),
        figures=_figures(page, done, plans),
        weeks=_dose_weeks(done, now, plans),
        ranges=tuple(line for line in _ranges(page, sittings, done, known) if line.points),
        comfort=tuple(line for line in _comfort(page, done, told) if line.points),
        answers=tuple(_answers(page, told)),
        noticed=tuple(_noticed(page, done, known)),
        setup=tuple(_setup(page, done, plan, known)),
        cannot=_cannot(_),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """How it is told, and of which time."""

    language: Language
    _: Translate
    start: datetime
    now: datetime

    def number(self, value: float, digits: int = 0) -> str:
        pattern = f"0.{'0' * digits}" if digits else "0"
        return str(format_decimal(value, pattern, self.language.locale)).replace("-", "−")

    def date(self, at: datetime) -> str:
        return str(format_date(at, "medium", self.language.locale))

    def trend(self, readings: Sequence[Reading], measure: Measure, side: Side | None = None) -> Trend:
        return trend(readings, self.now, measure, side)


def _figures(page: _Page, done: Sequence[Sitting], plans: Sequence[tuple[date, Plan]]) -> tuple[tuple[str, str], ...]:
    """The large numbers at the top, each with what it is."""
    _ = page._
    days = {s.started_at.date() for s in done}
    planned = sum(is_planned(_plan_on(day, plans), day) for day in _days(page.start.date(), page.now.date()))
    weeks = max(1.0, ((page.now.date() - page.start.date()).days + 1) / 7)
    minutes = {side: sum(s.summary.dose_s(side) for s in done) / 60 / weeks for side in Side}
    share = _in_posture(done)
    found = [
        (
            _("{done} of {planned}").format(done=len(days), planned=planned),
            _("days done of days planned; sessions: {sessions}").format(sessions=len(done)),
        ),
        (
            _("{minutes} min").format(minutes=page.number(sum(minutes.values()), 1)),
            _("held in posture a week: left {left}, right {right}").format(
                left=page.number(minutes[Side.LEFT], 1), right=page.number(minutes[Side.RIGHT], 1)
            ),
        ),
    ]
    if share is None:
        return (*found, ("–", _("in posture: no camera looked")))
    return (*found, (f"{page.number(100 * share)} %", _("of the time of the holds in posture, where a camera looked")))


def _ranges(
    page: _Page, every: Sequence[Sitting], done: Sequence[Sitting], known: Mapping[str, Movement] | None
) -> Iterable[Line]:
    for measure in (Measure.KNEE_DROP, Measure.TWIST):
        own_sem = repeatability(every, measure, known).sem
        for side in Side:
            readings = angle_readings(done, measure, side, own_sem, known)
            yield _line(page, page.trend(readings, measure, side), _degrees, (None, None, 30.0))


def _comfort(page: _Page, done: Sequence[Sitting], diary: Sequence[Entry]) -> Iterable[Line]:
    span = (0.0, 10.0, 10.0)
    yield _line(page, page.trend(comfort_readings(done), Measure.COMFORT), _mean, span)
    after = [(s.started_at, e) for s in done for e in s.events if isinstance(e, ComfortRated) and e.after]
    told = tuple(Reading(at, 10.0 - e.discomfort, RATING_ERROR) for at, e in after if e.discomfort is not None)
    after_line = _line(page, page.trend(told, Measure.COMFORT), _mean, span)
    yield _only_shown(after_line, page._("comfort after the session"))
    yield _line(page, page.trend(morning_readings(diary), Measure.MORNING), _mean, span)
    yield _line(page, page.trend(activity_readings(diary), Measure.ACTIVITIES), _mean, span)


def _line(
    page: _Page, told: Trend, summed: Callable[[_Page, Sequence[Reading]], str], span: tuple[float | None, float | None, float]
) -> Line:
    first_end = told.readings[0].at + WEEK if told.readings else page.now
    first = [r for r in told.readings if r.at < first_end]
    last = [r for r in told.readings if r.at > page.now - WEEK and r.at >= first_end]
    points = tuple((r.at, r.value) for r in told.readings)
    return Line(
        name=told.measure.told(page._, told.side),
        first=summed(page, first),
        last=summed(page, last),
        verdict=_change(page, told),
        stands_out=told.verdict in (Verdict.BETTER, Verdict.WORSE),
        words=_words(page, told),
        points=points,
        medians=points if told.measure.weekly else told.medians,
        wobble=told.band,
        span=span,
    )


def _only_shown(line: Line, name: str) -> Line:
    """A measure that is shown, but of which nothing is stated."""
    return Line(name, line.first, line.last, "", False, "", line.points, line.medians, None, line.span)


def _degrees(page: _Page, readings: Sequence[Reading]) -> str:
    """The median, and the usual standard error of one of them: a camera's error does not shrink by looking again."""
    if not readings:
        return "–"
    middle = Measured(median(r.value for r in readings), sqrt(fmean(r.error**2 for r in readings)))
    return f"{page.number(middle.value or 0.0)}° ± {page.number(middle.error or 0.0)}°"


def _mean(page: _Page, readings: Sequence[Reading]) -> str:
    return page.number(fmean(r.value for r in readings), 1) if readings else "–"


def _change(page: _Page, told: Trend) -> str:
    verdict = told.verdict.told(page._)
    if told.change is None or told.change_error is None:
        return verdict
    digits, unit = (0, "°") if told.measure.in_degrees else (1, "")
    sign = "+" if told.change >= 0 else "−"
    amount = f"{sign}{page.number(abs(told.change), digits)}{unit} ± {page.number(told.change_error, digits)}{unit}"
    return f"{verdict} ({amount})"


def _words(page: _Page, told: Trend) -> str:
    """How sure it is, and what was not compared."""
    _ = page._
    said = [] if told.odds is None else [_odds(told.odds, _)]
    if told.left_out:
        said.append(_("{count} values with another set-up left out").format(count=told.left_out))
    return "; ".join(said)


def _odds(odds: float, _: Translate) -> str:
    likely = max(odds, 1 - odds)
    if likely < 0.55:
        return _("as likely higher as lower")
    if likely >= 0.95:
        return _("more than 19 in 20 that it is higher") if odds > 0.5 else _("more than 19 in 20 that it is lower")
    words = _("about {tenths} in 10 that it is higher") if odds > 0.5 else _("about {tenths} in 10 that it is lower")
    return words.format(tenths=min(9, round(10 * likely)))


def _answers(page: _Page, diary: Sequence[Entry]) -> Iterable[Answers]:
    for instrument in Instrument:
        asked, found = questionnaires()[instrument], scores(diary, instrument)
        alike = [s for s in found if s.items == found[-1].items]
        if alike:
            yield _questionnaire(page, instrument, asked, alike)


def _questionnaire(page: _Page, instrument: Instrument, asked: Questionnaire, found: Sequence[Scored]) -> Answers:
    _ = page._
    first, last = found[0], found[-1]
    way = _("higher is better") if asked.higher_is_better else _("lower is better")
    digits = 0 if asked.counts or instrument is Instrument.GROC else 1

    def shown(score: Scored) -> str:
        return f"{page.number(score.score, digits)} ({format_skeleton('MMMd', score.at, locale=page.language.locale)})"

    only_last = instrument is Instrument.GROC or len(found) == 1
    return Answers(
        name=asked.told(asked.name, _),
        scale=_("{low} to {high}, {way}").format(low=page.number(asked.low), high=page.number(asked.highest_total), way=way),
        first="–" if only_last else shown(first),
        last=shown(last),
        words=_rated(asked, last.score, _) if instrument is Instrument.GROC else _meaning(asked, found, _),
    )


def _rated(asked: Questionnaire, score: float, _: Translate) -> str:
    """What a rating of change means: it is a change itself, from 0."""
    if not asked.change(0, score).clear:
        return _("not enough to matter")
    return _("better, enough to matter") if score > 0 else _("worse, enough to matter")


def _meaning(asked: Questionnaire, found: Sequence[Scored], _: Translate) -> str:
    if len(found) == 1:
        return _("one score so far")
    change = asked.change(found[0].score, found[-1].score)
    if change.clear:
        better, worse = (
            _("better, by more than the measuring error and the smallest change that matters"),
            _("worse, by more than the measuring error and the smallest change that matters"),
        )
        return better if change.points > 0 else worse
    if change.important:
        return _("enough to matter, but it may be measuring error")
    return _("no clear change")


def _noticed(page: _Page, done: Sequence[Sitting], known: Mapping[str, Movement] | None) -> Iterable[str]:
    _ = page._
    seen = [h for s in done for h in s.summary.holds if looked(h)]
    if seen:
        counts = Counter(fault for h in seen for fault in {span.fault for span in h.faults})
        words = _("{fault} in {count} of {holds} holds")
        faults = [words.format(fault=_(f.value.replace("_", " ")), count=counts[f], holds=len(seen)) for f in Fault if counts[f]]
        yield _(", ").join(faults) if faults else _("no faults of posture in {holds} holds").format(holds=len(seen))
        unmeasured = sum(h.knee_drop_deg.value is None for h in seen)
        if unmeasured:
            yield _("{count} of {holds} holds could not be measured").format(count=unmeasured, holds=len(seen))
    unseen = sum(not any(looked(h) for h in s.summary.holds) for s in done)
    if unseen:
        yield _("{count} of {sessions} sessions without a camera: only their time is known").format(
            count=unseen, sessions=len(done)
        )
    ends = Counter(e.why for s in done for e in s.events if isinstance(e, SessionEnded))
    early = ends[EndReason.PAIN] + ends[EndReason.DISCOMFORT]
    yield (
        _("ended early because it was uncomfortable: {count}").format(count=early)
        if early
        else _("none ended early for discomfort")
    )
    for measure in (Measure.KNEE_DROP, Measure.TWIST):
        left, right = (angle_readings(done, measure, side, None, known) for side in Side)
        differs = compare_sides(left, right, measure).told(_)
        if differs:
            yield f"{_('knee drop') if measure is Measure.KNEE_DROP else _('trunk twist')}: {differs}"


def _setup(page: _Page, done: Sequence[Sitting], plan: Plan | None, known: Mapping[str, Movement] | None) -> Iterable[str]:
    _ = page._
    yield from [_("No plan stands at the moment.")] if plan is None else _told_plan(page, plan)
    movements = catalogue() if known is None else known
    setups = Counter(u for s in done for h in s.summary.holds if looked(h) and (u := setup_of(s, h, movements)))
    for setup, _count in setups.most_common(1):
        surface, height = setup.surface, setup.cushion_cm
        facts = [_(VIEWS[setup.view]), *([_(surface.value)] if surface else [])]
        facts += [_("cushion {height} cm").format(height=page.number(height))] if height else []
        yield _("Mostly: {facts}").format(facts=_(", ").join(facts))
    last = done[-1].summary
    yield _("Measured by {engine} with {estimator}").format(engine=last.engine, estimator=last.estimator)


def _told_plan(page: _Page, plan: Plan) -> Iterable[str]:
    _ = page._
    words = _("{name}, {holds} × {seconds} s")
    doses = (words.format(name=_(m.name), holds=m.holds_a_side, seconds=page.number(m.hold_s)) for m in plan.steps)
    author = f" ({plan.author})" if plan.author else ""
    yield _("Plan: {name}{author}; {doses}; {count} times a week").format(
        name=_(plan.name), author=author, doses="; ".join(doses), count=len(plan.days) * plan.sessions_a_day
    )
    yield from plan.limits.told(_)


def _cannot(_: Translate) -> tuple[str, ...]:
    return (
        _("Angles are estimates of one ordinary camera; ± is one standard error of a single measurement."),
        _("The knee drop is not an angle of the spine: hips and pelvis make most of it."),
        _("Nothing here says why something changed."),
        _("A change of movement and a change of comfort often do not go together (Wernli 2020)."),
        _("A difference between the sides is no fault."),
        told_usual_course(_),
    )


def _in_posture(done: Sequence[Sitting]) -> float | None:
    """Share of the time of all holds that a camera saw, in posture."""
    seen = [h for s in done for h in s.summary.holds if looked(h)]
    whole_s = sum(h.duration_s for h in seen)
    return min(1.0, sum(h.in_posture_s for h in seen) / whole_s) if whole_s else None


def _plans(diary: Iterable[Entry], known: Mapping[str, Movement] | None) -> list[tuple[date, Plan]]:
    """From which day on which plan stood; the one that ships before any other. One that cannot be read any more is left out."""
    found = [(date.min, default_plan())]
    for entry in sorted((e for e in diary if isinstance(e, PlanAccepted)), key=lambda e: e.at):
        try:
            found.append((entry.at.date(), parse_plan(entry.toml, known)))
        except InvalidPlan:
            continue
    return found


def _plan_on(day: date, plans: Sequence[tuple[date, Plan]]) -> Plan:
    return [plan for since, plan in plans if since <= day][-1]


def _dose_weeks(done: Sequence[Sitting], now: datetime, plans: Sequence[tuple[date, Plan]]) -> tuple[DoseWeek, ...]:
    """The dose of each week, with the days that were planned in it until now."""
    return tuple(
        DoseWeek(
            week.start, week.left_s, week.right_s, week.days_done,
            sum(is_planned(_plan_on(day, plans), day) for day in _days(week.start, min(week.start + timedelta(days=6), now.date()))),
        )
        for week in dose_weeks(done, now, None)
    )  # fmt: skip


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))
