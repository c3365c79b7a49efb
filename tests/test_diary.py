"""Entries survive being written and read, by this version and by a later one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from kneeroll import diary
from kneeroll.diary import ENTRY_TYPES, Decider, Entry, Instrument, Settled, from_record, to_record

AT = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
EVERY: tuple[Entry, ...] = (
    diary.Screened(AT, ("osteoporosis",), 1),
    diary.PlanAccepted(AT, 'name = "Mine"', "A. Physio"),
    diary.MorningAfter(AT, "abc", 2, None, Settled.WITHIN_AN_HOUR, False),
    diary.ActivitiesNamed(AT, ("tie my shoes", "sit through lunch", "lift the child")),
    diary.Filled(AT, Instrument.PEG, {"pain": 3, "enjoyment": 2}),
    diary.StepSet(AT, "cushion_20s", Decider.PERSON, ("three green sessions",)),
    diary.TrialPlanned(AT, "cushion", 5, (True, False, False, True), 7),
    diary.TrialEnded(AT, "cushion"),
    diary.Reminded(AT),
    diary.PseudonymDrawn(AT, "0f3d"),
)


def test_there_is_an_example_of_every_kind() -> None:
    assert {entry.kind for entry in EVERY} == set(ENTRY_TYPES)


@pytest.mark.parametrize("entry", EVERY, ids=lambda e: e.kind)
def test_is_the_same_after_json(entry: Entry) -> None:
    assert from_record(json.loads(json.dumps(to_record(entry)))) == entry


def test_reads_what_an_older_version_wrote() -> None:
    old = {"kind": "morning_after", "at": AT.isoformat(), "session_id": "abc", "stiffness": 1, "discomfort": 1}
    assert from_record(old) == diary.MorningAfter(AT, "abc", 1, 1)


def test_ignores_what_a_newer_version_added() -> None:
    assert from_record(to_record(diary.Reminded(AT)) | {"by": "bell"}) == diary.Reminded(AT)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        diary.Reminded(datetime(2026, 11, 2, 7, 30))
