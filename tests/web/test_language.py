"""The page, its stream and its voice in each language."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bench import live
from kneeroll.coach.phrases import phrase, spoken
from kneeroll.errors import VoiceMissing
from kneeroll.events import EndReason, Fault, FaultSeen
from kneeroll.journal import Journal
from kneeroll.languages import Language, language, translator
from kneeroll.movements import DEFAULT, catalogue
from kneeroll.poses import BodyState, Quality, View
from kneeroll.speech.espeak import render
from kneeroll.summaries import TIMED, SessionSummary
from kneeroll.wording import DISCLAIMER
from tests.samples import HOLD
from tests.web.conftest import LIVE

OTHERS = [language for language in Language if language is not Language.EN]


def prefer(language: Language) -> dict[str, str]:
    return {"Accept-Language": f"{language.tag},en;q=0.5"}


@pytest.fixture
def _no_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no translation is an error here."""

    def refuse(_: object, english: str) -> str:
        raise KeyError(english)

    monkeypatch.setattr(language._Texts, "__missing__", refuse)


@pytest.fixture
def kept(journal: Journal) -> str:
    """The id of a session with a hold, a fault, and angles that could not be measured."""
    writer = journal.begin(kind="sample", engine="e", estimator="n", plan={}, started_at=datetime(2026, 3, 5, 18, 4, tzinfo=UTC))
    seen = BodyState(12.0, 40.0, 20.0, 2.0, 0.0, 0.0, 0.0, (2.0,) * 6, Quality.GOOD)
    writer.record([FaultSeen(12.0, Fault.KNEES_PARTED, None)], [seen])
    holds = (HOLD, replace(HOLD, trunk_twist_deg=TIMED))
    writer.finish(SessionSummary(holds, View.QUARTER_FOOT, ("no_person",), EndReason.DONE, "e", "n"))
    return writer.session_id


@pytest.mark.usefixtures("_no_gaps")
@pytest.mark.parametrize("language", OTHERS)
def test_every_page_is_in_the_browsers_language_from_head_to_foot(client: TestClient, kept: str, language: Language) -> None:
    inside = f"/sessions/{kept}/inside"
    between = ("/screening", "/screening?anew", "/progress", "/plan", "/questions/activities", "/questions/peg")
    sessions = ("/sessions", f"/sessions/{kept}", inside, f"{inside}?beside=cushion")
    for path in ("/", *between, *sessions, "/claims", "/nowhere"):
        text = client.get(path, headers=prefer(language)).text
        assert f'<html lang="{language.tag}">' in text
        assert translator(language)(DISCLAIMER) in text
        assert f'<option value="{language}" lang="{language.tag}" selected>{language.own_name}<' in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            Language.EN,
            ["Thursday, 5 March 2026", ">left</th>", "8.1 s", "knees parted 31 ± 8 deg", "left 55 ± 4°", "camera: from an angle"],
        ),
        (
            Language.DE,
            [
                "Donnerstag, 5. März 2026",
                ">links</th>",
                "8,1 s",
                "Knie auseinander 31 ± 8 Grad",
                "links 55 ± 4°",
                "Kamera: schräg",
            ],
        ),
        (
            Language.ES,
            ["jueves, 5 de marzo de 2026", ">izquierda</th>", "8,1 s", "rodillas separadas 31 ± 8 grados", "izquierda 55 ± 4°"],
        ),
        (Language.FR, ["jeudi 5 mars 2026", ">gauche</th>", "8,1 s", "genoux écartés 31 ± 8 degrés", "gauche 55 ± 4°"]),
        (Language.ZH, ["2026年3月5日星期四", ">左侧</th>", "8.1 秒", "双膝分开 31 ± 8 度", "左侧 55 ± 4°"]),
    ],
)
def test_a_session_is_told_with_the_languages_own_dates_numbers_and_sides(
    client: TestClient, kept: str, language: Language, words: list[str]
) -> None:
    text = client.get(f"/sessions/{kept}", headers=prefer(language)).text
    assert [word for word in words if word not in text] == []


def test_the_choice_on_the_page_outweighs_the_browser(client: TestClient) -> None:
    client.cookies.set("language", "fr")
    assert '<html lang="fr">' in client.get("/", headers=prefer(Language.DE)).text
    client.cookies.set("language", "klingon")
    assert '<html lang="de">' in client.get("/", headers=prefer(Language.DE)).text


