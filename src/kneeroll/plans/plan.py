"""A plan: what to hold, how long, how often. Read from TOML and checked key by key."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from kneeroll.errors import InvalidPlan
from kneeroll.poses import Side


@dataclass(frozen=True, slots=True)
class Plan:
    """One session of knee rolls.

    hold_s: seconds in posture per hold (3-120). holds_a_side: 1-10. Sides alternate from `first_side`.
    follow: only watch: any side, any number of holds, nothing is said, never finishes by itself.
    """

    name: str = "Knee rolls"
    first_side: Side = Side.LEFT
    hold_s: float = 20.0
    holds_a_side: int = 2
    version: int = 1
    follow: bool = False

    @property
    def holds(self) -> int:
        return 2 * self.holds_a_side

    def record(self) -> dict[str, Any]:
        """The plan as plain values, for the journal."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


OBSERVE = Plan(name="Observe", follow=True)
"""Watch a recording without a plan: what `measure` does."""

_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "hold_s": (float, 3, 120),
    "holds_a_side": (int, 1, 10),
    "version": (int, 1, 1),
}


def default_plan() -> Plan:
    """The plan that ships with kneeroll: left first, 20 seconds, twice a side."""
    return parse_plan(resources.files("kneeroll.plans").joinpath("default.toml").read_text("utf-8"))


def read_plan(path: Path) -> Plan:
    """The plan in a TOML file. InvalidPlan says what is wrong with it."""
    try:
        return parse_plan(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPlan(f"The plan {path} cannot be read: {error}") from error


def parse_plan(text: str) -> Plan:
    """The plan written in TOML.

    >>> parse_plan('hold_s = 10').hold_s
    10.0
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidPlan(f"The plan is not valid TOML: {error}") from error
    known = {f.name for f in fields(Plan)} - {"follow"}
    for key in table:
        if key not in known:
            raise InvalidPlan(f"The plan has an unknown key {key!r}; known are {', '.join(sorted(known))}")
    values: dict[str, Any] = dict(table)
    for key, (kind, low, high) in _NUMBERS.items():
        if key in values:
            values[key] = _number(key, values[key], kind, low, high)
    if "first_side" in values:
        if values["first_side"] not in ("left", "right"):
            raise InvalidPlan(f'first_side is {values["first_side"]!r}; write "left" or "right"')
        values["first_side"] = Side(values["first_side"])
    if not isinstance(values.get("name", ""), str):
        raise InvalidPlan(f"name is {values['name']!r}; write text in quotes")
    return Plan(**values)


def _number(key: str, value: object, kind: type[int] | type[float], low: float, high: float) -> float | int:
    whole_only = kind is int
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        if not whole_only:
            return float(value)
        if isinstance(value, int):
            return value
    raise InvalidPlan(f"{key} is {value!r}; it must be a number from {low:g} to {high:g}" + (", whole" if whole_only else ""))
