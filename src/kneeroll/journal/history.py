"""All that a person did, in brief: what weeks are made of, read fast enough for a page after ten years of mornings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kneeroll.events import ComfortRated, Event, MovementStarted, SessionEnded, StopExplained, from_record
from kneeroll.journal.book import Journal, SessionEntry, SessionRecord, as_kept
from kneeroll.journal.tables import EventRow, HoldRow, SessionRow
from kneeroll.poses import View
from kneeroll.summaries import HoldSummary, hold_from_record

OWN_KINDS = ("live", "no_camera")
"""The kinds of session that a person did: not a clip, not the sample."""
KEPT_EVENTS = (ComfortRated.kind, MovementStarted.kind, SessionEnded.kind, StopExplained.kind)
STILL_CHANGES = timedelta(days=1)
"""So long after a session something may still be added to it."""


class History:
    """The sessions of one journal, oldest first; what no longer changes is read once.

    Records have no states, and of the events only those of `KEPT_EVENTS`.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._kept: dict[str, SessionRecord] = {}

    def entries(self) -> list[SessionEntry]:
        """A line for each of `sessions`."""
        return [entry for entry in self.journal.sessions()[::-1] if entry.kind in OWN_KINDS]

    def sessions(self, now: datetime) -> tuple[SessionRecord, ...]:
        """Every session that the person did and did not delete; a cut off one with the holds that were written."""
        entries = self.entries()
        unread = [entry for entry in entries if entry.id not in self._kept]
        read = self._read([entry for entry in unread if entry.end_reason is not None])
        read |= {e.id: _in_brief(self.journal.session(e.id)) for e in unread if e.end_reason is None}
        found = tuple(self._kept.get(entry.id) or read[entry.id] for entry in entries)
        self._kept |= {id: record for id, record in read.items() if now - record.entry.started_at > STILL_CHANGES}
        return found

    def _read(self, entries: list[SessionEntry]) -> dict[str, SessionRecord]:
        """The finished sessions that are asked for, by id; the columns come in a few queries, however many they are."""
        if not entries:
            return {}
        since = SessionRow.started_at >= as_kept(entries[0].started_at)
        ids = sa.select(SessionRow.id).where(since)
        events, holds = defaultdict[str, list[Event]](list), defaultdict[str, list[HoldSummary]](list)
        with self.journal.store.transaction() as transaction:
            rows: dict[str, Any] = {row.id: row for row in transaction.execute(_SESSIONS.where(since))}
            for id, record in transaction.execute(_of(EventRow, ids).where(EventRow.kind.in_(KEPT_EVENTS))):
                events[id].append(from_record(record))
            for id, record in transaction.execute(_of(HoldRow, ids)):
                holds[id].append(hold_from_record(record))
        return {entry.id: _record(entry, rows[entry.id], events[entry.id], holds[entry.id]) for entry in entries}


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


def _of(table: Any, ids: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(table.session_id, table.record).where(table.session_id.in_(ids)).order_by(table.session_id, table.seq)
