"""Scores become figures: every clip counts once, refusals and misses show, and a goal that was missed says no."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kneeroll.events import Fault
from kneeroll.poses import View
from kneeroll.summaries import UNMEASURED, FaultSpan, Measured
from kneeroll.truth import ClipScore, figures_of, score_clip, to_json, to_markdown
from kneeroll.truth.read import MEASURED
from kneeroll.truth.score import HoldScore
from kneeroll.truth.tables import COLUMNS, by_body, by_view, goals, row
from tests.truth.made import write_truth


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> ClipScore:
    return score_clip(write_truth(tmp_path_factory.mktemp("made"), "made", lifted="hold_right"), None)


def off_by(hold: HoldScore, deg: float, error_deg: float = 3.0) -> HoldScore:
    """The same hold, its knee drop read so much too deep."""
    assert hold.found is not None
    read = Measured(hold.truth.angles["knee_drop_deg"] + deg, error_deg)
    return replace(hold, found=replace(hold.found, side=hold.truth.side, knee_drop_deg=read, faults=()))


def with_holds(score: ClipScore, *holds: HoldScore) -> ClipScore:
    return replace(score, holds=holds)


def refused(score: ClipScore) -> ClipScore:
    return replace(score, summary=replace(score.summary, holds=(), reasons=("low_foot_end",)), holds=score.holds)


def test_errors_are_means_and_biases_keep_their_sign(score: ClipScore) -> None:
    left, right = score.holds
    figures = figures_of("all", [with_holds(score, off_by(left, 6.0), off_by(right, -2.0))])
    assert figures.error_deg["knee_drop_deg"] == pytest.approx(4.0)
    assert figures.bias_deg["knee_drop_deg"] == pytest.approx(2.0)
    assert figures.differ_deg == pytest.approx(8.0)
    assert figures.shallow_deg == pytest.approx(2.0)
    assert np.isnan(figures.deep_deg)
    assert (figures.clips, figures.refused, figures.holds, figures.found, figures.sides) == (1, 0, 2, 2, 1.0)


def test_a_missed_hold_counts_and_its_error_does_not(score: ClipScore) -> None:
    left, right = score.holds
    figures = figures_of("all", [with_holds(score, off_by(left, 6.0), replace(right, found=None))])
    assert (figures.holds, figures.found) == (2, 1)
    assert figures.error_deg["knee_drop_deg"] == pytest.approx(6.0)
    assert np.isnan(figures.differ_deg)


def test_a_hold_that_was_not_measurable_is_counted_apart(score: ClipScore) -> None:
    left, right = score.holds
    assert right.found is not None
    unclear = replace(right, found=replace(right.found, knee_drop_deg=UNMEASURED))
    figures = figures_of("all", [with_holds(score, off_by(left, 6.0), unclear)])
    assert (figures.found, figures.unmeasurable) == (2, 1)
    assert "2 of 2 (1 not measurable)" in row(figures)


def test_lifts_are_found_missed_or_invented(score: ClipScore) -> None:
    left, right = (off_by(h, 0.0) for h in score.holds)
    span = FaultSpan(Fault.SHOULDER_LIFTED, 5.0, 7.0, Measured(0.04, 0.01), "m")

    def lifted(hold: HoldScore) -> HoldScore:
        assert hold.found is not None
        return replace(hold, found=replace(hold.found, faults=(span,)))

    assert [h.truth.lifted for h in (left, right)] == [False, True]
    assert figures_of("", [with_holds(score, left, right)]).lifts == (0, 1, 0)
    assert figures_of("", [with_holds(score, lifted(left), right)]).lifts == (0, 1, 1)
    found = figures_of("", [with_holds(score, left, lifted(right))])
    assert found.lifts == (1, 0, 0)
    assert found.lift_f1 == 1.0
    assert np.isnan(figures_of("", [with_holds(score, left)]).lift_f1)


def test_a_clip_that_was_refused_where_it_could_be_measured_misses_its_holds(score: ClipScore) -> None:
    assert score.supported
    lost = refused(with_holds(score, *(replace(h, found=None) for h in score.holds)))
    figures = figures_of("all", [lost])
    assert (figures.refused, figures.holds, figures.found) == (1, 2, 0)
    below = replace(lost, supported=False)
    assert figures_of("all", [below]).holds == 0


@pytest.mark.parametrize(("off", "said"), [(4.9, "yes"), (5.1, "no")])
def test_a_goal_says_whether_it_was_reached(score: ClipScore, off: float, said: str) -> None:
    figures = figures_of("all", [with_holds(score, *(off_by(h, off) for h in score.holds))])
    lines = {line[0]: line for line in (goal.line(figures) for goal in goals(true_landmarks=False))}
    assert lines["knee drop at the hold"] == ("knee drop at the hold", f"{off}°", "<= 5.0°", said)
    assert lines["holds deeper than 60°"][1:] == ("-", "<= 5.0°", "-")
    assert next(goal for goal in goals(true_landmarks=True)).goal == "<= 2.5°"


def test_clips_are_grouped_by_camera_and_by_person(score: ClipScore) -> None:
    above = replace(score.truth.place, azimuth_deg=60.0, elevation_deg=80.0)
    other = replace(score, truth=replace(score.truth, place=above, body="Ada"))
    assert other.view is View.ABOVE
    assert {f.name: f.clips for f in by_view([score, other, score])} == {"above": 1, "quarter foot": 2}
    assert [(f.name, f.clips) for f in by_body([score, other, score])] == [("Ada", 1), ("female 1.70 m", 2)]


@pytest.mark.parametrize("shape", [lambda s: s, refused])
def test_the_report_is_a_page_and_plain_json(score: ClipScore, shape: Callable[[ClipScore], ClipScore]) -> None:
    scores = [shape(score)]
    page = to_markdown(scores, true_landmarks=True)
    assert "points: the true joints in the picture" in page
    assert "nan" not in page
    tables = [line for line in page.splitlines() if line.startswith("| made |")]
    assert len(tables) == 1
    record = json.loads(json.dumps(to_json(scores, true_landmarks=True), allow_nan=False))
    assert record["clips"][0]["measurable"] is scores[0].summary.measurable
    assert set(record["clips"][0]["holds"][0]["error_deg"]) == set(MEASURED)
    assert len(row(figures_of("all", scores))) == len(COLUMNS)


def test_the_network_that_gave_the_points_is_named(score: ClipScore, tmp_path: Path) -> None:
    assert f"points: {score.summary.estimator}." in to_markdown([score], true_landmarks=False)
