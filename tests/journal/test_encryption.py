"""An encrypted journal is unreadable without its passphrase, works as any other with it, and its copies are encrypted too."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kneeroll.diary import ActivitiesNamed
from kneeroll.errors import JournalUnavailable
from kneeroll.journal import Journal, encryption
from kneeroll.journal.encryption import is_encrypted
from kneeroll.journal.upkeep import backup, check, decrypt, encrypt, erase, restore
from tests.journal.test_book import EVENTS, HOLD, STATES, summary
from tests.journal.test_migrations import RELEASED, put
from tests.journal.test_upkeep import NOW, SECRET, files_with

PASSPHRASE = "it's a „good“ horse; -- 🐴"

pytest.importorskip("sqlcipher3")
keyring = pytest.importorskip("keyring")


@pytest.fixture(autouse=True)
def nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No passphrase is left from elsewhere, and the keyring of whoever runs this stays closed."""
    monkeypatch.setattr(encryption, "_told", [])
    monkeypatch.setattr(encryption, "_seen", {})
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("KNEEROLL_PASSPHRASE", raising=False)


@pytest.fixture
def session_id(journal: Journal, begin) -> str:
    """Of a session in a journal that is closed, with something to find in it."""
    writer = begin(clip=SECRET)
    writer.record(EVENTS, STATES)
    writer.finish(summary(HOLD))
    journal.write(ActivitiesNamed(NOW, (SECRET,)))
    journal.close()
    return writer.session_id


def forget() -> None:
    encryption._told.clear()


def test_nothing_can_be_read_without_the_passphrase_and_everything_with_it(folder, session_id, monkeypatch):
    assert files_with(folder, SECRET)
    encrypt(folder, PASSPHRASE)
    assert files_with(folder, SECRET) == files_with(folder, session_id) == []
    forget()
    with pytest.raises(JournalUnavailable, match="KNEEROLL_PASSPHRASE"):
        Journal.open(folder)
    monkeypatch.setenv("KNEEROLL_PASSPHRASE", PASSPHRASE)
    with Journal.open(folder) as journal:
        assert journal.session(session_id).events == EVENTS
        journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=NOW)
        assert check(journal).problems == ()
    decrypt(folder)
    assert not is_encrypted(folder / "journal.sqlite")
    monkeypatch.delenv("KNEEROLL_PASSPHRASE")
    with Journal.open(folder) as journal:
        assert journal.session(session_id).holds == (HOLD,)
        assert len(journal.sessions()) == 2
    assert (folder / "journal.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_wrong_passphrase_is_said_and_nothing_is_changed(folder, session_id, monkeypatch, capfd):
    encrypt(folder, PASSPHRASE)
    forget()
    before = (folder / "journal.sqlite").read_bytes()
    monkeypatch.setenv("KNEEROLL_PASSPHRASE", PASSPHRASE + " ")
    for attempt in (Journal.open, decrypt):
        with pytest.raises(JournalUnavailable, match=r"it is wrong, or the file is damaged"):
            attempt(folder)
    assert (folder / "journal.sqlite").read_bytes() == before
    assert capfd.readouterr().err == ""


def test_copies_are_encrypted_as_the_journal_is(tmp_path, folder, session_id):
    with Journal.open(folder) as journal:
        plain = backup(journal)
    encrypt(folder, PASSPHRASE)
    assert is_encrypted(plain)
    with Journal.open(folder) as journal:
        file = backup(journal, tmp_path / "copy.sqlite")
        erase(journal, [session_id])
        journal.store.copy_before("x")
    assert not any(not is_encrypted(path) for path in (file, *folder.glob("*.sqlite")))
    restore(folder, file)
    with Journal.open(folder) as journal:
        assert journal.session(session_id).events == EVENTS


def test_a_plain_backup_becomes_encrypted_when_the_journal_is(tmp_path, folder, session_id):
    put(tmp_path / "old", RELEASED[0])
    encrypt(folder, PASSPHRASE)
    restore(folder, tmp_path / "old" / "journal.sqlite")
    assert is_encrypted(folder / "journal.sqlite")
    with Journal.open(folder) as journal:
        assert len(journal.sessions()) == 3


def test_an_encrypted_backup_never_becomes_plain(tmp_path, folder, session_id):
    encrypt(folder, PASSPHRASE)
    with Journal.open(folder) as journal:
        file = backup(journal, tmp_path / "copy.sqlite")
    with pytest.raises(JournalUnavailable, match="first encrypt it"):
        restore(tmp_path / "new", file)
    encrypt(tmp_path / "new", PASSPHRASE)
    restore(tmp_path / "new", file)
    with Journal.open(tmp_path / "new") as journal:
        assert journal.session(session_id).events == EVENTS
    assert is_encrypted(tmp_path / "new" / "journal.sqlite")


HOLD_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM sessions").fetchall()
print(flush=True)
sys.stdin.read()
"""


def test_while_another_kneeroll_has_it_open_nothing_is_encrypted(folder, session_id):
    """Another process, as it would be: within one, two libraries of SQLite do not see each other's locks."""
    command = [sys.executable, "-c", HOLD_OPEN, str(folder / "journal.sqlite")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(JournalUnavailable, match="Another kneeroll"):
            encrypt(folder, PASSPHRASE)
        other.communicate()
    assert not is_encrypted(folder / "journal.sqlite")
    encrypt(folder, PASSPHRASE)
    assert is_encrypted(folder / "journal.sqlite")


@pytest.mark.parametrize("change", [lambda f: (encrypt(f, "a"), encrypt(f, "b")), decrypt], ids=["twice", "never"])
def test_what_is_encrypted_already_or_not_at_all_is_said(folder, session_id, change):
    with pytest.raises(JournalUnavailable, match=r"encrypted$"):
        change(folder)


@pytest.mark.parametrize("passphrase", ["two\nlines", "\0"])
def test_a_passphrase_is_one_line(folder, session_id, passphrase):
    with pytest.raises(JournalUnavailable, match="one line"):
        encrypt(folder, passphrase)
    with Journal.open(folder) as journal:
        assert len(journal.sessions()) == 1


def test_without_sqlcipher_it_says_how_to_get_it(folder, session_id, monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(JournalUnavailable, match=r"pip install 'kneeroll\[encryption\]'"):
        encrypt(folder, PASSPHRASE)


def test_a_keyring_that_is_locked_knows_nothing_and_takes_nothing(monkeypatch):
    def refuse(*_: object) -> None:
        raise keyring.errors.KeyringLocked("locked")

    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setattr(keyring, "get_password", refuse)
    monkeypatch.setattr(keyring, "set_password", refuse)
    assert encryption.passphrase() is None
    with pytest.raises(JournalUnavailable, match="does not take the passphrase: locked"):
        encryption.remember("one")


def test_the_keyring_of_the_system_keeps_a_passphrase_for_each_profile(monkeypatch):
    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    monkeypatch.setattr(keyring, "set_password", lambda service, name, passphrase: kept.update({(service, name): passphrase}))
    assert encryption.passphrase() is None
    encryption.remember("one")
    monkeypatch.setenv("KNEEROLL_PROFILE", "Anna")
    assert encryption.passphrase() is None
    encryption.remember("two")
    assert encryption.passphrase() == "two"
    monkeypatch.setenv("KNEEROLL_PROFILE", "")
    assert encryption.passphrase() == "one"
    monkeypatch.setenv("KNEEROLL_PASSPHRASE", "three")
    assert encryption.passphrase() == "three"
    encryption.tell("four")
    assert encryption.passphrase() == "four"
