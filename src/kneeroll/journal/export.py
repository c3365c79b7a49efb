"""Everything that the journal keeps as open tables (CSV or Parquet) in a new folder, with a dictionary of every column.

The dictionary is a Data Package (https://datapackage.org): `datapackage.json` names the type, unit and meaning of every column.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session as Transaction

from kneeroll.diary import to_record
from kneeroll.errors import NotExported
from kneeroll.journal.book import Journal
from kneeroll.journal.csv_table import CsvTable
from kneeroll.journal.parquet import ParquetTable
from kneeroll.journal.tables import EventRow, HoldRow, SessionRow
from kneeroll.journal.traces import COLUMNS, ERRORS
from kneeroll.poses import MEASURES, Floats, Quality


class Format(StrEnum):
    """How the tables are written."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Column:
    """type: as in Table Schema; unit: empty where there is none; kept_as: what it is in the journal, if not as its type says."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    kept_as: str = ""


_UNITS = {"deg": "degree", "m": "metre", "s": "second"}
_ANGLE = {
    "knee_drop_deg": "turn of the line from mid-hip to mid-knee about the body's long axis",
    "pelvis_roll_deg": "turn of the hip-to-hip line",
    "thorax_roll_deg": "turn of the shoulder line",
    "trunk_twist_deg": "pelvis roll minus thorax roll",
    "hip_swing_deg": "knee drop minus pelvis roll",
    "shoulder_lift_m": "height of the higher shoulder above its start",
    "knees_apart_deg": "angle between the two thighs across the body",
    "feet_moved_m": "how far the feet slid",
}


def _number(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, _UNITS.get(name.removesuffix("_error").rsplit("_", 1)[-1], ""))


def _error(name: str) -> Column:
    return _number(name, f"standard error of {name.removesuffix('_error')}")


_SESSION = Column("session_id", "string", "the session it belongs to")
_SEQ = Column("seq", "integer", "place within the session, from 0")
_RECORD = Column("record", "string", "everything that was kept of it, as JSON")
TABLES: dict[str, tuple[Column, ...]] = {
    "sessions": (
        Column("session_id", "string", "the session's own id"),
        Column("started_at", "datetime", "when it began, in UTC"),
        Column("kind", "string", "live: before a camera; no_camera: by the clock; clip: a recording; sample: the sample person"),
        Column("clip", "string", "the name of the recording"),
        Column("engine", "string", "what measured it"),
        Column("estimator", "string", "the network that found the landmarks"),
        Column("plan", "string", "what was to be done, as JSON"),
        Column("view", "string", "where the camera stood"),
        Column("reasons", "string", "why nothing could be measured, joined by +"),
        _number("duration_s", "how long it lasted"),
        Column("end_reason", "string", "why it ended; empty: it was cut off"),
    ),
    "holds": (
        _SESSION,
        _SEQ,
        Column("side", "string", "where the knees were: left, right or both"),
        _number("start_s", "when the knees came to rest, from the start of the session"),
        _number("end_s", "when they left"),
        _number("in_posture_s", "the part of it in posture"),
        *(c for m in MEASURES for c in (_number(m, f"{_ANGLE[m]}, magnitude, median of the hold"), _error(f"{m}_error"))),
        Column("faults", "string", "what was not as it should be, joined by +"),
        _RECORD,
    ),
    "events": (
        _SESSION,
        _SEQ,
        _number("t_s", "when it happened, from the start of the session"),
        Column("kind", "string", "what happened"),
        _RECORD,
    ),
    "traces": (
        _SESSION,
        *(
            replace(column, kept_as="float32")
            for column in (
                _number("t_s", "time from the start of the session"),
                *(_number(name, f"{_ANGLE[name]}, + toward the left") for name in COLUMNS[1:7]),
                *(_error(name) for name in ERRORS),
            )
        ),
        Column("quality", "string", "good, or what was in the way, joined by +"),
    ),
    "diary": (
        Column("at", "datetime", "when it was said, with the offset from UTC"),
        Column("kind", "string", "what was said or decided between sessions"),
        _RECORD,
    ),
}


def export(
    journal: Journal, folder: Path, form: Format = Format.CSV, on_session: Callable[[int, int], None] = lambda done, of: None
) -> None:
    """Write everything but deleted sessions into the new `folder`, all of it or nothing; the owner alone may read it.

    NotExported says what is in the way. on_session is told after each session how many of how many are done.
    """
    if folder.exists():
        raise NotExported(f"There is {folder} already; give the name of a new folder")
    table: type[_Table] = CsvTable if form is Format.CSV else ParquetTable
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.", ignore_cleanup_errors=True) as name:
            made = Path(name) / folder.name
            made.mkdir(mode=0o700)
            with ExitStack() as stack:
                out = {
                    t: stack.enter_context(table(made / f"{t}.{form}", {c.name: c.kept_as or c.type for c in TABLES[t]}))
                    for t in TABLES
                }
                _write(journal, out, on_session)
            (made / "datapackage.json").write_text(json.dumps(_package(form), indent=2) + "\n", "utf-8")
            made.rename(folder)
    except OSError as error:
        raise NotExported(f"{folder} cannot be written: {error.strerror or error}. Nothing was left behind") from error


class _Table(Protocol):
    """One file, columns by name with their type. `add` takes rows, `add_trace` the numbers of one session and their quality."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def add(self, rows: Iterable[Sequence[object]]) -> None: ...
    def add_trace(self, session_id: str, numbers: Floats, quality: NDArray[np.str_]) -> None: ...


