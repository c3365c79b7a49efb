"""Several people on one machine: whatever their names, each has a journal of their own and nothing else is touched."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kneeroll.errors import InvalidProfile
from kneeroll.journal import Journal, data_folder
from kneeroll.journal.profiles import (
    LONGEST,
    Profile,
    add,
    bring_back,
    erase,
    erase_removed,
    find,
    home_of,
    profiles,
    remove,
    rename,
)
from kneeroll.journal.store import UNDO_FOR

NOW = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
HOSTILE = [
    "../../etc", "..", ".", "/etc/passwd",
    "C:\\Windows", "CON", "nul", "journal.sqlite", "a/b", "a\\b", "'; DROP TABLE sessions; --",
    "<script>alert(1)</script>", "🦵🏽 Ännchen", "陳", "-rf", "$(reboot)", "%2e%2e%2f", "x" * LONGEST,
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def names(home: Path) -> list[str]:
    return [p.name for p in profiles(home)]


def test_whoever_was_there_before_is_the_first_and_stays_where_they_are(home):
    assert profiles(home) == (Profile("me", "."),)
    assert not home.exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gets_a_folder_within_the_home_folder_and_a_journal_of_its_own(tmp_path, home, monkeypatch, name):
    monkeypatch.setenv("KNEEROLL_HOME", str(home))
    profile = add(home, name)
    monkeypatch.setenv("KNEEROLL_PROFILE", name)
    assert data_folder() == home / profile.folder
    assert data_folder().resolve().parent == (home / "profiles").resolve()
    assert home_of(data_folder()) == home
    with Journal.open() as journal:
        assert journal.folder == data_folder()
    assert names(home) == ["me", name]
    assert [p.name for p in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST + 1), "two\nlines", "bell\a", "\0", "a\u2028b", "\ud800"])
def test_what_is_no_name_is_refused(home, name):
    with pytest.raises(InvalidProfile, match="A name"):
        add(home, name)
    assert not home.exists()


@pytest.mark.parametrize("name", ["me", "ME", " me ", "Zoë", "zoe\u0308"])
def test_a_name_is_given_once(home, name):
    add(home, "Zoe\u0308")
    with pytest.raises(InvalidProfile, match="already"):
        add(home, name)


def test_an_unknown_name_says_who_is_there(home, monkeypatch):
    add(home, "Anna")
    monkeypatch.setenv("KNEEROLL_HOME", str(home))
    monkeypatch.setenv("KNEEROLL_PROFILE", "Otto")
    with pytest.raises(InvalidProfile, match=r"no profile 'Otto'; there are: me, Anna"):
        Journal.open()


def test_a_new_name_moves_nothing(home):
    before = add(home, "Anna")
    assert rename(home, "anna", "Otto").folder == before.folder
    assert rename(home, "Otto", "OTTO").name == "OTTO"
    assert rename(home, "me", "Mia") == Profile("Mia", ".")
    assert names(home) == ["Mia", "OTTO"]
    with pytest.raises(InvalidProfile, match="already"):
        rename(home, "Mia", "otto")


def test_who_is_removed_can_come_back_for_a_week_and_is_then_erased(home):
    profile = add(home, "Anna")
    with Journal.open(home / profile.folder):
        pass
    remove(home, "Anna", NOW)
    assert names(home) == ["me"]
    assert bring_back(home, "anna").folder == profile.folder
    assert names(home) == ["me", "Anna"]
    remove(home, "Anna", NOW)
    erase_removed(home, NOW + UNDO_FOR)
    assert (home / profile.folder / "journal.sqlite").exists()
    erase_removed(home, NOW + UNDO_FOR + timedelta(seconds=1))
    assert list((home / "profiles").iterdir()) == []
    with pytest.raises(InvalidProfile, match="removed"):
        bring_back(home, "Anna")


def test_who_is_removed_cannot_come_back_under_a_name_that_is_taken(home):
    add(home, "Anna")
    remove(home, "Anna", NOW)
    add(home, "Anna")
    with pytest.raises(InvalidProfile, match="already"):
        bring_back(home, "Anna")


def test_the_first_one_is_never_removed(home):
    for attempt in (lambda: remove(home, "me", NOW), lambda: erase(home, find(home, "me"))):
        with pytest.raises(InvalidProfile, match="stays"):
            attempt()


@pytest.mark.parametrize("folder", ["..", "profiles/../..", "/", "profiles/x", "profiles"])
def test_a_list_that_names_another_folder_is_refused(home, folder):
    home.mkdir()
    (home / "profiles.json").write_text(json.dumps([{"name": "me", "folder": "."}, {"name": "Eve", "folder": folder}]))
    with pytest.raises(InvalidProfile, match="no folder of a profile"):
        profiles(home)


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"nom": "x"}]'])
def test_a_broken_list_is_named(home, content):
    home.mkdir()
    (home / "profiles.json").write_text(content)
    with pytest.raises(InvalidProfile, match=r"profiles\.json cannot be read"):
        profiles(home)


def test_the_list_is_for_the_owner_alone(home):
    add(home, "Anna")
    assert (home / "profiles.json").stat().st_mode & 0o777 == 0o600
