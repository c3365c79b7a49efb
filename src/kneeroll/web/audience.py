"""Those who look on: every message of the session reaches them too, and never a picture."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

Message = Mapping[str, Any]

MOST_WAITING = 64
"""Messages that wait for a page that does not read; then its oldest are left out."""
_STANDING = ("started", "finished", "measuring", "phase", "side", "done_s", "target_s")


class Audience:
    """The pages that show a session which runs elsewhere, and where that session stands, for those who come later."""

    def __init__(self) -> None:
        self._seats: set[asyncio.Queue[str]] = set()
        self._standing: dict[str, Any] = {}
        self._movement: list[Any] = []
        self._said: list[Any] = []

    @property
    def is_in_session(self) -> bool:
        return "started" in self._standing and "finished" not in self._standing

    @property
    def standing(self) -> dict[str, Any]:
        """The session as it stands, as one message for a page that comes back to it."""
        return self._standing | {"events": self._movement}

    def forget(self) -> None:
        """The session was cut off: there is nothing to show to those who come later."""
        self._standing, self._movement, self._said = {}, [], []

    def hear(self, message: Message) -> None:
        """Pass on what the session sends."""
        if "started" in message:
            self.forget()
        self._standing |= {key: message[key] for key in _STANDING if key in message}
        events = message.get("events", ())
        self._movement = [e for e in events if e["kind"] == "movement_started"][-1:] or self._movement
        self._said = [e for e in events if e["kind"] == "cue_given"][-1:] or self._said
        self.tell(message)

    def tell(self, message: Message) -> None:
        """Say something to everybody who looks on now."""
        text = json.dumps(message)
        for seat in self._seats:
            if seat.full():
                seat.get_nowait()
            seat.put_nowait(text)

    async def attend(self, socket: WebSocket, first: Message, take: Callable[[str], None]) -> None:
        """Show `socket` where things stand and all that follows, until it closes; `take` gets what its page sends."""
        seat: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        seat.put_nowait(json.dumps(first))
        seat.put_nowait(json.dumps(self._standing | {"events": self._movement + self._said}))
        self._seats.add(seat)
        telling = asyncio.create_task(_tell(socket, seat))
        try:
            async for text in socket.iter_text():
                take(text)
        finally:
            self._seats.discard(seat)
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling


async def _tell(socket: WebSocket, seat: asyncio.Queue[str]) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.send_text(await seat.get())
