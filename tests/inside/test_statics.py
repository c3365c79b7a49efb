"""The legs' weight, the trunk's load and the cushion."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from kneeroll.inside import Load, load_taken, on_cushion, told_cushions
from kneeroll.inside.statics import LEGS, leg_pull_nm, load, trunk_torque_nm
from kneeroll.movements import HEIGHTS_CM, Cushion
from kneeroll.summaries import UNMEASURED, Measured
from tests.samples import HOLD

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text("utf-8"))
DEEP = replace(
    HOLD,
    knee_drop_deg=Measured(95, 4),
    trunk_twist_deg=Measured(45, 5),
    hip_swing_deg=Measured(40, 5),
    thorax_roll_deg=Measured(10, 3),
)


@pytest.mark.parametrize("people", LEGS)
def test_the_legs_pull_as_much_as_the_tables_of_segments_say(people):
    published = REFERENCE["leg_pull_nm"]["groups"][people]
    assert leg_pull_nm([30, 45, 60, 75, 90], LEGS[people]) == pytest.approx(published, abs=1.0)


def test_the_trunk_takes_what_the_roll_model_says():
    for twist_deg, torque_nm in REFERENCE["trunk_torque_nm"]["rows"]:
        assert float(trunk_torque_nm(twist_deg)) == pytest.approx(torque_nm, abs=1.0)


def test_the_load_grows_with_the_twist_whatever_its_side():
    assert [load(twist) for twist in (0, 15, -15, 30, 45)] == [Load.LIGHT] * 3 + [Load.MODERATE, Load.END_RANGE]


def test_a_higher_cushion_takes_more_away():
    heights = (0.0, *HEIGHTS_CM)
    taken = [load_taken(DEEP, on_cushion(DEEP, 0.0, height)) for height in heights]
    assert taken[0] == pytest.approx(0.0)
    assert all(one is not None and two is not None and one < two for one, two in pairwise(taken))
    assert 0.4 < taken[heights.index(20)] < 0.65
    assert 0.6 < taken[heights.index(30)] < 0.8


def test_a_cushion_that_the_knees_do_not_reach_changes_nothing():
    shallow = replace(DEEP, knee_drop_deg=Measured(50, 4))
    assert on_cushion(shallow, 0.0, 20.0) == shallow


def test_without_its_cushion_a_body_would_sink_deeper_and_all_angles_keep_their_proportions():
    on_20 = replace(DEEP, knee_drop_deg=Measured(70, 4), trunk_twist_deg=Measured(30, 5))
    free = on_cushion(on_20, 20.0, 0.0)
    more = (Cushion.BOTH.ceiling_deg(0) or 0) / (Cushion.BOTH.ceiling_deg(20) or 1)
    assert free.knee_drop_deg.value == pytest.approx(70 * more)
    assert free.trunk_twist_deg.value == pytest.approx(30 * more)
    assert free.trunk_twist_deg.error == pytest.approx(5 * more)
    assert (load_taken(on_20, free) or 0) < 0


def test_it_is_told_what_the_cushion_took_and_what_others_would():
    of_20, *others = told_cushions(replace(DEEP, knee_drop_deg=Measured(74, 4), trunk_twist_deg=Measured(36, 5)), 20.0, str)
    assert of_20 == "The cushion of 20 cm, against none: load on the trunk about half less."
    assert others == [
        "A cushion of 10, 15 cm instead: load on the trunk more.",
        "A cushion of 30 cm instead: load on the trunk about a quarter less.",
        "A cushion of 40 cm instead: load on the trunk about half less.",
    ]


def test_nothing_is_said_of_what_was_not_measured():
    unseen = replace(DEEP, knee_drop_deg=UNMEASURED, trunk_twist_deg=UNMEASURED)
    assert on_cushion(unseen, 0.0, 20.0) == unseen
    assert load_taken(unseen, unseen) is None
    assert told_cushions(unseen, 20.0, str) == ()
    assert on_cushion(replace(DEEP, hip_swing_deg=UNMEASURED), 0.0, 20.0).hip_swing_deg == UNMEASURED
