"""The pages: what they say, and what they do with what is not there."""

from __future__ import annotations

import io
import wave
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape

from kneeroll.coach.phrases import spoken
from kneeroll.errors import InvalidMovement, JournalUnavailable
from kneeroll.events import EndReason
from kneeroll.journal import Journal
from kneeroll.journal.profiles import add
from kneeroll.languages import Language
from kneeroll.movements import catalogue
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, Quality, View
from kneeroll.speech import espeak
from kneeroll.summaries import BREATH_NOT_SEEN, Breathing, Measured, SessionSummary
from kneeroll.web.app import STATIC, create_app
from kneeroll.web.pages import SESSIONS_A_PAGE
from tests.samples import HOLD
from tests.web.conftest import HERE, PORT


def test_the_coach_page_shows_the_plan_and_the_disclaimer(client: TestClient) -> None:
    text = client.get("/").text
    assert "1 × 3 seconds a side, left first" in text
    assert "Not a medical device" in text
    assert 'id="say" aria-live="assertive"' in text
    assert 'data-phase="setup"' in text


def test_an_empty_journal_says_where_to_start(client: TestClient) -> None:
    assert "Nothing here yet" in client.get("/sessions").text


def test_an_unknown_session_is_not_here(client: TestClient) -> None:
    answer = client.get("/sessions/0123")
    assert answer.status_code == 404
    assert "no such page or session" in answer.text


def test_deleting_what_is_not_there_leads_back_to_the_list(client: TestClient) -> None:
    assert client.post("/sessions/0123/delete").url.path == "/sessions"
    assert client.post("/sessions/0123/undo").url.path == "/sessions"


def test_a_deleted_session_leaves_the_list_and_undo_brings_it_back(client: TestClient, journal: Journal) -> None:
    at = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
    id = journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=at).session_id
    after = client.post(f"/sessions/{id}/delete").text
    assert '<details id="deleted" open>' in after
    assert f'action="/sessions/{id}/undo"' in after
    assert f'action="/sessions/{id}/delete"' not in after
    assert client.get(f"/sessions/{id}").status_code == 404
    assert '<details id="deleted">' in client.get("/sessions").text
    back = client.post(f"/sessions/{id}/undo").text
    assert f'action="/sessions/{id}/delete"' in back
    assert 'id="deleted"' not in back
    assert client.get(f"/sessions/{id}").status_code == 200


def test_one_person_is_not_asked_who_they_are(client: TestClient) -> None:
    assert "/profile" not in client.get("/").text


def test_the_page_says_for_whom_it_is_and_another_can_be_chosen(client: TestClient, journal: Journal) -> None:
    home, name = journal.folder, "<script>&'\"🦵"
    other = add(home, name)
    begin = {"kind": "live", "engine": "e", "estimator": "n", "plan": {}, "started_at": datetime(2026, 11, 2, tzinfo=UTC)}
    running = journal.begin(**begin)
    assert "<option selected>me</option>" in client.get("/").text
    page = client.post("/profile", data={"name": name}).text
    assert f"<option selected>{escape(name)}</option>" in page
    assert "<script>&" not in page
    assert journal.folder == home / other.folder
    assert f"/sessions/{running.session_id}" not in client.get("/sessions").text
    running.flush()
    client.post("/profile", data={"name": "me"})
    assert f"/sessions/{running.session_id}" in client.get("/sessions").text


def test_nobody_else_can_be_chosen(client: TestClient, journal: Journal) -> None:
    before = journal.folder
    for name in ("../..", "Otto", ""):
        assert client.post("/profile", data={"name": name}).status_code == 404
    assert client.post("/profile", content=b"\xff\xfe=%00").status_code == 404
    assert journal.folder == before


def test_somebody_whose_movement_is_broken_is_not_turned_to_and_the_page_says_why(client: TestClient, journal: Journal) -> None:
    before = journal.folder
    broken = before / add(before, "Otto").folder / "movements" / "half.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text('name = "Half"', "utf-8")
    answer = client.post("/profile", data={"name": "Otto"})
    assert (answer.status_code, journal.folder) == (503, before)
    assert "half.toml: family is missing" in answer.text
    assert '<option value="bridge">' in client.get("/").text


def test_a_journal_that_cannot_be_read_or_written_says_what_to_do(
    client: TestClient, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise JournalUnavailable("The disk is full. Make room and start again")

    for method, page in (("usual", "/?sample"), ("sessions", "/sessions"), ("trace", "/sessions")):
        with monkeypatch.context() as patch:
            journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=datetime.now(UTC))
            patch.setattr(Journal, method, full)
            answer = client.get(page)
        assert answer.status_code == 503
        assert "The disk is full. Make room and start again" in answer.text


def test_a_long_list_comes_in_pages(client: TestClient, journal: Journal) -> None:
    ids = [
        journal.begin(
            kind="live", engine="e", estimator="n", plan={}, started_at=datetime(2026, 11, 2, 7, minute, tzinfo=UTC)
        ).session_id
        for minute in range(SESSIONS_A_PAGE + 2)
    ]
    newest, older = client.get("/sessions").text, client.get(f"/sessions?first={SESSIONS_A_PAGE}").text
    assert [id for id in ids if f"/sessions/{id}/delete" in newest] == ids[2:]
    assert [id for id in ids if f"/sessions/{id}/delete" in older] == ids[:2]
    assert f'href="/sessions?first={SESSIONS_A_PAGE}"' in newest
    assert "?first=" not in older
    assert 'class="button" href="/sessions"' in older
    assert client.get("/sessions?first=1000").status_code == 200
    assert client.get(f"/sessions?first={10**30}").status_code == 422


