"""A person's first days in a real Chromium: the questions, the plan, a session, the morning after, progress, a change of mind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bench import live
from kneeroll.diary import MorningAfter, Screened, Settled
from kneeroll.events import ComfortRated, EndReason
from kneeroll.journal import Journal
from kneeroll.journal.book import as_kept
from kneeroll.journal.tables import DiaryRow, SessionRow

TIMES_AS_FAST = 12


@contextmanager
def day(home: Path) -> Iterator[Any]:
    """`kneeroll coach` started anew, and its page."""
    port = live.free_port()
    with live.running_server(home, port, screened=False, times_as_fast=TIMES_AS_FAST), live.open_page(port) as page:
        yield page


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "home") as book:
        yield book


def let_a_night_pass(journal: Journal) -> None:
    """All that was done and said was a day earlier."""
    with journal.store.transaction() as transaction:
        for session in transaction.scalars(sa.select(SessionRow)):
            session.started_at = as_kept(_earlier(session.started_at))
        for said in transaction.scalars(sa.select(DiaryRow)):
            said.at, said.record = as_kept(_earlier(said.at)), said.record | {"at": _earlier(said.record["at"]).isoformat()}


def _earlier(at: str) -> datetime:
    return datetime.fromisoformat(at) - timedelta(days=1)


def follow(page: Any, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def tick(page: Any, name: str, value: object) -> None:
    page.locator(f"label:has(input[name={name}][value='{value}'])").click()


def test_from_the_first_visit_to_the_second_day(journal: Journal) -> None:
    with day(journal.folder) as page:
        assert page.inner_text("h1") == "Before you begin"
        page.focus("input[value=thin_bones]")
        page.keyboard.press("Space")
        page.focus("main button.main")
        page.keyboard.press("Enter")
        page.wait_for_selector("a.main")
        assert "Keep the cushion on both sides." in page.inner_text("main")
        (screened,) = journal.diary()
        assert isinstance(screened, Screened)
        assert screened.yes == ("thin_bones",)

        follow(page, "My plan")
        assert "Let your knees sink to 30° at most." in page.inner_text("main")
        assert page.inner_text(".ladder [aria-current] span") == "Cushion on both sides, 10 seconds"

        follow(page, "Today")
        assert "Today: Cushion on both sides, 10 seconds" in page.inner_text("#today")
        page.select_option("#camera", "none")
        page.select_option("#ready", "0")
        tick(page, "before-discomfort", 2)
        page.click("#start")
        live.wait_until(page, "!document.getElementById('after').hidden", 60)
        phases = [phase for _, phase, _ in page.evaluate("kneerollLog.phases")]
        assert phases.count("hold") == 4
        assert phases[-1] == "finished"
        tick(page, "after-discomfort", 1)
        page.get_by_role("button", name="Keep my answer").click()
        live.wait_until(page, "document.getElementById('kept').textContent !== ''", 10)
        follow(page, "See this session")
        page.wait_for_selector("main table")
        assert page.locator("tbody th").all_inner_texts() == ["left", "right", "left", "right"]
        assert "not measurable" not in page.inner_text("main").lower()
    (entry,) = journal.sessions()
    assert (entry.kind, entry.hold_count, entry.end_reason) == ("no_camera", 4, EndReason.DONE)
    rated = [e for e in journal.session(entry.id).events if isinstance(e, ComfortRated)]
    assert [(e.after, e.discomfort) for e in rated] == [(False, 2), (True, 1)]

    let_a_night_pass(journal)
    with day(journal.folder) as page:
        follow(page, "How was the morning after")
        tick(page, "discomfort", 1)
        tick(page, "settled", "at_once")
        page.get_by_role("button", name="Keep my answer").click()
        page.wait_for_selector("#today")
        today = page.inner_text("#today")
        assert "1 day done of 1 planned" in today
        assert "The next step comes after three comfortable days, spread over four or more." in today
        assert "How was the morning after" not in today
        assert "The morning after: change my answer" in today
        said = journal.diary()[-1]
        assert isinstance(said, MorningAfter)
        assert (said.session_id, said.discomfort, said.settled) == (entry.id, 1, Settled.AT_ONCE)

        follow(page, "My progress")
        assert "1 day done of 1 planned" in page.inner_text("main")
        assert page.locator("figure svg").count() >= 2

        follow(page, "My sessions")
        page.get_by_role("button", name="Delete the session").click()
        page.wait_for_selector("#deleted")
        assert (journal.sessions(), said in journal.diary()) == ([], False)
        page.get_by_role("button", name="Bring back the session").click()
        page.wait_for_selector("main > .sessions li")
        assert [one.id for one in journal.sessions()] == [entry.id]
        assert said in journal.diary()
