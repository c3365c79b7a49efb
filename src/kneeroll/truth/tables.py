"""Scores of clips to figures, tables and JSON. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from kneeroll.poses import View
from kneeroll.truth.read import MEASURED
from kneeroll.truth.score import ClipScore, HoldScore

SHALLOW_DEG, DEEP_DEG = 45.0, 60.0
_SHORT = {
    "knee_drop_deg": "knee drop",
    "pelvis_roll_deg": "pelvis roll",
    "thorax_roll_deg": "thorax roll",
    "trunk_twist_deg": "trunk twist",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a group of clips shows. Errors in degrees over the holds that were measurable, bias + = read too deep; NaN = none.

    refused: clips in which nothing was measurable. seen: share of the frames. found, invented: holds. sides: share of the found
    holds with the right side. unmeasurable: found holds whose knee drop was "not measurable". edge: errors of starts and ends,
    seconds. coverage: share of the frames in which the 90 % interval holds the truth. differ: error of the difference between
    left and right. lifts: lifted shoulders found, missed, invented. live: share of frames in which live and final values agree;
    live_deg: error of the knee drop as it was followed live.
    """

    name: str
    clips: int
    refused: int
    seen: float
    holds: int
    found: int
    invented: int
    sides: float
    unmeasurable: int
    error_deg: dict[str, float]
    bias_deg: dict[str, float]
    shallow_deg: float
    deep_deg: float
    edge_s: float
    worst_edge_s: float
    coverage: dict[str, float]
    differ_deg: float
    lifts: tuple[int, int, int]
    live: float
    live_deg: float
    naive_deg: float

    @property
    def lift_f1(self) -> float:
        """The harmonic mean of how many lifts were found and how many of those reported were ones."""
        found, missed, invented = self.lifts
        return 2 * found / (2 * found + missed + invented) if sum(self.lifts) else float("nan")


def figures_of(name: str, scores: Sequence[ClipScore]) -> Figures:
    """The figures of some clips. Clips from places that cannot be measured count as refused, and their holds not at all."""
    measured = [s for s in scores if s.summary.measurable]
    holds = [h for s in scores if s.summary.measurable or s.supported for h in s.holds]
    found = [h for h in holds if h.found is not None]
    errors = {angle: np.array([h.error_deg(angle) for h in found]) for angle in MEASURED}
    drop, depth = errors["knee_drop_deg"], np.array([h.truth.angles["knee_drop_deg"] for h in found])
    edges = np.abs([e for h in found for e in h.edges_s])
    return Figures(
        name=name,
        clips=len(scores),
        refused=len(scores) - len(measured),
        seen=_mean([s.seen_share for s in scores]),
        holds=len(holds),
        found=len(found),
        invented=sum(s.invented for s in scores),
        sides=_mean([h.side_right for h in found]),
        unmeasurable=int(np.isnan(drop).sum()),
        error_deg={angle: _mean(np.abs(e)) for angle, e in errors.items()},
        bias_deg={angle: _mean(e) for angle, e in errors.items()},
        shallow_deg=_mean(np.abs(drop[depth < SHALLOW_DEG])),
        deep_deg=_mean(np.abs(drop[depth > DEEP_DEG])),
        edge_s=_mean(edges),
        worst_edge_s=float(edges.max()) if len(edges) else float("nan"),
        coverage={angle: _mean([s.coverage[angle] for s in measured]) for angle in MEASURED},
        differ_deg=_mean([s.sides_differ_deg for s in measured]),
        lifts=_lifts(holds),
        live=_mean([s.live_share for s in measured]),
        live_deg=_mean([abs(h.live_deg - h.truth.angles["knee_drop_deg"]) for h in found]),
        naive_deg=_mean([abs(h.naive_deg - h.truth.angles["knee_drop_deg"]) for h in holds]),
    )


def _mean(values: Any) -> float:
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) else float("nan")


