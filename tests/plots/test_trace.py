"""The angle trace as SVG: the same each time, readable by a parser, with what happened on it."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from kneeroll.languages import Language, translator
from kneeroll.plots.trace import sparkline_svg, to_svg, trace_figure
from kneeroll.poses import Side
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, HoldSummary, Measured


def hold(side: Side, start_s: float, end_s: float, drop: Measured) -> HoldSummary:
    return HoldSummary(side, start_s, end_s, end_s - start_s, drop, *[UNMEASURED] * 5, UNMEASURED_CREEP, UNMEASURED_CREEP, ())


def make_trace(n: int = 200, fill: float | None = None) -> dict[str, np.ndarray]:
    t_s = np.linspace(0, 60, n)
    drop = 55 * np.sin(t_s / 60 * 2 * np.pi) if fill is None else np.full(n, fill)
    return {
        "t_s": t_s,
        "knee_drop_deg": drop,
        "knee_drop_error_deg": np.full(n, 5.0) if fill is None else np.full(n, fill),
        "pelvis_roll_deg": 0.6 * drop,
        "thorax_roll_deg": 0.1 * drop,
    }


def words(svg: str) -> list[str]:
    return ["".join(e.itertext()).strip() for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}text")]


def points(svg: str) -> np.ndarray:
    (line,) = (e for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("polyline"))
    return np.array([pair.split(",") for pair in line.attrib["points"].split()], dtype=float)


HOLDS = (hold(Side.LEFT, 8.0, 25.0, Measured(54.2, 5.1)), hold(Side.RIGHT, 38.0, 55.0, Measured(51.0, 6.0)))
FAULTS = ((12.0, "shoulder lifted"), (40.0, "feet <slid> & more"))


def test_the_same_trace_gives_the_same_text():
    assert to_svg(trace_figure(make_trace(), HOLDS, FAULTS)) == to_svg(trace_figure(make_trace(), HOLDS, FAULTS))


def test_drawing_it_a_second_time_gives_the_same_text():
    figure = trace_figure(make_trace(), HOLDS, FAULTS)
    assert to_svg(figure) == to_svg(figure)


def test_it_is_one_svg_element_for_a_page():
    svg = to_svg(trace_figure(make_trace(), HOLDS, FAULTS))
    assert svg.startswith("<svg")
    assert ElementTree.fromstring(svg).tag.endswith("}svg")


@pytest.mark.parametrize("holds", [(), HOLDS[:1], HOLDS], ids=len)
def test_each_hold_is_shaded_over_its_time(holds):
    (axes,) = trace_figure(make_trace(), holds, ()).axes
    spans = [p for p in axes.patches if isinstance(p, Rectangle)]
    assert [(p.get_x(), p.get_x() + p.get_width()) for p in spans] == [(h.start_s, h.end_s) for h in holds]


def test_each_hold_says_its_side_depth_and_error():
    said = words(to_svg(trace_figure(make_trace(), HOLDS, ())))
    assert {"left 54 ± 5°", "right 51 ± 6°"} <= set(said)


@pytest.mark.parametrize(
    ("language", "expected"),
    [(Language.DE, {"links 54 ± 5°", "Becken", "Mitte"}), (Language.ZH, {"左侧 54 ± 5°", "骨盆", "中间"})],
)
def test_it_speaks_a_language_even_one_whose_letters_its_font_lacks(language, expected):
    _ = translator(language)
    assert expected <= set(words(to_svg(trace_figure(make_trace(), HOLDS, (), _))))
    assert _("nothing measured") in sparkline_svg(np.array([]), np.array([]), _)


def test_a_hold_without_a_depth_says_only_its_side():
    said = words(to_svg(trace_figure(make_trace(), [hold(Side.LEFT, 1, 9, UNMEASURED)], ())))
    assert "left" in said
    assert not any("None" in text or "nan" in text for text in said)


def test_faults_are_marked_when_they_happened():
    figure = trace_figure(make_trace(), (), FAULTS)
    marks = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == "v"]
    assert marks == [when_s for when_s, _ in FAULTS]
    said = words(to_svg(figure))
    assert {"shoulder lifted", "feet <slid> & more"} <= set(said)
    assert said.count("noticed") == 1


def test_the_deepest_angle_is_inside_the_picture():
    trace = make_trace()
    (axes,) = trace_figure({**trace, "knee_drop_deg": 2 * trace["knee_drop_deg"]}, (), ()).axes
    low, high = axes.get_ylim()
    assert low < -110
    assert high > 110


@pytest.mark.parametrize("trace", [make_trace(fill=np.nan), make_trace(0), make_trace(1)], ids=["nobody", "empty", "one"])
def test_a_trace_with_nothing_on_it_still_draws(trace):
    assert {"knees", "pelvis", "chest"} <= set(words(to_svg(trace_figure(trace, HOLDS, FAULTS))))


def test_a_gap_in_the_trace_is_a_gap_in_the_line():
    trace = make_trace()
    trace["knee_drop_deg"][80:120] = np.nan
    (axes,) = trace_figure(trace, (), ()).axes
    (knees,) = (line for line in axes.lines if line.get_label() == "knees")
    assert np.isnan(knees.get_ydata()[80:120]).all()
    assert to_svg(axes.figure) != to_svg(trace_figure(make_trace(), (), ()))


def test_the_sparkline_shows_left_above_the_middle():
    trace = make_trace()
    drawn = points(sparkline_svg(trace["t_s"], trace["knee_drop_deg"]))
    assert (np.diff(drawn[:, 0]) >= 0).all()
    assert drawn[:90, 1].mean() < 18 < drawn[-90:, 1].mean()
    assert drawn.min() >= 0
    assert drawn.max(axis=0).tolist() <= [160, 36]


def test_the_sparkline_of_a_long_session_stays_small():
    t_s = np.arange(50_000) / 15
    drawn = points(sparkline_svg(t_s, 40 * np.sin(t_s)))
    assert len(drawn) == 200
    assert drawn[-1, 0] == pytest.approx(158, abs=0.1)


def test_the_sparkline_leaves_out_what_was_not_seen():
    t_s = np.arange(10.0)
    drop = np.array([np.nan, np.nan, 10, 20, np.nan, 20, 20, 20, 20, np.nan])
    assert len(points(sparkline_svg(t_s, drop))) == 6


@pytest.mark.parametrize("n", [0, 1, 30])
def test_the_sparkline_of_nothing_says_so(n):
    t_s, drop = np.arange(float(n)), np.full(n, np.nan)
    drop[:1] = 3.0
    svg = sparkline_svg(t_s, drop)
    assert "nothing measured" in svg
    ElementTree.fromstring(svg)
