"""A phone as the camera, with two real Chromium: one is the laptop, one the phone that scans the laptop's code."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import zxingcpp
from PIL import Image

from bench import live
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.coach.phrases import all_phrases
from kneeroll.events import ComfortRated
from kneeroll.journal import Journal

PLAN = "holds_a_side = 1\nhold_s = 3\nget_ready_s = 0\n"
HAND = {"width": 390, "height": 844}


@dataclass
class Pair:
    """The two pages, as they stand when the phone has scanned the code."""

    laptop: Any
    phone: Any
    door: str
    home: Path
    frames_to_laptop: list[Any]


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live.make_camera(tmp_path_factory.mktemp("camera") / "sample.mjpeg", sample_clip_path(), lead_in_s=8)


def two_ports() -> int:
    """A free port whose next one is free as well."""
    for _ in range(50):
        port = live.free_port()
        with contextlib.suppress(OSError), live.socket.socket() as probe:
            probe.bind(("127.0.0.1", port + 1))
            return port
    raise RuntimeError("no two free ports side by side")


@contextlib.contextmanager
def phone_server(home: Path) -> Iterator[tuple[int, live.RunningServer]]:
    plan = home / "plan.toml"
    plan.write_text(PLAN, "utf-8")
    port = two_ports()
    options = ("--plan", str(plan), "--phone", "--phone-host", "127.0.0.1")
    with live.running_server(home / "journal", port, *options) as server:
        yield port, server


def scan(page: Any) -> str:
    """What a phone's camera reads in the code on the laptop's screen."""
    live.wait_until(page, "!document.getElementById('code').hidden && document.getElementById('picture').complete", 10)
    shot = np.asarray(Image.open(io.BytesIO(page.locator("#picture").screenshot())).convert("L"))
    return "".join(code.text for code in zxingcpp.read_barcodes(np.pad(shot, 20, constant_values=255)))


@pytest.fixture
def pair(tmp_path: Path, camera: Path) -> Iterator[Pair]:
    """A laptop and a phone that is let in and sends pictures, but has not started."""
    with phone_server(tmp_path) as (port, server), live.open_page(port) as laptop:
        received: list[Any] = []
        laptop.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
        laptop.reload()
        code = scan(laptop)
        assert code.startswith(f"https://127.0.0.1:{port + 1}/pair/")
        with phone_browser(laptop, camera) as phone:
            phone.goto(code)
            live.wait_until(phone, "kneerollTimings.length > 3", 30)
            yield Pair(laptop, phone, f"https://127.0.0.1:{port + 1}", tmp_path / "journal", received)
    assert "Traceback" not in server.said
    assert "LEFT THE MACHINE" not in server.said
    assert server.process.returncode == 0


@contextlib.contextmanager
def phone_browser(laptop: Any, camera: Path) -> Iterator[Any]:
    """A second Chromium, as a phone has it; it goes past the warning, as a person does who compared the fingerprint."""
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    arguments += [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
        "--use-fake-ui-for-media-stream",
    ]
    browser = laptop.context.browser.browser_type.launch(executable_path=live.find_chromium(), args=arguments)
    try:
        context = browser.new_context(viewport=HAND, is_mobile=True, has_touch=True, ignore_https_errors=True)
        page = context.new_page()
        page.add_init_script(live._LISTEN)
        yield page
    finally:
        browser.close()


def text_of(page: Any, element_id: str) -> str:
    return str(page.inner_text(f"#{element_id}"))


def phase_is(name: str) -> str:
    return f"document.body.dataset.phase === '{name}'"


def shows(element_id: str, text: str) -> str:
    return f"document.getElementById('{element_id}').textContent.includes({text!r})"


def status(page: Any, address: str) -> int:
    """What an address answers to the cookies of this page's browser."""
    return int(page.context.request.get(address, fail_on_status_code=False, max_redirects=0).status)


def in_phases(*names: str) -> str:
    return f"{list(names)}.includes(document.body.dataset.phase)"


