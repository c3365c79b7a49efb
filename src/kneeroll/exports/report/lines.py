"""The rows of the report's tables: a measure or a questionnaire, its beginning beside its end, and what the weeks say. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from statistics import fmean, median

from kneeroll.diary import Entry, Instrument
from kneeroll.events import ComfortRated
from kneeroll.exports.report.values import Answers, Line, Telling
from kneeroll.languages import Translate
from kneeroll.outcomes import (
    Measure,
    Questionnaire,
    Reading,
    Scored,
    Sitting,
    Trend,
    Verdict,
    activity_readings,
    comfort_readings,
    morning_readings,
    questionnaires,
    scores,
    trend,
)  # fmt: skip
from kneeroll.outcomes.readings import RATING_ERROR, WEEK
from kneeroll.poses import Side

Angles = Mapping[tuple[Measure, Side], Sequence[Reading]]
LEAST_SPAN_DEG = 30.0
"""So that a wobble never looks like a mountain."""


def ranges(tell: Telling, angles: Angles) -> Iterable[Line]:
    """The cold angles of each side. angles: of all weeks, as for `comfort`; what they say is what *My progress* says."""
    for (measure, side), readings in angles.items():
        yield from _line(tell, trend(readings, tell.now, measure, side), _degrees, (None, None, LEAST_SPAN_DEG))


def comfort(tell: Telling, done: Sequence[Sitting], diary: Sequence[Entry]) -> Iterable[Line]:
    """How it felt before a session, after it (shown only: nothing is stated of it), on the next morning; and the activities."""
    rated = [(s.started_at, e) for s in done for e in s.events if isinstance(e, ComfortRated) and e.after]
    after = [Reading(at, 10.0 - e.discomfort, RATING_ERROR) for at, e in rated if e.discomfort is not None]
    followed = [
        (Measure.COMFORT, comfort_readings(done), ""),
        (Measure.COMFORT, after, tell._("comfort after the session")),
        (Measure.MORNING, morning_readings(diary), ""),
        (Measure.ACTIVITIES, activity_readings(diary), ""),
    ]
    for measure, readings, only_shown_as in followed:
        for line in _line(tell, trend(readings, tell.now, measure), _mean, (0.0, 10.0, 10.0)):
            shown = replace(line, name=only_shown_as, verdict="", stands_out=False, words="", wobble=None)
            yield shown if only_shown_as else line


def _line(
    tell: Telling,
    told: Trend,
    summed: Callable[[Telling, Sequence[Reading]], str],
    span: tuple[float | None, float | None, float],
) -> Iterable[Line]:
    """What all weeks say, beside the values of those that are told; nothing where these have none."""
    shown = [r for r in told.readings if r.at >= tell.since]
    if not shown:
        return
    first_end = shown[0].at + WEEK
    first = [r for r in shown if r.at < first_end]
    last = [r for r in shown if r.at > tell.now - WEEK and r.at >= first_end]
    points = tuple((r.at, r.value) for r in shown)
    yield Line(
        name=told.measure.told(tell._, told.side),
        first=summed(tell, first),
        last=summed(tell, last),
        verdict=_change(tell, told),
        stands_out=told.verdict in (Verdict.BETTER, Verdict.WORSE),
        words=_words(tell, told),
        points=points,
        medians=points if told.measure.weekly else tuple(one for one in told.medians if one[0] >= tell.since),
        wobble=told.band,
        span=span,
    )


def _degrees(tell: Telling, readings: Sequence[Reading]) -> str:
    """The median, and the usual standard error of one of them: a camera's error does not shrink by looking again."""
    if not readings:
        return "–"
    middle, error = median(r.value for r in readings), sqrt(fmean(r.error**2 for r in readings))
    return f"{tell.number(middle)}° ± {tell.number(error)}°"


def _mean(tell: Telling, readings: Sequence[Reading]) -> str:
    return tell.number(fmean(r.value for r in readings), 1) if readings else "–"


def _change(tell: Telling, told: Trend) -> str:
    verdict = told.verdict.told(tell._)
    if told.change is None or told.change_error is None:
        return verdict
    digits, unit = (0, "°") if told.measure.in_degrees else (1, "")
    sign = "−" if round(told.change, digits) < 0 else "+"
    amount = f"{sign}{tell.number(abs(told.change), digits)}{unit} ± {tell.number(told.change_error, digits)}{unit}"
    return f"{verdict} ({amount})"


def _words(tell: Telling, told: Trend) -> str:
    """How sure it is, and what was not compared."""
    _ = tell._
    said = [] if told.odds is None else [_odds(told.odds, _)]
    if told.left_out:
        said.append(_("{count} values with another set-up are not compared").format(count=told.left_out))
    return "; ".join(said)


def _odds(odds: float, _: Translate) -> str:
    likely = max(odds, 1 - odds)
    if likely < 0.55:
        return _("as likely higher as lower")
    if likely >= 0.95:
        return _("more than 19 in 20 that it is higher") if odds > 0.5 else _("more than 19 in 20 that it is lower")
    words = _("about {tenths} in 10 that it is higher") if odds > 0.5 else _("about {tenths} in 10 that it is lower")
    return words.format(tenths=min(9, round(10 * likely)))


def answers(tell: Telling, diary: Sequence[Entry]) -> Iterable[Answers]:
    for instrument in Instrument:
        asked, found = questionnaires()[instrument], scores(diary, instrument)
        alike = [s for s in found if s.items == found[-1].items]
        if alike:
            yield _questionnaire(tell, instrument, asked, alike)


def _questionnaire(tell: Telling, instrument: Instrument, asked: Questionnaire, found: Sequence[Scored]) -> Answers:
    _ = tell._
    first, last = found[0], found[-1]
    way = _("higher is better") if asked.higher_is_better else _("lower is better")
    digits = 0 if asked.counts or instrument is Instrument.GROC else 1

    def shown(score: Scored) -> str:
        return f"{tell.number(score.score, digits)} ({tell.day(score.at)})"

    only_last = instrument is Instrument.GROC or len(found) == 1
    return Answers(
        name=asked.told(asked.name, _),
        scale=_("{low} to {high}, {way}").format(low=tell.number(asked.low), high=tell.number(asked.highest_total), way=way),
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
