"""The routes of past sessions: the list, one of them, delete and bring back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from kneeroll.journal import Journal
from kneeroll.web.inside import Page
from kneeroll.web.language import language_of
from kneeroll.web.pages import deleted_lines, session_lines, session_page


def sessions_routes(page: Page, journal: Journal) -> APIRouter:
    """The routes; `page` renders a template."""
    routes = APIRouter()

    @routes.get("/sessions")
    def sessions(request: Request, first: Annotated[int, Query(ge=0, le=10**9)] = 0) -> HTMLResponse:
        language = language_of(request)
        lines, next_first = session_lines(journal, language, first)
        return page(
            "sessions.html",
            request,
            sessions=lines,
            first=first,
            next_first=next_first,
            deleted=deleted_lines(journal, language),
            has_just_deleted="deleted" in request.query_params,
        )

    @routes.get("/sessions/{session_id}")
    def session(session_id: str, request: Request) -> HTMLResponse:
        try:
            found = session_page(journal.session(session_id), language_of(request))
        except KeyError:
            return page("missing.html", request, status=404)
        return page("session.html", request, page=found)

    @routes.post("/sessions/{session_id}/delete")
    def delete(session_id: str) -> RedirectResponse:
        journal.delete(session_id, datetime.now(UTC))
        return RedirectResponse("/sessions?deleted", status_code=303)

    @routes.post("/sessions/{session_id}/undo")
    def undo(session_id: str) -> RedirectResponse:
        journal.undelete(session_id)
        return RedirectResponse("/sessions", status_code=303)

    return routes
