"""`kneeroll plan`: show, check, import, export, calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
import vobject

from kneeroll.care.screening import version
from kneeroll.diary import Decider, MorningAfter, PlanAccepted, Screened, Settled, StepSet
from kneeroll.events import ComfortRated, EndReason, MovementStarted, SessionEnded
from kneeroll.journal import Journal
from kneeroll.plans import default_plan, parse_plan, read_plan
from kneeroll.summaries import SessionSummary
from tests.samples import HOLD

GENTLE = 'name = "From [Anna]"\nauthor = "Anna"\nmovements = ["cushion_10s", "bridge"]\ndays = ["mon"]\ntimes = ["morning"]\n'


@pytest.fixture
def file(tmp_path) -> Path:
    """A plan in a file whose name has brackets, as names of files do."""
    path = tmp_path / "plan [a].toml"
    path.write_text(GENTLE + "[limits]\nceiling_deg = 40\n", "utf-8")
    return path


def flat(text: str) -> str:
    return " ".join(text.split())


def keep(home: Path, *entries) -> None:
    with Journal.open(home) as book:
        for entry in entries:
            book.write(entry)


def kept(home: Path) -> list[PlanAccepted]:
    with Journal.open(home) as book:
        return [entry for entry in book.diary() if isinstance(entry, PlanAccepted)]


def now() -> datetime:
    return datetime.now().astimezone()


@pytest.mark.parametrize("command", [("plan",), ("plan", "show")])
def test_without_a_word_the_plan_that_ships_stands(kneeroll, command):
    said = kneeroll(*command)
    assert said.exit_code == 0
    assert "no_cushion_20s: 20 s, 2 a side" in said.stdout
    assert "every day" in said.stdout
    assert "Please answer the questions before your next session" in said.stdout
    assert "Next:" not in said.stdout


def test_whoever_answered_and_did_nothing_yet_is_told_what_comes_next(kneeroll, home):
    keep(home, Screened(now(), (), version()))
    said = kneeroll("plan").stdout
    assert "Next: no_cushion_20s. This step is new: it stays until it has been comfortable for a while." in said
    assert "planned" not in said


def test_what_was_done_is_counted_and_says_what_comes_next(kneeroll, home):
    keep(home, Screened(now() - timedelta(days=9), (), version()))
    with Journal.open(home) as book:
        for n in range(8, 0, -1):
            begun = now() - timedelta(days=n)
            writer = book.begin(kind="live", engine="", estimator="", plan={}, started_at=begun)
            felt = [ComfortRated(t_s, t_s > 0, 1, 1) for t_s in (0.0, 60.0)]
            writer.record([MovementStarted(0.0, "no_cushion_20s", "", ()), *felt, SessionEnded(60.0, EndReason.DONE)], ())
            writer.finish(SessionSummary((HOLD,), None, (), EndReason.DONE, "", ""))
            book.write(MorningAfter(begun + timedelta(hours=14), writer.session_id, 1, 1, Settled.AT_ONCE, False))
    said = kneeroll("plan").stdout
    assert "6 days done of 6 planned." in said
    assert "Next: no_cushion_30s. Comfortable days and calm mornings: one step up." in said


def test_a_file_is_shown_with_all_that_it_says(kneeroll, file):
    said = flat(kneeroll("plan", "show", file).stdout)
    for words in ("From [Anna]", "written by Anna", "cushion_10s: 10 s, 2 a side bridge: 5 s, 5", "days mon", "times 08:00"):
        assert words in said
    assert "limits Let your knees sink to 40° at most." in said
    assert "Next:" not in said


def test_what_stands_follows_the_answers_and_the_steps(kneeroll, home):
    keep(home, Screened(now() - timedelta(days=2), ("thin_bones",), 1), StepSet(now(), "top_leg_crossed", Decider.PERSON))
    said = kneeroll("plan", "show").stdout
    assert "cushion_20s: 20 s" in said
    assert "Let your knees sink to 30° at most." in said


@pytest.mark.parametrize("command", [("show",), ("export", "--out", "-"), ("calendar", "--out", "-")])
def test_where_the_answers_allow_none_it_says_what_to_do(kneeroll, home, command):
    keep(home, Screened(now(), ("back_operation",), 1))
    said = kneeroll("plan", *command)
    assert said.exit_code == 2
    assert "allow no such plan." in said.stderr
    assert "ask your surgeon first" in said.stderr


def test_the_coach_opens_with_the_plan_that_stands_or_with_a_file(kneeroll, file, monkeypatch):
    served = []
    monkeypatch.setattr("kneeroll.web.server.serve", lambda **with_what: served.append(with_what["plan"]))
    assert kneeroll("coach", "--no-browser").exit_code == 0
    assert kneeroll("coach", "--no-browser", "--plan", file).exit_code == 0
    assert [plan and plan.name for plan in served] == [None, read_plan(file).name]


def test_the_coach_takes_a_plan_with_a_movement_of_ones_own(kneeroll, home, file, monkeypatch):
    served = []
    monkeypatch.setattr("kneeroll.web.server.serve", lambda **with_what: served.append(with_what["plan"]))
    (home / "movements").mkdir(parents=True)
    shipped = resources.files("kneeroll.movements").joinpath("catalogue", "bridge.toml").read_text("utf-8")
    (home / "movements" / "my_bridge.toml").write_text(shipped, "utf-8")
    file.write_text('movements = ["my_bridge"]', "utf-8")
    assert kneeroll("coach", "--no-browser", "--plan", file).exit_code == 0
    assert [movement.id for movement in served[0].movements] == ["my_bridge"]


def test_check_says_that_a_plan_is_right(kneeroll, file):
    said = kneeroll("plan", "check", file)
    assert (said.exit_code, flat(said.stdout)) == (0, f"{file} is right: From [Anna], cushion_10s, bridge, about 5 min.")


def test_check_says_what_the_answers_change(kneeroll, home, file):
    keep(home, Screened(now(), ("thin_bones",), 1))
    said = flat(kneeroll("plan", "check", file).stdout)
    assert "Your answers to the questions change it: Let your knees sink to 30° at most." in said
    assert "Not bridge; done is cushion_10s." in said


def test_check_says_when_the_answers_allow_nothing_of_it(kneeroll, home, file):
    keep(home, Screened(now(), ("fall",), 1))
    assert "allow no such plan. Please do not use this stretch" in flat(kneeroll("plan", "check", file).stdout)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"hold = 20", "hold is an unknown key; known are author, "),
        (b"hold_s = '20 s'", "hold_s is '20 s'; it must be a number from 3 to 120"),
        (b"[limits]\nceiling = 30", "limits.ceiling is an unknown key; known in limits are ceiling_deg, "),
        (b"# " + b"a" * 20_000, "The plan is too long; a plan has at most 16384 bytes"),
        (b"name = '\xff'", "cannot be read: it is not UTF-8"),
        (b"a = " + b"[" * 7000, "The plan is not valid TOML"),
        (b"[limits]\ncushion_locked = true", "movements has 'no_cushion_20s', which limits.cushion_locked forbids"),
    ],
)
@pytest.mark.parametrize("command", ["check", "import", "show"])
def test_a_file_that_is_wrong_is_told_key_by_key_and_not_taken(kneeroll, home, tmp_path, command, wrong, said):
    path = tmp_path / "plan.toml"
    path.write_bytes(wrong)
    found = kneeroll("plan", command, path)
    assert found.exit_code == 2
    assert said in flat(found.stderr)
    assert kept(home) == []


def test_import_shows_what_changes_asks_and_keeps_the_plan(kneeroll, home, file):
    said = kneeroll("plan", "import", file, input="y\n")
    assert said.exit_code == 0
    lines = [[cell.strip() for cell in line.strip("│").split("│")] for line in said.stdout.splitlines() if "│" in line]
    assert ["days", "every day", "mon"] in lines
    assert "first side" not in said.stdout
    assert "Take this plan?" in said.stdout
    (entry,) = kept(home)
    assert (parse_plan(entry.toml), entry.author) == (parse_plan(file.read_text("utf-8")), "Anna")
    assert "cushion_10s: 10 s" in kneeroll("plan").stdout
    assert "Nothing changes." in kneeroll("plan", "import", file, "--yes").stdout


def test_import_without_a_yes_keeps_nothing(kneeroll, home, file):
    assert kneeroll("plan", "import", file, input="n\n").exit_code == 0
    assert kept(home) == []


def test_what_was_exported_is_a_plan_that_can_be_imported(kneeroll, tmp_path, file):
    out = tmp_path / "out.toml"
    assert kneeroll("plan", "export", "--out", out).exit_code == 0
    assert parse_plan(out.read_text("utf-8")) == default_plan()
    assert parse_plan(kneeroll("plan", "export", "--out", "-").stdout) == default_plan()
    assert "Nothing changes." in kneeroll("plan", "import", out, "--yes").stdout


def test_the_calendar_is_a_file_that_another_program_reads(kneeroll, tmp_path, file):
    kneeroll("plan", "import", file, "--yes")
    out = tmp_path / "plan.ics"
    assert kneeroll("plan", "calendar", "--out", out).exit_code == 0
    assert b"\r\n" in out.read_bytes()
    (event,) = vobject.readOne(out.read_text("utf-8")).vevent_list
    assert (event.summary.value, event.rrule.value) == ("From [Anna]", "FREQ=WEEKLY;BYDAY=MO")


def test_a_file_that_cannot_be_written_is_named(kneeroll, tmp_path):
    said = kneeroll("plan", "export", "--out", tmp_path / "no" / "plan.toml")
    assert said.exit_code == 2
    assert "cannot be written" in said.stderr
