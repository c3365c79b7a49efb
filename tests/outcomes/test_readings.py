"""What is compared over weeks: the cold hold, with its error and its set-up; comfort turned so that higher is better."""

from __future__ import annotations

from datetime import date, timedelta
from math import hypot

import pytest

from kneeroll.diary import Filled, Instrument, MorningAfter
from kneeroll.movements import Cushion
from kneeroll.outcomes.readings import (
    Measure,
    activity_readings,
    angle_readings,
    comfort_readings,
    dose_readings,
    dose_weeks,
    morning_readings,
)
from kneeroll.poses import Side, Surface, View
from tests.outcomes.made import DAY0, sitting


def values(readings) -> list[float]:
    return [r.value for r in readings]


def test_only_the_first_hold_of_a_side_counts_with_both_its_errors() -> None:
    (found,) = angle_readings([sitting(0, [50, 56], [40, 44])], Measure.KNEE_DROP, Side.RIGHT, 3.0)
    assert (found.at, found.value, found.error) == (DAY0, 40, pytest.approx(hypot(4.0, 3.0)))
    assert values(angle_readings([sitting(0, [50, 56])], Measure.TWIST, Side.LEFT, None)) == [25]


def test_a_first_hold_that_was_not_measured_is_not_replaced_by_a_warm_one() -> None:
    assert angle_readings([sitting(0, [None, 56])], Measure.KNEE_DROP, Side.LEFT, None) == ()


def test_a_session_soon_after_another_is_not_cold() -> None:
    found = angle_readings([sitting(0.2, [3]), sitting(0, [1]), sitting(0.02, [2])], Measure.KNEE_DROP, Side.LEFT, None)
    assert values(found) == [1, 3]


@pytest.mark.parametrize("movement", ["breath_paced_rolls", "figure_four", "nobody_knows_it"])
def test_a_hold_of_a_movement_that_is_not_judged_by_the_knees_is_left_out(movement) -> None:
    assert angle_readings([sitting(0, [50], movement=movement)], Measure.KNEE_DROP, Side.LEFT, None) == ()


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (sitting(1, [50], movement="no_cushion_30s"), True),
        (sitting(1, [50], movement="breathing_30s"), True),
        (sitting(1, [50], cushion_cm=20), True),
        (sitting(1, [50], movement=None), False),
        (sitting(1, [50], movement="top_leg_crossed"), False),
        (sitting(1, [50], movement="cushion_20s", cushion_cm=20), False),
        (sitting(1, [50], view=View.QUARTER_FOOT), False),
        (sitting(1, [50], surface=Surface.BED), False),
    ],
)
def test_what_can_be_compared_has_the_same_camera_place_surface_cushion_and_legs(other, same) -> None:
    first, second = angle_readings([sitting(0, [50]), other], Measure.KNEE_DROP, Side.LEFT, None)
    assert (first.setup == second.setup) is same


def test_the_height_of_the_cushion_matters_where_there_is_one() -> None:
    sittings = [sitting(i, [50], movement="cushion_20s", cushion_cm=cm) for i, cm in enumerate((10, 20))]
    low, high = (r.setup for r in angle_readings(sittings, Measure.KNEE_DROP, Side.LEFT, None))
    assert (low.cushion, low.cushion_cm, high.cushion_cm) == (Cushion.BOTH, 10, 20)


def test_comfort_is_what_was_said_before_the_session_turned_round() -> None:
    found = comfort_readings([sitting(1, discomfort=3), sitting(0, discomfort=6), sitting(2)])
    assert [(r.at, r.value) for r in found] == [(DAY0, 4), (DAY0 + timedelta(days=1), 7)]


def test_the_morning_after_is_turned_round_and_blanks_are_left_out() -> None:
    diary = [MorningAfter(DAY0 + timedelta(days=d), id, None, said) for d, id, said in ((0, "x", None), (1, "y", 2))]
    assert values(morning_readings(diary)) == [8]


def test_of_a_morning_counts_what_was_said_last() -> None:
    said = (("x", 9), ("y", 3), ("x", 1))
    diary = [MorningAfter(DAY0 + timedelta(hours=i), id, None, discomfort) for i, (id, discomfort) in enumerate(said)]
    assert values(morning_readings(diary)) == [7, 9]


def test_other_activities_are_another_set_up() -> None:
    rated = [
        Filled(DAY0 + timedelta(days=7 * i), Instrument.ACTIVITIES, dict.fromkeys(names, 4))
        for i, names in enumerate(("abc", "cba", "abd"))
    ]
    first, second, third = activity_readings(rated)
    assert first.setup == second.setup != third.setup
    assert first.value == 4


def test_weeks_have_the_dose_of_each_side_and_the_days_done_of_those_planned() -> None:
    sittings = [sitting(0, [50, 50], [40]), sitting(0.3, [50]), sitting(1, [50]), sitting(15, [50])]
    now = DAY0 + timedelta(days=16)
    weeks = dose_weeks(sittings, now, 5)
    assert [(w.start, w.left_s, w.right_s, w.days_done, w.days_planned) for w in weeks] == [
        (date(2026, 3, 2), 80, 20, 2, 5),
        (date(2026, 3, 9), 0, 0, 0, 5),
        (date(2026, 3, 16), 20, 0, 1, 5),
    ]
    assert [(r.at.date(), r.value) for r in dose_readings(weeks, now)] == [
        (date(2026, 3, 8), pytest.approx(100 / 60)),
        (date(2026, 3, 15), 0),
    ]
    assert dose_weeks([], now, 5) == ()


def test_a_session_from_a_clock_that_was_ahead_has_no_week_yet() -> None:
    now = DAY0 + timedelta(days=3)
    assert len(dose_weeks([sitting(0), sitting(60)], now, 5)) == 1
    assert dose_weeks([sitting(60)], now, 5) == ()
