"""What a person's own journal can say about a claim. Pure."""

from __future__ import annotations

from kneeroll.course.course import Course
from kneeroll.inside.claims import Claim, Look
from kneeroll.languages import Translate
from kneeroll.outcomes import Measure, Trend, Verdict


def own_word(claim: Claim, course: Course, _: Translate) -> tuple[str, ...]:
    """What the journal shows of it, a sentence each: verdicts of weeks, days done, sides, alternations; empty without any."""
    return tuple(words for look in claim.looks_at for words in _seen(look, course, _))


def _seen(look: Look, course: Course, _: Translate) -> list[str]:
    if look is Look.DAYS_DONE:
        return [_("In the last four weeks: {days}.").format(days=course.days_done().told(_))] if course.sessions else []
    if look is Look.SIDES:
        return [words for difference in course.sides if (words := difference.told(_)) is not None] or _no_difference(course, _)
    if look is Look.TRIALS:
        return [outcome.told(_) for outcome in course.outcomes]
    measure = Measure(look.value)
    return [_of_weeks(trend, _) for trend in course.trends if trend.measure is measure]


def _of_weeks(trend: Trend, _: Translate) -> str:
    return trend.told(_)[0] if trend.verdict is Verdict.NOT_ENOUGH_DAYS else f"{trend.title(_)}."


def _no_difference(course: Course, _: Translate) -> list[str]:
    compared = max(len(difference.differences) for difference in course.sides)
    words = _("In your last {sessions} sessions your sides did not clearly differ.")
    return [words.format(sessions=compared)] if compared else []
