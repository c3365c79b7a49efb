"""`kneeroll remind` shows one notification a day at most, and says what is in the way."""

from __future__ import annotations

import os
import platform
import plistlib
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kneeroll.care.screening import version
from kneeroll.cli.remind import remind
from kneeroll.diary import PlanAccepted, Reminded, Screened
from kneeroll.errors import NotNotified
from kneeroll.events import EndReason, SessionEnded
from kneeroll.journal import Journal
from kneeroll.languages import Language
from kneeroll.poses import View
from kneeroll.summaries import SessionSummary
from tests.samples import HOLD

EVENING = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)


@pytest.fixture
def journal(home: Path) -> Iterator[Journal]:
    """Of somebody to whom none of the first questions applies."""
    with Journal.open(home) as book:
        book.write(Screened(EVENING - timedelta(days=1), (), version()))
        yield book


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a desktop was asked to show."""
    lines: list[str] = []
    monkeypatch.setattr("kneeroll.cli.remind.find_notifier", lambda: lines.append)
    return lines


def reminded(journal: Journal) -> int:
    return sum(isinstance(entry, Reminded) for entry in journal.diary())


def train(journal: Journal, at: datetime) -> None:
    begun = journal.begin(kind="no_camera", engine="e", estimator="n", plan={"surface": "floor"}, started_at=at)
    begun.record([SessionEnded(60.0, EndReason.DONE)], [])
    begun.finish(SessionSummary((HOLD,), View.SIDE, (), EndReason.DONE, "e", "n"))


def test_it_reminds_once_a_day_in_the_persons_language(journal: Journal, shown: list[str]) -> None:
    for hours in (0, 1, 24):
        remind(journal, EVENING + timedelta(hours=hours), Language.DE)
    assert len(shown) == reminded(journal) == 2
    assert "Matte" in shown[0]


def test_nobody_is_reminded_of_what_is_done_not_planned_or_not_allowed(journal: Journal, shown: list[str]) -> None:
    train(journal, EVENING - timedelta(hours=3))
    remind(journal, EVENING, Language.EN)
    journal.write(PlanAccepted(EVENING, 'movements = ["cushion_20s"]\ndays = ["mon"]'))
    remind(journal, EVENING + timedelta(days=1), Language.EN)
    journal.write(Screened(EVENING, ("fall",), version()))
    remind(journal, EVENING + timedelta(days=5), Language.EN)
    assert (shown, reminded(journal)) == ([], 0)


def test_who_was_not_asked_yet_is_not_reminded(home: Path, shown: list[str]) -> None:
    with Journal.open(home) as journal:
        remind(journal, EVENING, Language.EN)
    assert shown == []


def test_of_two_at_once_one_reminds(journal: Journal, home: Path, shown: list[str]) -> None:
    def another(_: int) -> None:
        with Journal.open(home) as book:
            remind(book, EVENING, Language.EN)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(another, range(4)))
    assert len(shown) == reminded(journal) == 1


def test_where_nothing_can_be_shown_it_stays_due(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    with pytest.raises(NotNotified):
        remind(journal, EVENING, Language.EN)
    assert reminded(journal) == 0


def test_the_command_says_what_it_did(journal: Journal, kneeroll, shown: list[str]) -> None:
    journal.write(Reminded(datetime.now().astimezone()))
    said = kneeroll("remind")
    assert (said.exit_code, said.stdout, shown) == (0, "No reminder is due now.\n", [])


# ---- started by the system


def pasted(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run what was printed in a shell of which the schedulers only write down what they were given."""
    for name in ("systemctl", "launchctl", "crontab"):
        tool = folder / name
        tool.write_text(f'#!/bin/sh\n[ "$1" = - ] && cat > {folder}/{name}.given || echo "$@" >> {folder}/{name}.asked\n')
        tool.chmod(0o755)
    (folder / "Library" / "LaunchAgents").mkdir(parents=True)
    environment = os.environ | {"HOME": str(folder), "PATH": f"{folder}:/usr/bin:/bin"}
    subprocess.run(["sh", "-ec", text], env=environment, check=True)


@pytest.mark.parametrize("system", ["systemd", "cron", "launchd"])
def test_what_is_printed_can_be_pasted_and_starts_the_right_journals_reminder(
    kneeroll, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setenv("KNEEROLL_HOME", str(tmp_path / "a b"))
    monkeypatch.setattr(platform, "system", lambda: "Darwin" if system == "launchd" else "Linux")
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/systemctl" if system == "systemd" else None)
    pasted(kneeroll("remind", "--schedule").stdout, tmp_path, monkeypatch)
    units = tmp_path / ".config" / "systemd" / "user"
    if system == "systemd":
        assert f"env 'KNEEROLL_HOME={tmp_path}/a b' " in (units / "kneeroll.service").read_text()
        assert (units / "kneeroll.service").read_text().endswith(" -m kneeroll remind\n")
        assert "OnCalendar=07..21:00/30" in (units / "kneeroll.timer").read_text()
        assert "enable --now kneeroll.timer" in (tmp_path / "systemctl.asked").read_text()
    elif system == "cron":
        (line,) = (tmp_path / "crontab.given").read_text().splitlines()[-1:]
        assert line.startswith("*/30 7-21 * * * env 'KNEEROLL_HOME=")
        assert line.endswith(" -m kneeroll remind")
    else:
        job = plistlib.loads((tmp_path / "Library" / "LaunchAgents" / "kneeroll.plist").read_bytes())
        assert f"KNEEROLL_HOME={tmp_path}/a b" in job["ProgramArguments"]
        assert job["ProgramArguments"][-3:] == ["-m", "kneeroll", "remind"]
