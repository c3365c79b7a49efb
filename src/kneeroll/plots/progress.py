"""Weeks as SVG: one trend with its errors, its median and its usual wobble; the dose of each week. Higher is better. Pure.

Drawn by hand, so that ten years of days take milliseconds. The page's style has the colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np

from kneeroll.languages import Translate
from kneeroll.outcomes.readings import DoseWeek, Measure
from kneeroll.outcomes.trends import BLOCK_DAYS, USUAL_COURSE, USUAL_COURSE_WEEKS, Trend
from kneeroll.plots.chart import EDGE, Field, dots, joined, legend, path, rect, svg
from kneeroll.plots.words import text
from kneeroll.poses import Floats

WEEK = timedelta(days=7)
MANY = 200
"""With more points their errors would hide everything."""
GAP_WEEKS = 1.5
"""A line does not bridge more than this."""
LEAST_WEEKS = 4
WEEKS_SHOWN = 12
RATING_SPAN, ANGLE_SPAN = (-0.3, 10.3), 30.0
"""The value axis of ratings; and the least that an angle's axis spans, so that a wobble never looks like a mountain."""
WIDTH, LEFT, TOP, FOOT = 460, 38, 56, 236
"""The picture's width, and where the field of values begins and ends. Narrow: a phone shows legible letters."""


def trend_svg(trend: Trend, _: Translate = str) -> str:
    """One trend over the weeks since its first value; the verdict is its title."""
    title, unit = trend.title(_), trend.measure.unit(_)
    if not trend.readings:
        return _svg(title, "", [_say(trend.told(_)[0])])
    first = trend.readings[0].at
    week = _weeks([r.at for r in trend.readings], first)
    value, error = (np.array([getattr(r, name) for r in trend.readings]) for name in ("value", "error"))
    field = _field((-0.2, max(LEAST_WEEKS, float(week[-1])) + 0.3), _span(trend, value, error))
    drawn, signs = [*field.grid()], list[tuple[str, str]]()
    if trend.band:
        foot, top = field.y(np.array(trend.band))
        drawn.append(rect(LEFT, top, WIDTH - EDGE - LEFT, foot - top, "band"))
        signs.append(("band", _("usual wobble of a week, if nothing changes")))
    if trend.measure is Measure.COMFORT:
        until = np.array([0.0, max(LEAST_WEEKS, min(float(week[-1]), USUAL_COURSE_WEEKS[-1]))])
        at = np.sort(np.append(until, [w for w in USUAL_COURSE_WEEKS if 0 < w < until[1]]))
        drawn += [path(joined(field.points(at, np.interp(at, USUAL_COURSE_WEEKS, c))), "usual") for c in USUAL_COURSE.values()]
        signs.append(("usual", _("usual course in studies, without this program")))
    if len(week) <= MANY:
        drawn.append(field.bars(week, value - error, value + error, "error"))
        drawn.append(path(dots(field.points(week, value)), "dot"))
        signs.append(("dot", _("each value ± its error")))
    else:
        drawn.append(path(dots(field.points(week, value, digits=0)), "dot tiny"))
        signs.append(("dot tiny", _("each value")))
    if trend.measure.weekly:
        drawn.append(field.line(week, value, "main", GAP_WEEKS))
    elif trend.medians:
        moments, medians = zip(*trend.medians, strict=True)
        drawn.append(field.line(_weeks(moments, first), np.array(medians), "main", GAP_WEEKS))
        signs.append(("main", _("median of 7 days")))
    for block, level in trend.levels:
        ends_at = np.array([block, block + 1]) * BLOCK_DAYS / 7
        drawn.append(path(joined(field.points(ends_at, np.array([level, level]))), "level"))
    if trend.levels:
        signs.append(("level", _("mean of the four weeks that are compared")))
    drawn += field.feet(least=1)
    higher = unit if trend.measure is Measure.DOSE else _("{unit}, higher is better").format(unit=unit)
    return _svg(title, higher, drawn, _("weeks since the first value"), signs)


def dose_svg(weeks: Sequence[DoseWeek], _: Translate = str) -> str:
    """Minutes held on each side in the last weeks, and on how many days of those planned."""
    title = _("minutes held a week")
    if not weeks:
        return _svg(title, "", [_say(_("Nothing done yet."))])
    shown = weeks[-WEEKS_SHOWN:]
    top = max(5.0, *(seconds / 60 for w in shown for seconds in (w.left_s, w.right_s)))
    field = _field((0.4, max(LEAST_WEEKS, len(shown)) + 0.6), (0.0, 1.18 * top))
    drawn = [*field.grid()]
    for at, week in enumerate(shown, start=1):
        begins, middle, ends = (float(x) for x in field.x(np.array([at - 0.37, at, at + 0.37])))
        left, right = (float(y) for y in field.y(np.array([week.left_s, week.right_s]) / 60))
        drawn.append(rect(begins, left, middle - begins - 1, FOOT - left, "left"))
        drawn.append(rect(middle + 1, right, ends - middle - 1, FOOT - right, "right"))
        drawn.append(text(middle, min(left, right) - 5, _days(week), "small", "middle"))
        drawn.append(text(middle, FOOT + 16, str(len(weeks) - len(shown) + at), "small", "middle"))
    below = _("week; above it the days done of those planned")
    return _svg(title, _("minutes"), drawn, below, [("left", _("left")), ("right", _("right"))])


def _field(week: tuple[float, float], value: tuple[float, float]) -> Field:
    return Field(week, value, LEFT, WIDTH - EDGE, TOP, FOOT)


def _svg(title: str, unit: str, drawn: Iterable[str], below: str = "", signs: Sequence[tuple[str, str]] = ()) -> str:
    """The whole picture: its title, the unit of its values, what is drawn, what lies along it, and what its signs mean."""
    rows = [text(EDGE, 18, title, "name", within=WIDTH - 2 * EDGE), text(EDGE, 40, unit, "small")]
    if below:
        rows.append(text(EDGE, FOOT + 36, below, "small"))
    explained, y = legend(signs, FOOT + 58, WIDTH)
    return svg(WIDTH, y + 13 if signs else FOOT + 52, title, [*rows, *explained, *drawn])


def _say(words: str) -> str:
    return text(WIDTH / 2, (TOP + FOOT) / 2, words, "small", "middle", within=WIDTH - 10)


def _days(week: DoseWeek) -> str:
    return str(week.days_done) if week.days_planned is None else f"{week.days_done}/{week.days_planned}"


def _weeks(moments: Sequence[datetime], first: datetime) -> Floats:
    return np.array([(at - first) / WEEK for at in moments])


def _span(trend: Trend, value: Floats, error: Floats) -> tuple[float, float]:
    if trend.measure is Measure.DOSE:
        return 0.0, max(5.0, 1.15 * float(value.max()))
    if not trend.measure.in_degrees:
        return RATING_SPAN
    ends = [(value - error).min(), (value + error).max(), *(trend.band or ())]
    low, high = float(min(ends)), float(max(ends))
    spare = max(2.0, (ANGLE_SPAN - (high - low)) / 2)
    return low - spare, high + spare
