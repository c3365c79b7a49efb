"""What the picture of the inside view is drawn of: colours, moving parts, the three views and their words. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kneeroll.inside import Angles, Inside, Tissue, lengthening, load_taken, look_inside, on_cushion
from kneeroll.inside.body import SIDES
from kneeroll.inside.statics import LOADS_NM, Load, told_taken, trunk_torque_nm
from kneeroll.languages import Translate
from kneeroll.plots import lying
from kneeroll.plots.lying import Lying, Place
from kneeroll.plots.words import letters, text, wrapped
from kneeroll.poses import Floats, Side
from kneeroll.summaries import Measured

_WIDE = {"column": 240, "sash": 500, "feet": 300}
"""How wide each of the three views is."""
_KEPT = "\u00a0±\u00a0"
"""What a line is not broken at."""
_FULL_NM = 24.0
"""Where the gauge of the trunk's load ends."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands on the page: the upper left corner of each view, list and of the legend."""

    width: int
    height: int
    views: Mapping[str, tuple[int, int]]
    lists: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
    legend: tuple[int, int]


WIDE = Layout(
    1240, 844, {"column": (30, 92), "sash": (370, 92), "feet": (910, 92)}, ((30, 676), (610, 676), (910, 676)), (30, 792)
)
"""For a page or a print."""
NARROW = Layout(
    640, 1566, {"sash": (70, 92), "column": (15, 650), "feet": (325, 650)}, ((20, 1226), (20, 1344), (325, 1344)), (20, 1460)
)
"""For a phone."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a tissue is drawn: the class of its colour, how strong (0-1), and whether hatched."""

    colour: str
    opacity: float = 1.0
    hatched: bool = False


def look(tissue: Tissue) -> Look:
    """Red where the drop certainly made it longer, blue shorter, stronger for more; else pale red where the tuck did, or grey.

    Hatched where it is not sure whether the drop changed it.
    """
    if tissue.direction:
        assert tissue.drop is not None, "what has a direction was measured"
        return Look("grew" if tissue.direction > 0 else "shrank", 0.4 + 0.2 * tissue.drop.at_least)
    by_tuck = tissue.muscle.firm and tissue.tuck.direction == 1
    return Look("tuck" if by_tuck else "same", hatched=tissue.direction is None)


def lies(inside: Inside) -> Lying:
    """How the body lay in the hold, as the angles that were measured say."""
    hold = inside.hold
    sign = hold.side.sign if hold.side else 1
    chest = _or(hold.thorax_roll_deg, 0.0)
    pelvis = _or(hold.pelvis_roll_deg, chest + _or(hold.trunk_twist_deg, 0.0))
    knees = _or(hold.knee_drop_deg, pelvis + _or(hold.hip_swing_deg, 0.0))
    return Lying(sign * pelvis, sign * chest, sign * knees)


# ---- what moves -----------------------------------------------------------------------------------------------------

_OUTER, _INNER = "external_oblique", "internal_oblique"
_BANDS: Mapping[str, tuple[Place, Place]] = {
    # of the right side, from and to
    _OUTER: ((74.0, 398.0), (0.0, 244.0)),
    _INNER: ((58.0, 112.0), (0.0, 240.0)),
}
_FANS = {"adductors": lying.inner_thigh, "piriformis": lying.buttock}
_HALF_BAND = 44.0


def moving(inside: Inside, now: Lying, lies_on_cm: float) -> dict[str, dict[str, str]]:
    """Attributes of each part that moves, by id."""
    shapes = {**lying.legs(now), **lying.column(now), **lying.from_feet(now, lies_on_cm), "trunk": lying.trunk(now)}
    parts = {name: {"d": d} for name, d in shapes.items()}
    glow = _glow(inside, now)
    for side in SIDES:
        bands = {}
        for muscle, way in _BANDS.items():
            start, end = ((-side.sign * round_deg, height) for round_deg, height in way)
            bands[muscle] = lying.band(now, start, end, _HALF_BAND)
        for muscle, (outline, fibres) in (bands | {m: fan(now, side).paths() for m, fan in _FANS.items()}).items():
            parts[f"{muscle}-{side}"] = {"d": outline, "fill-opacity": f"{glow[muscle, side]:.2f}"}
            parts[f"{muscle}-{side}-fibres"] = {"d": fibres}
            if look(inside.of(muscle, side)).hatched:
                parts[f"{muscle}-{side}-hatch"] = {"d": outline}
    return parts


