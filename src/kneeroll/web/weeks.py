"""The routes between sessions: the first questions, mornings after, questionnaires, progress, plan. They write diary entries."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from kneeroll.care.calendar import write_calendar
from kneeroll.care.progress import choose
from kneeroll.care.screening import questions, version
from kneeroll.course import Course
from kneeroll.course.report import report_file
from kneeroll.diary import (
    ActivitiesNamed,
    Entry,
    Filled,
    Instrument,
    MorningAfter,
    PlanAccepted,
    Reminded,
    Screened,
    Settled,
    TrialEnded,
)
from kneeroll.errors import InvalidPlan, NotExported
from kneeroll.journal import Journal
from kneeroll.languages import translator
from kneeroll.outcomes import plan_trial, questionnaires
from kneeroll.outcomes.questionnaires import MOST_ACTIVITIES
from kneeroll.plans import parse_plan, write_plan
from kneeroll.web.inside import Page
from kneeroll.web.language import language_of
from kneeroll.web.weeks_pages import plan_page, progress_page, questions_page, screening_page

LARGEST_FORM = 65_536
LONGEST_ACTIVITY = 80

REPORT_WEEKS = 12
MEDIA = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}

Form = Mapping[str, list[str]]


async def form_of(request: Request) -> Form:
    """The fields of a form; 413 when it is longer than anything that our pages send."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    return parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=False)


Sent = Annotated[Form, Depends(form_of)]


