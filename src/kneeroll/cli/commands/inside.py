"""`kneeroll inside`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import fail, with_journal


def inside(
    session: Annotated[str, typer.Argument(help="The session's id, or its beginning; see: kneeroll journal")],
    hold: Annotated[int | None, typer.Option(min=1, help="Only this hold of it, counted from 1.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw it (the first hold, or the one you asked for) into this file.")] = None,
) -> None:
    """Say what a session's holds did inside the body: which muscles grew longer, and where the turn came from."""
    from kneeroll.cli.inside import print_inside

    if svg is not None and not svg.parent.is_dir():
        raise fail(f"There is no folder {svg.parent} for {svg.name}; make it first")
    with_journal(lambda book: print_inside(book, session, hold=hold, svg=svg))
