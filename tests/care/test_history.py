"""A line a session: what was kept and said, and the zone that it puts the session in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from kneeroll.analysis import summarise
from kneeroll.care.history import Done, Zone, recall
from kneeroll.diary import MorningAfter, Settled
from kneeroll.events import (
    ComfortRated,
    EndReason,
    Event,
    Fault,
    HoldEnded,
    MovementStarted,
    SessionEnded,
    StopExplained,
    StopReason,
)
from kneeroll.poses import Side
from kneeroll.summaries import UNMEASURED, Breathing, FaultSpan, HoldSummary, Measured
from tests.samples import HOLD

AT = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    id: str
    started_at: datetime


@dataclass(frozen=True)
class Session:
    entry: Line
    events: tuple[Event, ...]
    holds: tuple[HoldSummary, ...]


def done(**more) -> Done:
    return Done(AT, **more)


@pytest.mark.parametrize(
    ("before", "after", "zone"),
    [
        (0, 2, Zone.GREEN), (None, 2, Zone.GREEN), (2, 3, Zone.GREEN), (4, 5, Zone.GREEN), (5, 5, Zone.GREEN),
        (1, 3, Zone.AMBER), (None, 3, Zone.AMBER), (None, 5, Zone.AMBER), (3, 5, Zone.AMBER),
        (5, 6, Zone.RED), (0, 6, Zone.RED), (9, 10, Zone.RED), (3, None, None), (None, None, None),
    ],
)  # fmt: skip
def test_the_zone_of_a_session(before: int | None, after: int | None, zone: Zone | None) -> None:
    assert done(before=before, after=after).zone is zone


@pytest.mark.parametrize(
    ("stop", "zone"),
    [
        ({"ended": EndReason.PAIN}, Zone.RED),
        ({"ended": EndReason.PAIN, "stopped": StopReason.UNCOMFORTABLE}, Zone.AMBER),
        ({"ended": EndReason.PAIN, "stopped": StopReason.ENOUGH}, Zone.AMBER),
        ({"ended": EndReason.STOPPED, "stopped": StopReason.SHARP}, Zone.RED),
        ({"ended": EndReason.STOPPED, "stopped": StopReason.LEG}, Zone.RED),
        ({"ended": EndReason.STOPPED, "stopped": StopReason.NO_TIME}, None),
        ({"ended": EndReason.DISCOMFORT, "before": 7}, Zone.RED),
        ({"ended": EndReason.DISCOMFORT, "before": 4}, Zone.AMBER),
        ({"ended": EndReason.PAIN, "stopped": StopReason.ENOUGH, "after": 7}, Zone.RED),
    ],
)
def test_the_zone_of_a_stop(stop: dict, zone: Zone | None) -> None:
    assert done(**stop).zone is zone


@pytest.mark.parametrize(
    ("before", "morning", "zone"),
    [
        (2, 1, Zone.GREEN), (2, 3, Zone.GREEN), (2, 4, Zone.AMBER), (0, 2, Zone.AMBER), (2, 5, Zone.RED), (5, 6, Zone.RED),
        (None, 2, Zone.GREEN), (None, 3, Zone.AMBER), (None, 6, Zone.RED), (3, None, None),
    ],
)  # fmt: skip
def test_the_zone_of_a_morning(before: int | None, morning: int | None, zone: Zone | None) -> None:
    assert done(before=before, morning=morning).morning_zone is zone


@pytest.mark.parametrize(
    ("settled", "zone"),
    [
        (Settled.AT_ONCE, Zone.GREEN), (Settled.WITHIN_AN_HOUR, Zone.GREEN), (Settled.WITHIN_A_DAY, Zone.AMBER),
        (Settled.NOT_YET, Zone.RED),
    ],
)  # fmt: skip
def test_how_long_it_took_to_settle_counts_and_the_worst_wins(settled: Settled, zone: Zone) -> None:
    assert done(settled=settled).morning_zone is zone
    assert done(settled=settled, before=2, morning=4).morning_zone is max(zone, Zone.AMBER)
    assert done(settled=settled, woke=True).morning_zone is Zone.RED
    assert done(settled=settled, woke=False).morning_zone is zone


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Done(datetime(2026, 11, 2, 7, 30))


def events(*more: Event, movement: str = "cushion_20s", why: EndReason = EndReason.DONE) -> tuple[Event, ...]:
    return (MovementStarted(0.0, movement, "", ()), *more, SessionEnded(60.0, why))


def test_a_kept_session_becomes_a_line_with_what_was_said_of_it() -> None:
    lifted = FaultSpan(Fault.SHOULDER_LIFTED, 12.0, 14.0, Measured(9, 4), "deg")
    kept = replace(HOLD, start_s=10.0, end_s=30.0, in_posture_s=18.0, faults=(*HOLD.faults, lifted))
    said = (ComfortRated(0.0, False, 1, 2), ComfortRated(70.0, True, 1, 3))
    session = Session(Line("a", AT), events(*said), (kept,))
    morning = MorningAfter(AT + timedelta(days=1), "a", 1, 2, Settled.AT_ONCE, False)
    (line,) = recall([session], [morning])
    depth_deg = kept.knee_drop_deg.value
    assert line == Done(AT, "cushion_20s", 2, 3, 0.9, 0.9, False, depth_deg, EndReason.DONE, None, 2, Settled.AT_ONCE, False)


def test_the_depth_of_a_session_is_that_of_its_deepest_hold_that_was_measured() -> None:
    holds = [replace(HOLD, knee_drop_deg=drop) for drop in (Measured(40.0, 4.0), UNMEASURED, Measured(52.0, 4.0))]
    deep, unseen = recall([Session(Line("a", AT), events(), tuple(some)) for some in (holds, holds[1:2])], [])
    assert (deep.depth_deg, unseen.depth_deg) == (52.0, None)


def test_a_long_pause_in_the_breath_is_told() -> None:
    for pause_s, told in ((11.0, False), (13.0, True)):
        breathing = Breathing(Measured(3, 1), Measured(pause_s, 1.0))
        (line,) = recall([Session(Line("a", AT), events(), (replace(HOLD, breathing=breathing),))], [])
        assert line.breath_paused is told


def test_what_the_clock_alone_tells_has_no_shares() -> None:
    timed = HoldEnded(30.0, Side.LEFT, 10.0, 30.0, 20.0, EndReason.DONE, timed=True)
    holds = summarise([timed], [], view=None, blockers=(), engine="", estimator="").holds
    (line,) = recall([Session(Line("a", AT), events(), holds)], [])
    assert (line.in_posture, line.anchored, line.depth_deg) == (None, None, None)


def test_the_step_is_the_movement_with_a_rung_and_a_companion_has_none() -> None:
    both = (MovementStarted(0.0, "bridge", "", ()), *events())
    kept = [Session(Line(str(i), AT), said, (HOLD,)) for i, said in enumerate([both, events(movement="bridge")])]
    lines = recall(kept, [])
    assert [line.step for line in lines] == ["cushion_20s", None]


def test_the_lines_come_by_time() -> None:
    lines = [Line(str(i), AT - timedelta(days=i)) for i in range(3)]
    assert [done.at for done in recall([Session(line, events(), (HOLD,)) for line in lines], [])] == [
        AT - timedelta(days=i) for i in (2, 1, 0)
    ]


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        (events(why=EndReason.STOPPED), False),
        (events(why=EndReason.PAIN), True),
        (events(ComfortRated(0.0, False, None, 7), why=EndReason.DISCOMFORT), True),
        ((*events(why=EndReason.STOPPED), StopExplained(61.0, StopReason.LEG)), True),
    ],
)
def test_without_a_hold_only_a_reason_to_stop_is_remembered(what: tuple[Event, ...], kept: bool) -> None:
    assert bool(recall([Session(Line("a", AT), what, ())], [])) is kept
