"""`kneeroll journal`: list, show, delete."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kneeroll.cli.sessions import NEWEST
from kneeroll.events import EndReason, HoldEnded, SessionStarted
from kneeroll.journal import Journal
from kneeroll.poses import Side, View
from kneeroll.summaries import UNMEASURED_BREATHING, Breathing, Measured, SessionSummary
from tests.samples import HOLD

HELD = replace(HOLD, side=Side.RIGHT, start_s=12.0, end_s=33.5, in_posture_s=20.0)


def keep(
    kind: str = "live",
    *,
    clip: str | None = None,
    day: int = 1,
    finished: bool = True,
    breathing: Breathing = UNMEASURED_BREATHING,
) -> str:
    """A session in the journal; its id."""
    with Journal.open() as journal:
        noon = datetime(2024, 5, day, 12, tzinfo=UTC)
        writer = journal.begin(kind=kind, clip=clip, engine="kneeroll 0.1.0", estimator="network 1", plan={}, started_at=noon)
        writer.record([SessionStarted(0.0), HoldEnded(33.5, Side.RIGHT, 12.0, 33.5, 20.0, EndReason.KNEES_LEFT)], [])
        if finished:
            writer.finish(
                SessionSummary(
                    (replace(HELD, breathing=breathing),), View.SIDE, (), EndReason.DONE, "kneeroll 0.1.0", "network 1"
                )
            )
        return writer.session_id


def ids() -> set[str]:
    with Journal.open() as journal:
        return {entry.id for entry in journal.sessions()}


def test_an_empty_journal_says_how_to_begin(kneeroll):
    said = kneeroll("journal")
    assert said.exit_code == 0
    assert said.stdout == "No sessions yet. Start with: kneeroll coach\n"


def test_the_list_has_a_line_a_session_newest_first(kneeroll):
    live, clip, sample = keep(day=1), keep("clip", clip="knees.mp4", day=3), keep("sample", day=2, finished=False)
    lines = [line for line in kneeroll("journal").stdout.splitlines() if "2024-05" in line]
    expected = [(clip, "clip knees.mp4", "done"), (sample, "sample person", "unfinished"), (live, "live", "done")]
    for line, words in zip(lines, expected, strict=True):
        assert words[0][:8] in line
        assert all(word in line for word in (*words[1:], "34 s", " 1 "))


@pytest.mark.parametrize("command", [[], ["show", ""]], ids=["list", "show"])
def test_a_file_name_with_brackets_is_printed_as_it_is(kneeroll, command):
    keep("clip", clip="knees [left].mp4")
    assert "clip knees [left].mp4" in kneeroll("journal", *command).stdout


def test_show_prints_the_holds_with_their_errors(kneeroll):
    said = kneeroll("journal", "show", keep("clip", clip="knees.mp4")[:6])
    assert said.exit_code == 0
    for words in (
        "clip knees.mp4",
        "kneeroll 0.1.0",
        "network 1",
        "right",
        "12.0 s",
        "21.5 s",
        "20.0 s",
        "55 ± 4 deg",
        "34 ± 6 deg",
    ):
        assert words in said.stdout


def test_show_says_how_the_person_breathed_only_where_that_was_seen(kneeroll):
    breathing = Breathing(Measured(5, 1), Measured(4.3, 1.0))
    assert "Breathing, right, from 12.0 s: 5 ± 1 breaths" in kneeroll("journal", "show", keep(breathing=breathing)).stdout
    assert "Breathing" not in kneeroll("journal", "show", keep()).stdout


def test_show_of_an_unfinished_session_says_so_and_has_the_holds_that_were_kept(kneeroll):
    said = kneeroll("journal", "show", keep(finished=False))
    assert said.exit_code == 0
    assert "unfinished" in said.stdout
    assert "right" in said.stdout
    assert "21.5 s" in said.stdout


@pytest.mark.parametrize("command", [["show"], ["delete", "--yes"]], ids=" ".join)
def test_an_id_that_nobody_has_is_status_2(kneeroll, command):
    kept = keep()
    said = kneeroll("journal", *command, "xyz")
    assert said.exit_code == 2
    assert said.stderr == "kneeroll: No sessions have an id that begins with 'xyz'; see: kneeroll journal\n"
    assert ids() == {kept}


def test_delete_with_yes_deletes_that_one(kneeroll):
    gone, stays = keep(), keep()
    said = kneeroll("journal", "delete", gone, "--yes")
    assert said.exit_code == 0
    assert said.stdout == f"Deleted {gone[:8]}. For 7 days it can be brought back: kneeroll journal undo {gone[:8]}\n"
    assert ids() == {stays}


def test_undo_brings_a_deleted_session_back(kneeroll):
    kept = keep()
    kneeroll("journal", "delete", kept, "--yes")
    said = kneeroll("journal", "undo", kept[:8])
    assert (said.exit_code, said.stdout) == (0, f"{kept[:8]} is back.\n")
    assert ids() == {kept}
    assert kneeroll("journal", "undo", kept[:8]).stderr.startswith("kneeroll: No deleted sessions have an id")


def test_what_was_deleted_more_than_a_week_ago_is_erased_by_the_next_command(kneeroll):
    gone, stays = keep(), keep()
    with Journal.open() as journal:
        journal.delete(gone, datetime.now(UTC) - timedelta(days=8))
    kneeroll("journal")
    with Journal.open() as journal:
        assert journal.deleted() == []
    assert ids() == {stays}


@pytest.mark.parametrize(("answer", "left"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_delete_asks_and_takes_only_yes_for_yes(kneeroll, answer, left):
    kept = keep()
    said = kneeroll("journal", "delete", kept[:10], input=answer)
    assert f"Delete session {kept[:8]}?" in said.stdout
    assert len(ids()) == left
    assert ("Deleted" in said.stdout) == (left == 0)


@pytest.mark.parametrize("command", [[], ["show", "a"], ["delete", "a", "--yes"]], ids=["list", "show", "delete"])
def test_a_journal_that_cannot_be_opened_is_status_2(kneeroll, tmp_path, monkeypatch, command):
    (tmp_path / "taken").write_text("mine")
    monkeypatch.setenv("KNEEROLL_HOME", str(tmp_path / "taken"))
    said = kneeroll("journal", *command)
    assert said.exit_code == 2
    assert said.stderr.startswith("kneeroll: The journal folder")


def test_the_newest_are_listed_and_all_where_that_is_asked_for(kneeroll, home):
    with Journal.open(home) as journal:
        for day in range(NEWEST + 2):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
            journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=at)
    newest, everything = kneeroll("journal").stdout, kneeroll("journal", "list", "--all").stdout
    assert (newest.count("unfinished"), everything.count("unfinished")) == (NEWEST, NEWEST + 2)
    assert "There are older ones: kneeroll journal list --all" in newest
    assert "older" not in everything
    assert kneeroll("journal", "list").stdout == newest


def test_the_list_loads_nothing_that_measures_or_draws():
    script = "import sys, kneeroll.cli.sessions; print([name for name in ('scipy', 'matplotlib') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
