"""`kneeroll bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import Estimator, fail
from kneeroll.networks import DEFAULT

group = typer.Typer(
    help="How well kneeroll measures.", no_args_is_help=True, epilog="Example: kneeroll bench truth clips --out report"
)


@group.callback()
def bench() -> None:
    """How well kneeroll measures."""


@group.command(epilog="Example: kneeroll bench truth clips --out report")
def truth(
    folder: Annotated[Path | None, typer.Argument(help="NAME.mp4 with NAME.csv and NAME.json. Default: the sample.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write truth.md, truth.json and truth.svg into this folder.")] = None,
    true_landmarks: Annotated[
        bool, typer.Option("--true-landmarks", help="Feed the true joints, not a network's points.")
    ] = False,
    estimator: Estimator = DEFAULT,
) -> None:
    """Measure clips whose truth is known and say how far off the angles are.

    Exit status: 0 compared; 2 nothing that could be compared.
    """
    from kneeroll.cli.bench import bench_truth
    from kneeroll.errors import KneerollError

    if out is not None and not out.is_dir():
        raise fail(f"There is no folder {out}; make it first")
    try:
        bench_truth(folder, out, network=None if true_landmarks else estimator)
    except (KneerollError, OSError) as error:
        raise fail(str(error)) from error