def _lifts(holds: Sequence[HoldScore]) -> tuple[int, int, int]:
    lifted = [h.truth.lifted for h in holds]
    told = [h.lift_found for h in holds]
    pairs = list(zip(lifted, told, strict=True))
    return pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True))


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and what it should be."""

    name: str
    goal: str
    value: Callable[[Figures], float]
    reached: Callable[[float], bool]
    unit: str = ""
    digits: int = 1

    def line(self, figures: Figures) -> tuple[str, str, str, str]:
        """Name, figure, goal, and whether it was reached."""
        value = self.value(figures)
        if math.isnan(value):
            return self.name, "-", self.goal, "-"
        return self.name, f"{value:.{self.digits}f}{self.unit}", self.goal, "yes" if self.reached(value) else "no"


def goals(*, true_landmarks: bool) -> list[Goal]:
    """What the measuring is held to."""
    limit = 2.5 if true_landmarks else 5.0
    found = [
        Goal(
            "knee drop at the hold",
            f"<= {limit}°",
            lambda f: f.error_deg["knee_drop_deg"],
            _below(limit),
            "°",
        ),
        Goal(
            "the same as followed live, before the whole session is measured",
            f"<= {limit}°",
            lambda f: f.live_deg,
            _below(limit),
            "°",
        ),
        Goal(f"holds shallower than {SHALLOW_DEG:.0f}°", f"<= {limit}°", lambda f: f.shallow_deg, _below(limit), "°"),
        Goal(f"holds deeper than {DEEP_DEG:.0f}°", f"<= {limit}°", lambda f: f.deep_deg, _below(limit), "°"),
        Goal("false difference between left and right", "<= 4°", lambda f: f.differ_deg, _below(4.0), "°"),
        Goal("trunk twist at the hold", "<= 4°", lambda f: f.error_deg["trunk_twist_deg"], _below(4.0), "°"),
        Goal("holds found", "100 %", lambda f: 100 * f.found / max(f.holds, 1), lambda v: v >= 100, " %", 0),
        Goal("holds invented", "0", lambda f: float(f.invented), _below(0.0), "", 0),
        Goal("sides right", "100 %", lambda f: 100 * f.sides, lambda v: v >= 100, " %", 0),
        Goal("start and end of a hold", "<= 0.3 s", lambda f: f.edge_s, _below(0.3), " s", 2),
        Goal("lifted shoulders (3 cm or more), F1", ">= 0.9", lambda f: f.lift_f1, lambda v: v >= 0.9, "", 2),
        Goal("live within one standard error of the final value", ">= 95 %", lambda f: 100 * f.live, lambda v: v >= 95, " %", 0),
    ]
    for angle, name in _SHORT.items():
        found.append(
            Goal(f"90 % intervals that hold the truth: {name}", "85-95 %", _covers(angle), lambda v: 85 <= v <= 95, " %", 0)
        )
    return found


def _below(most: float) -> Callable[[float], bool]:
    return lambda value: value <= most


def _covers(angle: str) -> Callable[[Figures], float]:
    return lambda figures: 100 * figures.coverage[angle]


COLUMNS = (
    "clips", "seen", "holds", "knee drop", "bias", "shallow / deep", "pelvis", "thorax", "twist",
    "left-right", "edges", "90 % holds: drop / pelvis / thorax / twist", "lifts", "naive drop",
)  # fmt: skip


def row(figures: Figures) -> list[str]:
    """A line of the table: one text for each of `COLUMNS`."""
    f, e = figures, figures.error_deg
    found = f"{f.found} of {f.holds}" + (f", {f.invented} invented" if f.invented else "")
    found += f" ({f.unmeasurable} not measurable)" if f.unmeasurable else ""
    return [
        str(f.clips) + (f" ({f.refused} refused)" if f.refused else ""),
        _percent(f.seen),
        found,
        _degrees(e["knee_drop_deg"]),
        _degrees(f.bias_deg["knee_drop_deg"], "+"),
        f"{_degrees(f.shallow_deg)} / {_degrees(f.deep_deg)}",
        _degrees(e["pelvis_roll_deg"]),
        _degrees(e["thorax_roll_deg"]),
        _degrees(e["trunk_twist_deg"]),
        _degrees(f.differ_deg),
        "-" if math.isnan(f.edge_s) else f"{f.edge_s:.2f} ({f.worst_edge_s:.2f}) s",
        " / ".join(_percent(f.coverage[angle]) for angle in MEASURED),
        f"{f.lifts[0]} of {f.lifts[0] + f.lifts[1]}" + (f", {f.lifts[2]} invented" if f.lifts[2] else ""),
        _degrees(f.naive_deg),
    ]  # fmt: skip


def _degrees(value: float, sign: str = "") -> str:
    return "-" if math.isnan(value) else f"{value:{sign}.1f}°"


def _percent(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0%}"


def by_view(scores: Sequence[ClipScore]) -> list[Figures]:
    """The figures of each place of the camera."""
    return [
        figures_of(view.value.replace("_", " "), of_view) for view in View if (of_view := [s for s in scores if s.view is view])
    ]


def by_body(scores: Sequence[ClipScore]) -> list[Figures]:
    """The figures of each person."""
    bodies = sorted({s.truth.body for s in scores})
    return [figures_of(body, [s for s in scores if s.truth.body == body]) for body in bodies]


def markdown_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def to_markdown(scores: Sequence[ClipScore], *, true_landmarks: bool) -> str:
    """The whole report."""
    points = "the true joints in the picture" if true_landmarks else scores[0].summary.estimator if scores else "-"
    parts = [
        "# Measured against the truth",
        "Rendered people whose every joint is known, one uncalibrated camera, the angles of `kneeroll measure`. Written by "
        f"`kneeroll bench truth`; points: {points}. Errors are means of absolute errors at the holds, in degrees; bias + is read "
        "too deep; naive: the knee drop from the 3-D points of BlazePose (of the same network where that is not installed). "
        "From where nothing can be measured, a clip must be refused.",
        "![Truth against measured: a point a hold, with its 90 % interval](truth.svg)",
        "## Goals",
        markdown_table(
            ["figure", "measured", "goal", "reached"],
            [goal.line(figures_of("all", scores)) for goal in goals(true_landmarks=true_landmarks)],
        ),
        "## By place of the camera",
        markdown_table(["camera", *COLUMNS], [[f.name, *row(f)] for f in by_view(scores)]),
        "## By person",
        markdown_table(["person", *COLUMNS], [[f.name, *row(f)] for f in by_body(scores)]),
        "## Clips",
        markdown_table(
            ["clip", "camera", "holds", "truth, measured (knee drop)", "refused"],
            [
                [
                    s.name,
                    s.view.value.replace("_", " "),
                    f"{len(s.summary.holds)} of {len(s.truth.holds)}",
                    ", ".join(_hold_words(h) for h in s.holds) if s.summary.measurable else "",
                    ", ".join(s.summary.reasons),
                ]
                for s in scores
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _hold_words(hold: HoldScore) -> str:
    depth = f"{hold.truth.side.value} {hold.truth.angles['knee_drop_deg']:.0f}°"
    return f"{depth}: not found" if hold.found is None else f"{depth}: {hold.found.knee_drop_deg.in_degrees(str)}"


def to_json(scores: Sequence[ClipScore], *, true_landmarks: bool) -> dict[str, Any]:
    """The same as values; null where there is none."""
    found = {
        "true_landmarks": true_landmarks,
        "all": asdict(figures_of("all", scores)),
        "views": [asdict(f) for f in by_view(scores)],
        "bodies": [asdict(f) for f in by_body(scores)],
        "clips": [
            {
                "name": s.name,
                "view": s.view.value,
                "measurable": s.summary.measurable,
                "reasons": list(s.summary.reasons),
                "holds": [
                    {
                        "side": h.truth.side.value,
                        "truth_deg": dict(h.truth.angles),
                        "error_deg": {a: h.error_deg(a) for a in MEASURED},
                        "stated_deg": {a: h.stated_deg(a) for a in MEASURED},
                    }
                    for h in s.holds
                ],
            }
            for s in scores
        ],
    }
    return {key: _without_nan(value) for key, value in found.items()}


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nan(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(v) for v in value]
    return (None if math.isnan(value) else round(value, 3)) if isinstance(value, float) else value
