"""`kneeroll doctor` looks at everything, and tells what is needed from what is useful."""

from __future__ import annotations

import re

NEEDED = ["Python", "pose network", "sample clip", "data folder"]
CHECKS = [*NEEDED, "camera", "browser", "espeak-ng", "notifications", "report as PDF", "port 8765"]


def found(text: str) -> dict[str, str]:
    """What each check gave: ok, MISSING or without."""
    return {name: word for word, name in re.findall(r"^  (\w+) +([^:]+): .", text, re.MULTILINE)}


def test_it_names_every_check_and_says_that_measuring_works(kneeroll, home):
    said = kneeroll("doctor")
    result = found(said.stdout)
    assert list(result) == CHECKS
    assert [result[name] for name in NEEDED] == ["ok"] * 4
    assert said.stdout.endswith("Measuring works.\n")
    assert said.exit_code == 0
    assert str(home) in said.stdout


def test_what_is_useful_may_be_missing_and_what_is_needed_may_not(kneeroll, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("mine")
    monkeypatch.setenv("KNEEROLL_HOME", str(tmp_path / "taken"))
    monkeypatch.setenv("PATH", str(tmp_path))
    said = kneeroll("doctor")
    result = found(said.stdout)
    assert (result["data folder"], result["browser"], result["espeak-ng"]) == ("MISSING", "without", "without")
    assert said.stdout.endswith("Measuring does not work: data folder.\n")
    assert said.exit_code == 3
