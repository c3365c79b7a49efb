"""A clip is scored against its truth: what is right counts as right, and what is wrong as wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.errors import UnreadableClip
from kneeroll.estimators.blazepose import BlazePose
from kneeroll.events import Fault
from kneeroll.kinematics.posture import ROWS
from kneeroll.poses import Side, View
from kneeroll.summaries import UNMEASURED, FaultSpan, Measured
from kneeroll.truth import ClipScore, score_clip
from kneeroll.truth.naive import naive_knee_drop
from kneeroll.truth.read import MEASURED
from kneeroll.truth.score import HoldScore
from tests.samples import HOLD
from tests.truth.made import TIMES, shown, write_truth


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> ClipScore:
    return score_clip(write_truth(tmp_path_factory.mktemp("made"), "made"), None)


def test_true_joints_give_true_angles(score: ClipScore) -> None:
    assert score.view is View.QUARTER_FOOT
    assert score.seen_share > 0.85
    assert [h.side_right for h in score.holds] == [True, True]
    assert score.invented == 0
    for hold in score.holds:
        assert np.abs(hold.edges_s).max() < 0.5
        for angle in MEASURED:
            assert abs(hold.error_deg(angle)) < 2.0
            assert hold.stated_deg(angle) > 0
    assert score.sides_differ_deg < 3.0
    assert min(score.coverage.values()) > 0.9


def test_a_network_has_no_say_in_it(score: ClipScore) -> None:
    assert all(np.isnan(hold.naive_deg) for hold in score.holds)


def test_what_was_followed_live_is_told_beside_what_was_measured(score: ClipScore) -> None:
    for hold in score.holds:
        assert hold.live_deg == pytest.approx(hold.truth.angles["knee_drop_deg"], abs=4.0)
        assert hold.live_deg != pytest.approx(hold.error_deg("knee_drop_deg") + hold.truth.angles["knee_drop_deg"], abs=1e-6)


def test_a_network_needs_the_clip(tmp_path: Path) -> None:
    with pytest.raises(UnreadableClip, match=r"made\.mp4 is missing"):
        score_clip(write_truth(tmp_path, "made"), BlazePose)


def found_as(score: ClipScore, **changes: Any) -> HoldScore:
    return replace(score.holds[0], found=replace(HOLD, knee_drop_deg=Measured(44.0, 3.0), **changes))


def test_errors_count_toward_the_side(score: ClipScore) -> None:
    true = score.holds[0].truth.angles["knee_drop_deg"]
    assert found_as(score).error_deg("knee_drop_deg") == pytest.approx(44.0 - true)
    assert found_as(score).stated_deg("knee_drop_deg") == 3.0


def test_the_wrong_side_and_no_hold_and_no_value_are_not_right(score: ClipScore) -> None:
    assert not found_as(score, side=Side.RIGHT).side_right
    lost = replace(score.holds[0], found=None)
    assert not lost.side_right
    assert not lost.lift_found
    assert np.isnan([lost.error_deg("knee_drop_deg"), lost.stated_deg("knee_drop_deg"), *lost.edges_s]).all()
    unclear = replace(score.holds[0], found=replace(HOLD, knee_drop_deg=UNMEASURED))
    assert np.isnan([unclear.error_deg("knee_drop_deg"), unclear.stated_deg("knee_drop_deg")]).all()


def test_a_lift_is_found_where_it_was_named(score: ClipScore) -> None:
    span = FaultSpan(Fault.SHOULDER_LIFTED, 5.0, 7.0, Measured(0.04, 0.01), "m")
    assert found_as(score, faults=(span,)).lift_found
    assert not found_as(score, faults=()).lift_found


def test_the_naive_knee_drop_of_true_points_is_the_knee_drop() -> None:
    person = shown()
    position_m = np.zeros((len(TIMES), len(BODY.landmarks), 3))
    position_m[:, ROWS] = person.position_m
    assert naive_knee_drop(position_m, 15) == pytest.approx(person.knee_drop_deg, abs=0.01)
    turn, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    assert naive_knee_drop(position_m @ turn.T + (0.2, 1.0, 3.0), 15) == pytest.approx(person.knee_drop_deg, abs=0.01)
