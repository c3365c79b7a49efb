"""A movement: what to do, for how long, what counts as a fault, and the lines to speak. Read from TOML and checked key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kneeroll.checks import Checks, shown
from kneeroll.errors import InvalidMovement
from kneeroll.events import Fault
from kneeroll.movements.cushion import Cushion


class Kind(StrEnum):
    """A hold rests for a while; a paced movement repeats with the breath and hardly rests."""

    HOLD = "hold"
    PACED = "paced"


class Judge(StrEnum):
    """What tells that the person is there: the knee drop that the camera sees, or only the clock."""

    KNEE_DROP = "knee_drop"
    CLOCK = "clock"


class Sides(StrEnum):
    """Each side in turn, or the whole body at once."""

    EACH = "each"
    BOTH = "both"


class Position(StrEnum):
    """How one lies."""

    ON_THE_BACK = "on_the_back"
    ON_THE_SIDE = "on_the_side"
    HANDS_AND_KNEES = "hands_and_knees"


@dataclass(frozen=True, slots=True)
class Breath:
    """The pace of a breath, in seconds (2-10 each)."""

    in_s: float
    out_s: float


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement as its file says it. Left and right are the person's.

    hold_s: seconds of a hold (3-120); of a paced movement how long each repetition rests at depth (0-10).
    holds_a_side: repetitions a side, of the whole when `sides` is both (1-10).
    way_s: seconds to go there, and as many back, once the words are spoken, where no camera judges (2-15).
    rung: the place in the family's ladder, 0 is the gentlest; None outside a ladder. breath: None is the person's own.
    position: how one lies in it. crosses_legs: a leg comes over the other one.
    measures_legs: a camera measures hip and knee of each leg in it: only lying on the back, legs before the hips.
    faults: those that count here. not_for: for whom not, or only after asking a professional.
    say: `start_position`, `hold`, `back`, and `go_left` and `go_right` (sides each) or `go` (sides both).
    """

    id: str
    name: str
    family: str
    rung: int | None
    kind: Kind
    judged_by: Judge
    sides: Sides
    hold_s: float
    holds_a_side: int
    way_s: float
    cushion: Cushion
    breath: Breath | None
    faults: tuple[Fault, ...]
    say: Mapping[str, str]
    not_for: tuple[str, ...]
    source: tuple[str, ...]
    measures_legs: bool = False
    position: Position = Position.ON_THE_BACK
    crosses_legs: bool = False

    @property
    def rolls(self) -> bool:
        """Whether the knees roll in it, so that their drop says something."""
        return self.judged_by is Judge.KNEE_DROP or (self.kind is Kind.PACED and self.sides is Sides.EACH)


DEFAULT = "no_cushion_20s"
"""The id of the movement that the default plan does."""

LONGEST_LINE = 160
"""Characters: about ten seconds of speech."""

_HOLD_S = {Kind.HOLD: (3, 120), Kind.PACED: (0, 10)}
_GO = {
    Sides.EACH: {"go_left": '"Let your knees sink to the left."', "go_right": '"Let your knees sink to the right."'},
    Sides.BOTH: {"go": '"Bring both knees toward your chest."'},
}
_SAY = {"start_position": '"Lie on your back, knees bent."', "hold": '"Rest here."', "back": '"Come slowly back."'}
_NEEDED = {
    "name": '"Knee rolls"',
    "family": '"my_own"',
    "kind": '"hold"',
    "judged_by": '"clock"',
    "sides": '"each"',
    "hold_s": "20",
    "holds_a_side": "2",
    "way_s": "4",
    "cushion": '"none"',
    "faults": "[]",
    "not_for": "[]",
    "source": '["my own choice"]',
}
"""What must stand above [say], with an example of what may stand there; _SAY and _GO are the same for [say]."""

_CHECK = Checks(InvalidMovement)


def catalogue(own: Path | None = None) -> dict[str, Movement]:
    """All movements by id: those of `SHIPPED`, then the files of the folder `own` if it exists.

    InvalidMovement names the file that is broken, or that has the name of a movement that ships with kneeroll.
    """
    owned = [read_own(path) for path in sorted(own.glob("*.toml"))] if own is not None else []
    return {**SHIPPED, **{movement.id: movement for movement in owned}}


def read_own(path: Path) -> Movement:
    """A person's own movement: its id must not be that of one that ships with kneeroll."""
    if path.stem in SHIPPED:
        raise InvalidMovement(f"{path}: {path.stem} is a movement of kneeroll itself; give your file another name")
    return read_movement(path)


