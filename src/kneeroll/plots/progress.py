"""Weeks as SVG: one trend with its errors, its median and its usual wobble; the dose of each week. Higher is better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from kneeroll.languages import Translate
from kneeroll.outcomes.readings import DoseWeek, Measure
from kneeroll.outcomes.trends import BLOCK_DAYS, USUAL_COURSE, USUAL_COURSE_WEEKS, Trend
from kneeroll.plots.trace import INK, KNEES, PELVIS, THORAX
from kneeroll.poses import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WEEK = timedelta(days=7)
MANY = 200
"""With more points their errors would hide everything."""
GAP_WEEKS = 1.5
"""A line does not bridge more than this."""
LEAST_WEEKS = 4
WEEKS_SHOWN = 12
RATING_SPAN, ANGLE_SPAN = (-0.3, 10.3), 30.0
"""The value axis of ratings; and the least that an angle's axis spans, so that a wobble never looks like a mountain."""


def trend_figure(trend: Trend, _: Translate = str) -> Figure:
    """One trend over the weeks since its first value; the verdict is its title."""
    figure, axes = _empty(trend.title(_))
    if not trend.readings:
        return _say(figure, axes, trend.told(_)[0])
    first = trend.readings[0].at
    week = _weeks([r.at for r in trend.readings], first)
    value, error = (np.array([getattr(r, name) for r in trend.readings]) for name in ("value", "error"))
    if trend.band:
        axes.axhspan(*trend.band, color=INK, alpha=0.18, lw=0, label=_("usual wobble of a week, if nothing changes"))
    if trend.measure is Measure.COMFORT:
        _draw_usual_course(axes, float(week[-1]), _)
    errors = error if len(week) <= MANY else None
    axes.errorbar(
        week, value, errors, fmt="o", color=KNEES, ms=4 if errors is not None else 2, elinewidth=0.8, alpha=0.45, lw=0,
        label=_("each value ± its error") if errors is not None else _("each value"),
    )  # fmt: skip
    if trend.measure.weekly:
        axes.plot(*_broken(week, value), color=KNEES, lw=2.4)
    elif trend.medians:
        moments, medians = zip(*trend.medians, strict=True)
        axes.plot(*_broken(_weeks(moments, first), np.array(medians)), color=KNEES, lw=2.4, label=_("median of 7 days"))
    for i, (block, level) in enumerate(trend.levels):
        ends = np.array([block, block + 1]) * BLOCK_DAYS / 7
        axes.plot(
            ends, [level, level], color=INK, lw=2.4, label=_("mean of the four weeks that are compared") if i == 0 else None
        )
    axes.set_xlim(-0.2, max(LEAST_WEEKS, float(week[-1])) + 0.3)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(*_span(trend, value, error))
    axes.set_xlabel(_("weeks since the first value"), color=INK, loc="left")
    unit = trend.measure.unit(_)
    axes.set_ylabel(unit if trend.measure is Measure.DOSE else _("{unit}, higher is better").format(unit=unit), color=INK)
    axes.legend(frameon=False, labelcolor=INK, loc="upper right", ncols=2, bbox_to_anchor=(1.0, -0.1), fontsize=9)
    return figure


def dose_figure(weeks: Sequence[DoseWeek], _: Translate = str) -> Figure:
    """Minutes held on each side in the last weeks, and on how many days of those planned."""
    figure, axes = _empty(_("minutes held a week"))
    if not weeks:
        return _say(figure, axes, _("Nothing done yet."))
    shown = weeks[-WEEKS_SHOWN:]
    axes.set_xlim(0.4, max(LEAST_WEEKS, len(shown)) + 0.6)
    number = np.arange(len(weeks) - len(shown), len(weeks)) + 1
    at = np.arange(len(shown)) + 1.0
    left, right = (np.array([getattr(w, name) / 60 for w in shown]) for name in ("left_s", "right_s"))
    axes.bar(at - 0.19, left, 0.36, color=KNEES, label=_("left"))
    axes.bar(at + 0.19, right, 0.36, color=PELVIS, hatch="////", edgecolor="white", lw=0, label=_("right"))
    top = max(5.0, *left, *right)
    axes.set_ylim(0, 1.18 * top)
    for x, height, week in zip(at, np.maximum(left, right), shown, strict=True):
        axes.annotate(_days(week), (x, height + 0.02 * top), ha="center", va="bottom", color=INK, fontsize=9)
    axes.set_xticks(at, [str(n) for n in number])
    axes.set_xlabel(_("week; above it the days done of those planned"), color=INK, loc="left")
    axes.set_ylabel(_("minutes"), color=INK)
    axes.legend(frameon=False, labelcolor=INK, loc="upper right", ncols=2, bbox_to_anchor=(1.0, -0.1), fontsize=9)
    return figure


def _days(week: DoseWeek) -> str:
    return str(week.days_done) if week.days_planned is None else f"{week.days_done}/{week.days_planned}"


def _draw_usual_course(axes: Axes, last_week: float, _: Translate) -> None:
    """What comfort does without this program, as far as the weeks reach."""
    until = max(LEAST_WEEKS, min(last_week, USUAL_COURSE_WEEKS[-1]))
    week = np.linspace(0, until, 50)
    lines = [np.interp(week, USUAL_COURSE_WEEKS, course) for course in USUAL_COURSE.values()]
    for line, label in zip(lines, (_("usual course in studies, without this program"), None), strict=True):
        axes.plot(week, line, color=THORAX, lw=1.2, ls="--", label=label)


def _empty(title: str) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.8), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.set_title(title, color=INK, fontsize=13, loc="left")
    axes.tick_params(colors=INK)
    axes.grid(axis="y", color=INK, alpha=0.15)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure, axes


def _say(figure: Figure, axes: Axes, words: str) -> Figure:
    axes.annotate(words, (0.5, 0.5), xycoords="axes fraction", ha="center", color=INK)
    axes.set(xticks=[], yticks=[])
    return figure


def _weeks(moments: Sequence[datetime], first: datetime) -> Floats:
    return np.array([(at - first) / WEEK for at in moments])


def _broken(week: Floats, value: Floats) -> tuple[Floats, Floats]:
    """The line with a hole where too much time lies between two points."""
    holes = np.flatnonzero(np.diff(week) > GAP_WEEKS) + 1
    return np.insert(week, holes, np.nan), np.insert(value, holes, np.nan)


def _span(trend: Trend, value: Floats, error: Floats) -> tuple[float, float]:
    if trend.measure is Measure.DOSE:
        return 0.0, max(5.0, 1.15 * float(value.max()))
    if not trend.measure.in_degrees:
        return RATING_SPAN
    ends = [*(value - error), *(value + error), *(trend.band or ())]
    low, high = min(ends), max(ends)
    spare = max(2.0, (ANGLE_SPAN - (high - low)) / 2)
    return low - spare, high + spare
