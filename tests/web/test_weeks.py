"""The pages between sessions: what they ask, what they keep, and what they do with nonsense."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from kneeroll.care.routine import COMPANIONS, part_of
from kneeroll.care.screening import questions, version
from kneeroll.course import course
from kneeroll.diary import ActivitiesNamed, Entry, Filled, Instrument, MorningAfter, PlanAccepted, Screened, Settled, StepSet
from kneeroll.errors import JournalUnavailable
from kneeroll.events import EndReason, SessionEnded
from kneeroll.journal import Journal
from kneeroll.movements import catalogue
from kneeroll.outcomes import Measure, trend
from kneeroll.plans import parse_plan
from kneeroll.poses import View
from kneeroll.summaries import SessionSummary
from kneeroll.web import weeks_pages
from kneeroll.web.app import create_app
from tests.samples import HOLD
from tests.web.conftest import HERE, LIVE, PORT

Open = Callable[[], TestClient]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Of somebody who was not asked yet."""
    with Journal.open(tmp_path / "home") as book:
        yield book


@pytest.fixture
def client(journal: Journal) -> Iterator[TestClient]:
    with TestClient(create_app(None, journal, PORT), base_url=HERE, headers={"Origin": HERE}) as client:
        yield client


@pytest.fixture
def cleared(client: TestClient) -> TestClient:
    client.post("/screening")
    return client


def newest(journal: Journal, kind: type[Entry]) -> Entry | None:
    return next((entry for entry in reversed(journal.diary()) if isinstance(entry, kind)), None)


def train(journal: Journal, days_ago: float) -> str:
    begun = journal.begin(
        kind="live", engine="e", estimator="n", plan={"surface": "floor"}, started_at=datetime.now(UTC) - timedelta(days=days_ago)
    )
    begun.record([SessionEnded(60.0, EndReason.DONE)], [])
    begun.finish(SessionSummary((HOLD,), View.SIDE, (), EndReason.DONE, "e", "n"))
    return begun.session_id


# ---- the first questions


def test_a_first_visit_leads_to_the_questions_and_they_to_the_coach(client: TestClient, journal: Journal) -> None:
    first = client.get("/")
    assert first.url.path == "/screening"
    assert all(question.ask.split("?")[0][:30] in first.text.replace("&#39;", "'") for question in questions())
    done = client.post("/screening")
    assert 'href="/"' in done.text
    assert newest(journal, Screened).yes == ()
    assert client.get("/").url.path == "/"


def test_the_sample_person_can_be_looked_at_before(client: TestClient) -> None:
    assert '<option value="sample" selected>' in client.get("/?sample").text


@pytest.mark.parametrize(
    ("yes", "words"),
    [("fall", "until a health professional agrees"), ("bladder_or_saddle", "Please get help now"), ("thin_bones", "cushion")],
)
def test_answers_have_consequences(client: TestClient, yes: str, words: str) -> None:
    text = client.post("/screening", data={"yes": yes}).text
    assert words in text
    assert ('href="/">To the coach' in text) is (yes == "thin_bones")
    assert client.get("/").url.path == ("/" if yes == "thin_bones" else "/screening")


def test_unknown_answers_are_dropped(client: TestClient, journal: Journal) -> None:
    client.post("/screening", data={"yes": ["<script>", "thin_bones"]})
    assert newest(journal, Screened).yes == ("thin_bones",)


@pytest.mark.parametrize(("yes", "begins"), [(None, False), ("fall", False), ("", True)])
def test_no_session_of_ones_own_begins_against_the_answers(
    client: TestClient, journal: Journal, yes: str | None, begins: bool
) -> None:
    if yes is not None:
        client.post("/screening", data={"yes": yes})
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start"})
        assert ("started" in socket.receive_json()) is begins
    assert bool(journal.sessions()) is begins


def test_the_sample_person_moves_whatever_was_answered(client: TestClient) -> None:
    client.post("/screening", data={"yes": "fall"})
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "sample", "ask": "start"})
        assert "started" in socket.receive_json()


# ---- today


def test_today_says_what_and_why(cleared: TestClient) -> None:
    text = cleared.get("/").text
    assert "Today: Knee rolls" in text
    assert "This step is new" in text


def test_the_morning_after_is_asked_and_kept_once(cleared: TestClient, journal: Journal) -> None:
    assert cleared.get("/morning").url.path == "/"
    id = train(journal, 1)
    assert 'href="/morning"' in cleared.get("/").text
    cleared.post("/morning", data={"stiffness": "2", "discomfort": "1", "settled": "within_an_hour", "woke": "no"})
    said = newest(journal, MorningAfter)
    assert isinstance(said, MorningAfter)
    assert (said.session_id, said.stiffness, said.discomfort) == (id, 2, 1)
    assert (said.settled, said.woke) == (Settled.WITHIN_AN_HOUR, False)
    assert "How was the morning after" not in cleared.get("/").text
    cleared.post("/morning", data={"stiffness": "2", "discomfort": "1", "settled": "within_an_hour", "woke": "no"})
    assert newest(journal, MorningAfter) == said


