"""`kneeroll inside`: what a session's holds did inside the body."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from kneeroll.course import cushion_cm
from kneeroll.events import EndReason, MovementStarted
from kneeroll.journal import Journal
from kneeroll.movements import catalogue
from kneeroll.poses import Side, View
from kneeroll.summaries import TIMED, HoldSummary, Measured, SessionSummary
from tests.samples import HOLD

RIGHT = replace(HOLD, side=Side.RIGHT, hip_swing_deg=Measured(21.0, 5.0))
TIMED_HOLD = replace(RIGHT, trunk_twist_deg=TIMED, hip_swing_deg=TIMED)


def keep(*holds: HoldSummary, movement: str = "no_cushion_20s", cushion: float | None = None) -> str:
    """A session in the journal; its id."""
    plan = {"cushion_cm": cushion}
    with Journal.open() as journal:
        writer = journal.begin(kind="live", engine="", estimator="", plan=plan, started_at=datetime(2024, 5, 1, tzinfo=UTC))
        writer.record([MovementStarted(0.0, movement, movement, ())], [])
        writer.finish(SessionSummary(holds, View.SIDE, (), EndReason.DONE, "", ""))
        return writer.session_id


def test_it_says_where_the_turn_came_from_and_which_muscles_grew_longer(kneeroll):
    said = kneeroll("inside", keep(RIGHT)[:6])
    assert said.exit_code == 0
    for words in (
        "Hold 1, right, from 8.1 s",
        "The trunk did 29 ± 6°",
        "Load on the trunk: moderate",
        "external oblique",
        "sank 3",
    ):
        assert words in said.stdout
    assert "Most lengthened by the drop: hip adductors right (longer: moderate to strong)" in said.stdout


def test_one_hold_can_be_asked_for_and_drawn(kneeroll, tmp_path):
    picture = tmp_path / "inside.svg"
    said = kneeroll("inside", keep(RIGHT, HOLD), "--hold", 2, "--svg", picture)
    assert said.exit_code == 0
    assert "Hold 2, left" in said.stdout
    assert "Hold 1" not in said.stdout
    assert "Knees to your left" in ElementTree.parse(picture).getroot().attrib["aria-label"]


def test_without_a_number_the_first_hold_is_drawn(kneeroll, tmp_path):
    assert "Hold 1 is drawn" in kneeroll("inside", keep(RIGHT, HOLD), "--svg", tmp_path / "a.svg").stdout
    assert "Knees to your right" in (tmp_path / "a.svg").read_text("utf-8")


def test_a_hold_that_nobody_watched_says_why_there_is_nothing_to_say(kneeroll):
    said = kneeroll("inside", keep(TIMED_HOLD))
    assert said.exit_code == 0
    assert "Not measurable: only the clock tells of it" in said.stdout.replace("\n", " ")
    assert "external oblique" not in said.stdout


@pytest.mark.parametrize(
    ("holds", "more", "words"),
    [((), [], "The session has 0 holds;"), ((RIGHT,), ["--hold", 2], "The session has 1 holds, so not number 2;")],
)
def test_a_hold_that_is_not_there_is_status_2(kneeroll, holds, more, words):
    said = kneeroll("inside", keep(*holds), *more)
    assert said.exit_code == 2
    assert words in said.stderr


def test_a_picture_that_cannot_be_written_is_status_2(kneeroll, tmp_path):
    session = keep(RIGHT)
    assert "There is no folder" in kneeroll("inside", session, "--svg", tmp_path / "gone" / "a.svg").stderr
    assert kneeroll("inside", session, "--svg", tmp_path).exit_code == 2


@pytest.mark.parametrize(
    ("movement", "height", "lies_on"),
    [("cushion_20s", 20.0, 20.0), ("lower_cushion_20s", 20.0, 15.0), ("no_cushion_20s", 20.0, 0.0), ("cushion_20s", None, 0.0)],
)
def test_the_cushion_of_a_hold_is_the_one_of_its_movement(movement, height, lies_on):
    session = keep(RIGHT, movement=movement, cushion=height)
    with Journal.open() as journal:
        record = journal.session(session)
    assert cushion_cm(record, record.holds[0], catalogue()) == lies_on
