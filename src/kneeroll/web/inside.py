"""The routes of the inside view: what a session did inside, beside something else, and the article's claims. They only read."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from kneeroll.course import Course
from kneeroll.journal import Journal
from kneeroll.web.inside_pages import Beside, claims_page, inside_page
from kneeroll.web.language import language_of

Page = Callable[..., HTMLResponse]
"""Renders a template by its name, for a request, with values."""


def inside_routes(page: Page, journal: Journal, look: Callable[[], Course]) -> APIRouter:
    """The routes; `look` tells how the person's weeks stand now, `page` renders a template."""
    routes = APIRouter()

    @routes.get("/sessions/{session_id}/inside")
    def inside(session_id: str, request: Request, beside: str = "", cm: str = "") -> HTMLResponse:
        try:
            record = journal.session(session_id)
        except KeyError:
            return page("missing.html", request, status=404)
        chosen = Beside(beside) if beside in list(Beside) else None
        return page("inside.html", request, page=inside_page(record, look(), language_of(request), chosen, cm))

    @routes.get("/claims")
    def claims(request: Request) -> HTMLResponse:
        return page("claims.html", request, page=claims_page(look(), language_of(request)))

    return routes