def _glow(inside: Inside, now: Lying) -> dict[tuple[str, Side], float]:
    """How strongly each tissue is coloured: as `look` says at the depth of the hold, less on the way there."""
    change = lengthening(Angles(now.pelvis_roll_deg - now.thorax_roll_deg, now.knee_drop_deg - now.pelvis_roll_deg))
    glow = {}
    for tissue in inside.tissues:
        share = 1.0
        if tissue.direction and tissue.drop is not None:
            share = float(np.clip(change.of(tissue.muscle.id, tissue.side)[1] / tissue.drop.percent, 0.0, 1.0))
        glow[tissue.muscle.id, tissue.side] = look(tissue).opacity * share
    return glow


# ---- the three views ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws one hold. The person's right is on the left of the page, in all views."""

    inside: Inside
    moving: Mapping[str, Mapping[str, str]]
    prefix: str
    _: Translate

    @property
    def low(self) -> Side:
        """The side that the knees have sunk to; the other leg lies on top."""
        return self.inside.side or Side.LEFT

    def part(self, name: str, css: str, more: str = "") -> str:
        attributes = "".join(f' {key}="{value}"' for key, value in self.moving[name].items())
        return f'<path id="{self.prefix}-{name}" class="{css}"{attributes}{more}/>'

    def hatch(self, d: str) -> str:
        return f'<path d="{d}" fill="url(#{self.prefix}-hatch)"/>'

    def tissue(self, muscle: str, side: Side) -> Iterator[str]:
        """A patch with its fibres, which are broken where it is slack."""
        seen, name = look(self.inside.of(muscle, side)), f"{muscle}-{side}"
        yield self.part(name, f"{seen.colour} edge")
        yield self.part(f"{name}-fibres", "fibre slack" if seen.colour == "shrank" else "fibre")
        if seen.hatched:
            yield self.part(f"{name}-hatch", "", f' fill="url(#{self.prefix}-hatch)"')

    def head(self, view: str, title: str) -> Iterator[str]:
        yield text(0, 0, title, "name", within=_WIDE[view])
        yield text(0, 22, self._("your right"), "small")
        yield text(_WIDE[view], 22, self._("your left"), "small", "end")

    def column(self) -> Iterator[str]:
        """The spine as a spiral stair, with the muscles along it."""
        _, hold = self._, self.inside.hold
        yield from self.head("column", _("A spiral stair"))
        yield '<g transform="translate(100,400) scale(.6)">'
        yield self.part("ring-pelvis", "skin") + self.part("ring-shoulders", "skin far")
        yield "".join(self.part(name, "line rib") for name in self.moving if name.startswith("rib-"))
        for muscle, across in (("multifidus", 42.0), ("longissimus", 68.0)):
            for side in SIDES:
                strip, seen = lying.back_strip(side.sign * across), look(self.inside.of(muscle, side))
                yield f'<path class="{seen.colour}" fill-opacity="{seen.opacity:.1f}" d="{strip}"/>'
                yield self.hatch(strip) if seen.hatched else ""
        levels = [name.removeprefix("step-") for name in self.moving if name.startswith("step-")]
        for level in reversed(levels):
            yield self.part(f"step-{level}", ("low" if level[0] in "LS" else "chest") + " edge")
            yield self.part(f"pointer-{level}", "ink thin")
        yield self.part("spiral", "ink bold")
        tip = f' marker-end="url(#{self.prefix}-tip)"'
        yield self.part("arrow-shoulders", "ink", tip) + self.part("arrow-pelvis", "ink", tip) + "</g>"
        least, most = (f"{degrees:.0f}" for degrees in self.inside.lumbar_deg or (0.0, 0.0))
        low = _("on average {least} to {most}°").format(least=least, most=most)
        for y, words in (
            (78, [_("chest"), hold.thorax_roll_deg.in_degrees(_)]),
            (160, wrapped(_("rib-cage spine: most of the turn"), 11)),
            (260, [_("low back"), *wrapped(low, 11)]),
            (392, [_("pelvis"), hold.pelvis_roll_deg.in_degrees(_)]),
        ):
            yield from _lines(200, y, words, within=104)

    def sash(self) -> Iterator[str]:
        """The body from above with its bands."""
        low, up = self.low, self.low.other
        yield from self.head("sash", self._("A sash round the belly"))
        x, y, scale = _WIDE["sash"] / 2, 286, 0.355
        yield f'<g transform="translate({x:.0f},{y}) scale({scale})">'
        for part in ("foot", "shank", "thigh"):
            yield self.part(f"{low}-{part}", "skin far")
        yield self.part("trunk", "skin")
        yield "".join(f'<path class="skin" d="{lying.arm(sign)}"/>' for sign in (-1.0, 1.0))
        yield f'<path class="skin" d="{lying.circle(np.array([0.0, -705.0]), 74.0)}"/><path class="line" d="{lying.FACE}"/>'
        for muscle, side in ((_OUTER, low), (_INNER, up), (_OUTER, up), (_INNER, low)):
            yield from self.tissue(muscle, side)
        for part in ("foot", "shank", "thigh"):
            yield self.part(f"{up}-{part}", "skin glass" if part == "thigh" else "skin")
        yield from self.tissue("adductors", low)
        yield from self.tissue("piriformis", up)
        yield "</g>"
        now, right = lies(self.inside), -low.sign
        for muscle, side, at, row in (
            (_OUTER, up, lying.spot(now, -up.sign * 50.0, 345.0), -135.0),
            (_INNER, low, lying.spot(now, -low.sign * 40.0, 165.0), -42.0),
            (_OUTER, low, lying.spot(now, -low.sign * 50.0, 345.0), -135.0),
            ("piriformis", up, lying.buttock(now, up).middle, 10.0),
            ("adductors", low, lying.inner_thigh(now, low).middle, 170.0),
        ):
            outward = right if side is up else -right
            spot, start = (x + scale * at[0], y + scale * at[1]), (x + outward * 96, y + row - 5)
            yield f'<path class="line" d="M{start[0]:.0f},{start[1]:.0f}L{spot[0]:.0f},{spot[1]:.0f}"/>'
            yield f'<circle class="solid" cx="{spot[0]:.0f}" cy="{spot[1]:.0f}" r="2.5"/>'
            tissue = self.inside.of(muscle, side)
            anchor, names = "start" if outward > 0 else "end", wrapped(self._(tissue.muscle.name), 18)
            for at_row, words in enumerate([*names, *wrapped(tissue.told_drop(self._), 20)]):
                yield text(x + outward * 102, y + row + 17 * at_row, words, "strong" if at_row < len(names) else "", anchor)

    def feet(self, lies_on_cm: float, other_cm: float | None) -> Iterator[str]:
        """The legs as a lever on the trunk."""
        _, hold, low = self._, self.inside.hold, self.low
        other = None if other_cm is None else look_inside(on_cushion(hold, lies_on_cm, other_cm))
        wide, mat = _WIDE["feet"], 256
        yield from self.head("feet", _("A lever, seen from the feet"))
        yield f'<path class="ink" d="M0,{mat}h{wide}"/>'
        yield f'<g transform="translate({wide / 2 - 55 * low.sign:.0f},{mat}) scale(.42)">' + self.part("feet-chest", "skin far")
        if lies_on_cm:
            yield self.part("feet-cushion", "chest edge")
        yield self.part(f"feet-{low}-thigh", "skin far")
        yield self.part("feet-hips", "skin") + self.part(f"feet-{low.other}-thigh", "skin glass")
        if other is not None:
            ghost = lying.from_feet(lies(other), 0.0)
            yield "".join(f'<path class="ghost" d="{ghost[f"feet-{side}-thigh"]}"/>' for side in SIDES)
        yield self.part("feet-angle", "ink thin") + self.part("feet-lever", "ink")
        yield self.part("feet-weight", "ink bold", f' marker-end="url(#{self.prefix}-tip)"') + "</g>"
        words = _("knees {degrees}").format(degrees=hold.knee_drop_deg.in_degrees(_))
        yield text(wide if low is Side.RIGHT else 0, 52, words, "strong", "end" if low is Side.RIGHT else "start")
        yield text(0, mat + 20, _("arrow: the weight of the legs"), "small")
        if hold.knee_drop_creep.is_clear:
            words = _("while resting: {creep}").format(creep=hold.knee_drop_creep.told(_))
            yield text(0, mat + 38, words, "small", within=wide + 20)
        yield from self.gauge(other)
        if other is not None and other_cm is not None:
            taken = load_taken(hold, other.hold)
            where = _("on a cushion of {height} cm").format(height=f"{other_cm:.0f}") if other_cm else _("without a cushion")
            words = _("dashed: {where}; load on the trunk: {less}").format(where=where, less=told_taken(taken or 0.0, _))
            yield from _lines(0, 452, wrapped(words, 46), "small")
        yield from self.shares()

    def gauge(self, other: Inside | None) -> Iterator[str]:
        """How much of the trunk's range the legs take."""
        _, wide, y = self._, _WIDE["feet"], 364
        yield text(0, y - 32, _("Load on the trunk"), "strong")
        yield text(0, y - 13, self.inside.told_load(_))
        edges = [0.0, *(nm / _FULL_NM for nm in LOADS_NM), 1.0]
        for level, (start, end) in zip(Load, pairwise(edges), strict=True):
            at, size, strength = wide * start, wide * (end - start), 0.12 + 0.42 * level
            yield f'<rect class="grew edge" fill-opacity="{strength:.2f}" x="{at:.0f}" y="{y}" width="{size:.0f}" height="16"/>'
            yield from _lines(at + size / 2, y + 34, wrapped(level.told(_), 14), "small", "middle")
        for view, css in ((self.inside, "ink"), (other, "ghost")):
            if view is not None:
                least, most = (wide * at for at in _load_range(view.hold.trunk_twist_deg))
                yield f'<path class="{css}" d="M{least:.0f},{y - 5}v26M{most:.0f},{y - 5}v26M{least:.0f},{y + 8}H{most:.0f}"/>'

    def shares(self) -> Iterator[str]:
        """Where the turn came from: hips, low back and rib-cage spine (together the trunk), and the chest that rolled along."""
        _, wide, y = self._, _WIDE["feet"], 494
        hold = self.inside.hold
        low = float(np.mean(self.inside.lumbar_deg or 0.0))
        turns = (hold.hip_swing_deg, hold.trunk_twist_deg, hold.thorax_roll_deg)
        hips, trunk, chest = (_or(measured, 0.0) for measured in turns)
        parts = (("skin", hips), ("low edge", low), ("chest edge", trunk - low), ("skin far", chest))
        per_deg = wide / max(sum(size for _css, size in parts), 1.0)
        yield text(0, y, _("Where the turn came from"), "strong")
        x = 0.0
        for css, size in parts:
            yield f'<rect class="{css}" x="{x:.1f}" y="{y + 9}" width="{max(size, 0.0) * per_deg:.1f}" height="16"/>'
            x += max(size, 0.0) * per_deg
        named = (_("hips {degrees}"), _("trunk {degrees}"), _("chest {degrees}"))
        places = ((0.0, "start"), (wide / 2, "middle"), (wide, "end"))
        for (x, anchor), words, measured in zip(places, named, turns, strict=True):
            lines = wrapped(words.format(degrees=measured.in_degrees(_).replace(" ± ", _KEPT)), 14)
            yield from _lines(x, y + 43, [line.replace(_KEPT, " ± ") for line in lines], "small", anchor)

    def lists(self, layout: Layout) -> Iterator[str]:
        """What the drop did, what the tuck did, and what stayed as it was."""
        _ = self._
        named = (
            (_("Sinking to the side stretched"), grown(self.inside, _) or [_("nothing for sure")]),
            (_("Bending the legs stretched"), [_(muscle.name) for muscle in self.inside.lengthened_by_tuck(4)]),
            (_("The sinking hardly changed"), [_(muscle.name) for muscle in self.inside.unchanged_by_drop()][:4]),
        )
        for (x, y), (title, lines) in zip(layout.lists, named, strict=True):
            wide = min([other for other, row in layout.lists if row == y and other > x], default=layout.width) - x - 10
            yield text(x, y, title, "name", within=wide)
            yield from _lines(x, y + 24, lines, within=wide)

    def legend(self, layout: Layout) -> Iterator[str]:
        """What the colours mean."""
        _ = self._
        left, y = layout.legend
        x = float(left)
        for css, hatched, words in (
            ("grew", False, _("stretched by the sinking")),
            ("tuck", False, _("stretched by bending the legs")),
            ("shrank", False, _("shorter, slack")),
            ("same", False, _("unchanged")),
            ("same", True, _("uncertain")),
        ):
            wide = 60 + 7.4 * letters(words)
            if x + wide > layout.width:
                x, y = float(left), y + 26
            swatch = f"M{x:.0f},{y}h26v16h-26Z"
            yield f'<path class="{css} edge" d="{swatch}"/>' + (self.hatch(swatch) if hatched else "")
            if css in ("grew", "shrank"):
                yield f'<path class="fibre{" slack" * (css == "shrank")}" d="M{x:.0f},{y + 5}h26m-26,6h26"/>'
            yield text(x + 34, y + 13, words, "small")
            x += wide
        words = _("A model of an average body, moved by your angles: directions and order, not a measurement of tissue.")
        yield from _lines(left, y + 40, wrapped(words, layout.width // 8), "small")


def grown(inside: Inside, _: Translate) -> list[str]:
    """The tissues that the drop made longest, a line each."""
    words = _("{muscle}, {side}: {band}")
    return [
        words.format(muscle=_(tissue.muscle.name), side=_(tissue.side.value), band=tissue.drop.told_band(_))
        for tissue in inside.most_lengthened(4)
        if tissue.drop is not None
    ]


def _load_range(twist: Measured) -> Floats:
    """Where the trunk's load lies on the gauge, 0-1, from the least to the most that the error allows."""
    value, error = twist.value or 0.0, twist.error or 0.0
    return np.minimum(trunk_torque_nm([max(value - error, 0.0), value + error]) / _FULL_NM, 1.0)


def _or(measured: Measured, otherwise: float) -> float:
    return otherwise if measured.value is None else measured.value


def _lines(
    x: float, y: float, lines: Sequence[str], css: str = "", anchor: str = "start", *, within: float = math.inf
) -> Iterator[str]:
    for row, words in enumerate(lines):
        yield text(x, y + 18 * row, words, css, anchor, within=within)
