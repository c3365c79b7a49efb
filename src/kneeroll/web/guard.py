"""Who may talk to the server: a page that this server served, on this machine. Everybody else is refused."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _welcome(self, scope: Scope, headers: Headers) -> bool:
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return False
        origin = headers.get("origin")
        if scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS:
            return origin in self._origins
        return origin is None or origin in self._origins

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not from this page"})
            return
        response = PlainTextResponse("Refused: kneeroll answers only its own page on this machine.\n", status_code=403)
        await response(scope, receive, send)
