"""The journal as a whole: copy it, take a copy back, look whether it is sound, erase from it what nobody may find again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from kneeroll.errors import JournalUnavailable
from kneeroll.journal.book import Journal, store_of
from kneeroll.journal.encryption import change, is_encrypted, passphrase, tell
from kneeroll.journal.profiles import erase_removed, home_of
from kneeroll.journal.sqlite import NAME, SqliteStore
from kneeroll.journal.store import UNDO_FOR, Store
from kneeroll.journal.tables import Base, DiaryRow, SessionRow


@dataclass(frozen=True, slots=True)
class Soundness:
    """What a check found. counts: rows by table; problems: none in a sound journal."""

    counts: dict[str, int]
    problems: tuple[str, ...]


def backup(journal: Journal, target: Path | None = None) -> Path:
    """Copy the whole journal to a new file, also while a session runs; without a name beside the journal. Returns the file."""
    target = target or journal.store.beside("backup")
    if target.exists():
        raise JournalUnavailable(f"There is a file {target} already; give another name")
    journal.store.copy(target)
    return target


def need_backup(source: Path) -> None:
    """JournalUnavailable where no file is, or an empty one."""
    if not source.is_file() or not source.stat().st_size:
        raise JournalUnavailable(f"There is no backup {source}")


def restore(folder: Path, source: Path) -> tuple[Soundness, Path]:
    """Take the backup `source` for the journal of `folder`, if it is sound; says what it holds and where the present one went.

    The backup itself is not touched; where the journal is encrypted, so becomes what was plain. JournalUnavailable when it is no
    sound journal; then the present one is as it was.
    """
    need_backup(source)
    with store_of(folder) as present:  # the folder is there now
        is_plain = isinstance(present, SqliteStore) and present.passphrase is None
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
        trial = Path(name) / NAME
        try:
            shutil.copyfile(source, trial)
        except OSError as error:
            raise JournalUnavailable(f"{source} cannot be read: {error.strerror}") from error
        if is_encrypted(trial) and is_plain and passphrase() is not None:
            raise JournalUnavailable("The backup is encrypted and the journal is not; first encrypt it: kneeroll journal encrypt")
        if isinstance(present, SqliteStore) and not is_plain and not is_encrypted(trial):
            change(trial, None, present.passphrase)
        with Journal(SqliteStore.at(trial)) as brought:
            found = check(brought)
            if found.problems:
                raise JournalUnavailable(f"{source} is damaged: {found.problems[0]}. Nothing was changed")
            kept = _put_aside(folder)
            with Journal.open(folder) as journal:
                journal.store.replace(brought.store)
    return found, kept


def encrypt(folder: Path, to: str) -> None:
    """From now on only the passphrase `to` opens the journal of a folder and the copies beside it."""
    _change(folder, to)
    tell(to)


def decrypt(folder: Path) -> None:
    """Everybody who can read the files can read the journal again."""
    _change(folder, None)


def _change(folder: Path, to: str | None) -> None:
    with Journal.open(folder) as journal:
        store = journal.store
        if not isinstance(store, SqliteStore):
            raise JournalUnavailable("The journal is on a server, which has its own encryption")
        if (store.passphrase is None) == (to is None):
            raise JournalUnavailable(f"The journal in {folder} is {'not' if to is None else 'already'} encrypted")
    for path in (*store.copies(), store.path):
        if is_encrypted(path) == (to is None):
            change(path, store.passphrase, to)


def _put_aside(folder: Path) -> Path:
    """Keep the present journal as a copy; a file that is too damaged to be copied is moved away as it is."""
    with store_of(folder) as store:
        try:
            return store.copy_before("restore")
        except JournalUnavailable:
            if not isinstance(store, SqliteStore):
                raise
            aside = store.beside("damaged")
    for ending in ("", "-wal", "-shm"):
        present = folder / f"{NAME}{ending}"
        if present.exists():
            present.replace(aside.with_name(aside.name + ending))
    return aside


def check(journal: Journal, on_session: Callable[[int, int], None] = lambda done, of: None) -> Soundness:
    """Whether the file is whole, nothing points nowhere, and every record can be read.

    on_session is told after each session how many of how many are read.
    """
    try:
        return _looked_through(journal, on_session)
    except JournalUnavailable as error:
        return Soundness({}, (str(error),))


def _looked_through(journal: Journal, on_session: Callable[[int, int], None]) -> Soundness:
    if faults := journal.store.faults():
        return Soundness({}, tuple(faults))
    with journal.store.transaction() as transaction:
        counts = {
            table.name: transaction.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }
    return Soundness(counts, tuple(_unreadable(journal, on_session)))


def _unreadable(journal: Journal, on_session: Callable[[int, int], None]) -> Iterator[str]:
    entries = [*journal.sessions(), *journal.deleted()]
    for done, entry in enumerate(entries, start=1):
        try:
            journal.session(entry.id, even_deleted=True)
        except Exception as error:  # whatever a damaged record makes of the reader
            yield f"session {entry.id} cannot be read: {error!r}"
        on_session(done, len(entries))
    try:
        journal.diary()
    except Exception as error:
        yield f"the diary cannot be read: {error!r}"


def erase(journal: Journal, session_ids: Collection[str]) -> None:
    """Erase sessions so that no byte of them is left in the journal, its log or the copies beside it."""
    _forget_partials(journal.store)
    for path in journal.store.copies():
        with SqliteStore.at(path) as copy:
            _erase(copy, session_ids)
    _erase(journal.store, session_ids)


def erase_deleted(journal: Journal, now: datetime) -> None:
    """Erase the sessions that were deleted more than `UNDO_FOR` ago."""
    expired = [entry.id for entry in journal.deleted(now - UNDO_FOR)]
    if expired:
        erase(journal, expired)


def erase_expired(journal: Journal, now: datetime) -> None:
    """Erase what can no longer be brought back: sessions of this journal, and people who were removed."""
    erase_deleted(journal, now)
    erase_removed(home_of(journal.folder), now)


def erase_everything(journal: Journal) -> None:
    """Erase all sessions, the diary, and the copies beside the journal; an empty journal is left."""
    _forget_partials(journal.store)
    for path in journal.store.copies():
        path.unlink()
    with journal.store.transaction() as transaction:
        for table in reversed(Base.metadata.sorted_tables):
            transaction.execute(sa.delete(table))
    journal.store.squeeze()


def _erase(store: Store, session_ids: Collection[str]) -> None:
    with store.plainly():
        has_diary = sa.inspect(store.engine).has_table(DiaryRow.__tablename__)
    with store.transaction() as transaction:
        transaction.execute(sa.delete(SessionRow).where(SessionRow.id.in_(session_ids)))
        if has_diary:
            transaction.execute(sa.delete(DiaryRow).where(DiaryRow.record["session_id"].as_string().in_(session_ids)))
    store.squeeze()


def _forget_partials(store: Store) -> None:
    """Copies that were cut off while they were made."""
    for partial in store.folder.glob(".journal-*.partial"):
        partial.unlink(missing_ok=True)
