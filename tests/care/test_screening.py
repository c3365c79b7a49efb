"""The questions, row by row, and the rule: the strictest outcome wins, limits add up."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.care.screening import CHANGED, NOTHING_LEFT, Clearance, Outcome, clear, is_current, questions, version
from kneeroll.diary import Screened
from kneeroll.movements import catalogue
from kneeroll.plans import NO_LIMITS, Limits, Mind

IDS = [q.id for q in questions()]
GENTLE = Limits(ceiling_deg=30, top_speed_deg_s=15, cushion_locked=True, rolls_only=True, step_a_week=True)
SMALL_HIP = Limits(
    ceiling_deg=30, cushion_locked=True, legs_uncrossed=True, rolls_only=True, mind=(Mind.PILLOW_BETWEEN_KNEES,)
)  # fmt: skip
SHORT = Limits(longest_hold_s=5, step_a_week=True)
SLOW = Limits(step_a_week=True)
ROWS: dict[str, tuple[Outcome, Limits, str]] = {
    "bladder_or_saddle": (Outcome.URGENT, NO_LIMITS, "emergency department today"),
    "chest_or_tearing": (Outcome.URGENT, NO_LIMITS, "Call your emergency number"),
    "fall": (Outcome.ASK_FIRST, NO_LIMITS, "looked at soon"),
    "fever": (Outcome.ASK_FIRST, NO_LIMITS, "looked at today"),
    "unexplained": (Outcome.ASK_FIRST, NO_LIMITS, "doctor soon"),
    "told_not_to_twist": (Outcome.ASK_FIRST, NO_LIMITS, "ask them first"),
    "leg_weaker": (Outcome.ASK_FIRST, NO_LIMITS, "health professional agrees"),
    "leg": (Outcome.WITH_LIMITS, SHORT, "further down the leg"),
    "back_operation": (Outcome.ASK_FIRST, NO_LIMITS, "surgeon"),
    "new_hip": (Outcome.ASK_FIRST, NO_LIMITS, "surgeon"),
    "hip": (Outcome.WITH_LIMITS, SMALL_HIP, "small range"),
    "broken_vertebra": (Outcome.ASK_FIRST, NO_LIMITS, "health professional first"),
    "thin_bones": (Outcome.WITH_LIMITS, GENTLE, "slowly"),
    "spine_condition": (Outcome.ASK_FIRST, NO_LIMITS, "health professional first"),
    "pregnant": (Outcome.WITH_LIMITS, Limits(off_the_back=True, step_a_week=True), "on the side"),
    "belly_operation": (Outcome.ASK_FIRST, NO_LIMITS, "doctor first"),
    "shoulder": (Outcome.WITH_LIMITS, Limits(mind=(Mind.ARMS_LOW,)), "45 degrees"),
    "mobile_joints": (Outcome.WITH_LIMITS, Limits(cushion_locked=True), "cushion"),
    "not_flat": (Outcome.WITH_LIMITS, Limits(mind=(Mind.HEAD_RAISED,)), "Raise your head"),
    "stirred_up": (Outcome.WITH_LIMITS, SHORT, "go with the breath"),
    "stiff_mornings": (Outcome.WITH_LIMITS, SLOW, "mention this to your doctor"),
    "first_time_late": (Outcome.WITH_LIMITS, SLOW, "mention this to your doctor"),
    "over_65": (Outcome.WITH_LIMITS, SLOW, "Take your time"),
    "under_18": (Outcome.WITH_LIMITS, SLOW, "an adult beside you"),
}


def test_without_a_yes_nothing_speaks_against_it() -> None:
    assert clear([]) == Clearance(Outcome.GO)


def test_every_row_is_in_this_test_and_every_id_is_there_once() -> None:
    assert list(ROWS) == IDS


@pytest.mark.parametrize("id", ROWS)
def test_a_row_says_what_follows_from_it(id: str) -> None:
    outcome, limits, words = ROWS[id]
    found = clear([id])
    assert (found.outcome, found.limits) == (outcome, limits)
    assert words in found.words[0]


@settings(max_examples=80)
@given(st.sets(st.sampled_from(IDS)), st.sampled_from(IDS))
def test_one_more_yes_never_allows_more(yes: set[str], id: str) -> None:
    before, after = clear(yes), clear(yes | {id})
    assert list(Outcome).index(after.outcome) >= list(Outcome).index(before.outcome)
    assert after.limits == before.limits & clear([id]).limits
    assert set(before.words) - {NOTHING_LEFT} <= set(after.words)


@settings(max_examples=80)
@given(st.sets(st.sampled_from(IDS)))
def test_who_may_train_has_a_movement_that_is_allowed(yes: set[str]) -> None:
    found = clear(yes)
    allowed = [m for m in catalogue().values() if not found.limits.forbid(m)]
    assert allowed or not found.outcome.may_train


def test_what_leaves_no_movement_asks_first_and_says_why() -> None:
    found = clear(["thin_bones", "pregnant"])
    assert (found.outcome, found.words[0]) == (Outcome.ASK_FIRST, NOTHING_LEFT)


def test_the_words_of_the_strictest_come_first() -> None:
    assert "45 degrees" in clear(["shoulder", "fall", "bladder_or_saddle"]).words[-1]
    assert "emergency" in clear(["shoulder", "fall", "bladder_or_saddle"]).words[0]


def test_an_answer_to_a_question_of_another_version_asks_to_answer_anew_and_never_eases() -> None:
    assert clear(["no_such"]).outcome is Outcome.ASK_FIRST
    assert clear(["no_such", "shoulder"]).words[0] == CHANGED
    assert clear(["no_such", "chest_or_tearing"]).outcome is Outcome.URGENT
    at = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
    assert is_current(Screened(at, (), version()))
    assert not is_current(Screened(at, (), version() - 1))


def test_sources_are_given_once_and_a_general_caution_claims_none() -> None:
    assert clear(["fall", "fever"]).sources == ("Finucane 2020 (IFOMPT): signs that ask for a professional's look.",)
    assert clear(["shoulder", "over_65", "mobile_joints"]).sources == ()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_sentence(outcome: Outcome) -> None:
    assert outcome.told(str).endswith(".")
    assert outcome.may_train is (outcome in (Outcome.GO, Outcome.WITH_LIMITS))


@pytest.mark.parametrize("question", questions(), ids=lambda q: q.id)
def test_a_question_is_plain_and_names_nothing_that_the_person_has(question) -> None:
    assert question.ask.endswith("?")
    assert len(question.ask) <= 210
    assert question.say.endswith(".")
    assert len(question.say) <= 170
    words = f"{question.ask} {question.say}"
    assert not re.search(r"(?i)\b(left|right)\b", words)  # a translation would take it for a side
    assert not re.search(r"(?i)\b(diagnos\w*|treat\w*|cur(e|es|ed|ing)|heal(s|ed|ing)?|relie\w*|therap\w*|patient\w*)\b", words)
