"""The movements that ship: a ladder of one step at a time, and lines that are kind, short and right about left and right."""

from __future__ import annotations

import re

import pytest

from kneeroll.events import Fault
from kneeroll.movements import DEFAULT, Breath, Cushion, Judge, Kind, Movement, Position, Sides, catalogue

CATALOGUE = catalogue()
ALL = list(CATALOGUE.values())
LADDER = [m for m in ALL if m.family == "knee_rolls"]
EACH = [m for m in ALL if m.sides is Sides.EACH]
LINES = [(f"{m.id}.{key}", line) for m in ALL for key, line in m.say.items()]
FORBIDDEN = re.compile(
    r"\b(diagnos\w*|treat\w*|cur(e|es|ed|ing)|heal(s|ed|ing)?|relie(f|ve\w*)|therap\w*|medic\w*|patient\w*|pain)\b", re.I
)
NEGATIVE = re.compile(r"\b(not|don't|never|no|avoid|wrong|stop)\b", re.I)


def name(movement: Movement) -> str:
    return movement.id


def dose(m: Movement) -> tuple[str, float, int, str, Breath | None]:
    return m.kind.value, m.hold_s, m.holds_a_side, m.cushion.value, m.breath


def mirrored(line: str) -> str:
    return re.sub("left|right", lambda side: "right" if side[0] == "left" else "left", line)


# ---- the ladder ----------------------------------------------------------------------------------------------------


def test_the_ladder_comes_first_by_rung_then_the_companions_by_name() -> None:
    assert list(CATALOGUE) == [
        "breath_paced_rolls",
        "cushion_10s",
        "cushion_20s",
        "lower_cushion_20s",
        "no_cushion_20s",
        "no_cushion_30s",
        "breathing_30s",
        "top_leg_crossed",
        "top_leg_extended",
        "bridge",
        "cat_cow",
        "double_knee_to_chest",
        "figure_four",
        "hamstring_raise",
        "open_book",
        "single_knee_to_chest",
    ]
    assert [m.rung for m in ALL] == [0, 1, 2, 3, 4, 5, 6, 7, 7] + [None] * 7
    assert {m.family for m in ALL if m.rung is None} == {"companion"}
    assert all(id == m.id for id, m in CATALOGUE.items())


def test_the_ladder_is_the_one_that_was_asked_for() -> None:
    slow = Breath(4.0, 6.0)
    assert [dose(m) for m in LADDER] == [
        ("paced", 4, 5, "both", slow),
        ("hold", 10, 2, "both", None),
        ("hold", 20, 2, "both", None),
        ("hold", 20, 2, "lower", None),
        ("hold", 20, 2, "none", None),
        ("hold", 30, 2, "none", None),
        ("hold", 30, 3, "none", slow),
        ("hold", 20, 2, "none", None),
        ("hold", 20, 2, "none", None),
    ]


@pytest.mark.parametrize("rung", range(2, 6))
def test_one_variable_changes_a_step(rung: int) -> None:
    below, above = dose(LADDER[rung - 1]), dose(LADDER[rung])
    assert sum(a != b for a, b in zip(below, above, strict=True)) == 1


@pytest.mark.parametrize("crossed", [m for m in LADDER if m.rung == 7], ids=name)
def test_with_the_top_leg_over_only_the_legs_differ_from_the_default_and_parted_knees_are_no_fault(crossed: Movement) -> None:
    assert dose(crossed) == dose(CATALOGUE[DEFAULT])
    assert set(Fault) - set(crossed.faults) == {Fault.KNEES_PARTED, Fault.FEET_SLID}


@pytest.mark.parametrize("movement", LADDER[1:7], ids=name)
def test_on_the_other_rungs_with_a_hold_the_camera_sees_every_fault(movement: Movement) -> None:
    assert movement.judged_by is Judge.KNEE_DROP
    assert set(movement.faults) == set(Fault)


def test_one_breath_fills_one_roll_of_the_paced_step() -> None:
    rolls = LADDER[0]
    assert rolls.kind is Kind.PACED
    assert rolls.breath == Breath(in_s=rolls.hold_s, out_s=rolls.way_s)


