"""A journal in an empty folder, and the pieces of a session to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kneeroll.journal import Journal, SessionWriter

Begin = Callable[..., SessionWriter]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    with Journal.open(folder) as opened:
        yield opened


@pytest.fixture
def begin(journal: Journal) -> Begin:
    """Begin a session in `journal`; what is not said is filled in."""

    def _begin(book: Journal = journal, **said: object) -> SessionWriter:
        facts = {
            "kind": "live",
            "engine": "kneeroll 0.1.0",
            "estimator": "network 1",
            "plan": {"name": "Knee rolls", "hold_s": 20.0},
            "started_at": datetime(2024, 5, 1, 9, 30, tzinfo=UTC),
        }
        return book.begin(**(facts | said))

    return _begin
