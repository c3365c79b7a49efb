"""The stream: frames in, coaching out, and what happens when it goes wrong."""

from __future__ import annotations

import sqlite3
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from kneeroll.events import ComfortRated, EndReason
from kneeroll.journal import Journal
from kneeroll.poses import Side
from kneeroll.session import Session
from kneeroll.summaries import TIMED
from kneeroll.web import app as web_app
from kneeroll.web import live
from tests.web.conftest import LIVE, packed

Jpegs = list[tuple[float, bytes]]


def answer_with(socket: Any, key: str) -> dict[str, Any]:
    """The next message that has this key."""
    for _ in range(200):
        message = socket.receive_json()
        if key in message:
            return dict(message)
    raise AssertionError(f"no message with {key!r}")


def send(socket: Any, frames: Jpegs) -> list[dict[str, Any]]:
    """Send frames one after the other, each after the answer to the last."""
    answers = []
    for t_s, picture in frames:
        socket.send_bytes(packed(t_s, picture))
        answers.append(answer_with(socket, "t_ms"))
    return answers


def test_the_preview_sees_the_person_and_keeps_nothing(client: TestClient, journal: Journal, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        last = send(socket, jpegs[:24])[-1]
    assert last["view"] == "quarter_foot"
    assert last["advice"] is None
    assert len(last["landmarks"]) == 19
    assert "phase" not in last
    assert journal.sessions() == []


def test_a_session_lowers_holds_and_is_kept_unfinished_when_the_page_goes(
    client: TestClient, journal: Journal, jpegs: Jpegs
) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "sample", "ask": "start"})
        assert answer_with(socket, "started")["phase"] == "not_in_view"
        phases = [a["phase"] for a in send(socket, jpegs)]
    assert list(dict.fromkeys(phases)) == ["start_position", "lower", "hold", "back_to_centre"]
    deadline = time.monotonic() + 10
    while not (entries := journal.sessions()) or entries[0].duration_s < 11.8:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert entries[0].end_reason is None
    assert entries[0].label == "sample person"
    assert len(journal.session(entries[0].id).states) == len(jpegs)


def test_what_was_measured_is_kept_when_something_breaks(
    client: TestClient, journal: Journal, jpegs: Jpegs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    def measure() -> None:
        with client.websocket_connect(LIVE) as socket:
            socket.send_json({"ask": "start"})
            answer_with(socket, "started")
            send(socket, jpegs[:5])
            monkeypatch.setattr(live, "decode_picture", broken)
            socket.send_bytes(packed(*jpegs[5]))
            answer_with(socket, "never")

    with pytest.raises(ExceptionGroup):
        measure()
    (entry,) = journal.sessions()
    assert len(journal.session(entry.id).states) == 5


@pytest.mark.parametrize("request_name", ["stop", "pain"])
def test_stop_ends_at_once_and_is_kept(client: TestClient, journal: Journal, jpegs: Jpegs, request_name: str) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "start"})
        answer_with(socket, "started")
        send(socket, jpegs[:4])
        socket.send_json({"ask": request_name})
        ended = answer_with(socket, "finished")
        assert ended["phase"] == "stopped"
        assert ended["events"][-1]["kind"] == "session_ended"
        again = send(socket, jpegs[4:6])[-1]
        assert "phase" not in again
    assert journal.session(ended["finished"]).entry.end_reason is not None


def test_pause_and_go_on(client: TestClient, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "start"})
        answer_with(socket, "started")
        send(socket, jpegs[:4])
        socket.send_json({"ask": "pause"})
        assert answer_with(socket, "phase")["phase"] == "paused"
        assert send(socket, jpegs[4:6])[-1]["phase"] == "paused"
        socket.send_json({"ask": "resume"})
        assert answer_with(socket, "phase")["phase"] == "start_position"


def test_a_camera_that_goes_silent_pauses_the_session_and_one_that_returns_goes_on(
    client: TestClient, jpegs: Jpegs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CAMERA_SILENT_S", 0.3)
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "start"})
        answer_with(socket, "started")
        send(socket, jpegs[:30])
        lost = answer_with(socket, "phase")
        assert lost["phase"] == "tracking_lost"
        assert "No pictures reach me" in lost["events"][-1]["text"]
        later = [(t_s + 4, picture) for t_s, picture in jpegs[30:34]]
        assert send(socket, later)[-1]["phase"] == "lower"


