"""The inside view as SVG: the twisted column, the sash across the belly and the view from the feet. Legible on light and dark.

What moves has an id and is given as plain values by `frames`, so that a page can replay the hold in the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kneeroll.inside import Inside
from kneeroll.languages import Translate
from kneeroll.plots.lying import Lying
from kneeroll.plots.pen import WIDE, Layout, Pen, grown, lies, moving
from kneeroll.plots.words import text
from kneeroll.poses import Side

_STYLE = """
.inside{--ink:#27313a;--soft:#5d6973;--line:#8b959d;--body:#f0eae0;--far:#e0d8ca;--grew:#c8401f;--tuck:#eeb29c;--shrank:#4387c2;
--same:#b3b9bd;--low:#e3b34c;--chest:#cfd6da;--paper:#fffdf9;font-family:system-ui,sans-serif;fill:var(--ink)}
@media screen and (prefers-color-scheme:dark){.inside{--ink:#e8ebed;--soft:#aab4bc;--line:#7d8890;--body:#3a4249;--far:#2c3339;
--grew:#f0714d;--tuck:#9c5f4c;--shrank:#5aa3e6;--same:#6d767d;--low:#c99a35;--chest:#525c64;--paper:#171c20}}
.inside text{font-size:15px}.inside .head{font-size:24px;font-weight:650}.inside .name{font-size:17px;font-weight:650}
.inside .small{font-size:13px;fill:var(--soft)}.inside .strong{font-weight:650}
.inside path,.inside rect{vector-effect:non-scaling-stroke}
.inside .skin{fill:var(--body);stroke:var(--line);stroke-width:1.2}.inside .far{fill:var(--far)}.inside .glass{fill-opacity:.45}
.inside .line{fill:none;stroke:var(--line);stroke-width:1.2}.inside .ink{fill:none;stroke:var(--ink);stroke-width:2}
.inside .rib{stroke-opacity:.55}.inside .thin{stroke-width:1.2}.inside .bold{stroke-width:3.2}
.inside .ghost{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4}
.inside .fibre{fill:none;stroke:var(--paper);stroke-width:1.1;stroke-opacity:.8}.inside .slack{stroke-dasharray:2.5 3.5}
.inside .edge{stroke:var(--ink);stroke-width:1}.inside .low{fill:var(--low)}.inside .chest{fill:var(--chest)}
.inside .solid{fill:var(--ink);stroke:none}.inside .grew{fill:var(--grew)}.inside .tuck{fill:var(--tuck)}
.inside .shrank{fill:var(--shrank)}.inside .same{fill:var(--same)}
"""


def inside_svg(
    inside: Inside,
    _: Translate = str,
    *,
    lies_on_cm: float = 0.0,
    other_cm: float | None = None,
    layout: Layout = WIDE,
    prefix: str = "inside",
) -> str:
    """The picture of one hold.

    lies_on_cm: height of the cushion under the knees, 0 for none. other_cm: draws beside it, dashed, how the same hold would be
    on a cushion of this height. prefix: of the ids, another one for each picture of a page.
    """
    title, height = _title(inside, _), layout.height if inside.tissues else 70 + 24 * len(inside.why)
    hatch = (
        f'<pattern id="{prefix}-hatch" width="18" height="18" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="9" height="18" fill="var(--paper)" fill-opacity=".85"/></pattern>'
    )
    tip = (
        f'<marker id="{prefix}-tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="6" markerHeight="6" orient="auto">'
        '<path d="M0,0L10,5L0,10Z" class="solid"/></marker>'
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="inside" viewBox="0 0 {layout.width} {height}" role="img" '
        f'aria-label="{escape(". ".join([title, *grown(inside, _)]))}"><style>{_STYLE}</style><defs>{hatch}{tip}</defs>',
        text(layout.legend[0], 40, title, "head" if layout.width > 800 else "name"),
    ]
    if inside.tissues:
        draw = Pen(inside, moving(inside, lies(inside), lies_on_cm), prefix, _)
        views = {"column": draw.column(), "sash": draw.sash(), "feet": draw.feet(lies_on_cm, other_cm)}
        for name, (x, y) in layout.views.items():
            parts += [f'<g transform="translate({x},{y})">', *views[name], "</g>"]
        parts += [*draw.lists(layout), *draw.legend(layout)]
    else:
        parts += [text(30, 80 + 22 * row, _("Not measurable: {why}.").format(why=_(why))) for row, why in enumerate(inside.why)]
    return "".join([*parts, "</svg>"])


def frames(inside: Inside, moments: Iterable[Lying], lies_on_cm: float = 0.0) -> list[dict[str, dict[str, str]]]:
    """For each moment of a hold, the attributes of every part that moves, by its id without the prefix: `d`, `fill-opacity`.

    `Lying.of` makes a moment of a `BodyState` that was seen. About 25 kB a moment: a dozen are enough for a slider.
    """
    return [moving(inside, moment, lies_on_cm) for moment in moments]


def two_svg(first: str, second: str, titles: tuple[str, str], layout: Layout = WIDE) -> str:
    """Two pictures of `inside_svg` (with different prefixes) side by side: left and right, today and the first week, ..."""
    gap, top = 20, 44
    parts = []
    for x, svg, title in zip((0, layout.width + gap), (first, second), titles, strict=True):
        placed = svg.replace("<svg ", f'<svg x="{x}" y="{top}" width="{layout.width}" height="{layout.height}" ', 1)
        parts += [text(x + layout.legend[0], 34, title, "head"), placed]
    box = f"0 0 {2 * layout.width + gap} {layout.height + top}"
    label = escape(": ".join(titles))
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" class="inside" viewBox="{box}" role="img" aria-label="{label}">'
    return "".join([opened, *parts, "</svg>"])


def _title(inside: Inside, _: Translate) -> str:
    left = inside.side is Side.LEFT
    if not inside.tissues:
        return _("Knees to your left") if left else _("Knees to your right")
    if not inside.most_lengthened():
        return (
            _("Knees to your left: nothing grew longer for sure")
            if left
            else _("Knees to your right: nothing grew longer for sure")
        )
    return _("Knees to your left: the red parts grew longer") if left else _("Knees to your right: the red parts grew longer")
