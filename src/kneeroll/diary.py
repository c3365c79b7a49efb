"""What a person says and decides between sessions: answers, plans, choices. Pure values; time is an argument.

A diary only grows: who changes their mind adds an entry. What follows from it (may this person train, at which step, is it
better) is worked out from the entries each time, so that rules can be corrected without touching what was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from kneeroll.records import read_record


class Settled(StrEnum):
    """How long what was felt after a session took to be as before it."""

    AT_ONCE = "at_once"
    WITHIN_AN_HOUR = "within_an_hour"
    WITHIN_A_DAY = "within_a_day"
    NOT_YET = "not_yet"


class Instrument(StrEnum):
    """A questionnaire."""

    ACTIVITIES = "activities"
    PEG = "peg"
    RMDQ24 = "rmdq24"
    GROC = "groc"


class Decider(StrEnum):
    """Who set a step: the rules, or the person against them."""

    RULES = "rules"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said or decided at a moment (aware: it knows its offset from UTC)."""

    kind: ClassVar[str] = ""
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"the time of an entry needs its zone, got {self.at.isoformat()}")


@dataclass(frozen=True, slots=True)
class Screened(Entry):
    """The questions before the first session were answered. yes: ids of those that apply; table: version of the questions."""

    kind: ClassVar[str] = "screened"
    yes: tuple[str, ...]
    table: int


@dataclass(frozen=True, slots=True)
class PlanAccepted(Entry):
    """The person took a plan, as TOML; `author` is who wrote it, empty for the one that ships."""

    kind: ClassVar[str] = "plan_accepted"
    toml: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class MorningAfter(Entry):
    """How it was on the morning after a session: 0-10 each, None where the person did not say."""

    kind: ClassVar[str] = "morning_after"
    session_id: str
    stiffness: int | None
    discomfort: int | None
    settled: Settled | None = None
    woke: bool | None = None


@dataclass(frozen=True, slots=True)
class ActivitiesNamed(Entry):
    """The person's own activities, in their words."""

    kind: ClassVar[str] = "activities_named"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled(Entry):
    """A questionnaire was filled in: the answer to each item; what is missing was left blank."""

    kind: ClassVar[str] = "filled"
    instrument: Instrument
    answers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepSet(Entry):
    """From now on this step of the ladder (a movement's id), and why."""

    kind: ClassVar[str] = "step_set"
    step: str
    by: Decider
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialPlanned(Entry):
    """A randomised alternation begins: `blocks` of `days` days each say whether `factor` is used."""

    kind: ClassVar[str] = "trial_planned"
    factor: str
    days: int
    blocks: tuple[bool, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class TrialEnded(Entry):
    kind: ClassVar[str] = "trial_ended"
    factor: str


@dataclass(frozen=True, slots=True)
class Reminded(Entry):
    """A reminder was shown."""

    kind: ClassVar[str] = "reminded"


@dataclass(frozen=True, slots=True)
class PseudonymDrawn(Entry):
    """From now on this stands for the person in all that is handed on: drawn by lot, so that it tells nothing about them."""

    kind: ClassVar[str] = "pseudonym_drawn"
    pseudonym: str


ENTRY_TYPES: dict[str, type[Entry]] = {
    cls.kind: cls
    for cls in (
        Screened, PlanAccepted, MorningAfter, ActivitiesNamed, Filled, StepSet, TrialPlanned, TrialEnded, Reminded,
        PseudonymDrawn,
    )
}  # fmt: skip


def mornings(diary: Iterable[Entry]) -> dict[str, MorningAfter]:
    """What was said of each morning after, by session, oldest first (`diary` is); who says it again puts it right."""
    said: dict[str, MorningAfter] = {}
    for entry in diary:
        if isinstance(entry, MorningAfter):
            said.pop(entry.session_id, None)
            said[entry.session_id] = entry
    return said


_READ: dict[str, Any] = {
    "at": datetime.fromisoformat,
    "yes": tuple,
    "settled": lambda v: None if v is None else Settled(v),
    "names": tuple,
    "instrument": Instrument,
    "by": Decider,
    "reasons": tuple,
    "blocks": tuple,
}


def to_record(entry: Entry) -> dict[str, Any]:
    """The entry as a JSON-ready mapping with its `kind`."""
    return {"kind": entry.kind, **asdict(entry), "at": entry.at.isoformat()}


def from_record(record: Mapping[str, Any]) -> Entry:
    """The entry that `to_record` wrote, now or in an older version (which lacks what came later).

    >>> from datetime import UTC
    >>> from_record(to_record(StepSet(datetime(2026, 11, 2, 7, 30, tzinfo=UTC), "cushion_20s", Decider.RULES))).step
    'cushion_20s'
    """
    return read_record(ENTRY_TYPES[record["kind"]], record, _READ)
