"""The journal keeps what it was given, lists it, finds it and deletes it."""

from __future__ import annotations

import math
import stat
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
import sqlalchemy as sa

from kneeroll.diary import MorningAfter
from kneeroll.errors import JournalUnavailable
from kneeroll.events import (
    ClockWaits,
    CueGiven,
    EndReason,
    Fault,
    FaultSeen,
    HoldEnded,
    HoldSecond,
    HoldStarted,
    Phase,
    PhaseEntered,
    SessionEnded,
    SessionStarted,
)
from kneeroll.journal import Journal, data_folder
from kneeroll.journal.tables import HoldRow, TraceRow
from kneeroll.journal.upkeep import erase
from kneeroll.poses import BodyState, Quality, Side, Surface, View
from kneeroll.summaries import UNMEASURED, HoldSummary, Measured, SessionSummary, Usual
from tests.samples import HOLD

EVENTS = (
    SessionStarted(0.0),
    PhaseEntered(0.1, Phase.LOWER, Side.LEFT),
    HoldStarted(1.0, Side.LEFT, 0.7),
    CueGiven(1.1, "hold", "Good. Rest here, and keep breathing.", bell=True),
    HoldSecond(1.7, 1, 20),
    ClockWaits(2.0, ("shoulder_lifted", "jumped")),
    FaultSeen(2.0, Fault.SHOULDER_LIFTED, None),
    HoldEnded(4.0, Side.LEFT, 0.7, 3.9, 2.5, EndReason.KNEES_LEFT),
    SessionEnded(4.5, EndReason.DONE),
)

EVERYWHERE = True


def seen(t_s: float, drop_deg: float = 41.3) -> BodyState:
    return BodyState(t_s, drop_deg, 25.7, 3.1, 0.012, 4.4, 0.003, (5.1, 6.2, 6.3, 9.4, 8.5, 0.021), Quality.GOOD)


STATES = (
    *(seen(i / 15, 40 + i / 7) for i in range(40)),
    BodyState.unseen(2.7, Quality.NO_PERSON),
    BodyState.unseen(2.8, Quality.JUMPED | Quality.POOR_FIT),
    seen(4.5),
)


def summary(*holds: HoldSummary, reasons: tuple[str, ...] = (), ended: EndReason | None = EndReason.DONE) -> SessionSummary:
    return SessionSummary(holds, View.QUARTER_FOOT, reasons, ended, "kneeroll 0.1.0", "network 1")


def columns(states: tuple[BodyState, ...]) -> np.ndarray:
    plain = [f.name for f in fields(BodyState) if f.name not in ("errors", "quality")]
    return np.array([[*(getattr(s, n) for n in plain), *s.errors] for s in states])


# ---- keep and read back --------------------------------------------------------------------------------------------


def test_a_finished_session_comes_back_as_it_was(journal, begin):
    writer = begin(kind="clip", clip="knees.mp4", plan={"hold_s": 12.5, "first_side": "right"})
    writer.record(EVENTS, STATES)
    writer.finish(summary(HOLD))
    kept = journal.session(writer.session_id)
    assert kept.events == EVENTS
    assert kept.holds == (HOLD,)
    assert kept.plan == {"hold_s": 12.5, "first_side": "right"}
    assert (kept.engine, kept.estimator, kept.view, kept.reasons) == ("kneeroll 0.1.0", "network 1", View.QUARTER_FOOT, ())
    assert kept.entry.end_reason is EndReason.DONE
    assert kept.entry.started_at == datetime(2024, 5, 1, 9, 30, tzinfo=UTC)
    assert kept.entry.duration_s == pytest.approx(4.5)


def drop(side: Side | None, deg: float | None) -> HoldSummary:
    return replace(HOLD, side=side, knee_drop_deg=UNMEASURED if deg is None else Measured(deg, 5.0))


def test_the_usual_depth_is_the_median_of_the_last_holds_of_each_side(journal, begin):
    for day in range(12):
        writer = begin(started_at=datetime(2024, 5, 1 + day, 9, tzinfo=UTC))
        writer.finish(summary(drop(Side.LEFT, 10.0 if day < 4 else 40.0 + day), drop(Side.RIGHT, 30.0), drop(None, None)))
    assert journal.usual().drop_deg == {Side.LEFT: pytest.approx(47.5), Side.RIGHT: 30.0}


