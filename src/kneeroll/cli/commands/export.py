"""`kneeroll export` and `kneeroll report`: what is handed on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import with_journal
from kneeroll.languages import Language

group = typer.Typer(
    help="What you did and said, for other programs.",
    no_args_is_help=True,
    epilog="Example: kneeroll export fhir --out bundle.json",
)

Out = Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was done and said from this day on.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that is there already.")]


@group.callback()
def export() -> None:
    """What you did and said, for other programs."""


@group.command(epilog="Example: kneeroll export fhir --out bundle.json --since 2026-09-01")
def fhir(
    out: Out,
    since: Since = None,
    snomed: Annotated[bool, typer.Option("--snomed", help="Add SNOMED CT codes; in some countries they need a licence.")] = False,
    force: Force = False,
) -> None:
    """Write sessions, answers and plans as one FHIR R4 bundle (JSON)."""
    from kneeroll.cli.export import write_fhir

    with_journal(lambda book: write_fhir(book, out, since=since, with_snomed=snomed, force=force))


@group.command(epilog="Example: kneeroll export omh --out points.json")
def omh(out: Out, since: Since = None, force: Force = False) -> None:
    """Write sessions as Open mHealth and IEEE 1752.1 data points (JSON)."""
    from kneeroll.cli.export import write_omh

    with_journal(lambda book: write_omh(book, out, since=since, force=force))


def report(
    out: Out,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks it tells of.")] = 12,
    language: Annotated[Language, typer.Option(help="Its language.")] = Language.EN,
    force: Force = False,
) -> None:
    """Write one page for a professional, as .pdf or .html: what was done, how far, how it felt."""
    from kneeroll.cli.export import write_report

    with_journal(
        lambda book: write_report(book, out, weeks=weeks, language=language, force=force, now=datetime.now().astimezone())
    )
