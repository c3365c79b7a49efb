"""Where a journal lies and how it is opened: tables kept up to date, a copy made before, troubles said in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Transaction

from kneeroll.errors import JournalUnavailable

HEAD = "0002"
"""The newest migration."""
KEPT_BACKUPS = 5
"""So many copies that kneeroll made by itself are kept."""
PATIENCE_S = 10.0
"""So long one kneeroll waits for another."""
UNDO_FOR = timedelta(days=7)
"""So long what was deleted can be brought back."""
_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Store:
    """A database of kneeroll in a folder. Every method raises JournalUnavailable in words when something is in the way."""

    path: Path
    engine: sa.Engine

    @classmethod
    def at(cls, path: Path) -> Store:
        """The file as it is; what is missing is made, for the owner alone."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise JournalUnavailable(
                f"The journal folder {path.parent} cannot be written: {error.strerror}. Set KNEEROLL_HOME to another folder"
            ) from error
        engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": PATIENCE_S})
        sa.event.listen(engine, "connect", _configure)
        sa.event.listen(engine, "begin", _begin)
        return cls(path, engine)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of it or nothing."""
        with self.plainly(), Transaction(self.engine) as transaction, transaction.begin():
            yield transaction

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """Turn what the database says into words that help."""
        folder = self.path.parent
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            said = _said(error)
            if "full" in said:
                message = (
                    f"The disk is full; the journal in {folder} cannot grow. Make room and start again; what was written is kept"
                )
            elif "readonly" in said or "read-only" in said or "unable to open" in said:
                message = f"The journal in {folder} is read-only. Make it writable or set KNEEROLL_HOME to another folder"
            elif "not a database" in said or "malformed" in said:
                message = (
                    f"{self.path} is damaged ({said}); nothing was changed in it. "
                    "Take a backup back with: kneeroll journal restore FILE; or move it away"
                )
            else:
                message = f"The journal in {folder} cannot be used: {said}"
            raise JournalUnavailable(message) from error

    def revision(self) -> str | None:
        """The migration that the tables are at; None where there are none yet."""
        with self.plainly(), self.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    def migrate(self) -> None:
        """Bring the tables up to date, all or nothing; a journal that was in use is copied before."""
        before = self.revision()
        if before == HEAD:
            return
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory
        from alembic.util.exc import CommandError

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.set_main_option("path_separator", "os")
        try:
            ScriptDirectory.from_config(config).get_revision(before)
        except CommandError as error:
            raise JournalUnavailable(
                f"The journal in {self.path.parent} was written by a newer kneeroll; update kneeroll ({error})"
            ) from error
        if before is not None:
            self.copy_before(HEAD)
        with self.plainly(), self.engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def copy(self, target: Path) -> None:
        """A whole copy, also while a session is being written: all of it or nothing, for the owner alone."""
        partial = target.with_name(f".{target.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            partial.touch(mode=0o600)
            with self.engine.connect() as here, closing(sqlite3.connect(partial)) as there:
                driver: Any = here.connection.driver_connection
                driver.backup(there)
                there.execute("PRAGMA journal_mode=DELETE")  # one file is easier to carry than three
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(target)
        except (OSError, DatabaseError, sqlite3.DatabaseError) as error:
            partial.unlink(missing_ok=True)
            raise JournalUnavailable(f"The copy {target} cannot be made: {_said(error)}. The journal is as it was") from error

    def replace(self, source: Store) -> None:
        """Take all that `source` has for what is here, in one step."""
        with self.plainly(), source.engine.connect() as there, self.engine.connect() as here:
            driver: Any = there.connection.driver_connection
            driver.backup(here.connection.driver_connection)

    def squeeze(self) -> None:
        """Leave no byte of what was deleted: neither in the file nor in its log."""
        with self.plainly(), closing(self.engine.raw_connection()) as connection:
            driver: Any = connection.driver_connection
            driver.execute("VACUUM")
            is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise JournalUnavailable(
                f"It is deleted, but another kneeroll reads the journal in {self.path.parent}, so that its log keeps a trace. "
                "End that one and erase again"
            )

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def copy_before(self, what: str) -> Path:
        """A copy beside the journal, made before it is changed; the oldest of too many goes."""
        target = self.beside(f"before-{what}")
        self.copy(target)
        for old in [p for p in self.copies() if p.name.startswith("journal-before-")][:-KEPT_BACKUPS]:
            old.unlink(missing_ok=True)
        return target

    def beside(self, what: str) -> Path:
        """A new name for a copy in the journal's folder."""
        return self.path.with_name(f"journal-{what}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.sqlite")

    def copies(self) -> list[Path]:
        """The copies that lie beside the journal, oldest first."""
        return sorted(self.path.parent.glob("journal-*.sqlite"), key=lambda p: p.stat().st_mtime)


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error.orig if isinstance(error, DatabaseError) else error)


def _configure(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    """The driver itself would begin no transaction before tables are changed, nor before a read."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
