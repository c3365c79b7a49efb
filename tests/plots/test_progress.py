"""The pictures of weeks: each value with its error, the median with its gaps, the verdict as the title, and words on nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from bench.outcomes import START, Person, gain, nothing
from kneeroll.languages import Language, translator
from kneeroll.outcomes.readings import DoseWeek, Measure
from kneeroll.outcomes.trends import trend
from kneeroll.plots.progress import dose_figure, trend_figure
from kneeroll.plots.trace import to_svg
from kneeroll.poses import Side
from tests.plots.test_trace import words

END = START + timedelta(days=83, hours=13)
READINGS = Person(3, 5.0, 0.3, gain(25.0), error=3.0).readings()
LEFT = Measure.KNEE_DROP, Side.LEFT
WEEKS = [DoseWeek(date(2026, 3, 2) + timedelta(days=7 * i), 60.0 * i, 30.0 * i, min(i, 7), 6) for i in range(20)]


def lines(figure, label: str):
    return [line for line in figure.axes[0].lines if line.get_label() == label]


def test_the_verdict_is_the_title_and_the_same_trend_gives_the_same_text() -> None:
    figure = trend_figure(found := trend(READINGS, END, *LEFT))
    svg = to_svg(figure)
    assert "knee drop to the left: better" in words(svg)
    assert "degrees, higher is better" in words(svg)
    assert svg == to_svg(trend_figure(found))


def test_each_value_stands_at_its_week_with_its_error() -> None:
    (bars,) = trend_figure(trend(READINGS, END, *LEFT)).axes[0].containers
    (caps,) = bars[2]
    assert bars[0].get_xdata() == pytest.approx([(r.at - READINGS[0].at) / timedelta(days=7) for r in READINGS])
    assert bars[0].get_ydata() == pytest.approx([r.value for r in READINGS])
    assert [np.ptp(segment[:, 1]) for segment in caps.get_segments()] == pytest.approx([2 * r.error for r in READINGS])


def test_the_band_and_both_compared_levels_are_those_of_the_trend() -> None:
    found = trend(READINGS, END, *LEFT)
    axes = trend_figure(found).axes[0]
    (band,) = axes.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx(found.band)
    flat = [line for line in axes.lines if len(line.get_xdata()) == 2]
    assert [(tuple(line.get_xdata()), line.get_ydata()[0]) for line in flat] == [
        ((0.0, 4.0), found.levels[0][1]),
        ((8.0, 12.0), found.levels[1][1]),
    ]


@pytest.mark.parametrize(("kept", "holes"), [(lambda d: True, 0), (lambda d: not 25 < d < 50, 1)], ids=["no gap", "a gap"])
def test_a_gap_in_the_days_is_a_gap_in_the_median(kept, holes) -> None:
    readings = [r for r in READINGS if kept((r.at - START).days)]
    (median,) = lines(trend_figure(trend(readings, END, *LEFT)), "median of 7 days")
    assert np.isnan(median.get_ydata()).sum() == holes


@pytest.mark.parametrize("n", [0, 1, 2, 5])
@pytest.mark.parametrize("measure", [Measure.TWIST, Measure.COMFORT, Measure.ACTIVITIES, Measure.DOSE])
def test_few_values_still_make_a_picture_that_says_so(n, measure) -> None:
    side = Side.RIGHT if measure.in_degrees else None
    readings = [replace(r, value=r.value / 10) for r in READINGS[:n]]
    said = words(to_svg(trend_figure(trend(readings, START + timedelta(days=9), measure, side))))
    assert f"{measure.told(str, side)}: not enough days" in said
    assert any("Nothing to compare yet" in text for text in said) is (n == 0)
    assert not any("nan" in text or "None" in text for text in said)


def test_comfort_stands_beside_its_usual_course_and_angles_do_not() -> None:
    said = [words(to_svg(trend_figure(trend(READINGS[:9], END, *what)))) for what in ((Measure.COMFORT,), LEFT)]
    assert ["usual course in studies, without this program" in text for text in said] == [True, False]


def test_a_wobble_does_not_look_like_a_mountain() -> None:
    calm = [replace(r, value=50 + 0.1 * i % 1, error=0.5) for i, r in enumerate(READINGS)]
    low, high = trend_figure(trend(calm, END, *LEFT)).axes[0].get_ylim()
    assert high - low >= 30


def test_years_of_values_have_no_error_bars_and_stay_small() -> None:
    readings = Person(1, 5.0, 0.3, nothing, days=1000, seen=1.0).readings()
    svg = to_svg(trend_figure(trend(readings, readings[-1].at, *LEFT)))
    assert "each value" in words(svg)
    assert len(svg) < 400_000


def test_it_speaks_a_language() -> None:
    _ = translator(Language.DE)
    assert _("left") in words(to_svg(dose_figure(WEEKS, _)))


def test_the_dose_of_the_last_weeks_has_its_minutes_by_side_and_the_days_done_of_those_planned() -> None:
    figure = dose_figure(WEEKS)
    left, right = figure.axes[0].containers
    assert [bar.get_height() for bar in left] == list(range(8, 20))
    assert [bar.get_height() for bar in right] == [i / 2 for i in range(8, 20)]
    assert all(a.get_x() + a.get_width() < b.get_x() + 0.05 for a, b in zip(left, right, strict=True))
    assert {"7/6", "9", "20"} <= set(words(to_svg(figure)))


def test_without_a_plan_only_the_days_done_are_said_and_without_days_that_nothing_was_done() -> None:
    said = words(to_svg(dose_figure([replace(WEEKS[3], days_planned=None)])))
    assert "3" in said
    assert not any("/" in text for text in said)
    assert "Nothing done yet." in words(to_svg(dose_figure([])))
