"""Open the journal, begin a session, read sessions and the diary back, delete and bring back."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session as Transaction

from kneeroll.analysis import summarise
from kneeroll.diary import Entry, PseudonymDrawn
from kneeroll.diary import from_record as entry_from_record
from kneeroll.diary import to_record as entry_to_record
from kneeroll.errors import InvalidProfile, JournalUnavailable
from kneeroll.events import EndReason, Event, HoldEnded, from_record
from kneeroll.journal.profiles import data_folder, home_of
from kneeroll.journal.sqlite import NAME, SqliteStore
from kneeroll.journal.store import Store
from kneeroll.journal.tables import DiaryRow, EventRow, HoldRow, SessionRow
from kneeroll.journal.traces import COLUMNS, unpack, unpack_table
from kneeroll.journal.writer import SessionWriter, packed_trace
from kneeroll.languages import Translate
from kneeroll.poses import BodyState, Floats, Side, Surface, View
from kneeroll.summaries import HoldSummary, Usual, hold_from_record

USUAL_OF, USUAL_FROM = 8, 3
"""The usual depth of a side is the median of so many holds, when there are at least so many."""
LOOKED_THROUGH = 64
"""So many holds, of both sides and also unmeasured ones, are looked through for them."""


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A line of the list. `end_reason` None means: cut off, unfinished."""

    id: str
    started_at: datetime
    kind: str
    clip: str | None
    duration_s: float
    hold_count: int
    end_reason: EndReason | None

    @property
    def label(self) -> str:
        """What was measured, so that nobody takes the sample for a person of theirs."""
        return self.told(str)

    def told(self, _: Translate) -> str:
        """The label in words of a language."""
        known = {"live": _("live"), "sample": _("sample person"), "no_camera": _("without a camera")}
        return known.get(self.kind) or _("clip {name}").format(name=self.clip)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One session with all that was kept. The `holds` of an unfinished one are summarised from its events and states."""

    entry: SessionEntry
    engine: str
    estimator: str
    plan: dict[str, Any]
    view: View | None
    reasons: tuple[str, ...]
    events: tuple[Event, ...]
    holds: tuple[HoldSummary, ...]
    states: tuple[BodyState, ...]


def store_of(folder: Path) -> Store:
    """Where the journal of a folder is: in a file there, or where `KNEEROLL_JOURNAL` says. Its tables may be old."""
    url = os.environ.get("KNEEROLL_JOURNAL")
    if not url:
        return SqliteStore.at(folder / NAME)
    if home_of(folder) != folder:
        raise InvalidProfile("KNEEROLL_JOURNAL is the journal of one person; give each their own, and no --profile")
    from kneeroll.journal.postgresql import PostgresqlStore

    return PostgresqlStore.at(url, folder)


class Journal:
    """The journal in a folder. Use `Journal.open`, as a context manager."""

    def __init__(self, store: Store) -> None:
        """`store` is closed when its tables cannot be brought up to date."""
        try:
            store.migrate()
        except BaseException:
            store.close()
            raise
        self.store = store

    @classmethod
    def open(cls, folder: Path | None = None) -> Journal:
        """The journal of a folder, its tables up to date. JournalUnavailable says what is in the way."""
        return cls(store_of(data_folder() if folder is None else folder))

    def turn_to(self, folder: Path) -> None:
        """From now on be the journal of another folder; the present one is closed once the other is open."""
        other, self.store = self.store, Journal.open(folder).store
        other.close()

    @property
    def folder(self) -> Path:
        """Where the journal lies, and the person's own movements."""
        return self.store.folder

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.store.close()

    def check_writable(self) -> None:
        """Try a real write of a megabyte and take it back. JournalUnavailable when it fails."""
        filler = SessionRow(
            id="probe", started_at="", kind="probe", clip="x" * 1_000_000, engine="", estimator="", plan={}, view=None,
            reasons=[], duration_s=0.0, end_reason=None, deleted_at=None,
        )  # fmt: skip
        with self.store.plainly(), Transaction(self.store.engine) as transaction:
            self.store.write_through(transaction)
            transaction.add(filler)
            transaction.flush()
            transaction.rollback()

    def begin(
        self, *, kind: str, engine: str, estimator: str, plan: dict[str, Any], started_at: datetime, clip: str | None = None
    ) -> SessionWriter:
        """A new session; it is unfinished until `finish`."""
        row = SessionRow(
            id=uuid.uuid4().hex, started_at=as_kept(started_at), kind=kind, clip=clip, engine=engine,
            estimator=estimator, plan=plan, view=None, reasons=[], duration_s=0.0, end_reason=None, deleted_at=None,
        )  # fmt: skip
        session_id = row.id
        with self.store.transaction() as transaction:
            transaction.add(row)
        return SessionWriter(self.store, session_id)

    def sessions(self, first: int = 0, most: int | None = None) -> list[SessionEntry]:
        """All sessions, newest first; not the deleted ones. Or `most` of them, from the `first` on."""
        return self._listed(SessionRow.deleted_at.is_(None), first, most)

    def sessions_of(self, ids: Sequence[str]) -> list[SessionEntry]:
        """Those that are there of some sessions, deleted ones too, newest first."""
        return self._listed(SessionRow.id.in_(ids))

    def deleted(self, before: datetime | None = None) -> list[SessionEntry]:
        """The deleted sessions that can still be brought back, newest first; with `before` those deleted before it."""
        return self._listed(SessionRow.deleted_at.is_not(None) if before is None else SessionRow.deleted_at < as_kept(before))

    def _listed(self, which: sa.ColumnElement[bool], first: int = 0, most: int | None = None) -> list[SessionEntry]:
        ended = sa.select(sa.func.count()).where(EventRow.session_id == SessionRow.id, EventRow.kind == HoldEnded.kind)
        held = sa.select(sa.func.count()).where(HoldRow.session_id == SessionRow.id)
        count = sa.case((SessionRow.end_reason.is_(None), ended.scalar_subquery()), else_=held.scalar_subquery())
        query = sa.select(*_ENTRY, count).where(which).order_by(SessionRow.started_at.desc()).offset(first).limit(most)
        with self.store.transaction() as transaction:
            return [_entry(*row) for row in transaction.execute(query)]

    def find(self, beginning: str, *, deleted: bool = False) -> str:
        """The id that begins like this, of a deleted session if so wished. JournalUnavailable when none or several do."""
        found = [e.id for e in (self.deleted() if deleted else self.sessions()) if e.id.startswith(beginning)]
        if len(found) != 1:
            what = "deleted sessions" if deleted else "sessions"
            raise JournalUnavailable(
                f"{len(found) or 'No'} {what} have an id that begins with {beginning!r}; see: kneeroll journal"
            )
        return found[0]

    def session(self, session_id: str, *, even_deleted: bool = False) -> SessionRecord:
        """Everything about one session. KeyError when there is none, or when it is deleted."""
        with self.store.transaction() as transaction:
            row = transaction.get(SessionRow, session_id)
            if row is None or (row.deleted_at is not None and not even_deleted):
                raise KeyError(session_id)
            events = [from_record(r.record) for r in _of(transaction, EventRow, session_id)]
            holds = tuple(hold_from_record(r.record) for r in _of(transaction, HoldRow, session_id))
            states = [state for piece in packed_trace(transaction, session_id) for state in unpack(*piece)]
            view = View(row.view) if row.view else None
            if row.end_reason is None:
                holds = summarise(events, states, view=view, blockers=(), engine=row.engine, estimator=row.estimator).holds
            entry = _entry(row.id, row.started_at, row.kind, row.clip, row.duration_s, row.end_reason, len(holds))
            return SessionRecord(
                entry, row.engine, row.estimator, row.plan, view,
                tuple(row.reasons), tuple(events), holds, tuple(states),
            )  # fmt: skip

    def trace(self, session_id: str) -> dict[str, Floats]:
        """The angle trace of one session alone, columns by name: what a small picture of it needs."""
        with self.store.transaction() as transaction:
            pieces = [unpack_table(*piece) for piece in packed_trace(transaction, session_id)]
        table = np.concatenate(pieces) if pieces else np.empty((0, len(COLUMNS)))
        return dict(zip(COLUMNS, table.T, strict=True))

    def usual(self) -> Usual:
        """What the last sessions before a camera have in common: depths are medians, where there are enough holds."""
        query = (
            sa.select(HoldRow.side, HoldRow.record)
            .join(SessionRow)
            .where(SessionRow.kind == "live", SessionRow.deleted_at.is_(None), HoldRow.side.in_([side.value for side in Side]))
            .order_by(SessionRow.started_at.desc(), HoldRow.seq.desc())
            .limit(LOOKED_THROUGH)
        )
        with self.store.transaction() as transaction:
            newest = sa.select(SessionRow.view, SessionRow.plan).where(SessionRow.deleted_at.is_(None))
            newest = newest.order_by(SessionRow.started_at.desc())
            watched = transaction.execute(newest.where(SessionRow.kind == "live", SessionRow.view.is_not(None))).first()
            heights = newest.where(SessionRow.kind.in_(("live", "no_camera")), SessionRow.plan["cushion_cm"].as_float() > 0)
            cushioned = transaction.execute(heights).first()
            found = [(Side(side), hold_from_record(record).knee_drop_deg.value) for side, record in transaction.execute(query)]
        drops = {side: [value for s, value in found if s is side and value is not None][:USUAL_OF] for side in Side}
        usual_deg = {side: float(median(values)) for side, values in drops.items() if len(values) >= USUAL_FROM}
        return Usual(
            usual_deg,
            View(watched.view) if watched else None,
            Surface(watched.plan["surface"]) if watched and "surface" in watched.plan else None,
            cushioned.plan["cushion_cm"] if cushioned else None,
        )

    def write(self, entry: Entry) -> None:
        """Add something said between sessions; it is kept when this returns."""
        row = DiaryRow(at=as_kept(entry.at), kind=entry.kind, record=entry_to_record(entry))
        with self.store.transaction() as transaction:
            transaction.add(row)

    def write_first(self, entry: Entry) -> bool:
        """Add it, unless one of its kind was added before on its day; True if it was. Of two at once, one is."""
        midnight = entry.at.replace(hour=0, minute=0, second=0, microsecond=0)
        said = sa.exists().where(DiaryRow.kind == entry.kind, DiaryRow.at >= as_kept(midnight))
        row = {"at": as_kept(entry.at), "kind": entry.kind, "record": entry_to_record(entry)}
        values = sa.select(*(sa.literal(value, DiaryRow.__table__.c[name].type) for name, value in row.items())).where(~said)
        with self.store.transaction() as transaction:
            self.store.lock(transaction.connection(execution_options=self.store.locks_with))
            return transaction.scalar(sa.insert(DiaryRow).from_select([*row], values).returning(DiaryRow.seq)) is not None

    def diary(self) -> tuple[Entry, ...]:
        """All that was said between sessions, by its moment; of the same moment as it was written. Not of deleted sessions."""
        hidden = sa.select(SessionRow.id).where(SessionRow.deleted_at.is_not(None))
        of = DiaryRow.record["session_id"].as_string()
        query = sa.select(DiaryRow.record).where(of.is_(None) | of.not_in(hidden)).order_by(DiaryRow.at, DiaryRow.seq)
        with self.store.transaction() as transaction:
            return tuple(map(entry_from_record, transaction.scalars(query)))

    def pseudonym(self, now: datetime) -> str:
        """What stands for this person wherever something is handed on: drawn the first time, theirs until all is erased."""
        drawn = next((entry for entry in self.diary() if isinstance(entry, PseudonymDrawn)), None)
        if drawn is not None:
            return drawn.pseudonym
        self.write(PseudonymDrawn(now, uuid.uuid4().hex))
        return self.pseudonym(now)

    def delete(self, session_id: str, at: datetime) -> None:
        """Hide one session at once; until it is erased it can be brought back."""
        self._mark(session_id, as_kept(at))

    def undelete(self, session_id: str) -> None:
        """Bring a deleted session back."""
        self._mark(session_id, None)

    def _mark(self, session_id: str, deleted_at: str | None) -> None:
        with self.store.transaction() as transaction:
            transaction.execute(sa.update(SessionRow).where(SessionRow.id == session_id).values(deleted_at=deleted_at))


def as_kept(moment: datetime) -> str:
    """Always of the same length, so that text is ordered as time is."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _of(transaction: Transaction, table: Any, session_id: str) -> Sequence[Any]:
    return transaction.scalars(sa.select(table).where(table.session_id == session_id).order_by(table.seq)).all()


_ENTRY = (
    SessionRow.id, SessionRow.started_at, SessionRow.kind, SessionRow.clip, SessionRow.duration_s, SessionRow.end_reason,
)  # fmt: skip


def _entry(
    id: str, started_at: str, kind: str, clip: str | None, duration_s: float, end_reason: str | None, holds: int
) -> SessionEntry:
    ended = EndReason(end_reason) if end_reason else None
    return SessionEntry(id, datetime.fromisoformat(started_at), kind, clip, duration_s, holds, ended)
