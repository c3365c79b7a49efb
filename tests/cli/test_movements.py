"""`kneeroll movements`: list, show, check."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from kneeroll.movements import DEFAULT, catalogue

SHIPPED = Path(str(resources.files("kneeroll.movements"))) / "catalogue"


@pytest.fixture
def file(tmp_path) -> Path:
    """A movement of somebody's own, a copy of the bridge; its name has brackets, as names of files do."""
    return Path(shutil.copy(SHIPPED / "bridge.toml", tmp_path / "mine [a].toml"))


def flat(text: str) -> str:
    return " ".join(text.split())


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_the_list_has_a_line_a_movement_the_ladder_first(kneeroll):
    said = kneeroll("movements")
    assert said.exit_code == 0
    lines = [line for line in said.stdout.splitlines() if line.startswith("│")]
    for line, movement in zip(lines, catalogue().values(), strict=True):
        rung, id, what, each, times, judge = (cell.strip() for cell in line.strip("│").split("│"))
        assert (rung, id, what) == ("" if movement.rung is None else str(movement.rung), movement.id, movement.name)
        assert (float(each.removesuffix(" s")), int(times.split()[0])) == (movement.hold_s, movement.holds_a_side)
        assert times.endswith(" a side") == (movement.sides == "each")
        assert judge == {"knee_drop": "camera", "clock": "clock"}[movement.judged_by]


def test_a_narrow_terminal_still_has_the_whole_ids(kneeroll, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    said = kneeroll("movements").stdout
    assert all(id in said for id in catalogue())


def test_the_list_has_ones_own_after_the_shipped_ones(kneeroll, home, file):
    (home / "movements").mkdir(parents=True)
    change(file, '"Bridge"', '"My [slow] bridge"')
    file.rename(home / "movements" / "zz.toml")
    last = [line for line in kneeroll("movements").stdout.splitlines() if line.startswith("│")][-1]
    assert " zz " in last
    assert "My [slow] bridge" in last


@pytest.mark.parametrize("id", catalogue())
def test_show_prints_all_that_is_said_and_for_whom_it_is_not(kneeroll, id):
    said = kneeroll("movements", "show", id)
    assert said.exit_code == 0
    movement = catalogue()[id]
    for words in (movement.name, f"({id})", *movement.say.values(), *movement.not_for, *movement.source):
        assert flat(words) in flat(said.stdout)


def test_show_prints_the_numbers_and_the_faults(kneeroll):
    said = flat(kneeroll("movements", "show", DEFAULT).stdout)
    for words in (
        "knee_rolls, rung 4",
        "judged by knee drop",
        "each 20 s, 4 s there and as many back",
        "times 2 a side",
        "cushion none",
        "breath natural",
        "shoulder lifted, knees parted",
    ):
        assert words in said
    assert "4 s in, 6 s out" in flat(kneeroll("movements", "show", "breathing_30s").stdout)
    assert "faults none" in flat(kneeroll("movements", "show", "bridge").stdout)


def test_an_id_that_no_movement_has_is_status_2(kneeroll):
    said = kneeroll("movements", "show", "handstand")
    assert said.exit_code == 2
    assert said.stderr == "kneeroll: There is no movement 'handstand'; see: kneeroll movements\n"


def test_a_file_that_is_right_is_told_where_it_goes(kneeroll, home, file):
    said = kneeroll("movements", "check", file)
    assert said.exit_code == 0
    assert said.stdout == f"{file} is right: Bridge, 5 s, 5.\nTo use it, put it into {home / 'movements'}\n"


def test_a_file_that_is_right_and_in_its_place_is_only_told_that(kneeroll, home, file):
    (home / "movements").mkdir(parents=True)
    placed = file.rename(home / "movements" / file.name)
    assert kneeroll("movements", "check", placed).stdout == f"{placed} is right: Bridge, 5 s, 5.\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hold_s = 5", "hold_s = 500", "hold_s is 500; it must be a number from 3 to 120"),
        ("way_s = 4\n", "", "way_s is missing; write it above [say], for example: way_s = 4"),
        ("way_s = 4", "way_s =", "The movement is not valid TOML: Invalid value (at line 9, column 8)"),
    ],
)
def test_a_file_that_is_wrong_is_told_what_where(kneeroll, file, old, new, said):
    change(file, old, new)
    refused = kneeroll("movements", "check", file)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == f"kneeroll: {file}: {said}\n"


def test_a_file_with_the_name_of_a_shipped_one_is_told_to_take_another(kneeroll):
    said = kneeroll("movements", "check", SHIPPED / "bridge.toml")
    assert said.exit_code == 2
    assert "bridge is a movement of kneeroll itself; give your file another name" in said.stderr


def test_a_file_that_is_not_there_is_named(kneeroll, tmp_path):
    said = kneeroll("movements", "check", tmp_path / "gone.toml")
    assert said.exit_code == 2
    assert f"{tmp_path / 'gone.toml'} cannot be read" in said.stderr


@pytest.mark.parametrize("command", [[], ["show", DEFAULT]], ids=["list", "show"])
def test_a_broken_file_of_ones_own_is_named(kneeroll, home, file, command):
    (home / "movements").mkdir(parents=True)
    change(file, '"both"', '"neither"')
    broken = file.rename(home / "movements" / "broken.toml")
    said = kneeroll("movements", *command)
    assert said.exit_code == 2
    assert said.stderr.startswith(f"kneeroll: {broken}: sides is 'neither'; ")


@pytest.mark.parametrize("command", ["movements", "movements show", "movements check"])
def test_the_help_has_an_example(kneeroll, command):
    said = kneeroll(*command.split(), "--help")
    assert said.exit_code == 0
    assert f"Example: kneeroll {command}" in said.stdout
