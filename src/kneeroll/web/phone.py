"""The phone as camera and speaker: one phone at a time, let in by a code, whose line may break and come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import segno
from fastapi import WebSocket, WebSocketDisconnect
from starlette.types import Message

from kneeroll.events import Request
from kneeroll.web.audience import Audience
from kneeroll.web.live import FRAME_HEADER
from kneeroll.web.pairing import LAST_WORDS_S, Pairing

Converse = Callable[[WebSocket], Awaitable[None]]

AWAY_S = 600.0
"""A phone that is gone for this long is let go; what was measured is kept."""
GONE_S = 5.0
"""The page says every second that it is there; one that is silent for so long is gone (TLS would wait half a minute for it)."""
MOST_WAITING = 16
"""Messages that wait to be taken. A page has two pictures on the way at most, so that none of its own is left out."""
ENDED, ELSEWHERE, AGAIN = 4000, 4001, 1013
"""Why a line is closed (phone.js knows them): the pairing ended; another page of the phone took over; try again."""
NEW_CODE = "new_code"
_FROM_THE_LAPTOP = (Request.PAUSE, Request.RESUME, Request.STOP, Request.PAIN)


class Line:
    """One WebSocket for the session, whichever socket of the phone carries it at the moment; its clock runs on over a break."""

    def __init__(self, hear: Callable[[dict[str, Any]], None]) -> None:
        self.socket: WebSocket | None = None
        self._hear = hear
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        self._by_clock = self._is_over = False
        self._shift_ms, self._newest_ms, self._newest_at_s = 0.0, -math.inf, 0.0
        self._is_new = True

    def for_session(self, scope: Any) -> WebSocket:
        """The side that the session reads and writes."""
        return WebSocket(scope, receive=self._incoming.get, send=self._send)

    def ask(self, request: str) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": json.dumps({"ask": request})})

    def ask_to_wait(self) -> None:
        """The phone is gone: as for a lost camera; a session without a camera would go on by its clock, unheard."""
        self.ask(Request.PAUSE if self._by_clock else Request.CAMERA_LOST)

    def take_answers_only(self) -> None:
        """The session is over: what the person says about it still counts, pictures and a new start do not."""
        self._is_over = True

    def hang_up(self) -> None:
        """Tell the session that the page is gone for good."""
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})

    def move_to(self, socket: WebSocket) -> WebSocket | None:
        """From now on the line is `socket`; the one before, if it is still there."""
        before, self.socket, self._is_new = self.socket, socket, True
        return before

    async def carry(self, socket: WebSocket) -> None:
        """Pass on what `socket` sends, until it breaks or falls silent."""
        while (message := await _next(socket))["type"] == "websocket.receive":
            text = _read(message)
            if "camera" in text:
                self._by_clock = text["camera"] == "none"
            allowed = text.get("ask") == "answer" if self._is_over else True
            if allowed and self.socket is socket and self._incoming.qsize() < MOST_WAITING:
                self._incoming.put_nowait(self._on_one_clock(message))

    async def say(self, message: dict[str, Any]) -> None:
        """To the phone, if it is there."""
        if self.socket is not None:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self.socket.send_text(json.dumps(message))

    def _on_one_clock(self, message: Message) -> Message:
        """A page that was loaded anew counts its milliseconds from 0 again: move them behind all that came before."""
        frame = message.get("bytes")
        if frame is None or len(frame) < FRAME_HEADER.size:
            return message
        (t_ms,) = FRAME_HEADER.unpack_from(frame)
        if not math.isfinite(t_ms):
            return message
        now_s = time.monotonic()
        if self._is_new and self._newest_ms > -math.inf:
            self._shift_ms = self._newest_ms + (now_s - self._newest_at_s) * 1000 - t_ms
        self._is_new = False
        self._newest_ms, self._newest_at_s = t_ms + self._shift_ms, now_s
        return {**message, "bytes": FRAME_HEADER.pack(self._newest_ms) + frame[FRAME_HEADER.size :]}

    async def _send(self, message: Message) -> None:
        if message["type"] != "websocket.send":
            return
        said = json.loads(message["text"])
        if "t_ms" in said:
            said["t_ms"] -= self._shift_ms
        await self.say(said)
        self._hear(said)


class Phone:
    """The pairing, the line of the paired phone, and the laptop's pages that look on."""

    def __init__(self, address: str, fingerprint: str, print_code: Callable[[str], None]) -> None:
        self.fingerprint = fingerprint
        self._address, self._print_code = address, print_code
        self._audience = Audience()
        self._pairing = Pairing(time.monotonic())
        self._line: Line | None = None
        self._last: Line | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._tasks: set[asyncio.Task[None]] = set()
        print_code(self._code_address() or "")

    # ---- the door: asked by the guard

    def pair(self, token: str) -> str | None:
        """The cookie's secret for a token that is right."""
        before = self._code_address()
        secret = self._pairing.exchange(token, time.monotonic())
        if self._code_address() != before:
            self._tell()
        return secret

    def admits(self, secret: str) -> bool:
        """Whether the paired phone asks."""
        return self._pairing.admits(secret)

    def may_hear(self, secret: str) -> bool:
        """Whether the phone that is or was paired may fetch the voice's lines."""
        return self._pairing.may_hear(secret, time.monotonic())

    # ---- the two ends

    async def carry(self, socket: WebSocket, converse: Converse) -> None:
        """Be the page of the one session on `socket`; a phone that comes back finds its session where it was."""
        self._drop_timers()
        self._hang_up(self._last)
        line, self._last = self._line, None
        if line is None:
            line = self._line = Line(self._hear)
            self._later(self._converse(line, line.for_session(socket.scope), converse))
        before = line.move_to(socket)
        if before is not None:
            self._later(before.close(ELSEWHERE))
        self._tell()
        try:
            if self._audience.is_in_session:
                await line.say(self._audience.standing)
            await line.carry(socket)
        finally:
            if line.socket is socket:
                line.socket = None
            if line is self._line and line.socket is None:
                line.ask_to_wait()
                self._in(AWAY_S, self.let_go)
                self._tell()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # closed already, unless it fell silent
            await socket.close(AGAIN)

    async def watch(self, socket: WebSocket) -> None:
        """Show the session to a page of the laptop; its buttons work on the session."""
        await self._audience.attend(socket, self._standing(), self._take)

    # ---- the end

    def let_go(self) -> None:
        """The phone's cookie opens nothing any more, and a new code is shown."""
        if self._audience.is_in_session:
            self._audience.forget()
        self._hang_up(self._line)
        self._line = None
        self._renew()

    async def stop(self) -> None:
        """The server stops: keep what was measured, let nobody in."""
        self._pairing.revoke()
        self._drop_timers()
        for line in (self._line, self._last):
            self._hang_up(line)
        self._line = self._last = None
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)

    def _finish(self) -> None:
        """The token dies with the session; for a while its page may still say how that was."""
        line, self._line, self._last = self._line, None, self._line
        if line is not None:
            line.take_answers_only()
            self._in(LAST_WORDS_S, lambda: self._hang_up(line))
        self._renew()

    def _renew(self) -> None:
        self._pairing.end(time.monotonic())
        self._print_code(self._code_address() or "")
        self._tell()

    def _hang_up(self, line: Line | None) -> None:
        if line is not None:
            line.hang_up()
            if line.socket is not None:
                self._later(line.socket.close(ENDED))

    # ---- inside

    async def _converse(self, line: Line, socket: WebSocket, converse: Converse) -> None:
        try:
            await converse(socket)
        finally:
            if line is self._line:  # another page has the coach, or it failed
                self._line = None
                if line.socket is not None:
                    await line.socket.close(AGAIN)

    def _hear(self, message: dict[str, Any]) -> None:
        self._audience.hear(message)
        if "finished" in message:
            self._finish()

    def _take(self, text: str) -> None:
        asked = _read({"text": text}).get("ask")
        if asked == NEW_CODE:
            self.let_go()
        elif asked in _FROM_THE_LAPTOP and self._line is not None:
            self._line.ask(asked)

    def _tell(self) -> None:
        self._audience.tell(self._standing())

    def _standing(self) -> dict[str, Any]:
        """What the laptop shows about the phone."""
        if self._pairing.is_paired:
            present = self._line is not None and self._line.socket is not None
            return {"phone": "here" if present else "gone" if self._line is not None else "paired"}
        address = self._code_address()
        if address is None:
            return {"phone": "no_code"}
        picture = segno.make_qr(address).svg_data_uri(scale=6, dark="#000", light="#fff")
        return {"phone": "code", "address": address, "picture": picture, "lasts_s": self._pairing.lasts_s(time.monotonic())}

    def _code_address(self) -> str | None:
        token = self._pairing.token(time.monotonic())
        return None if token is None else f"{self._address}/pair/{token}"

    def _in(self, seconds: float, do: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, do))

    def _drop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _next(socket: WebSocket) -> Message:
    """What `socket` sends next; silence is a broken line."""
    try:
        return await asyncio.wait_for(socket.receive(), GONE_S)
    except TimeoutError:
        return {"type": "websocket.disconnect", "code": AGAIN}


def _read(message: Message) -> dict[str, Any]:
    """The JSON object of a text message; empty for pictures and nonsense."""
    try:
        read = json.loads(message.get("text") or "null")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
