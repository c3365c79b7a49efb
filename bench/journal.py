"""The journal after ten years: how large, how fast to read, what its pages take, to copy while a session runs, and to export.

`python -m bench.journal` makes it in a temporary folder (1.5 GB, and the exports 6 GB); `--sessions 100` makes a small one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import sqlalchemy as sa
from fastapi.testclient import TestClient
from rich.progress import track

from kneeroll.analysis import summarise
from kneeroll.care.screening import version
from kneeroll.cli.plan import print_plan
from kneeroll.diary import ActivitiesNamed, Entry, Filled, Instrument, MorningAfter, Reminded, Screened, Settled, to_record
from kneeroll.events import (
    ComfortRated,
    CueGiven,
    EndReason,
    Event,
    HoldEnded,
    HoldSecond,
    HoldStarted,
    MovementStarted,
    SessionEnded,
    SessionStarted,
)
from kneeroll.journal import Journal, SessionWriter
from kneeroll.journal.book import as_kept
from kneeroll.journal.export import Format, export
from kneeroll.journal.store import Store
from kneeroll.journal.tables import DiaryRow, EventRow, HoldRow, SessionRow, TraceRow
from kneeroll.journal.upkeep import backup, check
from kneeroll.languages import Language
from kneeroll.outcomes import questionnaires
from kneeroll.poses import BodyState, Quality, Side, View
from kneeroll.web.app import create_app
from kneeroll.web.pages import SESSIONS_A_PAGE, session_lines, session_page

SESSIONS = 7300
"""Ten years, twice a day."""
LENGTH_S, FPS = 180, 30
"""The default plan: four holds of twenty seconds, and the ways."""
HOLD_S, BEGINS_S = 20, (20, 60, 100, 140)
PORT = 8765
TIMES = 5
"""What is quick is timed so often; the median counts."""
APART = timedelta(hours=12)
ACTIVITIES = ("putting on socks", "a walk of half an hour", "an hour at the desk")


def trace() -> list[BodyState]:
    """Three minutes of angles with white noise, which no compression can take away: the worst that can be kept."""
    rng = np.random.default_rng(1)
    n = LENGTH_S * FPS
    angles = rng.normal([50, 30, 4, 0.01, 3, 0.002], [0.5, 0.5, 0.3, 0.002, 0.4, 0.001], (n, 6)).tolist()
    errors = rng.normal([5, 7, 6, 9, 9, 0.02], 0.01, (n, 6)).tolist()
    return [
        BodyState(i / FPS, drop, pelvis, thorax, lift, apart, feet, tuple(error), Quality.GOOD)
        for i, ((drop, pelvis, thorax, lift, apart, feet), error) in enumerate(zip(angles, errors, strict=True))
    ]


def happenings() -> list[Event]:
    """What the coach says and counts in these minutes."""
    found: list[Event] = [SessionStarted(0.0), ComfortRated(0.0, False, 3, 3), MovementStarted(1.0, "cushion_20s", "", ())]
    for i, begin_s in enumerate(BEGINS_S):
        side = (Side.LEFT, Side.RIGHT)[i % 2]
        found += [CueGiven(begin_s - 8 + 2.0 * k, "lower", "Let both knees sink slowly.", bell=False) for k in range(4)]
        found.append(HoldStarted(begin_s, side, begin_s - 0.5))
        found += [HoldSecond(begin_s + k, k, HOLD_S) for k in range(1, HOLD_S)]
        found.append(HoldEnded(begin_s + HOLD_S, side, begin_s, begin_s + HOLD_S, HOLD_S, EndReason.DONE))
    return [*found, ComfortRated(LENGTH_S, True, 2, 2), SessionEnded(LENGTH_S, EndReason.DONE)]


def write(writer: SessionWriter, states: list[BodyState], events: list[Event]) -> None:
    """One session second by second, as the coach writes it."""
    for second in range(LENGTH_S + 1):
        now = [e for e in events if second <= e.t_s < second + 1]
        writer.record(now, states[second * FPS : (second + 1) * FPS])
    writer.finish(summarise(events, states, view=View.QUARTER_FOOT, blockers=(), engine="kneeroll", estimator="network"))


def begin(journal: Journal, at: datetime) -> SessionWriter:
    return journal.begin(kind="live", engine="kneeroll", estimator="network", plan={"name": "Knee rolls"}, started_at=at)


def multiply(store: Store, first: str, began: datetime, sessions: int) -> None:
    """The first session again and again: the same rows under other ids, with other angles and another discomfort each."""
    again = "SELECT :new, {rest} FROM {table} WHERE session_id = :first"
    with store.engine.begin() as connection:
        for i in track(range(1, sessions), "Ten years of sessions", transient=True):
            ids = {"new": uuid.UUID(int=i).hex, "first": first, "at": as_kept(began + i * APART)}
            columns = [c.name for c in SessionRow.__table__.columns if c.name not in ("id", "started_at")]
            names = ", ".join(columns)
            copied = f"SELECT :new, :at, {names} FROM sessions WHERE id = :first"
            connection.execute(sa.text(f"INSERT INTO sessions (id, started_at, {names}) {copied}"), ids)
            for row in (EventRow, HoldRow, TraceRow):
                names = ", ".join(c.name for c in row.__table__.columns if c.name != "session_id")
                copied = again.format(rest=names, table=row.__tablename__)
                connection.execute(sa.text(f"INSERT INTO {row.__tablename__} (session_id, {names}) {copied}"), ids)
        for angle, least_deg in (("knee_drop", 40), ("trunk_twist", 20)):
            varied = f"json_set(record, '$.{angle}_deg.value', {least_deg} + rowid * 7919 % 1009 / 50.0)"
            connection.exec_driver_sql(f"UPDATE holds SET record = {varied}")
        said = "json_set(record, '$.discomfort', rowid * 7919 % 1009 % 5)"
        connection.exec_driver_sql(f"UPDATE events SET record = {said} WHERE kind = '{ComfortRated.kind}'")


def diary(began: datetime, until: datetime) -> Iterator[Entry]:
    """All that is asked and shown in these years: a reminder and a morning a day, two questionnaires a week, one every month."""
    yield Screened(began, (), version())
    yield ActivitiesNamed(began, ACTIVITIES)
    for day in range(1, (until - began).days):
        at = began + timedelta(days=day)
        yield MorningAfter(at, uuid.UUID(int=2 * day - 1).hex, day % 3, day % 4, Settled.WITHIN_AN_HOUR, woke=False)
        yield Reminded(at)
        if day % 7 == 0:
            yield Filled(at, Instrument.ACTIVITIES, dict.fromkeys(ACTIVITIES, 3 + day % 5))
            yield Filled(at, Instrument.PEG, dict.fromkeys(questionnaires()[Instrument.PEG].items, day % 5))
        if day % 28 == 0:
            yield Filled(at, Instrument.RMDQ24, dict.fromkeys(questionnaires()[Instrument.RMDQ24].items, day % 2))


def taken_s(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def backup_while_writing_s(journal: Journal, target: Path, states: list[BodyState], events: list[Event]) -> tuple[float, int]:
    """Seconds that a backup takes while sessions are written beside it, and how many events are missing in the end."""
    written, stop = [], threading.Event()

    def keep_writing() -> None:
        with Journal.open(journal.folder) as beside:
            while not stop.is_set():
                writer = begin(beside, datetime.now(UTC))
                write(writer, states, events)
                written.append(writer.session_id)

    thread = threading.Thread(target=keep_writing)
    thread.start()
    took_s = taken_s(lambda: backup(journal, target))
    stop.set()
    thread.join()
    missing = sum(len(events) - len(journal.session(session_id).events) for session_id in written)
    for session_id in written:
        journal.delete(session_id, datetime.now(UTC))
    return took_s, missing


def report(sessions: int = SESSIONS) -> str:
    """Print every figure beside its limit; there is nothing for the README."""
    states, events = trace(), happenings()
    now = datetime.now(UTC)
    began = now - sessions * APART
    with tempfile.TemporaryDirectory() as name, Journal.open(Path(name) / "kept") as journal:
        first = begin(journal, began)
        writing_s = taken_s(lambda: write(first, states, events))
        multiply(journal.store, first.session_id, began, sessions)
        with journal.store.transaction() as transaction:
            said = [{"at": as_kept(e.at), "kind": e.kind, "record": to_record(e)} for e in diary(began, now)]
            transaction.execute(sa.insert(DiaryRow), said)
        with journal.store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        newest = journal.sessions()[0].id
        print(f"the journal after {sessions} sessions of {LENGTH_S} s at {FPS} Hz, and {len(said)} entries in the diary")
        size_gb = (journal.folder / "journal.sqlite").stat().st_size / 1e9
        _line("size", size_gb, "GB", "< 2 GB")
        _line("writing a second of a session", writing_s / LENGTH_S * 1000, "ms", "")
        for what, limit, do in (
            ("a page of the list: its query", "< 200 ms", lambda: journal.sessions(0, SESSIONS_A_PAGE)),
            ("a page of the list, with pictures", "", lambda: session_lines(journal, Language.EN)),
            ("all sessions listed", "< 200 ms", journal.sessions),
            ("one session read", "< 200 ms", lambda: journal.session(newest)),
            ("its page, with the picture", "", lambda: session_page(journal.session(newest), Language.EN)),
        ):
            _line(what, 1000 * median(taken_s(do) for _ in range(TIMES)), "ms", limit)
        _time_pages(journal)
        with contextlib.redirect_stdout(io.StringIO()):
            plan_s = median(taken_s(partial(print_plan, journal)) for _ in range(TIMES))
        _line("kneeroll plan", 1000 * plan_s, "ms", "")
        for form in (Format.PARQUET, Format.CSV):
            out = Path(name) / form
            began_s = time.process_time()
            _line(f"export of everything as {form}", taken_s(partial(export, journal, out, form)), "s", "< 60 s")
            _line("  on the processor", time.process_time() - began_s, "s", "")
            _line("  its size", sum(p.stat().st_size for p in out.iterdir()) / 1e9, "GB", "")
        took_s, missing = backup_while_writing_s(journal, Path(name) / "backup.sqlite", states, events)
        _line("backup while a session is written", took_s, "s", "")
        _line("  events lost", missing, "", "0")
        began_s = time.process_time()
        _line("check of every record", taken_s(lambda: check(journal)), "s", "")
        _line("  on the processor", time.process_time() - began_s, "s", "")
    return ""


def _time_pages(journal: Journal) -> None:
    """How long the pages take that look at all sessions: as they are, right after a session, and right after an answer."""
    here = f"http://127.0.0.1:{PORT}"

    def after_a_session() -> None:
        writer = begin(journal, datetime.now(UTC))
        writer.record(happenings(), [])
        writer.finish(
            summarise(happenings(), trace(), view=View.QUARTER_FOOT, blockers=(), engine="kneeroll", estimator="network")
        )

    def after_an_answer() -> None:
        journal.write(Filled(datetime.now(UTC), Instrument.PEG, dict.fromkeys(questionnaires()[Instrument.PEG].items, 2)))

    whens: tuple[tuple[str, Callable[[], object]], ...] = (
        ("", lambda: None), (" after a session", after_a_session), (" after an answer", after_an_answer)
    )  # fmt: skip
    with TestClient(create_app(None, journal, PORT), base_url=here) as client:
        for path in ("/", "/plan", "/progress", "/claims", "/sessions"):
            client.get(path)
            for when, before in whens:
                took_s, worked_s = [], []
                for _ in range(TIMES):
                    before()
                    began_s = time.process_time()
                    took_s.append(taken_s(partial(client.get, path)))
                    worked_s.append(time.process_time() - began_s)
                limit = f"< 200 ms; on the processor {1000 * median(worked_s):.0f}"
                _line(f"the page {path}{when}", 1000 * median(took_s), "ms", limit)


def _line(name: str, value: float, unit: str, limit: str) -> None:
    print(f"  {name:40s} {value:7.1f} {unit:3s} {limit}".rstrip(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.journal", description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="how many")
    report(parser.parse_args().sessions)
