"""The docs' pictures can be drawn, and show what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bench import pictures

RECORD = json.loads((Path(pictures.__file__).parent / "truth.json").read_text("utf-8"))


def test_from_beside_what_sinks_away_is_less_sure_than_what_comes_near_and_from_an_angle_both_are_sure():
    beside, angle = pictures.doubt().axes
    highest = [
        [float(np.max(line.get_ydata())) for line in axes.lines if line.get_label().startswith("knees")]
        for axes in (beside, angle)
    ]
    (near, away), from_an_angle = highest
    assert away < 0.5 * near
    assert away < 0.5 * min(from_an_angle)


def test_each_place_of_the_camera_tells_what_the_bench_found_there():
    texts = {text.get_text() for text in pictures.views(RECORD).axes[0].texts}
    for view in RECORD["views"]:
        if view["name"] != "all":
            assert any(
                text.startswith(view["name"]) and f"{view['error_deg']['knee_drop_deg']:.0f}° off" in text for text in texts
            )
