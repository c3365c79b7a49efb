"""Who may talk to the server: a page that this server served, on this machine or on the phone that is paired.

Everybody else is refused, whatever they ask for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from kneeroll.web.phone import Phone

_SAFE_METHODS = ("GET", "HEAD")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
COOKIE = "__Host-kneeroll"
FROM_PHONE = "kneeroll.phone"
"""The key in the scope of a request that came in through `PairedOnly`."""
_PAIR = re.compile(r"/pair/([\w-]+)", re.ASCII)
_SAY = re.compile(r"/say/[a-z]+/[^/]+/\w+\.wav", re.ASCII)
_FOR_PHONE = re.compile(r"/|/sample\.mp4|/static/\w+\.\w+", re.ASCII)


class LocalOnly:
    """Checks Host on every request and Origin on everything that changes or streams; adds the security headers.

    A page from elsewhere cannot read the session: its Origin is not ours. A name that an attacker points at 127.0.0.1
    (DNS rebinding) does not work either: its Host is not ours.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._welcome(scope, headers):
            await self._refuse(scope, receive, send)
            return

        await self._app(scope, receive, _secured(send, SECURITY_HEADERS))

    def _welcome(self, scope: Scope, headers: Headers) -> bool:
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return False
        origin = headers.get("origin")
        if scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS:
            return origin in self._origins
        return origin is None or origin in self._origins

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _refuse(scope, receive, send, "Refused: kneeroll answers only its own page on this machine.\n")


class PairedOnly:
    """The door to the local network: the paired phone gets the coach's page and its stream, everybody else nothing.

    `GET /pair/TOKEN` turns the token into a cookie, once. The journal is not reachable from here, with or without a cookie.
    """

    def __init__(self, app: ASGIApp, phone: Phone, host: str) -> None:
        self._app, self._phone, self._host = app, phone, host
        self._headers = SECURITY_HEADERS | {
            "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"].replace(
                "connect-src 'self'", f"connect-src 'self' wss://{host}"
            )
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        guarded = _secured(send, self._headers)
        is_ours = self._is_ours(scope)
        if is_ours and self._opens(scope):
            await self._app({**scope, FROM_PHONE: True}, receive, guarded)
        elif is_ours and (answer := self._pairing_answer(scope)):
            await answer(scope, receive, guarded)
        else:
            await _refuse(scope, receive, guarded, "Refused: scan the code that the laptop shows.\n")

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origins = [[f"https://{self._host}"]] if scope["type"] == "websocket" else [[f"https://{self._host}"], []]
        return headers.getlist("host") == [self._host] and headers.getlist("origin") in origins

    def _pairing_answer(self, scope: Scope) -> Response | None:
        asked = _PAIR.fullmatch(scope["path"])
        if asked is None or not _is_get(scope):
            return None
        secret = self._phone.pair(asked[1])
        if secret is None and not self._phone.admits(_cookie(scope)):
            return None
        answer = RedirectResponse("/", status_code=303)
        if secret is not None:
            answer.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    def _opens(self, scope: Scope) -> bool:
        cookie = _cookie(scope)
        path: str = scope["path"]
        if scope["type"] == "websocket":
            return path == "/live" and self._phone.admits(cookie)
        if not _is_get(scope):
            return False
        if _SAY.fullmatch(path):
            return self._phone.may_hear(cookie)
        return _FOR_PHONE.fullmatch(path) is not None and self._phone.admits(cookie)


def _is_get(scope: Scope) -> bool:
    return (scope["type"], scope.get("method")) == ("http", "GET")


def _cookie(scope: Scope) -> str:
    return HTTPConnection(scope).cookies.get(COOKIE, "")


def _secured(send: Send, headers: dict[str, str]) -> Send:
    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return send_guarded


async def _refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "not from this page"})
        return
    await PlainTextResponse(why, status_code=403)(scope, receive, send)