def start(pair: Pair) -> None:
    pair.phone.tap("#start")
    for page in (pair.phone, pair.laptop):
        live.wait_until(page, in_phases("start_position", "lower", "hold"), 20)


def test_the_laptop_shows_what_the_phone_measures_and_says_and_the_cookie_dies_with_the_session(pair: Pair) -> None:
    laptop, phone = pair.laptop, pair.phone
    live.wait_until(laptop, "document.body.dataset.phone === 'here'", 10)
    assert laptop.is_visible("#overlay")
    assert not laptop.is_visible("#code")
    start(pair)
    live.wait_until(laptop, phase_is("hold"), 40)
    live.wait_until(laptop, shows("seconds", "2"), 10)
    assert text_of(laptop, "step") == text_of(phone, "step")
    assert text_of(laptop, "step").endswith("hold, left")
    live.wait_until(laptop, f"document.getElementById('say').textContent === {text_of(phone, 'say')!r}", 5)
    live.wait_until(phone, "kneerollLog.spoken.length >= 1", 10)
    assert not any("say(" in line for line in laptop.evaluate("performance.getEntriesByType('resource').map((r) => r.name)"))

    laptop.click("#stop")
    for page in (laptop, phone):
        live.wait_until(page, phase_is("stopped"), 5)
        assert text_of(page, "say") == all_phrases()["stopped"]
    for path in ("/", "/static/coach.js", "/sample.mp4", "/sessions"):
        assert status(phone, pair.door + path) == 403
    live.wait_until(laptop, "!document.getElementById('result').hidden", 20)
    assert not laptop.is_visible("#measuring")
    for left_out in ("#result", "#again", "#measuring"):
        assert not phone.is_visible(left_out)

    live.wait_until(laptop, "!document.getElementById('code').hidden", 5)
    assert scan(laptop).startswith(f"{pair.door}/pair/")
    laptop.click("#result")
    laptop.wait_for_selector("h1")
    assert "stopped" in laptop.inner_text("main")
    assert pair.frames_to_laptop
    assert all(isinstance(frame, str) and len(frame) < 20_000 for frame in pair.frames_to_laptop)


def test_the_laptop_can_pause_and_go_on(pair: Pair) -> None:
    start(pair)
    pair.laptop.click("#pause")
    for page in (pair.laptop, pair.phone):
        live.wait_until(page, phase_is("paused"), 5)
        assert text_of(page, "pause") == "Go on"
    pair.laptop.click("#pause")
    live.wait_until(pair.phone, in_phases("start_position", "lower"), 5)


def test_a_phone_that_goes_away_is_waited_for_and_finds_its_session_again(pair: Pair) -> None:
    start(pair)
    session = pair.phone.url
    pair.phone.goto("about:blank")
    live.wait_until(pair.laptop, phase_is("tracking_lost"), 10)
    live.wait_until(pair.laptop, shows("problem", "The phone is gone"), 5)
    pair.phone.goto(session)
    live.wait_until(pair.laptop, in_phases("start_position", "lower", "hold"), 30)
    live.wait_until(pair.phone, in_phases("start_position", "lower", "hold"), 10)
    assert pair.phone.is_visible("#stop")
    assert "Tap once" in text_of(pair.phone, "problem")  # until then its browser lets it make no sound
    pair.phone.tap("#say")
    live.wait_until(pair.phone, "document.getElementById('problem').hidden", 3)
    pair.phone.wait_for_timeout(500)
    assert pair.phone.evaluate("document.body.dataset.phase") != "paused"
    assert not pair.laptop.is_visible("#problem")
    pair.phone.tap("#stop")
    live.wait_until(pair.laptop, phase_is("stopped"), 5)
    with Journal.open(pair.home) as journal:
        assert [entry.end_reason for entry in journal.sessions()] == ["stopped"]


