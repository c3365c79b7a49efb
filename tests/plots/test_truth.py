"""Truth against measured: each hold at its place, with its interval, in the colour of its camera."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from kneeroll.plots.truth import MARKS, TITLES, truth_svg
from kneeroll.poses import View
from tests.plots.test_trace import parts, words

HOLDS = [(View.SIDE, 50.0, 53.0, 6.0), (View.SIDE, 70.0, 64.0, 8.0), (View.FOOT_END, 60.0, 60.0, 5.0)]


def places(svg: str, css: str) -> list[np.ndarray]:
    """(N, numbers) of each path of a kind: of the three panels, and the sign in the legend."""
    return [
        np.array([re.findall(r"-?[\d.]+", step)[:3] for step in e.attrib["d"].split("M") if step], dtype=float)
        for e in parts(svg, css)
    ]


def test_each_hold_stands_at_its_truth_with_its_interval() -> None:
    svg = truth_svg(dict.fromkeys(TITLES, HOLDS))
    knees, pelvis, _twist, _sign = places(svg, "side")
    line = np.array(re.findall(r"[\d.]+", parts(svg, "right")[0].attrib["d"]), dtype=float)
    per_deg = (line[2] - line[0]) / 80
    true, found = (knees[:, 0] - line[0]) / per_deg, (line[1] - knees[:, 1]) / per_deg
    assert true == pytest.approx([50, 70], abs=0.1)
    assert found == pytest.approx([53, 64], abs=0.1)
    half = places(svg, "side error")[0]
    assert (half[:, 1] - half[:, 2]) / per_deg == pytest.approx([12, 16], abs=0.1)
    assert len(pelvis) == 2


def test_the_legend_names_the_cameras_that_are_there() -> None:
    said = words(truth_svg(dict.fromkeys(TITLES, HOLDS)))
    assert {"side", "foot end", *TITLES.values()} <= set(said)
    assert "above" not in said


@pytest.mark.parametrize("points", [[], [(View.SIDE, 50.0, np.nan, 5.0)]], ids=["none", "unmeasured"])
def test_nothing_to_show_is_still_a_picture(points) -> None:
    svg = truth_svg(dict.fromkeys(TITLES, points))
    ElementTree.fromstring(svg)
    assert "nan" not in svg


def test_every_place_of_the_camera_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == set(View)
    assert len({shape for _colour, shape in MARKS.values()}) == len(MARKS)