def weeks_routes(page: Page, journal: Journal, look: Callable[[], Course]) -> APIRouter:
    """The routes; `look` tells how the person's weeks stand now, `page` renders a template."""
    routes = APIRouter()

    def now() -> datetime:
        return look().now

    def keep(entry: Entry, then: str) -> RedirectResponse:
        journal.write(entry)
        return RedirectResponse(then, status_code=303)

    @routes.get("/screening")
    def screening(request: Request) -> HTMLResponse:
        return page(
            "screening.html", request, page=screening_page(look(), language_of(request)), anew="anew" in request.query_params
        )

    @routes.post("/screening")
    def screened(sent: Sent) -> RedirectResponse:
        known = {question.id for question in questions()}
        yes = tuple(id for id in sent.get("yes", []) if id in known)
        return keep(Screened(now(), yes, version()), "/screening")

    @routes.get("/morning")
    def morning(request: Request) -> Response:
        course = look()
        if (last := course.morning_of) is None:
            return RedirectResponse("/", status_code=303)
        return page("morning.html", request, said=course.said_of_morning or MorningAfter(course.now, last.entry.id, None, None))

    @routes.post("/morning")
    def morning_said(sent: Sent) -> RedirectResponse:
        course = look()
        last = course.morning_of
        if last is None:
            return RedirectResponse("/", status_code=303)
        settled, woke = _one(sent, "settled"), _one(sent, "woke")
        said = MorningAfter(
            course.now,
            last.entry.id,
            stiffness=_scale(sent, "stiffness", 0, 10),
            discomfort=_scale(sent, "discomfort", 0, 10),
            settled=Settled(settled) if settled in list(Settled) else None,
            woke={"yes": True, "no": False}.get(woke),
        )
        before = course.said_of_morning
        is_new = before is None or replace(said, at=before.at) != before
        return keep(said, "/") if is_new else RedirectResponse("/", status_code=303)

    @routes.get("/questions/{instrument}")
    def ask(instrument: Instrument, request: Request) -> HTMLResponse:
        asked, least = questions_page(instrument, look(), language_of(request)), questionnaires()[Instrument.ACTIVITIES].needs
        is_anew = "anew" in request.query_params
        return page("questions.html", request, page=asked, anew=is_anew, least=least, most=MOST_ACTIVITIES)

    @routes.post("/questions/{instrument}")
    def answer(instrument: Instrument, sent: Sent, request: Request) -> Response:
        course, asked = look(), questionnaires()[instrument]
        items = questions_page(instrument, course, language_of(request)).items
        found = {id: _scale(sent, id, asked.low, asked.high) for id, _ in items}
        answers = {id: value for id, value in found.items() if value is not None}
        if asked.score(answers) is None:
            return RedirectResponse(f"/questions/{instrument}", status_code=303)
        return keep(Filled(course.now, instrument, answers), "/progress")

    @routes.post("/activities")
    def name_activities(sent: Sent) -> RedirectResponse:
        names = ["".join(filter(str.isprintable, " ".join(name.split()))).strip() for name in sent.get("name", [])]
        names = list(dict.fromkeys(name[:LONGEST_ACTIVITY] for name in names if name))[:MOST_ACTIVITIES]
        then = f"/questions/{Instrument.ACTIVITIES}"
        needed = questionnaires()[Instrument.ACTIVITIES].needs
        if len(names) < needed:
            return RedirectResponse(f"{then}?anew", status_code=303)
        return keep(ActivitiesNamed(now(), tuple(names)), then)

    @routes.get("/progress")
    def progress(request: Request) -> HTMLResponse:
        return page("progress.html", request, page=progress_page(look(), language_of(request)))

    @routes.get("/report.{kind}")
    def report(kind: Literal["pdf", "html"], request: Request) -> Response:
        """The last weeks on one page for a professional, as a file."""
        course, language = look(), language_of(request)
        try:
            _, content = report_file(course, kind, weeks=REPORT_WEEKS, language=language)
        except NotExported as error:
            return PlainTextResponse(f"{error}\n", status_code=404)
        kept_as = {"Content-Disposition": f'attachment; filename="kneeroll-{course.now:%Y-%m-%d}.{kind}"'}
        return Response(content, media_type=MEDIA[kind], headers=kept_as)

    @routes.post("/trial")
    def begin_trial(sent: Sent) -> RedirectResponse:
        factor, course = _one(sent, "factor"), look()
        if factor not in course.factors or course.trial is not None:
            return RedirectResponse("/progress", status_code=303)
        return keep(plan_trial(factor, course.now, secrets.randbelow(2**31)), "/progress")

    @routes.post("/trial/end")
    def end_trial() -> RedirectResponse:
        course = look()
        if course.trial is None:
            return RedirectResponse("/progress", status_code=303)
        return keep(TrialEnded(course.now, course.trial.factor), "/progress")

    @routes.get("/plan")
    def plan(request: Request) -> HTMLResponse:
        return page("plan.html", request, page=plan_page(look(), language_of(request)), text="", problem="", checked=False)

    @routes.post("/plan/step")
    def set_step(sent: Sent, request: Request) -> Response:
        course = look()
        step, standing = course.known.get(_one(sent, "step")), course.standing
        if step is None or standing is None:
            return RedirectResponse("/plan", status_code=303)
        try:
            return keep(choose(standing, step, course.now)[1], "/plan")
        except InvalidPlan as error:
            return _plan_with(request, str(error), "", status=422)

    @routes.post("/plan/check")
    def check(sent: Sent, request: Request) -> Response:
        text = _one(sent, "text")
        try:
            found = parse_plan(text, look().known)
        except InvalidPlan as error:
            return _plan_with(request, str(error), text, status=422)
        told = plan_page(look(), language_of(request), found)
        return page("plan.html", request, page=told, text=write_plan(found), problem="", checked=True)

    @routes.post("/plan")
    def take(sent: Sent, request: Request) -> Response:
        text = _one(sent, "text")
        try:
            found = parse_plan(text, look().known)
        except InvalidPlan as error:
            return _plan_with(request, str(error), text, status=422)
        return keep(PlanAccepted(now(), text, found.author), "/plan")

    def _plan_with(request: Request, problem: str, text: str, status: int) -> HTMLResponse:
        told = plan_page(look(), language_of(request))
        return page("plan.html", request, status, page=told, text=text, problem=problem, checked=False)

    @routes.get("/plan/kneeroll.toml")
    def plan_file() -> Response:
        standing = look().standing
        if standing is None:
            raise HTTPException(404)
        return Response(write_plan(standing), media_type="application/toml; charset=utf-8")

    @routes.get("/plan/kneeroll.ics")
    def calendar(request: Request) -> Response:
        course = look()
        if course.standing is None:
            raise HTTPException(404)
        text = write_calendar(course.standing, course.now, translator(language_of(request)))
        return Response(text, media_type="text/calendar; charset=utf-8")

    @routes.post("/reminder")
    def remind(request: Request) -> dict[str, str | None]:
        """The words of the one reminder of the day, if it is due; asking for it counts as having shown it."""
        course = look()
        words = course.reminder(translator(language_of(request)))
        return {"words": words if words and journal.write_first(Reminded(course.now)) else None}

    return routes


def _one(sent: Form, name: str) -> str:
    return sent.get(name, [""])[0]


def _scale(sent: Form, name: str, low: int, high: int) -> int | None:
    """A number from `low` to `high`; None where there is none, or nonsense."""
    text = _one(sent, name)
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 3:
        return None
    return int(text) if low <= int(text) <= high else None
