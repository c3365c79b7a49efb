"""Summaries: numbers with their errors, and records that can be read back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kneeroll.events import EndReason
from kneeroll.poses import Side, View
from kneeroll.summaries import (
    BREATH_NOT_SEEN,
    NOT_SEEN,
    TOO_WIDE,
    UNMEASURED,
    UNMEASURED_BREATHING,
    UNMEASURED_CREEP,
    Breathing,
    Creep,
    HoldSummary,
    Measured,
    SessionSummary,
    hold_from_record,
    why_not,
)
from tests.samples import HOLD

UNROUNDED = replace(HOLD, start_s=8.1234567, knee_drop_deg=Measured(55.125, 4.0), shoulder_lift_m=Measured(0.01234, 0.0056))


def session(*holds: HoldSummary, reasons: tuple[str, ...] = ()) -> SessionSummary:
    return SessionSummary(holds, View.QUARTER_FOOT, reasons, EndReason.DONE, "engine", "estimator")


@pytest.mark.parametrize(
    ("measured", "text"),
    [
        (Measured(52.34, 6.1), "52 ± 6"),
        (Measured(0.0, 9.6), "0 ± 10"),
        (Measured(7.6, 1.0), "8 ± 1"),
        (UNMEASURED, "not measurable"),
        (TOO_WIDE, "not measurable"),
    ],
)
def test_a_number_is_written_with_its_error(measured: Measured, text: str) -> None:
    assert str(measured) == text


@pytest.mark.parametrize(("value", "error"), [(1.0, None), (None, 1.0)])
def test_a_value_without_an_error_is_refused(value: float | None, error: float | None) -> None:
    with pytest.raises(ValueError, match="go together"):
        Measured(value, error)


def test_a_number_is_recorded_rounded() -> None:
    assert Measured(52.3456, 6.1234).record() == {"value": 52.35, "error": 6.12}
    assert Measured(0.012345, 0.004321).record(4) == {"value": 0.0123, "error": 0.0043}
    assert UNMEASURED.record() == {"value": None, "error": None}


def test_what_cannot_be_measured_says_why_wherever_it_is_shown() -> None:
    hold = replace(HOLD, pelvis_roll_deg=TOO_WIDE, trunk_twist_deg=NOT_SEEN, hip_swing_deg=TOO_WIDE)
    assert why_not([hold, HOLD]) == (TOO_WIDE.why, NOT_SEEN.why)
    again = hold_from_record(json.loads(json.dumps(hold.record())))
    assert why_not([again]) == (TOO_WIDE.why, NOT_SEEN.why)


def test_a_measured_zero_is_not_unmeasured() -> None:
    assert Measured(0.0, 0.0).record() == {"value": 0.0, "error": 0.0}
    assert str(Measured(0.0, 0.0)) == "0 ± 0"


def test_a_hold_lasts_from_start_to_end() -> None:
    assert replace(HOLD, start_s=8.0, end_s=31.5).duration_s == 23.5


def test_the_record_of_a_hold_is_the_contract_of_measure() -> None:
    assert UNROUNDED.record() == {
        "side": "left",
        "start_s": 8.123,
        "end_s": 31.5,
        "duration_s": 23.377,
        "in_posture_s": 20.25,
        "knee_drop_deg": {"value": 55.12, "error": 4.0},
        "pelvis_roll_deg": {"value": 34.0, "error": 5.5},
        "thorax_roll_deg": {"value": 4.9, "error": 3.1},
        "trunk_twist_deg": {"value": 29.1, "error": 6.0},
        "hip_swing_deg": {"value": None, "error": None},
        "shoulder_lift_m": {"value": 0.0123, "error": 0.0056},
        "creep": {
            "knee_drop_deg": {"gain_deg": {"value": 3.2, "error": 0.8}, "settled_s": {"value": 12.4, "error": 3.0}},
            "trunk_twist_deg": {"gain_deg": {"value": None, "error": None}, "settled_s": {"value": None, "error": None}},
        },
        "breathing": {
            "breaths": {"value": None, "error": None},
            "longest_pause_s": {"value": None, "error": None},
        },
        "faults": ["knees_parted", "rushed"],
        "fault_spans": [
            {"fault": "knees_parted", "start_s": 12.0, "end_s": 15.5, "size": {"value": 31.2, "error": 8.1}, "unit": "deg"},
            {"fault": "rushed", "start_s": 7.0, "end_s": 7.8, "size": {"value": 82.0, "error": 6.0}, "unit": "deg/s"},
        ],
    }


def test_a_hold_is_read_back_as_it_was_written() -> None:
    written = json.loads(json.dumps(UNROUNDED.record()))
    again = hold_from_record(written)
    assert again.record() == written
    assert (again.side, again.faults, again.hip_swing_deg) == (HOLD.side, HOLD.faults, UNMEASURED)


def test_a_hold_of_an_older_journal_is_read() -> None:
    written = {k: v for k, v in UNROUNDED.record().items() if k not in ("creep", "breathing", "fault_spans")}
    again = hold_from_record(written)
    assert again.breathing == UNMEASURED_BREATHING
    assert again.knee_drop_creep == again.trunk_twist_creep == UNMEASURED_CREEP
    assert [str(span) for span in again.faults] == ["knees parted", "rushed"]
    assert {(s.start_s, s.end_s, s.size) for s in again.faults} == {(8.123, 31.5, UNMEASURED)}


@pytest.mark.parametrize(
    ("breathing", "text"),
    [
        (Breathing(Measured(5, 1), Measured(4.34, 1.0)), "5 ± 1 breaths, longest pause 4 ± 1 s"),
        (BREATH_NOT_SEEN, "not measurable"),
    ],
)
def test_breathing_is_said_in_one_phrase_and_read_back_as_it_was_written(breathing: Breathing, text: str) -> None:
    written = json.loads(json.dumps(replace(HOLD, breathing=breathing).record()))
    again = hold_from_record(written)
    assert str(again.breathing) == text
    assert again.record() == written
    assert again.breathing.breaths.why == breathing.breaths.why


def test_a_fault_that_came_twice_is_named_once() -> None:
    twice = replace(HOLD, faults=(HOLD.faults[1], HOLD.faults[0], HOLD.faults[0]))
    assert twice.record()["faults"] == ["knees_parted", "rushed"]
    assert len(twice.record()["fault_spans"]) == 3


@pytest.mark.parametrize(
    ("creep", "text"),
    [
        (Creep(Measured(3.2, 0.8), Measured(12.4, 3.0)), "sank 3 ± 1°, most of it in 12 s"),
        (Creep(Measured(3.2, 0.8), UNMEASURED), "sank 3 ± 1°"),
        (Creep(Measured(-3.2, 0.8), UNMEASURED), "rose 3 ± 1°"),
        (Creep(Measured(1.0, 0.6), UNMEASURED), "no clear change, ± 1°"),
        (UNMEASURED_CREEP, "not measurable"),
    ],
)
def test_creep_is_said_in_one_phrase(creep: Creep, text: str) -> None:
    assert str(creep) == text


def test_the_dose_of_a_side_is_the_sum_of_its_holds() -> None:
    summary = session(HOLD, replace(HOLD, side=Side.RIGHT, in_posture_s=7.0), replace(HOLD, in_posture_s=10.0))
    assert summary.dose_s(Side.LEFT) == 30.25
    assert summary.dose_s(Side.RIGHT) == 7.0
    assert session().dose_s(Side.LEFT) == 0


def test_a_session_with_a_reason_is_not_measurable() -> None:
    assert session(HOLD).measurable
    assert session().measurable
    assert not session(reasons=("no_person",)).measurable
