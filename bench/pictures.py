"""The docs' pictures of what is measured: `python -m bench.pictures` draws them anew into docs/img."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Circle, Ellipse, Wedge

from kneeroll.kinematics.belief import FINE_RAD, Seen, likelihood, seed, whole_grid
from kneeroll.kinematics.body import FRACTIONS, STATURE_M
from kneeroll.kinematics.calibration import Calibration, from_start
from kneeroll.kinematics.camera import looking_at, project
from kneeroll.kinematics.landmarks import BLAZEPOSE, DEPTHS
from kneeroll.kinematics.posture import HIP_FORWARD_AT, ROWS, joints, points
from kneeroll.kinematics.start import LOG_FOCAL, POSTURE_MEAN, landmarks_at_rest, learn_start
from kneeroll.poses import Floats, View

OUT = Path(__file__).parents[1] / "docs" / "img"
INK, SKIN, KNEES, PELVIS, THORAX = "#6b7280", "#e9c8a8", "#2563eb", "#d97706", "#059669"
SIZE_PX = (640, 480)
STYLE = {"svg.hashsalt": "kneeroll", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 11}
"""The same figure gives the same text."""


def _turned(axes: Axes, centre: tuple[float, float], size: tuple[float, float], roll_deg: float, colour: str) -> None:
    """A part of the body seen from the feet, rolled toward the person's left (to the right in the picture)."""
    axes.add_patch(Ellipse(centre, *size, angle=-roll_deg, facecolor=SKIN, edgecolor=colour, lw=2))
    half = 0.5 * size[0] * np.array([np.cos(np.radians(-roll_deg)), np.sin(np.radians(-roll_deg))])
    axes.plot(*np.array([np.array(centre) - half, np.array(centre) + half]).T, color=colour, lw=2.5)


def _from_level(axes: Axes, centre: tuple[float, float], radius: float, roll_deg: float, colour: str, text: str) -> None:
    axes.plot([centre[0], centre[0] + radius * 1.1], [centre[1], centre[1]], color=colour, lw=1, ls=":")
    axes.add_patch(Arc(centre, 2 * radius, 2 * radius, theta1=-roll_deg, theta2=0, color=colour, lw=1.8))
    axes.text(centre[0] + radius * 1.15, centre[1] - 0.01, text, color=colour, va="top", fontsize=9)


def angles() -> Figure:
    """The angles seen from the feet."""
    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    drop, pelvis, thorax = 55.0, 33.0, 5.0
    for axes in (left, right):
        axes.axhline(0.0, color=INK, lw=3)
        axes.set(xlim=(-0.42, 0.66), ylim=(-0.03, 0.60), aspect="equal")
        axes.axis("off")
    hip = (0.0, 0.11)
    knee = np.array(hip) + 0.36 * np.array([np.sin(np.radians(drop)), np.cos(np.radians(drop))])
    left.plot([hip[0], hip[0]], [hip[1], hip[1] + 0.40], color=INK, lw=1, ls=":")
    left.plot([hip[0], knee[0]], [hip[1], knee[1]], color=KNEES, lw=9, solid_capstyle="round", alpha=0.35)
    left.plot([hip[0], knee[0]], [hip[1], knee[1]], color=KNEES, lw=2)
    _turned(left, hip, (0.30, 0.19), pelvis, PELVIS)
    left.add_patch(Circle((float(knee[0]), float(knee[1])), 0.025, color=KNEES))
    left.add_patch(Arc(hip, 0.66, 0.66, theta1=90 - drop, theta2=90, color=KNEES, lw=1.8))
    left.text(0.13, 0.44, "knee drop", color=KNEES, fontsize=10)
    _from_level(left, hip, 0.20, pelvis, PELVIS, "pelvis roll")
    left.text(-0.41, 0.56, "hips and knees, seen from the feet", color=INK, fontsize=9)
    chest = (0.0, 0.12)
    _turned(right, chest, (0.36, 0.22), thorax, THORAX)
    roll = np.radians(-pelvis)
    line = 0.17 * np.array([np.cos(roll), np.sin(roll)])
    right.plot(*np.array([np.array(chest) - line, np.array(chest) + line]).T, color=PELVIS, lw=2, ls="--")
    _from_level(right, chest, 0.27, thorax, THORAX, "thorax roll")
    right.add_patch(Arc(chest, 0.42, 0.42, theta1=-pelvis, theta2=-thorax, color=INK, lw=1.8))
    right.text(0.25, 0.045, "trunk twist = pelvis − thorax", color=INK, fontsize=9, va="center")
    right.text(-0.41, 0.56, "shoulders, with the hips' line dashed", color=INK, fontsize=9)
    return figure


def _calibrated(camera: Floats) -> Calibration:
    """What the start position of an average person gives, seen by this camera."""
    lengths = STATURE_M * FRACTIONS
    at_rest = landmarks_at_rest(lengths, POSTURE_MEAN, np.array(STATURE_M), BLAZEPOSE)
    return from_start(learn_start(project(camera, at_rest, SIZE_PX), SIZE_PX, BLAZEPOSE), BLAZEPOSE)


