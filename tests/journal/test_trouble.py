"""What goes wrong with a journal: the power, the disk, the file, the folder. Nothing here is pretended."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kneeroll.errors import JournalUnavailable
from kneeroll.events import HoldSecond
from kneeroll.journal import Journal, SessionWriter
from kneeroll.journal.tables import Base

WRITE_FOR_EVER = """
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
import sys
from kneeroll.events import HoldSecond
from kneeroll.journal import Journal
from kneeroll.poses import BodyState, Quality

writer = Journal.open(Path(sys.argv[1])).begin(
    kind="live", engine="e", estimator="n", plan={}, started_at=datetime(2024, 5, 1, tzinfo=UTC)
)
for i in count():
    writer.record([HoldSecond(i / 10, i, 20)], [BodyState.unseen(i / 10, Quality.NO_PERSON)])
    print(i, flush=True)
"""
OPEN_AND_TRY = """
import os, sys
from pathlib import Path
from kneeroll.errors import JournalUnavailable
from kneeroll.journal import Journal
import alembic.command, alembic.config  # while they can be read

folder = Path(sys.argv[1])
with Journal.open(folder):
    pass
for path in (*folder.iterdir(), folder):
    path.chmod(0o555 if path.is_dir() else 0o444)
    if os.getuid() == 0:
        os.chown(path, 65534, 65534)
if os.getuid() == 0:  # nothing is read-only for root
    os.setuid(65534)
try:
    with Journal.open(folder) as journal:
        journal.check_writable()
    print("wrote")
except JournalUnavailable as error:
    print(error)
