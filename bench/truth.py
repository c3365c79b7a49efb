"""Measured against the truth: rendered people whose every joint is known.

`python -m bench.truth [FOLDER]` measures the shipped sample and every clip with a truth file in FOLDER (by default
`../shared/clips`, where there is one), beside the naive angles that the network's own 3-D points give on the same frames.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.estimators.blazepose import BlazePose
from kneeroll.kinematics.camera import Place, place_of
from kneeroll.poses import CameraFrame, Floats, PoseFrame, Side
from kneeroll.session import Session, Step, replay
from kneeroll.session.replay import MAX_FPS
from kneeroll.summaries import HoldSummary, SessionSummary

TWO_SIDED_90 = 1.645
"""Half the width of a 90 % interval, in standard errors."""
LIMIT_EDGE_S, LIMIT_DROP_DEG = 0.5, 10.0
CLIPS = Path(__file__).parents[2] / "shared" / "clips"


@dataclass(frozen=True, slots=True)
class TrueHold:
    """When the knees were at depth, and the median angles there (magnitudes, from the start position)."""

    side: Side
    start_s: float
    end_s: float
    knee_drop_deg: float
    pelvis_roll_deg: float


@dataclass(frozen=True, slots=True)
class Truth:
    """The true angles (N,) of a clip, degrees from the start position, + left."""

    t_s: Floats
    knee_drop_deg: Floats
    pelvis_roll_deg: Floats
    thorax_roll_deg: Floats
    holds: tuple[TrueHold, ...]
    place: Place
    """Where the camera truly stood."""

    def at(self, name: str, t_s: Floats) -> Floats:
        """One of the angles at other times."""
        return np.asarray(np.interp(t_s, self.t_s, getattr(self, name)))


def read_truth(clip: Path) -> Truth:
    """The truth beside a clip: same name, endings .csv and .json."""
    table = np.genfromtxt(clip.with_suffix(".csv"), delimiter=",", names=True, dtype=None, encoding="utf-8")
    t_s = table["t"].astype(float)
    angles = {
        name: table[column].astype(float) for name, column in (("drop", "drop"), ("pelvis", "pelvis"), ("thorax", "shoulder"))
    }
    angles = {name: values - np.median(values[t_s < 1.5]) for name, values in angles.items()}
    holds = []
    for phase, rows in groupby(range(len(t_s)), key=lambda i: str(table["phase"][i])):
        inside = list(rows)
        if phase.startswith("hold_"):
            side = Side(phase.removeprefix("hold_"))
            depth, pelvis = (side.sign * float(np.median(angles[name][inside])) for name in ("drop", "pelvis"))
            holds.append(TrueHold(side, float(t_s[inside[0]]), float(t_s[inside[-1]]), depth, pelvis))
    position_m = json.loads(clip.with_suffix(".json").read_text("utf-8"))["pos"]
    return Truth(t_s, angles["drop"], angles["pelvis"], angles["thorax"], tuple(holds), place_of(np.array(position_m)))


def naive_knee_drop(position_m: Floats, still: int) -> Floats:
    """Knee drop (N,) from the network's 3-D points (N, K, 3) alone: axes of the body from the first `still` frames."""
    hip, shoulder, knee = (position_m[:, BODY.indices(f"left_{p}", f"right_{p}")].mean(1) for p in ("hip", "shoulder", "knee"))
    start = np.nanmedian(position_m[:still], axis=0)
    along = np.nanmedian((shoulder - hip)[:still], axis=0)
    along /= np.linalg.norm(along)
    left = start[BODY.index("left_hip")] - start[BODY.index("right_hip")]
    left -= along * (left @ along)
    left /= np.linalg.norm(left)
    up = np.cross(left, along)
    thigh = knee - hip
    up *= np.sign(np.nanmedian(thigh[:still] @ up))
    drop = np.degrees(np.arctan2(thigh @ left, thigh @ up))
    return np.asarray((drop - np.nanmedian(drop[:still]) + 180) % 360 - 180)


