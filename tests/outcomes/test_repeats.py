"""A person's own measuring error comes from the repeats of the first week, by hand and by a known spread."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from kneeroll.events import MovementStarted
from kneeroll.outcomes.readings import Measure
from kneeroll.outcomes.repeats import Repeatability, repeatability
from kneeroll.summaries import Measured
from tests.outcomes.made import sitting


def test_the_pooled_spread_is_as_worked_out_by_hand() -> None:
    sittings = [sitting(0, [50, 54], [40, 40]), sitting(1, [60, 62, 64], [30, 34]), sitting(2, [70], [41, 45, None])]
    # squares about the means: 8 + 0 + 8 + 8 + 0 + 8 = 32; one, one, two, one, none and one repeat
    found = repeatability(sittings, Measure.KNEE_DROP)
    assert (found.sem, found.repeats) == (pytest.approx(sqrt(32 / 6)), 6)
    assert repeatability(sittings, Measure.TWIST).sem == pytest.approx(sqrt(32 / 6) / 2)


def test_a_known_spread_is_found_whatever_the_level_of_a_day() -> None:
    rng = np.random.default_rng(1)
    sittings = [sitting(d, list(rng.normal(level := 40 + 5 * d, 3, 30)), list(rng.normal(level, 3, 30))) for d in range(6)]
    assert repeatability(sittings, Measure.KNEE_DROP).sem == pytest.approx(3.0, rel=0.1)


def test_holds_of_another_kind_are_no_repeats() -> None:
    alike = sitting(0, [50, 52] * 4)
    legs_crossed = MovementStarted(129.0, "top_leg_crossed", "", ())  # before the third hold of the side
    plain, crossed = alike.summary.holds[:2], alike.summary.holds[2:]
    deeper = (replace(h, knee_drop_deg=Measured(90.0 + 2 * (i % 2), 4.0)) for i, h in enumerate(crossed))
    summary = replace(alike.summary, holds=(*plain, *deeper))
    found = repeatability([replace(alike, events=(*alike.events, legs_crossed), summary=summary)], Measure.KNEE_DROP)
    assert (found.repeats, found.sem) == (6, pytest.approx(sqrt((2 + 6) / 6)))


def test_what_comes_after_the_first_week_does_not_count() -> None:
    calm, wild = sitting(0, [50, 51] * 4), sitting(7.5, [20, 80] * 4)
    assert repeatability([wild, calm], Measure.KNEE_DROP) == repeatability([calm], Measure.KNEE_DROP)


def test_where_the_first_week_has_too_few_repeats_all_sessions_count() -> None:
    sittings = [sitting(day, [50, 54]) for day in (0, 5, 10, 15, 20, 25)]
    assert repeatability(sittings[:5], Measure.KNEE_DROP) == Repeatability(None, 5)
    assert repeatability(sittings, Measure.KNEE_DROP) == Repeatability(pytest.approx(sqrt(8)), 6)


@pytest.mark.parametrize("sittings", [[], [sitting(0, [50])], [sitting(0, [50, 51, 52], [40, 41, 42])]])
def test_too_few_repeats_say_so(sittings) -> None:
    found = repeatability(sittings, Measure.KNEE_DROP)
    assert found.sem is None
    assert found.mdc95() is None
    assert f"{6 - found.repeats} more holds" in found.told(str)


@pytest.mark.parametrize(("sem", "n", "mdc95"), [(2, 1, 5.5), (3, 1, 8.3), (3, 3, 4.8), (5, 7, 5.2)])
def test_the_smallest_believable_change_is_that_of_the_textbook(sem, n, mdc95) -> None:
    assert Repeatability(sem, 20).mdc95(n) == pytest.approx(mdc95, abs=0.05)
