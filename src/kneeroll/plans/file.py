"""A plan as TOML: read and checked key by key, and written. The format of docs/care.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from unicodedata import bidirectional, category

from kneeroll.checks import Checks, shown
from kneeroll.errors import InvalidPlan
from kneeroll.movements import DEFAULT, HEIGHTS_CM, SHIPPED, Breath, Movement
from kneeroll.plans.limits import Limits, Mind
from kneeroll.plans.plan import TOO_MUCH, Day, Plan
from kneeroll.poses import Side, Surface

MOST_MOVEMENTS = 4
"""A session of more is not kept up for weeks: fewer than four exercises are done more often (Bachmann 2018)."""
READY_S = (10, 90)
PARTS = {"morning": time(8, 0), "midday": time(12, 30), "evening": time(19, 0)}
"""The times of day that have a name."""
MOST_BYTES = 16_384
_LONGEST_LINE = 8_000
_TURNS = ("LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI")

_CHECK = Checks(InvalidPlan)


def default_plan() -> Plan:
    """The plan that ships with kneeroll: left first, 20 seconds, twice a side."""
    return parse_plan(resources.files("kneeroll.plans").joinpath("default.toml").read_text("utf-8"))


def read_plan(path: Path, known: Mapping[str, Movement] = SHIPPED) -> Plan:
    """The plan in a TOML file. InvalidPlan says what is wrong with it."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return parse_plan(content.decode("utf-8-sig"), known)
    except UnicodeDecodeError as error:
        raise InvalidPlan(f"The plan {path} cannot be read: it is not UTF-8 text ({error})") from error
    except OSError as error:
        raise InvalidPlan(f"The plan {path} cannot be read: {error.strerror or error}") from error


def parse_plan(text: str, known: Mapping[str, Movement] = SHIPPED) -> Plan:
    """The plan written in TOML; `known` are the movements that it may name (those that ship with kneeroll).

    >>> parse_plan('hold_s = 10').hold_s
    10.0
    """
    if len(text.encode(errors="replace")) > MOST_BYTES or max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
        raise InvalidPlan(f"The plan is too long; a plan has at most {MOST_BYTES} bytes, and {_LONGEST_LINE} in a line")
    table = _CHECK.load(text, "The plan")
    read = _READ | {"movements": partial(_movements, known)}
    _CHECK.known(table, read)
    return Plan(**{key: read[key](key, value) for key, value in table.items()})


def write_plan(plan: Plan) -> str:
    """The plan as TOML, such that `parse_plan` gives it back.

    >>> parse_plan(write_plan(default_plan())) == default_plan()
    True
    """
    import tomli_w

    told = {key: value for key, value in plan.record().items() if key != "follow" and value not in (None, "", [], {})}
    return tomli_w.dumps(told)


def _movements(known: Mapping[str, Movement], key: str, names: object) -> tuple[Movement, ...]:
    if not isinstance(names, list) or not 1 <= len(names) <= MOST_MOVEMENTS:
        raise InvalidPlan(f'{key} is {shown(names)}; write 1 to {MOST_MOVEMENTS} names, like ["{DEFAULT}"]')
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise InvalidPlan(f"{key} names {shown(name)}, which nobody knows; known are {', '.join(known)}")
    return tuple(known[name] for name in names)


def _line(key: str, value: object, longest: int, allowed: str = "") -> str:
    """Text without characters that move a terminal's cursor or turn the order of letters."""
    text = _CHECK.text(key, value, longest)
    hidden = [c for c in text if c not in allowed and (category(c) == "Cc" or bidirectional(c) in _TURNS)]
    if hidden:
        raise InvalidPlan(f"{key} has a hidden character, {hidden[0]!a}; write plain text")
    return text


def _ready_s(key: str, value: object) -> float:
    ready_s = _CHECK.number(key, value, 0, READY_S[1])
    if 0 < ready_s < READY_S[0]:
        raise InvalidPlan(f"{key} is {ready_s:g}; it must be 0 or from {READY_S[0]} to {READY_S[1]} seconds")
    return ready_s


def _breath(key: str, value: object) -> Breath:
    if not isinstance(value, dict) or set(value) != {"in_s", "out_s"}:
        raise InvalidPlan(f"{key} is {shown(value)}; write {key} = {{ in_s = 4, out_s = 6 }}")
    return Breath(*(_CHECK.number(f"{key}.{way}", value[way], 2, 10) for way in ("in_s", "out_s")))


def _days(key: str, value: object) -> tuple[Day, ...]:
    days = _CHECK.words(key, value, Day)
    if not days:
        raise InvalidPlan(f'{key} is empty; write at least one day, like ["mon"], or leave it out for every day')
    return tuple(day for day in Day if day in days)


def _times(key: str, value: object) -> tuple[time, ...]:
    times = sorted({_time(name, entry) for name, entry in _CHECK.entries(key, value)})
    if len(times) > len(PARTS):
        raise InvalidPlan(f"{key} has {len(times)} times of day; at most {len(PARTS)} are kept up")
    return tuple(times)


def _time(key: str, value: object) -> time:
    if isinstance(value, str) and value in PARTS:
        return PARTS[value]
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    raise InvalidPlan(f'{key} is {shown(value)}; write "07:30", or one of ' + ", ".join(f'"{part}"' for part in PARTS))


def parse_limits(key: str, value: object) -> Limits:
    """The limits that a table says; `key` names it in a message."""
    if not isinstance(value, dict):
        raise InvalidPlan(f"{key} is {shown(value)}; write its keys under [{key}]")
    _CHECK.known(value, _READ_LIMITS, f"{key}.")
    return Limits(**{name: _READ_LIMITS[name](f"{key}.{name}", entry) for name, entry in value.items()})


def _mind(key: str, value: object) -> tuple[Mind, ...]:
    minds = _CHECK.words(key, value, Mind)
    return tuple(mind for mind in Mind if mind in minds)


_Read = Mapping[str, Callable[[str, object], Any]]
_READ_LIMITS: _Read = {
    "ceiling_deg": partial(_CHECK.number, low=20, high=90),
    "top_speed_deg_s": partial(_CHECK.number, low=5, high=60),
    "longest_hold_s": partial(_CHECK.number, low=5, high=120),
    **dict.fromkeys(("cushion_locked", "legs_uncrossed", "rolls_only", "off_the_back", "step_a_week"), _CHECK.yes),
    "mind": _mind,
}
_READ: dict[str, Callable[[str, object], Any]] = {
    "version": partial(_CHECK.whole, low=1, high=1),
    "name": partial(_line, longest=100),
    "author": partial(_line, longest=100),
    "notes": partial(_line, longest=1000, allowed="\n\t"),
    "first_side": partial(_CHECK.word, words=Side),
    "surface": partial(_CHECK.word, words=Surface),
    "hold_s": partial(_CHECK.number, low=3, high=120),
    "holds_a_side": partial(_CHECK.whole, low=1, high=10),
    "get_ready_s": _ready_s,
    "cushion_cm": partial(_CHECK.number, low=HEIGHTS_CM[0], high=HEIGHTS_CM[-1]),
    "breath": _breath,
    "days": _days,
    "times": _times,
    "stop_above": partial(_CHECK.whole, low=1, high=TOO_MUCH),
    "limits": parse_limits,
}
