"""`kneeroll measure`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneeroll.cli.common import Estimator, fail, unlock
from kneeroll.networks import DEFAULT


def measure(
    clip: Annotated[Path | None, typer.Argument(help="A video of one person lying on the back.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Measure the clip of the sample person.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result as JSON; - for standard output.")] = None,
    angles: Annotated[Path | None, typer.Option(help="Write the angles of every frame as CSV.")] = None,
    video: Annotated[Path | None, typer.Option(help="Write the clip with skeleton, angles and phase drawn on it.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the result in the journal.")] = False,
    estimator: Estimator = DEFAULT,
) -> None:
    """Measure a clip: holds, angles with their errors, faults.

    Exit status: 0 measured; 2 wrong usage or unreadable input; 3 nothing that can be measured.
    """
    from kneeroll.cameras.sample import sample_clip_path
    from kneeroll.cli.measure import measure_clip
    from kneeroll.errors import KneerollError

    if (clip is None) == (not sample):
        raise fail("give one clip, or --sample")
    path = sample_clip_path() if clip is None else clip
    outputs = [out for out in (json_file, angles, video) if out is not None]
    if len({out.resolve() for out in outputs}) < len(outputs):
        raise fail(f"two outputs have the same name {outputs[0]}; give each its own")
    for out in outputs:
        if out.exists() and out.resolve() == path.resolve():
            raise fail(f"{out} is the clip itself; give another name for the output")
        if str(out) != "-" and not out.parent.is_dir():
            raise fail(f"There is no folder {out.parent} for {out.name}; make it first")
    if keep:
        unlock()
    try:
        status = measure_clip(path, sample=sample, json_file=json_file, angles=angles, video=video, keep=keep, network=estimator)
    except (KneerollError, OSError) as error:
        raise fail(str(error)) from error
    raise typer.Exit(status)