def test_the_usual_place_of_the_camera_is_that_of_the_last_session_before_one(journal, begin):
    assert journal.usual().view is None
    for day, (kind, view) in enumerate([("live", View.SIDE), ("live", View.HEAD_END), ("live", None), ("sample", View.ABOVE)]):
        begin(kind=kind, started_at=datetime(2024, 5, 1 + day, 9, tzinfo=UTC)).finish(replace(summary(), view=view))
    assert journal.usual().view is View.HEAD_END


def test_what_was_lain_on_and_the_cushion_are_those_of_the_last_session_that_knows_them(journal, begin):
    assert (journal.usual().surface, journal.usual().cushion_cm) == (None, None)
    told = [
        ("live", {"surface": "bed", "cushion_cm": 30.0}),
        ("no_camera", {"surface": "floor", "cushion_cm": 20.0}),
        ("live", {"surface": "bed", "cushion_cm": None}),
        ("sample", {"surface": "floor", "cushion_cm": 10.0}),
    ]
    for day, (kind, plan) in enumerate(told):
        begin(kind=kind, plan=plan, started_at=datetime(2024, 5, 1 + day, 9, tzinfo=UTC)).finish(summary())
    assert (journal.usual().surface, journal.usual().cushion_cm) == (Surface.BED, 20.0)
    begin(plan={"name": "from before this was kept"}, started_at=datetime(2024, 5, 9, 9, tzinfo=UTC)).finish(summary())
    assert journal.usual().surface is None


def test_too_few_holds_or_those_of_somebody_else_make_no_usual_depth(journal, begin):
    assert journal.usual().drop_deg == {}
    begin().finish(summary(drop(Side.LEFT, 40.0), drop(Side.LEFT, 42.0), drop(Side.LEFT, None)))
    for kind in ("sample", "clip", "no_camera"):
        begin(kind=kind).finish(summary(*[drop(Side.LEFT, 80.0)] * 4))
    assert journal.usual().drop_deg == {}
    begin().finish(summary(drop(Side.LEFT, 50.0)))
    assert journal.usual().drop_deg == {Side.LEFT: 42.0}


def test_states_come_back_to_float32(journal, begin):
    writer = begin()
    writer.record(EVENTS, STATES)
    writer.finish(summary())
    kept = journal.session(writer.session_id).states
    np.testing.assert_array_equal(columns(kept), columns(STATES).astype(np.float32).astype(float))
    assert [s.quality for s in kept] == [s.quality for s in STATES]


def test_many_small_writes_come_back_in_order(journal, begin):
    writer = begin()
    for i in range(60):
        writer.record([HoldSecond(i / 10, i, 60)], [seen(i / 10, i)])
    writer.finish(summary())
    kept = journal.session(writer.session_id)
    assert [e.done_s for e in kept.events] == list(range(60))
    assert [s.knee_drop_deg for s in kept.states] == list(range(60))


def test_the_seconds_of_a_finished_session_become_one_piece_and_what_follows_is_added(journal, begin):
    def pieces() -> list[int]:
        with journal.store.transaction() as transaction:
            return list(transaction.scalars(sa.select(TraceRow.rows).order_by(TraceRow.seq)))

    writer = begin()
    for i in range(1, 8):
        writer.record([], [seen(float(i), i)])
    assert pieces() == [1] * 7
    writer.finish(summary())
    assert pieces() == [7]
    writer.record([], [seen(9.0, 9)])
    assert pieces() == [7, 1]
    assert journal.trace(writer.session_id)["knee_drop_deg"].tolist() == [1, 2, 3, 4, 5, 6, 7, 9]


def test_what_was_measured_anew_takes_the_place_of_what_was_live(journal, begin):
    other = begin()
    other.record(EVENTS, STATES)
    other.finish(summary(HOLD))
    writer = begin()
    writer.record(EVENTS, STATES)
    writer.finish(summary(HOLD, HOLD))
    better = replace(HOLD, knee_drop_deg=Measured(41.0, 2.0))
    writer.measured_anew([seen(1.0, 41.0)], summary(better))
    kept = journal.session(writer.session_id)
    assert (kept.holds, kept.events, kept.entry.end_reason) == ((better,), EVENTS, EndReason.DONE)
    assert [(state.t_s, state.knee_drop_deg) for state in kept.states] == [(1.0, 41.0)]
    assert journal.session(other.session_id).holds == (HOLD,)


def test_what_was_measured_anew_does_not_bring_back_a_session_that_was_erased(journal, begin):
    writer = begin()
    writer.record(EVENTS, STATES)
    writer.finish(summary(HOLD))
    erase(journal, [writer.session_id])
    writer.measured_anew(STATES, summary(HOLD))
    assert journal.sessions() == []
    with journal.store.transaction() as transaction:
        assert not [*transaction.scalars(sa.select(TraceRow.rows)), *transaction.scalars(sa.select(HoldRow.seq))]


