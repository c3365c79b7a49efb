"""The journal's tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables."""


class SessionRow(Base):
    """One session. `end_reason` is null while it runs, and for ever when it was cut off; `deleted_at` while it can be undone."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    clip: Mapped[str | None] = mapped_column(String)
    engine: Mapped[str] = mapped_column(String)
    estimator: Mapped[str] = mapped_column(String)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    view: Mapped[str | None] = mapped_column(String(16))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    duration_s: Mapped[float] = mapped_column(Float)
    end_reason: Mapped[str | None] = mapped_column(String(24))
    deleted_at: Mapped[str | None] = mapped_column(String(40))


class EventRow(Base):
    """One event of a session, in order."""

    __tablename__ = "events"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    t_s: Mapped[float] = mapped_column(Float)
    kind: Mapped[str] = mapped_column(String(32))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class HoldRow(Base):
    """One hold of a finished session, as the JSON contract of `measure` has it."""

    __tablename__ = "holds"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    side: Mapped[str] = mapped_column(String(8))
    start_s: Mapped[float] = mapped_column(Float)
    end_s: Mapped[float] = mapped_column(Float)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class TraceRow(Base):
    """A second or so of angles: zlib of float32 columns, see `traces`."""

    __tablename__ = "traces"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    rows: Mapped[int] = mapped_column(Integer)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class DiaryRow(Base):
    """Something said or decided between sessions; `at` is its moment in UTC, the record keeps the offset it was said at."""

    __tablename__ = "diary"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
