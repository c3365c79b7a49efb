"""A journal in a database of PostgreSQL, by its URL. Needs psycopg (the extra `postgresql`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Session as Transaction

from kneeroll.errors import JournalUnavailable
from kneeroll.journal.sqlite import SqliteStore
from kneeroll.journal.store import Store
from kneeroll.journal.tables import DiaryRow

_LOCK = 0x6B6E6565
"""The number under which kneerolls keep each other from changing tables at once ("knee")."""
_ROWS = 200


class PostgresqlStore(Store):
    """The same tables; the copies beside are files of SQLite, so that a journal can move from one to the other and back."""

    __slots__ = ()
    locks_with: ClassVar[dict[str, Any]] = {"isolation_level": "READ COMMITTED"}

    @classmethod
    def at(cls, url: str, folder: Path) -> PostgresqlStore:
        """The database of the URL; `folder` is for what lies beside a journal."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            known = sa.make_url(url)
            if known.drivername == "postgresql":
                known = known.set(drivername="postgresql+psycopg")
            if known.drivername != "postgresql+psycopg":
                raise JournalUnavailable(f"KNEEROLL_JOURNAL is {url!r}; it must begin with postgresql+psycopg://")
            # repeatable read: a copy or an export is of one moment, also while a session is written
            engine = sa.create_engine(known, isolation_level="REPEATABLE READ", pool_pre_ping=True)
        except OSError as error:
            raise JournalUnavailable(f"The folder {folder} cannot be written: {error.strerror}") from error
        except sa.exc.ArgumentError as error:
            raise JournalUnavailable(f"KNEEROLL_JOURNAL is {url!r}, which is no URL of a database") from error
        except ModuleNotFoundError as error:
            raise JournalUnavailable(
                "PostgreSQL needs psycopg, which is not installed: pip install 'kneeroll[postgresql]'"
            ) from error
        return cls(folder, engine)

    def in_words(self, said: str) -> str:
        first_line = said.strip().split("\n")[0]
        return f"The journal at {self.engine.url.render_as_string()} cannot be used: {first_line}"

    def copy(self, target: Path) -> None:
        partial = target.with_name(f".{target.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            with SqliteStore.at(partial) as there:
                with self.plainly(), self.engine.connect() as source, there.engine.begin() as copy:
                    tables = _tables(source)
                    tables.create_all(copy)
                    _copy_rows(tables, source, copy)
                there.squeeze()
            partial.replace(target)
        except OSError as error:
            raise JournalUnavailable(f"The copy {target} cannot be made: {error.strerror}") from error
        finally:
            for ending in ("", "-wal", "-shm"):
                partial.with_name(partial.name + ending).unlink(missing_ok=True)

    def replace(self, source: Store) -> None:
        with self.plainly(), source.engine.connect() as there, self.engine.begin() as here:
            tables = _tables(here)
            for table in reversed(tables.sorted_tables):
                here.execute(sa.delete(table))
            _copy_rows(tables, there, here)
            seq = sa.func.pg_get_serial_sequence(DiaryRow.__tablename__, "seq")
            newest = sa.select(sa.func.coalesce(sa.func.max(DiaryRow.seq), 0) + 1).scalar_subquery()
            here.execute(sa.select(sa.func.setval(seq, newest, False)))

    def squeeze(self) -> None:
        with self.plainly(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM FULL"))

    def faults(self) -> list[str]:
        return []  # the server looks after itself

    def write_through(self, transaction: Transaction) -> None:
        pass  # the server keeps a log on the disk

    def lock(self, connection: sa.Connection) -> None:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _tables(connection: sa.Connection) -> sa.MetaData:
    """The tables as they are, also those of an older kneeroll, in types that every database has."""
    found = sa.MetaData()

    @sa.event.listens_for(found, "column_reflect")
    def make_generic(_inspector: Any, _table: str, column: Any) -> None:
        column["type"] = column["type"].as_generic()
        column.pop("default", None)

    found.reflect(connection)
    return found


def _copy_rows(tables: sa.MetaData, source: sa.Connection, target: sa.Connection) -> None:
    for table in tables.sorted_tables:
        for rows in source.execute(sa.select(table)).mappings().partitions(_ROWS):
            target.execute(sa.insert(table), [dict(row) for row in rows])
