"""One live session over one WebSocket: frames in, results out, newest frame wins. Pictures are measured and dropped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from kneeroll.cameras.picture import decode_picture
from kneeroll.care.ladder import step_of
from kneeroll.coach.phrases import advice_key
from kneeroll.course import Course
from kneeroll.errors import InvalidPlan, JournalUnavailable, UnreadableClip
from kneeroll.estimators import Estimator
from kneeroll.events import Comfort, Event, Request, SessionEnded, StopReason, to_record
from kneeroll.journal import Journal, SessionWriter
from kneeroll.languages import Translate, translator
from kneeroll.movements import HEIGHTS_CM
from kneeroll.plans import OBSERVE, READY_S, Plan, default_plan
from kneeroll.poses import PoseFrame, Reading, Surface
from kneeroll.session import ENGINE, NO_CAMERA, Session, Step
from kneeroll.session.replay import MAX_FPS
from kneeroll.web.language import language_of
from kneeroll.web.pages import ROUTINE
from kneeroll.web.today import why_not_now

FRAME_HEADER = struct.Struct("<d")
"""Each frame is the page's time in milliseconds, then a JPEG or WebP."""
CAMERA_SILENT_S = 2.0
FROZEN_S = 2.0
"""In a hold, the very same picture for so long: the camera stands still, and nobody is watched."""
WATCH_S = 0.5
"""Whether the camera is silent is looked at this often."""
TICK_S = 0.1
"""Without a camera the coach looks at the clock this often."""
PREVIEW_S = 30.0
"""Before a session starts the start position is learned anew this often: the camera may have been moved."""


