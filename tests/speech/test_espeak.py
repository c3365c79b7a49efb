"""Lines become sound, offline; without espeak-ng there are words that help."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from kneeroll.coach.phrases import all_phrases, lasts_s
from kneeroll.errors import VoiceMissing
from kneeroll.languages import Language, translator
from kneeroll.speech.espeak import find_espeak, render


@pytest.fixture(autouse=True)
def _forget() -> None:
    render.cache_clear()


def listen(sound: bytes) -> tuple[float, np.ndarray]:
    """Length in seconds, and the samples."""
    with wave.open(io.BytesIO(sound)) as heard:
        samples = np.frombuffer(heard.readframes(heard.getnframes()), dtype="<i2").astype(float)
        return len(samples) / heard.getframerate() / heard.getnchannels(), samples


@pytest.mark.parametrize("key", ["half", "pain", "welcome"])
def test_a_line_becomes_sound(key):
    line = all_phrases()[key]
    length_s, samples = listen(render(line))
    assert length_s > 0.3
    assert length_s == pytest.approx(len(line.split()) * 60 / 140, rel=0.6)
    assert np.abs(samples).max() > 3000


@pytest.mark.parametrize("language", list(Language))
def test_lines_last_as_long_as_the_coach_counts_in_every_language(language):
    lines = sorted(all_phrases().values())[::4]
    shares = [listen(render(translator(language)(line), language.voice))[0] / lasts_s(line) for line in lines]
    assert np.median(shares) == pytest.approx(1.0, abs=0.15)


def test_the_header_says_the_true_length():
    sound = render("Half way.")
    with wave.open(io.BytesIO(sound)) as heard:
        claimed = heard.getnframes() * heard.getsampwidth() * heard.getnchannels()
    assert claimed == len(sound) - 44


def test_a_longer_line_takes_longer():
    short, long = (listen(render(text))[0] for text in ("Half way.", "Half way. Keep breathing. Let your knees sink."))
    assert long > 1.5 * short


def test_the_same_line_is_rendered_once():
    assert render("Half way.") is render("Half way.")


@pytest.mark.parametrize(
    "text",
    [
        '"quoted"',
        "it's",
        "a; touch done.txt; b",
        "$(touch done.txt)",
        "`touch done.txt`",
        "-w done.txt",
        "--version",
        "<b>&</b>",
        "Grüße °",
    ],
)
def test_marks_in_a_line_are_only_spoken(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    length_s, samples = listen(render(text))
    assert length_s > 0.1
    assert np.abs(samples).max() > 1000
    assert list(tmp_path.iterdir()) == []


def test_the_voice_is_found_on_the_path():
    assert Path(find_espeak()).is_file()


@pytest.mark.parametrize("ask", [find_espeak, lambda: render("Half way.")], ids=["find", "render"])
def test_without_espeak_it_says_how_to_get_it(tmp_path, monkeypatch, ask):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceMissing, match="apt-get install espeak-ng"):
        ask()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no data here >&2; exit 1", "no data here"),
        ("exit 0", "no sound"),
        ("echo not a sound", "no sound"),
        ("printf RIFF", "no sound"),
    ],
)
def test_an_espeak_that_fails_is_reported(tmp_path, monkeypatch, script, said):
    broken = tmp_path / "espeak-ng"
    broken.write_text(f"#!/bin/sh\n{script}\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceMissing, match=said):
        render("Half way.")


def test_an_espeak_that_hangs_is_given_up(tmp_path, monkeypatch):
    hung = tmp_path / "espeak-ng"
    hung.write_text("#!/bin/sh\nwhile :; do :; done\n")
    hung.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("kneeroll.speech.espeak.PATIENCE_S", 0.05)
    with pytest.raises(VoiceMissing, match="timed out"):
        render("Half way.")


def test_a_failure_is_not_remembered(tmp_path, monkeypatch):
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        with pytest.raises(VoiceMissing):
            render("Half way.")
    assert render("Half way.").startswith(b"RIFF")
