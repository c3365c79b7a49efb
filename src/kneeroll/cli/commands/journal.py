"""`kneeroll journal`: past sessions, and the journal as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import fail, group_that_lists, in_words, unlock, with_journal


def list_sessions() -> None:
    from kneeroll.cli.sessions import print_sessions

    with_journal(print_sessions)


group = group_that_lists("Your past sessions.", "journal", list_sessions)


@group.command("list", epilog="Example: kneeroll journal list --all")
def list_(everything: Annotated[bool, typer.Option("--all", help="Not only the newest.")] = False) -> None:
    """List your sessions, newest first; so does the name of the group alone."""
    from kneeroll.cli.sessions import NEWEST, print_sessions

    with_journal(lambda book: print_sessions(book, None if everything else NEWEST))


@group.command(epilog="Example: kneeroll journal show 3f2a")
def show(session: Annotated[str, typer.Argument(help="The session's id, or its beginning.")]) -> None:
    """Print one session: its holds with errors."""
    from kneeroll.cli.sessions import print_session

    with_journal(lambda book: print_session(book, session))


@group.command(epilog="Example: kneeroll journal delete 3f2a")
def delete(
    session: Annotated[str, typer.Argument(help="The session's id, or its beginning.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete one session; for a week it can be brought back."""
    from kneeroll.cli.sessions import delete_session

    with_journal(lambda book: delete_session(book, session, sure=yes, now=datetime.now(UTC)))


@group.command(epilog="Example: kneeroll journal undo 3f2a")
def undo(session: Annotated[str, typer.Argument(help="The deleted session's id, or its beginning.")]) -> None:
    """Bring a deleted session back."""
    from kneeroll.cli.sessions import undo_delete

    with_journal(lambda book: undo_delete(book, session))


@group.command(epilog="Example: kneeroll journal backup /media/stick/kneeroll.sqlite")
def backup(
    file: Annotated[Path | None, typer.Argument(help="A new file. Default: beside the journal.", metavar="FILE")] = None,
) -> None:
    """Copy the whole journal, also while a session runs."""
    from kneeroll.cli.journal import back_up

    with_journal(lambda book: back_up(book, file))


@group.command(epilog="Example: kneeroll journal restore /media/stick/kneeroll.sqlite")
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.", metavar="FILE")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a backup for the journal, after a check; the present journal is kept beside it. End the coach before."""
    from kneeroll.cli.journal import bring_back
    from kneeroll.journal import data_folder

    unlock()
    in_words(lambda: bring_back(data_folder(), file, sure=yes))


@group.command(epilog="Example: kneeroll journal check")
def check() -> None:
    """Read every record and say whether the journal is sound.

    Exit status: 0 it is; 2 it cannot be opened; 3 it is damaged.
    """
    from kneeroll.cli.journal import look_through

    raise typer.Exit(with_journal(look_through))


@group.command(epilog="Example: kneeroll journal erase 3f2a")
def erase(
    session: Annotated[str | None, typer.Argument(help="The session's id, or its beginning.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="All sessions, the diary, and the backups.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a session, or everything, so that no trace is left in the journal's folder."""
    from kneeroll.cli.journal import erase_for_good

    if (session is None) != everything:
        raise fail("give one session, or --everything")
    with_journal(lambda book: erase_for_good(book, session, sure=yes))


@group.command(epilog="Example: kneeroll journal export my_weeks --parquet")
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder.", metavar="FOLDER")],
    parquet: Annotated[bool, typer.Option("--parquet", help="As Parquet, not CSV: a third of the size; needs pyarrow.")] = False,
) -> None:
    """Write everything but deleted sessions as tables, with a dictionary of the columns (datapackage.json)."""
    from kneeroll.cli.journal import export_to
    from kneeroll.journal.export import Format

    with_journal(lambda book: export_to(book, folder, Format.PARQUET if parquet else Format.CSV))


@group.command(epilog="Example: kneeroll journal encrypt --keyring")
def encrypt(
    keyring: Annotated[bool, typer.Option("--keyring", help="Keep the passphrase in this system's keyring.")] = False,
) -> None:
    """Encrypt the journal and the copies beside it. It asks for a passphrase, or takes KNEEROLL_PASSPHRASE."""
    from kneeroll.cli.journal import encrypt_journal
    from kneeroll.journal import data_folder

    in_words(lambda: encrypt_journal(data_folder(), in_keyring=keyring))


@group.command(epilog="Example: kneeroll journal decrypt")
def decrypt() -> None:
    """Undo `encrypt`."""
    from kneeroll.cli.journal import decrypt_journal
    from kneeroll.journal import data_folder

    unlock()
    in_words(lambda: decrypt_journal(data_folder()))