def read_movement(path: Path) -> Movement:
    """The movement in a TOML file; the file's name without its ending is its id. InvalidMovement says what is wrong with it."""
    try:
        return parse_movement(path.read_text("utf-8"), path.stem)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMovement(f"The movement {path} cannot be read: {error}") from error
    except InvalidMovement as error:
        raise InvalidMovement(f"{path}: {error}") from error


def parse_movement(text: str, id: str) -> Movement:
    """The movement written in TOML."""
    table = _CHECK.load(text, "The movement")
    _check_keys(table, _NEEDED, ("rung", "breath", "measures_legs", "position", "crosses_legs", "say"))
    kind = _CHECK.word("kind", table["kind"], Kind)
    sides = _CHECK.word("sides", table["sides"], Sides)
    judged_by = _CHECK.word("judged_by", table["judged_by"], Judge)
    faults = _CHECK.words("faults", table["faults"], Fault)
    if judged_by is Judge.CLOCK and faults:
        raise InvalidMovement(
            f'faults has {faults[0].value!r}, which a clock cannot see; write faults = [] or judged_by = "knee_drop"'
        )
    if judged_by is Judge.KNEE_DROP and kind is Kind.PACED:
        raise InvalidMovement('kind is "paced", whose pace the clock leads; write judged_by = "clock" or kind = "hold"')
    if judged_by is Judge.KNEE_DROP and sides is Sides.BOTH:
        raise InvalidMovement('judged_by is "knee_drop", but sides is "both"; write sides = "each" or judged_by = "clock"')
    return Movement(
        id=id,
        name=_CHECK.text("name", table["name"]),
        family=_CHECK.text("family", table["family"]),
        rung=_CHECK.whole("rung", table["rung"], 0, 99) if "rung" in table else None,
        kind=kind,
        judged_by=judged_by,
        sides=sides,
        hold_s=_CHECK.number("hold_s", table["hold_s"], *_HOLD_S[kind]),
        holds_a_side=_CHECK.whole("holds_a_side", table["holds_a_side"], 1, 10),
        way_s=_CHECK.number("way_s", table["way_s"], 2, 15),
        cushion=_CHECK.word("cushion", table["cushion"], Cushion),
        breath=_breath(table["breath"]) if "breath" in table else None,
        faults=faults,
        say=_say(table.get("say", {}), sides),
        not_for=_CHECK.texts("not_for", table["not_for"]),
        source=_CHECK.texts("source", table["source"]),
        measures_legs=_measures_legs(table.get("measures_legs", False), judged_by),
        position=_CHECK.word("position", table.get("position", Position.ON_THE_BACK), Position),
        crosses_legs=_CHECK.yes("crosses_legs", table.get("crosses_legs", False)),
    )


def _say(value: object, sides: Sides) -> dict[str, str]:
    lines = _table("say", value, _SAY | _GO[sides])
    for key, line in lines.items():
        _CHECK.text(f"say.{key}", line, LONGEST_LINE)
    return lines


def _breath(value: object) -> Breath:
    pace = _table("breath", value, {"in_s": "4", "out_s": "6"})
    return Breath(*(_CHECK.number(f"breath.{key}", pace[key], 2, 10) for key in ("in_s", "out_s")))


def _table(name: str, value: object, needed: Mapping[str, str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        keys = ", ".join(f"{key} = {example}" for key, example in needed.items())
        raise InvalidMovement(f"{name} is {shown(value)}; write {name} = {{ {keys} }}")
    _check_keys(value, needed, within=f"{name}.")
    return value


def _check_keys(table: Mapping[str, Any], needed: Mapping[str, str], optional: Sequence[str] = (), within: str = "") -> None:
    _CHECK.known(table, [*needed, *optional], within)
    for key, example in needed.items():
        if key not in table:
            place = f"under [{within[:-1]}]" if within else "above [say]"
            raise InvalidMovement(f"{within}{key} is missing; write it {place}, for example: {key} = {example}")


def _measures_legs(value: object, judged_by: Judge) -> bool:
    measures = _CHECK.yes("measures_legs", value)
    if measures and judged_by is not Judge.CLOCK:
        raise InvalidMovement(
            f'measures_legs is true, but judged_by is "{judged_by}", which measures the knee drop; write "clock"'
        )
    return measures


def _read_shipped() -> Mapping[str, Movement]:
    files = resources.files("kneeroll.movements").joinpath("catalogue").iterdir()
    texts = {file.name.removesuffix(".toml"): file.read_text("utf-8") for file in files if file.name.endswith(".toml")}
    movements = (parse_movement(text, id) for id, text in texts.items())
    return MappingProxyType({m.id: m for m in sorted(movements, key=lambda m: (m.rung is None, m.rung or 0, m.id))})


SHIPPED = _read_shipped()
"""The movements that ship with kneeroll by id: the ladder by rung, then the companions."""
