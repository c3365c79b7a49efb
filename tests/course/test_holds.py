"""Which holds can be looked into, and what of the first week they stand beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kneeroll.course import Course, deepest, of_first_week, own_word
from kneeroll.diary import MorningAfter
from kneeroll.events import EndReason, MovementStarted
from kneeroll.inside import claims
from kneeroll.journal import SessionEntry, SessionRecord
from kneeroll.poses import Side, View
from kneeroll.summaries import TIMED, HoldSummary, Measured
from tests.inside.test_view import hold

START = datetime(2026, 9, 1, 7, tzinfo=UTC)


def session(day: int, *holds: HoldSummary, cushion: float | None = None, movement: str = "cushion_20s") -> SessionRecord:
    entry = SessionEntry(f"day{day}", START + timedelta(days=day), "live", None, 90.0, len(holds), EndReason.DONE)
    begun = MovementStarted(0.0, movement, movement, ())
    return SessionRecord(entry, "e", "n", {"cushion_cm": cushion}, View.SIDE, (), (begun,), holds, ())


def course(*sessions: SessionRecord, days: int = 60) -> Course:
    return Course(START + timedelta(days=days), sessions, ())


def test_of_each_side_the_deepest_measured_hold_is_looked_into():
    shallow, deep, unseen = hold(twist=20.0), hold(twist=35.0), replace(hold(twist=50.0), trunk_twist_deg=TIMED)
    left = hold(Side.LEFT)
    assert deepest(session(0, shallow, deep, unseen, left, hold(None))) == {Side.LEFT: left, Side.RIGHT: deep}
    assert deepest(session(0, unseen)) == {}


def test_a_hold_stands_beside_the_first_of_its_side_with_the_same_set_up():
    other, same = hold(twist=21.0), hold(twist=22.0)
    now = session(30, hold(twist=33.0), cushion=20.0)
    weeks = course(session(0, hold(Side.LEFT)), session(1, other), session(2, same, cushion=20.0), session(8, hold()), now)
    found = of_first_week(weeks, now, now.holds[0])
    assert found is not None
    assert (found.hold, found.lies_on_cm, found.same_setup, found.at.day) == (same, 20.0, True, 3)
    bare = session(31, hold(), cushion=30.0)
    found = of_first_week(course(*weeks.sessions, bare), bare, bare.holds[0])
    assert found is not None
    assert (found.hold, found.same_setup) == (other, False)


def test_nothing_stands_beside_what_is_not_ones_own_or_too_early():
    first, now = session(0, hold()), session(3, hold())
    assert of_first_week(course(first, now), now, now.holds[0]) is None
    later = session(30, hold())
    assert of_first_week(course(first), later, later.holds[0]) is None
    assert of_first_week(course(), later, later.holds[0]) is None
    left = session(30, hold(Side.LEFT))
    assert of_first_week(course(first, left), left, left.holds[0]) is None


def test_a_journal_says_of_a_claim_only_what_it_holds():
    by_id = {claim.id: claim for claim in claims()}
    empty, some = course(days=5), course(*(session(day, hold(Side.LEFT), hold()) for day in range(5)), days=5)
    assert all(own_word(claim, empty, str) == () for claim in claims())
    assert "first statement needs eight weeks" in own_word(by_id["deeper"], some, str)[0]
    assert own_word(by_id["balance"], some, str) == ("In your last 5 sessions your sides did not clearly differ.",)
    assert own_word(by_id["blood_flow"], some, str) == ()
    rated = replace(some, diary=(MorningAfter(START, "day0", stiffness=2, discomfort=3, settled=None, woke=None),))
    assert "comfort on the morning after" in own_word(by_id["comfort"], rated, str)[0]


def test_a_journal_tells_a_clear_verdict_in_its_own_words():
    by_id = {claim.id: claim for claim in claims()}
    deeper = [replace(hold(Side.LEFT), knee_drop_deg=Measured(40.0 + day / 2, 2.0)) for day in range(60)]
    weeks = course(*(session(day, one) for day, one in enumerate(deeper)))
    assert own_word(by_id["deeper"], weeks, str)[0] == "knee drop to the left: better."
