"""The sample person: a rendered clip that ships with kneeroll, with its truth beside it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def sample_clip_path() -> Path:
    """The clip; its truth has the same name and the endings .csv and .json."""
    return Path(str(resources.files("kneeroll.assets").joinpath("sample.mp4")))
