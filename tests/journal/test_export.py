"""The export has every row, says what every column means, and is whole or not there."""

from __future__ import annotations

import csv
import json
import math
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kneeroll.diary import ActivitiesNamed
from kneeroll.errors import NotExported
from kneeroll.journal import Journal
from kneeroll.journal.export import TABLES, Format, export
from tests.journal.test_book import EVENTS, HOLD, STATES, summary

Table = list[dict[str, object]]
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NAME = 'Knie, "links"\nund „rechts“ 🦵.mp4'


@pytest.fixture
def filled(journal: Journal, begin) -> tuple[str, str]:
    """The ids of a finished session and of one that was cut off; a third one is deleted."""
    done = begin(kind="clip", clip=NAME)
    done.record(EVENTS, STATES)
    done.finish(summary(HOLD, HOLD))
    cut_off = begin(started_at=NOW)
    cut_off.record(EVENTS[:8], [])
    gone = begin(kind="sample").session_id
    journal.delete(gone, NOW)
    journal.write(ActivitiesNamed(NOW, (NAME,)))
    return done.session_id, cut_off.session_id


def read(folder: Path, form: Format) -> dict[str, Table]:
    """Every table of an export; nothing is None in both."""
    if form is Format.CSV:
        tables = {}
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.stem] = [{k: typed(path.stem, k, v) for k, v in row.items()} for row in csv.DictReader(file)]
        return tables
    parquet = pytest.importorskip("pyarrow.parquet")
    return {path.stem: parquet.read_table(path).to_pylist() for path in folder.glob("*.parquet")}


def typed(table: str, name: str, text: str) -> object:
    kind = next(c.type for c in TABLES[table] if c.name == name)
    return None if text == "" and name not in ("reasons", "faults") else {"number": float, "integer": int}.get(kind, str)(text)


@pytest.fixture(params=list(Format))
def form(request: pytest.FixtureRequest) -> Format:
    if request.param is Format.PARQUET:
        pytest.importorskip("pyarrow")
    return request.param


def test_every_row_is_there_with_its_words_and_numbers(tmp_path, journal, filled, form):
    done, cut_off = filled
    export(journal, tmp_path / "out", form)
    tables = read(tmp_path / "out", form)
    assert [s["session_id"] for s in tables["sessions"]] == [done, cut_off]
    assert [s["end_reason"] for s in tables["sessions"]] == ["done", None]
    assert tables["sessions"][0]["clip"] == NAME
    assert [(h["session_id"], h["seq"]) for h in tables["holds"]] == [(done, 0), (done, 1), (cut_off, 0)]
    assert tables["holds"][0]["knee_drop_deg"] == pytest.approx(55.12)
    assert tables["holds"][0]["hip_swing_deg"] is None
    assert tables["holds"][0]["faults"] == "knees_parted+rushed"
    assert json.loads(str(tables["holds"][0]["record"])) == HOLD.record()
    assert [e["kind"] for e in tables["events"]] == [e.kind for e in (*EVENTS, *EVENTS[:8])]
    assert json.loads(str(tables["events"][3]["record"]))["text"] == "Good. Rest here, and keep breathing."
    assert json.loads(str(tables["diary"][0]["record"]))["names"] == [NAME]


def test_traces_are_there_row_by_row_and_empty_where_nobody_was_seen(tmp_path, journal, filled, form):
    export(journal, tmp_path / "out", form)
    traces = read(tmp_path / "out", form)["traces"]
    assert len(traces) == len(STATES)
    for row, state in zip(traces, STATES, strict=True):
        assert row["session_id"] == filled[0]
        assert row["t_s"] == pytest.approx(state.t_s, abs=1e-4)
        assert row["quality"] == ("+".join(state.quality.reasons) or "good")
        if math.isnan(state.knee_drop_deg):
            assert row["knee_drop_deg"] is row["knee_drop_deg_error"] is None
        else:
            assert row["knee_drop_deg"] == pytest.approx(state.knee_drop_deg, abs=1e-4)
            assert row["shoulder_lift_m_error"] == pytest.approx(state.errors[5], abs=1e-4)


def test_every_column_is_in_the_dictionary_with_its_meaning_and_a_unit_where_it_has_one(tmp_path, journal, filled, form):
    export(journal, tmp_path / "out", form)
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    tables = read(tmp_path / "out", form)
    assert {r["name"] for r in package["resources"]} == set(tables)
    for resource_ in package["resources"]:
        fields = resource_["schema"]["fields"]
        assert [f["name"] for f in fields] == list(tables[resource_["name"]][0])
        assert all(f["description"] for f in fields)
        for field in fields:
            name = field["name"].removesuffix("_error")
            ending = {"deg": "degree", "m": "metre", "s": "second"}.get(name.rsplit("_", 1)[-1])
            assert field.get("unit") == (ending if field["type"] == "number" else None), name


def test_a_journal_with_nothing_in_it_gives_empty_tables(tmp_path, journal, form):
    export(journal, tmp_path / "out", form)
    tables = read(tmp_path / "out", form)
    assert set(tables) == set(TABLES)
    assert not any(tables.values())


def test_progress_is_told_session_by_session(tmp_path, journal, filled):
    told: list[tuple[int, int]] = []
    export(journal, tmp_path / "out", on_session=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_the_owner_alone_may_read_what_is_exported(tmp_path, journal):
    export(journal, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_there_is_not_touched(tmp_path, journal):
    (tmp_path / "out").mkdir()
    with pytest.raises(NotExported, match="already"):
        export(journal, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_in_no_folder_is_refused_in_words(tmp_path, journal):
    with pytest.raises(NotExported, match="cannot be written: No such file"):
        export(journal, tmp_path / "nowhere" / "out")


def test_a_full_disk_leaves_nothing_behind(tmp_path, journal, filled, form):
    before, limits = set(tmp_path.iterdir()), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(NotExported, match="Nothing was left behind"):
            export(journal, tmp_path / "out", form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert set(tmp_path.iterdir()) == before


def test_without_pyarrow_it_says_how_to_get_it(tmp_path, journal, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotExported, match=r"pip install 'kneeroll\[export\]'"):
        export(journal, tmp_path / "out", Format.PARQUET)
    assert not (tmp_path / "out").exists()
