"""Raised hands that are seen, and hands elsewhere that are taken for raised ones: `python -m bench.hands DIR`.

DIR: clips of `training.takes --hands raised` and `--hands elsewhere` (or without), each NAME.mp4 with NAME.json beside it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.gestures import poses
from kneeroll.estimators.choose import load
from kneeroll.kinematics import Tracker
from kneeroll.poses import Side

LATE_S = 0.8
"""A hand may still be told so long after it began to sink."""


@dataclass(frozen=True, slots=True)
class Told:
    """A clip: from where, how long hands could be told; hands that were raised (the nearer to the camera?, seen?); false ones."""

    view: str
    watched_s: float
    raised: tuple[tuple[bool, bool], ...]
    both: tuple[int, int]
    false: int


def watch(clip: Path) -> Told:
    """What the tracker says of hands in a clip."""
    facts = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    network = load()
    tracker, before, watched, said = Tracker(network.landmarks), set[Side](), 0, list[tuple[float, Side]]()
    seen = poses(network, clip)
    view = ""
    for pose in seen:
        reading = tracker.read(pose)
        said += [(pose.t_s, side) for side in reading.hands_up if side not in before]
        before, view = set(reading.hands_up), str(reading.view or view)
        watched += reading.tells_hands
    raises = [(Side(side), start, end + LATE_S) for sides, start, end in facts.get("raises", ()) for side in sides]
    near = Side.LEFT if facts["pos"][0] > 0 else Side.RIGHT
    raised = tuple((side is near, any(a <= t <= b and s is side for t, s in said)) for side, a, b in raises)
    false = sum(not any(a <= t <= b and s is side for side, a, b in raises) for t, s in said)
    pairs = [(a, b) for sides, a, b in facts.get("raises", ()) if len(sides) == 2]
    whole = sum(len({s for t, s in said if a <= t <= b + LATE_S}) == 2 for a, b in pairs)
    return Told(view, watched * seen[-1].t_s / max(len(seen), 1), raised, (whole, len(pairs)), false)


def table(told: list[Told]) -> Table:
    """A line a view."""
    found = Table("camera", "farther arm seen", "nearer arm seen", "both", "false", "minutes")
    for view in [*sorted({t.view for t in told}), "all"]:
        here = [t for t in told if view in (t.view, "all")]
        hands = [hand for t in here for hand in t.raised]
        counts = [[seen for is_near, seen in hands if is_near is near] for near in (False, True)]
        cells = [f"{sum(seen)} of {len(seen)}" for seen in counts]
        both = " of ".join(str(sum(t.both[i] for t in here)) for i in range(2))
        minutes = sum(t.watched_s for t in here) / 60
        found.add_row(view, *cells, both, str(sum(t.false for t in here)), f"{minutes:.0f}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    clips = [clip for folder in parser.parse_args().folder for clip in sorted(folder.glob("*.mp4")) if ".part" not in clip.name]
    told = [watch(clip) for clip in track(clips, "Looking", transient=True)]
    can = [t for t in told if t.watched_s > 0]
    print(f"raised hands, {len(can)} of {len(told)} clips from where they can be told")
    Console().print(table(can))


if __name__ == "__main__":
    main()
