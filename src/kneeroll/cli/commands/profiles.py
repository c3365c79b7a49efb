"""`kneeroll profiles`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from kneeroll.cli.common import group_that_lists, in_words


def list_profiles() -> None:
    from kneeroll.cli.profiles import print_profiles

    in_words(print_profiles)


group = group_that_lists("The people on this machine, each with a journal of their own.", "profiles", list_profiles)


@group.command(epilog="Example: kneeroll profiles add Anna")
def add(name: Annotated[str, typer.Argument(help="A new name.")]) -> None:
    """Add somebody, with an empty journal."""
    from kneeroll.cli.profiles import add_profile

    in_words(lambda: add_profile(name))


@group.command(epilog="Example: kneeroll profiles rename me Otto")
def rename(
    name: Annotated[str, typer.Argument(help="The name now.")], to: Annotated[str, typer.Argument(help="The new one.")]
) -> None:
    """Give somebody another name."""
    from kneeroll.cli.profiles import rename_profile

    in_words(lambda: rename_profile(name, to))


@group.command(epilog="Example: kneeroll profiles remove Anna")
def remove(
    name: Annotated[str, typer.Argument(help="Whom.")],
    at_once: Annotated[bool, typer.Option("--erase", help="Erase the journal at once; this cannot be undone.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove somebody with their journal; for a week they can be brought back."""
    from kneeroll.cli.profiles import remove_profile

    in_words(lambda: remove_profile(name, at_once=at_once, sure=yes, now=datetime.now(UTC)))


@group.command(epilog="Example: kneeroll profiles undo Anna")
def undo(name: Annotated[str, typer.Argument(help="Who was removed.")]) -> None:
    """Bring somebody back who was removed."""
    from kneeroll.cli.profiles import undo_remove

    in_words(lambda: undo_remove(name))
