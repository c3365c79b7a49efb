"""A person's weeks, told from sessions and diary alone."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from kneeroll.care.screening import version
from kneeroll.course import Course, Memo
from kneeroll.diary import Filled, Instrument, MorningAfter, PlanAccepted, Screened, Settled, TrialPlanned
from kneeroll.events import ComfortRated, EndReason, MovementStarted, SessionEnded, StopExplained, StopReason
from kneeroll.journal import History, Journal
from kneeroll.journal.upkeep import erase, erase_everything
from kneeroll.movements import catalogue
from kneeroll.outcomes import Measure
from kneeroll.plans import Plan
from kneeroll.poses import Side, View
from kneeroll.summaries import Measured, SessionSummary
from tests.samples import HOLD

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path) as book:
        yield book


def course(journal: Journal, given: Plan | None = None, now: datetime = NOW) -> Course:
    return Course.of(History(journal), now, catalogue(), given)


def screen(journal: Journal, *yes: str, days_ago: float = 30, table: int | None = None) -> None:
    journal.write(Screened(NOW - days_ago * DAY, yes, version() if table is None else table))


def train(journal: Journal, days_ago: float, *, stopped: StopReason | None = None, calm: bool = True) -> str:
    """A session of one hold a side, two times, and the morning after it."""
    at = NOW - days_ago * DAY
    begun = journal.begin(kind="live", engine="e", estimator="n", plan={"surface": "floor"}, started_at=at)
    why = EndReason.STOPPED if stopped else EndReason.DONE
    begun.record(
        [ComfortRated(0.0, False, 2, 3), MovementStarted(1.0, "no_cushion_20s", "", ()), ComfortRated(90.0, True, 2, 2)], []
    )
    begun.record([StopExplained(91.0, stopped)] if stopped else [], [])
    begun.record([SessionEnded(92.0, why)], [])
    hold = replace(HOLD, knee_drop_deg=Measured(50.0, 4.0), faults=(), in_posture_s=HOLD.duration_s)
    holds = [
        replace(hold, side=side, start_s=s, end_s=s + 20) for s, side in ((10, Side.LEFT), (30, Side.RIGHT), (50, Side.LEFT))
    ]
    begun.finish(SessionSummary(tuple(holds), View.SIDE, (), why, "e", "n"))
    if calm:
        journal.write(MorningAfter(at + timedelta(hours=20), begun.session_id, 1, 2, Settled.AT_ONCE, False))
    return begun.session_id


def test_whoever_was_not_asked_yet_may_not_begin(journal: Journal) -> None:
    assert course(journal).clearance is None
    assert not course(journal).may_begin
    screen(journal, table=version() - 1)
    assert not course(journal).may_begin
    screen(journal, days_ago=1)
    assert course(journal).may_begin


def test_answers_that_speak_against_it_leave_no_plan(journal: Journal) -> None:
    screen(journal, "fall")
    assert course(journal).standing is None
    assert course(journal).next is None
    assert not course(journal).may_begin
    assert course(journal, given=Plan()).standing is None


def test_limits_hold_for_a_plan_that_was_handed_in_too(journal: Journal) -> None:
    screen(journal, "thin_bones")
    given = Plan(movements=(catalogue()["no_cushion_30s"],))
    standing = course(journal, given).standing
    assert standing is not None
    assert standing.limits.cushion_locked
    assert "no_cushion_30s" not in [m.id for m in standing.movements]


def test_calm_days_lead_one_step_up_and_a_leg_stops_everything(journal: Journal) -> None:
    screen(journal)
    for days_ago in (6, 4, 3, 2):
        train(journal, days_ago)
    going = course(journal)
    assert going.standing is not None
    assert going.next is not None
    assert (going.standing.movements[0].id, going.next.step) == ("no_cushion_20s", "no_cushion_30s")
    train(journal, 1, stopped=StopReason.LEG)
    assert not course(journal).may_begin


def test_a_plan_that_can_no_longer_be_read_stops_nothing_but_the_beginning(journal: Journal) -> None:
    screen(journal)
    journal.write(PlanAccepted(NOW - DAY, 'movements = ["gone"]'))
    assert "cannot be read any more" in course(journal).trouble
    assert course(journal).standing is None
    assert not course(journal).may_begin


def test_the_morning_after_is_asked_for_not_on_the_same_day_and_what_is_said_last_counts(journal: Journal) -> None:
    screen(journal)
    last = train(journal, 1, calm=False)
    asked = course(journal).morning_of
    assert asked is not None
    assert asked.entry.id == last
    assert course(journal, now=NOW - DAY + timedelta(hours=3)).morning_of is None
    assert course(journal, now=NOW + 2 * DAY).morning_of is None
    assert course(journal).said_of_morning is None
    journal.write(MorningAfter(NOW - timedelta(hours=1), last, 1, 1))
    journal.write(MorningAfter(NOW, last, 1, 2))
    assert course(journal).said_of_morning == MorningAfter(NOW, last, 1, 2)
    assert [r.value for r in course(journal).readings(Measure.MORNING)] == [8.0]


def test_questionnaires_wait_for_the_first_session(journal: Journal) -> None:
    assert course(journal).due == ()
    train(journal, 8)
    assert Instrument.PEG in course(journal).due
    journal.write(Filled(NOW - DAY, Instrument.PEG, {"pain": 2, "enjoyment": 1, "activity": 1}))
    assert Instrument.PEG not in course(journal).due


def test_what_was_done_is_counted_and_followed(journal: Journal) -> None:
    screen(journal)
    assert course(journal).trends == ()
    for days_ago in range(20, 0, -2):
        train(journal, days_ago)
    found = course(journal)
    assert (found.days_done(7).done, found.days_done(28).done) == (3, 10)
    assert sum(week.days_done for week in found.weeks) == 10
    assert {(t.measure, t.side) for t in found.trends} >= {(Measure.KNEE_DROP, Side.LEFT), (Measure.KNEE_DROP, Side.RIGHT)}
    assert [r.value for r in found.readings(Measure.COMFORT)] == [7.0] * 10
    assert found.own_error[Measure.KNEE_DROP].sem is not None


def test_an_alternation_is_told_while_it_runs(journal: Journal) -> None:
    assert course(journal).trial is None
    journal.write(TrialPlanned(NOW - DAY, "cushion", 6, (True, False) * 4, 1))
    assert course(journal).trial is not None
    assert [outcome.factor for outcome in course(journal).outcomes] == ["cushion"]
    assert course(journal, now=NOW + 60 * DAY).trial is None


def shown(found: Course) -> list[object]:
    return [found.trends, found.sides, found.weeks, found.own_error, found.next, found.due, found.outcomes, found.days_done()]


def test_what_earlier_looks_worked_out_never_makes_a_later_one_stale(journal: Journal) -> None:
    """Whatever happens between: each look shows what one shows that remembers nothing."""
    memo, history = Memo(), History(journal)
    first = {}
    happenings = [
        lambda: screen(journal),
        *(partial(train, journal, days_ago) for days_ago in range(70, 6, -3)),
        lambda: first.setdefault("id", train(journal, 4)),
        lambda: journal.write(Filled(NOW - DAY, Instrument.ACTIVITIES, {"a walk": 4, "socks": 3, "the desk": 6})),
        lambda: train(journal, 0.5, calm=False),
        lambda: journal.delete(first["id"], NOW),
        lambda: journal.undelete(first["id"]),
        lambda: journal.write(PlanAccepted(NOW, 'days = ["mon"]')),
        lambda: erase(journal, [first["id"]]),
        lambda: erase_everything(journal),
        lambda: screen(journal, "thin_bones"),
        lambda: train(journal, 2),
    ]
    for happen in happenings:
        happen()
        found = Course.of(history, NOW, catalogue(), memo=memo)
        assert shown(found) == shown(course(journal))
    for now in (NOW + timedelta(hours=2), NOW + DAY, (NOW + DAY).astimezone(timezone(timedelta(hours=9))), NOW + 40 * DAY):
        assert shown(Course.of(history, now, catalogue(), memo=memo)) == shown(course(journal, now=now))
    known = {id: movement for id, movement in catalogue().items() if id != "no_cushion_20s"}
    assert shown(Course.of(history, NOW, known, memo=memo)) == shown(Course.of(History(journal), NOW, known))


def test_what_did_not_change_is_not_worked_out_again(journal: Journal) -> None:
    memo, history = Memo(), History(journal)
    for days_ago in (20, 18, 16):
        train(journal, days_ago)
    before = {(t.measure, t.side): t for t in Course.of(history, NOW, catalogue(), memo=memo).trends}
    journal.write(Filled(NOW, Instrument.ACTIVITIES, {"a walk": 4, "socks": 3, "the desk": 6}))
    after = {(t.measure, t.side): t for t in Course.of(history, NOW + timedelta(hours=1), catalogue(), memo=memo).trends}
    assert set(after) - set(before) == {(Measure.ACTIVITIES, None)}
    assert all(after[of] is before[of] for of in before if of[0] is not Measure.DOSE)
    sittings = Course.of(history, NOW, catalogue(), memo=memo).sittings
    train(journal, 2)
    assert all(map(operator.is_, sittings, Course.of(history, NOW, catalogue(), memo=memo).sittings))


@pytest.mark.parametrize("stopped", [None, StopReason.LEG])
def test_today_is_told_without_reading_years(journal: Journal, stopped: StopReason | None) -> None:
    screen(journal, days_ago=900)
    train(journal, 800, stopped=stopped, calm=False)
    for days_ago in (*range(790, 300, -35), 8, 6, 5, 3, 1):
        train(journal, days_ago, calm=False)
    lately = Course.lately(History(journal), NOW, catalogue())
    whole = course(journal)
    assert len(lately.sessions) < len(whole.sessions)
    assert (lately.next, lately.may_begin, lately.days_done(14)) == (whole.next, whole.may_begin, whole.days_done(14))
    assert lately.may_begin == (stopped is None)
