"""Events: written as records and read back the same."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll import events
from kneeroll.events import (
    EVENT_TYPES,
    Asked,
    CueGiven,
    EndReason,
    Event,
    Fault,
    FaultSeen,
    HoldStarted,
    Observed,
    Phase,
    PhaseEntered,
    Request,
    SessionEnded,
    from_record,
    to_record,
)
from kneeroll.poses import BodyState, Posture, Quality, Reading, Side


@pytest.mark.parametrize("cls", EVENT_TYPES.values())
def test_every_event_is_read_back_as_it_was_written(cls: type[Event]) -> None:
    @settings(deadline=None, max_examples=10)
    @given(st.from_type(cls))
    def there_and_back(event: Event) -> None:
        record = to_record(event)
        assert record["kind"] == cls.kind
        assert repr(from_record(json.loads(json.dumps(record)))) == repr(event)

    there_and_back()


def test_no_event_is_missing_from_the_list() -> None:
    written = {cls for cls in vars(events).values() if isinstance(cls, type) and issubclass(cls, Event)}
    assert set(EVENT_TYPES.values()) == written - {Event}
    assert all(cls.kind == kind for kind, cls in EVENT_TYPES.items())


def test_a_record_is_plain_json() -> None:
    assert to_record(PhaseEntered(1.5, Phase.HOLD, Side.LEFT)) == {
        "kind": "phase_entered", "t_s": 1.5, "phase": "hold", "side": "left",
    }  # fmt: skip


def test_what_is_read_back_has_its_own_types() -> None:
    ended = from_record({"kind": "session_ended", "t_s": 1.0, "why": "pain"})
    assert isinstance(ended, SessionEnded)
    assert ended.why is EndReason.PAIN
    fault = from_record({"kind": "fault_seen", "t_s": 1.0, "fault": "rushed", "side": None})
    assert fault == FaultSeen(1.0, Fault.RUSHED, None)
    waits = from_record({"kind": "clock_waits", "t_s": 1.0, "reasons": ["no_person"]})
    assert to_record(waits)["reasons"] == ("no_person",)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"kind": "no_such_event", "t_s": 1.0}, KeyError),
        ({"kind": "session_ended", "t_s": 1.0}, KeyError),
        ({"kind": "session_ended", "t_s": 1.0, "why": "bored"}, ValueError),
        ({"kind": "hold_started", "t_s": 1.0, "side": "up", "since_s": 0.0}, ValueError),
    ],
)
def test_a_broken_record_is_an_error(record: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        from_record(record)


def test_a_cue_rings_no_bell_unless_asked() -> None:
    assert not CueGiven(1.0, "hold", "Good.").bell


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        HoldStarted(1.0, Side.LEFT, 0.5).side = Side.RIGHT


def test_a_signal_knows_its_time() -> None:
    reading = Reading(2.5, BodyState.unseen(2.5, Quality.NO_PERSON), Posture.NOBODY, None, ("no_person",))
    assert Observed(reading).t_s == 2.5
    assert Asked(3.5, Request.STOP).t_s == 3.5


def test_only_finished_and_stopped_are_ends() -> None:
    assert [p for p in Phase if p.is_end] == [Phase.FINISHED, Phase.STOPPED]
