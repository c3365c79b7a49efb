"""Words in a picture, as SVG: how wide they are is known about, not to the pixel. Pure."""

from __future__ import annotations

import math
import textwrap
import unicodedata
from html import escape

_WIDE_LETTER = 1.8
LETTER_PX = {"name": 10.7, "strong": 8.9, "small": 6.8, "": 7.6}
"""How wide a letter is on average, by the class of the text: a little more than most fonts need."""


def text(x: float, y: float, words: str, css: str = "", anchor: str = "start", *, within: float = math.inf) -> str:
    """Text at a place, squeezed where it would be wider than `within`."""
    is_wider = LETTER_PX.get(css, 0.0) * letters(words) > within
    squeezed = f' textLength="{within:.0f}" lengthAdjust="spacingAndGlyphs"' if is_wider else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{css}" text-anchor="{anchor}"{squeezed}>{escape(words)}</text>'


def wrapped(words: str, width: int) -> list[str]:
    """Lines of at most so many letters, of which a Chinese one counts for almost two and may be followed by a new line.

    >>> wrapped("outer slanting belly muscle", 18), wrapped("腹外斜肌的外层部分", 9)
    (['outer slanting', 'belly muscle'], ['腹外斜肌的', '外层部分'])
    """
    if any(_is_wide(letter) for letter in words):
        return textwrap.wrap(words, int(width / _WIDE_LETTER))
    return textwrap.wrap(words, width, break_long_words=False)


def letters(words: str) -> float:
    """How many letters of usual width are as wide."""
    return sum(_WIDE_LETTER if _is_wide(letter) else 1.0 for letter in words)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
