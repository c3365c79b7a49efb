"""The small pictures of the report as inline SVG, in black and grey, all with the same weeks below each other. Pure.

How each shape looks stands in the shape itself: what makes the PDF does not give the page's style to a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from markupsafe import Markup

from kneeroll.exports.report.values import Line, Report
from kneeroll.outcomes.readings import DoseWeek

WIDTH, HEIGHT, MARGIN = 170.0, 30.0, 16.0
BARS_WIDTH, BARS_HEIGHT = 520.0, 62.0
LETTERS = 6.5
BLACK, DARK, GREY, PALE = "#111", "#444", "#aaa", "#e4e4e4"
GAP = timedelta(days=10)
"""A line does not bridge more than this."""


def spark(line: Line, report: Report) -> Markup:
    """Each value as a dot, the median of seven days as a line, the usual wobble of a week as a band."""
    low, high = _span(line)
    values = [value for _, value in line.points]

    def x(at: datetime) -> float:
        return MARGIN + (WIDTH - MARGIN - 2) * ((at - report.start) / max(report.end - report.start, timedelta(days=1)))

    def y(value: float) -> float:
        return 2 + (HEIGHT - 4) * (high - min(max(value, low), high)) / (high - low)

    weeks = [report.start + timedelta(weeks=4 * n) for n in range(1, 1 + (report.end - report.start).days // 28)]
    drawn = [f'<path d="M{x(at):.1f} 0V{HEIGHT:g}" stroke="{GREY}" stroke-width="0.4"/>' for at in weeks]
    if line.wobble:
        top, foot = y(line.wobble[1]), y(line.wobble[0])
        drawn.insert(0, _rect(MARGIN, top, WIDTH - MARGIN, max(foot - top, 0.5), PALE))
    drawn += [f'<circle cx="{x(at):.1f}" cy="{y(value):.1f}" r="1.1" fill="#999"/>' for at, value in line.points]
    median = _path([(at, x(at), y(value)) for at, value in line.medians])
    drawn.append(f'<path d="{median}" fill="none" stroke="{BLACK}" stroke-width="1.4" stroke-linejoin="round"/>')
    if values:
        drawn += [_label(MARGIN - 2, 6, f"{high:.0f}", "end"), _label(MARGIN - 2, HEIGHT - 1, f"{low:.0f}", "end")]
    return _svg(WIDTH, HEIGHT, drawn)


def bars(weeks: Sequence[DoseWeek]) -> Markup:
    """Minutes of each week, left and right; below each the days done of those planned."""
    top = ceil(max([1.0, *(seconds / 60 for week in weeks for seconds in (week.left_s, week.right_s))]))
    step, ground = BARS_WIDTH / max(len(weeks), 6), BARS_HEIGHT - 9
    drawn = [f'<path d="M0 {y:g}H{BARS_WIDTH:g}" stroke="{ink}" stroke-width="0.5"/>' for y, ink in ((ground, DARK), (9, GREY))]
    for i, week in enumerate(weeks):
        for offset, fill, seconds in ((0.2, BLACK, week.left_s), (0.5, GREY, week.right_s)):
            height = (ground - 9) * seconds / 60 / top
            drawn.append(_rect((i + offset) * step, ground - height, 0.28 * step, height, fill))
        drawn.append(_label((i + 0.5) * step, BARS_HEIGHT - 1, f"{week.days_done}/{week.days_planned}", "middle"))
    drawn.append(_label(0, 6, f"{top} min", "start"))
    return _svg(BARS_WIDTH, BARS_HEIGHT, drawn)


def _span(line: Line) -> tuple[float, float]:
    """The ends of the value axis: those of a scale, or what the values need and never less than the least span."""
    low, high, least = line.span
    if low is not None and high is not None:
        return low, high
    ends = [value for _, value in line.points] + list(line.wobble or ())
    below, above = min(ends, default=0.0), max(ends, default=least)
    spare = max(1.0, (least - (above - below)) / 2)
    return below - spare, above + spare


def _path(points: Sequence[tuple[datetime, float, float]]) -> str:
    """A line with a hole where too much time lies between two points."""
    before = [None, *(at for at, _, _ in points)]
    moves = ("M" if last is None or at - last > GAP else "L" for last, (at, _, _) in zip(before, points, strict=False))
    return "".join(f"{move}{x:.1f} {y:.1f}" for move, (_, x, y) in zip(moves, points, strict=True))


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{LETTERS}" fill="{DARK}" text-anchor="{anchor}">{text}</text>'


def _svg(width: float, height: float, drawn: Sequence[str]) -> Markup:
    """Only numbers went into it."""
    return Markup(f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">{"".join(drawn)}</svg>')
