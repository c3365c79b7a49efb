"""The angle trace as SVG: the same each time, readable by a parser, with what happened on it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from kneeroll.languages import Language, translator
from kneeroll.plots.trace import NARROW, WIDE, sparkline_svg, trace_svg
from kneeroll.poses import Side
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, Creep, HoldSummary, Measured


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


def parts(svg: str, css: str) -> list[ElementTree.Element]:
    """What is drawn of a kind; its sign in the legend stands last."""
    return [e for e in ElementTree.fromstring(svg).iter() if e.get("class") == css]


def seconds(svg: str):
    """From a place across to seconds, as the letters below the field say."""
    told = [e for e in parts(svg, "small") if (e.text or "").isdigit()]
    slope, zero = np.polyfit([float(e.attrib["x"]) for e in told], [float(e.text or 0) for e in told], 1)
    return lambda x: slope * x + zero


def degrees(svg: str):
    """From a place up to degrees, + left, as the lines across and the letters beside them say."""
    ys = [float(re.split("[ H]", e.attrib["d"])[1]) for css in ("grid", "level thin") for e in parts(svg, css)]
    told = {
        float(e.attrib["y"]): float((e.text or "").rstrip("°"))
        for e in parts(svg, "small")
        if re.fullmatch(r"\d+°", e.text or "")
    }
    level = float(re.split("[ H]", parts(svg, "level thin")[0].attrib["d"])[1])
    values = [np.sign(level - y) * min(told.items(), key=lambda at: abs(at[0] - 4 - y))[1] for y in ys]
    slope, zero = np.polyfit(ys, values, 1)
    return lambda y: slope * y + zero


def drawn(svg: str, css: str) -> list[np.ndarray]:
    """The pieces of a line, each (N, 2) places."""
    (line, *_sign) = parts(svg, css)
    pieces = [piece for piece in line.attrib["d"].split("M") if piece]
    return [np.array([point.split() for point in piece.rstrip("Z").split("L")], dtype=float) for piece in pieces]


def test_it_is_one_svg_element_for_a_page():
    svg = trace_svg(make_trace(), HOLDS, FAULTS)
    assert svg.startswith("<svg")
    assert ElementTree.fromstring(svg).tag.endswith("}svg")


@pytest.mark.parametrize("holds", [(), HOLDS[:1], HOLDS], ids=len)
def test_each_hold_is_shaded_over_its_time(holds):
    svg = trace_svg(make_trace(), holds, ())
    when = seconds(svg)
    x, wide = (np.array([float(e.attrib[name]) for e in parts(svg, "held")]) for name in ("x", "width"))
    assert when(x) == pytest.approx([h.start_s for h in holds], abs=0.1)
    assert when(x + wide) == pytest.approx([h.end_s for h in holds], abs=0.1)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_lines_go_where_the_angles_went(width):
    trace = make_trace()
    svg = trace_svg(trace, HOLDS, FAULTS, width=width)
    when, angle = seconds(svg), degrees(svg)
    for css, name in (("knees", "knee_drop_deg"), ("pelvis", "pelvis_roll_deg"), ("chest", "thorax_roll_deg")):
        (line,) = drawn(svg, css)
        assert when(line[:, 0]) == pytest.approx(trace["t_s"], abs=0.2)
        assert angle(line[:, 1]) == pytest.approx(trace[name], abs=0.4)
    (band,) = drawn(svg, "knees error")
    low, high = np.split(angle(band[:, 1]), 2)
    assert high[::-1] - low == pytest.approx(2 * trace["knee_drop_error_deg"], abs=0.5)


def test_each_hold_says_its_side_depth_and_error():
    said = words(trace_svg(make_trace(), HOLDS, ()))
    assert {"left 54 ± 5°", "right 51 ± 6°"} <= set(said)


def test_a_hold_says_how_it_crept_where_that_is_clear():
    crept = replace(HOLDS[0], knee_drop_creep=Creep(Measured(4.0, 0.9), Measured(12.0, 3.0)))
    said = words(trace_svg(make_trace(), [crept, HOLDS[1]], ()))
    assert crept.knee_drop_creep.told(str) in said
    assert UNMEASURED_CREEP.told(str) not in said


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_words_lie_on_each_other(width):
    many = [hold(Side.LEFT, 5.0 * i, 5.0 * i + 4, Measured(54.2, 5.1)) for i in range(12)]
    svg = trace_svg(make_trace(), many, [(2.0 * i, "left shoulder lifted") for i in range(20)], width=width)
    assert len(parts(svg, "held")) == 12
    boxes = []
    for e in parts(svg, "small"):
        wide, x, y = 6.8 * len(e.text or ""), float(e.attrib["x"]), float(e.attrib["y"])
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[e.attrib["text-anchor"]]
        assert left > -1
        assert left + wide < width + 1
        assert all(abs(y - other_y) > 12 or left >= end or left + wide <= start for start, end, other_y in boxes), e.text
        boxes.append((left, left + wide, y))


@pytest.mark.parametrize(
    ("language", "expected"),
    [(Language.DE, {"links 54 ± 5°", "Becken", "rechts"}), (Language.ZH, {"左侧 54 ± 5°", "骨盆", "右侧"})],
)
def test_it_speaks_a_language(language, expected):
    _ = translator(language)
    assert expected <= set(words(trace_svg(make_trace(), HOLDS, (), _)))
    assert _("nothing measured") in sparkline_svg(np.array([]), np.array([]), _)


def test_a_hold_without_a_depth_says_only_its_side():
    said = words(trace_svg(make_trace(), [hold(Side.LEFT, 1, 9, UNMEASURED)], ()))
    assert "left" in said
    assert not any("None" in text or "nan" in text for text in said)


def test_faults_are_marked_when_they_happened():
    svg = trace_svg(make_trace(), (), FAULTS)
    when, angle = seconds(svg), degrees(svg)
    *marks, _sign = [np.array(re.findall(r"[\d.]+", e.attrib["d"])[:2], dtype=float) for e in parts(svg, "noticed")]
    assert [when(x) for x, _y in marks] == pytest.approx([when_s for when_s, _ in FAULTS], abs=0.1)
    assert [angle(y) for _x, y in marks] == pytest.approx([0, 0], abs=0.3)
    said = words(svg)
    assert {"shoulder lifted", "feet <slid> & more"} <= set(said)
    assert said.count("noticed") == 1
    assert "noticed" not in words(trace_svg(make_trace(), (), ()))


def test_the_deepest_angle_is_inside_the_picture():
    trace = make_trace()
    svg = trace_svg({**trace, "knee_drop_deg": 2 * trace["knee_drop_deg"]}, (), ())
    (line,) = drawn(svg, "knees")
    assert degrees(svg)(line[:, 1]).max() == pytest.approx(110, abs=0.5)


@pytest.mark.parametrize("trace", [make_trace(fill=np.nan), make_trace(0), make_trace(1)], ids=["nobody", "empty", "one"])
def test_a_trace_with_nothing_on_it_still_draws(trace):
    svg = trace_svg(trace, HOLDS, FAULTS)
    assert {"knees", "pelvis", "chest"} <= set(words(svg))
    assert "nan" not in svg


def test_a_gap_in_the_trace_is_a_gap_in_the_line():
    trace = make_trace()
    trace["knee_drop_deg"][80:120] = np.nan
    svg = trace_svg(trace, (), ())
    before, after = drawn(svg, "knees")
    assert (len(before), len(after)) == (80, 80)
    assert len(drawn(svg, "knees error")) == 2
    assert len(drawn(svg, "pelvis")) == 1


def test_an_hour_is_drawn_with_few_points():
    assert len(trace_svg(make_trace(54_000), HOLDS, FAULTS)) < 100_000


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
