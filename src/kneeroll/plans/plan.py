"""A plan: what to hold, how long, how often. Read from TOML and checked key by key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from kneeroll.errors import InvalidPlan
from kneeroll.movements import DEFAULT, HEIGHTS_CM, Movement, catalogue
from kneeroll.poses import Side, Surface

MOST_MOVEMENTS = 4
"""A session of more is not kept up for weeks (clinical 9: fewer than four exercises are done more often)."""
READY_S = (10, 90)


@dataclass(frozen=True)
class Plan:
    """One session: movements one after the other.

    movements: 1 to `MOST_MOVEMENTS`. hold_s: seconds in posture per hold (3-120), holds_a_side: 1-10; None is what each movement
    says itself. Sides alternate from `first_side`. get_ready_s: seconds to lie down before it begins (0, or 10-90).
    surface: what the person lies on. cushion_cm: height of the cushion under the knees (10-40) in movements that have one; None
    where nobody knows it.
    follow: only watch: any side, any number of holds, nothing is said, never finishes by itself.
    """

    name: str = "Knee rolls"
    first_side: Side = Side.LEFT
    hold_s: float | None = None
    holds_a_side: int | None = None
    movements: tuple[Movement, ...] = (catalogue()[DEFAULT],)
    get_ready_s: float = 0.0
    surface: Surface = Surface.FLOOR
    cushion_cm: float | None = None
    version: int = 1
    follow: bool = False

    @cached_property
    def steps(self) -> tuple[Movement, ...]:
        """The movements with the doses of this plan."""
        return tuple(
            replace(one, hold_s=self.hold_s or one.hold_s, holds_a_side=self.holds_a_side or one.holds_a_side)
            for one in self.movements
        )

    def record(self) -> dict[str, Any]:
        """The plan as plain values, for the journal."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return values | {"movements": [one.id for one in self.movements]}


OBSERVE = Plan(name="Observe", follow=True)
"""Watch a recording without a plan: what `measure` does."""

_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "hold_s": (float, 3, 120),
    "holds_a_side": (int, 1, 10),
    "get_ready_s": (float, 0, READY_S[1]),
    "cushion_cm": (float, HEIGHTS_CM[0], HEIGHTS_CM[-1]),
    "version": (int, 1, 1),
}

_WORDS: dict[str, type[Side] | type[Surface]] = {"first_side": Side, "surface": Surface}


def default_plan() -> Plan:
    """The plan that ships with kneeroll: left first, 20 seconds, twice a side."""
    return parse_plan(resources.files("kneeroll.plans").joinpath("default.toml").read_text("utf-8"))


def read_plan(path: Path, known: Mapping[str, Movement] | None = None) -> Plan:
    """The plan in a TOML file. InvalidPlan says what is wrong with it."""
    try:
        return parse_plan(path.read_text("utf-8"), known)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPlan(f"The plan {path} cannot be read: {error}") from error


def parse_plan(text: str, known: Mapping[str, Movement] | None = None) -> Plan:
    """The plan written in TOML; `known` are the movements that it may name (those that ship with kneeroll).

    >>> parse_plan('hold_s = 10').hold_s
    10.0
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidPlan(f"The plan is not valid TOML: {error}") from error
    keys = {f.name for f in fields(Plan)} - {"follow"}
    for key in table:
        if key not in keys:
            raise InvalidPlan(f"The plan has an unknown key {key!r}; known are {', '.join(sorted(keys))}")
    values: dict[str, Any] = dict(table)
    for key, (kind, low, high) in _NUMBERS.items():
        if key in values:
            values[key] = _number(key, values[key], kind, low, high)
    if 0 < values.get("get_ready_s", 0.0) < READY_S[0]:
        raise InvalidPlan(f"get_ready_s is {values['get_ready_s']:g}; it must be 0 or from {READY_S[0]} to {READY_S[1]} seconds")
    for key, words in _WORDS.items():
        if key in values:
            values[key] = _word(key, values[key], words)
    if not isinstance(values.get("name", ""), str):
        raise InvalidPlan(f"name is {values['name']!r}; write text in quotes")
    if "movements" in values:
        values["movements"] = _movements(values["movements"], catalogue() if known is None else known)
    return Plan(**values)


def _movements(names: object, known: Mapping[str, Movement]) -> tuple[Movement, ...]:
    if not isinstance(names, list) or not 1 <= len(names) <= MOST_MOVEMENTS:
        raise InvalidPlan(f'movements is {names!r}; write 1 to {MOST_MOVEMENTS} names, like ["{DEFAULT}"]')
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise InvalidPlan(f"movements names {name!r}, which nobody knows; known are {', '.join(known)}")
    return tuple(known[name] for name in names)


def _word(key: str, value: object, words: type[Side] | type[Surface]) -> Side | Surface:
    if value not in [word.value for word in words]:
        raise InvalidPlan(f"{key} is {value!r}; write " + " or ".join(f'"{word}"' for word in words))
    return words(str(value))


def _number(key: str, value: object, kind: type[int] | type[float], low: float, high: float) -> float | int:
    whole_only = kind is int
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        if not whole_only:
            return float(value)
        if isinstance(value, int):
            return value
    raise InvalidPlan(f"{key} is {value!r}; it must be a number from {low:g} to {high:g}" + (", whole" if whole_only else ""))
