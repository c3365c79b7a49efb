"""`kneeroll measure`: a clip in, a table, a JSON, a CSV and a video out."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from kneeroll.cameras.clip import Clip, open_clip
from kneeroll.cli.files import write
from kneeroll.cli.holds import print_holds
from kneeroll.coach.phrases import all_phrases
from kneeroll.estimators.choose import load
from kneeroll.networks import DEFAULT, Network
from kneeroll.plots.draw import VideoWriter, draw_step
from kneeroll.poses import ANGLES, BodyState, CameraFrame
from kneeroll.session import Session, Step, replay
from kneeroll.session.replay import MAX_FPS
from kneeroll.summaries import SessionSummary, why_not

SCHEMA = 1
MEASURED, NOTHING_MEASURABLE = 0, 3


def measure_clip(
    path: Path,
    *,
    sample: bool,
    json_file: Path | None,
    angles: Path | None,
    video: Path | None,
    keep: bool,
    network: Network = DEFAULT,
) -> int:
    """Measure a clip and write what was asked for; returns the exit status."""
    console = Console(stderr=True)
    with open_clip(path, max_fps=MAX_FPS) as clip:
        session = _run(clip, network, console, video, escape(path.name))
        summary = session.summary()
        for problem in clip.problems:
            console.print(f"Note: {problem}", style="yellow")
        if json_file is not None:
            write(json_file, json.dumps(to_json(summary, clip, path), indent=2, allow_nan=False) + "\n")
        if angles is not None:
            write(angles, angles_csv(session.states))
        if keep:
            _keep(session, summary, path, sample)
    for_people = Console() if summary.measurable and Path("-") not in (json_file, angles) else console
    _print(summary, for_people, "sample" if sample else escape(path.name))
    return MEASURED if summary.measurable else NOTHING_MEASURABLE


def _run(clip: Clip, network: Network, console: Console, video: Path | None, name: str) -> Session:
    with ExitStack() as stack:
        estimator = stack.enter_context(closing(load(network)))
        writer = VideoWriter(video, clip.width_px, clip.height_px) if video is not None else None
        if writer is not None:
            stack.callback(writer.discard)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"Measuring {name}", total=clip.duration_s or None)

            def on_step(frame: CameraFrame, step: Step) -> None:
                progress.update(task, completed=frame.t_s)
                if writer is not None:
                    writer.write(frame.t_s, draw_step(frame.image, step.pose, step.reading.state, step.coach.phase.value))

            session = replay(clip, estimator, on_step=on_step)
            progress.update(task, description="Fitting the whole recording")
            session.refine()
        if writer is not None:
            writer.finish()
        return session


def to_json(summary: SessionSummary, clip: Clip, path: Path) -> dict[str, Any]:
    """The contract of `measure`, schema 1; docs/measure.md says what each key means."""
    return {
        "schema": SCHEMA,
        "engine": summary.engine,
        "estimator": summary.estimator,
        "clip": {
            "path": str(path),
            "duration_s": round(clip.duration_s, 3),
            "fps": round(clip.fps, 3),
            "width": clip.width_px,
            "height": clip.height_px,
        },
        "measurable": summary.measurable,
        "reasons": list(summary.reasons),
        "view": summary.view.value if summary.view is not None else None,
        "holds": [hold.record() for hold in summary.holds],
    }


def angles_csv(states: Iterable[BodyState]) -> str:
    """One row a frame, signed degrees (+ = the person's left), empty where not seen."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["t_s", *ANGLES, "quality"])
    for state in states:
        values = [getattr(state, name) for name in ANGLES]
        rows.writerow(
            [
                f"{state.t_s:.4f}",
                *("" if math.isnan(v) else f"{v:.3f}" for v in values),
                "+".join(state.quality.reasons) or "good",
            ]
        )
    return out.getvalue()


def _keep(session: Session, summary: SessionSummary, path: Path, sample: bool) -> None:
    from kneeroll.journal import Journal

    with Journal.open() as journal:
        writer = journal.begin(
            kind="sample" if sample else "clip",
            clip=None if sample else path.name,
            engine=summary.engine,
            estimator=summary.estimator,
            plan=session.plan.record(),
            started_at=datetime.now(UTC),
        )
        writer.record(session.events, session.states)
        writer.finish(summary)


def _print(summary: SessionSummary, console: Console, name: str) -> None:
    if not summary.measurable:
        console.print(f"Nothing could be measured in {name}:")
        for reason in summary.reasons:
            console.print(f"  {reason}: {all_phrases().get(f'blocker_{reason}', '')}")
        return
    view = summary.view.value.replace("_", " ") if summary.view else "unknown"
    count = len(summary.holds)
    console.print(
        f"{name}: {count} hold{'' if count == 1 else 's'}, camera: {view}. Angles are estimates with their standard error."
    )
    if summary.holds:
        print_holds(summary.holds, console)
        for why in why_not(summary.holds):
            console.print(f"Not measurable: {why}.")
