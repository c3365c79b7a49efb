"""`kneeroll bench truth`: a folder of clips in, tables and a picture out, and plain words for what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kneeroll.cameras.sample import sample_clip_path
from tests.cli.conftest import Kneeroll
from tests.truth.made import lose_column, write_truth


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    write_truth(folder, "one")
    return folder


def test_true_joints_are_compared_and_written(kneeroll: Kneeroll, clips: Path, tmp_path: Path) -> None:
    write_truth(clips, "two", "side")
    out = tmp_path / "out"
    out.mkdir()
    said = kneeroll("bench", "truth", clips, "--true-landmarks", "--out", out)
    assert said.exit_code == 0, said.stderr
    assert "knee drop at the hold" in said.stdout
    assert "quarter foot" in said.stdout
    assert "nan" not in said.stdout
    record = json.loads((out / "truth.json").read_text("utf-8"))
    assert [clip["name"] for clip in record["clips"]] == ["one", "two"]
    assert record["all"]["found"] == 4
    assert "| two | side | 2 of 2 |" in (out / "truth.md").read_text("utf-8")
    picture = ElementTree.parse(out / "truth.svg").getroot()
    assert picture.tag.endswith("svg")


def test_the_shipped_sample_is_the_default_and_is_measured_within_the_goals(kneeroll: Kneeroll, tmp_path: Path) -> None:
    said = kneeroll("bench", "truth", "--out", tmp_path)
    assert said.exit_code == 0, said.stderr
    record = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert record["all"]["found"] == record["all"]["holds"] == 2
    assert record["all"]["sides"] == 1.0
    assert record["all"]["error_deg"]["knee_drop_deg"] < record["all"]["naive_deg"]


def test_what_cannot_be_read_is_told_and_left_out(kneeroll: Kneeroll, clips: Path) -> None:
    lose_column(write_truth(clips, "broken").with_suffix(".csv"), "drop")
    said = kneeroll("bench", "truth", clips, "--true-landmarks")
    assert said.exit_code == 0
    assert "Left out: broken.csv has no column drop" in said.stderr
    assert "2 of 2" in said.stdout


def test_a_clip_that_is_missing_or_broken_is_told(kneeroll: Kneeroll, clips: Path) -> None:
    said = kneeroll("bench", "truth", clips)
    assert said.exit_code == 2
    assert "one.mp4 is missing beside its truth" in said.stderr
    (clips / "one.mp4").write_bytes(sample_clip_path().read_bytes()[:20_000])
    said = kneeroll("bench", "truth", clips)
    assert said.exit_code == 2
    assert "No clip could be compared" in said.stderr


def test_an_empty_folder_and_no_folder_are_told(kneeroll: Kneeroll, tmp_path: Path) -> None:
    for folder, why in ((tmp_path / "nowhere", "no folder"), (tmp_path, "NAME.mp4 with NAME.csv")):
        said = kneeroll("bench", "truth", folder)
        assert said.exit_code == 2
        assert why in said.stderr.replace("\n", " ")


def test_a_place_to_write_that_is_missing_is_told_before_anything_is_measured(kneeroll: Kneeroll, clips: Path) -> None:
    said = kneeroll("bench", "truth", clips, "--true-landmarks", "--out", clips / "nowhere")
    assert said.exit_code == 2
    assert "make it first" in said.stderr
    assert said.stdout == ""
