"""`kneeroll journal backup`, `restore`, `check`, `erase`, `export` on the command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.test_sessions import ids, keep


def test_a_backup_is_made_and_taken_back(kneeroll, tmp_path):
    kept = keep()
    file = tmp_path / "stick.sqlite"
    said = kneeroll("journal", "backup", file)
    assert said.exit_code == 0
    assert said.stdout.startswith(f"{file} has the whole journal (0.1 MB)")
    keep()
    said = kneeroll("journal", "restore", file, input="y\n")
    assert said.exit_code == 0
    assert "the one before is kept as" in said.stdout
    assert ids() == {kept}


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nothing_is_restored_without_a_yes(kneeroll, tmp_path, answer):
    kneeroll("journal", "backup", tmp_path / "stick.sqlite")
    kept = keep()
    kneeroll("journal", "restore", tmp_path / "stick.sqlite", input=answer)
    assert ids() == {kept}


@pytest.mark.parametrize("sure", [["--yes"], []])
def test_a_backup_that_is_none_is_status_2_and_nothing_is_asked(kneeroll, tmp_path, sure):
    said = kneeroll("journal", "restore", tmp_path / "gone.sqlite", *sure)
    assert (said.exit_code, said.stderr) == (2, f"kneeroll: There is no backup {tmp_path / 'gone.sqlite'}\n")


def test_a_sound_journal_is_status_0_and_is_counted(kneeroll):
    keep()
    said = kneeroll("journal", "check")
    assert said.exit_code == 0
    assert "The journal is sound." in said.stdout
    assert ["sessions", "1"] in [line.strip("│ ").replace("│", "").split() for line in said.stdout.splitlines()]


def test_a_damaged_journal_is_status_3_and_says_what(kneeroll, home):
    kept = keep()
    with closing(sqlite3.connect(home / "journal.sqlite")) as connection, connection:
        connection.execute("UPDATE events SET record = '[1]'")
    said = kneeroll("journal", "check")
    assert said.exit_code == 3
    assert f"session {kept} cannot be read" in said.stdout
    assert "damaged" in said.stdout


def test_one_session_is_erased_also_a_deleted_one(kneeroll):
    gone, stays, deleted = keep(), keep(), keep()
    kneeroll("journal", "delete", deleted, "--yes")
    assert "Erased." in kneeroll("journal", "erase", gone, input="y\n").stdout
    assert "Erased." in kneeroll("journal", "erase", deleted, "--yes").stdout
    assert ids() == {stays}
    assert kneeroll("journal", "undo", deleted).exit_code == 2


def test_everything_is_erased(kneeroll, home):
    keep(clip="Zwetschgen.mp4")
    kneeroll("journal", "backup")
    said = kneeroll("journal", "erase", "--everything", input="y\n")
    assert str(home) in said.stdout
    assert ids() == set()
    assert [p.name for p in home.iterdir() if b"Zwetschgen" in p.read_bytes()] == []


@pytest.mark.parametrize("args", [["--everything"], ["a"]])
def test_nothing_is_erased_without_a_yes(kneeroll, args):
    kept = keep()
    said = kneeroll("journal", "erase", *[kept if arg == "a" else arg for arg in args], input="n\n")
    assert "This cannot be undone." in said.stdout
    assert ids() == {kept}


@pytest.mark.parametrize("args", [[], ["3f", "--everything"]])
def test_erase_takes_one_session_or_everything(kneeroll, args):
    assert kneeroll("journal", "erase", *args, "--yes").stderr == "kneeroll: give one session, or --everything\n"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_everything_is_exported_and_named(kneeroll, tmp_path, form):
    pytest.importorskip("pyarrow")
    keep()
    said = kneeroll("journal", "export", tmp_path / "out", *(["--parquet"] if form == "parquet" else []))
    assert said.exit_code == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "datapackage.json", *(f"{table}.{form}" for table in ("sessions", "holds", "events", "traces", "diary")),
    }  # fmt: skip
    assert f"traces.{form}" in said.stdout
    assert kneeroll("journal", "export", tmp_path / "out").stderr == (
        f"kneeroll: There is {tmp_path / 'out'} already; give the name of a new folder\n"
    )
