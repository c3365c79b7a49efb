"""What is heard of whole sessions: `python -m scripts.spoken` writes the transcripts anew; then read them as on the mat."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kneeroll.coach.turn import SAME_CUE_S
from scripts import spoken
from tests.coach.scripted import SESSIONS, SPOKEN, events_of, heard, transcript

BY_CLOCK = [name for name in SESSIONS if name.startswith(("no_camera", "paced"))]


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_sounds_as_it_was_read(name: str) -> None:
    assert transcript(name) == (SPOKEN / f"{name}.txt").read_text("utf-8")


def test_every_transcript_belongs_to_a_session() -> None:
    assert {path.stem for path in SPOKEN.iterdir()} == set(SESSIONS)


@pytest.mark.parametrize("name", SESSIONS)
def test_no_line_is_heard_twice_within_ten_seconds_and_none_over_another(name: str) -> None:
    words = [(t_s, text, lasts_s) for t_s, text, lasts_s in heard(events_of(name)) if lasts_s]
    for i, (t_s, text, _) in enumerate(words):
        assert all(t_s - before_s >= SAME_CUE_S for before_s, before, _ in words[:i] if before == text)
    for (one_s, _, lasts_s), (other_s, _, _) in pairwise(words):
        assert other_s >= one_s + lasts_s


@pytest.mark.parametrize("name", BY_CLOCK)
def test_where_the_clock_leads_every_line_is_heard_at_once_and_before_the_way_begins(name: str) -> None:
    until_s = 0.0
    for t_s, text, lasts_s in heard(events_of(name)):
        assert not text.startswith("(")
        if text in ("[breathe out]", "[two notes]"):
            assert t_s >= until_s - 0.01
        until_s = max(until_s, t_s + lasts_s)


def test_the_script_writes_what_changed_and_takes_away_what_is_gone(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(spoken, "SPOKEN", tmp_path)
    monkeypatch.setattr(spoken, "SESSIONS", {"pain": SESSIONS["pain"]})
    (tmp_path / "gone.txt").write_text("", "utf-8")
    spoken.main()
    assert [path.name for path in tmp_path.iterdir()] == ["pain.txt"]
    assert (tmp_path / "pain.txt").read_text("utf-8") == transcript("pain")
    assert capsys.readouterr().out == "pain\ngone (gone)\n"
    spoken.main()
    assert capsys.readouterr().out == ""
