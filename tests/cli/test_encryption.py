"""`kneeroll journal encrypt` and `decrypt`: the passphrase is asked for, taken from the environment, or missed."""

from __future__ import annotations

import sys

import pytest

from kneeroll.journal import encryption
from tests.cli.test_sessions import keep

pytest.importorskip("sqlcipher3")


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As each command of a person is: nothing was said or seen yet; their keyring stays closed."""
    monkeypatch.setattr(encryption, "_told", [])
    monkeypatch.setattr(encryption, "_seen", {})
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("KNEEROLL_PASSPHRASE", raising=False)


def test_a_new_passphrase_is_asked_for_twice(kneeroll, home):
    keep()
    said = kneeroll("journal", "encrypt", input="good horse\nbad horse\ngood horse\ngood horse\n")
    assert said.exit_code == 0
    assert "good horse" not in said.stdout
    assert "Without the passphrase nobody can open them" in said.stdout
    encryption._told.clear()
    said = kneeroll("journal")
    assert said.exit_code == 2
    assert "KNEEROLL_PASSPHRASE" in said.stderr


def test_with_the_passphrase_in_the_environment_all_is_as_before(kneeroll, monkeypatch):
    kept = keep()
    monkeypatch.setenv("KNEEROLL_PASSPHRASE", "good horse")
    assert kneeroll("journal", "encrypt").exit_code == 0
    assert kept[:8] in kneeroll("journal").stdout
    assert kneeroll("journal", "check").exit_code == 0
    encryption._told.clear()
    monkeypatch.setenv("KNEEROLL_PASSPHRASE", "bad horse")
    assert "it is wrong" in kneeroll("journal").stderr
    monkeypatch.setenv("KNEEROLL_PASSPHRASE", "good horse")
    assert "no longer encrypted" in kneeroll("journal", "decrypt").stdout
    monkeypatch.delenv("KNEEROLL_PASSPHRASE")
    assert kept[:8] in kneeroll("journal").stdout


def test_who_sits_there_is_asked(kneeroll, monkeypatch):
    kept = keep()
    kneeroll("journal", "encrypt", input="good horse\ngood horse\n")
    encryption._told.clear()
    monkeypatch.setattr("kneeroll.cli.journal.is_there", lambda: True)
    said = kneeroll("journal", input="good horse\n")
    assert "Passphrase of the journal" in said.stdout
    assert kept[:8] in said.stdout
