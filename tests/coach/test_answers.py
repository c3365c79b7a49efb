"""How it feels, before and after, and why it was stopped: what the coach makes of the person's own words."""

from __future__ import annotations

import pytest

from kneeroll.coach import CoachState, advance, begin
from kneeroll.events import (
    Answered,
    Asked,
    Comfort,
    ComfortRated,
    CueGiven,
    EndReason,
    Event,
    Phase,
    Request,
    SessionEnded,
    StopExplained,
    StopReason,
)
from kneeroll.plans import Plan

CALM = (Comfort(), Comfort(9), Comfort(0, 0), Comfort(None, 5), Comfort(10, 5))
TOO_MUCH = (Comfort(None, 6), Comfort(0, 10))


def told(answer: Comfort | StopReason, *, after: Request | None = None) -> tuple[CoachState, tuple[Event, ...]]:
    """A session at its beginning (or stopped by a request), and what an answer brings."""
    state, _ = begin(Plan(get_ready_s=20.0))
    if after is not None:
        state, _ = advance(state, Asked(1.0, after))
    return advance(state, Answered(2.0, answer))


@pytest.mark.parametrize("comfort", CALM)
def test_what_is_bearable_is_kept_and_the_session_goes_on(comfort: Comfort) -> None:
    state, events = told(comfort)
    assert events == (ComfortRated(2.0, False, comfort.stiffness, comfort.discomfort),)
    assert state.phase is Phase.GET_READY


@pytest.mark.parametrize("comfort", TOO_MUCH)
def test_too_much_before_ends_the_session_with_advice(comfort: Comfort) -> None:
    state, events = told(comfort)
    assert state.phase is Phase.STOPPED
    assert [e.why for e in events if isinstance(e, SessionEnded)] == [EndReason.DISCOMFORT]
    (cue,) = [e for e in events if isinstance(e, CueGiven)]
    assert cue.key == "too_much_before"
    assert "health professional" in cue.text


@pytest.mark.parametrize("comfort", CALM)
def test_what_is_bearable_after_the_end_is_kept_without_a_word(comfort: Comfort) -> None:
    _, events = told(comfort, after=Request.STOP)
    assert events == (ComfortRated(2.0, True, comfort.stiffness, comfort.discomfort),)


@pytest.mark.parametrize("comfort", TOO_MUCH)
def test_too_much_after_the_end_is_met_with_advice(comfort: Comfort) -> None:
    state, events = told(comfort, after=Request.STOP)
    assert [e.key for e in events if isinstance(e, CueGiven)] == ["too_much_after"]
    assert state.phase is Phase.STOPPED


@pytest.mark.parametrize("reason", StopReason)
@pytest.mark.parametrize("request_", [Request.STOP, Request.PAIN])
def test_the_reason_for_a_stop_is_kept_and_a_worrying_one_is_met_with_advice(request_: Request, reason: StopReason) -> None:
    _, events = told(reason, after=request_)
    assert events[0] == StopExplained(2.0, reason)
    worrying = reason in (StopReason.SHARP, StopReason.LEG)
    assert [e.key for e in events[1:] if isinstance(e, CueGiven)] == ([f"stop_{reason.value}"] if worrying else [])


def test_a_reason_without_a_stop_says_nothing() -> None:
    assert told(StopReason.ENOUGH)[1] == ()
