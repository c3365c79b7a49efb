"""`kneeroll movements`: the catalogue on the terminal, and a person's own file checked."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneeroll.errors import InvalidMovement
from kneeroll.journal import data_folder
from kneeroll.movements import Breath, Judge, Movement, Sides, catalogue, read_own


def own_folder() -> Path:
    """Where a person's own movements lie."""
    return data_folder() / "movements"


def all_movements() -> dict[str, Movement]:
    """Those that ship and the person's own."""
    return catalogue(own_folder())


def print_movements() -> None:
    """The ladder by rung, the companions, then the person's own."""
    table = Table()
    for title in ("rung", "id", "what", "each", "times", "judge"):
        table.add_column(title, no_wrap=title == "id")
    for m in all_movements().values():
        rung = "" if m.rung is None else str(m.rung)
        words = (rung, m.id, m.name, f"{m.hold_s:g} s", _times(m), "clock" if m.judged_by is Judge.CLOCK else "camera")
        table.add_row(*map(escape, words))
    Console().print(table)


def print_movement(id: str) -> None:
    """All that the file of one movement says."""
    movements = all_movements()
    if id not in movements:
        raise InvalidMovement(f"There is no movement {id!r}; see: kneeroll movements")
    m = movements[id]
    table = Table(show_header=False, box=None, title=f"{escape(m.name)} ({escape(m.id)})", title_justify="left")
    rows = {
        "family": m.family if m.rung is None else f"{m.family}, rung {m.rung}",
        "kind": m.kind.value,
        "judged by": _spaced(m.judged_by.value),
        "each": f"{m.hold_s:g} s, {m.way_s:g} s there and as many back",
        "times": _times(m),
        "cushion": m.cushion.value,
        "breath": _pace(m.breath),
        "faults": ", ".join(_spaced(fault.value) for fault in m.faults) or "none",
        **{f"says {_spaced(key)}": line for key, line in m.say.items()},
        "not for": "\n".join(f"- {line}" for line in m.not_for),
        "source": "\n".join(f"- {line}" for line in m.source),
    }
    for name, value in rows.items():
        table.add_row(name, escape(value))
    Console().print(table)


def check_movement(path: Path) -> None:
    """Say that a file is a movement; InvalidMovement says why it is not."""
    movement = read_own(path)
    typer.echo(f"{path} is right: {movement.name}, {movement.hold_s:g} s, {_times(movement)}.")
    if path.resolve().parent != own_folder().resolve():
        typer.echo(f"To use it, put it into {own_folder()}")


def _times(movement: Movement) -> str:
    return f"{movement.holds_a_side} a side" if movement.sides is Sides.EACH else str(movement.holds_a_side)


def _pace(breath: Breath | None) -> str:
    return "natural" if breath is None else f"{breath.in_s:g} s in, {breath.out_s:g} s out"


def _spaced(word: str) -> str:
    return word.replace("_", " ")
