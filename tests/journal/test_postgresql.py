"""What a journal on a server has of its own: moving there and back, and what goes wrong. The rest is in the other modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from kneeroll.diary import Reminded
from kneeroll.errors import InvalidProfile, JournalUnavailable
from kneeroll.journal import Journal, store
from kneeroll.journal.export import export
from kneeroll.journal.postgresql import PostgresqlStore
from kneeroll.journal.profiles import add
from kneeroll.journal.upkeep import backup, check, erase, erase_everything, restore
from tests.journal.conftest import by_hand
from tests.journal.test_book import EVENTS, HOLD, STATES, columns, summary
from tests.journal.test_migrations import RELEASED, put

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def served(folder: Path, postgresql: str) -> Iterator[Journal]:
    with Journal.open(folder) as journal:
        yield journal


@pytest.fixture
def new_database(server: str) -> Iterator[str]:
    by_hand(server.format(name="postgres"), "CREATE DATABASE fresh")
    yield server.format(name="fresh")
    by_hand(server.format(name="postgres"), "DROP DATABASE fresh WITH (FORCE)")


def fill(journal: Journal) -> str:
    writer = journal.begin(kind="live", engine="e", estimator="n", plan={"cushion_cm": 20.0}, started_at=NOW)
    writer.record(EVENTS, STATES)
    writer.finish(summary(HOLD))
    journal.write(Reminded(NOW))
    return writer.session_id


def test_a_backup_is_a_file_that_another_kneeroll_reads_without_a_server(tmp_path, served, monkeypatch):
    session_id = fill(served)
    file = backup(served, tmp_path / "copy.sqlite")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir() if "copy" in p.name] == ["copy.sqlite"]
    monkeypatch.delenv("KNEEROLL_JOURNAL")
    restore(tmp_path / "here", file)
    with Journal.open(tmp_path / "here") as journal:
        kept = journal.session(session_id)
        assert (kept.events, kept.holds, journal.diary()) == (EVENTS, (HOLD,), (Reminded(NOW),))
        assert repr(columns(kept.states)) == repr(columns(served.session(session_id).states))


def test_an_export_from_a_server_is_that_from_a_file_byte_by_byte(tmp_path, served, monkeypatch):
    fill(served)
    export(served, tmp_path / "served")
    file = backup(served, tmp_path / "copy.sqlite")
    monkeypatch.delenv("KNEEROLL_JOURNAL")
    restore(tmp_path / "here", file)
    with Journal.open(tmp_path / "here") as journal:
        export(journal, tmp_path / "filed")
    for path in (tmp_path / "served").iterdir():
        assert path.read_bytes() == (tmp_path / "filed" / path.name).read_bytes()


def test_an_old_file_moves_to_the_server_and_the_journal_goes_on(tmp_path, folder, served, postgresql):
    fill(served)
    put(tmp_path / "old", RELEASED[0])
    found, kept = restore(folder, tmp_path / "old" / "journal.sqlite")
    assert found.counts["sessions"] == len(served.sessions()) == 3
    fill(served)
    by_hand(postgresql, "TRUNCATE sessions, diary RESTART IDENTITY CASCADE")  # a server that knows nothing of these numbers
    restore(folder, kept)
    assert len(served.sessions()) == 1
    fill(served)
    assert len(served.diary()) == 2


def test_a_check_and_an_erasure_do_there_what_they_do_here(folder, served):
    gone, stays = fill(served), fill(served)
    backup(served)
    assert check(served).counts == {"sessions": 2, "events": 18, "holds": 2, "traces": 2, "diary": 2}
    erase(served, [gone])
    assert [e.id for e in served.sessions()] == [stays]
    assert not any(gone.encode() in p.read_bytes() for p in folder.iterdir())
    with served.store.transaction() as transaction:
        transaction.execute(sa.text("UPDATE events SET record = '{}' WHERE seq = 3"))
    assert "cannot be read" in check(served).problems[0]
    erase_everything(served)
    assert set(check(served).counts.values()) == {0}


def test_two_that_begin_at_once_make_the_tables_once(tmp_path, new_database):
    with ThreadPoolExecutor(2) as pool:
        for journal in pool.map(lambda i: Journal(PostgresqlStore.at(new_database, tmp_path)), range(2)):
            assert journal.sessions() == []
            journal.close()


def test_an_older_journal_is_copied_before_it_is_migrated(tmp_path, new_database, monkeypatch):
    at = PostgresqlStore.at(new_database, tmp_path)
    Journal(at)
    with at.engine.begin() as connection:  # as the first kneeroll left it
        for command in (
            "DROP TABLE diary",
            "ALTER TABLE sessions DROP deleted_at",
            "UPDATE alembic_version SET version_num = '0001'",
        ):
            connection.execute(sa.text(command))
    with Journal(at) as journal:
        fill(journal)
    (copy,) = tmp_path.glob(f"journal-before-{store.HEAD}-*.sqlite")
    monkeypatch.delenv("KNEEROLL_JOURNAL", raising=False)
    restore(tmp_path / "here", copy)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql+psycopg://me:secret@/kept?host=/nowhere",
            r"postgresql\+psycopg://me:\*\*\*@/kept.* cannot be used: connection",
        ),
        ("postgresql://me:secret@127.0.0.1:1/kept", "cannot be used: connection failed"),
        ("mysql://me@/kept", "must begin with postgresql"),
        ("nonsense", "no URL of a database"),
    ],
)
def test_a_server_that_is_not_there_is_said_without_its_password(folder, monkeypatch, url, said):
    pytest.importorskip("psycopg")
    monkeypatch.setenv("KNEEROLL_JOURNAL", url)
    with pytest.raises(JournalUnavailable, match=said) as raised:
        Journal.open(folder)
    assert "secret" not in str(raised.value)


def test_without_psycopg_it_says_how_to_get_it(folder, monkeypatch):
    monkeypatch.setenv("KNEEROLL_JOURNAL", "postgresql+psycopg://me@/kept")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(JournalUnavailable, match=r"pip install 'kneeroll\[postgresql\]'"):
        Journal.open(folder)


def test_people_do_not_share_a_journal_on_a_server(tmp_path, monkeypatch):
    folder = tmp_path / add(tmp_path, "Anna").folder
    monkeypatch.setenv("KNEEROLL_JOURNAL", "postgresql+psycopg://me@/kept")
    with pytest.raises(InvalidProfile, match="one person"):
        Journal.open(folder)
