"""Kills one writer after the other at random moments and looks each time at what it left: `python -m tests.journal.killed`.

A process of its own, because it forks: the writers begin with everything imported, so that a hundred of them take seconds.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import alembic.command
import alembic.config
import alembic.script  # noqa: F401  loaded here and not in every writer

from kneeroll.diary import TrialEnded
from kneeroll.events import EndReason, HoldSecond
from kneeroll.journal import Journal
from kneeroll.poses import BodyState, Quality
from kneeroll.summaries import SessionSummary

NOW = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
SUMMARY = SessionSummary((), None, (), EndReason.DONE, "e", "n")
RECORDS = 4
LIVES_S = 0.12


def write(folder: Path, told: int) -> None:
    """Session after session of four seconds; what is kept is told, when it is."""

    def tell(*words: object) -> None:
        os.write(told, (" ".join(map(str, words)) + "\n").encode())

    with Journal.open(folder) as journal:
        while True:
            writer = journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=NOW)
            tell(writer.session_id, 0)
            for i in range(1, RECORDS + 1):
                writer.record([HoldSecond(float(i), i, 20)], [BodyState.unseen(float(i), Quality.NO_PERSON)])
                tell(writer.session_id, i)
            writer.finish(SUMMARY)
            tell(writer.session_id, "finished")
            journal.write(TrialEnded(NOW, writer.session_id))
            tell(writer.session_id, "written")


def kill_one(folder: Path, lives_s: float) -> list[list[str]]:
    """What the writer told before it was killed."""
    reading, telling = os.pipe()
    pid = os.fork()
    if pid == 0:
        write(folder, telling)
    os.close(telling)
    time.sleep(lives_s)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(reading) as pipe:
        return [line.split() for line in pipe]


def look(folder: Path, told: list[list[str]]) -> None:
    """Everything that was told is there, in order and whole; nothing else is amiss."""
    with Journal.open(folder) as journal:
        kept = {entry.id: entry for entry in journal.sessions()}
        said = {entry.factor for entry in journal.diary() if isinstance(entry, TrialEnded)}
        for session_id, what in told:
            assert session_id in kept, "a session is lost"
            if what == "written":
                assert session_id in said, "an entry of the diary is lost"
            elif what == "finished":
                assert kept[session_id].end_reason is EndReason.DONE, "an end is lost"
            else:
                record = journal.session(session_id)
                assert [e.t_s for e in record.events] == list(range(1, len(record.events) + 1)), "events in disorder"
                assert len(record.states) == len(record.events) >= int(what), "an event is lost"
        ended = {session_id for session_id, what in told if what == "finished"}
        for session_id in {session_id for session_id, _ in told} - ended:
            whole = len(journal.session(session_id).events) == RECORDS
            assert kept[session_id].end_reason is None or whole, "a session that was cut off passes as finished"
    with closing(sqlite3.connect(folder / "journal.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def main(folder: Path, kills: int) -> Counter[str]:
    """How many writers were killed at what."""
    rng, met = random.Random(7), Counter[str]()
    for kill in range(kills):
        home = folder / str(kill // 10)  # now and then a new journal, so that the first opening is cut off as well
        told = kill_one(home, rng.uniform(0, LIVES_S))
        look(home, told)
        met["opening" if not told else "end" if told[-1][1] in ("finished", "written") else "session"] += 1
    return met


if __name__ == "__main__":
    print(*(f"{what}={n}" for what, n in sorted(main(Path(sys.argv[1]), int(sys.argv[2])).items())))