def test_a_picture_that_freezes_in_a_hold_stops_the_clock_until_it_moves_again(
    client: TestClient, jpegs: Jpegs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FROZEN_S", 0.6)
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "start"})
        answer_with(socket, "started")
        sent = next(i for i in range(len(jpegs)) if send(socket, jpegs[i : i + 1])[-1]["phase"] == "hold")
        t_s, picture = jpegs[sent]
        frozen = send(socket, [(t_s + i / 8, picture) for i in range(1, 12)])
        lost = next(answer for answer in frozen if answer["phase"] == "tracking_lost")
        assert "picture stands still" in lost["events"][-1]["text"]
        assert frozen[-1]["done_s"] == lost["done_s"] < 2.0
        later = [(moved_s + 1.5, moving) for moved_s, moving in jpegs[sent + 1 : sent + 4]]
        assert send(socket, later)[-1]["phase"] == "hold"


def test_a_second_tab_is_told_so_and_the_first_goes_on(client: TestClient, jpegs: Jpegs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_app, "LETS_GO_S", 0.2)
    with client.websocket_connect(LIVE) as first:
        send(first, jpegs[:2])
        with client.websocket_connect(LIVE) as second:
            assert "another tab" in second.receive_json()["problem"]
        assert send(first, jpegs[2:4])[-1]["landmarks"]
    with client.websocket_connect(LIVE) as third:
        assert send(third, jpegs[:2])[-1]["landmarks"]


# ---- measured anew at the end


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Sessions that are over are measured anew only once this is set."""
    may = threading.Event()
    monkeypatch.setattr(Session, "remeasure", lambda session, fps, then=Session.remeasure: may.wait(20) and then(session, fps))
    return may


def stopped_after(socket: Any, jpegs: Jpegs) -> dict[str, Any]:
    """What the page hears when it stops a session in which it has shown these."""
    socket.send_json({"camera": "sample", "ask": "start"})
    answer_with(socket, "started")
    send(socket, jpegs)
    socket.send_json({"ask": "stop"})
    return answer_with(socket, "finished")


def test_a_session_that_is_over_is_measured_as_a_whole_and_the_page_is_told(
    client: TestClient, journal: Journal, jpegs: Jpegs, go_on: threading.Event
) -> None:
    with client.websocket_connect(LIVE) as socket:
        ended = stopped_after(socket, jpegs)
        assert ended["measuring"] is True
        before = journal.session(ended["finished"])
        go_on.set()
        assert answer_with(socket, "measuring") == {"measuring": False}
    after = journal.session(ended["finished"])
    assert (after.events, after.entry) == (before.events, before.entry)
    (was,), (hold,) = before.holds, after.holds
    assert (hold.start_s, hold.end_s) == (was.start_s, was.end_s)
    assert hold.knee_drop_deg != was.knee_drop_deg
    assert hold.knee_drop_deg.value == pytest.approx(was.knee_drop_deg.value, abs=5)
    assert [s.t_s for s in after.states] == [s.t_s for s in before.states]
    assert [s.knee_drop_deg for s in after.states] != [s.knee_drop_deg for s in before.states]


def test_a_page_that_goes_at_the_end_takes_nothing_away_and_the_next_one_need_not_wait(
    client: TestClient, journal: Journal, jpegs: Jpegs, go_on: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_app, "LETS_GO_S", 10.0)  # less than the measuring is held up
    with client.websocket_connect(LIVE) as socket:
        ended = stopped_after(socket, jpegs)
    live_deg = journal.session(ended["finished"]).holds[0].knee_drop_deg
    with client.websocket_connect(LIVE) as socket:
        assert send(socket, jpegs[:2])[-1]["landmarks"]
    go_on.set()
    deadline = time.monotonic() + 20
    while journal.session(ended["finished"]).holds[0].knee_drop_deg == live_deg:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_journal_that_cannot_be_written_any_more_keeps_what_was_measured_live(
    client: TestClient, journal: Journal, jpegs: Jpegs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> None:
        journal.close()
        sa.event.listen(journal.store.engine, "connect", lambda driver, _: driver.execute("PRAGMA query_only = 1"))

    monkeypatch.setattr(Session, "remeasure", read_only)
    with client.websocket_connect(LIVE) as socket:
        ended = stopped_after(socket, jpegs)
        assert "cannot be written" in answer_with(socket, "measuring")["problem"]
    assert len(journal.session(ended["finished"]).holds) == 1


def test_a_session_in_which_nothing_was_measured_is_not_measured_anew(client: TestClient, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        assert stopped_after(socket, jpegs[:4])["measuring"] is False


@pytest.fixture
def quick_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four seconds pass in one."""
    began_s = time.monotonic()
    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: 4 * (time.monotonic() - began_s)))


