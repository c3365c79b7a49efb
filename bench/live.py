"""The whole live path as a person has it: a clip as the camera of a real Chromium, the page, the server, the journal.

`python -m bench.live` prints frames a second and the time from a frame's capture to its result in the page.
The tests drive the same session and look at what was said, shown and kept.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import io
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.care.screening import version
from kneeroll.diary import Screened
from kneeroll.errors import JournalUnavailable
from kneeroll.journal import Journal
from kneeroll.poses import CameraFrame

CAMERA_FPS = 30
"""Chromium plays a motion JPEG file at this rate, whatever the file says."""
LEAD_IN_S = 6.0
"""The first picture stands still for so long, so that the session can be started before the clip moves."""
ENDED = "['finished', 'stopped'].includes(document.body.dataset.phase)"
LAST_LINE_S = 4.0
"""The last line lets the bell go first."""
MEASURED_S = 60.0
"""After the end the whole session is measured once more, before the page shows it."""
NUMBER_BITS, BIT_PX = 16, 8
"""A numbered picture says which it is by black and white squares along its lower left edge, the lowest bit first."""

_FASTER = """
import time, types
import kneeroll.web.live
kneeroll.web.live.time = types.SimpleNamespace(monotonic=lambda: {} * time.monotonic())
"""
_SERVER = """
import sys
def refuse(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1"):
        print("LEFT THE MACHINE:", args[1], flush=True)
        raise OSError("the network is cut")
sys.addaudithook(refuse)
from kneeroll.cli import main
main()
"""
_LISTEN = """
window.kneerollLog = {phases: [], lines: [], spoken: []};
const log = window.kneerollLog, at = () => performance.now() / 1000;
const begins = () => log.spoken.push([at(), document.getElementById("say").textContent]);
const play = HTMLMediaElement.prototype.play, speak = window.speechSynthesis?.speak;
HTMLMediaElement.prototype.play = function () { if (this instanceof HTMLAudioElement) begins(); return play.call(this); };
if (speak) speechSynthesis.speak = function (line) { begins(); return speak.call(this, line); };
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    const {phase, side} = document.body.dataset, last = log.phases.at(-1);
    if (!last || last[1] !== phase || last[2] !== side) log.phases.push([at(), phase, side]);
  }).observe(document.body, {attributes: true, attributeFilter: ["data-phase", "data-side"]});
  const say = document.getElementById("say");
  if (say) new MutationObserver(() => log.lines.push([at(), say.textContent])).observe(say, {childList: true});
});
"""


@dataclass
class LiveRun:
    """What a live session showed and said. Times in seconds of the page's clock; `spoken` is when the voice began a line."""

    phases: list[tuple[float, str, str]] = field(default_factory=list)
    lines: list[tuple[float, str]] = field(default_factory=list)
    spoken: list[tuple[float, str]] = field(default_factory=list)
    rtt_ms: list[float] = field(default_factory=list)
    fps: float = 0.0
    session_id: str = ""
    hosts: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    server: str = ""
    result_text: str = ""


@dataclass
class RunningServer:
    """`kneeroll coach` in a process of its own; `said` is all it printed, known once it has ended."""

    process: subprocess.Popen[str]
    said: str = ""


def find_chromium() -> str:
    """The system's Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("no Chromium found; on Debian: apt-get install chromium")


def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_camera(out: Path, clip: Path, *, lead_in_s: float = LEAD_IN_S, numbered: bool = False) -> Path:
    """The clip as Chromium's fake camera wants it; numbered pictures say which they are."""
    with open_clip(clip) as frames:
        return film(out, frames, lead_in_s=lead_in_s, numbered=numbered)


def film(out: Path, frames: Iterable[CameraFrame], *, lead_in_s: float = LEAD_IN_S, numbered: bool = False) -> Path:
    """The frames as motion JPEG, 30 a second."""
    with out.open("wb") as stream:
        written = 0
        for frame in frames:
            picture = Image.fromarray(frame.image)
            due = round((frame.t_s + lead_in_s) * CAMERA_FPS) + 1
            if numbered:
                for number in range(written, due):
                    _draw_number(picture, number)
                    stream.write(_jpeg(picture))
            else:
                stream.write(_jpeg(picture) * max(due - written, 0))
            written = max(due, written)
    return out


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _draw_number(picture: Image.Image, number: int) -> None:
    pen, top = ImageDraw.Draw(picture), picture.height - BIT_PX
    for bit in range(NUMBER_BITS):
        at = (BIT_PX * bit, top, BIT_PX * (bit + 1) - 1, picture.height - 1)
        pen.rectangle(at, fill="white" if number >> bit & 1 else "black")


def answer_questions(home: Path) -> None:
    """Nothing speaks against a session. A folder that cannot be written is left for the server to complain about."""
    with contextlib.suppress(JournalUnavailable), Journal.open(home) as journal:
        journal.write(Screened(datetime.now(UTC), (), version()))


@contextlib.contextmanager
def running_server(
    home: Path, port: int, *options: str, screened: bool = True, times_as_fast: int = 1
) -> Iterator[RunningServer]:
    """`kneeroll coach` in a process of its own, ended by Ctrl-C (which is tested by its exit status).

    screened: for somebody to whom none of the first questions applies. times_as_fast: how fast the clock of a session runs.
    """
    if screened:
        answer_questions(home)
    program = _FASTER.format(times_as_fast) + _SERVER
    command = [sys.executable, "-c", program, "coach", "--port", str(port), "--no-browser", *options]
    environment = os.environ | {"KNEEROLL_HOME": str(home)}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT, text=True)
        server = RunningServer(process)
        try:
            _wait_for(port, process)
            yield server
        finally:
            process.send_signal(2)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            said.seek(0)
            server.said = said.read()


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(900):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