def test_what_was_said_of_a_morning_can_be_put_right(cleared: TestClient, journal: Journal) -> None:
    train(journal, 1)
    cleared.post("/morning", data={"discomfort": "9", "settled": "not_yet", "woke": "yes"})
    before = cleared.get("/").text
    assert "change my answer" in before
    assert "It was too much: rest" in before
    asked = cleared.get("/morning").text
    assert 'name="discomfort" value="9" checked' in asked
    assert 'value="not_yet" checked' in asked
    assert asked.count("checked") == 3
    cleared.post("/morning", data={"discomfort": "1", "settled": "at_once", "woke": "no"})
    assert "It was too much: rest" not in cleared.get("/").text
    assert [entry.discomfort for entry in journal.diary() if isinstance(entry, MorningAfter)] == [9, 1]


def test_what_the_last_stretch_did_inside_is_one_click_from_today(cleared: TestClient, journal: Journal) -> None:
    assert "/inside" not in cleared.get("/").text
    id = train(journal, 1)
    assert f'href="/sessions/{id}/inside"' in cleared.get("/").text
    assert cleared.get(f"/sessions/{id}/inside").status_code == 200


@pytest.mark.parametrize("nonsense", ["11", "-1", "²", "1e1", "", "9999999999"])
def test_a_number_that_cannot_be_is_no_answer(cleared: TestClient, journal: Journal, nonsense: str) -> None:
    train(journal, 1)
    cleared.post("/morning", data={"discomfort": nonsense, "settled": nonsense, "woke": nonsense})
    said = newest(journal, MorningAfter)
    assert (said.discomfort, said.settled, said.woke) == (None, None, None)


def test_what_goes_with_the_knee_rolls_is_offered_and_done(cleared: TestClient, journal: Journal) -> None:
    part = part_of(datetime.now().astimezone().time())
    assert f'<option value="routine">My plan, then: {catalogue()[COMPANIONS[part][0]].name}' in cleared.get("/").text
    with cleared.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start", "movement": "routine"})
        assert "started" in socket.receive_json()
    assert journal.session(journal.sessions()[0].id).plan["movements"][1] == COMPANIONS[part][0]
    cleared.post("/plan", data={"text": 'author = "Anna"'})
    assert 'value="routine"' not in cleared.get("/").text
    cleared.post("/plan", data={"text": ""})
    assert 'value="routine"' in cleared.get("/").text
    cleared.post("/screening", data={"yes": "thin_bones"})  # only knee rolls
    assert 'value="routine"' not in cleared.get("/").text


def test_a_reminder_is_due_once_a_day_at_most(cleared: TestClient, journal: Journal) -> None:
    words = [cleared.post("/reminder").json()["words"] for _ in range(3)]
    assert words[1:] == [None, None]  # the first depends on the time of the day
    train(journal, 0)
    assert cleared.post("/reminder").json()["words"] is None


# ---- questionnaires


def test_activities_are_named_then_rated(cleared: TestClient, journal: Journal) -> None:
    ask = f"/questions/{Instrument.ACTIVITIES}"
    assert "in your own words" in cleared.get(ask).text
    assert cleared.post("/activities", data={"name": ["walk", "walk", " "]}).url.path == ask
    assert newest(journal, ActivitiesNamed) is None
    cleared.post("/activities", data={"name": ["walk to  the shop", "sit", "<b>lift</b>", "x" * 500]})
    assert newest(journal, ActivitiesNamed).names == ("walk to the shop", "sit", "<b>lift</b>", "x" * 80)
    text = cleared.get(ask).text
    assert "<b>lift" not in text
    cleared.post(ask, data={"walk to the shop": "4", "sit": "6", "<b>lift</b>": "2", "other": "3"})
    assert newest(journal, Filled).answers == {"walk to the shop": 4, "sit": 6, "<b>lift</b>": 2}


@pytest.mark.parametrize(
    ("instrument", "answers", "kept"),
    [
        (Instrument.PEG, {"pain": "3", "enjoyment": "2", "activity": "1"}, {"pain": 3, "enjoyment": 2, "activity": 1}),
        (Instrument.PEG, {"pain": "3"}, None),
        (Instrument.PEG, {"pain": "3", "enjoyment": "2", "activity": "12"}, None),
        (Instrument.RMDQ24, {}, {}),
    ],
)
def test_answers_are_kept_where_they_make_a_score(
    cleared: TestClient, journal: Journal, instrument: Instrument, answers: dict[str, str], kept: dict[str, int] | None
) -> None:
    cleared.post(f"/questions/{instrument}", data=answers)
    found = newest(journal, Filled)
    assert (found.answers if found else None) == kept