def test_a_phone_that_the_network_loses_is_noticed_and_comes_back_by_itself(pair: Pair, camera: Path) -> None:
    start(pair)
    browser = next(p for p in psutil.Process().children(recursive=True) if f"capture={camera}" in " ".join(p.cmdline()))
    processes = [browser, *browser.children(recursive=True)]
    for process in processes:  # it answers nothing any more, as a phone that is out of reach
        process.suspend()
    try:
        live.wait_until(pair.laptop, phase_is("tracking_lost"), 10)
        live.wait_until(pair.laptop, shows("problem", "The phone is gone"), 15)
    finally:
        for process in processes:
            process.resume()
    live.wait_until(pair.laptop, in_phases("start_position", "lower", "hold"), 20)
    live.wait_until(pair.phone, "document.getElementById('problem').hidden", 10)


def test_what_the_phone_says_of_the_session_afterwards_is_kept(pair: Pair) -> None:
    start(pair)
    pair.phone.tap("#stop")
    live.wait_until(pair.phone, phase_is("stopped"), 5)
    pair.phone.check('input[name="after-stiffness"][value="3"]', force=True)
    pair.phone.tap("#after button[type=submit]")
    live.wait_until(pair.laptop, "!document.getElementById('result').hidden", 5)
    until = time.monotonic() + 10
    while not (told := feelings_kept(pair.home)) and time.monotonic() < until:
        pair.phone.wait_for_timeout(200)
    assert told == [(True, 3)]


def feelings_kept(home: Path) -> list[tuple[bool, int | None]]:
    with Journal.open(home) as journal:
        events = journal.session(journal.sessions()[0].id).events
    return [(e.after, e.stiffness) for e in events if isinstance(e, ComfortRated)]


def test_a_second_phone_is_not_let_in(pair: Pair, camera: Path) -> None:
    with phone_browser(pair.laptop, camera) as other:
        assert status(other, pair.door) == 403
        assert status(other, pair.door + "/static/style.css") == 403


def test_nothing_listens_elsewhere(tmp_path: Path) -> None:
    plain = live.free_port()
    with live.running_server(tmp_path / "plain", plain) as server:
        assert listening(server) == {("127.0.0.1", plain)}
    with phone_server(tmp_path) as (port, server):
        assert listening(server) == {("127.0.0.1", port), ("127.0.0.1", port + 1)}


def listening(server: live.RunningServer) -> set[tuple[str, int]]:
    found = psutil.Process(server.process.pid).net_connections("inet")
    return {tuple(c.laddr) for c in found if c.status == psutil.CONN_LISTEN}


def coach(*options: str, cut: bool = False) -> subprocess.CompletedProcess[str]:
    command = [*(live.network_cut() if cut else []), sys.executable, "-m", "kneeroll", "coach", "--no-browser", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_without_a_network_the_command_says_what_to_do() -> None:
    if not live.network_cut():
        pytest.skip("this system does not let us cut the network")
    said = coach("--phone", "--port", str(two_ports()), cut=True)
    assert said.returncode == 2
    assert "in no network" in said.stderr
    assert "--phone-host" in said.stderr


@pytest.mark.parametrize(
    ("host", "message"), [("203.0.113.9", "not an address of this machine"), ("my-laptop", "not an address like 192.168.1.23")]
)
def test_an_address_that_is_not_ours_is_named(host: str, message: str) -> None:
    said = coach("--phone", "--phone-host", host, "--port", str(two_ports()))
    assert said.returncode == 2
    assert f"{host} is {message}" in said.stderr


def test_a_taken_port_beside_is_named_and_another_is_offered() -> None:
    port = two_ports()
    with live.socket.socket() as other:
        other.bind(("127.0.0.1", port + 1))
        other.listen()
        said = coach("--phone", "--phone-host", "127.0.0.1", "--port", str(port))
    assert said.returncode == 2
    assert f"port {port + 1} is taken. Try another: make coach PHONE=1 PORT=" in said.stderr


def test_an_address_without_a_phone_is_wrong_usage() -> None:
    said = coach("--phone-host", "127.0.0.1")
    assert said.returncode == 2
    assert "--phone-host goes with --phone" in said.stderr
