"""Write a session as it happens. What was written survives `kill -9`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as Transaction

from kneeroll.events import EndReason, Event, HoldEnded, SessionEnded, to_record
from kneeroll.journal.store import Store
from kneeroll.journal.tables import EventRow, HoldRow, SessionRow, TraceRow
from kneeroll.journal.traces import join, pack
from kneeroll.poses import BodyState
from kneeroll.summaries import SessionSummary

COMMIT_EVERY_S = 1.0


class SessionWriter:
    """Writes one session as it happens: at least once a second, and at once when a hold or the session ends."""

    def __init__(self, store: Store, session_id: str) -> None:
        self.session_id = session_id
        self._store = store
        self._events: list[Event] = []
        self._states: list[BodyState] = []
        self._event_seq = self._trace_seq = 0
        self._written_s = 0.0

    def record(self, events: Sequence[Event], states: Sequence[BodyState]) -> None:
        """Add what happened. JournalUnavailable when the disk is full; what was kept before stays."""
        self._events.extend(events)
        self._states.extend(states)
        t_s = max([e.t_s for e in self._events[-1:]] + [s.t_s for s in self._states[-1:]], default=0.0)
        if t_s - self._written_s >= COMMIT_EVERY_S or any(isinstance(e, HoldEnded | SessionEnded) for e in events):
            self._write(t_s)

    def flush(self) -> None:
        """Write what has not been written yet; the session stays unfinished."""
        self._write(self._now_s)

    def finish(self, summary: SessionSummary) -> None:
        """Write the rest and the summary; the session is finished."""
        self._write(self._now_s, summary)

    def measured_anew(self, states: Sequence[BodyState], summary: SessionSummary) -> None:
        """What was measured of the whole takes the place of what was measured live; what happened stays as it was written."""
        with self._store.transaction() as transaction:
            for table in (TraceRow, HoldRow):
                transaction.execute(sa.delete(table).where(table.session_id == self.session_id))
            if transaction.get(SessionRow, self.session_id) is None:  # erased meanwhile
                return
            transaction.add(TraceRow(session_id=self.session_id, seq=0, rows=len(states), packed=pack(states)))
            self._add_holds(transaction, summary)

    @property
    def _now_s(self) -> float:
        return max(self._states[-1].t_s if self._states else 0.0, self._written_s)

    def _write(self, t_s: float, summary: SessionSummary | None = None) -> None:
        with self._store.transaction() as transaction:
            for i, event in enumerate(self._events):
                transaction.add(
                    EventRow(
                        session_id=self.session_id,
                        seq=self._event_seq + i,
                        t_s=event.t_s,
                        kind=event.kind,
                        record=to_record(event),
                    )
                )
            if self._states:
                transaction.add(
                    TraceRow(session_id=self.session_id, seq=self._trace_seq, rows=len(self._states), packed=pack(self._states))
                )
            changes: dict[str, Any] = {"duration_s": t_s}
            if summary is not None:
                self._add_holds(transaction, summary)
                changes |= {
                    "view": summary.view.value if summary.view else None,
                    "reasons": list(summary.reasons),
                    "end_reason": (summary.ended or EndReason.STOPPED).value,
                }
                self._join_trace(transaction)
            transaction.execute(sa.update(SessionRow).where(SessionRow.id == self.session_id).values(**changes))
        self._event_seq += len(self._events)
        self._trace_seq += 1
        self._events, self._states, self._written_s = [], [], t_s

    def _add_holds(self, transaction: Transaction, summary: SessionSummary) -> None:
        for i, hold in enumerate(summary.holds):
            transaction.add(
                HoldRow(
                    session_id=self.session_id,
                    seq=i,
                    side=hold.toward,
                    start_s=hold.start_s,
                    end_s=hold.end_s,
                    record=hold.record(),
                )
            )

    def _join_trace(self, transaction: Transaction) -> None:
        """The seconds of a finished session become one row: a tenth less room, read many times faster."""
        transaction.flush()
        pieces = packed_trace(transaction, self.session_id)
        if len(pieces) > 1:
            packed, rows = join(pieces)
            transaction.execute(sa.delete(TraceRow).where(TraceRow.session_id == self.session_id))
            transaction.execute(sa.insert(TraceRow).values(session_id=self.session_id, seq=0, rows=rows, packed=packed))


def packed_trace(transaction: Transaction, session_id: str) -> list[tuple[bytes, int]]:
    """The pieces of a session's trace in order, each with its number of rows."""
    query = sa.select(TraceRow.packed, TraceRow.rows).where(TraceRow.session_id == session_id).order_by(TraceRow.seq)
    return [(packed, rows) for packed, rows in transaction.execute(query)]
