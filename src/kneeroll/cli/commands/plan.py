"""`kneeroll plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import group_that_lists, with_journal


def print_standing() -> None:
    from kneeroll.cli.plan import print_plan

    with_journal(print_plan)


group = group_that_lists("Your plan: what is done, when, and within which limits.", "plan", print_standing)


@group.command(epilog="Example: kneeroll plan show my-plan.toml")
def show(
    file: Annotated[Path | None, typer.Argument(help="A plan as a TOML file. Default: the plan that stands now.")] = None,
) -> None:
    """Print a plan: what is done, when, within which limits, and what comes next."""
    from kneeroll.cli.plan import print_plan

    with_journal(lambda book: print_plan(book, file))


@group.command(epilog="Example: kneeroll plan check my-plan.toml")
def check(file: Annotated[Path, typer.Argument(help="A plan as a TOML file.", metavar="FILE")]) -> None:
    """Check a plan and say what is wrong with it.

    Exit status: 0 it is right; 2 it is not.
    """
    from kneeroll.cli.plan import check_plan

    with_journal(lambda book: check_plan(book, file))


@group.command("import", epilog="Example: kneeroll plan import my-plan.toml")
def import_(
    file: Annotated[Path, typer.Argument(help="A plan as a TOML file.", metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a plan: check it, show what changes, ask, and keep it in the journal."""
    from kneeroll.cli.plan import import_plan

    with_journal(lambda book: import_plan(book, file, sure=yes))


@group.command(epilog="Example: kneeroll plan export --out my-plan.toml")
def export(out: Annotated[Path, typer.Option(help="The TOML file to write; - for standard output.")]) -> None:
    """Write the plan that stands now as a TOML file."""
    from kneeroll.cli.plan import export_plan

    with_journal(lambda book: export_plan(book, out))


@group.command(epilog="Example: kneeroll plan calendar --out my-plan.ics")
def calendar(out: Annotated[Path, typer.Option(help="The iCalendar file to write; - for standard output.")]) -> None:
    """Write the sessions of the plan that stands now as a calendar file."""
    from kneeroll.cli.plan import export_calendar

    with_journal(lambda book: export_calendar(book, out))
