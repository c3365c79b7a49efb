"""Copies of the journal, a copy taken back, a check that finds what is amiss, and an erasure that leaves no byte."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kneeroll.diary import ActivitiesNamed, MorningAfter
from kneeroll.errors import JournalUnavailable
from kneeroll.events import HoldSecond
from kneeroll.journal import Journal, SessionWriter
from kneeroll.journal.upkeep import UNDO_FOR, backup, check, erase, erase_deleted, erase_everything, restore
from tests.journal.test_book import EVENTS, HOLD, STATES, summary
from tests.journal.test_migrations import RELEASED, content, put

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def fill(writer: SessionWriter) -> str:
    writer.record(EVENTS, STATES)
    writer.finish(summary(HOLD))
    return writer.session_id


def ids(journal: Journal) -> set[str]:
    return {entry.id for entry in journal.sessions()}


def break_a_record(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE traces SET packed = x'00' WHERE seq = 0")


# ---- backup --------------------------------------------------------------------------------------------------------


def test_a_backup_is_one_file_for_the_owner_alone_with_all_that_is_kept(tmp_path, journal, begin):
    session_id = fill(begin())
    file = backup(journal, tmp_path / "copy.sqlite")
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.sqlite", "kept"]
    shutil.move(file, tmp_path / "kept" / "journal.sqlite")
    journal.close()
    with Journal.open(tmp_path / "kept") as again:
        assert again.session(session_id).events == EVENTS


def test_a_backup_without_a_name_lies_beside_the_journal(folder, journal):
    assert backup(journal).parent == folder
    assert backup(journal) != backup(journal)


def test_a_backup_overwrites_nothing(tmp_path, journal):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(JournalUnavailable, match="already"):
        backup(journal, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_backup_into_no_folder_is_refused_in_words(tmp_path, journal):
    with pytest.raises(JournalUnavailable, match="cannot be made: No such file"):
        backup(journal, tmp_path / "nowhere" / "copy.sqlite")


def test_a_backup_while_a_session_runs_loses_nothing_and_is_whole(tmp_path, folder, journal, begin):
    writer, stop, done = begin(), threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            writer.record([HoldSecond(float(len(done) + 1), len(done) + 1, 20)], [])
            done.append(None)

    thread = threading.Thread(target=write)
    thread.start()
    copies = []
    with Journal.open(folder) as other:
        for i in range(5):
            before = len(done)
            copies.append((before, backup(other, tmp_path / f"{i}.sqlite")))
    stop.set()
    thread.join()
    for before, copy in copies:
        there = tmp_path / copy.stem
        restore(there, copy)
        with Journal.open(there) as found:
            events = found.session(writer.session_id).events
        assert [e.done_s for e in events] == list(range(1, len(events) + 1))
        assert before <= len(events) <= len(done)
    assert len(journal.session(writer.session_id).events) == len(done) > copies[0][0]


# ---- restore -------------------------------------------------------------------------------------------------------


def test_restore_brings_back_what_was_and_keeps_what_is(tmp_path, folder, journal, begin):
    old = fill(begin())
    file = backup(journal, tmp_path / "copy.sqlite")
    bytes_before = file.read_bytes()
    new = fill(begin())
    found, kept = restore(folder, file)
    assert ids(journal) == {old}
    assert (found.counts["sessions"], found.problems) == (1, ())
    assert file.read_bytes() == bytes_before
    restore(folder, kept)
    assert ids(journal) == {old, new}
    assert not list(folder.glob(".*"))


def test_a_backup_of_an_older_kneeroll_is_brought_up_to_date_on_its_way(tmp_path, folder, journal):
    put(tmp_path / "old", RELEASED[0])
    restore(folder, tmp_path / "old" / "journal.sqlite")
    assert len(ids(journal)) == 3
    journal.write(ActivitiesNamed(NOW, ("tie my shoes",)))


@pytest.mark.parametrize("content", [None, b"", b"no journal " * 900, "damaged"], ids=["missing", "empty", "text", "damaged"])
def test_what_is_no_sound_backup_is_refused_and_nothing_is_changed(tmp_path, folder, journal, begin, content):
    session_id = fill(begin())
    file = tmp_path / "copy.sqlite"
    if content == "damaged":
        backup(journal, file)
        break_a_record(file)
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(JournalUnavailable, match=r"no backup|damaged"):
        restore(folder, file)
    assert ids(journal) == {session_id}
    assert not list(folder.glob(".*"))


def test_a_journal_that_is_past_saving_is_moved_away_for_the_backup(tmp_path, folder, journal, begin):
    session_id = fill(begin())
    file = backup(journal, tmp_path / "copy.sqlite")
    journal.close()
    (folder / "journal.sqlite").write_bytes(b"lost" * 3000)
    kept = restore(folder, file)[1]
    assert kept.read_bytes() == b"lost" * 3000
    with Journal.open(folder) as again:
        assert ids(again) == {session_id}


# ---- check ---------------------------------------------------------------------------------------------------------


def test_a_sound_journal_has_counts_and_no_problem(journal, begin):
    fill(begin())
    journal.delete(fill(begin()), NOW)
    journal.write(MorningAfter(NOW, "abc", 1, 2))
    found = check(journal)
    assert found.problems == ()
    assert found.counts == {"sessions": 2, "events": 18, "holds": 2, "traces": 2, "diary": 1}


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE traces SET packed = x'00'", "cannot be read"),
        ("UPDATE events SET record = '{}' WHERE seq = 3", "cannot be read"),
        ('UPDATE diary SET record = \'{"kind": "morning"}\'', "the diary cannot be read"),
        ("DELETE FROM sessions", "9 rows of events belong to no session"),
    ],
)
def test_a_check_finds_what_is_amiss(folder, journal, begin, harm, said):
    fill(begin())
    journal.write(MorningAfter(NOW, "abc", 1, 2))
    with closing(sqlite3.connect(folder / "journal.sqlite")) as connection, connection:
        connection.executescript(harm)
    assert any(said in problem for problem in check(journal).problems)


def test_a_check_finds_a_page_that_is_overwritten(folder, journal, begin):
    keep_secrets(begin, journal)
    journal.close()
    with (folder / "journal.sqlite").open("r+b") as file:
        file.seek(file.seek(0, 2) // 2 // 4096 * 4096)
        file.write(bytes(4096))
    with Journal.open(folder) as holed:
        assert check(holed).problems


# ---- erase ---------------------------------------------------------------------------------------------------------

SECRET = "Zwetschgenkuchen"


def files_with(folder: Path, text: str) -> list[str]:
    """Every file of the folder that has the text, in whatever encoding."""
    needles = [text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [p.name for p in folder.rglob("*") if p.is_file() and any(needle in p.read_bytes() for needle in needles)]


def keep_secrets(begin, journal: Journal) -> str:
    writer = begin(clip=SECRET, plan={"name": SECRET})
    writer.record([HoldSecond(float(i), i, 20) for i in range(2000)], [])
    fill(writer)
    journal.write(ActivitiesNamed(NOW, ("walk",)))
    journal.write(MorningAfter(NOW, writer.session_id, 3, 3))
    return writer.session_id


def test_an_erased_session_is_nowhere_in_the_folder_and_the_others_are(tmp_path, folder, journal, begin):
    stays, gone = fill(begin()), keep_secrets(begin, journal)
    backup(journal)
    journal.store.copy_before("0002")
    put(tmp_path / "old", RELEASED[0])
    shutil.copy(tmp_path / "old" / "journal.sqlite", folder / "journal-before-0002-old.sqlite")
    (folder / ".journal-backup-1.sqlite.partial").write_text(SECRET)
    assert len(files_with(folder, SECRET)) >= 4
    assert len(files_with(folder, gone)) >= 3
    erase(journal, [gone])
    assert files_with(folder, SECRET) == files_with(folder, gone) == []
    assert ids(journal) == {stays}
    assert journal.diary() == (ActivitiesNamed(NOW, ("walk",)),)
    for copy in journal.store.copies():
        restore(tmp_path / copy.stem, copy)
        with Journal.open(tmp_path / copy.stem) as found:
            assert stays in ids(found) or len(ids(found)) == 3


def test_when_everything_is_erased_an_empty_journal_is_left(folder, journal, begin):
    keep_secrets(begin, journal)
    journal.write(ActivitiesNamed(NOW, (SECRET,)))
    backup(journal)
    erase_everything(journal)
    assert files_with(folder, SECRET) == []
    assert set(check(journal).counts.values()) == {0}
    fill(begin())


def test_a_deleted_session_is_erased_after_a_week_and_not_before(folder, journal, begin):
    gone = keep_secrets(begin, journal)
    journal.delete(gone, NOW)
    erase_deleted(journal, NOW + UNDO_FOR)
    assert [e.id for e in journal.deleted()] == [gone]
    erase_deleted(journal, NOW + UNDO_FOR + timedelta(seconds=1))
    assert journal.deleted() == []
    assert files_with(folder, SECRET) == []


def test_an_erasure_says_when_somebody_reads_so_that_a_trace_stays(folder, journal, begin, monkeypatch):
    gone = keep_secrets(begin, journal)
    monkeypatch.setattr("kneeroll.journal.sqlite.PATIENCE_S", 0.1)
    with Journal.open(folder) as impatient, closing(sqlite3.connect(folder / "journal.sqlite")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sessions").fetchone()
        with pytest.raises(JournalUnavailable, match="erase again"):
            erase(impatient, [gone])
    erase(journal, [gone])
    assert files_with(folder, SECRET) == []


def test_a_restored_journal_is_the_same_row_by_row(tmp_path, folder, journal, begin):
    fill(begin())
    file = backup(journal, tmp_path / "copy.sqlite")
    restore(tmp_path / "new", file)
    assert content(tmp_path / "new" / "journal.sqlite") == content(folder / "journal.sqlite")
