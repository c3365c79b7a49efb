"""The commands explain themselves, each with an example, and refuse what they do not know with status 2."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
import typer

from kneeroll.cli.app import app

COMMANDS = ("coach", "measure", "journal", "profiles", "inside", "report", "doctor", "version")
HEAVY = ("mediapipe", "matplotlib", "av", "sqlalchemy", "numpy", "fastapi")


def flat(text: str) -> str:
    """Without the frames and line breaks that depend on the width of the terminal."""
    return " ".join(text.replace("│", " ").split())


# ---- help ----------------------------------------------------------------------------------------------------------


def test_help_lists_the_commands_and_says_what_it_is_not(process):
    said = process("--help")
    assert said.returncode == 0
    lines = [line.strip("│ ").split() for line in said.stdout.splitlines()]
    assert set(COMMANDS) <= {words[0] for words in lines if words}
    assert "Not a medical device; not for diagnosis, treatment or monitoring of disease or injury." in flat(said.stdout)


def every_command() -> dict[str, Any]:
    """Commands and groups by what is typed for them."""

    def below(command: Any, typed: str) -> Iterator[tuple[str, Any]]:
        yield typed, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from below(inner, f"{typed} {name}".strip())

    found = dict(below(typer.main.get_command(app), ""))
    del found[""]
    return found


def test_no_command_is_lost_on_the_way_from_its_module():
    one_each = {"journal list", "movements check", "plan import", "profiles undo", "export fhir", "bench truth"}
    assert {*COMMANDS, *one_each} <= set(every_command())


@pytest.mark.parametrize("typed", every_command())
def test_the_help_of_each_command_says_what_it_does_and_has_an_example_that_it_takes(kneeroll, typed):
    said = kneeroll(*typed.split(), "--help")
    assert said.exit_code == 0
    known = every_command()
    command = known[typed]
    assert command.help
    assert command.epilog in flat(said.stdout)
    words = shlex.split(command.epilog.removeprefix("Example: kneeroll "))
    assert words[: len(typed.split())] == typed.split()
    name = next(name for n in (2, 1) if (name := " ".join(words[:n])) in known)
    known[name].make_context(name, words[len(name.split()) :])  # refuses what it does not know


def test_help_loads_none_of_the_heavy_parts():
    script = f"""
import sys
from kneeroll.cli import main
sys.argv = ["kneeroll", "--help"]
try:
    main()
except SystemExit as left:
    assert not left.code
print("loaded", [name for name in {HEAVY} if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.splitlines()[-1] == "loaded []"


def test_the_version_is_the_one_that_is_installed(process):
    said = process("version")
    assert (said.returncode, said.stdout) == (0, f"kneeroll {version('kneeroll')}\n")


@pytest.mark.parametrize("args", [["dance"], ["--dance"], ["measure", "--dance"], ["journal", "dance"], ["coach", "--port", "0"]])
def test_what_it_does_not_know_is_wrong_usage(kneeroll, args):
    assert kneeroll(*args).exit_code == 2


def test_a_coach_without_its_plan_does_not_open(kneeroll, tmp_path):
    said = kneeroll("coach", "--no-browser", "--plan", tmp_path / "plan.toml")
    assert said.exit_code == 2
    assert "plan.toml cannot be read" in said.stderr
