"""Languages, and their texts from the `.po` files beside this module."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Self

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Translate = Callable[[str], str]
"""From the English text to that of a language, placeholders in braces kept. `str` leaves it English."""


def N_(english: str) -> str:  # noqa: N802, gettext's own name for it
    """Marks a text that is translated where it is shown."""
    return english


class Worded(StrEnum):
    """A word of the program and what people read of it: `NAME = "word", N_("English text")`."""

    words: str

    def __new__(cls, word: str, words: str = "") -> Self:
        self = str.__new__(cls, word)
        self._value_, self.words = word, words
        return self

    def told(self, _: Translate) -> str:
        """In words of a language."""
        return _(self.words)


class Language(StrEnum):
    """A language with its own name, its tag (BCP 47) for pages and their voices, its locale for dates, its voice of espeak-ng."""

    own_name: str
    tag: str
    locale: str
    voice: str

    def __new__(cls, code: str, own_name: str = "", tag: str = "", locale: str = "", voice: str = "") -> Self:
        self = str.__new__(cls, code)
        self._value_, self.own_name, self.tag, self.locale, self.voice = code, own_name, tag, locale, voice
        return self

    EN = "en", "English", "en", "en_GB", "en-gb"
    DE = "de", "Deutsch", "de", "de", "de"
    ES = "es", "Español", "es", "es", "es"
    FR = "fr", "Français", "fr", "fr", "fr-fr"
    ZH = "zh", "简体中文", "zh-CN", "zh_Hans", "cmn"


class _Texts(dict[str, str]):
    def __missing__(self, english: str) -> str:
        return english


@cache
def translations(language: Language) -> Catalog:
    """All that stands in the language's file; empty for English, which is written in the program."""
    if language is Language.EN:
        return Catalog(language.locale)
    with resources.files("kneeroll.languages").joinpath(f"{language}.po").open("rb") as file:
        return read_po(file, language.locale)


@cache
def translator(language: Language) -> Translate:
    """From English to this language; what has no translation stays as it is."""
    return _Texts({str(m.id): str(m.string) for m in translations(language) if m.id and m.string and not m.fuzzy}).__getitem__


def of_scripts(language: Language) -> dict[str, str]:
    """The texts that the page's scripts show themselves, by their English."""
    in_scripts = (m for m in translations(language) if any(file.endswith(".js") for file, _ in m.locations))
    return {str(m.id): translator(language)(str(m.id)) for m in in_scripts}


def choose(wished: str | None, accept_language: str | None) -> Language:
    """The language that a person chose, else the one that the browser likes best (RFC 9110, 12.5.4), else English.

    >>> choose(None, "pt, de-CH;q=0.7, fr;q=0.9")
    <Language.FR: 'fr'>
    """
    for tag in (wished or "", *_by_liking(accept_language or "")):
        code = tag.split("-")[0].strip().lower()
        if code in set(Language):
            return Language(code)
    return Language.EN


def _by_liking(accept_language: str) -> list[str]:
    weighed = []
    for part in accept_language.split(","):
        tag, _, q = part.partition(";")
        try:
            weight = float(q.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            weighed.append((weight, tag))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]
