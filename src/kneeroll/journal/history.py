"""All that a person did and said, in brief: what weeks are made of, read fast enough for a page after ten years of mornings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kneeroll.diary import Entry, MorningAfter
from kneeroll.diary import from_record as entry_from_record
from kneeroll.events import ComfortRated, Event, MovementStarted, SessionEnded, StopExplained, from_record
from kneeroll.journal.book import Journal, SessionEntry, SessionRecord
from kneeroll.journal.tables import DiaryRow, EventRow, HoldRow, SessionRow
from kneeroll.poses import View
from kneeroll.summaries import HoldSummary, hold_from_record

OWN_KINDS = ("live", "no_camera")
"""The kinds of session that a person did: not a clip, not the sample."""
KEPT_EVENTS = (ComfortRated.kind, MovementStarted.kind, SessionEnded.kind, StopExplained.kind)
AT_ONCE = 5_000
"""A database takes only so many names in one question."""
STILL_CHANGES = timedelta(days=1)
"""So long after a session something may still be added to it."""


class History:
    """The sessions and the diary of one journal, oldest first; what no longer changes is read once.

    Records have no states, and of the events only those of `KEPT_EVENTS`.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._lines: dict[str, SessionEntry] = {}
        self._kept: dict[str, SessionRecord] = {}
        self._said: dict[tuple[int, str], Entry] = {}

    def entries(self, now: datetime) -> list[SessionEntry]:
        """A line for each of `sessions`."""
        own = SessionRow.deleted_at.is_(None) & SessionRow.kind.in_(OWN_KINDS)
        with self.journal.store.transaction() as transaction:
            ids = transaction.scalars(sa.select(SessionRow.id).where(own).order_by(SessionRow.started_at, SessionRow.id)).all()
        unread = [id for id in ids if id not in self._lines]
        read = {entry.id: entry for some in _pieces(unread) for entry in self.journal.sessions_of(some)}
        found = [self._lines.get(id) or read.get(id) for id in ids]
        self._lines |= {id: entry for id, entry in read.items() if now - entry.started_at > STILL_CHANGES}
        return [entry for entry in found if entry is not None]  # what was erased in between is not

    def sessions(
        self, now: datetime, which: Callable[[list[SessionEntry]], Iterable[SessionEntry]] = iter
    ) -> tuple[SessionRecord, ...]:
        """Every session that the person did and did not delete, or `which` of them; a cut off one with the holds written."""
        entries = [*which(self.entries(now))]
        unread = [entry for entry in entries if entry.id not in self._kept]
        read = self._read([entry for entry in unread if entry.end_reason is not None])
        read |= {e.id: _in_brief(self.journal.session(e.id)) for e in unread if e.end_reason is None}
        found = tuple(self._kept.get(entry.id) or read[entry.id] for entry in entries)
        self._kept |= {id: record for id, record in read.items() if now - record.entry.started_at > STILL_CHANGES}
        return found

    def explained(self) -> set[str]:
        """The ids of the sessions of which the person said why they stopped."""
        with self.journal.store.transaction() as transaction:
            return set(transaction.scalars(sa.select(EventRow.session_id).where(EventRow.kind == StopExplained.kind)))

    def diary(self) -> tuple[Entry, ...]:
        """What `Journal.diary` tells. An entry never changes; where one was erased, another one of another moment may come."""
        with self.journal.store.transaction() as transaction:
            rows = transaction.execute(sa.select(DiaryRow.seq, DiaryRow.at).order_by(DiaryRow.at, DiaryRow.seq))
            places = [(seq, at) for seq, at in rows]
            unread = [seq for seq, at in places if (seq, at) not in self._said]
            read = sa.select(DiaryRow.seq, DiaryRow.at, DiaryRow.record).where(DiaryRow.seq >= min(unread, default=0))
            said = {(seq, at): entry_from_record(record) for seq, at, record in transaction.execute(read)} if unread else {}
            hidden = set(transaction.scalars(sa.select(SessionRow.id).where(SessionRow.deleted_at.is_not(None))))
        self._said = {place: said.get(place) or self._said[place] for place in places}
        return tuple(e for e in self._said.values() if not (isinstance(e, MorningAfter) and e.session_id in hidden))

    def _read(self, entries: list[SessionEntry]) -> dict[str, SessionRecord]:
        """The finished sessions that are asked for, by id; the columns come in a few queries, however many they are."""
        rows: dict[str, Any] = {}
        events, holds = defaultdict[str, list[Event]](list), defaultdict[str, list[HoldSummary]](list)
        with self.journal.store.transaction() as transaction:
            for ids in _pieces([entry.id for entry in entries]):
                rows |= {row.id: row for row in transaction.execute(_SESSIONS.where(SessionRow.id.in_(ids)))}
                for id, record in transaction.execute(_of(EventRow, ids).where(EventRow.kind.in_(KEPT_EVENTS))):
                    events[id].append(from_record(record))
                for id, record in transaction.execute(_of(HoldRow, ids)):
                    holds[id].append(hold_from_record(record))
        return {entry.id: _record(entry, rows[entry.id], events[entry.id], holds[entry.id]) for entry in entries}


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _in_brief(record: SessionRecord) -> SessionRecord:
    return replace(record, states=(), events=tuple(e for e in record.events if e.kind in KEPT_EVENTS))


def _record(entry: SessionEntry, row: Any, events: Iterable[Event], holds: Iterable[HoldSummary]) -> SessionRecord:
    view = View(row.view) if row.view else None
    return SessionRecord(
        entry, row.engine, row.estimator, row.plan, view, tuple(row.reasons), tuple(events), tuple(holds), ()
    )  # fmt: skip


_SESSIONS = sa.select(
    SessionRow.id, SessionRow.engine, SessionRow.estimator, SessionRow.plan, SessionRow.view, SessionRow.reasons
)  # fmt: skip


def _of(table: Any, ids: Sequence[str]) -> sa.Select[Any]:
    return sa.select(table.session_id, table.record).where(table.session_id.in_(ids)).order_by(table.session_id, table.seq)
