"""Keyboard, screen reader, contrast, small screens: axe-core on every page, and a session by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from bench import live
from kneeroll.coach.phrases import all_phrases

WIDTHS = {"laptop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    found = live.free_port()
    with live.running_server(tmp_path_factory.mktemp("access"), found):
        yield found


@pytest.fixture(scope="module", params=[("laptop", "light"), ("phone", "dark")], ids="-".join)
def page(port: int, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The coach's page without a camera, on a laptop and a phone, by day and by night."""
    width, scheme = request.param
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    with live.open_page(port, viewport=size, color_scheme=scheme) as page:
        page.select_option("#camera", "none")
        yield page


def serious(page: Any) -> list[str]:
    """What axe-core finds that keeps somebody out, in words."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {n['html'][:200]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]]


def test_axe_sees_what_is_wrong(page: Any) -> None:
    pale = '<p id=bad style="color:#888;background:#999">pale</p>'
    page.evaluate(f"document.querySelector('main').insertAdjacentHTML('beforeend', '{pale}')")
    assert any(line.startswith("color-contrast") for line in serious(page))
    page.evaluate("document.getElementById('bad').remove()")


def test_the_coach_is_open_to_everybody_before_during_and_after_a_session(page: Any) -> None:
    assert serious(page) == []
    page.select_option("#ready", "0")
    page.click("#start")
    live.wait_until(page, "document.body.dataset.phase === 'start_position'", 10)
    assert serious(page) == []
    page.click("#pause")
    live.wait_until(page, "document.body.dataset.phase === 'paused'", 10)
    assert serious(page) == []
    page.click("#stop")
    live.wait_until(page, "!document.getElementById('after').hidden", 10)
    assert serious(page) == []


PHONES = [(390, 844), (320, 568), (740, 360)]


def test_in_a_session_a_phone_shows_words_for_the_floor_and_the_buttons_at_hand(page: Any, port: int) -> None:
    before = page.viewport_size
    page.goto(f"http://127.0.0.1:{port}/")
    page.select_option("#camera", "none")
    page.select_option("#ready", "0")
    page.click("#start")
    live.wait_until(page, "document.body.dataset.phase === 'start_position'", 10)
    assert page.evaluate("scrollY") == 0
    assert not page.is_visible("nav")
    longest = max(all_phrases().values(), key=len)
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("(line) => document.getElementById('say').replaceChildren(line)", longest)
        letters_px = page.evaluate("parseFloat(getComputedStyle(document.getElementById('say')).fontSize)")
        assert letters_px > 0.1 * min(width, height)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for name in ("pause", "pain", "stop"):
            box = page.locator(f"#{name}").bounding_box()
            assert 0 < box["y"] < box["y"] + box["height"] <= height
    page.keyboard.press("Escape")
    live.wait_until(page, "document.body.dataset.phase === 'stopped'", 5)
    assert page.is_visible("nav")
    page.set_viewport_size(before)


BETWEEN = ("/screening", "/screening?anew", "/progress", "/plan", "/questions/activities", "/questions/peg", "/questions/rmdq24")


@pytest.mark.parametrize("path", ["/sessions", "/sessions/first", *BETWEEN, "/claims", "/nowhere"])
def test_the_other_pages_are_open_to_everybody(page: Any, port: int, path: str) -> None:
    page.goto(f"http://127.0.0.1:{port}{path.removesuffix('/first')}")
    if path.endswith("/first"):
        page.locator(".sessions li a").first.click()
        page.wait_for_url("**/sessions/*")  # with its style sheet
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_session_by_keys_alone(page: Any, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/")
    page.select_option("#camera", "none")
    page.select_option("#ready", "20")
    page.focus("#camera")
    press_until(page, "Tab", "document.activeElement.name === 'before-stiffness'")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelector('input[name=before-stiffness]:checked') !== null")
    press_until(page, "Tab", "document.activeElement.id === 'start'")
    page.keyboard.press("Enter")
    live.wait_until(page, "document.body.dataset.phase === 'get_ready'", 10)
    page.keyboard.press("Escape")
    live.wait_until(page, "document.activeElement.id === 'result'", 10)


def press_until(page: Any, key: str, expression: str) -> None:
    for _ in range(15):
        if page.evaluate(expression):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {expression}")


LIVE_OFF = "document.getElementById('say').getAttribute('aria-live') === 'off'"


def test_a_screen_reader_does_not_speak_over_the_coach_and_speaks_where_the_coach_cannot(page: Any, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/")
    page.select_option("#camera", "none")
    page.select_option("#ready", "0")
    assert not page.evaluate(LIVE_OFF)
    page.click("#start")
    live.wait_until(page, f"document.body.dataset.phase === 'start_position' && {LIVE_OFF}", 10)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p id=mute></p>')")  # as where nothing has a voice
    page.keyboard.press("Escape")
    live.wait_until(page, f"document.body.dataset.phase === 'stopped' && !({LIVE_OFF})", 5)
