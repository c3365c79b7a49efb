"""`kneeroll measure` on real clips: the JSON contract, the angles, the video, the journal, and honest refusals."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kneeroll.cameras.clip import open_clip
from kneeroll.events import EndReason
from kneeroll.journal import Journal
from kneeroll.networks import DEFAULT

ASSETS = Path(__file__).parents[1] / "assets"

HEADER = "t_s,knee_drop_deg,pelvis_roll_deg,thorax_roll_deg,trunk_twist_deg,hip_swing_deg,quality"
MEASURES = ["knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg", "trunk_twist_deg", "hip_swing_deg", "shoulder_lift_m"]


def strictly(text: str) -> dict[str, Any]:
    """JSON without NaN and Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


FULL_DISK = """
import resource, sys
from kneeroll.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
main()
"""


# ---- a hold --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What one run gave."""

    said: subprocess.CompletedProcess[str]
    clip: Path
    folder: Path

    @property
    def result(self) -> dict[str, Any]:
        return strictly(self.said.stdout)

    @property
    def rows(self) -> list[dict[str, str]]:
        with (self.folder / "angles.csv").open(newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def measured(tmp_path_factory, process, hold_clip) -> Run:
    """Everything asked for at once."""
    folder = tmp_path_factory.mktemp("measured")
    said = process(
        "measure", hold_clip, "--json", "-", "--angles", folder / "angles.csv", "--video", folder / "drawn.mp4", "--keep",
        KNEEROLL_HOME=str(folder / "home"),
    )  # fmt: skip
    return Run(said, hold_clip, folder)


@pytest.fixture(scope="module")
def truth() -> dict[str, float]:
    """When the left hold of the sample began, and its angles in the half that the clip shows."""
    with resources.files("kneeroll.assets").joinpath("sample.csv").open() as lines:
        rows = [r for r in csv.DictReader(lines) if r["phase"] == "hold_left" and float(r["t"]) <= 16.0]
    angles = {name: float(np.median([float(r[name]) for r in rows])) for name in ("drop", "pelvis", "thorax")}
    return {"start_s": float(rows[0]["t"]), **angles}


def test_a_measured_clip_ends_well(measured):
    assert measured.said.returncode == 0, measured.said.stderr
    assert "Traceback" not in measured.said.stderr


def test_the_json_has_exactly_the_keys_of_the_contract(measured):
    result = measured.result
    assert list(result) == ["schema", "engine", "estimator", "clip", "measurable", "reasons", "view", "holds"]
    assert list(result["clip"]) == ["path", "duration_s", "fps", "width", "height"]
    (hold,) = result["holds"]
    assert list(hold) == [
        "side",
        "start_s",
        "end_s",
        "duration_s",
        "in_posture_s",
        *MEASURES,
        "creep",
        "breathing",
        "faults",
        "fault_spans",
    ]
    assert all(list(hold[name]) == ["value", "error"] for name in MEASURES)


def test_the_json_says_what_was_measured_and_by_what(measured):
    result = measured.result
    assert result["schema"] == 1
    assert result["engine"].startswith("kneeroll ")
    assert DEFAULT.value in result["estimator"]
    assert (result["measurable"], result["reasons"], result["view"]) == (True, [], "quarter_foot")


def test_the_json_describes_the_clip(measured):
    described = measured.result["clip"]
    assert described["path"] == str(measured.clip)
    assert (described["width"], described["height"]) == (640, 480)
    assert described["duration_s"] == pytest.approx(16.0, abs=0.2)
    assert described["fps"] == pytest.approx(12.0, abs=0.2)


def test_the_hold_is_where_the_truth_has_it(measured, truth):
    (hold,) = measured.result["holds"]
    assert hold["side"] == "left"
    assert hold["start_s"] == pytest.approx(truth["start_s"], abs=0.7)
    assert hold["end_s"] == pytest.approx(16.0, abs=0.2)
    assert hold["duration_s"] == pytest.approx(hold["end_s"] - hold["start_s"], abs=0.002)
    assert hold["in_posture_s"] == pytest.approx(hold["duration_s"], abs=0.5)
    assert hold["faults"] == hold["fault_spans"] == []


@pytest.mark.parametrize(
    ("name", "true_name"), [("knee_drop_deg", "drop"), ("pelvis_roll_deg", "pelvis"), ("thorax_roll_deg", "thorax")]
)
def test_the_angles_are_near_the_truth_and_within_three_errors(measured, truth, name, true_name):
    found = measured.result["holds"][0][name]
    assert found["value"] == pytest.approx(truth[true_name], abs=10)
    assert 0 < found["error"] <= 15
    assert abs(found["value"] - truth[true_name]) < 3 * found["error"]


def test_the_angles_have_one_row_a_frame(measured):
    header, *lines = (measured.folder / "angles.csv").read_text().splitlines()
    assert header == HEADER
    with open_clip(measured.clip) as clip:
        times_s = [frame.t_s for frame in clip]
    assert [float(line.split(",")[0]) for line in lines] == pytest.approx(times_s, abs=0.0001)


def test_a_cell_is_empty_where_nothing_was_seen(measured):
    rows = measured.rows
    good = [row["quality"] == "good" for row in rows]
    assert 0 < sum(good) < len(good)
    for row, is_good in zip(rows, good, strict=True):
        cells = [row[name] for name in HEADER.split(",")[1:-1]]
        assert all(cells) if is_good else not any(cells)
    assert "not_calibrated" in rows[0]["quality"]


def test_the_angles_of_the_hold_are_the_ones_in_the_json(measured):
    (hold,) = measured.result["holds"]
    inside = [row for row in measured.rows if hold["start_s"] <= float(row["t_s"]) <= hold["end_s"] and row["knee_drop_deg"]]
    for name in MEASURES[:-1]:
        assert np.median([float(row[name]) for row in inside]) == pytest.approx(hold[name]["value"], abs=0.2)


def test_the_video_has_the_frames_of_the_clip_with_something_drawn_on_them(measured):
    lines = []
    with open_clip(measured.clip) as clip, open_clip(measured.folder / "drawn.mp4") as video:
        for given, drawn in zip(clip, video, strict=True):
            assert drawn.t_s == pytest.approx(given.t_s, abs=0.002)
            assert drawn.image.shape == given.image.shape
            changed = np.abs(given.image.astype(int) - drawn.image).max(axis=2) > 60
            lines.append(int(changed[60:].sum()))
    assert np.median(lines) > 300


def test_nothing_else_is_left_in_the_folder(measured):
    assert {p.name for p in measured.folder.iterdir()} == {"angles.csv", "drawn.mp4", "home"}


def test_what_is_kept_is_labelled_as_a_clip(measured):
    with Journal.open(measured.folder / "home") as journal:
        (entry,) = journal.sessions()
        kept = journal.session(entry.id)
    assert (entry.kind, entry.label, entry.hold_count) == ("clip", "clip hold.mp4", 1)
    assert entry.end_reason is EndReason.RECORDING_ENDED
    assert entry.duration_s == pytest.approx(16.0, abs=0.2)
    assert [hold.record() for hold in kept.holds] == measured.result["holds"]
    assert len(kept.states) == len(measured.rows)
    assert (kept.engine, kept.estimator) == (measured.result["engine"], measured.result["estimator"])


def test_the_kept_clip_is_in_the_list_and_can_be_shown(measured, kneeroll, monkeypatch):
    monkeypatch.setenv("KNEEROLL_HOME", str(measured.folder / "home"))
    listed = kneeroll("journal")
    assert "clip hold.mp4" in listed.stdout
    assert "recording ended" in listed.stdout
    with Journal.open() as journal:
        (entry,) = journal.sessions()
    (hold,) = measured.result["holds"]
    assert f"{hold['knee_drop_deg']['value']:.0f} ±" in kneeroll("journal", "show", entry.id[:8]).stdout


def test_the_table_is_for_people_and_keeps_out_of_the_json(measured):
    assert "left" in measured.said.stderr
    assert "standard error" in measured.said.stderr
    assert measured.said.stdout.startswith("{")


def test_the_network_keeps_its_chatter_to_itself(measured):
    assert "NORM_RECT" not in measured.said.stderr
    assert "TensorFlow" not in measured.said.stderr


# ---- no hold -------------------------------------------------------------------------------------------------------


def test_a_person_who_does_not_move_is_measured_and_holds_nothing(kneeroll, still_clip, tmp_path, home):
    said = kneeroll("measure", still_clip, "--json", tmp_path / "out.json", "--angles", tmp_path / "out.csv")
    assert said.exit_code == 0, said.stderr
    result = strictly((tmp_path / "out.json").read_text())
    assert (result["measurable"], result["reasons"], result["holds"]) == (True, [], [])
    drops = [
        float(row["knee_drop_deg"])
        for row in csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
        if row["knee_drop_deg"]
    ]
    assert len(drops) > 10
    assert np.abs(drops).max() < 3
    assert not home.exists(), "nothing is kept without --keep"
    assert "still [a].mp4: 0 holds" in said.stdout


def test_a_clip_without_a_person_says_so_with_status_3(process, grey_clip, tmp_path):
    said = process("measure", grey_clip, "--json", "-", "--angles", tmp_path / "out.csv", KNEEROLL_HOME=str(tmp_path / "home"))
    assert said.returncode == 3
    result = strictly(said.stdout)
    assert (result["measurable"], result["reasons"], result["view"], result["holds"]) == (False, ["no_person"], None, [])
    assert "no_person: I cannot see you" in said.stderr
    header, *rows = (tmp_path / "out.csv").read_text().splitlines()
    assert header == HEADER
    assert len(rows) == 18
    assert all(",,,,," in row and "no_person" in row for row in rows)


@pytest.mark.parametrize(
    "cut",
    [pytest.param(np.s_[:, 230:], id="beyond the side"), pytest.param(np.s_[:270, :], id="below the bottom")],
)
def test_feet_out_of_the_picture_are_a_refusal_and_never_a_hold(kneeroll, cut_clip, tmp_path, cut):
    said = kneeroll("measure", cut_clip(cut), "--json", tmp_path / "out.json")
    assert said.exit_code == 3
    result = strictly((tmp_path / "out.json").read_text())
    assert result["holds"] == []
    assert result["measurable"] is False
    assert "feet_out_of_frame" in result["reasons"]
    assert "I cannot see your feet" in said.stderr


# ---- trouble -------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_status_2_and_leaves_no_half_a_video(still_clip, tmp_path):
    command = [sys.executable, "-c", FULL_DISK, "measure", str(still_clip), "--video", str(tmp_path / "out.mp4")]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 2
    assert "Traceback" not in said.stderr
    assert "kneeroll: " in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_older_result_is_replaced_whole(kneeroll, grey_clip, tmp_path):
    (tmp_path / "out.json").write_text("x" * 100_000)
    kneeroll("measure", grey_clip, "--json", tmp_path / "out.json")
    assert strictly((tmp_path / "out.json").read_text())["schema"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_a_journal_that_cannot_be_written_is_status_2(kneeroll, grey_clip, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("mine")
    monkeypatch.setenv("KNEEROLL_HOME", str(tmp_path / "taken"))
    said = kneeroll("measure", grey_clip, "--keep")
    assert said.exit_code == 2
    assert "KNEEROLL_HOME" in said.stderr


def test_four_minutes_are_measured_in_little_memory(still_for):
    """One still picture for four minutes: no hold, and less memory than 600 MB."""
    clip = still_for(240, 2)
    code = (
        "import psutil, sys; from kneeroll.cli.measure import measure_clip; from pathlib import Path;"
        f"status = measure_clip(Path({str(clip)!r}), sample=False, json_file=Path('-'), angles=None, video=None, keep=False);"
        "print(psutil.Process().memory_info().rss, file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["clip"]["duration_s"] == pytest.approx(240, abs=1)
    assert result["holds"] == []
    assert int(done.stderr.split()[-1]) < 600e6


def test_a_standing_person_is_refused(kneeroll, standing_clip, tmp_path):
    said = kneeroll("measure", standing_clip, "--json", tmp_path / "out.json")
    assert said.exit_code == 3
    result = strictly((tmp_path / "out.json").read_text())
    assert (result["measurable"], result["reasons"], result["holds"]) == (False, ["not_lying"], [])


def test_of_two_people_the_lying_one_is_measured(kneeroll, tmp_path):
    """A helper kneels beside a rendered person whose knees rest to the left, 55 degrees, from 8 to 20 seconds."""
    said = kneeroll("measure", ASSETS / "two_people.mp4", "--json", tmp_path / "out.json")
    assert said.exit_code == 0
    (hold,) = strictly((tmp_path / "out.json").read_text())["holds"]
    assert hold["side"] == "left"
    assert abs(hold["start_s"] - 8.0) < 0.6
    assert abs(hold["end_s"] - 20.0) < 0.6
    assert abs(hold["knee_drop_deg"]["value"] - 55) < 12
