"""A journal that an older kneeroll wrote is brought up to date, copied before; when that fails it is as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import alembic.op
import numpy as np
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from kneeroll.diary import Reminded
from kneeroll.errors import JournalUnavailable
from kneeroll.events import EndReason
from kneeroll.journal import Journal, sqlite, store
from tests.journal.test_book import EVENTS, HOLD, STATES, columns
from tests.test_diary import AT

RELEASED = sorted(Path(__file__).parent.glob("schema_*.sql"))
"""A journal of every schema that was released: a live session, one of a clip, one that was cut off."""


def put(folder: Path, dump: Path) -> bytes:
    """The journal of a dump in the folder; its bytes."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "journal.sqlite")) as connection:
        connection.executescript(dump.read_text("utf-8"))
    return (folder / "journal.sqlite").read_bytes()


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == store.HEAD


@pytest.mark.parametrize("dump", RELEASED, ids=lambda p: p.stem)
def test_every_released_journal_is_read_and_written_on(folder, dump):
    put(folder, dump)
    with Journal.open(folder) as journal:
        cut_off, clip, live = journal.sessions()
        assert (cut_off.end_reason, live.end_reason, clip.label) == (None, EndReason.DONE, "clip Knie „links“.mp4")
        assert journal.session(live.id).events == EVENTS
        assert journal.session(clip.id).holds == (HOLD,)
        np.testing.assert_array_equal(columns(journal.session(cut_off.id).states), columns(STATES[::6]).astype(np.float32))
        journal.write(Reminded(AT))
        assert journal.diary() == (Reminded(AT),)


@pytest.mark.parametrize("dump", RELEASED, ids=lambda p: p.stem)
def test_a_copy_of_the_old_journal_stays_beside_it(folder, dump):
    put(folder, dump)
    before = content(folder / "journal.sqlite")
    for _ in range(2):
        Journal.open(folder).close()
    (copy,) = folder.glob(f"journal-before-{store.HEAD}-*.sqlite")
    assert content(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_new_journal_has_no_copy(folder, journal):
    assert list(folder.glob("journal-*")) == []


def test_only_the_newest_copies_are_kept(folder):
    put(folder, RELEASED[0])
    for i in range(9):
        (folder / f"journal-before-0002-2020010{i}.sqlite").touch()
    (folder / "journal-backup-of-mine.sqlite").touch()
    Journal.open(folder).close()
    assert len(list(folder.glob("journal-before-*"))) == store.KEPT_BACKUPS
    assert next(p for p in sqlite.SqliteStore.at(folder / "journal.sqlite").copies()[::-1]).stat().st_size > 0
    assert (folder / "journal-backup-of-mine.sqlite").exists()


def test_a_migration_that_fails_half_way_leaves_the_old_journal_as_it_was(folder, monkeypatch):
    put(folder, RELEASED[0])
    before = content(folder / "journal.sqlite")

    def fails(*_: object) -> None:
        raise OperationalError("ALTER TABLE", {}, Exception("no such luck"))

    with monkeypatch.context() as patch:
        patch.setattr(alembic.op, "add_column", fails)  # the table of the diary is made by then
        with pytest.raises(JournalUnavailable, match="no such luck"):
            Journal.open(folder)
    assert content(folder / "journal.sqlite") == before
    with Journal.open(folder) as journal:
        assert len(journal.sessions()) == 3


def test_without_room_for_the_copy_nothing_is_changed(folder, monkeypatch):
    old = put(folder, RELEASED[0])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sqlite.os, "fsync", full)
    with pytest.raises(JournalUnavailable, match=r"cannot be made: No space left on device. The journal is as it was"):
        Journal.open(folder)
    assert (folder / "journal.sqlite").read_bytes()[100:] == old[100:]
    assert not [p.name for p in folder.iterdir() if p.name not in ("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm")]
