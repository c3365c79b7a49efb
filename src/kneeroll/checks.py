"""Checks of the values in a TOML table, key by key. Pure: the caller says which error a wrong value raises."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from reprlib import Repr
from typing import Any, TypeVar

_Word = TypeVar("_Word", bound=StrEnum)
_BRIEF = Repr()
_BRIEF.maxstring = _BRIEF.maxlong = _BRIEF.maxother = 80


def shown(value: object) -> str:
    """What was written, short enough for a message, however deep it is nested."""
    return _BRIEF.repr(value)


@dataclass(frozen=True, slots=True)
class Checks:
    """What a table may hold; each check gives the value as it is meant, or raises `error` with the key and what would be right.

    >>> Checks(ValueError).number("hold_s", 20, 3, 120)
    20.0
    """

    error: type[Exception]

    def load(self, text: str, what: str) -> dict[str, Any]:
        """The table that a text says; `what` begins the message where it is none."""
        try:
            text.encode()  # half a character is none
            return tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number of five thousand digits, a thousand brackets
            raise self.error(f"{what} is not valid TOML: {error}") from error

    def known(self, table: Mapping[str, Any], known: Collection[str], within: str = "") -> None:
        """Only keys that somebody knows."""
        for key in table:
            if key not in known:
                place = f"in {within[:-1]} " if within else ""
                raise self.error(f"{within}{key} is an unknown key; known {place}are {', '.join(sorted(known))}")

    def entries(self, key: str, value: object) -> list[tuple[str, object]]:
        """The entries of a list, each with the words that name it."""
        if not isinstance(value, list):
            raise self.error(f"{key} is {shown(value)}; write a list in square brackets")
        return [(f"{key}, entry {i},", entry) for i, entry in enumerate(value, 1)]

    def text(self, key: str, value: object, longest: int | None = None) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} is {shown(value)}; write text in quotes")
        if longest is not None and len(value) > longest:
            raise self.error(f"{key} has {len(value)} characters; say it in at most {longest}")
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        return tuple(self.text(name, entry) for name, entry in self.entries(key, value))

    def word(self, key: str, value: object, words: type[_Word]) -> _Word:
        known = [word.value for word in words]
        if value in known:
            return words(value)
        raise self.error(f"{key} is {shown(value)}; write one of " + ", ".join(f'"{word}"' for word in known))

    def words(self, key: str, value: object, words: type[_Word]) -> tuple[_Word, ...]:
        return tuple(self.word(name, entry, words) for name, entry in self.entries(key, value))

    def yes(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.error(f"{key} is {shown(value)}; write true or false")
        return value

    def number(self, key: str, value: object, low: float, high: float) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        raise self.error(f"{key} is {shown(value)}; it must be a number from {low:g} to {high:g}")

    def whole(self, key: str, value: object, low: int, high: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise self.error(f"{key} is {shown(value)}; it must be a whole number from {low} to {high}")