def test_without_a_camera_a_whole_session_is_led_and_kept_and_nothing_is_measured(
    client: TestClient, journal: Journal, quick_clock: None
) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start", "get_ready_s": 10})
        assert answer_with(socket, "started")["phase"] == "get_ready"
        events, finished = [], ""
        while not finished:
            message = socket.receive_json()
            events += message.get("events", [])
            finished = message.get("finished", "")
        socket.send_json({"ask": "answer", "stiffness": 2, "discomfort": 1})
        assert answer_with(socket, "events")["events"][0]["kind"] == "comfort_rated"
    assert [e["key"] for e in events if e["kind"] == "cue_given"] == [
        "start_position", "lower_left", "hold", "back_to_centre", "lower_right", "hold", "back_to_centre", "finished",
    ]  # fmt: skip
    record = journal.session(finished)
    assert (record.entry.label, record.entry.end_reason, record.estimator) == ("without a camera", EndReason.DONE, "no_camera")
    assert [h.side for h in record.holds] == [Side.LEFT, Side.RIGHT]
    assert all(h.knee_drop_deg == h.trunk_twist_deg == TIMED for h in record.holds)
    assert all(h.in_posture_s == pytest.approx(3, abs=0.6) for h in record.holds)
    assert record.states == ()
    assert record.events[-1] == ComfortRated(record.events[-1].t_s, True, 2, 1)
    page = client.get(f"/sessions/{finished}").text
    assert "The clock led this session; nothing was measured." in page


def test_the_page_may_choose_a_movement_and_the_time_to_get_ready(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start", "movement": "figure_four", "get_ready_s": 0})
        started = answer_with(socket, "started")
    assert started["phase"] == "start_position"
    assert [e["movement"] for e in started["events"] if e["kind"] == "movement_started"] == ["figure_four"]


def test_what_the_person_lies_on_and_the_cushion_are_kept_with_the_session(client: TestClient, journal: Journal) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start", "movement": "cushion_20s", "surface": "bed", "cushion_cm": 20})
        started = answer_with(socket, "started")
    plan = journal.session(str(started["started"])).plan
    assert (plan["surface"], plan["cushion_cm"]) == ("bed", 20.0)
    assert '<option value="20" selected>' in client.get("/").text


NONSENSE: list[dict[str, Any]] = [
    {"movement": "no_such"}, {"movement": 3}, {"get_ready_s": 5}, {"get_ready_s": "soon"}, {"get_ready_s": -1},
    {"surface": "sofa"}, {"surface": ["bed"]},
    {"cushion_cm": 0}, {"cushion_cm": 1000}, {"cushion_cm": "high"}, {"cushion_cm": [20]},
]  # fmt: skip


@pytest.mark.parametrize("wish", NONSENSE)
def test_a_wish_that_makes_no_sense_leaves_the_plan_as_it_is(client: TestClient, wish: dict[str, Any]) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start"} | wish)
        started = answer_with(socket, "started")
    assert started["phase"] == "start_position"
    assert [e["movement"] for e in started["events"] if e["kind"] == "movement_started"] == ["no_cushion_20s"]


def test_who_is_too_uncomfortable_to_begin_is_told_so_and_it_is_kept(client: TestClient, journal: Journal) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start", "discomfort": 7})
        started = answer_with(socket, "started")
    assert started["finished"] == started["started"]
    assert started["events"][-1]["why"] == "discomfort"
    assert "health professional" in started["events"][-2]["text"]
    assert journal.session(started["finished"]).entry.end_reason is EndReason.DISCOMFORT


def test_the_reason_for_a_stop_is_kept_after_the_end(client: TestClient, journal: Journal) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start"})
        answer_with(socket, "started")
        socket.send_json({"ask": "stop"})
        finished = answer_with(socket, "finished")["finished"]
        socket.send_json({"ask": "answer", "why": "leg"})
        said = answer_with(socket, "events")["events"]
    assert [e["kind"] for e in said] == ["stop_explained", "cue_given"]
    assert journal.session(finished).events[-2].kind == "stop_explained"


@pytest.mark.parametrize(
    "answer",
    [{}, {"why": "bored"}, {"why": ["leg"]}, {"discomfort": 11}, {"discomfort": True}, {"stiffness": "3"}, {"discomfort": -1}],
)
def test_an_answer_that_says_nothing_is_not_kept(client: TestClient, journal: Journal, answer: dict[str, Any]) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"camera": "none", "ask": "start"})
        answer_with(socket, "started")
        socket.send_json({"ask": "stop"})
        finished = answer_with(socket, "finished")["finished"]
        socket.send_json({"ask": "answer"} | answer)
        socket.send_json({"ask": "answer", "why": "enough"})
        assert answer_with(socket, "events")["events"][0]["reason"] == "enough"
    assert [e.kind for e in journal.session(finished).events].count("comfort_rated") == 0


