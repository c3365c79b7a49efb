"""Summaries: numbers with their errors, and records that can be read back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kneeroll.events import EndReason
from kneeroll.poses import Side, View
from kneeroll.summaries import UNMEASURED, HoldSummary, Measured, SessionSummary, hold_from_record
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
        "faults": ["knees_parted", "rushed"],
    }


def test_a_hold_is_read_back_as_it_was_written() -> None:
    written = json.loads(json.dumps(UNROUNDED.record()))
    again = hold_from_record(written)
    assert again.record() == written
    assert (again.side, again.faults, again.hip_swing_deg) == (HOLD.side, HOLD.faults, UNMEASURED)


def test_the_dose_of_a_side_is_the_sum_of_its_holds() -> None:
    summary = session(HOLD, replace(HOLD, side=Side.RIGHT, in_posture_s=7.0), replace(HOLD, in_posture_s=10.0))
    assert summary.dose_s(Side.LEFT) == 30.25
    assert summary.dose_s(Side.RIGHT) == 7.0
    assert session().dose_s(Side.LEFT) == 0


def test_a_session_with_a_reason_is_not_measurable() -> None:
    assert session(HOLD).measurable
    assert session().measurable
    assert not session(reasons=("no_person",)).measurable