@contextlib.contextmanager
def open_page(port: int, camera: Path | None = None, *, permit: bool = True, **context_options: Any) -> Iterator[Any]:
    """The coach's page in Chromium, with a clip as its camera. Names other than 127.0.0.1 lead nowhere."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if camera is not None:
        arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
    if permit:
        arguments.append("--use-fake-ui-for-media-stream")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | context_options)
        page = context.new_page()
        page.add_init_script(_LISTEN)
        page.goto(f"http://127.0.0.1:{port}/")
        try:
            yield page
        finally:
            browser.close()


def wait_until(page: Any, expression: str, limit_s: float) -> None:
    """Ask the page until the expression is true. (Playwright's own waiting needs `eval`, which the page forbids.)"""
    until = time.monotonic() + limit_s
    while not page.evaluate(expression):
        if time.monotonic() > until:
            raise TimeoutError(f"not within {limit_s} s: {expression}")
        time.sleep(0.1)


def reopen_camera(page: Any) -> None:
    """The clip begins anew: however long the first picture took, all of the clip is still to come."""
    page.evaluate("document.getElementById('camera').dispatchEvent(new Event('change'))")
    wait_until(page, f"kneerollTimings.length > {page.evaluate('kneerollTimings.length')} + 5", 30)


def live_session(home: Path, camera: Path, plan: Path, *, until: str = ENDED, limit_s: float = 150.0) -> LiveRun:
    """Start a session on the page and stay until it is finished; `until` or at the limit it is stopped by a key."""
    run = LiveRun()
    port = free_port()
    with running_server(home, port, "--plan", str(plan)) as server, open_page(port, camera) as page:
        page.on("request", lambda request: run.hosts.append(request.url.split("/")[2].split(":")[0]))
        page.on("console", lambda message: run.console.append(message.text))
        page.on("pageerror", lambda error: run.console.append(str(error)))
        wait_until(page, "kneerollTimings.length > 10", 60)
        reopen_camera(page)
        page.click("#start")
        with contextlib.suppress(TimeoutError):
            wait_until(page, until, limit_s)
        page.wait_for_timeout(1000 * LAST_LINE_S)
        if not page.evaluate(ENDED):
            page.keyboard.press("Escape")
            wait_until(page, ENDED, 5)
        wait_until(page, "!document.getElementById('result').hidden", MEASURED_S)
        log = page.evaluate("kneerollLog")
        timings = page.evaluate("kneerollTimings.map((t) => [t.sent, t.rtt_ms])")
        run.session_id = (page.get_attribute("#result", "href") or "").rpartition("/")[2]
        if log["phases"] and log["phases"][-1][1] == "finished":
            page.click("#result")
            page.wait_for_selector("table")
            run.result_text = page.inner_text("main")
    run.phases, run.lines, run.spoken = ([tuple(one) for one in log[kind]] for kind in ("phases", "lines", "spoken"))
    sent = np.array([t[0] for t in timings])
    run.rtt_ms = [t[1] for t in timings]
    run.fps = float((len(sent) - 1) / (sent[-1] - sent[0]) * 1000)
    run.server = server.said
    return run


def loopback_up() -> None:
    """Bring `lo` up in a network of our own (`unshare --net` gives one that is down)."""
    up_and_running, set_flags = 0x1 | 0x40, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sH14x", b"lo", up_and_running))


def network_cut() -> list[str]:
    """The command that runs another without any network but its own loopback; empty where the system forbids it."""
    command = ["unshare", "--map-root-user", "--net"]
    allowed = shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return command if allowed else []


def main(arguments: list[str] | None = None) -> LiveRun:
    """Run one session; write it as JSON, or print its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--home", type=Path, help="journal folder; a fresh one by default")
    parser.add_argument("--json", type=Path, help="write the whole record here")
    parser.add_argument("--loopback-up", action="store_true", help="for a network of its own: bring lo up first")
    parser.add_argument("--camera", type=Path, help="motion JPEG; made from the sample by default")
    options = parser.parse_args(arguments)
    if options.loopback_up:
        loopback_up()
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "once.toml"
        plan.write_text("holds_a_side = 1\n", "utf-8")
        camera = options.camera or make_camera(Path(folder) / "camera.mjpeg", sample_clip_path())
        run = live_session(options.home or Path(folder) / "home", camera, plan)
    if options.json:
        options.json.write_text(json.dumps(asdict(run)), "utf-8")
    print_figures(run)
    return run


def for_readme(run: LiveRun) -> str:
    """The README's sentence."""
    median, late = np.percentile(run.rtt_ms, [50, 95])
    return (
        f"Live: {run.fps:.0f} frames a second at 640x480 on two cores, {median:.0f} ms (median) and {late:.0f} ms "
        "(95th percentile) from a frame's capture to its result in the page."
    )


def print_figures(run: LiveRun) -> None:
    """Frames a second and latency beside their limits."""
    median, late = np.percentile(run.rtt_ms, [50, 95])
    print(f"live, 640x480, {len(run.rtt_ms)} frames, browser to cue and back")
    for name, value, unit, limit in (
        ("frames a second", run.fps, "", ">= 20"),
        ("capture to result, median", median, " ms", "< 100 ms"),
        ("capture to result, 95th percentile", late, " ms", "< 200 ms"),
    ):
        print(f"  {name:36s} {value:6.1f}{unit:4s} limit {limit}")
    print(f"  ended in phase                       {run.phases[-1][1] if run.phases else '-'}")


if __name__ == "__main__":
    main()