@dataclass(frozen=True, slots=True)
class ClipScore:
    """How well one clip was measured."""

    name: str
    summary: SessionSummary
    truth: Truth
    mean_error_deg: dict[str, float]
    naive_error_deg: float
    seen_share: float
    coverage: dict[str, float]
    """How often the 90 % interval of each angle holds the truth, over the frames."""

    @property
    def pairs(self) -> list[tuple[HoldSummary, TrueHold]]:
        return list(zip(self.summary.holds, self.truth.holds, strict=False))

    @property
    def sides_right(self) -> bool:
        return [h.side for h in self.summary.holds] == [h.side for h in self.truth.holds]

    @property
    def edge_s(self) -> float:
        """The largest error of a start or an end."""
        return max((max(abs(h.start_s - t.start_s), abs(h.end_s - t.end_s)) for h, t in self.pairs), default=0.0)

    @property
    def drop_deg(self) -> float:
        """The largest error of the knee drop at a hold."""
        return max((abs((h.knee_drop_deg.value or 0.0) - t.knee_drop_deg) for h, t in self.pairs), default=0.0)

    @property
    def passed(self) -> bool:
        if not self.summary.measurable:  # right only where the camera stood in a place that cannot be measured
            return not self.truth.place.supported
        return self.sides_right and self.edge_s <= LIMIT_EDGE_S and self.drop_deg <= LIMIT_DROP_DEG


def score_clip(path: Path) -> ClipScore:
    """Measure a clip as `kneeroll measure` does and compare it with its truth."""
    truth = read_truth(path)
    poses: list[PoseFrame] = []

    def keep(_: CameraFrame, step: Step) -> None:
        poses.append(step.pose)

    network = BlazePose()
    with open_clip(path, max_fps=MAX_FPS) as clip:
        session = replay(clip, network, on_step=keep)
    network.close()
    return _score(path.stem, session, poses, truth)


def _score(name: str, session: Session, poses: list[PoseFrame], truth: Truth) -> ClipScore:
    t_s = np.array([s.t_s for s in session.states])
    seen = np.array([s.seen for s in session.states])
    errors, coverage = {}, {}
    for i, angle in enumerate(("knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg")):
        found = np.array([getattr(s, angle) for s in session.states])
        wrong = np.abs(found - truth.at(angle, t_s))[seen]
        stated = np.array([s.errors[i] for s in session.states])[seen]
        errors[angle] = float(np.mean(wrong)) if seen.any() else float("nan")
        coverage[angle] = float(np.mean(wrong <= TWO_SIDED_90 * stated)) if seen.any() else float("nan")
    found = np.array([p.has_person for p in poses])
    naive_error = float("nan")
    if (t_s[found] < 1.5).any():
        naive = naive_knee_drop(np.array([p.position_m for p in poses])[found], still=int(np.sum(t_s[found] < 1.5)))
        naive_error = float(np.mean(np.abs(naive - truth.at("knee_drop_deg", t_s[found]))))
    return ClipScore(name, session.summary(), truth, errors, naive_error, float(np.mean(seen)), coverage)


def clips(folder: Path = CLIPS) -> Iterator[Path]:
    """The shipped sample, then every clip of the folder that has its truth beside it."""
    yield sample_clip_path()
    for path in sorted(folder.glob("*.mp4")):
        if path.with_suffix(".csv").exists() and not path.stem.startswith("sample"):
            yield path


def report(folder: Path = CLIPS) -> bool:
    """Print one line a clip; True when all are within their limits."""
    print("truth: holds right, largest error of a start or end (limit 0.5 s) and of the knee drop at a hold (limit 10 deg);")
    print("mean absolute error over the clip of knee drop / pelvis / thorax; naive: knee drop from the network's own 3-D points")
    titles = " ".join(
        [
            f"{'holds':>7s} {'edge s':>7s} {'drop deg':>9s}  ",
            f"{'clip deg':>16s} {'naive':>6s} {'seen':>5s}   {'90 % holds':>18s}",
        ]
    )
    print(f"  {'clip':18s} {'view':13s} {titles}")
    scores = []
    for path in clips(folder):
        score = score_clip(path)
        scores.append(score)
        view = score.summary.view.value if score.summary.view else "-"
        if not score.summary.measurable:
            verdict = "" if score.passed else "   ALTHOUGH IT CAN BE MEASURED FROM THERE"
            print(f"  {score.name:18s} {view:13s} refused: {', '.join(score.summary.reasons)}{verdict}")
            continue
        holds = f"{len(score.summary.holds)} of {len(score.truth.holds)}"
        errors = " / ".join(f"{e:.1f}" for e in score.mean_error_deg.values())
        held = " / ".join(f"{c:.0%}" for c in score.coverage.values())
        print(
            f"  {score.name:18s} {view:13s} {holds:>7s} {score.edge_s:7.2f} {score.drop_deg:9.1f}   {errors:>16s} "
            f"{score.naive_error_deg:6.1f} {score.seen_share:5.0%}   {held:>18s}{'' if score.passed else '   BEYOND ITS LIMIT'}"
        )
    passed = all(score.passed for score in scores)
    print("  all within their limits" if passed else "  not all within their limits")
    return passed


if __name__ == "__main__":
    sys.exit(0 if report(Path(sys.argv[1]) if len(sys.argv) > 1 else CLIPS) else 1)
