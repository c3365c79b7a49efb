"""A database that holds a journal: tables kept up to date, all or nothing, troubles said in words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Transaction

from kneeroll.errors import JournalUnavailable

HEAD = "0002"
"""The newest migration."""
KEPT_BACKUPS = 5
"""So many copies that kneeroll made by itself are kept."""
UNDO_FOR = timedelta(days=7)
"""So long what was deleted can be brought back."""
_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Store(ABC):
    """Every method raises JournalUnavailable in words when something is in the way. folder: where the copies lie."""

    folder: Path
    engine: sa.Engine
    locks_with: ClassVar[dict[str, Any]]
    """Options of the connection that changes tables."""

    @abstractmethod
    def in_words(self, said: str) -> str:
        """What the database said, in words that help."""

    @abstractmethod
    def copy(self, target: Path) -> None:
        """A whole copy as a file of SQLite, also while a session is being written: all of it or nothing."""

    @abstractmethod
    def replace(self, source: Store) -> None:
        """Take all that `source`, a file of SQLite, has for what is here, in one step."""

    @abstractmethod
    def squeeze(self) -> None:
        """Leave no byte of what was deleted."""

    @abstractmethod
    def faults(self) -> list[str]:
        """What is broken in the database itself."""

    @abstractmethod
    def write_through(self, transaction: Transaction) -> None:
        """Let what follows reach the disk at once, rather than wait in memory."""

    @abstractmethod
    def lock(self, connection: sa.Connection) -> None:
        """Keep others from changing tables until the transaction ends."""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of it or nothing."""
        with self.plainly(), Transaction(self.engine) as transaction, transaction.begin():
            yield transaction

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """Turn what the database says into words that help."""
        try:
            yield
        except DatabaseError as error:
            raise JournalUnavailable(self.in_words(str(error.orig))) from error

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
                f"The journal in {self.folder} was written by a newer kneeroll; update kneeroll ({error})"
            ) from error
        if before is not None:
            self.copy_before(HEAD)
        with self.plainly(), self.engine.connect().execution_options(**self.locks_with) as connection, connection.begin():
            self.lock(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def copy_before(self, what: str) -> Path:
        """A copy beside the journal, made before it is changed; the oldest of too many goes."""
        target = self.beside(f"before-{what}")
        self.copy(target)
        for old in [p for p in self.copies() if p.name.startswith("journal-before-")][:-KEPT_BACKUPS]:
            old.unlink(missing_ok=True)
        return target

    def beside(self, what: str) -> Path:
        """A new name for a copy in the journal's folder."""
        return self.folder / f"journal-{what}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.sqlite"

    def copies(self) -> list[Path]:
        """The copies that lie beside the journal, oldest first."""
        return sorted(self.folder.glob("journal-*.sqlite"), key=lambda p: p.stat().st_mtime)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
