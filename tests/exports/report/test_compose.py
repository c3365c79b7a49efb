"""What the report says of made-up weeks, and that it is honest about what it does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kneeroll.diary import Filled, Instrument, PlanAccepted
from kneeroll.errors import NotExported
from kneeroll.events import EndReason, SessionEnded
from kneeroll.languages import Language
from kneeroll.poses import Side
from kneeroll.summaries import NOT_SEEN
from tests.exports import made
from tests.exports.made import DAY0, ZONE, diary, hold, session, weeks

NOW = (DAY0 + timedelta(days=83, hours=12)).astimezone(ZONE)
WEEKS, DIARY = weeks(), diary()


@pytest.fixture(scope="module")
def report():
    return made.report(WEEKS, DIARY, NOW)


def line(report, name):
    return next(one for one in (*report.ranges, *report.comfort) if one.name == name)


def test_days_done_are_counted_of_the_days_that_the_plan_had(report):
    assert [number for number, _ in report.figures[:1]] == ["60 of 72"]
    assert [(w.days_done, w.days_planned) for w in report.weeks] == [(5, 6)] * 12


def test_days_before_a_plan_was_taken_are_those_of_the_plan_that_ships():
    later = PlanAccepted(DAY0 + timedelta(days=7), 'days = ["tue"]')
    found = made.report([session(0), session(7)], [later], (DAY0 + timedelta(days=13)).astimezone(ZONE))
    assert [(w.days_done, w.days_planned) for w in found.weeks] == [(1, 7), (1, 1)]
    assert found.figures[0][0] == "2 of 8"


def test_the_dose_is_minutes_a_week_by_side():
    found = made.report([session(0), session(3)], (), (DAY0 + timedelta(days=6)).astimezone(ZONE))
    assert found.figures[1] == ("4.0 min", "held in posture a week: left 1.3, right 2.7")
    assert (found.weeks[0].left_s, found.weeks[0].right_s) == (80.0, 160.0)


def test_the_share_in_posture_counts_only_what_a_camera_saw(report):
    holds = [h for s in WEEKS for h in s.holds if h.knee_drop_deg.value is not None]
    share = 100 * sum(h.in_posture_s for h in holds) / sum(h.duration_s for h in holds)
    assert report.figures[2][0] == f"{share:.0f} %"
    unseen = made.report([session(0, seen=False)], (), NOW - timedelta(days=80))
    assert unseen.figures[2] == ("–", "in posture: no camera looked")
    assert unseen.ranges == ()
    assert "1 of 1 sessions without a camera: only their time is known" in unseen.noticed


def test_a_range_shows_the_first_week_beside_the_last_with_the_error_of_one_measurement(report):
    left = line(report, "knee drop to the left")
    assert (left.first, left.last) == ("44° ± 4°", "52° ± 4°")
    assert left.verdict.startswith("better (+6° ± ")
    assert left.words == "more than 19 in 20 that it is higher"
    twist = line(report, "trunk twist to the right")
    assert twist.verdict.startswith("no clear change")
    assert not twist.stands_out


def test_fewer_weeks_are_told_beside_what_all_of_them_say(report):
    """So that the page of progress and the report never differ, and a window that moves with the days is no new look."""
    short = made.report(WEEKS, DIARY, NOW, weeks=6)
    for one in (*short.ranges, *short.comfort):
        whole = line(report, one.name)
        assert (one.verdict, one.words, one.wobble, one.last) == (whole.verdict, whole.words, whole.wobble, whole.last)
        assert 0 < len(one.points) < len(whole.points)
        assert min(at for at, _ in (*one.points, *one.medians)) >= short.start
    assert line(short, "knee drop to the left").first != line(report, "knee drop to the left").first


def test_a_few_days_are_not_enough_for_a_verdict():
    found = made.report(WEEKS[:4], DIARY[:5], (DAY0 + timedelta(days=6)).astimezone(ZONE))
    assert {one.verdict for one in (*found.ranges, *found.comfort) if one.verdict} == {"not enough days"}
    assert not [one for one in found.ranges if one.stands_out]
    assert {one.last for one in found.ranges} == {"–"}


def test_comfort_is_told_before_and_after_a_session_and_on_the_morning_after(report):
    names = [one.name for one in report.comfort]
    assert names == ["comfort before the session", "comfort after the session", "comfort on the morning after", "my activities"]
    before, after = line(report, names[0]), line(report, names[1])
    assert (before.first, after.first, after.verdict) == ("5.0", "6.0", "")


def test_a_questionnaire_says_what_its_change_means(report):
    found = {row.name: row for row in report.answers}
    rmdq = found["Roland-Morris Disability Questionnaire"]
    assert (rmdq.scale, rmdq.first, rmdq.last) == ("0 to 24, lower is better", "10 (3 Aug)", "2 (28 Sept)")
    assert rmdq.words == "better, by more than the measuring error and the smallest change that matters"
    assert found["PEG"].words == "no clear change"
    assert (found["Compared with before"].first, found["Compared with before"].words) == ("–", "not enough to matter")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([12], "one score so far"),
        ([4, 12], "worse, by more than the measuring error and the smallest change that matters"),
        ([4, 2], "enough to matter, but it may be measuring error"),
        ([12, 11], "no clear change"),
    ],
)
def test_the_words_for_a_change_of_score(answers, words):
    told = [Filled(DAY0 + timedelta(days=i), Instrument.RMDQ24, {"total": n}) for i, n in enumerate(answers)]
    found = made.report([session(0)], told, (DAY0 + timedelta(days=6)).astimezone(ZONE))
    assert [row.words for row in found.answers] == [words]


def test_faults_are_counted_by_holds_and_stops_are_told(report):
    lifted = sum(bool(h.faults) for s in WEEKS for h in s.holds)
    seen = sum(h.knee_drop_deg.value is not None for s in WEEKS for h in s.holds)
    assert f"shoulder lifted in {lifted} of {seen} holds" in report.noticed
    assert "none ended early for discomfort" in report.noticed
    stopped = replace(session(0), events=(SessionEnded(9.0, EndReason.DISCOMFORT),))
    assert "ended early because it was uncomfortable: 1" in made.report([stopped], (), NOW - timedelta(days=80)).noticed


def test_holds_that_could_not_be_measured_are_told():
    blurred = replace(session(0), holds=(hold(Side.LEFT, 40.0, 10.0), hold(Side.RIGHT, 0.0, 40.0, knee_drop_deg=NOT_SEEN)))
    found = made.report([blurred], (), NOW - timedelta(days=80))
    assert "1 of 2 holds could not be measured" in found.noticed
    assert "knee drop to the right" not in [one.name for one in found.ranges]


def test_the_set_up_and_the_plan_are_told(report):
    assert report.setup[0] == "Plan: Knee rolls & more (A. Therapist); Knee rolls, 20 seconds, 2 × 20 s; 6 times a week"
    assert "Mostly: camera: from the side, on the floor" in report.setup


def test_an_unfinished_session_counts_with_the_holds_that_were_written():
    found = made.report([session(0, finished=False)], (), NOW - timedelta(days=80))
    assert found.figures[0][0] == "1 of 4"


def test_only_the_wished_weeks_are_told():
    found = made.report(WEEKS, DIARY, NOW, weeks=2)
    assert len(found.weeks) == 2
    assert found.period == "12 Oct 2026 – 25 Oct 2026"


@pytest.mark.parametrize("sessions", [(), (replace(session(82), holds=()),), (session(0),)])
def test_without_a_hold_in_these_weeks_there_is_no_report(sessions):
    with pytest.raises(NotExported, match=r"There is no session with a hold since 2026-10-12\. Give more weeks"):
        made.report(sessions, DIARY, NOW, weeks=2)


def test_it_is_written_as_its_language_writes():
    found = made.report(WEEKS, DIARY, NOW, language=Language.DE)
    assert found.made_on == "25.10.2026"
    assert "," in found.figures[1][0]


def test_without_a_plan_that_can_be_read_the_days_are_those_of_the_one_that_ships():
    gone = PlanAccepted(DAY0 + timedelta(hours=1), 'movements = ["my_own"]')
    found = made.report([session(1)], [gone], (DAY0 + timedelta(days=3)).astimezone(ZONE), plan=None)
    assert found.setup[0] == "No plan stands at the moment."
    assert found.figures[0][0] == "1 of 3"


@pytest.mark.parametrize(("right_deg", "told"), [(68.0, ["knee drop"]), (50.0, [])])
def test_sides_are_spoken_of_only_beyond_the_measuring_error(right_deg, told):
    uneven = [
        replace(session(day), holds=(hold(Side.LEFT, 40.0, 10.0), hold(Side.RIGHT, right_deg, 40.0))) for day in (0, 1, 2, 3)
    ]
    found = made.report(uneven, (), DAY0 + timedelta(days=4))
    assert [words.partition(":")[0] for words in found.noticed if "Sides differed" in words] == told
