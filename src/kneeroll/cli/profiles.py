"""`kneeroll profiles`: the people on this machine."""

from __future__ import annotations

from datetime import datetime

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneeroll.journal import data_folder
from kneeroll.journal.profiles import add, bring_back, erase, find, home_folder, profiles, remove, rename
from kneeroll.journal.store import UNDO_FOR


def print_profiles() -> None:
    """Everybody; a star beside the one that commands are for now."""
    home, now = home_folder(), data_folder()
    table = Table()
    for title in ("", "name", "journal in"):
        table.add_column(title)
    for profile in profiles(home):
        folder = home / profile.folder
        table.add_row("*" if folder == now else "", escape(profile.name), escape(str(folder)))
    Console().print(table)
    for profile in profiles(home, removed=True):
        typer.echo(f"{profile.name} was removed and can be brought back: kneeroll profiles undo {profile.name!r}")


def add_profile(name: str) -> None:
    profile = add(home_folder(), name)
    typer.echo(f"Added {profile.name}. Open their coach with: kneeroll --profile {profile.name!r} coach")


def rename_profile(name: str, to: str) -> None:
    typer.echo(f"{name} is {rename(home_folder(), name, to).name} now.")


def remove_profile(name: str, *, at_once: bool, sure: bool, now: datetime) -> None:
    """Ask, then remove."""
    profile = find(home_folder(), name)
    undone = "This cannot be undone." if at_once else f"For {UNDO_FOR.days} days it can be undone."
    if not sure and not typer.confirm(f"Remove {profile.name} with their journal? {undone}"):
        return
    if at_once:
        erase(home_folder(), profile)
    else:
        remove(home_folder(), profile.name, now)
    typer.echo(f"Removed {profile.name}. {undone}")


def undo_remove(name: str) -> None:
    typer.echo(f"{bring_back(home_folder(), name).name} is back.")
