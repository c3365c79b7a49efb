"""The pictures of weeks: each value with its error, the median with its gaps, the verdict as the title, and words on nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest

from bench.outcomes import START, Person, gain, nothing
from kneeroll.languages import Language, translator
from kneeroll.outcomes.readings import DoseWeek, Measure
from kneeroll.outcomes.trends import trend
from kneeroll.plots.progress import FOOT, TOP, dose_svg, trend_svg
from kneeroll.poses import Side
from tests.plots.test_trace import words

END = START + timedelta(days=83, hours=13)
READINGS = Person(3, 5.0, 0.3, gain(25.0), error=3.0).readings()
LEFT = Measure.KNEE_DROP, Side.LEFT
WEEKS = [DoseWeek(date(2026, 3, 2) + timedelta(days=7 * i), 60.0 * i, 30.0 * i, min(i, 7), 6) for i in range(20)]


def marks(svg: str, css: str) -> list[ElementTree.Element]:
    """What is drawn of a kind; its sign in the legend stands first."""
    return [e for e in ElementTree.fromstring(svg).iter() if e.get("class") == css]


def numbers(svg: str, css: str) -> np.ndarray:
    """The numbers of each step of the last path of a kind: (steps, numbers)."""
    steps = re.findall(r"[ML]([^ML]+)", marks(svg, css)[-1].attrib["d"])
    return np.array([re.findall(r"-?[\d.]+", step) for step in steps], dtype=float)


def scale(svg: str, anchor: str):
    """From places to numbers, as the letters beside an axis say; anchor: `middle` of the weeks, `end` of the values."""
    letters = [e for e in ElementTree.fromstring(svg).iter() if e.get("text-anchor") == anchor and e.get("class") == "small"]
    places = [float(e.attrib["x"]) if anchor == "middle" else float(e.attrib["y"]) - 4 for e in letters]
    slope, zero = np.polyfit(places, [float(e.text) for e in letters], 1)
    return lambda place: slope * place + zero


def test_the_verdict_is_the_title_and_what_is_read_aloud() -> None:
    svg = trend_svg(trend(READINGS, END, *LEFT))
    assert words(svg)[0] == "knee drop to the left: better"
    assert ElementTree.fromstring(svg).get("aria-label") == words(svg)[0]
    assert "degrees, higher is better" in words(svg)


def test_each_value_stands_at_its_week_with_its_error() -> None:
    svg = trend_svg(trend(READINGS, END, *LEFT))
    week, value = scale(svg, "middle"), scale(svg, "end")
    x, y, *_ = numbers(svg, "dot").T
    assert week(x) == pytest.approx([(r.at - READINGS[0].at) / timedelta(days=7) for r in READINGS], abs=0.05)
    assert value(y) == pytest.approx([r.value for r in READINGS], abs=0.3)
    _, low, high = numbers(svg, "error").T
    assert value(high) - value(low) == pytest.approx([2 * r.error for r in READINGS], abs=0.1)


def test_the_band_and_both_compared_levels_are_those_of_the_trend() -> None:
    found = trend(READINGS, END, *LEFT)
    svg = trend_svg(found)
    week, value = scale(svg, "middle"), scale(svg, "end")
    y, height = (float(marks(svg, "band")[-1].attrib[name]) for name in ("y", "height"))
    assert (value(y + height), value(y)) == pytest.approx(found.band, abs=0.3)
    drawn = [np.array(re.findall(r"[\d.]+", path.attrib["d"]), dtype=float) for path in marks(svg, "level")[-2:]]
    assert [tuple(week(d[::2])) for d in drawn] == [pytest.approx((0, 4), abs=0.05), pytest.approx((8, 12), abs=0.05)]
    assert [value(d[1]) for d in drawn] == pytest.approx([level for _, level in found.levels], abs=0.3)


def test_a_band_wider_than_the_field_ends_with_it() -> None:
    found = replace(trend(READINGS, END, Measure.COMFORT), band=(-20.0, 30.0))
    drawn = marks(trend_svg(found), "band")[-1].attrib
    assert (float(drawn["y"]), float(drawn["height"])) == (TOP, FOOT - TOP)


@pytest.mark.parametrize(("kept", "pieces"), [(lambda d: True, 1), (lambda d: not 25 < d < 50, 2)], ids=["no gap", "a gap"])
def test_a_gap_in_the_days_is_a_gap_in_the_median(kept, pieces) -> None:
    readings = [r for r in READINGS if kept((r.at - START).days)]
    svg = trend_svg(trend(readings, END, *LEFT))
    assert marks(svg, "main")[-1].attrib["d"].count("M") == pieces


@pytest.mark.parametrize("n", [0, 1, 2, 5])
@pytest.mark.parametrize("measure", [Measure.TWIST, Measure.COMFORT, Measure.ACTIVITIES, Measure.DOSE])
def test_few_values_still_make_a_picture_that_says_so(n, measure) -> None:
    side = Side.RIGHT if measure.in_degrees else None
    readings = [replace(r, value=r.value / 10) for r in READINGS[:n]]
    svg = trend_svg(trend(readings, START + timedelta(days=9), measure, side))
    assert f"{measure.told(str, side)}: not enough days" in words(svg)
    assert any("Nothing to compare yet" in text for text in words(svg)) is (n == 0)
    assert "nan" not in svg
    assert "None" not in svg


def test_comfort_stands_beside_its_usual_course_and_angles_do_not() -> None:
    said = [words(trend_svg(trend(READINGS[:9], END, *what))) for what in ((Measure.COMFORT,), LEFT)]
    assert ["usual course in studies, without this program" in text for text in said] == [True, False]


def test_a_wobble_does_not_look_like_a_mountain() -> None:
    calm = [replace(r, value=50 + 0.1 * i % 1, error=0.5) for i, r in enumerate(READINGS)]
    value = scale(svg := trend_svg(trend(calm, END, *LEFT)), "end")
    high, low = (value(float(re.split("[ H]", line.attrib["d"])[1])) for line in (marks(svg, "grid")[-1], marks(svg, "grid")[0]))
    assert high - low >= 20


def test_years_of_values_have_no_error_bars_and_stay_small() -> None:
    readings = Person(1, 5.0, 0.3, nothing, days=3000, seen=1.0).readings()
    svg = trend_svg(trend(readings, readings[-1].at, *LEFT))
    assert "each value" in words(svg)
    assert not marks(svg, "error")
    assert len(svg) < 60_000


def test_it_speaks_a_language() -> None:
    _ = translator(Language.DE)
    assert _("left") in words(dose_svg(WEEKS, _))


def test_the_dose_of_the_last_weeks_has_its_minutes_by_side_and_the_days_done_of_those_planned() -> None:
    svg = dose_svg(WEEKS)
    value = scale(re.sub(r"<text[^>]*middle.*?</text>", "", svg), "end")
    sides = [marks(svg, css)[1:] for css in ("left", "right")]
    minutes = [[value(float(b.get("y"))) - value(float(b.get("y")) + float(b.get("height"))) for b in bars] for bars in sides]
    assert minutes[0] == pytest.approx(list(range(8, 20)), abs=0.1)
    assert minutes[1] == pytest.approx([i / 2 for i in range(8, 20)], abs=0.1)
    assert all(float(a.get("x")) + float(a.get("width")) < float(b.get("x")) for a, b in zip(*sides, strict=True))
    assert {"7/6", "9", "20"} <= set(words(svg))


def test_without_a_plan_only_the_days_done_are_said_and_without_days_that_nothing_was_done() -> None:
    said = words(dose_svg([replace(WEEKS[3], days_planned=None)]))
    assert "3" in said
    assert not any("/" in text for text in said)
    assert "Nothing done yet." in words(dose_svg([]))
