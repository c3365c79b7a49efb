"""`kneeroll movements`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import group_that_lists, in_words


def list_movements() -> None:
    from kneeroll.cli.movements import print_movements

    in_words(print_movements)


group = group_that_lists("What can be done on the mat.", "movements", list_movements)


@group.command(epilog="Example: kneeroll movements show no_cushion_20s")
def show(id: Annotated[str, typer.Argument(help="The movement's id.", metavar="ID")]) -> None:
    """Print one movement: what to do, what counts as a fault, for whom it is not, where it comes from."""
    from kneeroll.cli.movements import print_movement

    in_words(lambda: print_movement(id))


@group.command(epilog="Example: kneeroll movements check my_own.toml")
def check(file: Annotated[Path, typer.Argument(help="A movement as a TOML file.", metavar="FILE")]) -> None:
    """Check a movement of your own and say what is wrong with it.

    Exit status: 0 it is right; 2 it is not.
    """
    from kneeroll.cli.movements import check_movement

    in_words(lambda: check_movement(file))