def test_reasons_for_measuring_nothing_are_kept(journal, begin):
    writer = begin()
    writer.finish(summary(reasons=("no_person", "feet_out_of_frame")))
    assert journal.session(writer.session_id).reasons == ("no_person", "feet_out_of_frame")


def test_a_session_that_nobody_ended_counts_as_stopped(journal, begin):
    writer = begin()
    writer.finish(summary(ended=None))
    assert journal.sessions()[0].end_reason is EndReason.STOPPED


def test_an_unfinished_session_is_listed_with_what_was_kept(folder, journal, begin):
    writer = begin()
    writer.record(EVENTS[:8], STATES)
    with Journal.open(folder) as other:
        (entry,) = other.sessions()
        kept = other.session(entry.id)
    assert (entry.id, entry.end_reason, entry.hold_count) == (writer.session_id, None, 1)
    assert kept.events == EVENTS[:8]
    assert len(kept.states) == len(STATES)
    assert [(hold.side, hold.in_posture_s) for hold in kept.holds] == [(Side.LEFT, 2.5)]


def test_less_than_a_second_waits_for_more(journal, begin):
    writer = begin()
    writer.record([SessionStarted(0.0)], [seen(0.5)])
    assert journal.session(writer.session_id).states == ()
    writer.record([], [seen(1.0)])
    assert len(journal.session(writer.session_id).states) == 2


def test_flush_writes_what_waits_and_leaves_the_session_unfinished(journal, begin):
    writer = begin()
    writer.record(EVENTS[:2], [seen(0.5)])
    writer.flush()
    kept = journal.session(writer.session_id)
    assert (kept.events, len(kept.states), kept.entry.end_reason) == (EVENTS[:2], 1, None)
    writer.record(EVENTS[2:], [])
    assert journal.session(writer.session_id).events == EVENTS


@pytest.mark.parametrize("event", [EVENTS[7], EVENTS[8]], ids=lambda e: e.kind)
def test_the_end_of_a_hold_and_of_the_session_are_written_at_once(journal, begin, event):
    writer = begin()
    writer.record([], [seen(3.9)])
    writer.record([event], [])
    assert journal.session(writer.session_id).events == (event,)


def test_an_unknown_id_is_a_key_error(journal):
    with pytest.raises(KeyError, match="nobody"):
        journal.session("nobody")


def test_the_list_and_the_session_agree_on_the_number_of_holds(journal, begin):
    """A rest too short for a hold ends with an event, but is not in the summary."""
    writer = begin()
    too_short = HoldEnded(6.0, Side.RIGHT, 5.0, 6.0, 1.0, EndReason.PAUSED)
    writer.record([*EVENTS[:8], too_short, SessionEnded(7.0, EndReason.DONE)], STATES)
    writer.finish(summary(HOLD))
    (entry,) = journal.sessions()
    assert entry.hold_count == journal.session(entry.id).entry.hold_count == 1


# ---- list, find, delete --------------------------------------------------------------------------------------------


def test_sessions_are_listed_newest_first(journal, begin):
    days = [3, 1, 12, 2]
    ids = {day: begin(started_at=datetime(2024, 5, day, tzinfo=UTC)).session_id for day in days}
    assert [e.id for e in journal.sessions()] == [ids[day] for day in (12, 3, 2, 1)]


def test_sessions_of_different_time_zones_are_ordered_by_the_moment(journal, begin):
    east, west = timezone(timedelta(hours=9)), timezone(timedelta(hours=-7))
    earlier = begin(started_at=datetime(2024, 5, 2, 8, 0, tzinfo=east)).session_id
    later = begin(started_at=datetime(2024, 5, 1, 20, 0, tzinfo=west)).session_id
    assert [e.id for e in journal.sessions()] == [later, earlier]


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ({"kind": "live"}, "live"),
        ({"kind": "sample"}, "sample person"),
        ({"kind": "clip", "clip": "a.mp4"}, "clip a.mp4"),
    ],
)
def test_the_label_says_what_was_measured(journal, begin, said, label):
    begin(**said)
    assert journal.sessions()[0].label == label


def test_the_beginning_of_an_id_finds_it(journal, begin):
    ids = [begin().session_id for _ in range(3)]
    assert [journal.find(i) for i in ids] == ids
    assert journal.find(ids[0][:31]) == ids[0]