"""


def run(script: str, *args: object) -> str:
    command = [sys.executable, "-c", script, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.fixture
def small_disk() -> Iterator[list[sqlite3.Connection]]:
    """Every database may have 40 pages, as if the disk ended there. Gives the connections, to make room later."""
    connections: list[sqlite3.Connection] = []

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=40")
        connections.append(connection)

    sa.event.listen(sa.Engine, "connect", limit)
    yield connections
    sa.event.remove(sa.Engine, "connect", limit)


def fill(writer: SessionWriter) -> tuple[int, str]:
    """Write 40 events a second until it fails: seconds kept, and what was said then."""
    for second in range(1, 500):
        try:
            writer.record([HoldSecond(float(second), second, 20)] * 40, [])
        except JournalUnavailable as error:
            return second - 1, str(error)
    return 500, "never full"


# ---- the power -----------------------------------------------------------------------------------------------------


def test_kill_9_costs_a_second_at_most(folder):
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 35:
            pass
        process.send_signal(signal.SIGKILL)
        said = [35, *map(int, process.stdout.read().split())]
    assert process.returncode == -signal.SIGKILL
    with Journal.open(folder) as journal:
        (entry,) = journal.sessions()
        kept = journal.session(entry.id)
    assert entry.end_reason is None
    assert [e.done_s for e in kept.events] == list(range(len(kept.events)))
    assert len(kept.events) == len(kept.states) >= said[-1] + 1 - 10
    assert entry.duration_s == pytest.approx(kept.events[-1].t_s)


def test_a_hundred_killed_writers_lose_nothing_that_was_acknowledged(tmp_path):
    """`killed.py` says what it looks at after each."""
    command = [sys.executable, "-m", "tests.journal.killed", str(tmp_path), "100"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert said.returncode == 0, said.stderr
    met = dict(word.split("=") for word in said.stdout.split())
    assert sum(map(int, met.values())) == 100
    assert int(met["session"]) >= 10


# ---- the disk ------------------------------------------------------------------------------------------------------


def test_a_full_disk_keeps_what_was_written(folder, begin, small_disk):
    with Journal.open(folder) as full:
        writer = begin(full)
        done_s, said = fill(writer)
        assert "disk is full" in said
        assert done_s > 1
        assert len(full.session(writer.session_id).events) == 40 * done_s
    with Journal.open(folder) as again:
        kept = again.session(writer.session_id)
    assert [e.done_s for e in kept.events[::40]] == list(range(1, done_s + 1))
    assert (kept.entry.duration_s, kept.entry.end_reason) == (done_s, None)


def test_nothing_is_lost_when_room_is_made_in_time(folder, begin, small_disk):
    with Journal.open(folder) as full:
        writer = begin(full)
        done_s, _ = fill(writer)
        for connection in small_disk:
            connection.execute("PRAGMA max_page_count=100000")
        writer.record([HoldSecond(done_s + 2.0, done_s + 2, 20)], [])
        kept = full.session(writer.session_id).events
    assert [e.done_s for e in kept[::40]] == list(range(1, done_s + 3))


def test_the_check_notices_a_disk_on_which_no_file_can_grow(journal):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(JournalUnavailable):
            journal.check_writable()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert journal.sessions() == []


def test_the_check_notices_a_disk_without_room(folder, small_disk):
    with Journal.open(folder) as full, pytest.raises(JournalUnavailable, match="disk is full"):
        full.check_writable()


def test_the_check_leaves_no_trace(folder, journal):
    journal.check_writable()
    journal.check_writable()
    assert journal.sessions() == []
    journal.close()
    assert sum(p.stat().st_size for p in folder.iterdir()) < 200_000


def test_the_check_leaves_other_sessions_alone(journal, begin):
    ids = {begin().session_id for _ in range(2)}
    journal.check_writable()
    assert {e.id for e in journal.sessions()} == ids


# ---- the file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"this is not a journal " * 400, os.urandom(9000)], ids=["text", "noise"])
def test_a_file_that_is_no_journal_is_named_and_not_touched(folder, content):
    folder.mkdir()
    (folder / "journal.sqlite").write_bytes(content)
    with pytest.raises(JournalUnavailable, match=r"journal\.sqlite is damaged"):
        Journal.open(folder)
    assert (folder / "journal.sqlite").read_bytes() == content


def test_a_journal_with_a_hole_is_named_and_not_touched(folder, journal, begin):
    writer = begin()
    writer.record([HoldSecond(float(i), i, 20) for i in range(1, 400)], [])
    journal.close()
    path = folder / "journal.sqlite"
    whole = path.read_bytes()
    holed = whole[:4096] + b"\xa5" * (len(whole) - 4096)
    path.write_bytes(holed)
    with pytest.raises(JournalUnavailable, match="damaged"), Journal.open(folder) as damaged:
        damaged.session(writer.session_id)
    assert path.read_bytes() == holed


def test_a_journal_of_a_newer_kneeroll_is_refused_and_not_touched(folder, journal):
    journal.close()
    path = folder / "journal.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalUnavailable, match="newer kneeroll; update kneeroll"):
        Journal.open(folder)
    assert path.read_bytes() == before


def test_the_migrations_give_exactly_the_tables(folder, journal):
    engine = sa.create_engine(f"sqlite:///{folder / 'journal.sqlite'}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    engine.dispose()
    assert differences == []


# ---- the folder ----------------------------------------------------------------------------------------------------


def test_a_file_in_the_way_of_the_folder(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(JournalUnavailable, match=r"taken cannot be written.*KNEEROLL_HOME"):
        Journal.open(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_folder_below_a_file(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(JournalUnavailable, match="cannot be written"):
        Journal.open(tmp_path / "taken" / "deeper")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_file_system_that_takes_no_folder(monkeypatch):
    monkeypatch.setenv("KNEEROLL_HOME", "/proc/kneeroll")
    with pytest.raises(JournalUnavailable, match="/proc/kneeroll cannot be written"):
        Journal.open()


def test_a_read_only_journal_is_refused_in_words():
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "kept"
        said = run(OPEN_AND_TRY, folder)
        folder.chmod(0o700)
    assert str(folder) in said
    assert "KNEEROLL_HOME" in said
