"""A journal as a file of SQLite in a folder."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Transaction

from kneeroll.errors import JournalUnavailable
from kneeroll.journal.encryption import driver, is_encrypted, passphrase, unlock, wrong
from kneeroll.journal.store import Store

NAME = "journal.sqlite"
PATIENCE_S = 10.0
"""So long one kneeroll waits for another."""


@dataclass(frozen=True, slots=True)
class SqliteStore(Store):
    """One writer at a time; what was written survives `kill -9`. An encrypted file has its passphrase."""

    passphrase: str | None = field(default=None, repr=False)
    locks_with: ClassVar[dict[str, Any]] = {"begin": "BEGIN IMMEDIATE"}

    @classmethod
    def at(cls, path: Path) -> SqliteStore:
        """The file as it is; what is missing is made, for the owner alone."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise JournalUnavailable(
                f"The journal folder {path.parent} cannot be written: {error.strerror}. Set KNEEROLL_HOME to another folder"
            ) from error
        known = passphrase() if is_encrypted(path) else None
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            module=sqlite3 if known is None else driver(),
            creator=lambda: _connect(path, known),
        )
        sa.event.listen(engine, "begin", _begin)
        return cls(path.parent, engine, known)

    @property
    def path(self) -> Path:
        return Path(str(self.engine.url.database))

    def in_words(self, said: str) -> str:
        if "full" in said:
            return (
                f"The disk is full; the journal in {self.folder} cannot grow. Make room and start again; what was written is kept"
            )
        if "readonly" in said or "read-only" in said or "unable to open" in said:
            return f"The journal in {self.folder} is read-only. Make it writable or set KNEEROLL_HOME to another folder"
        if "not a database" in said and self.passphrase is not None:
            return wrong(self.path)
        if "not a database" in said or "malformed" in said:
            return (
                f"{self.path} is damaged ({said}); nothing was changed in it. If it is encrypted, set KNEEROLL_PASSPHRASE; "
                "else take a backup back with: kneeroll journal restore FILE"
            )
        return f"The journal in {self.folder} cannot be used: {said}"

    def copy(self, target: Path) -> None:
        partial = target.with_name(f".{target.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            partial.touch(mode=0o600)
            with self._driver() as here, closing(_connect(partial, self.passphrase)) as there:
                here.backup(there)
                there.execute("PRAGMA journal_mode=DELETE")  # one file is easier to carry than three
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(target)
        except (OSError, DatabaseError, self._trouble) as error:
            partial.unlink(missing_ok=True)
            raise JournalUnavailable(f"The copy {target} cannot be made: {_said(error)}. The journal is as it was") from error

    def replace(self, source: Store) -> None:
        assert isinstance(source, SqliteStore)
        with self._plainly_raw(), source._driver() as there, self._driver() as here:
            there.backup(here)

    def squeeze(self) -> None:
        with self._plainly_raw(), self._driver() as connection:
            connection.execute("VACUUM")
            is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise JournalUnavailable(
                f"It is deleted, but another kneeroll reads the journal in {self.folder}, so that its log keeps a trace. "
                "End that one and erase again"
            )

    def faults(self) -> list[str]:
        with self._plainly_raw(), self._driver() as connection:
            broken = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            if broken:
                return broken
            orphans = Counter(row[0] for row in connection.execute("PRAGMA foreign_key_check"))
        return [f"{n} rows of {table} belong to no session" for table, n in orphans.items()]

    def write_through(self, transaction: Transaction) -> None:
        transaction.execute(sa.text("PRAGMA cache_size = -64"))

    def lock(self, connection: sa.Connection) -> None:
        pass  # BEGIN IMMEDIATE did

    @property
    def _trouble(self) -> type[Exception]:
        trouble: type[Exception] = self.engine.dialect.loaded_dbapi.DatabaseError
        return trouble

    @contextmanager
    def _driver(self) -> Iterator[Any]:
        """The driver's own connection, in no transaction."""
        with closing(self.engine.raw_connection()) as connection:
            yield connection.driver_connection

    @contextmanager
    def _plainly_raw(self) -> Iterator[None]:
        with self.plainly():
            try:
                yield
            except self._trouble as error:
                raise JournalUnavailable(self.in_words(str(error))) from error


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error.orig if isinstance(error, DatabaseError) else error)


def _connect(path: Path, passphrase: str | None) -> Any:
    module: Any = sqlite3 if passphrase is None else driver()
    connection = module.connect(str(path), timeout=PATIENCE_S, check_same_thread=False)
    try:
        if passphrase is not None:
            unlock(connection, passphrase)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(connection: sa.Connection) -> None:
    """The driver itself would begin no transaction before tables are changed, nor before a read."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