def _share(calibration: Calibration, drop_deg: float) -> Floats:
    """How likely each drop of `FINE_RAD` is when the knees have truly dropped so far."""
    x = seed(calibration, np.array(np.radians(drop_deg)))
    body = joints(calibration.log_lengths, x)
    at = points(body, x, calibration.shared[HIP_FORWARD_AT], BLAZEPOSE, np.zeros(8)).position_m
    px = project(calibration.camera, at, SIZE_PX)
    assert px.shape == (len(ROWS), 2)
    return likelihood(whole_grid(calibration, BLAZEPOSE, Seen(px, np.full(len(px), np.nan), np.full(len(DEPTHS), np.nan))))


def doubt() -> Figure:
    """What one frame allows: from beside and low, knees that sink away look alike over half of the range."""
    figure = Figure(figsize=(9.0, 3.0), layout="constrained")
    cameras = (
        ("camera beside the person, 0.9 m high", looking_at(2.0, -0.1, 0.9, (0.0, 0.1, 0.1), LOG_FOCAL)),
        ("camera at an angle, foot side, 1.4 m high", looking_at(1.3, -1.5, 1.4, (0.0, 0.1, 0.1), LOG_FOCAL)),
    )
    for axes, (title, camera) in zip(figure.subplots(1, 2, sharey=True), cameras, strict=True):
        calibration = _calibrated(camera)
        for drop_deg, colour, name in ((40.0, KNEES, "toward the camera"), (-40.0, PELVIS, "away from it")):
            share = _share(calibration, drop_deg)
            axes.fill_between(np.degrees(FINE_RAD), share, color=colour, alpha=0.25, lw=0)
            axes.plot(np.degrees(FINE_RAD), share, color=colour, lw=1.8, label=f"knees at 40° {name}")
            axes.axvline(drop_deg, color=colour, lw=1, ls=":")
        axes.set_title(title, color=INK, fontsize=10)
        axes.set(xlim=(-100, 100), yticks=[])
        axes.set_xticks(range(-90, 91, 30), [f"{abs(d)}°" for d in range(-90, 91, 30)])
        axes.tick_params(colors=INK)
        for spine in axes.spines.values():
            spine.set_visible(False)
    axes.set_ylim(0.0)
    axes.legend(frameon=False, labelcolor=INK, loc="upper left", fontsize=9)
    return figure


PLACES_DEG = {View.FOOT_END: 0.0, View.QUARTER_FOOT: 45.0, View.SIDE: 90.0, View.QUARTER_HEAD: 135.0, View.HEAD_END: 180.0}


def views(record: dict[str, Any]) -> Figure:
    """How far off the knee drop is from each place of the camera: the person seen from the ceiling, head up."""
    figure = Figure(figsize=(5.2, 5.2), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), aspect="equal")
    axes.axis("off")
    found = {entry["name"]: entry for entry in record["views"]}
    for view, azimuth_deg in PLACES_DEG.items():
        entry = found.get(view.value.replace("_", " "))
        colour = "#9ca3af" if entry is None else THORAX
        for side in (-1, 1) if 0 < azimuth_deg < 180 else (1,):
            middle = -90 + side * azimuth_deg
            axes.add_patch(
                Wedge((0, 0), 1.2, middle - 22.5, middle + 22.5, width=0.72, facecolor=colour, alpha=0.22, edgecolor="white")
            )
            at = 0.86 * np.array([np.cos(np.radians(middle)), np.sin(np.radians(middle))])
            axes.text(
                float(at[0]),
                float(at[1]),
                f"{view.value.replace('_', ' ')}\n{_told(entry)}",
                ha="center",
                va="center",
                fontsize=9,
                color=INK,
            )
    axes.add_patch(Ellipse((0, 0.30), 0.13, 0.16, facecolor=SKIN, edgecolor=INK))
    axes.add_patch(Ellipse((0, 0.07), 0.24, 0.34, facecolor=SKIN, edgecolor=INK))
    for side in (-1, 1):
        axes.plot(
            [0.06 * side, 0.07 * side, 0.07 * side], [-0.06, -0.22, -0.36], color=KNEES, lw=6, solid_capstyle="round", alpha=0.5
        )
        axes.plot([0.11 * side, 0.36 * side], [0.17, 0.12], color=INK, lw=3, solid_capstyle="round", alpha=0.5)
    axes.text(0, -0.435, f"above: {_told(found.get('above'))}", ha="center", va="center", fontsize=9, color=INK)
    return figure


def _told(entry: dict[str, Any] | None) -> str:
    """The mean error of the knee drop at the holds."""
    error = None if entry is None else entry["error_deg"]["knee_drop_deg"]
    return "no clip yet" if error is None else f"{error:.0f}° off"


def to_svg(figure: Figure) -> str:
    """The figure as SVG text."""
    out = io.StringIO()
    with matplotlib.rc_context(STYLE):
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def main() -> None:
    """Write them all; the places of the camera from what `python -m bench truth --readme` measured."""
    record = json.loads((Path(__file__).parent / "truth.json").read_text("utf-8"))
    for name, figure in (("angles", angles()), ("doubt", doubt()), ("views", views(record))):
        (OUT / f"{name}.svg").write_text(to_svg(figure), "utf-8")


if __name__ == "__main__":
    main()
