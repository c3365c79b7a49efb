"""`kneeroll journal`: sessions on the terminal."""

from __future__ import annotations

from datetime import datetime

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneeroll.cli.holds import print_holds
from kneeroll.journal import Journal
from kneeroll.journal.store import UNDO_FOR

NEWEST = 30


def print_sessions(journal: Journal, most: int | None = NEWEST) -> None:
    """Newest first, `most` of them."""
    for entry in journal.deleted():
        typer.echo(f"Deleted, can be brought back: kneeroll journal undo {entry.id[:8]}", err=True)
    entries = journal.sessions(0, most and most + 1)
    if not entries:
        typer.echo("No sessions yet. Start with: kneeroll coach")
        return
    table = Table()
    for title in ("id", "when", "what", "lasted", "holds", "ended"):
        table.add_column(title)
    for entry in entries[:most]:
        when = entry.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
        ended = entry.end_reason.value.replace("_", " ") if entry.end_reason else "unfinished"
        table.add_row(entry.id[:8], when, escape(entry.label), f"{entry.duration_s:.0f} s", str(entry.hold_count), ended)
    Console().print(table)
    if most is not None and len(entries) > most:
        typer.echo("There are older ones: kneeroll journal list --all")


def print_session(journal: Journal, beginning: str) -> None:
    """One session's holds."""
    record = journal.session(journal.find(beginning))
    console = Console()
    when = f"{record.entry.started_at.astimezone():%Y-%m-%d %H:%M}"
    console.print(f"{escape(record.entry.label)}, {when}, {record.engine}, {record.estimator}")
    if record.entry.end_reason is None:
        console.print("This session was cut off (unfinished); its holds are summarised from what was kept.")
    print_holds(record.holds, console)


def delete_session(journal: Journal, beginning: str, *, sure: bool, now: datetime) -> None:
    """Ask, then delete; it can be undone."""
    found = journal.find(beginning)
    if sure or typer.confirm(f"Delete session {found[:8]}?"):
        journal.delete(found, now)
        typer.echo(f"Deleted {found[:8]}. For {UNDO_FOR.days} days it can be brought back: kneeroll journal undo {found[:8]}")


def undo_delete(journal: Journal, beginning: str) -> None:
    """Bring a deleted session back."""
    found = journal.find(beginning, deleted=True)
    journal.undelete(found)
    typer.echo(f"{found[:8]} is back.")
