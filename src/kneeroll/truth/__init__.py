"""Measured against the truth: recordings of people whose every joint is known, and how far off the angles are."""

from kneeroll.truth.read import Truth, clips_in, read_truth
from kneeroll.truth.score import ClipScore, score_clip
from kneeroll.truth.tables import Figures, figures_of, to_json, to_markdown

__all__ = ["ClipScore", "Figures", "Truth", "clips_in", "figures_of", "read_truth", "score_clip", "to_json", "to_markdown"]