class Live:
    """The state of one open page: a preview until the person starts, then a session that is journalled.

    look: how the person's weeks stand now, which says what they may do.
    """

    def __init__(
        self,
        socket: WebSocket,
        look: Callable[[], Course],
        journal: Journal,
        estimator: Estimator,
        worker: ThreadPoolExecutor,
    ) -> None:
        self._socket, self._look, self._journal, self._worker = socket, look, journal, worker
        self._estimator = estimator
        self._translate = translator(language_of(socket))
        self._session = Session(OBSERVE, estimator)
        self._writer: SessionWriter | None = None
        self._over: tuple[Session, SessionWriter] | None = None
        self._has_left = False
        self._anew: asyncio.Task[None] | None = None
        self._began_s = 0.0
        self._kind = "live"
        self._newest: tuple[float, bytes] | None = None
        self._arrived = asyncio.Event()
        self._first_ms: float | None = None
        self._heard_s = time.monotonic()
        self._last_picture, self._changed_s = b"", 0.0
        self._states_written = 0

    async def run(self) -> None:
        """Until the page goes away, or something breaks that nobody expected; what was measured is kept, marked unfinished."""
        try:
            async with asyncio.TaskGroup() as group:
                beside = [group.create_task(work()) for work in (self._measure_frames, self._watch_camera, self._tick_clock)]
                with contextlib.suppress(WebSocketDisconnect):
                    await self._listen()
                for task in beside:
                    task.cancel()
        finally:
            self._has_left = True
            if self._writer is not None:
                with contextlib.suppress(JournalUnavailable):
                    await self._in_worker(self._writer.flush)

    # ---- in

    async def _listen(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes") is not None:
                await self._keep_newest(message["bytes"])
            elif message.get("text") is not None:
                await self._take_text(message["text"])

    async def _keep_newest(self, frame: bytes) -> None:
        if len(frame) <= FRAME_HEADER.size:
            return
        (t_ms,) = FRAME_HEADER.unpack_from(frame)
        if not math.isfinite(t_ms):
            return
        dropped, self._newest = self._newest, (t_ms, frame[FRAME_HEADER.size :])
        self._heard_s = time.monotonic()
        self._arrived.set()
        if dropped is not None:
            await self._send({"t_ms": dropped[0], "dropped": True})

    async def _take_text(self, text: str) -> None:
        try:
            message = json.loads(text)
            asked = str(message.get("ask"))
        except (ValueError, AttributeError):
            return
        if camera := message.get("camera"):
            self._kind = {"sample": "sample", "none": NO_CAMERA}.get(str(camera), "live")
        if asked == "start":
            await self._start(message)
        elif asked == "answer" and (answer := _answer(message)) is not None:
            await self._in_worker(self._answer, answer)
        elif asked in set(Request) and self._writer is not None:
            await self._in_worker(self._ask, Request(asked))

    async def _start(self, message: dict[str, Any]) -> None:
        if self._writer is not None:
            return
        try:
            await self._in_worker(self._begin, message)
        except InvalidPlan as error:
            await self._send({"problem": str(error)})
        except JournalUnavailable as error:
            await self._send({"problem": self._unkept(error)})

    def _wished(self, course: Course, plan: Plan, message: dict[str, Any]) -> Plan:
        """The plan, with what goes with it if the page chose that, or the one movement instead; with its time to get ready."""
        chosen, ready_s = message.get("movement"), message.get("get_ready_s")
        if chosen == ROUTINE and course.routine is not None:
            plan = course.routine
        if isinstance(chosen, str) and chosen in course.known:
            movement = course.known[chosen]
            plan = Plan(
                movement.name,
                plan.first_side,
                movements=(movement,),
                get_ready_s=plan.get_ready_s,
                stop_above=plan.stop_above,
                limits=plan.limits,
            )
        if isinstance(ready_s, int | float) and (ready_s == 0 or READY_S[0] <= ready_s <= READY_S[1]):
            plan = replace(plan, get_ready_s=float(ready_s))
        surface, height_cm = message.get("surface"), message.get("cushion_cm")
        if surface in list(Surface):
            plan = replace(plan, surface=Surface(surface))
        if height_cm in HEIGHTS_CM:
            plan = replace(plan, cushion_cm=float(height_cm))
        return plan

    # ---- in the worker thread: one at a time, in order

    async def _in_worker(self, work: Any, *arguments: Any) -> Any:
        result = await asyncio.get_running_loop().run_in_executor(self._worker, work, *arguments)
        if isinstance(result, dict) and result:
            await self._send(result)
            if result.get("measuring") and self._over is not None:
                self._anew = asyncio.create_task(self._measure_anew(*self._over))
        return result

    def _begin(self, message: dict[str, Any]) -> dict[str, Any]:
        course, feels, at = self._look(), _answer(message), datetime.now(UTC)
        if self._kind != "sample" and not course.may_begin:
            return {"problem": why_not_now(course, self._translate)}
        todays = course.next.plan if course.next else default_plan()
        plan = self._wished(course, todays, message)
        self._journal.check_writable()
        if self._kind != "sample" and course.next and course.standing and step_of(plan) is step_of(todays):
            step = course.next.entry(course.standing, at)
            if step is not None:
                self._journal.write(step)
        session = Session(plan, None if self._kind == NO_CAMERA else self._estimator, self._journal.usual())
        writer = self._journal.begin(
            kind=self._kind, engine=ENGINE, estimator=session.estimator_name, plan=plan.record(), started_at=at
        )
        self._session, self._writer, self._first_ms, self._states_written = session, writer, None, 0
        self._began_s = time.monotonic()
        started = tuple(session.events)
        if isinstance(feels, Comfort):
            started += session.answer(feels)
        return self._after(started) | {"started": writer.session_id}

    def _preview(self) -> None:
        self._session, self._first_ms = Session(OBSERVE, self._estimator), None

    def _ask(self, request: Request) -> dict[str, Any]:
        return self._after(self._session.ask(request))

    def _answer(self, answer: Comfort | StopReason) -> dict[str, Any]:
        """What the person says of a session, in it or after its end."""
        if self._writer is not None:
            return self._after(self._session.answer(answer))
        if self._over is None:
            return {}
        session, writer = self._over
        events = session.answer(answer)
        try:
            writer.record(events, ())
            writer.flush()
        except JournalUnavailable as error:
            return {"problem": self._unkept(error)}
        return {"events": [_told(e, self._translate) for e in events]}

    def _tick(self) -> dict[str, Any]:
        if self._writer is None or self._session.estimator is not None:
            return {}
        return self._after(self._session.tick(time.monotonic() - self._began_s))

    def _measure(self, t_ms: float, picture: bytes) -> dict[str, Any]:
        if self._session.estimator is None or (self._writer is None and self._is_measuring):
            return {"t_ms": t_ms}
        if self._writer is None and self._session.t_s > PREVIEW_S:
            self._preview()
        self._first_ms = t_ms if self._first_ms is None else self._first_ms
        t_s = (t_ms - self._first_ms) / 1000
        if t_s < self._session.t_s or (self._session.states and t_s == self._session.t_s):
            return {"t_ms": t_ms}
        if picture != self._last_picture or t_s < self._changed_s:
            self._last_picture, self._changed_s = picture, t_s
        if self._session.coach.holding and t_s - self._changed_s > FROZEN_S:
            return {"t_ms": t_ms} | self._after(self._session.ask(Request.CAMERA_FROZEN))
        step = self._session.see(decode_picture(picture, t_s))
        return self._after(step.events) | _describe(step, t_ms)

    def _after(self, events: Sequence[Event]) -> dict[str, Any]:
        """Journal what happened and say it to the page."""
        result: dict[str, Any] = {}
        if self._writer is not None:
            ended = any(isinstance(e, SessionEnded) for e in events)
            states = self._session.states[self._states_written :]
            self._states_written = len(self._session.states)
            try:
                self._writer.record(events, states)
                if ended:
                    self._writer.finish(self._session.summary())
            except JournalUnavailable as error:
                result["problem"] = self._unkept(error)
            coach = self._session.coach
            result |= {
                "phase": coach.phase.value,
                "side": coach.side.value if coach.side else "",
                "done_s": round(coach.in_posture_s, 2),
                "target_s": coach.movement.hold_s,
                "usual_deg": coach.deep_enough_deg,
                "events": [_told(e, self._translate) for e in events],
            }
            if ended:
                result["finished"] = self._writer.session_id
                self._over, self._writer = (self._session, self._writer), None
                result["measuring"] = "problem" not in result and any(state.seen for state in self._session.states)
                self._preview()
        return result

    def _unkept(self, error: JournalUnavailable) -> str:
        _ = self._translate
        return _("Your journal cannot be written. {error}").format(error=error)

    # ---- after the end

    async def _measure_anew(self, session: Session, writer: SessionWriter) -> None:
        """Once it is over, measure the session as a whole, as a recording is, in its place in the journal."""
        told: dict[str, Any] = {"measuring": False}
        await asyncio.to_thread(session.remeasure, MAX_FPS)
        try:
            await self._in_worker(writer.measured_anew, session.states, session.summary())
        except JournalUnavailable as error:
            told["problem"] = self._unkept(error)
        if not self._has_left:
            await self._send(told)

    @property
    def _is_measuring(self) -> bool:
        """Whether the last session is being measured anew: no preview then, which would take half of the machine."""
        return self._anew is not None and not self._anew.done()

    async def settle(self) -> None:
        """What the last session still needs, whether the page is there or not."""
        if self._anew is not None:
            await self._anew

    # ---- the three tasks beside the listener

    async def _measure_frames(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            newest, self._newest = self._newest, None
            if newest is None:
                continue
            try:
                await self._in_worker(self._measure, *newest)
            except UnreadableClip as error:
                _ = self._translate
                problem = _("The camera's picture cannot be read: {error}").format(error=error)
                await self._send({"t_ms": newest[0], "problem": problem})

    async def _watch_camera(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            silent = time.monotonic() - self._heard_s > CAMERA_SILENT_S
            if silent and self._writer is not None and self._session.estimator is not None:
                await self._in_worker(self._ask, Request.CAMERA_LOST)

    async def _tick_clock(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if self._kind == NO_CAMERA and self._writer is not None:
                await self._in_worker(self._tick)

    async def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.send_text(json.dumps(message))


def _told(event: Event, _: Translate) -> dict[str, Any]:
    """The event for the page: its words translated; a line or a name of the person's own stays as it is."""
    return {key: _(value) if key in ("text", "name") else value for key, value in to_record(event).items()}


def _describe(step: Step, t_ms: float) -> dict[str, Any]:
    """One frame's result for the page; angles None where not seen, landmarks as shares of the picture."""
    reading: Reading = step.reading
    state = reading.state
    rolls = state.seen and step.coach.movement.rolls
    return {
        "t_ms": t_ms,
        "landmarks": _shares(step.pose),
        "aspect": round(step.pose.width_px / step.pose.height_px, 3),
        "posture": reading.posture.value,
        "view": reading.view.value if reading.view else None,
        "advice": advice_key(reading),
        "knee_drop_deg": round(state.knee_drop_deg, 1) if rolls else None,
        "knee_drop_error_deg": round(state.error("knee_drop_deg"), 1) if rolls else None,
    }


def _shares(pose: PoseFrame) -> list[list[float]] | None:
    if not pose.has_person:
        return None
    return [[round(float(x) / pose.width_px, 4), round(float(y) / pose.height_px, 4)] for x, y in pose.image_px]


def _answer(message: Mapping[str, Any]) -> Comfort | StopReason | None:
    """What a page says of how it feels or why it was stopped; None where it says neither, or nonsense."""
    why = str(message.get("why"))
    if why in set(StopReason):
        return StopReason(why)
    scales = [message.get(name) for name in ("stiffness", "discomfort")]
    told = [n if isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 10 else None for n in scales]
    return Comfort(*told) if any(n is not None for n in told) else None
