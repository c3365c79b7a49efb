"""The routes. No route reads a file by a path from outside: what can be served is listed here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib import resources

from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.types import ASGIApp

from kneeroll import __version__
from kneeroll.anatomy import BODY
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.coach.phrases import all_phrases, spoken
from kneeroll.errors import InvalidProfile, KneerollError
from kneeroll.estimators.choose import load
from kneeroll.journal import Journal
from kneeroll.languages import Language, of_scripts, translator
from kneeroll.movements import HEIGHTS_CM
from kneeroll.networks import DEFAULT, Network
from kneeroll.plans import Plan, default_plan
from kneeroll.speech.espeak import has_espeak, render
from kneeroll.web.guard import FROM_PHONE, LocalOnly
from kneeroll.web.inside import inside_routes
from kneeroll.web.language import language_of
from kneeroll.web.live import Live
from kneeroll.web.pages import choices, doses, ready_choices
from kneeroll.web.person import Person
from kneeroll.web.phone import Phone
from kneeroll.web.sessions import sessions_routes
from kneeroll.web.today import today_of
from kneeroll.web.weeks import Sent, weeks_routes
from kneeroll.wording import DISCLAIMER

STATIC = {
    "style.css": "text/css",
    "coach.js": "text/javascript",
    "camera.js": "text/javascript",
    "draw.js": "text/javascript",
    "phone.js": "text/javascript",
    "remind.js": "text/javascript",
    "comfort.js": "text/javascript",
    "show.js": "text/javascript",
    "sound.js": "text/javascript",
    "text.js": "text/javascript",
    "watch.js": "text/javascript",
    "inside.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
LETS_GO_S = 2.0
"""How long a page that was just closed or reloaded takes to let go of the coach."""


def create_app(plan: Plan | None, journal: Journal, port: int, network: Network = DEFAULT) -> ASGIApp:
    """The application on one journal for this machine; one session at a time. plan: instead of the one in the journal."""
    return LocalOnly(create_routes(plan, journal, network), port)


def create_routes(plan: Plan | None, journal: Journal, network: Network = DEFAULT, phone: Phone | None = None) -> FastAPI:
    """The routes, not guarded. With a phone, this machine's own page shows the code to scan, then the phone's session."""
    pages = Environment(loader=PackageLoader("kneeroll.web"), autoescape=select_autoescape(), undefined=StrictUndefined)
    pages.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    pages.globals |= {"disclaimer": DISCLAIMER, "version": __version__, "on_phone": False, "languages": list(Language)}
    person = Person(journal, plan)
    worker = ThreadPoolExecutor(1, thread_name_prefix="measure")
    busy = asyncio.Lock()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(person.read_ahead)
        yield
        if phone is not None:
            await phone.stop()
        worker.shutdown(wait=True)

    app = FastAPI(title="kneeroll", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    def page(name: str, request: Request, status: int = 200, **values: object) -> HTMLResponse:
        language = language_of(request)
        people = () if FROM_PHONE in request.scope else person.everybody()
        chosen = next((one.name for one in people if person.is_chosen(one)), "")
        values |= {"_": translator(language), "language": language, "people": people, "chosen": chosen}
        told = pages.get_template(name).render(**values)
        return HTMLResponse(told, status_code=status)

    app.include_router(sessions_routes(page, journal))
    app.include_router(weeks_routes(page, journal, person.look))
    app.include_router(inside_routes(page, journal, person.look))

    @app.get("/")
    def coach(request: Request) -> Response:
        language, course = language_of(request), person.look()
        _ = translator(language)
        only_looks = "sample" in request.query_params
        today, trouble = today_of(course, language), course.trouble
        if (course.clearance is None or (today is None and not trouble)) and not only_looks:
            return RedirectResponse("/screening", status_code=303)
        todays, routine = today.plan if today else default_plan(), course.routine if today else None
        bones = {"bones": BODY.bone_indices, "landmarks": BODY.landmarks}
        texts = of_scripts(language)
        advice = {key: _(line) for key, line in all_phrases().items()}
        on_phone = FROM_PHONE in request.scope
        if phone is not None and not on_phone:
            return page("watch.html", request, bones=bones, texts=texts, fingerprint=phone.fingerprint)
        advice = {key: translator(language)(line) for key, line in all_phrases().items()}
        usual = journal.usual()
        return page(
            "coach.html",
            request,
            plan=todays,
            today=None if only_looks or on_phone else today,
            trouble=trouble,
            only_looks=only_looks,
            doses=doses(todays, language),
            movements=[one for one in course.known.values() if not todays.limits.forbid(one)],
            ready_s=ready_choices(todays),
            choices=choices(todays, routine, course.known, language),
            companions=_(", ").join(_(movement.name) for movement in routine.movements[1:]) if routine else "",
            heights_cm=HEIGHTS_CM,
            cushion_cm=todays.cushion_cm or usual.cushion_cm,
            surface=usual.surface or todays.surface,
            bones=bones,
            texts=texts,
            advice=advice,
            on_phone=on_phone,
            has_espeak=has_espeak(),
        )

    @app.post("/profile")
    def choose_profile(sent: Sent, request: Request) -> Response:
        """A session that runs stays in the journal in which it began."""
        try:
            person.turn_to(sent.get("name", [""])[0])
        except InvalidProfile:
            return page("missing.html", request, status=404)
        return RedirectResponse("/", status_code=303)

    @app.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        text = resources.files("kneeroll.web").joinpath("static", name).read_text("utf-8")
        return Response(text, media_type=STATIC[name])

    @app.get("/sample.mp4")
    async def sample() -> FileResponse:
        return FileResponse(sample_clip_path(), media_type="video/mp4")

    @app.get("/say/{code}/{movement}/{key}.wav")
    def say(code: str, movement: str, key: str) -> Response:
        try:
            language, line = Language(code), spoken(key, person.known[movement])
        except (KeyError, ValueError) as error:
            raise HTTPException(404, "no such line") from error
        return Response(render(translator(language)(line), language.voice), media_type="audio/wav")

    @app.exception_handler(404)
    async def missing(request: Request, _: Exception) -> HTMLResponse:
        return page("missing.html", request, status=404)

    @app.exception_handler(KneerollError)
    async def unavailable(request: Request, error: Exception) -> HTMLResponse:
        """The disk is full, or the journal has another passphrase, for example: what is in the way, in words."""
        return page("trouble.html", request, status=503, trouble=error)

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        if phone is not None and FROM_PHONE in socket.scope:
            await socket.accept()
            await phone.carry(socket, converse)
        else:
            await converse(socket)

    @app.websocket("/watch")
    async def watch(socket: WebSocket) -> None:
        if phone is None:
            await socket.close()
        else:
            await socket.accept()
            await phone.watch(socket)

    async def converse(socket: WebSocket) -> None:
        await socket.accept()
        try:
            await asyncio.wait_for(busy.acquire(), LETS_GO_S)
        except TimeoutError:
            _ = translator(language_of(socket))
            told = _("The coach is already open in another tab. Close that one; this page then goes on.")
            await socket.send_text(json.dumps({"problem": told}))
            await socket.close(1013)
            return
        try:
            loop = asyncio.get_running_loop()
            estimator = await loop.run_in_executor(worker, load, network)
            live = Live(socket, person.look, journal, estimator, worker)
            try:
                await live.run()
            finally:
                await loop.run_in_executor(worker, estimator.close)
        finally:
            busy.release()
            worker.submit(person.read_ahead)
        await live.settle()

    return app
