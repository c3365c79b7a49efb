"""Truth against measured as SVG: one point a hold, with its 90 % interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kneeroll.plots.trace import INK
from kneeroll.poses import View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE: Mapping[View, tuple[str, str]] = {
    View.QUARTER_FOOT: ("#2a9d78", "o"),
    View.QUARTER_HEAD: ("#7b6fd0", "s"),
    View.SIDE: ("#d98a29", "D"),
    View.ABOVE: ("#2f80c4", "^"),
    View.HEAD_END: ("#c4488a", "v"),
    View.FOOT_END: ("#7a8590", "x"),
}
"""Colour and marker of each place of the camera."""
TITLES = {"knee_drop_deg": "knee drop", "pelvis_roll_deg": "pelvis roll", "trunk_twist_deg": "trunk twist"}

Point = tuple[View, float, float, float]
"""A hold: camera, truth, measured, half the width of its 90 % interval (degrees)."""


def truth_figure(points: Mapping[str, Sequence[Point]]) -> Figure:
    """One panel for each angle of `TITLES`, the knee drop largest; points on the line are right."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.8), layout="constrained")
    figure.patch.set_alpha(0)
    grid = figure.add_gridspec(2, 3)
    places = {"knee_drop_deg": grid[:, :2], "pelvis_roll_deg": grid[0, 2], "trunk_twist_deg": grid[1, 2]}
    for angle, place in places.items():
        axes = figure.add_subplot(place)
        axes.patch.set_alpha(0)
        known = [p for p in points[angle] if np.isfinite(p[1:]).all()]
        most = 10 * np.ceil(max([v for _, true, found, half in known for v in (true, found + half)], default=90) / 10)
        axes.plot([0, most], [0, most], color=INK, lw=1)
        for view, (colour, marker) in STYLE.items():
            rows = np.array([p[1:] for p in known if p[0] is view]).reshape(-1, 3)
            if len(rows):
                label = view.value.replace("_", " ")
                bars = axes.errorbar(
                    rows[:, 0], rows[:, 1], rows[:, 2], fmt=marker, color=colour, ms=5.5, elinewidth=1, alpha=0.8
                )
                bars.set_label(label)
        axes.set(xlim=(0, most), ylim=(0, most), aspect="equal")
        axes.set_title(TITLES[angle], color=INK, fontsize=11)
        axes.tick_params(colors=INK)
        axes.grid(color=INK, alpha=0.15)
        for spine in axes.spines.values():
            spine.set_visible(False)
        if angle == "knee_drop_deg":
            axes.set_xlabel("truth, degrees", color=INK)
            axes.set_ylabel("measured, degrees, with its 90 % interval", color=INK)
            axes.legend(frameon=False, labelcolor=INK, loc="upper left")
    return figure
