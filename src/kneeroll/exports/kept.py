"""A session as it is handed to an export, by its shape: the journal's record has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from kneeroll.events import EndReason, Event
from kneeroll.poses import View
from kneeroll.summaries import HoldSummary


class Line(Protocol):
    """What the journal's list says of a session. end_reason: None for one that was cut off."""

    @property
    def id(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def duration_s(self) -> float: ...
    @property
    def end_reason(self) -> EndReason | None: ...


class KeptSession(Protocol):
    """A session as the journal keeps it."""

    @property
    def entry(self) -> Line: ...
    @property
    def engine(self) -> str: ...
    @property
    def estimator(self) -> str: ...
    @property
    def plan(self) -> Mapping[str, Any]: ...
    @property
    def view(self) -> View | None: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...
    @property
    def events(self) -> Sequence[Event]: ...
    @property
    def holds(self) -> tuple[HoldSummary, ...]: ...


def moment(kept: KeptSession, t_s: float) -> datetime:
    """When something happened that is told in seconds of the session."""
    return kept.entry.started_at + timedelta(seconds=t_s)
