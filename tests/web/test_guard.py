"""Who gets in: the page of this machine, and nobody else."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.web.conftest import LIVE


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "127.0.0.1.evil.example:8765", "127.0.0.1", "", "[::1]:8765"])
@pytest.mark.parametrize("path", ["/", "/sessions", "/static/coach.js", "/sample.mp4", "/say/hold.wav"])
def test_another_host_name_is_refused(client: TestClient, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8765", "http://127.0.0.1:8766"])
def test_a_page_from_elsewhere_can_neither_read_nor_change(client: TestClient, origin: str) -> None:
    assert client.get("/sessions", headers={"Origin": origin}).status_code == 403
    assert client.post("/sessions/abc/delete", headers={"Origin": origin}).status_code == 403


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
        "/static/style.css",
    ):
        text = client.get(path).text
        assert "https://" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