@pytest.mark.parametrize("language", Language)
def test_what_is_said_over_the_stream_is_in_the_pages_language_and_the_journal_stays_english(
    client: TestClient, journal: Journal, language: Language
) -> None:
    with client.websocket_connect(LIVE, headers=prefer(language)) as socket:
        socket.send_json({"camera": "none", "ask": "start", "movement": "bridge"})
        started = socket.receive_json()
        socket.send_json({"ask": "stop"})
        while "finished" not in socket.receive_json():
            pass
    events = {event["kind"]: event for event in reversed(started["events"])}
    assert (events["cue_given"]["key"], events["cue_given"]["text"]) == ("welcome", translator(language)(phrase("welcome")))
    assert events["movement_started"]["name"] == translator(language)("Bridge")
    (entry,) = journal.sessions()
    assert phrase("welcome") in [getattr(event, "text", "") for event in journal.session(entry.id).events]


@pytest.mark.parametrize("language", Language)
def test_a_line_sounds_in_the_voice_of_its_language(client: TestClient, language: Language) -> None:
    line = translator(language)(spoken("lower_left", catalogue()[DEFAULT]))
    try:
        expected = render(line, language.voice)
    except VoiceMissing as missing:
        pytest.skip(f"espeak-ng has no voice {language.voice}: {missing}")
    sound = client.get(f"/say/{language}/{DEFAULT}/lower_left.wav").content
    assert sound == expected
    if language is not Language.EN:
        assert sound != render(line)
    with wave.open(io.BytesIO(sound)) as heard:
        assert 2 < heard.getnframes() / heard.getframerate() < 15


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    found = live.free_port()
    with live.running_server(tmp_path_factory.mktemp("languages"), found):
        yield found


@pytest.mark.parametrize("language", OTHERS)
def test_a_session_without_a_camera_speaks_the_chosen_language_to_the_first_hold(port: int, language: Language) -> None:
    asked: list[str] = []
    with live.open_page(port) as page:
        page.on("request", lambda request: asked.append(request.url.partition("/say/")[2]))
        with page.expect_navigation():
            page.select_option("#language", language.value)
        assert page.evaluate("document.documentElement.lang") == language.tag
        assert _cookie(page) == (language.value, "Strict")
        page.select_option("#camera", "none")
        page.select_option("#ready", "0")
        page.click("#start")
        live.wait_until(page, "document.body.dataset.phase === 'hold'", 40)
        lines = [line for _, line in page.evaluate("kneerollLog.lines")]
        assert page.is_disabled("#language")
        step = page.inner_text("#step")
        page.click("#stop")
        live.wait_until(page, "!document.getElementById('after').hidden", 10)
    _, movement = translator(language), catalogue()[DEFAULT]
    said = [_(spoken(key, movement)) for key in ("start_position", "lower_left", "hold")]
    assert [line for line in said if line not in lines] == []
    assert step.lower() == _("{movement}: {where}").format(movement=_(movement.name), where=_("hold, left")).lower()
    assert [wav for wav in asked if wav and not re.match(rf"{language}/{DEFAULT}/\w+\.wav$", wav)] == []
    assert any(asked)


SPEAK = """async ([lang, voices]) => {
  const said = [];
  document.documentElement.lang = lang;
  window.SpeechSynthesisUtterance = class {};
  speechSynthesis.getVoices = () => voices.map(([lang, localService, mine]) => ({ lang, localService, default: !!mine }));
  speechSynthesis.speak = (line) => said.push(line.lang);
  (await import(`/static/sound.js?${Math.random()}`)).say("hold", "Rest here.");
  return said;
}"""


@pytest.mark.parametrize(
    ("language", "voices", "chosen"),
    [
        (Language.EN, [("de-DE", True), ("en-US", False), ("en-AU", True)], ["en-AU"]),
        (Language.DE, [("en-US", True), ("de-AT", True)], ["de-AT"]),
        (Language.ZH, [("zh-HK", True), ("zh-CN", False), ("zh_CN", True)], ["zh_CN"]),
        (Language.FR, [("en-US", True), ("fr-FR", False)], []),
        (Language.EN, [("en-GB", True), ("en-US", True, True), ("de-DE", True)], ["en-US"]),
    ],
)
def test_the_browsers_own_voice_speaks_only_its_language_and_without_a_network(
    port: int, language: Language, voices: list[tuple[str, bool, *tuple[bool, ...]]], chosen: list[str]
) -> None:
    with live.open_page(port) as page:
        assert page.evaluate(SPEAK, [language.tag, voices]) == chosen


def _cookie(page: Any) -> tuple[str, str]:
    (cookie,) = (cookie for cookie in page.context.cookies() if cookie["name"] == "language")
    return cookie["value"], cookie["sameSite"]