def test_the_default_movement_is_what_the_default_plan_does_in_the_coachs_own_words() -> None:
    movement = CATALOGUE[DEFAULT]
    assert (movement.hold_s, movement.holds_a_side, movement.cushion) == (20.0, 2, Cushion.NONE)
    assert movement.say == {
        "start_position": "Lie on your back, knees bent, feet flat, arms out to the sides. Then stay still for a moment.",
        "go_left": "Let both knees sink slowly to the left. Keep both shoulders on the mat.",
        "go_right": "Let both knees sink slowly to the right. Keep both shoulders on the mat.",
        "hold": "Good. Rest here, and keep breathing.",
        "back": "Well done. Bring your knees slowly back to the middle.",
    }


@pytest.mark.parametrize("movement", [m for m in ALL if m.family == "companion"], ids=name)
def test_a_companion_is_judged_by_the_clock_and_has_no_faults(movement: Movement) -> None:
    assert movement.judged_by is Judge.CLOCK
    assert movement.faults == ()


# ---- the words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("movement", ALL, ids=name)
def test_a_movement_says_where_it_comes_from_and_for_whom_it_is_not(movement: Movement) -> None:
    assert movement.source
    assert movement.not_for
    assert any("operation" in line for line in movement.not_for)


@pytest.mark.parametrize("movement", [m for m in ALL if m.position is Position.ON_THE_BACK], ids=name)
def test_what_is_done_lying_flat_says_so_to_the_pregnant(movement: Movement) -> None:
    assert any("sixteenth week of pregnancy" in line for line in movement.not_for)


def test_only_two_are_not_done_on_the_back_and_three_cross_the_legs() -> None:
    assert [m.id for m in ALL if m.position is not Position.ON_THE_BACK] == ["cat_cow", "open_book"]
    assert [m.id for m in ALL if m.crosses_legs] == ["top_leg_crossed", "top_leg_extended", "figure_four"]


@pytest.mark.parametrize("movement", [m for m in ALL if m.cushion is not Cushion.NONE], ids=name)
def test_a_movement_with_a_cushion_says_where_it_goes(movement: Movement) -> None:
    assert "cushion on each side" in movement.say["start_position"]


@pytest.mark.parametrize("movement", EACH, ids=name)
def test_right_is_left_in_the_mirror(movement: Movement) -> None:
    left, right = movement.say["go_left"], movement.say["go_right"]
    assert left != right == mirrored(left)


@pytest.mark.parametrize("movement", EACH, ids=name)
def test_the_line_to_go_left_goes_left(movement: Movement) -> None:
    left = movement.say["go_left"]
    if movement.family == "knee_rolls":
        assert "to the left" in left
        assert "to the right" not in left
    else:
        assert re.findall("left|right", left)[0] == "left"


@pytest.mark.parametrize(("key", "line"), LINES)
def test_no_other_line_takes_a_side(key: str, line: str) -> None:
    assert bool(re.search(r"(?i)\b(left|right)\b", line)) == key.endswith(("go_left", "go_right"))


@pytest.mark.parametrize(("key", "line"), LINES)
def test_a_line_is_a_whole_sentence_that_says_what_to_do(key: str, line: str) -> None:
    assert line[0].isupper()
    assert line.endswith(".")
    assert line == " ".join(line.split())
    assert not NEGATIVE.search(line)
    assert not FORBIDDEN.search(line)


@pytest.mark.parametrize("movement", ALL, ids=name)
def test_nothing_that_is_shown_promises_or_diagnoses(movement: Movement) -> None:
    promises = [line for line in (movement.name, *movement.not_for) if FORBIDDEN.search(line.replace("pain, tingling", ""))]
    assert promises == []


@pytest.mark.parametrize("line", ["This heals.", "Avoid pain.", "Never bend."])
def test_the_checks_of_the_words_know_the_words(line: str) -> None:
    assert FORBIDDEN.search(line) or NEGATIVE.search(line)
