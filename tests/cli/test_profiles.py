"""`kneeroll profiles` and `--profile`."""

from __future__ import annotations

import pytest

from tests.cli.test_sessions import ids, keep


def test_each_has_a_journal_of_their_own(kneeroll, monkeypatch):
    mine = keep()
    assert "kneeroll --profile 'Anna B' coach" in kneeroll("profiles", "add", "Anna B").stdout
    assert "No sessions yet" in kneeroll("--profile", "anna b", "journal").stdout
    monkeypatch.setenv("KNEEROLL_PROFILE", "")
    assert mine[:8] in kneeroll("journal").stdout


def test_the_list_marks_for_whom_commands_are(kneeroll):
    kneeroll("profiles", "add", "[red]")
    lines = kneeroll("--profile", "[red]", "profiles").stdout.splitlines()
    assert [line.split("│")[2].strip() for line in lines if "*" in line] == ["[red]"]
    assert any(line.split("│")[2].strip() == "me" for line in lines if "│" in line)


def test_a_removal_asks_and_can_be_undone(kneeroll):
    kneeroll("profiles", "add", "Anna")
    assert "Anna" in kneeroll("profiles", "remove", "Anna", input="n\n").stdout
    assert "Anna" in kneeroll("profiles").stdout
    assert "For 7 days it can be undone." in kneeroll("profiles", "remove", "Anna", "--yes").stdout
    assert "kneeroll profiles undo 'Anna'" in kneeroll("profiles").stdout
    assert kneeroll("profiles", "undo", "Anna").stdout == "Anna is back.\n"
    assert kneeroll("profiles", "rename", "Anna", "Otto").stdout == "Anna is Otto now.\n"
    assert "cannot be undone" in kneeroll("profiles", "remove", "Otto", "--erase", "--yes").stdout
    assert kneeroll("profiles", "undo", "Otto").exit_code == 2


@pytest.mark.parametrize("command", [["journal"], ["profiles"], ["movements"], ["measure", "--sample", "--keep"]], ids=" ".join)
def test_a_profile_that_nobody_has_is_status_2(kneeroll, monkeypatch, command):
    said = kneeroll("--profile", "Otto", *command)
    assert (said.exit_code, said.stderr) == (2, "kneeroll: There is no profile 'Otto'; there are: me\n")
    monkeypatch.setenv("KNEEROLL_PROFILE", "")
    assert ids() == set()
