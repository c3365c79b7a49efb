"""Weeks as SVG: one trend with its errors, its median and its usual wobble; the dose of each week. Higher is better. Pure.

Drawn by hand, so that ten years of days take milliseconds. The page's style has the colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from math import ceil, floor, log10

import numpy as np

from kneeroll.languages import Translate
from kneeroll.outcomes.readings import DoseWeek, Measure
from kneeroll.outcomes.trends import BLOCK_DAYS, USUAL_COURSE, USUAL_COURSE_WEEKS, Trend
from kneeroll.plots.pen import text
from kneeroll.poses import Floats

WEEK = timedelta(days=7)
MANY = 200
"""With more points their errors would hide everything."""
LINE_POINTS = 800
"""A line of more points than it has room for is thinned to about so many."""
GAP_WEEKS = 1.5
"""A line does not bridge more than this."""
LEAST_WEEKS = 4
WEEKS_SHOWN = 12
RATING_SPAN, ANGLE_SPAN = (-0.3, 10.3), 30.0
"""The value axis of ratings; and the least that an angle's axis spans, so that a wobble never looks like a mountain."""
WIDTH, EDGE, LEFT, TOP, FOOT = 460, 4, 38, 56, 236
"""The picture's width and margin, and where the field of values begins and ends. Narrow: a phone shows legible letters."""
ROW = 19
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class _Field:
    """From weeks and values to places in the picture."""

    week: tuple[float, float]
    value: tuple[float, float]

    def x(self, week: Floats) -> Floats:
        return LEFT + (WIDTH - LEFT - EDGE) * (week - self.week[0]) / (self.week[1] - self.week[0])

    def y(self, value: Floats) -> Floats:
        return FOOT - (FOOT - TOP) * (np.clip(value, *self.value) - self.value[0]) / (self.value[1] - self.value[0])

    def points(self, week: Floats, value: Floats, digits: int = 1) -> list[tuple[float, float]]:
        x, y = np.round(self.x(week), digits), np.round(self.y(value), digits)
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def line(self, week: Floats, value: Floats, css: str) -> str:
        """A line with a hole where too much time lies between two points."""
        thin = max(1, len(week) // LINE_POINTS)
        week, value = week[::thin], value[::thin]
        moves = ["M", *("M" if gap > GAP_WEEKS else "L" for gap in np.diff(week))]
        return _path("".join(f"{m}{x:g} {y:g}" for m, (x, y) in zip(moves, self.points(week, value), strict=True)), css)

    def grid(self) -> Iterator[str]:
        for value in _ticks(*self.value):
            y = float(self.y(np.array(value)))
            yield _path(f"M{LEFT} {y:.1f}H{WIDTH - EDGE}", "grid") + text(LEFT - 6, y + 4, f"{value:g}", "small", "end")


def trend_svg(trend: Trend, _: Translate = str) -> str:
    """One trend over the weeks since its first value; the verdict is its title."""
    title, unit = trend.title(_), trend.measure.unit(_)
    if not trend.readings:
        return _svg(title, "", [_say(trend.told(_)[0])])
    first = trend.readings[0].at
    week = _weeks([r.at for r in trend.readings], first)
    value, error = (np.array([getattr(r, name) for r in trend.readings]) for name in ("value", "error"))
    field = _Field((-0.2, max(LEAST_WEEKS, float(week[-1])) + 0.3), _span(trend, value, error))
    drawn, legend = [*field.grid()], list[tuple[str, str]]()
    if trend.band:
        foot, top = field.y(np.array(trend.band))
        drawn.append(_rect(LEFT, top, WIDTH - EDGE - LEFT, foot - top, "band"))
        legend.append(("band", _("usual wobble of a week, if nothing changes")))
    if trend.measure is Measure.COMFORT:
        until = np.array([0.0, max(LEAST_WEEKS, min(float(week[-1]), USUAL_COURSE_WEEKS[-1]))])
        at = np.sort(np.append(until, [w for w in USUAL_COURSE_WEEKS if 0 < w < until[1]]))
        drawn += [_path(_joined(field.points(at, np.interp(at, USUAL_COURSE_WEEKS, c))), "usual") for c in USUAL_COURSE.values()]
        legend.append(("usual", _("usual course in studies, without this program")))
    if len(week) <= MANY:
        ends = zip(field.points(week, value - error), field.points(week, value + error), strict=True)
        drawn.append(_path("".join(f"M{x:g} {low:g}V{high:g}" for (x, low), (_x, high) in ends), "error"))
        drawn.append(_path(_dots(field.points(week, value)), "dot"))
        legend.append(("dot", _("each value ± its error")))
    else:
        drawn.append(_path(_dots(field.points(week, value, digits=0)), "dot tiny"))
        legend.append(("dot tiny", _("each value")))
    if trend.measure.weekly:
        drawn.append(field.line(week, value, "main"))
    elif trend.medians:
        moments, medians = zip(*trend.medians, strict=True)
        drawn.append(field.line(_weeks(moments, first), np.array(medians), "main"))
        legend.append(("main", _("median of 7 days")))
    for block, level in trend.levels:
        ends_at = np.array([block, block + 1]) * BLOCK_DAYS / 7
        drawn.append(_path(_joined(field.points(ends_at, np.array([level, level]))), "level"))
    if trend.levels:
        legend.append(("level", _("mean of the four weeks that are compared")))
    for tick in _ticks(0.0, field.week[1], least=1):
        drawn.append(text(float(field.x(np.array(tick))), FOOT + 16, f"{tick:g}", "small", "middle"))
    higher = unit if trend.measure is Measure.DOSE else _("{unit}, higher is better").format(unit=unit)
    return _svg(title, higher, drawn, _("weeks since the first value"), legend)


def dose_svg(weeks: Sequence[DoseWeek], _: Translate = str) -> str:
    """Minutes held on each side in the last weeks, and on how many days of those planned."""
    title = _("minutes held a week")
    if not weeks:
        return _svg(title, "", [_say(_("Nothing done yet."))])
    shown = weeks[-WEEKS_SHOWN:]
    top = max(5.0, *(seconds / 60 for w in shown for seconds in (w.left_s, w.right_s)))
    field = _Field((0.4, max(LEAST_WEEKS, len(shown)) + 0.6), (0.0, 1.18 * top))
    drawn = [*field.grid()]
    for at, week in enumerate(shown, start=1):
        begins, middle, ends = (float(x) for x in field.x(np.array([at - 0.37, at, at + 0.37])))
        left, right = (float(y) for y in field.y(np.array([week.left_s, week.right_s]) / 60))
        drawn.append(_rect(begins, left, middle - begins - 1, FOOT - left, "left"))
        drawn.append(_rect(middle + 1, right, ends - middle - 1, FOOT - right, "right"))
        drawn.append(text(middle, min(left, right) - 5, _days(week), "small", "middle"))
        drawn.append(text(middle, FOOT + 16, str(len(weeks) - len(shown) + at), "small", "middle"))
    below = _("week; above it the days done of those planned")
    return _svg(title, _("minutes"), drawn, below, [("left", _("left")), ("right", _("right"))])


def _svg(title: str, unit: str, drawn: Iterable[str], below: str = "", legend: Sequence[tuple[str, str]] = ()) -> str:
    """The whole picture: its title, the unit of its values, what is drawn, what lies along it, and what its signs mean."""
    rows = [text(EDGE, 18, title, "name", within=WIDTH - 2 * EDGE), text(EDGE, 40, unit, "small")]
    if below:
        rows.append(text(EDGE, FOOT + 36, below, "small"))
    for row, (css, words) in enumerate(legend):
        y = FOOT + 58 + ROW * row
        rows += [_sign(y - 4, css), text(EDGE + 32, y, words, "small", within=WIDTH - 2 * EDGE - 32)]
    height = FOOT + 44 + ROW * len(legend) + 8
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" class="weeks" viewBox="0 0 {WIDTH} {height}" role="img"'
    return "".join([f'{opened} aria-label="{escape(title)}">', *rows, *drawn, "</svg>"])


def _sign(y: int, css: str) -> str:
    """What stands for a kind of mark in the legend."""
    if css in ("band", "left", "right"):
        return _rect(EDGE, y - 6, 24, 12, css)
    return _path(_dots([(EDGE + 12, y)]) if css.startswith("dot") else f"M{EDGE} {y}h24", css)


def _say(words: str) -> str:
    return text(WIDTH / 2, (TOP + FOOT) / 2, words, "small", "middle", within=WIDTH - 10)


def _days(week: DoseWeek) -> str:
    return str(week.days_done) if week.days_planned is None else f"{week.days_done}/{week.days_planned}"


def _path(d: str, css: str) -> str:
    return f'<path class="{css}" d="{d}"/>'


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _dots(points: Iterable[tuple[float, float]]) -> str:
    """Each point once, as a stroke without length, which has round ends."""
    return "".join(f"M{x:g} {y:g}h.01" for x, y in dict.fromkeys(points))


def _rect(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _ticks(low: float, high: float, least: float = 0.0) -> list[float]:
    """At most six round numbers between two ends, `least` or more apart.

    >>> _ticks(-0.3, 10.3), _ticks(0.0, 522.0, least=1)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.0, 100.0, 200.0, 300.0, 400.0, 500.0])
    """
    rough = max((high - low) / MOST_TICKS, least)
    ten = 10.0 ** floor(log10(rough))
    step = next(ten * n for n in (1, 2, 5, 10) if ten * n >= rough)
    return [step * n for n in range(ceil(low / step), floor(high / step) + 1)]


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
