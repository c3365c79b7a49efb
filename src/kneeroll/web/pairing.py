"""Who may be the camera: one phone, let in by a token that works once. Pure: time is an argument, in seconds of one clock."""

from __future__ import annotations

import secrets
from hmac import compare_digest

TOKEN_BYTES, SECRET_BYTES = 24, 32
TOKEN_LASTS_S = 600.0
"""A token that nobody used is dead after this long."""
MOST_FAILED, WITHIN_S = 10, 60.0
"""More wrong tokens than this within so many seconds, and the token is dead: only a new one lets a phone in."""
LAST_WORDS_S = 120.0
"""After the end the phone may fetch the voice's lines for this long, and nothing else."""


class Pairing:
    """A token that can be exchanged once for a secret; the secret opens everything until `end`."""

    def __init__(self, now_s: float) -> None:
        self._last_words = ("", now_s)
        self.renew(now_s)

    def renew(self, now_s: float) -> None:
        """A new token; a phone that was paired is let go."""
        self._token: str | None = secrets.token_urlsafe(TOKEN_BYTES)
        self._until_s = now_s + TOKEN_LASTS_S
        self._failed_s: list[float] = []
        self._secret: str | None = None

    def end(self, now_s: float) -> None:
        """The session is over: the secret opens nothing but the last words, and a new token is ready."""
        self._last_words = (self._secret or "", now_s + LAST_WORDS_S)
        self.renew(now_s)

    def revoke(self) -> None:
        """Nothing opens any more, and there is no new token: the server stops."""
        self._token = self._secret = None
        self._last_words = ("", 0.0)

    def token(self, now_s: float) -> str | None:
        """The token that would be taken now; None when it was used, is too old, or was guessed at too often."""
        return self._token if now_s < self._until_s else None

    def lasts_s(self, now_s: float) -> float:
        """Seconds that are left to use the token."""
        return max(0.0, self._until_s - now_s)

    def exchange(self, token: str, now_s: float) -> str | None:
        """The secret for the token, once; None for every other token."""
        right = self.token(now_s)
        if right is None:
            return None
        if not _same(token, right):
            self._failed_s = [s for s in self._failed_s if now_s - s < WITHIN_S] + [now_s]
            if len(self._failed_s) > MOST_FAILED:
                self._token = None
            return None
        self._token, self._secret = None, secrets.token_urlsafe(SECRET_BYTES)
        return self._secret

    @property
    def is_paired(self) -> bool:
        return self._secret is not None

    def admits(self, secret: str) -> bool:
        """Whether this is the secret of the phone that is paired."""
        return self._secret is not None and _same(secret, self._secret)

    def may_hear(self, secret: str, now_s: float) -> bool:
        """Whether the voice's lines may be fetched: while paired, and shortly after the end."""
        last, until_s = self._last_words
        return self.admits(secret) or (last != "" and now_s < until_s and _same(secret, last))


def _same(a: str, b: str) -> bool:
    return compare_digest(a.encode(), b.encode())
