"""The weeks on one page for a professional, with the inside view of the last session: what every door hands on."""

from __future__ import annotations

from kneeroll.course.course import Course
from kneeroll.course.holds import cushion_cm, deepest
from kneeroll.exports.report import Report, compose, to_html, to_pdf
from kneeroll.inside import look_inside
from kneeroll.languages import Language, translator
from kneeroll.plots.inside import inside_svg


def report_file(course: Course, kind: str, *, weeks: int, language: Language) -> tuple[Report, bytes]:
    """The report of the last weeks and its file, `pdf` or else HTML. NotExported says what is in the way."""
    report = compose(
        course.sittings, course.diary, course.now, course.standing, weeks=weeks, language=language, known=course.known
    )
    inside = newest_inside(course, language)
    if kind == "pdf":
        return report, to_pdf(report, language, inside)
    return report, to_html(report, language, inside=inside).encode()


def newest_inside(course: Course, language: Language) -> tuple[str, ...]:
    """The pictures of the last session in which something was measured, a side each; none where there is no such session."""
    _ = translator(language)
    record = next((one for one in reversed(course.sessions) if deepest(one)), None)
    if record is None:
        return ()
    return tuple(
        inside_svg(look_inside(hold), _, lies_on_cm=cushion_cm(record, hold, course.known), prefix=f"report-{side}")
        for side, hold in deepest(record).items()
    )
