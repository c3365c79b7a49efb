"""The README and the docs tell the truth about the program."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from kneeroll.analysis import summarise
from kneeroll.care.screening import Outcome, questions
from kneeroll.cli.app import app
from kneeroll.coach.table import diagram
from kneeroll.events import EndReason, Fault, HoldEnded
from kneeroll.movements import Cushion, Judge, Kind, Sides, parse_movement
from kneeroll.plans import PARTS, Day, Limits, Mind, default_plan, parse_plan
from kneeroll.poses import ANGLES, Quality, Side, View
from kneeroll.wording import DISCLAIMER

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMAND = re.compile(r"^ {4}(?:\.venv/bin/)?kneeroll (?:--profile \w+ )?(.+?)(?: {2,}#.*)?$", re.M)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def fenced(name: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text(name), re.S)
    assert found is not None
    return found.group(1)


def commands() -> list[str]:
    return [line for page in PAGES for line in COMMAND.findall(page.read_text("utf-8"))]


def test_the_python_of_the_docs_runs_and_draws_the_picture_that_is_shown(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(fenced("docs/inside.md", "python"), {})
    assert (tmp_path / "inside.svg").read_text("utf-8") == text("docs/img/inside.svg")


def test_there_are_commands_in_the_docs() -> None:
    assert len(commands()) >= 5


@pytest.mark.parametrize("line", commands())
def test_every_command_in_the_docs_exists_with_its_options(line: str) -> None:
    name, *rest = shlex.split(line)
    group = typer.main.get_command(app)
    command = group.commands[name]
    if rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest[0]]
    known = {option for parameter in command.params for option in [*parameter.opts, *parameter.secondary_opts]}
    assert {word for word in rest if word.startswith("--")} <= known


def test_the_make_targets_of_the_docs_exist() -> None:
    named = {target for page in PAGES for target in re.findall(r"^ {4}make (\w+)", page.read_text("utf-8"), re.M)}
    defined = set(re.findall(r"^(\w+):", text("Makefile"), re.M))
    assert {"coach", "test"} <= named <= defined


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_phases_of_the_docs_are_the_coachs_own() -> None:
    assert fenced("docs/coach.md", "mermaid") == diagram()


def test_the_plan_of_the_docs_is_the_default_plan() -> None:
    assert parse_plan(fenced("docs/coach.md", "toml")) == default_plan()


def test_the_plan_of_the_care_page_is_right_and_its_keys_are_all_explained() -> None:
    example, page = fenced("docs/care.md", "toml"), text("docs/care.md")
    plan = parse_plan(example)
    assert (plan.author, plan.limits.ceiling_deg, plan.sessions_a_day) == ("written by your physiotherapist", 40, 2)
    table = tomllib.loads(example)
    words = {*table, *(f"limits.{name}" for name in table["limits"])} - {"version", "limits"}
    assert [word for word in words if f"`{word}`" not in page] == []
    assert {f.name for f in fields(Limits)} == set(table["limits"])
    assert all(f'"{word}"' in page for word in (*Mind, *PARTS, Day.MON, Day.SUN))


def test_the_questions_of_the_care_page_are_those_that_are_asked() -> None:
    told = {Outcome.URGENT: "help now", Outcome.ASK_FIRST: "not without a professional", Outcome.WITH_LIMITS: "go, with limits"}
    rows = "".join(
        f"| {q.ask} | **{told[q.outcome]}.** {' '.join((q.say, *q.limits.told(str)))} | {' '.join(q.source)} |\n"
        for q in questions()
    )
    assert rows in text("docs/care.md")


def test_the_movement_of_the_docs_is_right_and_its_keys_are_all_explained() -> None:
    example, page = fenced("docs/movements.md", "toml"), text("docs/movements.md")
    assert parse_movement(example, "knee_circles").name == "Knee circles"
    table = tomllib.loads(example)
    for word in (*table, *table["say"], "rung", "go", *Kind, *Judge, *Sides, *Cushion, *Fault):
        assert re.search(rf'`"?\[?{word}\]?"?`', page), word


def test_the_json_of_the_docs_has_the_keys_of_a_real_hold() -> None:
    shown = json.loads(fenced("docs/measure.md", "json"))
    hold = HoldEnded(9.0, Side.LEFT, 1.0, 8.0, 7.0, EndReason.DONE)
    (real,) = summarise([hold], [], view=None, blockers=(), engine="", estimator="").holds
    assert list(shown["holds"][0]) == list(real.record())
    assert list(shown) == ["schema", "engine", "estimator", "clip", "measurable", "reasons", "view", "holds"]


def test_every_reason_fault_view_and_angle_is_documented() -> None:
    page = text("docs/measure.md")
    reasons = {q.name.lower() for q in Quality if q.name is not None} - {"not_calibrated"}
    for name in (*reasons, "never_still", *Fault, *View, *ANGLES):
        assert f"`{name}`" in page, name


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("src/kneeroll/web/templates/*.html")], ids=lambda page: page.name)
def test_nothing_promises_or_diagnoses(page: Path) -> None:
    said = re.sub(r"\s+", " ", page.read_text("utf-8")).replace(DISCLAIMER, "").replace("never promises relief", "")
    said = said.replace("it never diagnoses and", "")
    assert re.findall(r"(?i)\b(diagnos\w*|treat\w*|cure\w*|heal(?:s|ing|ed)?|relie\w+|therap\w*|fix your)\b", said) == []


def test_the_readme_carries_the_disclaimer_and_one_picture() -> None:
    assert DISCLAIMER.lower() in re.sub(r"[\s*]+", " ", text("README.md")).lower()
    assert len(re.findall(r"!\[", text("README.md"))) == 1


def test_the_version_is_the_packages_version() -> None:
    from kneeroll import __version__

    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == __version__
