"""What was done and how it felt, a line a session, and the zone that this puts it in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from kneeroll.diary import Entry, MorningAfter, Settled, mornings
from kneeroll.events import ComfortRated, EndReason, Event, Fault, MovementStarted, SessionEnded, StopExplained, StopReason
from kneeroll.movements import SHIPPED, Movement
from kneeroll.plans import TOO_MUCH
from kneeroll.summaries import HoldSummary

LONG_PAUSE_S = 12.0
"""From one breath to the next: our own choice, longer than the slowest breath that is paced (ten seconds)."""


class Zone(IntEnum):
    """How a session was taken: comfortable, a bit much, too much (Thomee 1997, Silbernagel 2007)."""

    GREEN = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class Done:
    """A session that was done; None is "not said" or "not seen".

    step: the id of its movement that has a place in the ladder. before, after: discomfort, 0-10.
    in_posture, anchored: shares (0-1) of the holds that were seen in which the posture was right, and both shoulders down.
    breath_paused: a pause of more than `LONG_PAUSE_S` was seen. depth_deg: the deepest knee drop of its holds.
    morning, settled, woke: of the next morning: discomfort, how long it took to settle, whether it woke the person.
    """

    at: datetime
    step: str | None = None
    before: int | None = None
    after: int | None = None
    in_posture: float | None = None
    anchored: float | None = None
    breath_paused: bool = False
    depth_deg: float | None = None
    ended: EndReason | None = EndReason.DONE
    stopped: StopReason | None = None
    morning: int | None = None
    settled: Settled | None = None
    woke: bool | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"the time of a session needs its zone, got {self.at.isoformat()}")

    @property
    def zone(self) -> Zone | None:
        """How it felt in the session and right after; None where nobody said.

        Green up to 2 of 10 or one more than before, red above 5, when it was sharp, or for an unexplained stop for pain.
        """
        if self.stopped in (StopReason.SHARP, StopReason.LEG) or (self.ended is EndReason.PAIN and self.stopped is None):
            return Zone.RED
        least = Zone.AMBER if self.stopped is StopReason.UNCOMFORTABLE or self.ended is EndReason.PAIN else None
        if self.ended is EndReason.DISCOMFORT:
            least = Zone.RED if (self.before or 0) > TOO_MUCH else Zone.AMBER
        return _worst([least, None if self.after is None else _of_discomfort(self.after, self.before)])

    @property
    def morning_zone(self) -> Zone | None:
        """How it was on the next morning; None where nobody said."""
        if self.woke or self.settled is Settled.NOT_YET:
            return Zone.RED
        said = [Zone.GREEN if self.settled in (Settled.AT_ONCE, Settled.WITHIN_AN_HOUR) else None]
        if self.settled is Settled.WITHIN_A_DAY:
            said.append(Zone.AMBER)
        if self.morning is not None:
            said.append(_of_morning(self.morning, self.before))
        return _worst(said)

    @property
    def is_stirred_up(self) -> bool:
        """Seven of ten or more, or not settled after a day: easily stirred up (our own rule, after Barakatt 2009)."""
        most = max((n for n in (self.before, self.after, self.morning) if n is not None), default=0)
        return most >= 7 or self.settled is Settled.NOT_YET


def _of_discomfort(now: int, before: int | None) -> Zone:
    if now > TOO_MUCH:
        return Zone.RED
    return Zone.GREEN if now <= 2 or (before is not None and now <= before + 1) else Zone.AMBER


def _of_morning(now: int, before: int | None) -> Zone:
    if now > TOO_MUCH or before is None:
        return _of_discomfort(now, before)
    return Zone.GREEN if now <= before + 1 else Zone.AMBER if now == before + 2 else Zone.RED


def _worst(zones: Iterable[Zone | None]) -> Zone | None:
    return max((zone for zone in zones if zone is not None), default=None)


class Line(Protocol):
    """A session in a line."""

    @property
    def id(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def hold_count(self) -> int: ...


class BriefSession(Protocol):
    """A session as the journal keeps it, in brief."""

    @property
    def entry(self) -> Line: ...
    @property
    def events(self) -> Sequence[Event]: ...
    @property
    def holds(self) -> Sequence[HoldSummary]: ...


def recall(sessions: Iterable[BriefSession], diary: Iterable[Entry], known: Mapping[str, Movement] = SHIPPED) -> tuple[Done, ...]:
    """What the person did, by time: of their sessions those with a hold or a reason to end, and what they said of the mornings
    after (`sessions` are the person's own: not a clip, not the sample)."""
    after = mornings(diary)
    lines = (_done(kept, after.get(kept.entry.id), known) for kept in sessions if kept.holds or _says_why(kept))
    return tuple(sorted(lines, key=lambda done: done.at))


def _done(kept: BriefSession, morning: MorningAfter | None, known: Mapping[str, Movement]) -> Done:
    begun = (known.get(e.movement) for e in kept.events if isinstance(e, MovementStarted))
    rated = {e.after: e.discomfort for e in kept.events if isinstance(e, ComfortRated)}
    seen = [h for h in kept.holds if h.is_watched]
    lifted_s = sum(s.end_s - s.start_s for h in seen for s in h.faults if s.fault is Fault.SHOULDER_LIFTED)
    return Done(
        at=kept.entry.started_at,
        step=next((m.id for m in begun if m is not None and m.rung is not None), None),
        before=rated.get(False),
        after=rated.get(True),
        in_posture=_share(sum(h.in_posture_s for h in seen), seen),
        anchored=_share(sum(h.duration_s for h in seen) - lifted_s, seen),
        breath_paused=any((h.breathing.longest_pause_s.value or 0.0) > LONG_PAUSE_S for h in seen),
        depth_deg=max((h.knee_drop_deg.value for h in seen if h.knee_drop_deg.value is not None), default=None),
        ended=next((e.why for e in kept.events if isinstance(e, SessionEnded)), None),
        stopped=next((e.reason for e in reversed(kept.events) if isinstance(e, StopExplained)), None),
        morning=morning.discomfort if morning else None,
        settled=morning.settled if morning else None,
        woke=morning.woke if morning else None,
    )


def _share(part_s: float, holds: Sequence[HoldSummary]) -> float | None:
    whole_s = sum(h.duration_s for h in holds)
    return min(max(part_s / whole_s, 0.0), 1.0) if whole_s > 0 else None


def is_explained(kept: BriefSession) -> bool:
    """Whether the person said why they stopped."""
    return any(isinstance(event, StopExplained) for event in kept.events)


def _says_why(kept: BriefSession) -> bool:
    """Whether the person said why it ended, which says something though nothing was held."""
    why = {e.why for e in kept.events if isinstance(e, SessionEnded)}
    return is_explained(kept) or bool({EndReason.PAIN, EndReason.DISCOMFORT} & why)