def test_an_id_that_nobody_has_is_not_found(journal, begin):
    begin()
    with pytest.raises(JournalUnavailable, match=r"No sessions .*'xyz'"):
        journal.find("xyz")


def test_a_beginning_that_several_share_is_refused(journal, begin):
    begin()
    begin()
    with pytest.raises(JournalUnavailable, match="2 sessions"):
        journal.find("")


NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_a_deleted_session_is_in_no_list_and_undo_brings_it_back_as_it_was(journal, begin):
    gone, stays = begin(), begin()
    for writer in (gone, stays):
        writer.record(EVENTS, STATES)
        writer.finish(summary(HOLD))
    journal.write(MorningAfter(NOW, gone.session_id, 2, 1))
    before = journal.session(gone.session_id)
    journal.delete(gone.session_id, NOW)
    assert [e.id for e in journal.sessions()] == [stays.session_id]
    assert [e.id for e in journal.deleted()] == [gone.session_id]
    assert journal.diary() == ()
    with pytest.raises(KeyError):
        journal.session(gone.session_id)
    with pytest.raises(JournalUnavailable, match="No sessions"):
        journal.find(gone.session_id)
    journal.undelete(gone.session_id)
    assert journal.deleted() == []
    assert len(journal.sessions()) == 2
    assert len(journal.diary()) == 1
    again = journal.session(gone.session_id)
    assert (again.entry, again.events, again.holds) == (before.entry, before.events, before.holds)


def test_what_is_usual_knows_nothing_of_a_deleted_session(journal, begin):
    writer = begin(plan={"surface": "bed", "cushion_cm": 30.0})
    writer.finish(summary(*[drop(Side.LEFT, 40.0)] * 3))
    assert journal.usual().view is not None
    journal.delete(writer.session_id, NOW)
    assert journal.usual() == Usual({}, None, None, None)


def test_deleted_sessions_are_told_by_the_moment_of_their_deletion(journal, begin):
    early, late = begin().session_id, begin().session_id
    journal.delete(early, NOW)
    journal.delete(late, NOW + timedelta(days=2))
    assert [e.id for e in journal.deleted(NOW + timedelta(days=1))] == [early]


# ---- the folder ----------------------------------------------------------------------------------------------------


def test_the_files_are_for_the_owner_alone(file, folder, journal, begin):
    begin()
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes.keys() >= {"journal.sqlite", "journal.sqlite-wal"}
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("name", ["with a space", "50%", "x%20y", "what?", "a#b", "Übung"])
def test_any_folder_name_will_do(file, tmp_path, begin, name):
    with Journal.open(tmp_path / name) as book:
        begin(book)
    assert (tmp_path / name / "journal.sqlite").stat().st_size > 0
    assert {p.name for p in tmp_path.iterdir()} <= {name, "kept"}


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KNEEROLL_HOME", str(tmp_path / "elsewhere"))
    with Journal.open() as book:
        assert book.folder == tmp_path / "elsewhere"
    assert (tmp_path / "elsewhere" / "journal.sqlite").is_file()


def test_without_the_environment_the_users_data_folder_is_taken(tmp_path, monkeypatch):
    monkeypatch.delenv("KNEEROLL_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert data_folder().is_relative_to(tmp_path)
    assert "kneeroll" in data_folder().parts
    assert list(tmp_path.iterdir()) == []


def test_two_journals_at_once_can_both_write(folder, journal, begin):
    with Journal.open(folder) as other:
        writers = [begin(), begin(other)]
        for i in range(1, 5):
            for writer in writers:
                writer.record([HoldSecond(float(i), i, 20)], [seen(float(i))])
        for writer in writers:
            writer.finish(summary())
        ids = {w.session_id for w in writers}
        assert {e.id for e in journal.sessions()} == {e.id for e in other.sessions()} == ids
        assert all(len(other.session(i).events) == 4 for i in ids)


def test_opening_again_keeps_everything(folder, journal, begin):
    session_id = begin().session_id
    journal.close()
    for _ in range(2):
        with Journal.open(folder) as again:
            assert [e.id for e in again.sessions()] == [session_id]


def test_a_live_session_keeps_no_number_that_was_not_measured(journal, begin):
    writer = begin()
    writer.record([], [BodyState.unseen(2.0, Quality.FEET_OUT_OF_FRAME)])
    (state,) = journal.session(writer.session_id).states
    assert math.isnan(state.knee_drop_deg)
    assert state.quality is Quality.FEET_OUT_OF_FRAME
