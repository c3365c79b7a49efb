"""A journal in an empty folder, and the pieces of a session to put into it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from kneeroll.journal import Journal, SessionWriter
from kneeroll.journal.postgresql import PostgresqlStore
from tests.journal.server import find_server, run_server

Begin = Callable[..., SessionWriter]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a module with `EVERYWHERE = True` the tests of a journal run on a file and on a server, but for those of the `file`."""
    if "database" in metafunc.fixturenames:
        both = getattr(metafunc.module, "EVERYWHERE", False) and "file" not in metafunc.fixturenames
        metafunc.parametrize("database", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture
def file() -> None:
    """What only a journal in a file can have."""


def by_hand(url: str, command: str) -> None:
    """A command outside of any transaction."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(command))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A server; the URL of its databases with `{name}`, of which "kept" has the tables of a journal."""
    pytest.importorskip("psycopg")
    programs = find_server()
    if programs is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with run_server(programs) as url, tempfile.TemporaryDirectory() as folder:
        by_hand(url.format(name="postgres"), "CREATE DATABASE kept")
        Journal(PostgresqlStore.at(url.format(name="kept"), Path(folder))).close()
        yield url


@pytest.fixture
def postgresql(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """`KNEEROLL_JOURNAL` is an empty journal on the server; its URL."""
    url = server.format(name="kept")
    by_hand(url, "TRUNCATE sessions, diary RESTART IDENTITY CASCADE")
    monkeypatch.setenv("KNEEROLL_JOURNAL", url)
    return url


@pytest.fixture
def database(request: pytest.FixtureRequest) -> None:
    """Where the journal is."""
    if request.param == "postgresql":
        request.getfixturevalue("postgresql")


@pytest.fixture
def journal(folder: Path, database: None) -> Iterator[Journal]:
    with Journal.open(folder) as opened:
        yield opened


@pytest.fixture
def begin(journal: Journal) -> Begin:
    """Begin a session in `journal`; what is not said is filled in."""

    def _begin(book: Journal = journal, **said: object) -> SessionWriter:
        facts = {
            "kind": "live",
            "engine": "kneeroll 0.1.0",
            "estimator": "network 1",
            "plan": {"name": "Knee rolls", "hold_s": 20.0},
            "started_at": datetime(2024, 5, 1, 9, 30, tzinfo=UTC),
        }
        return book.begin(**(facts | said))

    return _begin
