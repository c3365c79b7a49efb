"""`kneeroll bench truth`: clips with their truth in, tables and a picture out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from kneeroll.cameras.sample import sample_clip_path
from kneeroll.cli.files import write
from kneeroll.errors import UnreadableClip, UnreadableTruth
from kneeroll.estimators.choose import load
from kneeroll.networks import Network
from kneeroll.plots.truth import TITLES, Point, truth_svg
from kneeroll.summaries import TWO_SIDED_90
from kneeroll.truth import ClipScore, clips_in, figures_of, score_clip, to_json, to_markdown
from kneeroll.truth.tables import COLUMNS, by_body, by_view, goals, row

PRINTED = ("holds", "knee drop", "bias", "pelvis", "thorax", "twist", "left-right", "naive drop")
"""The columns that fit a terminal; the written tables have them all."""


def bench_truth(folder: Path | None, out: Path | None, *, network: Network | None) -> list[ClipScore]:
    """Score the clips of a folder (by default the sample), print the tables and write what was asked for.

    Without a network the true joints of the picture are measured.
    """
    clips = [sample_clip_path()] if folder is None else clips_in(folder)
    scores = score_clips(clips, network)
    print_scores(scores, true_landmarks=network is None)
    if out is not None:
        write_scores(scores, out, true_landmarks=network is None)
    return scores


def score_clips(clips: Sequence[Path], network: Network | None) -> list[ClipScore]:
    """One score a clip, with progress; a clip that cannot be read is told and left out. Raises if none can be."""
    console = Console(stderr=True)
    scores, problems = [], []
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("", total=len(clips))
        for done, clip in enumerate(clips):
            progress.update(task, completed=done, description=f"Measuring {clip.stem}")
            try:
                scores.append(score_clip(clip, None if network is None else partial(load, network)))
            except (UnreadableClip, UnreadableTruth) as problem:
                problems.append(str(problem))
                console.print(f"Left out: {problem}", style="yellow", markup=False)
    if not scores:
        raise UnreadableTruth(f"No clip could be compared with its truth: {problems[0]}")
    return scores


def print_scores(scores: Sequence[ClipScore], *, true_landmarks: bool) -> None:
    """The goals and the tables, for people."""
    console = Console()
    table = Table("figure", "measured", "goal", "reached")
    for goal in goals(true_landmarks=true_landmarks):
        table.add_row(*goal.line(figures_of("all", scores)))
    console.print(table)
    for title, groups in (("camera", by_view(scores)), ("person", by_body(scores))):
        table = Table(title, *PRINTED)
        for figures in [*groups, figures_of("all", scores)]:
            texts = dict(zip(COLUMNS, row(figures), strict=True))
            table.add_row(figures.name, *(texts[column] for column in PRINTED))
        console.print(table)
    for score in scores:
        if not score.summary.measurable:
            console.print(f"{score.name}: refused: {', '.join(score.summary.reasons)}", markup=False)


def write_scores(scores: Sequence[ClipScore], out: Path, *, true_landmarks: bool) -> None:
    """truth.md, truth.json and truth.svg."""
    write(out / "truth.md", to_markdown(scores, true_landmarks=true_landmarks))
    record = to_json(scores, true_landmarks=true_landmarks)
    write(out / "truth.json", json.dumps(record, indent=1, allow_nan=False) + "\n")
    write(out / "truth.svg", truth_svg(points_of(scores)) + "\n")


def points_of(scores: Sequence[ClipScore]) -> dict[str, list[Point]]:
    """The holds for the picture."""
    holds = [(s.view, h) for s in scores for h in s.holds]
    found: dict[str, list[Point]] = {}
    for angle in TITLES:
        true_deg = [abs(h.truth.angles[angle]) for _, h in holds]
        found[angle] = [
            (view, true, true + h.error_deg(angle), TWO_SIDED_90 * h.stated_deg(angle))
            for (view, h), true in zip(holds, true_deg, strict=True)
        ]
    return found
