"""`kneeroll export` and `kneeroll report`: the files, and what is in their way."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from kneeroll.diary import Filled, Instrument, PlanAccepted
from kneeroll.journal import Journal
from tests.cli.test_sessions import HELD, keep
from tests.exports.fhir.back import from_bundle

WRITES = [
    ("export", "fhir", "--out", "x.json"),
    ("export", "omh", "--out", "x.json"),
    ("report", "--weeks", "500", "--out", "x.html"),
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def say(*entries):
    with Journal.open() as journal:
        for entry in entries:
            journal.write(entry)


def test_the_bundle_has_the_sessions_of_the_journal_twice_the_same(kneeroll, here):
    keep(day=1), keep(day=2), keep("clip", clip="other.mp4", day=3), keep(day=4, finished=False)
    said = kneeroll("export", "fhir", "--out", "one.json")
    assert said.exit_code == 0
    assert said.stdout.startswith("one.json has 3 sessions and 0 entries of the diary as ")
    read = from_bundle(json.loads((here / "one.json").read_text("utf-8"))).sittings
    assert [s.summary.ended is not None for s in read] == [True, True, False]
    assert read[0].summary.holds[0].record()["knee_drop_deg"] == HELD.record()["knee_drop_deg"]
    kneeroll("export", "fhir", "--out", "two.json")
    assert (here / "one.json").read_bytes() == (here / "two.json").read_bytes()


def test_the_person_stays_the_same_one_when_sessions_are_deleted(kneeroll, here):
    first = keep(day=1)
    keep(day=2)
    kneeroll("export", "fhir", "--out", "one.json")
    with Journal.open() as journal:
        journal.delete(first, datetime.now(UTC))
    kneeroll("export", "fhir", "--out", "two.json")
    people = [
        [
            e["fullUrl"]
            for e in json.loads((here / name).read_text("utf-8"))["entry"]
            if e["resource"]["resourceType"] == "Patient"
        ]
        for name in ("one.json", "two.json")
    ]
    assert people[0] == people[1]


def test_since_leaves_out_what_was_before_but_not_the_plan_that_stands(kneeroll, here):
    keep(day=1), keep(day=5)
    say(
        PlanAccepted(datetime(2024, 4, 1, tzinfo=UTC), "hold_s = 10"),
        Filled(datetime(2024, 5, 2, tzinfo=UTC), Instrument.GROC, {"change": 1}),
        Filled(datetime(2024, 5, 6, tzinfo=UTC), Instrument.GROC, {"change": 2}),
    )
    assert kneeroll("export", "fhir", "--out", "x.json", "--since", "2024-05-04").exit_code == 0
    bundle = json.loads((here / "x.json").read_text("utf-8"))
    read = from_bundle(bundle)
    assert [s.started_at.day for s in read.sittings] == [5]
    assert [score for _, _, score in read.scores] == [2.0]
    assert [e["resource"]["status"] for e in bundle["entry"] if e["resource"]["resourceType"] == "CarePlan"] == ["active"]
    with_all = kneeroll("export", "fhir", "--out", "all.json")
    assert with_all.exit_code == 0
    ids = {e["fullUrl"] for e in json.loads((here / "all.json").read_text("utf-8"))["entry"]}
    shared = [e for e in bundle["entry"] if e["resource"]["resourceType"] not in ("Provenance",)]
    assert {e["fullUrl"] for e in shared} <= ids


def test_snomed_is_added_only_where_it_is_wished(kneeroll, here):
    keep()
    kneeroll("export", "fhir", "--out", "plain.json")
    kneeroll("export", "fhir", "--out", "coded.json", "--snomed")
    assert ["snomed" in (here / name).read_text("utf-8") for name in ("plain.json", "coded.json")] == [False, True]


def test_the_data_points_are_a_list(kneeroll, here):
    keep()
    said = kneeroll("export", "omh", "--out", "x.json")
    assert said.stdout == "x.json has 1 sessions as 2 data points. It is not encrypted: keep it well.\n"
    assert len(json.loads((here / "x.json").read_text("utf-8"))) == 2


@pytest.mark.parametrize(("name", "begins"), [("x.html", b"<!doctype html>"), ("x.PDF", b"%PDF-")])
def test_the_report_is_what_its_name_says(kneeroll, here, name, begins):
    keep()
    said = kneeroll("report", "--out", name, "--weeks", "500", "--language", "de")
    assert (said.exit_code, said.stderr) == (0, "")
    assert (here / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_a_file_that_is_there_stays_unless_force_is_given(kneeroll, here, command):
    keep()
    (here / command[-1]).write_text("mine")
    said = kneeroll(*command)
    assert said.exit_code == 2
    assert "already; give another name, or --force" in said.stderr
    assert [p.read_text() for p in here.glob("x.*")] == ["mine"]
    assert kneeroll(*command, "--force").exit_code == 0
    assert [p.read_text("utf-8") for p in here.glob("x.*")] != ["mine"]


@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_an_empty_journal_says_how_to_begin(kneeroll, here, command):
    said = kneeroll(*command)
    assert said.exit_code == 2
    assert "kneeroll coach" in said.stderr
    assert not list(here.glob("x.*"))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("export", "fhir", "--out", "x.xml"), "x.xml must end in .json"),
        (("report", "--out", "x.docx"), "x.docx must end in .pdf or .html"),
        (("report", "--out", "gone/x.pdf"), "There is no folder gone for x.pdf; make it first"),
    ],
)
def test_a_wrong_place_is_said_before_the_work(kneeroll, command, words):
    keep()
    said = kneeroll(*command)
    assert (said.exit_code, said.stderr) == (2, f"kneeroll: {words}\n")


def test_a_full_disk_leaves_nothing_behind(kneeroll, here, monkeypatch):
    keep()
    (here / "x.json").write_text("mine")

    def full(self, target):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("pathlib.Path.replace", full)
    said = kneeroll("export", "omh", "--out", "x.json", "--force")
    assert said.exit_code == 2
    assert said.stderr == f"kneeroll: x.json cannot be written: {os.strerror(28)}. Nothing was left behind\n"
    assert [(p.name, p.read_text()) for p in here.iterdir() if p.is_file()] == [("x.json", "mine")]


def test_the_help_has_an_example(kneeroll):
    for command in (("export", "fhir"), ("export", "omh"), ("report",)):
        assert "Example: kneeroll" in kneeroll(*command, "--help").stdout
