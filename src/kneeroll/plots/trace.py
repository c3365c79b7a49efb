"""The angles of a session over time as SVG: holds shaded, faults marked, the error as a band; the page colours it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from kneeroll.languages import Translate
from kneeroll.plots.chart import EDGE, ROW, Field, in_rows, legend, path, rect, svg, ticks
from kneeroll.plots.words import letters, text
from kneeroll.poses import Floats
from kneeroll.summaries import HoldSummary, Measured

WIDE, NARROW = 900, 380
"""How wide the picture is on a screen, and on a phone, where its letters stay legible."""
LEFT, RIGHT, HEIGHT = 46, 14, 240
"""Pixels beside the field of angles, and its height."""
LEAST_DEG, BEYOND_DEG = 40.0, 15.0
"""The angles go at least so far to each side, and by so much beyond the deepest."""
LETTER_PX = 8.0
MARK, SIGN = "m-5 -10h10l-5 10Z", "m-5 -5h10l-5 10Z"
"""Above what happened, and about the middle of its line in the legend."""
SPARK_PX = (160, 36)


def trace_svg(
    trace: Mapping[str, Floats],
    holds: Sequence[HoldSummary],
    faults: Sequence[tuple[float, str]],
    _: Translate = str,
    *,
    width: int = WIDE,
) -> str:
    """Knee drop with its error, pelvis and thorax roll over time.

    Parameters
    ----------
    trace
        `t_s`, `knee_drop_deg`, `knee_drop_error_deg`, `pelvis_roll_deg`, `thorax_roll_deg`, each (N,), NaN where not seen.
    faults
        (time in seconds, words) of each fault.
    """
    t_s, knees, error = trace["t_s"], trace["knee_drop_deg"], trace["knee_drop_error_deg"]
    reach = max(LEAST_DEG, float(np.nanmax(np.abs(knees), initial=0.0)) + BEYOND_DEG)
    span = (float(t_s[0]), max(float(t_s[-1]), float(t_s[0]) + 1.0)) if len(t_s) else (0.0, 1.0)
    field = Field(span, (-reach, reach), LEFT, width - RIGHT, 0, HEIGHT)
    told = [[_(hold.toward) + _degrees(hold.knee_drop_deg), *_crept(hold, _)] for hold in holds]
    above = _placed([0.5 * (hold.start_s + hold.end_s) for hold in holds], told, field)
    below = _placed([when_s for when_s, _words in faults], [[words] for _when_s, words in faults], field)
    high = ROW * max([1, *map(len, told)])
    top = EDGE + 6 + high * _rows(above)
    field = replace(field, top=top, foot=top + HEIGHT)
    drawn = [*_sides(field, _)]
    for hold, lines, (x, row) in zip(holds, told, above, strict=True):
        start, end = field.x(np.clip([hold.start_s, hold.end_s], *span)).tolist()
        drawn.append(rect(start, top, end - start, HEIGHT, "held"))
        first = top - 8 - high * row - ROW * (len(lines) - 1)
        drawn += [text(x, first + ROW * i, line, "small", "middle") for i, line in enumerate(lines)]
    drawn.append(field.band(t_s, knees - error, knees + error, "knees error"))
    for name, css in (("thorax_roll_deg", "chest"), ("pelvis_roll_deg", "pelvis"), ("knee_drop_deg", "knees")):
        drawn.append(field.line(t_s, trace[name], css))
    level, y = float(field.y(0.0)), field.foot + 16
    at = [(float(field.x(when_s)), y + ROW * (row + 1)) for (when_s, _words), (_x, row) in zip(faults, below, strict=True)]
    drawn += [path(f"M{x:.1f} {level:.1f}V{foot - 12:.0f}", "noticed thin") for x, foot in at]
    drawn += [path(f"M{x:.1f} {level:.1f}{MARK}", "noticed") for x, _foot in at]
    for (_when_s, words), (x, _row), (_at, foot) in zip(faults, below, at, strict=True):
        drawn.append(text(x, foot, words, "small", "middle"))
    y += ROW * (_rows(below) + 1)
    drawn.append(text(LEFT, y, _("seconds"), "small"))
    signs = [("knees", _("knees")), ("pelvis", _("pelvis")), ("chest", _("chest")), *[("noticed", _("noticed"))] * bool(faults)]
    explained, y = legend(signs, y + ROW + 6, width, {"noticed": SIGN})
    return svg(width, y + 13, _("knee drop over time, left is up"), [*drawn, *field.feet(), *explained])


def _sides(field: Field, _: Translate) -> Iterator[str]:
    """Lines across for round angles, and which side is which."""
    for degrees in ticks(*field.up):
        y = float(field.y(degrees))
        yield path(f"M{field.left} {y:.1f}H{field.right}", "grid" if degrees else "level thin")
        yield text(field.left - 6, y + 4, f"{abs(degrees):.0f}°", "small", "end")
    yield text(field.left + 4, field.top + 15, _("left"), "small")
    yield text(field.left + 4, field.foot - 7, _("right"), "small")


def _placed(when_s: Sequence[float], words: Sequence[Sequence[str]], field: Field) -> list[tuple[float, int]]:
    """Where the middle of each text stands, inside the picture, and in which row, so that none lies on another."""
    half = [3.0 + 0.5 * LETTER_PX * max(map(letters, lines)) for lines in words]
    x = [float(np.clip(field.x(t), EDGE + h, max(field.right - h, EDGE + h))) for t, h in zip(when_s, half, strict=True)]
    return list(zip(x, in_rows((a - h, a + h) for a, h in zip(x, half, strict=True)), strict=True))


def _rows(placed: Sequence[tuple[float, int]]) -> int:
    return max((row + 1 for _x, row in placed), default=0)


def _crept(hold: HoldSummary, _: Translate) -> list[str]:
    return [hold.knee_drop_creep.told(_)] if hold.knee_drop_creep.is_clear else []


def sparkline_svg(t_s: Floats, knee_drop_deg: Floats, _: Translate = str) -> str:
    """A small picture of the knee drop: left is up."""
    width, height = SPARK_PX
    seen = np.isfinite(knee_drop_deg)
    if seen.sum() < 2:
        nothing = _("nothing measured")
        return f'<svg class="spark" width="{width}" height="{height}" role="img" aria-label="{nothing}"></svg>'
    t, d = t_s[seen], knee_drop_deg[seen]
    keep = np.linspace(0, len(t) - 1, min(len(t), 200)).astype(int)
    x = (t[keep] - t[0]) / max(t[-1] - t[0], 1e-6) * (width - 4) + 2
    y = height / 2 - d[keep] / 90 * (height / 2 - 2)
    what = _("knee drop over time, left is up")
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return (
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{what}">'
        f'<line x1="0" x2="{width}" y1="{height / 2}" y2="{height / 2}" class="axis"/><polyline points="{points}"/></svg>'
    )


def _degrees(measured: Measured) -> str:
    return "" if measured.value is None else f" {measured}°"
