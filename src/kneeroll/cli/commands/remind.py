"""`kneeroll remind`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from kneeroll.cli.common import with_journal
from kneeroll.languages import Language


def remind(
    language: Annotated[Language, typer.Option(help="The language of the notification.")] = Language.EN,
    schedule: Annotated[
        bool, typer.Option("--schedule", help="Only print what to paste into a terminal, so that this is done by itself.")
    ] = False,
) -> None:
    """Show today's one notification, if a session is planned, not done yet, and you were not reminded yet.

    Exit status: 0 shown, or none is due; 2 this machine shows no notifications.
    """
    from kneeroll.cli.remind import print_schedule
    from kneeroll.cli.remind import remind as show

    if schedule:
        print_schedule()
    else:
        with_journal(lambda book: show(book, datetime.now().astimezone(), language))
