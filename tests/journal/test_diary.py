"""The journal keeps what was said between sessions, in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kneeroll.diary import Entry, Reminded, StepSet, TrialEnded
from kneeroll.journal import Journal
from kneeroll.journal.upkeep import erase, erase_everything
from tests.test_diary import AT, EVERY

EVERYWHERE = True


def test_nothing_was_said_in_a_new_journal(journal):
    assert journal.diary() == ()


@pytest.mark.parametrize("entry", EVERY, ids=lambda e: e.kind)
def test_every_kind_of_entry_comes_back_as_it_was(folder, journal, entry: Entry):
    journal.write(entry)
    journal.close()
    with Journal.open(folder) as again:
        assert again.diary() == (entry,)


def test_entries_of_one_moment_stay_as_they_were_written(journal):
    for entry in EVERY[::-1]:
        journal.write(entry)
    assert journal.diary() == EVERY[::-1]


def test_entries_are_ordered_by_their_moment_whatever_the_zone(journal):
    east, west = timezone(timedelta(hours=9)), timezone(timedelta(hours=-7))
    said = [
        TrialEnded(datetime(2026, 5, 1, 23, 0, tzinfo=UTC), "last"),
        TrialEnded(datetime(2026, 5, 1, 20, 0, 0, 1, tzinfo=west) - timedelta(hours=5), "third"),
        TrialEnded(datetime(2026, 5, 2, 8, 0, tzinfo=east) - timedelta(hours=1), "second"),
        TrialEnded(datetime(2026, 5, 1, 5, 0, tzinfo=UTC), "first"),
    ]
    for entry in said:
        journal.write(entry)
    assert [entry.factor for entry in journal.diary()] == ["first", "second", "third", "last"]


def test_the_offset_at_which_something_was_said_is_kept(journal):
    at = datetime(2026, 11, 2, 7, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    journal.write(Reminded(at))
    (kept,) = journal.diary()
    assert kept.at.utcoffset() == timedelta(hours=5, minutes=45)


def test_the_first_of_a_kind_on_a_day_is_kept_and_no_other(journal):
    there = timezone(timedelta(hours=11))
    morning = datetime(2026, 11, 3, 8, 0, tzinfo=there)  # still the second in Greenwich
    journal.write(TrialEnded(morning, "another kind"))
    moments = [morning, morning + timedelta(hours=15, minutes=59), morning + timedelta(hours=16), morning + timedelta(days=2)]
    assert [journal.write_first(Reminded(at)) for at in moments] == [True, False, True, True]
    assert [entry.at for entry in journal.diary() if isinstance(entry, Reminded)] == [moments[0], *moments[2:]]


def test_of_many_who_write_the_first_at_once_one_does(folder, journal):
    def another(_: int) -> bool:
        with Journal.open(folder) as beside:
            return beside.write_first(Reminded(AT))

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(another, range(6))) == [False] * 5 + [True]
    assert journal.diary() == (Reminded(AT),)


def test_words_of_any_language_are_kept(journal):
    entry = StepSet(AT, "中文 🦵 'quoted\"", EVERY[5].by, ("\N{SNOWMAN}",))
    journal.write(entry)
    assert journal.diary() == (entry,)


def test_a_pseudonym_is_drawn_once_and_outlives_every_session(folder, journal, begin):
    first = begin().session_id
    drawn = journal.pseudonym(AT)
    assert first not in drawn
    journal.delete(first, AT)
    erase(journal, [first])
    journal.close()
    with Journal.open(folder) as again:
        assert again.pseudonym(AT + timedelta(days=400)) == drawn
        erase_everything(again)
        assert again.pseudonym(AT) != drawn
