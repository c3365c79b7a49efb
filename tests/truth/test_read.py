"""The truth beside a clip is read as it was written, and what cannot be read says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kneeroll.errors import UnreadableTruth
from kneeroll.poses import Side, View
from kneeroll.truth import clips_in, read_truth
from tests.truth.made import DROP, TIMES, lose_column, person_px, shown, write_truth


def test_angles_count_from_the_start_position_and_holds_from_their_side(tmp_path: Path) -> None:
    truth = read_truth(write_truth(tmp_path, "a"))
    assert truth.angles["knee_drop_deg"] == pytest.approx(shown().knee_drop_deg, abs=1e-3)
    assert truth.at("knee_drop_deg", np.array([7.0])) == pytest.approx(shown().knee_drop_deg[70], abs=1e-3)
    assert truth.angles["trunk_twist_deg"] == pytest.approx(0.6 * DROP, abs=1e-3)
    assert [(h.side, round(h.start_s, 1), round(h.end_s, 1)) for h in truth.holds] == [
        (Side.LEFT, 4.5, 9.5),
        (Side.RIGHT, 14.5, 19.5),
    ]
    assert [h.angles["pelvis_roll_deg"] for h in truth.holds] == pytest.approx([30.0, 21.0], abs=0.01)
    assert truth.place.view is View.QUARTER_FOOT
    assert truth.body == "female 1.70 m"
    assert truth.image_px == pytest.approx(person_px(shown()), abs=1e-3)
    assert truth.t_s == pytest.approx(TIMES, abs=1e-3)


def test_a_lifted_shoulder_belongs_to_its_hold(tmp_path: Path) -> None:
    assert [h.lifted for h in read_truth(write_truth(tmp_path, "a")).holds] == [False, False]
    left, right = read_truth(write_truth(tmp_path, "b", lifted="hold_right")).holds
    assert (left.lifted, left.lift_since_s, left.in_posture_s) == (False, None, left.end_s - left.start_s)
    assert (right.lifted, right.lift_since_s) == (True, right.start_s)
    assert right.in_posture_s == pytest.approx(0.0, abs=0.2)


def test_the_breaths_of_a_hold_are_counted_where_the_truth_has_them(tmp_path: Path) -> None:
    clip = write_truth(tmp_path, "a")
    assert [h.breaths for h in read_truth(clip).holds] == [None, None]
    header, *rows = clip.with_suffix(".csv").read_text().splitlines()
    rise_mm = 3.5 * (1 - np.cos(2 * np.pi * TIMES / 2.0))  # highest at 1, 3, 5 ... s
    told = [f"{header},breath_mm", *(f"{row},{rise:.2f}" for row, rise in zip(rows, rise_mm, strict=True))]
    clip.with_suffix(".csv").write_text("\n".join(told))
    assert [h.breaths for h in read_truth(clip).holds] == [3, 3]


@pytest.mark.parametrize(("body", "told"), [("Ada", "Ada"), ({"sex": "male"}, "male"), ({}, "-"), (None, "-")])
def test_a_person_has_a_name(tmp_path: Path, body: object, told: str) -> None:
    assert read_truth(write_truth(tmp_path, "a", body=body)).body == told


def test_clips_of_a_folder_come_in_order_and_only_with_their_truth(tmp_path: Path) -> None:
    for name in "cab":
        write_truth(tmp_path, name)
    (tmp_path / "b.json").unlink()
    assert [clip.name for clip in clips_in(tmp_path)] == ["a.mp4", "c.mp4"]


def test_a_folder_that_is_missing_or_has_no_clip_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTruth, match="no folder"):
        clips_in(tmp_path / "nowhere")
    with pytest.raises(UnreadableTruth, match=r"NAME\.csv and NAME\.json"):
        clips_in(tmp_path)


@pytest.mark.parametrize("column", ["drop", "phase", "left_knee_u", "shoulderL_z"])
def test_a_column_that_is_missing_is_named(tmp_path: Path, column: str) -> None:
    clip = write_truth(tmp_path, "a")
    lose_column(clip.with_suffix(".csv"), column)
    with pytest.raises(UnreadableTruth, match=f"a.csv has no column {column}"):
        read_truth(clip)


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "a.csv"), ("t,phase\n0,start,7\n", "a.csv cannot be read"), ("t\n0\n1\n", "a.csv has no column"), ("\0\1", "a.csv")],
)
def test_a_broken_table_says_so(tmp_path: Path, text: str, why: str) -> None:
    clip = write_truth(tmp_path, "a")
    clip.with_suffix(".csv").write_text(text)
    with pytest.raises(UnreadableTruth, match=why):
        read_truth(clip)


def test_a_table_that_begins_after_the_start_position_says_so(tmp_path: Path) -> None:
    clip = write_truth(tmp_path, "a")
    lines = clip.with_suffix(".csv").read_text().splitlines()
    clip.with_suffix(".csv").write_text("\n".join([lines[0], *lines[30:]]))
    with pytest.raises(UnreadableTruth, match="start position"):
        read_truth(clip)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", json.dumps({"pos": [1, 2]}), json.dumps({"pos": "far"}), json.dumps({"pos": 3})]
)
def test_a_camera_that_is_not_told_is_asked_for(tmp_path: Path, text: str) -> None:
    clip = write_truth(tmp_path, "a")
    clip.with_suffix(".json").write_text(text)
    with pytest.raises(UnreadableTruth, match=r"a\.json"):
        read_truth(clip)
