"""All sessions in brief: the person's own, in order, as they are now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kneeroll.diary import Filled, Instrument, MorningAfter
from kneeroll.events import ComfortRated, CueGiven, EndReason, HoldEnded, HoldStarted, SessionEnded
from kneeroll.journal import History, Journal
from kneeroll.journal.upkeep import erase_everything
from kneeroll.poses import Side, View
from kneeroll.summaries import SessionSummary
from tests.samples import HOLD

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SUMMARY = SessionSummary((HOLD,), View.SIDE, (), EndReason.DONE, "e", "n")


def done(journal: Journal, days_ago: float, kind: str = "live", *, finish: bool = True) -> str:
    started_at = NOW - timedelta(days=days_ago)
    writer = journal.begin(kind=kind, engine="e", estimator="n", plan={"surface": "bed"}, started_at=started_at)
    writer.record([ComfortRated(0.0, False, 2, 3), CueGiven(1.0, "hold", "Rest here.")], [])
    if finish:
        writer.record([SessionEnded(60.0, EndReason.DONE)], [])
        writer.finish(SUMMARY)
    return writer.session_id


def test_the_sessions_of_the_person_come_in_order_and_in_brief(journal: Journal) -> None:
    late, early, _ = done(journal, 1), done(journal, 3, "no_camera"), done(journal, 2, "sample")
    first, second = History(journal).sessions(NOW)
    assert [first.entry.id, second.entry.id] == [early, late]
    assert second.holds == journal.session(late).holds
    assert (second.view, second.plan, second.entry) == (View.SIDE, {"surface": "bed"}, journal.session(late).entry)
    assert second.events == (ComfortRated(0.0, False, 2, 3), SessionEnded(60.0, EndReason.DONE))
    assert second.states == ()


def test_a_session_that_was_cut_off_is_there_with_what_was_held(journal: Journal) -> None:
    writer = journal.begin(kind="no_camera", engine="e", estimator="n", plan={}, started_at=NOW)
    writer.record([HoldStarted(5.0, Side.LEFT, 5.0), HoldEnded(25.0, Side.LEFT, 5.0, 25.0, 20.0, EndReason.DONE, timed=True)], [])
    (found,) = History(journal).sessions(NOW)
    assert found.entry.end_reason is None
    assert [h.in_posture_s for h in found.holds] == [20.0]


def test_what_is_old_is_read_once_and_what_is_deleted_or_said_later_is_seen(journal: Journal) -> None:
    old, new = done(journal, 5), done(journal, 0.5)
    history = History(journal)
    assert len(history.sessions(NOW)) == 2
    before = history.sessions(NOW)
    writer = journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=NOW - timedelta(hours=1))
    writer.finish(replace(SUMMARY, holds=()))
    writer.record([ComfortRated(70.0, True, 1, 1)], [])
    writer.flush()
    after = history.sessions(NOW)
    assert after[0] is before[0]
    assert ComfortRated(70.0, True, 1, 1) in after[2].events
    journal.delete(old, NOW)
    assert [s.entry.id for s in history.sessions(NOW)] == [new, writer.session_id]
    journal.undelete(old)
    assert history.sessions(NOW)[0] is before[0]


def test_an_empty_journal_has_no_history(journal: Journal) -> None:
    assert History(journal).sessions(NOW) == ()


def test_the_diary_is_the_journals_whatever_was_added_deleted_or_erased(journal: Journal) -> None:
    history, first = History(journal), done(journal, 3)
    happenings = [
        lambda: journal.write(MorningAfter(NOW - timedelta(days=2), first, 1, 2)),
        lambda: journal.write(Filled(NOW, Instrument.GROC, {"change": 1})),
        lambda: journal.write(Filled(NOW - timedelta(days=9), Instrument.GROC, {"change": 2})),
        lambda: journal.delete(first, NOW),
        lambda: journal.undelete(first),
        lambda: (erase_everything(journal), journal.write(Filled(NOW, Instrument.GROC, {"change": 3}))),  # where the first was
    ]
    seen = [history.diary()]
    for happen in happenings:
        happen()
        assert history.diary() == journal.diary()
        seen.append(history.diary())
    assert [len(entries) for entries in seen] == [0, 1, 2, 3, 2, 3, 1]
    assert seen[5][1] is seen[3][1]  # read once
    assert history.sessions(NOW) == ()


def test_some_sessions_are_read_without_the_others(journal: Journal) -> None:
    ids = [done(journal, days_ago) for days_ago in (9, 6, 4, 2)]
    found = History(journal).sessions(NOW, lambda lines: (lines[0], lines[2]))
    assert [record.entry.id for record in found] == [ids[0], ids[2]]
    assert found == History(journal).sessions(NOW)[0:3:2]