def _write(journal: Journal, out: dict[str, _Table], on_session: Callable[[int, int], None]) -> None:
    out["diary"].add((e.at.isoformat(), e.kind, _json(to_record(e))) for e in journal.diary())
    with journal.store.transaction() as transaction:
        query = sa.select(SessionRow).where(SessionRow.deleted_at.is_(None)).order_by(SessionRow.started_at)
        sessions = transaction.scalars(query).all()
        for done, row in enumerate(sessions, start=1):
            out["sessions"].add([_session(row)])
            out["holds"].add(_holds(journal, transaction, row))
            out["events"].add(_events(transaction, row.id))
            trace = np.column_stack(list(journal.trace(row.id).values()))
            out["traces"].add_trace(row.id, trace[:, :-1], _quality(trace))
            on_session(done, len(sessions))


def _session(row: SessionRow) -> Sequence[object]:
    return (
        row.id, row.started_at, row.kind, row.clip, row.engine, row.estimator, _json(row.plan), row.view,
        "+".join(row.reasons), row.duration_s, row.end_reason,
    )  # fmt: skip


def _holds(journal: Journal, transaction: Transaction, session: SessionRow) -> Iterator[Sequence[object]]:
    if session.end_reason is None:
        records = [hold.record() for hold in journal.session(session.id).holds]
    else:
        query = sa.select(HoldRow.record).where(HoldRow.session_id == session.id)
        records = list(transaction.scalars(query.order_by(HoldRow.seq)))
    for seq, record in enumerate(records):
        measures = [record[m][what] for m in MEASURES for what in ("value", "error")]
        times = (record["start_s"], record["end_s"], record["in_posture_s"])
        yield (session.id, seq, record["side"], *times, *measures, "+".join(record["faults"]), _json(record))


def _events(transaction: Transaction, session_id: str) -> Sequence[Any]:
    record = sa.cast(EventRow.record, sa.Text)  # as it lies there
    query = sa.select(EventRow.session_id, EventRow.seq, EventRow.t_s, EventRow.kind, record)
    return transaction.execute(query.where(EventRow.session_id == session_id).order_by(EventRow.seq)).all()


def _json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


def _quality(trace: Floats) -> NDArray[np.str_]:
    values, which = np.unique(trace[:, -1], return_inverse=True)
    return np.array(["+".join(Quality(int(value)).reasons) or "good" for value in values], np.str_)[which]


def _package(form: Format) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package" if form is Format.CSV else "data-package",
        "name": "kneeroll-journal",
        "description": "Camera estimates with their standard errors. Not a medical device; not for diagnosis, treatment or "
        "monitoring of disease or injury.",
        "resources": [
            {
                "name": name,
                "path": f"{name}.{form}",
                "format": form.value,
                "schema": {"fields": [_field(c) for c in columns], "missingValues": [""]},
            }
            for name, columns in TABLES.items()
        ],
    }


def _field(column: Column) -> dict[str, str]:
    unit = {"unit": column.unit} if column.unit else {}
    return {"name": column.name, "type": column.type, **unit, "description": column.meaning}
