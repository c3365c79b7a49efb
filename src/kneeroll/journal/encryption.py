"""A journal that only a passphrase opens. SQLCipher (AES-256, each page authenticated) does it; needs the extra `encryption`.

Nobody can open it without the passphrase: who forgets it has lost the journal and its copies.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from kneeroll.errors import JournalUnavailable

SERVICE = "kneeroll"
"""Under this name the passphrase lies in the system's keyring."""
_told: list[str] = []
_seen: dict[Path, bool] = {}


def is_encrypted(path: Path) -> bool:
    """Whether there is a file that does not begin as those of SQLite do: encrypted, or damaged.

    Looked at once in a process: to close a file that SQLite has open elsewhere in the process would take its locks away
    (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    path = path.absolute()
    if path not in _seen:
        _seen[path] = _begins_strangely(path)
    return _seen[path]


def _begins_strangely(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) not in (b"", b"SQLite format 3\0")
    except OSError:
        return False


def tell(passphrase: str) -> None:
    """The person said it; it is kept in the memory of this process alone."""
    _told[:] = [passphrase]


def passphrase() -> str | None:
    """What the person said, else `KNEEROLL_PASSPHRASE`, else what the system's keyring has for the profile, else None."""
    if _told:
        return _told[0]
    if from_environment := os.environ.get("KNEEROLL_PASSPHRASE"):
        return from_environment
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        return None
    try:
        return keyring.get_password(SERVICE, _profile())
    except KeyringError:
        return None


def remember(passphrase: str) -> None:
    """Give it to the system's keyring, which opens with the session of the user."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError as error:
        raise _missing("keyring") from error
    try:
        keyring.set_password(SERVICE, _profile(), passphrase)
    except KeyringError as error:
        raise JournalUnavailable(f"The system's keyring does not take the passphrase: {error}") from error


def driver() -> Any:
    """SQLite with encryption, as a module like `sqlite3`."""
    try:
        from sqlcipher3 import dbapi2
    except ModuleNotFoundError as error:
        raise _missing("sqlcipher3") from error
    return dbapi2


def unlock(connection: Any, passphrase: str) -> None:
    """The first thing that a connection must be told."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {_quoted(passphrase)}")


def change(path: Path, now: str | None, to: str | None) -> None:
    """Give the file another passphrase, its first or none: all of it or nothing. Nobody else may have it open."""
    partial = path.with_name(f".{path.name}.partial")
    module = driver()
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with closing(module.connect(str(path), timeout=1.0)) as connection:
            if now is not None:
                unlock(connection, now)
            connection.execute("PRAGMA journal_mode = DELETE")  # takes in the log; fails while somebody else is there
            connection.execute(f"ATTACH {_quoted(str(partial))} AS other KEY {_quoted(to or '')}")
            connection.execute("SELECT sqlcipher_export('other')")
            connection.execute("DETACH other")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        _seen[path.absolute()] = to is not None
    except (OSError, module.DatabaseError) as error:
        if "locked" in str(error):
            raise JournalUnavailable(f"Another kneeroll uses {path}; end it and try again. Nothing was changed") from error
        if "not a database" in str(error):
            raise JournalUnavailable(wrong(path)) from error
        raise JournalUnavailable(f"{path} cannot be rewritten: {error}. Nothing was changed") from error
    finally:
        partial.unlink(missing_ok=True)


def wrong(path: Path) -> str:
    """What is said when a passphrase does not open a file."""
    return f"The passphrase does not open {path}: it is wrong, or the file is damaged. Nothing was changed"


def _profile() -> str:
    return os.environ.get("KNEEROLL_PROFILE") or "me"


def _missing(package: str) -> JournalUnavailable:
    return JournalUnavailable(f"Encryption needs {package}, which is not installed: pip install 'kneeroll[encryption]'")


def _quoted(text: str) -> str:
    if not text.isprintable():
        raise JournalUnavailable("A passphrase is one line of text")
    return "'" + text.replace("'", "''") + "'"
