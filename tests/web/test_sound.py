"""What is heard, rendered by the browser's own audio engine and looked at as samples."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench import live, sound

RATE = sound.RATE
RENDER = """async ([seconds, calls]) => {
  const offline = new OfflineAudioContext(1, seconds * RATE, RATE);
  offline.resume = async () => {};
  window.AudioContext = function () { return offline; };
  const sound = await import(`/static/sound.js?${Math.random()}`);
  sound.wake();
  for (const [name, ...values] of calls) sound[name](...values);
  return Array.from((await offline.startRendering()).getChannelData(0));
}""".replace("RATE", str(RATE))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = live.free_port()
    with live.running_server(tmp_path_factory.mktemp("home"), port):
        yield port


@pytest.fixture(scope="module")
def session(port: int) -> sound.Sound:
    with live.open_page(port) as page:
        return sound.render(page)


@pytest.fixture(scope="module")
def page(port: int, session: sound.Sound) -> Iterator[Any]:
    """Only one page may be open at a time."""
    with live.open_page(port) as opened:
        yield opened


def heard(page: Any, seconds: float, *calls: list[Any]) -> np.ndarray[Any, Any]:
    return np.array(page.evaluate(RENDER, [seconds, list(calls)]))


def loudness(samples: np.ndarray[Any, Any]) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def pitch_hz(samples: np.ndarray[Any, Any]) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) * RATE / len(samples))


def test_the_end_bell_is_loud_long_and_does_not_clip(page: Any) -> None:
    bell = heard(page, 4, ["bell"])
    assert 0.5 < np.abs(bell).max() <= 1.0
    assert loudness(bell[: RATE // 2]) > 3 * loudness(heard(page, 1, ["tick"]))
    for stroke_s in (0, 1.1, 2.2):
        start = int(stroke_s * RATE)
        assert loudness(bell[start : start + RATE // 4]) > 0.1


def test_a_tick_is_short_and_soft(page: Any) -> None:
    tick = heard(page, 1, ["tick"])
    assert 0.05 < np.abs(tick).max() < 0.3
    assert np.abs(tick[RATE // 5 :]).max() < 0.001


def test_the_tone_rises_as_the_knees_sink_and_is_silent_at_the_end(page: Any) -> None:
    pitches = [pitch_hz(heard(page, 2, ["setTone", drop])[RATE:]) for drop in (10, 30, 60)]
    assert pitches == sorted(pitches)
    assert pitches[2] > 1.5 * pitches[0]
    assert loudness(heard(page, 3, ["setTone", 30], ["setTone", None])[2 * RATE :]) < 0.001


def test_a_wish_that_was_heard_is_answered_by_a_short_note(page: Any) -> None:
    note = heard(page, 1, ["heard"])
    assert 0.1 < np.abs(note).max() < 0.5
    assert loudness(note[int(0.35 * RATE) :]) < 0.001


def test_the_chime_of_a_hold_done_is_no_bell(page: Any) -> None:
    chime = heard(page, 2, ["chime"])
    assert 0.2 < np.abs(chime).max() <= 1.0
    assert loudness(chime[int(1.8 * RATE) :]) < 0.01


def test_the_tone_is_an_octave_up_where_the_knees_usually_rest_and_the_chord_says_so(page: Any) -> None:
    low, high = (pitch_hz(heard(page, 2, ["setTone", drop, 40])[RATE:]) for drop in (0.001, 40))
    assert high == pytest.approx(2 * low, rel=0.02)
    chord = heard(page, 2, ["enough"])
    assert 0.05 < np.abs(chord).max() < 0.4
    assert loudness(chord[int(1.6 * RATE) :]) < 0.001


@pytest.mark.parametrize(("way", "rises"), [("in", True), ("out", False)])
def test_a_breath_hums_up_to_breathe_in_and_down_to_breathe_out(page: Any, way: str, rises: bool) -> None:
    hum = heard(page, 5, ["breath", way, 4])
    early, late = hum[RATE // 2 : RATE], hum[3 * RATE : 7 * RATE // 2]
    assert (pitch_hz(late) > pitch_hz(early)) is rises
    assert (loudness(late) > loudness(early)) is rises
    assert 0.05 < np.abs(hum).max() < 0.2
    assert np.abs(hum[4 * RATE :]).max() < 0.001


def test_the_sounds_can_be_made_softer_and_silent(page: Any) -> None:
    whole, half, none = (heard(page, 2, ["setVolume", v], ["chime"])[RATE // 2 :] for v in (1, 0.5, 0))
    assert loudness(half) == pytest.approx(0.5 * loudness(whole), rel=0.05)
    assert loudness(none) < 0.01 * loudness(whole)


def test_a_breath_fades_at_once_when_the_person_rests(page: Any) -> None:
    assert loudness(heard(page, 3, ["breath", "out", 4])[RATE:]) > 0.03
    assert loudness(heard(page, 3, ["breath", "out", 4], ["endBreath"])[RATE:]) < 0.001


NEVER_ENDS = """async () => {
  const later = setTimeout, said = [];
  window.setTimeout = (act, ms) => later(act, ms / 100);
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  speechSynthesis.getVoices = () => [{ lang: "en-GB", localService: true }];
  speechSynthesis.speak = (line) => said.push(line.text);
  const { say } = await import(`/static/sound.js?${Math.random()}`);
  say("hold", "Rest here.");
  say("half", "Half way.");
  const before = [...said];
  await new Promise((wait) => later(wait, 1000));
  window.setTimeout = later;
  return [before, said];
}"""


def test_a_voice_that_never_says_that_it_has_ended_does_not_silence_what_follows(page: Any) -> None:
    assert page.evaluate(NEVER_ENDS) == [["Rest here."], ["Rest here.", "Half way."]]


# ---- a whole session, with the voice of espeak-ng


def test_a_whole_session_is_heard_to_its_last_line(session: sound.Sound) -> None:
    assert [key for key, _, _ in session.lines] == [
        "welcome", "lower_left", "hold", "half", "back_to_centre", "lower_right", "hold", "half", "back_to_centre", "finished",
    ]  # fmt: skip


def test_nothing_in_a_session_clips(session: sound.Sound) -> None:
    assert 0.5 < np.abs(session.mix).max() < 1.0


def test_the_bell_is_at_least_as_loud_as_the_voice(session: sound.Sound) -> None:
    assert session.bell_db >= session.voice_db
    assert loudness(session.between(session.tones, session.bell_s, session.bell_s + 0.05)) > 0.1  # it waits for nothing


def test_the_tones_are_far_softer_than_the_voice_while_it_speaks(session: sound.Sound) -> None:
    for key, from_s, until_s in session.lines:
        assert session.under_db(from_s, until_s) >= sound.UNDER_DB, key


def test_the_tone_of_the_sinking_knees_is_loud_again_when_nobody_speaks(session: sound.Sound) -> None:
    lines = {key: (from_s, until_s) for key, from_s, until_s in session.lines}
    over_s = lines["lower_right"][1] + 0.5
    spoken_over = session.between(session.tones, lines["lower_left"][0] + 1, lines["lower_left"][1])
    assert loudness(session.between(session.tones, over_s, over_s + 1)) > 2.5 * loudness(spoken_over)


def test_one_line_is_spoken_at_a_time_and_none_into_the_bell(session: sound.Sound) -> None:
    for (_, _, until_s), (_, from_s, _) in pairwise(session.lines):
        assert from_s >= until_s - 0.01
    assert session.lines[-1][1] >= session.bell_s + 3


def test_a_session_is_written_as_a_wav_file(session: sound.Sound, tmp_path: Path) -> None:
    sound.write_wav(tmp_path / "session.wav", session.mix)
    with wave.open(str(tmp_path / "session.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getnframes()) == (1, 2, len(session.mix))
        written = np.frombuffer(file.readframes(len(session.mix)), "<i2") / 32767
    assert np.abs(written - session.mix).max() < 1e-4
