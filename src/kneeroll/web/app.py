"""The routes. No route reads a file by a path from outside: what can be served is listed here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib import resources

from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from kneeroll import __version__
from kneeroll.anatomy import BODY
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.coach.phrases import all_phrases
from kneeroll.estimators.choose import load
from kneeroll.journal import Journal
from kneeroll.networks import DEFAULT, Network
from kneeroll.plans import Plan
from kneeroll.speech.espeak import VoiceMissing, render
from kneeroll.web.guard import LocalOnly
from kneeroll.web.live import Live
from kneeroll.web.pages import DISCLAIMER, session_lines, session_page

STATIC = {
    "style.css": "text/css",
    "coach.js": "text/javascript",
    "camera.js": "text/javascript",
    "draw.js": "text/javascript",
    "sound.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
LETS_GO_S = 2.0
"""How long a page that was just closed or reloaded takes to let go of the coach."""
SECOND_TAB = "The coach is already open in another tab. Close that one, then reload this page."


def create_app(plan: Plan, journal: Journal, port: int, network: Network = DEFAULT) -> FastAPI:
    """The application on one journal; one session at a time."""
    pages = Environment(loader=PackageLoader("kneeroll.web"), autoescape=select_autoescape(), undefined=StrictUndefined)
    pages.globals |= {"disclaimer": DISCLAIMER, "version": __version__}
    worker = ThreadPoolExecutor(1, thread_name_prefix="measure")
    busy = asyncio.Lock()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        worker.shutdown(wait=True)

    app = FastAPI(title="kneeroll", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(LocalOnly, port=port)

    def page(name: str, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(pages.get_template(name).render(**values), status_code=status)

    @app.get("/")
    async def coach() -> HTMLResponse:
        bones = json.dumps({"bones": BODY.bone_indices, "landmarks": BODY.landmarks})
        return page("coach.html", plan=plan, bones=bones, advice=json.dumps(all_phrases()))

    @app.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        text = resources.files("kneeroll.web").joinpath("static", name).read_text("utf-8")
        return Response(text, media_type=STATIC[name])

    @app.get("/sample.mp4")
    async def sample() -> FileResponse:
        return FileResponse(sample_clip_path(), media_type="video/mp4")

    @app.get("/say/{key}.wav")
    def say(key: str) -> Response:
        lines = all_phrases()
        if key not in lines:
            raise HTTPException(404, "no such line")
        try:
            return Response(render(lines[key]), media_type="audio/wav")
        except VoiceMissing as error:
            return PlainTextResponse(str(error), status_code=503)

    @app.get("/sessions")
    def sessions() -> HTMLResponse:
        return page("sessions.html", sessions=session_lines(journal))

    @app.get("/sessions/{session_id}")
    def session(session_id: str) -> HTMLResponse:
        try:
            found = session_page(journal.session(session_id))
        except KeyError:
            return page("missing.html", status=404)
        return page("session.html", page=found)

    @app.post("/sessions/{session_id}/delete")
    def delete(session_id: str) -> RedirectResponse:
        journal.delete(session_id)
        return RedirectResponse("/sessions", status_code=303)

    @app.exception_handler(404)
    async def missing(_: Request, __: Exception) -> HTMLResponse:
        return page("missing.html", status=404)

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        try:
            await asyncio.wait_for(busy.acquire(), LETS_GO_S)
        except TimeoutError:
            await socket.send_text(json.dumps({"problem": SECOND_TAB}))
            await socket.close(1013)
            return
        try:
            loop = asyncio.get_running_loop()
            estimator = await loop.run_in_executor(worker, load, network)
            try:
                await Live(socket, plan, journal, estimator, worker).run()
            finally:
                await loop.run_in_executor(worker, estimator.close)
        finally:
            busy.release()

    return app