@pytest.mark.parametrize("key", ["hold", "finished", "fault_left_shoulder_lifted"])
def test_every_line_can_be_heard_without_a_browser_voice(client: TestClient, key: str) -> None:
    with wave.open(io.BytesIO(client.get(f"/say/en/no_cushion_20s/{key}.wav").content)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    line = spoken(key, catalogue()["no_cushion_20s"])
    assert len(line) / 30 < seconds < len(line) / 5


def test_who_has_no_voice_at_all_is_told_before_the_session(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'id="mute"' not in client.get("/").text
    monkeypatch.setattr(espeak.shutil, "which", lambda _: None)
    assert 'id="mute"' in client.get("/").text


@pytest.mark.parametrize("language", Language)
def test_all_that_the_page_loads_is_less_than_150_kb(client: TestClient, language: Language) -> None:
    page = client.get("/", headers={"Accept-Language": language.tag}).content
    assert len(page) + sum(len(client.get(f"/static/{name}").content) for name in STATIC) < 150_000


@pytest.mark.parametrize(
    "line",
    ["en/bridge/anything", "en/anything/hold", "en/bridge/lower_left", "..%2fen/bridge/hold", "xx/bridge/hold", "bridge/hold"],
)
def test_an_unknown_line_is_not_spoken(client: TestClient, line: str) -> None:
    assert client.get(f"/say/{line}.wav").status_code == 404


def test_the_page_offers_every_movement_and_the_persons_own(journal: Journal) -> None:
    own = journal.folder / "movements" / "my_bridge.toml"
    own.parent.mkdir()
    bridge = resources.files("kneeroll.movements").joinpath("catalogue", "bridge.toml").read_text("utf-8")
    own.write_text(bridge.replace('name = "Bridge"', 'name = "My <b>bridge</b>"'), "utf-8")
    with TestClient(create_app(Plan(), journal, PORT), base_url=HERE) as client:
        text = client.get("/").text
    assert all(f'<option value="{id}">' in text for id in (*catalogue(), "my_bridge"))
    assert "My &lt;b&gt;bridge&lt;/b&gt;" in text


def test_a_broken_movement_of_ones_own_is_named_before_the_page_is_served(journal: Journal) -> None:
    own = journal.folder / "movements" / "half.toml"
    own.parent.mkdir()
    own.write_text('name = "Half"', "utf-8")
    with pytest.raises(InvalidMovement, match=r"half\.toml"):
        create_app(Plan(), journal, PORT)


def test_without_espeak_the_answer_says_what_to_install(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from kneeroll.speech import espeak

    espeak.render.cache_clear()
    monkeypatch.setenv("PATH", "")
    answer = client.get("/say/en/bridge/hold.wav")
    assert answer.status_code == 503
    assert "apt-get install espeak-ng" in answer.text


def test_a_name_from_the_journal_cannot_carry_script(client: TestClient, journal: Journal) -> None:
    from datetime import UTC, datetime

    clip = "<script>alert(1)</script>.mp4"
    journal.begin(kind="clip", clip=clip, engine="e", estimator="n", plan={}, started_at=datetime.now(UTC))
    text = client.get("/sessions").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_session_shows_how_the_person_breathed_only_where_that_was_seen(client: TestClient, journal: Journal) -> None:
    from datetime import UTC, datetime

    texts = []
    for breathing in (Breathing(Measured(5, 1), Measured(4.3, 1.0)), BREATH_NOT_SEEN):
        writer = journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=datetime.now(UTC))
        writer.finish(SessionSummary((replace(HOLD, breathing=breathing),), View.SIDE, (), EndReason.DONE, "e", "n"))
        texts.append(client.get(f"/sessions/{writer.session_id}").text)
    assert '<td class="words">5 ± 1 breaths, longest pause 4 ± 1 s</td>' in texts[0]
    assert "<th>breathing</th>" in texts[0]
    assert "<th>breathing</th>" not in texts[1]
    assert all(text.count("<th>") == text.count("<td") + text.count("<th scope") for text in texts)


def test_an_unfinished_session_is_listed_and_opens(client: TestClient, journal: Journal) -> None:
    from datetime import UTC, datetime

    writer = journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=datetime.now(UTC))
    assert "unfinished" in client.get("/sessions").text
    answer = client.get(f"/sessions/{writer.session_id}")
    assert answer.status_code == 200
    assert "No hold was seen" in answer.text


def test_a_session_in_which_no_knees_sank_shows_no_empty_picture(client: TestClient, journal: Journal) -> None:
    writer = journal.begin(kind="no_camera", engine="e", estimator="n", plan={}, started_at=datetime.now(UTC))
    writer.finish(SessionSummary((HOLD,), None, (), EndReason.DONE, "e", "n"))
    assert "trace" not in client.get(f"/sessions/{writer.session_id}").text
    seen = journal.begin(kind="live", engine="e", estimator="n", plan={}, started_at=datetime.now(UTC))
    seen.record([], [BodyState(1.0, 40.0, 20.0, 2.0, 0.0, 0.0, 0.0, (2.0,) * 6, Quality.GOOD)])
    seen.finish(SessionSummary((HOLD,), View.SIDE, (), EndReason.DONE, "e", "n"))
    assert '<figure class="trace broad">' in client.get(f"/sessions/{seen.session_id}").text
