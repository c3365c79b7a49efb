"""Truth against measured as SVG: one point a hold, with its 90 % interval. Legible on light and dark. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from kneeroll.plots.chart import Field, legend, path, svg
from kneeroll.plots.words import text
from kneeroll.poses import View

MARKS: Mapping[View, tuple[str, str]] = {
    View.QUARTER_FOOT: ("#2a9d78", "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"),
    View.QUARTER_HEAD: ("#7b6fd0", "m-4 -4h8v8h-8Z"),
    View.SIDE: ("#d98a29", "m0 -5l5 5l-5 5l-5 -5Z"),
    View.ABOVE: ("#2f80c4", "m0 -5l5 9h-10Z"),
    View.HEAD_END: ("#c4488a", "m0 5l5 -9h-10Z"),
    View.FOOT_END: ("#7a8590", "m-4 -1h3v-3h2v3h3v2h-3v3h-2v-3h-3Z"),
}
"""Colour and shape of each place of the camera."""
TITLES = {"knee_drop_deg": "knee drop", "pelvis_roll_deg": "pelvis roll", "trunk_twist_deg": "trunk twist"}
WIDTH, TOP = 940, 30
_INK = "#7a8590"
"""One grey that can be read on white and on black."""
_STYLE = (
    f".chart{{font-family:system-ui,sans-serif}}.chart text{{fill:{_INK};font-size:13px}}.chart .name{{font-size:17px}}"
    f".chart .grid{{stroke:{_INK};stroke-opacity:.2}}.chart .right{{stroke:{_INK};fill:none}}"
    + "".join(
        f".chart .{view.value}{{fill:{colour};fill-opacity:.85}}.chart .{view.value}.error{{stroke:{colour};stroke-opacity:.6}}"
        for view, (colour, _shape) in MARKS.items()
    )
)

Point = tuple[View, float, float, float]
"""A hold: camera, truth, measured, half the width of its 90 % interval (degrees)."""


def truth_svg(points: Mapping[str, Sequence[Point]]) -> str:
    """One panel for each angle of `TITLES`, the knee drop largest; points on the line are right."""
    places = {"knee_drop_deg": (40, TOP, 560), "pelvis_roll_deg": (690, TOP, 240), "trunk_twist_deg": (690, TOP + 320, 240)}
    drawn = list(chain.from_iterable(_panel(angle, points[angle], *place) for angle, place in places.items()))
    foot = TOP + 560
    drawn.append(text(40, foot + 36, "across: truth, degrees; up: measured, degrees, with its 90 % interval", "small"))
    shown = [view for view in MARKS if any(view is p[0] for some in points.values() for p in some)]
    signs = [(view.value, view.value.replace("_", " ")) for view in shown]
    explained, y = legend(signs, foot + 62, WIDTH, {view.value: shape for view, (_colour, shape) in MARKS.items()})
    return svg(WIDTH, y + 13, "truth against measured, one point a hold", [*drawn, *explained], _STYLE)


def _panel(angle: str, points: Sequence[Point], left: float, top: float, size: float) -> Iterator[str]:
    known = [p for p in points if np.isfinite(p[1:]).all()]
    most = 10 * np.ceil(max([v for _, true, found, half in known for v in (true, found + half)], default=90) / 10)
    field = Field((0.0, most), (0.0, most), left, left + size, top, top + size)
    yield text(left, top - 10, TITLES[angle], "name")
    yield from field.grid()
    yield from field.feet()
    yield path(f"M{left} {top + size}L{left + size} {top}", "right")
    for view, (_colour, shape) in MARKS.items():
        rows = np.array([p[1:] for p in known if p[0] is view]).reshape(-1, 3)
        if len(rows):
            true, found, half = rows.T
            yield field.bars(true, found - half, found + half, f"{view.value} error")
            yield path("".join(f"M{x:g} {y:g}{shape}" for x, y in field.points(true, found)), view.value)
