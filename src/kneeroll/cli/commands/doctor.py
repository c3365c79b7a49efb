"""`kneeroll doctor`."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Say what works on this machine and what is missing."""
    from kneeroll.cli.doctor import examine

    raise typer.Exit(examine())
