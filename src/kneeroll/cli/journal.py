"""`kneeroll journal backup`, `restore`, `check`, `erase`, `export`, `encrypt`, `decrypt`: the journal as a whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from kneeroll.errors import JournalUnavailable
from kneeroll.journal import Journal
from kneeroll.journal.encryption import is_encrypted, passphrase, remember, tell
from kneeroll.journal.export import Format, export
from kneeroll.journal.sqlite import NAME
from kneeroll.journal.upkeep import Soundness, backup, check, decrypt, encrypt, erase, erase_everything, need_backup, restore

SOUND, UNSOUND = 0, 3


def back_up(journal: Journal, file: Path | None) -> None:
    """Copy the journal and say where to."""
    with Console(stderr=True).status("Copying the journal"):
        made = backup(journal, file)
    typer.echo(f"{made} has the whole journal ({made.stat().st_size / 1e6:.1f} MB).")


def bring_back(folder: Path, file: Path, *, sure: bool) -> None:
    """Ask, then take the backup for the journal."""
    need_backup(file)
    if sure or typer.confirm(f"Put {file} in the place of the journal in {folder}? The present one is kept beside it."):
        with Console(stderr=True).status("Checking the backup and taking it"):
            found, kept = restore(folder, file)
        _print_counts(found)
        typer.echo(f"The journal is that of {file}; the one before is kept as {kept}")


def look_through(journal: Journal) -> int:
    """Print what a check finds; the exit status."""
    console = Console()
    with _progress("Reading every record") as on_session:
        found = check(journal, on_session)
    _print_counts(found)
    for problem in found.problems:
        console.print(escape(problem), style="red")
    typer.echo("The journal is sound." if not found.problems else "The journal is damaged: kneeroll journal restore FILE")
    return UNSOUND if found.problems else SOUND


def erase_for_good(journal: Journal, beginning: str | None, *, sure: bool) -> None:
    """Ask, then erase one session, or everything."""
    if beginning is None:
        what = f"everything in {journal.folder}: all sessions, the diary and all backups there"
    else:
        session_id = _find_any(journal, beginning)
        what = f"session {session_id[:8]}, also from the backups in {journal.folder}"
    if not sure and not typer.confirm(f"Erase {what}? This cannot be undone."):
        return
    with Console(stderr=True).status("Erasing"):
        if beginning is None:
            erase_everything(journal)
        else:
            erase(journal, [session_id])
    typer.echo("Erased. What you copied or exported to another place is still there.")


def export_to(journal: Journal, folder: Path, form: Format) -> None:
    """Write everything as tables and say what is where."""
    with _progress("Exporting") as on_session:
        export(journal, folder, form, on_session)
    typer.echo(f"{folder} has {', '.join(sorted(p.name for p in folder.iterdir()))}. They are not encrypted: keep them well.")


def ask_passphrase(folder: Path) -> None:
    """Ask for the passphrase of an encrypted journal, if a person is there and nothing else knows it."""
    if is_encrypted(folder / NAME) and passphrase() is None and is_there():
        tell(typer.prompt("Passphrase of the journal", hide_input=True))


def is_there() -> bool:
    """Whether a person can answer."""
    return sys.stdin.isatty()


def encrypt_journal(folder: Path, *, in_keyring: bool) -> None:
    """Ask for a new passphrase, then encrypt."""
    new = passphrase() or typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True)
    with Console(stderr=True).status("Encrypting"):
        encrypt(folder, new)
    if in_keyring:
        remember(new)
    typer.echo("The journal and the copies beside it are encrypted. Without the passphrase nobody can open them, nor can we.")


def decrypt_journal(folder: Path) -> None:
    """Back to files that can be read by whoever has them."""
    with Console(stderr=True).status("Decrypting"):
        decrypt(folder)
    typer.echo("The journal and the copies beside it are no longer encrypted.")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for what is done session by session."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def _find_any(journal: Journal, beginning: str) -> str:
    try:
        return journal.find(beginning)
    except JournalUnavailable:
        return journal.find(beginning, deleted=True)


def _print_counts(found: Soundness) -> None:
    table = Table()
    for title in ("what", "how many"):
        table.add_column(title)
    for name, count in found.counts.items():
        table.add_row(name, str(count))
    if found.counts:
        Console().print(table)
