"""Which language a page speaks: the one that was chosen on it, else the browser's."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from kneeroll.languages import Language, choose

COOKIE = "language"
"""Set by the page (static/text.js)."""


def language_of(connection: HTTPConnection) -> Language:
    """The language of whoever asks."""
    return choose(connection.cookies.get(COOKIE), connection.headers.get("accept-language"))
