"""Who gets in: the page of this machine and the phone that is paired, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from kneeroll.journal import Journal
from kneeroll.plans import parse_plan
from kneeroll.web import pairing
from kneeroll.web.app import STATIC, create_routes
from kneeroll.web.guard import COOKIE, LocalOnly, PairedOnly
from kneeroll.web.phone import Phone
from tests.web.conftest import HERE, LIVE, PORT


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "127.0.0.1.evil.example:8765", "127.0.0.1", "", "[::1]:8765"])
@pytest.mark.parametrize("path", ["/", "/sessions", "/static/coach.js", "/sample.mp4", "/say/hold.wav"])
def test_another_host_name_is_refused(client: TestClient, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:8766"])
def test_a_page_from_elsewhere_can_neither_read_nor_change(client: TestClient, origin: str) -> None:
    assert client.get("/sessions", headers={"Origin": origin}).status_code == 403
    for change in ("delete", "undo"):
        assert client.post(f"/sessions/abc/{change}", headers={"Origin": origin}).status_code == 403
    assert client.post("/profile", headers={"Origin": origin}).status_code == 403


def test_a_change_without_an_origin_is_refused(client: TestClient) -> None:
    del client.headers["Origin"]
    assert client.post("/sessions/abc/delete").status_code == 403
    assert client.get("/sessions").status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": ""}, {"Host": "evil.example"}])
def test_a_stream_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE, headers=headers):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765"])
def test_this_machine_gets_in(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/static/coach.js", "/nothing", "/sessions"])
def test_every_answer_forbids_what_the_page_does_not_need(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/journal.sqlite",
        "/static//etc/passwd",
        "/static/app.py",
        "/say/..%2f..%2fetc%2fpasswd.wav",
        "/sessions/..%2f..%2fetc%2fpasswd",
        "/journal.sqlite",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_file_can_be_read_by_its_path(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_pages_name_no_other_machine(client: TestClient) -> None:
    for path in (
        "/",
        "/sessions",
        "/static/coach.js",
        "/static/camera.js",
        "/static/draw.js",
        "/static/sound.js",
        "/static/phone.js",
        "/static/watch.js",
        "/static/style.css",
    ):
        text = client.get(path).text
        assert "https://" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


# ---- the door to the local network: only the paired phone, and only what it needs

AT = "192.168.1.23:8766"
DOOR = f"https://{AT}"
FOR_THE_PHONE = ["/", "/sample.mp4", "/say/de/no_cushion_20s/hold.wav", *(f"/static/{name}" for name in STATIC)]
NEVER = [
    "/sessions",
    "/sessions/0123",
    "/sessions/0123/delete",
    "/sessions/0123/undo",
    "/profile",
    "/watch",
    "/live",
    "/pair",
    "/pair/",
    "/pair/x/y",
    "/docs",
    "/openapi.json",
    "/journal.sqlite",
    "//",
    "//sessions",
    "/./sessions",
    "/static/",
    "/static/../sessions",
    "/static/%2e%2e/sessions",
    "/static/..%2fapp.py",
    "/static/style.css/../../sessions",
    "/static%2fstyle.css%0a",
    "/say/../sessions",
    "/say/de/x/..%2f..%2fsessions.wav",
    "/sessions%00/static/style.css",
    "/SESSIONS",
    "/%73essions",
]


@pytest.fixture
def codes() -> list[str]:
    """The addresses in the codes that were shown."""
    return []


@pytest.fixture
def phone(codes: list[str]) -> Phone:
    return Phone(DOOR, "AB:CD", codes.append)


@pytest.fixture
def door(journal: Journal, phone: Phone) -> Iterator[TestClient]:
    """The network side; a client that keeps no cookie of its own."""
    routes = create_routes(parse_plan("holds_a_side = 1"), journal, phone=phone)
    with TestClient(PairedOnly(routes, phone, AT), base_url=DOOR, follow_redirects=False) as client:
        yield client


@pytest.fixture
def code(codes: list[str], phone: Phone) -> str:
    """The path in the first code."""
    return codes[0].removeprefix(DOOR)


def get(door: TestClient, path: str, cookie: str = "", **headers: str) -> int:
    """The status of a request with this cookie alone."""
    door.cookies.clear()
    answer = door.get(path, headers={"Cookie": f"{COOKIE}={cookie}", **headers} if cookie else headers)
    if answer.status_code == 403:
        assert answer.text == "Refused: scan the code that the laptop shows.\n"
        assert answer.headers["cache-control"] == "no-store"
    return answer.status_code


def ask_as_written(door: TestClient, path: str, cookie: str) -> int:
    """The status of a request whose path no client has tidied up."""
    headers = [(b"host", AT.encode()), (b"cookie", f"{COOKIE}={cookie}".encode())]
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "https", "query_string": b"", "headers": headers}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    door.portal.call(door.app, scope | {"path": unquote(path), "raw_path": path.encode()}, receive, send)
    return int(sent[0]["status"])


def pair(door: TestClient, code: str) -> str:
    """Scan the code; the cookie."""
    answer = door.get(code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return str(answer.cookies[COOKIE])


@pytest.mark.parametrize("path", [*FOR_THE_PHONE, *NEVER, "/pair/x"])
def test_without_the_cookie_nothing_is_served_to_the_network(door: TestClient, path: str) -> None:
    assert get(door, path) == 403
    assert get(door, path, "x") == 403
    assert get(door, path, "None") == 403


def test_the_token_opens_the_coach_to_the_phone(door: TestClient, code: str) -> None:
    cookie = pair(door, code)
    assert [get(door, path, cookie) for path in FOR_THE_PHONE] == [200] * len(FOR_THE_PHONE)
    assert ask_as_written(door, "/", cookie) == 200
    page = door.get("/", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert 'class="phone"' in page.text
    assert 'href="/sessions">My' not in page.text
    assert f"connect-src 'self' wss://{AT};" in page.headers["content-security-policy"]


def test_the_phone_may_ask_for_the_voice_of_a_movement_of_ones_own_whatever_its_name(door: TestClient, code: str) -> None:
    cookie = pair(door, code)
    assert get(door, "/say/de/Knie%20kreisen%20%C3%BCben/hold.wav", cookie) == 404  # let in; there is no such movement


def test_the_cookie_is_kept_from_scripts_and_from_other_pages(door: TestClient, code: str) -> None:
    cookie = door.get(code).headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Secure", "SameSite=strict", "Path=/"}


@pytest.mark.parametrize("path", NEVER)
def test_the_journal_and_the_laptops_page_are_not_for_the_phone(door: TestClient, code: str, path: str) -> None:
    assert ask_as_written(door, path, pair(door, code)) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT"])
def test_the_phone_can_only_read(door: TestClient, code: str, method: str) -> None:
    cookie = {"Cookie": f"{COOKIE}={pair(door, code)}"}
    for path in ("/", "/sessions/0123/delete", "/static/style.css"):
        assert door.request(method, path, headers=cookie).status_code == 403


def test_a_token_works_once(door: TestClient, code: str) -> None:
    cookie = pair(door, code)
    assert get(door, code) == 403
    assert get(door, code, "x") == 403
    assert get(door, code, cookie) == 303
    assert get(door, "/", cookie) == 200


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_opening_the_address_uses_the_token(door: TestClient, code: str, method: str) -> None:
    assert door.request(method, code).status_code == 403
    pair(door, code)


def test_a_token_that_is_too_old_opens_nothing(door: TestClient, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kneeroll.web import phone as web_phone

    now = web_phone.time.monotonic()
    monkeypatch.setattr(web_phone.time, "monotonic", lambda: now + pairing.TOKEN_LASTS_S + 1)
    assert get(door, code) == 403


def test_guessing_closes_the_door(door: TestClient, code: str) -> None:
    for i in range(pairing.MOST_FAILED + 1):
        assert get(door, f"/pair/guess{i}") == 403
    assert get(door, code) == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8766", "192.168.1.23", "192.168.1.23:8765", "127.0.0.1:8766", "localhost", ""]
)
def test_another_host_name_is_refused_to_the_paired_phone_too(door: TestClient, code: str, host: str) -> None:
    assert get(door, code, Host=host) == 403
    cookie = pair(door, code)
    assert get(door, "/", cookie, Host=host) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"http://{AT}", "https://192.168.1.23", HERE])
def test_a_page_from_elsewhere_cannot_use_the_phones_cookie(door: TestClient, code: str, origin: str) -> None:
    cookie = pair(door, code)
    assert get(door, "/", cookie, Origin=origin) == 403
    assert not streams(door, "/live", cookie, origin)


def streams(door: TestClient, path: str, cookie: str, origin: str = DOOR) -> bool:
    """Whether a WebSocket opens."""
    headers = {"Origin": origin, "Host": AT} | ({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})
    door.cookies.clear()
    try:
        with door.websocket_connect(f"wss://{AT}{path}", headers=headers):
            return True
    except WebSocketDisconnect:
        return False


def test_only_the_phone_can_stream_and_only_to_the_coach(door: TestClient, code: str) -> None:
    cookie = pair(door, code)
    assert streams(door, "/live", cookie)
    assert not streams(door, "/live", "")
    assert not streams(door, "/live", "x")
    assert not streams(door, "/live", cookie, "")
    assert not streams(door, "/watch", cookie)
    assert not streams(door, "/", cookie)


def test_the_cookie_dies_when_the_phone_is_let_go_and_the_next_code_is_another(
    door: TestClient, code: str, codes: list[str], phone: Phone
) -> None:
    cookie = pair(door, code)
    door.portal.call(phone.let_go)
    assert [get(door, path, cookie) for path in FOR_THE_PHONE if "/say/" not in path] == [403] * (len(FOR_THE_PHONE) - 1)
    assert not streams(door, "/live", cookie)
    assert get(door, code) == 403
    new_code = codes[-1].removeprefix(DOOR)
    assert new_code != code
    new_cookie = pair(door, new_code)
    assert new_cookie != cookie
    assert get(door, "/", new_cookie) == 200


def test_a_server_that_stops_lets_nobody_in(door: TestClient, code: str, phone: Phone) -> None:
    cookie = pair(door, code)
    door.portal.call(phone.stop)
    assert [get(door, path, cookie) for path in FOR_THE_PHONE] == [403] * len(FOR_THE_PHONE)


def test_this_machine_shows_the_code_and_keeps_its_own_guard(journal: Journal, phone: Phone, code: str) -> None:
    routes = create_routes(parse_plan("holds_a_side = 1"), journal, phone=phone)
    with TestClient(LocalOnly(routes, PORT), base_url=HERE, headers={"Origin": HERE}) as here:
        assert "AB:CD" in here.get("/").text
        assert here.get("/sessions").status_code == 200
        assert here.get("/", headers={"Host": AT}).status_code == 403
        assert here.get(code).status_code == 404
        with here.websocket_connect(f"ws://127.0.0.1:{PORT}/watch") as socket:
            shown = socket.receive_json()
            assert shown["address"] == DOOR + code
            assert shown["picture"].startswith("data:image/svg+xml")
        with pytest.raises(WebSocketDisconnect), here.websocket_connect(f"ws://127.0.0.1:{PORT}/watch", headers={"Origin": DOOR}):
            pass


def test_without_a_phone_there_is_nothing_to_watch(client: TestClient) -> None:
    assert client.get("/pair/x").status_code == 404
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE.replace("live", "watch")) as socket:
        socket.receive_json()
