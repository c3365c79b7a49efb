"""The angle trace of a session as SVG: holds shaded, faults marked, the error as a band. Legible on light and dark."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kneeroll.languages import Translate
from kneeroll.poses import Floats
from kneeroll.summaries import HoldSummary, Measured

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KNEES, PELVIS, THORAX = "#2a9d78", "#7b6fd0", "#d98a29"
_ONE_AT_A_TIME = threading.Lock()
"""The style of matplotlib is that of the whole process."""
_STYLE = {"svg.hashsalt": "kneeroll", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 11}
INK = "#7a8590"
"""One grey that can be read on white and on black."""
SPARK_PX = (160, 36)


def trace_figure(
    trace: Mapping[str, Floats], holds: Sequence[HoldSummary], faults: Sequence[tuple[float, str]], _: Translate = str
) -> Figure:
    """Knee drop with its error, pelvis and thorax roll over time.

    Parameters
    ----------
    trace
        `t_s`, `knee_drop_deg`, `knee_drop_error_deg`, `pelvis_roll_deg`, `thorax_roll_deg`, each (N,), NaN where not seen.
    faults
        (time in seconds, words) of each fault.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.8), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    t_s, knees, error = trace["t_s"], trace["knee_drop_deg"], trace["knee_drop_error_deg"]
    for hold in holds:
        creep = hold.knee_drop_creep
        axes.axvspan(hold.start_s, hold.end_s, color=INK, alpha=0.16, lw=0)
        axes.annotate(
            _(hold.toward) + _degrees(hold.knee_drop_deg) + (f"\n{creep.told(_)}" if creep.is_clear else ""),
            ((hold.start_s + hold.end_s) / 2, 1.01),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            color=INK,
        )
    axes.axhline(0, color=INK, lw=0.8)
    axes.fill_between(t_s, knees - error, knees + error, color=KNEES, alpha=0.2, lw=0)
    axes.plot(t_s, knees, color=KNEES, lw=2.2, label=_("knees"))
    axes.plot(t_s, trace["pelvis_roll_deg"], color=PELVIS, lw=1.6, label=_("pelvis"))
    axes.plot(t_s, trace["thorax_roll_deg"], color=THORAX, lw=1.4, label=_("chest"))
    for i, (when_s, words) in enumerate(faults):
        axes.plot([when_s], [0], marker="v", color="#d6543c", ms=8, label=_("noticed") if i == 0 else None)
        axes.annotate(words, (when_s, 4), color="#d6543c", ha="center", fontsize=9)
    reach = max(40.0, float(np.nanmax(np.abs(knees))) + 15.0) if np.isfinite(knees).any() else 40.0
    axes.set_ylim(-reach, reach)
    axes.yaxis.set_major_formatter(
        lambda value, place: _("middle") if value == 0 else f"{_('left') if value > 0 else _('right')} {abs(value):.0f}°"
    )
    axes.set_xlabel(_("seconds"), color=INK, loc="left")
    axes.tick_params(colors=INK)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.legend(frameon=False, labelcolor=INK, loc="upper right", ncols=4, bbox_to_anchor=(1.0, -0.08))
    return figure


def to_svg(figure: Figure) -> str:
    """The figure as SVG text to be placed in a page; the same figure gives the same text."""
    import matplotlib

    out = io.StringIO()
    with _ONE_AT_A_TIME, matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # the text stays text: the browser has the glyph
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


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
