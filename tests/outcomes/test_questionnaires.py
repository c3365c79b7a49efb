"""Questionnaires are scored by their published rules, asked when they are due, and a change counts when both rules say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kneeroll.diary import ActivitiesNamed, Entry, Filled, Instrument
from kneeroll.outcomes.questionnaires import due, my_activities, questionnaires, scores

DAY0 = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
PEG, RMDQ, MINE, GROC = (questionnaires()[i] for i in (Instrument.PEG, Instrument.RMDQ24, Instrument.ACTIVITIES, Instrument.GROC))


def on_day(day: float, instrument: Instrument, **answers: int) -> Filled:
    return Filled(DAY0 + timedelta(days=day), instrument, answers)


def test_only_what_may_be_shipped_is_there() -> None:
    assert {q.name for q in questionnaires().values()} == {
        "My activities", "PEG", "Roland-Morris Disability Questionnaire", "Compared with before",
    }  # fmt: skip
    assert "1983;8:141-144" in RMDQ.source
    assert "2009;24:733" in PEG.source


@pytest.mark.parametrize(
    ("asked", "answers", "score"),
    [
        (PEG, {"pain": 7, "enjoyment": 4, "activity": 5}, 16 / 3),
        (PEG, {"pain": 0, "enjoyment": 0, "activity": 0}, 0),
        (PEG, {"pain": 7, "enjoyment": 4}, None),
        (RMDQ, {}, 0),
        (RMDQ, {"1": 1, "9": 1, "24": 1}, 3),
        (RMDQ, {"1": 1, "2": 0}, 1),
        (RMDQ, {str(i): 1 for i in range(1, 25)}, 24),
        (RMDQ, {"total": 13}, 13),
        (MINE, {"tie my shoes": 3, "lift the crate": 5, "sit through a film": 4}, 4),
        (MINE, {"tie my shoes": 3, "lift the crate": 5}, None),
        (GROC, {"change": -2}, -2),
        (GROC, {}, None),
    ],
)
def test_a_score_is_as_worked_out_by_hand(asked, answers, score) -> None:
    assert asked.score(answers) == (None if score is None else pytest.approx(score))


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        (PEG, {"pain": 11}),
        (PEG, {"mood": 3}),
        (PEG, {"total": 3}),
        (RMDQ, {"total": 25}),
        (RMDQ, {"25": 1}),
        (RMDQ, {"3": 2}),
        (GROC, {"change": -6}),
    ],
)
def test_an_answer_that_cannot_be_is_refused(asked, answers) -> None:
    with pytest.raises(ValueError, match=r"cannot be|must be|no item"):
        asked.score(answers)


@pytest.mark.parametrize(
    ("asked", "before", "after", "points", "reliable", "important"),
    [
        (RMDQ, 14, 8, 6, True, True),  # 1.96 x 1.414 x 2.15 = 5.96
        (RMDQ, 14, 9, 5, False, True),  # five points matter, but come by chance
        (RMDQ, 8, 14, -6, True, True),
        (RMDQ, 10, 7, 3, False, True),  # 30 % of 10
        (RMDQ, 4, 0, 4, False, True),  # close to the floor nothing can be reliable
        (PEG, 6, 2.5, 3.5, True, True),  # 1.96 x 1.414 x 1.22 = 3.38
        (PEG, 6, 3, 3, False, True),
        (PEG, 9, 7, 2, False, False),
        (MINE, 3, 5.5, 2.5, True, True),  # 1.96 x 1.414 x 0.86 = 2.38
        (MINE, 3, 5, 2, False, True),
        (MINE, 8, 5, -3, True, True),
        (GROC, 0, 3, 3, True, True),
        (GROC, 0, 2, 2, True, False),
        (GROC, 0, -4, -4, True, True),
    ],
)
def test_a_change_is_clear_only_when_it_is_reliable_and_important(asked, before, after, points, reliable, important) -> None:
    change = asked.change(before, after)
    assert (change.points, change.reliable, change.important) == (points, reliable, important)
    assert change.clear == (reliable and important)


def test_published_wording_is_never_translated_by_us() -> None:
    assert [q.told("x", str.upper) for q in (PEG, RMDQ, MINE, GROC)] == ["x", "x", "X", "X"]
    assert list(RMDQ.items) == [str(i) for i in range(1, 25)]


def test_before_the_first_session_all_but_the_comparison_is_due() -> None:
    assert due(DAY0, (), None) == (Instrument.ACTIVITIES, Instrument.PEG, Instrument.RMDQ24)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (6, set()),
        (7, {Instrument.ACTIVITIES, Instrument.PEG}),
        (28, {Instrument.ACTIVITIES, Instrument.PEG, Instrument.RMDQ24, Instrument.GROC}),
    ],
)
def test_weekly_ones_come_weekly_and_monthly_ones_every_four_weeks(day, expected) -> None:
    diary = [
        on_day(0, Instrument.ACTIVITIES, a=1, b=2, c=3),
        on_day(0, Instrument.PEG, pain=3, enjoyment=3, activity=3),
        on_day(0, Instrument.RMDQ24),
    ]
    assert set(due(DAY0 + timedelta(days=day), diary, DAY0)) == expected


@pytest.mark.parametrize(
    ("day", "filled_on", "asked"),
    [
        (27, [], False),
        (28, [], True),
        (30, [28], False),
        (41, [], True),
        (42, [], False),
        (56, [30], True),
        (57, [56], False),
        (84, [56], True),
        (120, [], False),
    ],
)
def test_the_comparison_with_before_is_asked_at_four_eight_and_twelve_weeks(day, filled_on, asked) -> None:
    diary = [on_day(d, Instrument.GROC, change=1) for d in filled_on]
    assert (Instrument.GROC in due(DAY0 + timedelta(days=day), diary, DAY0)) is asked


def test_days_are_those_of_the_persons_own_calendar() -> None:
    tokyo = timezone(timedelta(hours=9))
    late = Filled(datetime(2026, 3, 2, 23, 50, tzinfo=tokyo), Instrument.PEG, {})
    assert Instrument.PEG in due(datetime(2026, 3, 9, 0, 10, tzinfo=tokyo), [late], DAY0)
    assert Instrument.PEG not in due(datetime(2026, 3, 8, 23, 50, tzinfo=tokyo), [late], DAY0)


def test_scores_are_in_order_the_later_of_a_day_counts_and_the_activities_last_named_are_known() -> None:
    diary: list[Entry] = [
        ActivitiesNamed(DAY0, ("a", "b", "c")),
        on_day(7, Instrument.ACTIVITIES, a=4, b=4, c=4),
        on_day(0, Instrument.ACTIVITIES, a=1, b=2, c=3),
        on_day(0.1, Instrument.ACTIVITIES, a=2, b=3, c=4),
        on_day(8, Instrument.ACTIVITIES, a=4),
        ActivitiesNamed(DAY0 + timedelta(days=9), ("a", "b", "d")),
    ]
    assert [(s.score, s.items) for s in scores(diary, Instrument.ACTIVITIES)] == [(3, ("a", "b", "c")), (4, ("a", "b", "c"))]
    assert my_activities(diary) == ("a", "b", "d")
    assert my_activities([]) == ()


def test_an_answer_to_an_item_of_another_version_is_no_score() -> None:
    other = on_day(0, Instrument.PEG, pain=3, enjoyment=3, sleep=3)
    same = on_day(7, Instrument.PEG, pain=3, enjoyment=3, activity=3)
    assert [one.score for one in scores([other, same], Instrument.PEG)] == [3]
