"""An hour of clips in which nobody makes a gesture, in a loop: how often one is seen.

`python -m bench.gestures`. The same clip gives the same answer each time, so that each round is another one: mirrored, faster or
slower, and with each point moved a little.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.progress import track

from bench.truth import clips
from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.estimators import Estimator
from kneeroll.estimators.choose import load
from kneeroll.kinematics import LandmarkModel, Tracker
from kneeroll.poses import PoseFrame
from kneeroll.session.replay import MAX_FPS

HOUR_S = 3600.0
PACES = (1.0, 0.8, 1.25, 0.9, 1.1)
MOVED_PX = 0.7
"""Standard deviation of what is added to each point: about what one picture differs by from the next where nobody moves."""


def poses(network: Estimator, clip: Path) -> list[PoseFrame]:
    """What a network that saw nothing yet sees in a clip."""
    with open_clip(clip, max_fps=MAX_FPS) as frames:
        found = [network.estimate(frame) for frame in frames]
    network.close()
    return found


def varied(seen: list[PoseFrame], number: int) -> list[PoseFrame]:
    """The poses of one round: every second one mirrored, each at another pace."""
    rng, pace = np.random.default_rng(number), PACES[number % len(PACES)]
    found = []
    for pose in seen:
        px, position_m = pose.image_px + rng.normal(0, MOVED_PX, pose.image_px.shape), pose.position_m
        spread_px = pose.spread_px
        if number % 2:
            px = px[BODY.mirror] * (-1, 1) + (pose.width_px, 0)
            position_m, spread_px = position_m[BODY.mirror] * (-1, 1, 1), spread_px[BODY.mirror]
        found.append(replace(pose, t_s=pose.t_s / pace, image_px=px, position_m=position_m, spread_px=spread_px))
    return found


def gestures(model: LandmarkModel, seen: list[PoseFrame]) -> int:
    """How often a hand was said to be up."""
    tracker, count, before = Tracker(model), 0, False
    for pose in seen:
        is_up = bool(tracker.read(pose).hands_up)
        count += is_up and not before
        before = is_up
    return count


def report() -> str:
    """Print the figure beside its limit."""
    recorded = [((network := load()).landmarks, poses(network, clip)) for clip in track(clips(), "Looking", transient=True)]
    lasts_s = sum(seen[-1].t_s for _, seen in recorded)
    number = found = 0
    played_s = 0.0
    while played_s < HOUR_S:
        for model, seen in track(recorded, f"Round {number + 1}", transient=True):
            found += gestures(model, varied(seen, number))
        played_s += lasts_s / PACES[number % len(PACES)]
        number += 1
    print(f"gestures, {len(recorded)} clips in which nobody makes one, {number} rounds, {played_s / 60:.0f} minutes")
    print(f"  seen                                       {found:10d}   limit 0")
    return f"Gestures seen in {played_s / 60:.0f} minutes of clips in which nobody makes one: {found}."


if __name__ == "__main__":
    report()
