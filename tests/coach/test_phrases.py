"""The lines: one for everything the coach may want to say, kind, short, and never a promise."""

from __future__ import annotations

import re

import pytest

from kneeroll.coach.phrases import SPOKEN_BY_MOVEMENT, all_phrases, fault_key, lower_key, phrase, spoken
from kneeroll.events import Fault, Phase, StopReason
from kneeroll.movements import DEFAULT, Movement, Sides, catalogue
from kneeroll.poses import Quality, Side

LINES = all_phrases()
ROLLS = catalogue()[DEFAULT]
FORBIDDEN = re.compile(
    r"\b(diagnos\w*|treat\w*|cur(e|es|ed|ing)|heal(s|ed|ing)?|relie(f|ve\w*)|therap\w*|fix your|medic\w*|patient\w*)\b", re.I
)
BLOCKERS = [*(q.name.lower() for q in Quality if q.name), "never_still", "no_person", "view_unsupported"]


@pytest.mark.parametrize("blocker", sorted(set(BLOCKERS)))
def test_every_reason_for_not_measuring_has_a_line(blocker: str) -> None:
    assert phrase(f"blocker_{blocker}")


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("side", Side)
def test_every_fault_has_a_line(fault: Fault, side: Side) -> None:
    assert phrase(fault_key(fault, side))


@pytest.mark.parametrize("side", Side)
def test_the_line_of_a_shoulder_names_its_side_and_not_the_other(side: Side) -> None:
    line = phrase(fault_key(Fault.SHOULDER_LIFTED, side))
    assert f"your {side.other.value} shoulder" in line
    assert side.value not in line


@pytest.mark.parametrize("phase", [Phase.NOT_IN_VIEW, Phase.LIE_DOWN, Phase.START_POSITION])
def test_every_phase_that_waits_has_a_line(phase: Phase) -> None:
    assert spoken(phase.value, ROLLS)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("side", Side)
def test_the_line_to_lower_names_the_side_and_not_the_other(side: Side, again: bool) -> None:
    line = spoken(lower_key(side, again), ROLLS)
    assert f"to the {side.value}" in line
    assert side.other.value not in line
    assert ("once more" in line) is again


@pytest.mark.parametrize("movement", catalogue().values(), ids=lambda m: m.id)
def test_every_movement_has_all_the_lines_that_are_its_own(movement: Movement) -> None:
    keys = {"lower"} if movement.sides is Sides.BOTH else {"lower_left", "lower_right"}
    for key in {"start_position", "hold", "back_to_centre", *keys}:
        assert spoken(key, movement) == movement.say[SPOKEN_BY_MOVEMENT[key]]
        assert key not in LINES


@pytest.mark.parametrize("reason", [StopReason.SHARP, StopReason.LEG])
def test_a_reason_to_worry_has_a_line_that_names_a_professional(reason: StopReason) -> None:
    assert "health professional" in phrase(f"stop_{reason.value}")


@pytest.mark.parametrize("key", LINES)
def test_a_line_promises_no_cure(key: str) -> None:
    assert not FORBIDDEN.search(LINES[key])


@pytest.mark.parametrize("word", ["diagnosis", "treatment", "cure", "healing", "pain relief", "therapist", "fix your"])
def test_the_check_for_promises_knows_the_words(word: str) -> None:
    assert FORBIDDEN.search(f"This is a {word} back.")


@pytest.mark.parametrize("key", LINES)
def test_a_line_is_short_and_a_whole_sentence(key: str) -> None:
    line = LINES[key]
    assert len(line) <= 160
    assert line[0].isupper()
    assert line.endswith((".", "?"))
    assert line == " ".join(line.split())


@pytest.mark.parametrize("key", ["stopped", "pain", "paused", "paused_watched"])
def test_a_line_that_breaks_off_says_where_the_knees_go(key: str) -> None:
    assert "Come back slowly to the middle" in LINES[key]


@pytest.mark.parametrize("key", ["paused", "paused_watched"])
def test_a_pause_says_how_to_go_on(key: str) -> None:
    assert LINES[key].endswith("when you want to go on.")


def test_pain_is_met_with_advice_to_ask_a_professional() -> None:
    assert "health professional" in LINES["pain"]


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("no such line")


def test_the_book_cannot_be_written_in_from_outside() -> None:
    all_phrases()["welcome"] = "Go away."
    assert phrase("welcome") == LINES["welcome"] != "Go away."
