"""What charts are drawn of, as SVG: a field of values, lines with gaps, marks, a legend. A style sheet has the colours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, inf, log10

import numpy as np

from kneeroll.plots.words import LETTER_PX, letters, text
from kneeroll.poses import Floats

EDGE, ROW, SIGN = 4, 19, 24
"""Pixels: the margin of a chart, from one line of words to the next, how wide a sign of the legend is."""
MOST_TICKS = 6
LINE_POINTS = 800
"""A line of more points than it has room for is thinned to about so many."""
_AREAS = ("band", "held", "left", "right")
"""What is shown as an area, in the legend too."""


@dataclass(frozen=True, slots=True)
class Field:
    """From values to places in the picture: `across` goes from `left` to `right`, `up` from `foot` up to `top`."""

    across: tuple[float, float]
    up: tuple[float, float]
    left: float
    right: float
    top: float
    foot: float

    def x(self, across: Floats | float) -> Floats:
        share = (np.asarray(across) - self.across[0]) / (self.across[1] - self.across[0])
        return np.asarray(self.left + (self.right - self.left) * share)

    def y(self, up: Floats | float) -> Floats:
        """What lies beyond the field stays at its rim."""
        share = (np.clip(up, *self.up) - self.up[0]) / (self.up[1] - self.up[0])
        return np.asarray(self.foot - (self.foot - self.top) * share)

    def points(self, across: Floats, up: Floats, digits: int = 1) -> list[tuple[float, float]]:
        x, y = np.round(self.x(across), digits), np.round(self.y(up), digits)
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def line(self, across: Floats, up: Floats, css: str, gap: float = inf) -> str:
        """A line (N,), with a hole where there is no value and where two points lie more than `gap` apart."""
        pieces = [joined(self.points(across[rows], up[rows])) for rows in _pieces(across, up, gap)]
        return path("".join(pieces), css)

    def band(self, across: Floats, low: Floats, high: Floats, css: str) -> str:
        """The area between two lines (N,), with holes where there is no value."""
        pieces = []
        for rows in _pieces(across, low + high, inf):
            foot, top = (self.points(across[rows], edge[rows]) for edge in (low, high))
            pieces.append(joined([*foot, *reversed(top)]) + "Z")
        return path("".join(pieces), css)

    def bars(self, across: Floats, low: Floats, high: Floats, css: str) -> str:
        """An upright line for each value, from low to high (N,)."""
        ends = zip(self.points(across, low), self.points(across, high), strict=True)
        return path("".join(f"M{x:g} {foot:g}V{top:g}" for (x, foot), (_x, top) in ends), css)

    def grid(self) -> Iterator[str]:
        """A line across for each round value, with the value beside it."""
        for value in ticks(*self.up):
            y = float(self.y(value))
            yield path(f"M{self.left:g} {y:.1f}H{self.right:g}", "grid") + text(
                self.left - 6, y + 4, f"{value:g}", "small", "end"
            )

    def feet(self, least: float = 0.0) -> Iterator[str]:
        """The round values below the field, `least` or more apart."""
        for value in ticks(*self.across, least=least):
            yield text(float(self.x(value)), self.foot + 16, f"{value:g}", "small", "middle")


def _pieces(across: Floats, up: Floats, gap: float) -> Iterator[slice]:
    """The stretches of a line without a hole, thinned."""
    step = max(1, len(across) // LINE_POINTS)
    is_there = np.isfinite(up)
    breaks = np.flatnonzero(~(is_there[1:] & is_there[:-1]) | (np.diff(across) > gap)) + 1
    for start, end in pairwise([0, *breaks.tolist(), len(across)]):
        if end > start and is_there[start]:
            yield slice(start, end, step)


def ticks(low: float, high: float, least: float = 0.0) -> list[float]:
    """At most six round numbers between two ends, `least` or more apart.

    >>> ticks(-0.3, 10.3), ticks(0.0, 522.0, least=1)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.0, 100.0, 200.0, 300.0, 400.0, 500.0])
    """
    rough = max((high - low) / MOST_TICKS, least)
    ten = 10.0 ** floor(log10(rough))
    step = next(ten * n for n in (1, 2, 5, 10) if ten * n >= rough)
    return [step * n for n in range(ceil(low / step), floor(high / step) + 1)]


def joined(points: Iterable[tuple[float, float]]) -> str:
    """The way through all points."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def dots(points: Iterable[tuple[float, float]]) -> str:
    """Each point once, as a stroke without length, which has round ends."""
    return "".join(f"M{x:g} {y:g}h.01" for x, y in dict.fromkeys(points))


def path(d: str, css: str) -> str:
    return f'<path class="{css}" d="{d}"/>'


def rect(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def legend(
    signs: Sequence[tuple[str, str]], y: float, width: float, shapes: Mapping[str, str] | None = None
) -> tuple[list[str], float]:
    """What each kind of mark (its class and words) means, in lines of text from `y` on; and where the last one is.

    shapes: of the marks that are neither areas nor dots nor lines, as paths from their middle.
    """
    drawn, x = [], float(EDGE)
    for css, words in signs:
        wide = SIGN + 8 + LETTER_PX["small"] * letters(words)
        if x > EDGE and x + wide > width - EDGE:
            x, y = float(EDGE), y + ROW
        drawn += [
            _sign(x, y - 4, css, (shapes or {}).get(css)),
            text(x + SIGN + 8, y, words, "small", within=width - EDGE - x - SIGN - 8),
        ]
        x += wide + ROW
    return drawn, y


def _sign(x: float, y: float, css: str, shape: str | None) -> str:
    if shape:
        return path(f"M{x + SIGN / 2:g} {y:g}{shape}", css)
    if css in _AREAS:
        return rect(x, y - 6, SIGN, 12, css)
    return path(dots([(x + SIGN / 2, y)]) if css.startswith("dot") else f"M{x:g} {y:g}h{SIGN}", css)


def in_rows(spans: Iterable[tuple[float, float]]) -> list[int]:
    """For each stretch (from, to), in order of where they begin, the first row in which nothing lies before it.

    >>> in_rows([(0, 30), (20, 50), (35, 60)])
    [0, 1, 0]
    """
    ends, rows = list[float](), list[int]()
    for start, end in spans:
        row = next((row for row, last in enumerate(ends) if last <= start), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def svg(width: float, height: float, label: str, drawn: Iterable[str], style: str = "") -> str:
    """The whole picture; style: its own style sheet, where it stands alone."""
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width:g} {height:g}" role="img"'
    return "".join([f'{opened} aria-label="{escape(label)}">', f"<style>{style}</style>" if style else "", *drawn, "</svg>"])
