"""What commands share: an error as a plain line and status 2, the journal opened and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kneeroll.networks import Network

if TYPE_CHECKING:
    from kneeroll.journal import Journal

T = TypeVar("T")

Estimator = Annotated[Network, typer.Option(help="The network that finds the landmarks.")]


def fail(message: str) -> typer.Exit:
    """Print an error; `raise fail(...)` ends with status 2."""
    typer.echo(f"kneeroll: {message}", err=True)
    return typer.Exit(2)


def in_words(action: Callable[[], T]) -> T:
    """Do it; trouble that is expected is told in a line."""
    from kneeroll.errors import KneerollError

    try:
        return action()
    except KneerollError as error:
        raise fail(str(error)) from error


def unlock() -> None:
    """Ask for the passphrase of an encrypted journal."""
    from kneeroll.cli.journal import ask_passphrase
    from kneeroll.journal import data_folder

    in_words(lambda: ask_passphrase(data_folder()))


def with_journal(action: Callable[[Journal], T]) -> T:
    """Do it with the journal of the chosen profile open."""
    from kneeroll.journal import Journal
    from kneeroll.journal.upkeep import erase_expired

    def opened() -> T:
        with Journal.open() as book:
            erase_expired(book, datetime.now(UTC))
            return action(book)

    unlock()
    return in_words(opened)


def group_that_lists(help: str, name: str, show: Callable[[], None]) -> typer.Typer:
    """A group of commands whose name alone shows what there is."""
    group = typer.Typer(help=help, invoke_without_command=True, no_args_is_help=False, epilog=f"Example: kneeroll {name}")

    @group.callback()
    def alone(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            show()

    return group