def test_every_questionnaire_opens_and_another_does_not(cleared: TestClient) -> None:
    for instrument in Instrument:
        assert cleared.get(f"/questions/{instrument}").status_code == 200
    assert cleared.get("/questions/odi").status_code == 422


def test_what_cannot_be_kept_is_said_in_words(cleared: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise JournalUnavailable("The disk is full")

    monkeypatch.setattr(Journal, "write", full)
    said = cleared.post("/questions/groc", data={"change": "2"})
    assert said.status_code == 503
    assert "The disk is full" in said.text


def test_names_of_activities_have_no_characters_that_cannot_be_seen(cleared: TestClient, journal: Journal) -> None:
    cleared.post("/activities", data={"name": ["\x00", "tie\tmy  shoes", "\u202ewalk", "sit \x00"]})
    named = newest(journal, ActivitiesNamed)
    assert isinstance(named, ActivitiesNamed)
    assert named.names == ("tie my shoes", "walk", "sit")


# ---- progress


def test_progress_shows_pictures_once_there_is_something(cleared: TestClient, journal: Journal) -> None:
    assert "Nothing here yet" in cleared.get("/progress").text
    train(journal, 1)
    text = cleared.get("/progress").text
    assert text.count("<svg") >= 2
    assert "not enough days" in text


def test_a_picture_is_drawn_anew_only_when_its_measure_changed(
    cleared: TestClient, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(weeks_pages, "trend_svg", lambda trend, _: drawn.append(trend.measure) or f"<svg>{trend.readings}</svg>")

    def pictures() -> list[str]:
        drawn.clear()
        cleared.get("/progress")
        return drawn.copy()

    first = train(journal, 2)
    assert pictures() == [Measure.KNEE_DROP, Measure.TWIST]
    assert pictures() == []
    journal.write(MorningAfter(datetime.now(UTC), first, 1, 1))
    assert pictures() == [Measure.MORNING]
    train(journal, 1)
    assert pictures() == [Measure.KNEE_DROP, Measure.TWIST]
    journal.delete(first, datetime.now(UTC))
    assert pictures() == [Measure.KNEE_DROP, Measure.TWIST]
    cleared.get("/progress", headers={"Accept-Language": "de"})
    assert drawn == [Measure.KNEE_DROP, Measure.TWIST] * 2
    journal.undelete(first)
    assert pictures() == [Measure.KNEE_DROP, Measure.TWIST]
    assert cleared.get("/progress").text.count("<svg>") == 3


def test_pages_after_each_other_work_out_the_weeks_once(
    cleared: TestClient, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(journal, 2)
    worked_out = []
    monkeypatch.setattr(course, "trend", lambda *of: worked_out.append(of) or trend(*of))
    for path in ("/progress", "/claims", "/progress", "/"):
        assert cleared.get(path).status_code == 200
    once = len(worked_out)
    assert once == len({of[2:] for of in worked_out}) > 0
    train(journal, 1)
    cleared.get("/claims")
    assert len(worked_out) == 2 * once


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("html", b"<!doctype html")])
def test_the_weeks_are_handed_on_as_a_file(cleared: TestClient, journal: Journal, kind: str, begins: bytes) -> None:
    assert cleared.get(f"/report.{kind}").status_code == 404
    assert "/report." not in cleared.get("/progress").text
    train(journal, 1)
    assert f'href="/report.{kind}"' in cleared.get("/progress").text
    answer = cleared.get(f"/report.{kind}")
    assert answer.content[:15].lower().startswith(begins.lower())
    assert "attachment" in answer.headers["Content-Disposition"]
    assert cleared.get("/report.exe").status_code == 422


def test_nobody_alternates_without_a_cushion_that_is_locked(cleared: TestClient, journal: Journal) -> None:
    cleared.post("/trial", data={"factor": "cushion"})
    assert "Today: " in cleared.get("/").text
    cleared.post("/screening", data={"yes": "thin_bones"})
    assert not re.search("Today: .*with a cushion", cleared.get("/").text)
    text = cleared.get("/progress").text
    assert 'value="cushion"' not in text
    assert 'value="breathing"' in text
    cleared.post("/trial", data={"factor": "cushion"})
    assert [entry.kind for entry in journal.diary()].count("trial_planned") == 1


def test_an_alternation_begins_once_and_can_be_ended(cleared: TestClient, journal: Journal) -> None:
    cleared.post("/trial", data={"factor": "cushion"})
    cleared.post("/trial", data={"factor": "morning"})
    cleared.post("/trial", data={"factor": "<script>"})
    assert [entry.kind for entry in journal.diary()] == ["screened", "trial_planned"]
    assert "cushion" in cleared.get("/").text
    cleared.post("/trial/end")
    cleared.post("/trial/end")
    assert [entry.kind for entry in journal.diary()] == ["screened", "trial_planned", "trial_ended"]


# ---- the plan

OTHERS = 'name = "From my physio"\nauthor = "A. Physio"\nmovements = ["cushion_20s"]\ndays = ["mon", "thu"]\ntimes = ["07:30"]\n'


def test_a_plan_is_seen_before_it_is_taken(cleared: TestClient, journal: Journal) -> None:
    seen = cleared.post("/plan/check", data={"text": OTHERS}).text
    assert "Is this the plan you want?" in seen
    assert "written by A. Physio" in seen
    assert newest(journal, PlanAccepted) is None
    cleared.post("/plan", data={"text": OTHERS})
    assert parse_plan(newest(journal, PlanAccepted).toml).name == "From my physio"
    assert "From my physio" in cleared.get("/plan").text
    assert parse_plan(cleared.get("/plan/kneeroll.toml").text).author == "A. Physio"


def test_a_plan_is_shown_within_what_the_answers_allow_before_it_is_taken(cleared: TestClient) -> None:
    text = 'movements = ["no_cushion_20s", "bridge"]'
    assert "set limits, too" not in cleared.post("/plan/check", data={"text": text}).text
    cleared.post("/screening", data={"yes": "thin_bones"})
    seen = cleared.post("/plan/check", data={"text": text}).text
    assert "set limits, too" in seen
    assert "Let your knees sink to 30° at most." in seen
    assert "Bridge" not in seen
    cleared.post("/plan", data={"text": text})
    taken = cleared.get("/plan").text
    dose = re.search("<p>(.*a side, left first.)</p>", seen)
    assert dose is not None
    assert dose[0] in taken


@pytest.mark.parametrize("path", ["/plan", "/plan/check"])
@pytest.mark.parametrize("text", ["", "hold_s = 9000", "no toml [", 'name = "\\u001b[31m"', 'movements = ["<script>"]'])
def test_a_plan_that_is_wrong_says_so_and_changes_nothing(cleared: TestClient, journal: Journal, path: str, text: str) -> None:
    answer = cleared.post(path, data={"text": text})
    if text:
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert "<script>" not in answer.text.replace('<script type="module"', "")
    assert (newest(journal, PlanAccepted) is None) or not text


def test_the_person_may_choose_another_step_but_none_beyond_a_limit(cleared: TestClient, journal: Journal) -> None:
    cleared.post("/plan/step", data={"step": "cushion_20s"})
    assert newest(journal, StepSet).step == "cushion_20s"
    cleared.post("/plan/step", data={"step": "<nothing>"})
    cleared.post("/screening", data={"yes": "thin_bones"})
    answer = cleared.post("/plan/step", data={"step": "top_leg_crossed"})
    assert answer.status_code == 422
    assert newest(journal, StepSet).step == "cushion_20s"


def test_a_plan_that_can_no_longer_be_read_is_said(cleared: TestClient, journal: Journal) -> None:
    journal.write(PlanAccepted(datetime.now(UTC), 'movements = ["gone"]'))
    for path in ("/", "/plan", "/progress"):
        answer = cleared.get(path)
        assert answer.status_code == 200
    assert "cannot be read any more" in cleared.get("/").text


def test_the_calendar_is_one(cleared: TestClient) -> None:
    cleared.post("/plan", data={"text": OTHERS})
    feed = Calendar.from_ical(cleared.get("/plan/kneeroll.ics").text)
    (event,) = feed.walk("VEVENT")
    assert event["RRULE"]["BYDAY"] == ["MO", "TH"]


def test_a_form_that_is_too_long_is_refused(cleared: TestClient) -> None:
    assert cleared.post("/plan", data={"text": "x" * 100_000}).status_code == 413


def test_a_page_from_elsewhere_cannot_answer(journal: Journal) -> None:
    with TestClient(create_app(None, journal, PORT), base_url=HERE) as stranger:
        for path in ("/screening", "/morning", "/plan", "/trial", "/reminder"):
            assert stranger.post(path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert journal.diary() == ()


def test_the_questions_are_those_of_today(journal: Journal, client: TestClient) -> None:
    journal.write(Screened(datetime.now(UTC), (), version() - 1))
    assert client.get("/").url.path == "/screening"
