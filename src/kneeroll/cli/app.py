"""The commands of `kneeroll`: which there are, with an example of each."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from kneeroll import __version__
from kneeroll.cli.commands import bench, export, journal, movements, plan, profiles
from kneeroll.cli.commands.coach import coach
from kneeroll.cli.commands.doctor import doctor
from kneeroll.cli.commands.inside import inside
from kneeroll.cli.commands.measure import measure
from kneeroll.cli.commands.remind import remind
from kneeroll.cli.common import in_words

app = typer.Typer(
    name="kneeroll",
    help="A coach by ear for the lumbar rotation stretch. Not a medical device; not for diagnosis, treatment or "
    "monitoring of disease or injury.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def everything(
    profile: Annotated[str, typer.Option(envvar="KNEEROLL_PROFILE", help="For whom; see `kneeroll profiles`.")] = "",
) -> None:
    """A coach by ear for the lumbar rotation stretch."""
    os.environ["KNEEROLL_PROFILE"] = profile
    if profile:
        from kneeroll.journal import data_folder

        in_words(data_folder)


def version() -> None:
    """Print the version."""
    typer.echo(f"kneeroll {__version__}")


for command, example in (
    (coach, "coach --port 8800"),
    (measure, "measure clip.mp4 --json - --angles angles.csv"),
    (inside, "inside 3f2a --svg inside.svg"),
    (export.report, "report --out report.pdf --weeks 12 --language de"),
    (remind, "remind --language de"),
    (doctor, "doctor"),
    (version, "version"),
):
    app.command(epilog=f"Example: kneeroll {example}")(command)

for name, group in (
    ("journal", journal.group),
    ("movements", movements.group),
    ("plan", plan.group),
    ("export", export.group),
    ("bench", bench.group),
    ("profiles", profiles.group),
):
    app.add_typer(group, name=name)


def main() -> None:
    """The entry point."""
    # many tiny matrices: a second thread of the linear algebra library only spins
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app(prog_name="kneeroll")
