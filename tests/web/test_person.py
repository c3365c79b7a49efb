"""Whose coach it is, and how their weeks are kept at hand."""

from __future__ import annotations

from datetime import UTC, datetime

from kneeroll.diary import Reminded
from kneeroll.journal import Journal
from kneeroll.web.person import Person


def test_what_was_worked_out_is_not_worked_out_again_until_something_happens(journal: Journal) -> None:
    person = Person(journal)
    person.look()  # a quick page was first
    person.read_ahead()
    assert {"trends", "sides"} <= vars(person.look()).keys()
    journal.write(Reminded(datetime.now(UTC)))
    assert "trends" not in vars(person.look())
