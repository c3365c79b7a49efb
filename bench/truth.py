"""Measured against the truth, over the clips for development: what `kneeroll bench truth` prints."""

from __future__ import annotations

from pathlib import Path

from kneeroll.cameras.sample import sample_clip_path
from kneeroll.cli.bench import print_scores, score_clips, write_scores
from kneeroll.networks import DEFAULT
from kneeroll.truth import ClipScore
from kneeroll.truth.read import clips_in
from kneeroll.truth.tables import COLUMNS, by_view, figures_of, markdown_table, row

CLIPS = Path(__file__).parents[2] / "shared" / "clips"
README_COLUMNS = {
    "holds": "holds found",
    "edges": "start, end: mean (worst)",
    "knee drop": "knee drop",
    "pelvis": "pelvis roll",
    "twist": "trunk twist",
    "90 % holds: drop / pelvis / thorax / twist": "90 % intervals that hold the truth: knees / pelvis / chest / twist",
    "naive drop": "naive: knee drop",
}


def clips() -> list[Path]:
    """The shipped sample, then every clip with its truth in the folder for development, where there is one."""
    return [sample_clip_path(), *([c for c in clips_in(CLIPS) if not c.stem.startswith("sample")] if CLIPS.is_dir() else [])]


def report(*, write: bool = False) -> list[ClipScore]:
    """Print the tables; `write` also writes them beside this file."""
    scores = score_clips(clips(), DEFAULT)
    print_scores(scores, true_landmarks=False)
    if write:
        write_scores(scores, Path(__file__).parent, true_landmarks=False)
    return scores


def for_readme(scores: list[ClipScore]) -> str:
    """The README's table."""
    rows = []
    for figures in [*by_view(scores), figures_of("all", scores)]:
        texts = dict(zip(COLUMNS, row(figures), strict=True))
        told = [texts[column] for column in README_COLUMNS]
        rows.append([figures.name, *(["refused", *[""] * (len(told) - 1)] if figures.refused == figures.clips else told)])
    return markdown_table(["camera", *README_COLUMNS.values()], rows)