def test_an_answer_without_a_session_is_not_kept(client: TestClient, journal: Journal, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "answer", "why": "enough"})
        assert send(socket, jpegs[:2])[-1]["landmarks"]
    assert journal.sessions() == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"start"', '{"ask": 3}', '{"ask": ["start"]}', '{"ask": "format the disk"}']
)
def test_nonsense_is_ignored(client: TestClient, journal: Journal, jpegs: Jpegs, text: str) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_text(text)
        assert send(socket, jpegs[:2])[-1]["landmarks"]
    assert journal.sessions() == []


def test_broken_pictures_are_named_and_the_next_one_counts(client: TestClient, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_bytes(b"short")
        socket.send_bytes(packed(float("nan"), jpegs[0][1]))
        socket.send_bytes(packed(0.1, b"GIF89a not a picture of ours"))
        assert "not a picture" in answer_with(socket, "problem")["problem"]
        assert send(socket, [(0.2, jpegs[0][1])])[-1]["landmarks"]


def test_a_frame_from_the_past_is_left_out(client: TestClient, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        send(socket, jpegs[:8])
        assert send(socket, jpegs[2:3]) == [{"t_ms": jpegs[2][0] * 1000}]
        assert send(socket, jpegs[8:9])[-1]["landmarks"]


def test_the_newest_frame_wins_and_every_frame_is_answered(client: TestClient, jpegs: Jpegs) -> None:
    with client.websocket_connect(LIVE) as socket:
        for t_s, picture in jpegs[:12]:
            socket.send_bytes(packed(t_s, picture))
        answers = [answer_with(socket, "t_ms") for _ in range(12)]
    dropped = [a["t_ms"] for a in answers if a.get("dropped")]
    measured = [a["t_ms"] for a in answers if a.get("landmarks")]
    assert len(dropped) + len(measured) == 12
    assert measured[-1] == max(a["t_ms"] for a in answers)
    assert dropped


def fill_the_disk(journal: Journal) -> None:
    """From now on the journal cannot grow: SQLite itself says that the disk is full."""
    journal.close()
    book = sqlite3.connect(journal.folder / "journal.sqlite", isolation_level=None)
    pages = book.execute("PRAGMA page_count").fetchone()[0] + 2
    book.execute(f"PRAGMA max_page_count={pages}")

    def fill() -> None:
        for i in range(10_000):
            book.execute("INSERT INTO traces VALUES ('filler', ?, 0, zeroblob(90))", (i,))

    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill()
    book.close()
    sa.event.listen(journal.store.engine, "connect", lambda driver, _: driver.execute(f"PRAGMA max_page_count={pages}"))


def test_a_full_disk_is_said_before_the_session_starts(client: TestClient, journal: Journal) -> None:
    fill_the_disk(journal)
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "start"})
        assert "disk is full" in answer_with(socket, "problem")["problem"]
    assert journal.sessions() == []


def test_a_disk_that_fills_up_in_the_middle_is_said_and_the_coaching_goes_on(
    client: TestClient, journal: Journal, jpegs: Jpegs
) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_json({"ask": "start"})
        answer_with(socket, "started")
        send(socket, jpegs[:10])
        fill_the_disk(journal)
        answers = send(socket, jpegs[10:60])
        assert any("disk is full" in a.get("problem", "") for a in answers)
        assert answers[-1]["phase"] in ("lower", "hold")
        socket.send_json({"ask": "stop"})
        assert answer_with(socket, "finished")["problem"]
    assert [e.end_reason for e in journal.sessions()] == [None]
