"""Where each network puts its points, beside the true joints of labelled pictures: our own and BlazePose, same pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rich.progress import track

from kneeroll.anatomy import BODY
from kneeroll.estimators.choose import load
from kneeroll.networks import Network
from kneeroll.poses import CameraFrame, Floats
from kneeroll.truth.tables import markdown_table

STILLS = Path(__file__).parents[2] / "shared" / "stills"
PARTS = ("shoulder", "hip", "knee", "ankle")
ROWS = {part: BODY.indices(f"left_{part}", f"right_{part}") for part in PARTS}
CLOSE = 0.2
"""PCK: a point counts as right when it is nearer to the joint than this share of the trunk's length."""
LOOKS = 3
"""Each picture is shown so often: the first looks find the person, the last one counts."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A labelled picture: where the camera stands, and the joints of `BODY` in it (K, 2)."""

    path: Path
    view: str
    joints_px: Floats

    @property
    def trunk_px(self) -> float:
        shoulders, hips = (self.joints_px[ROWS[part]].mean(0) for part in ("shoulder", "hip"))
        # seen from the ends the trunk is short in the picture: its length in metres would be fairer, but is not known there
        return float(max(np.linalg.norm(shoulders - hips), 0.25 * np.linalg.norm(np.ptp(self.joints_px, axis=0))))


def pictures(folder: Path = STILLS) -> Iterator[Picture]:
    """The labelled pictures for development, where there are any."""
    labels = folder / "labels.jsonl"
    for line in labels.read_text("utf-8").splitlines() if labels.exists() else []:
        label: dict[str, Any] = json.loads(line)
        joints = [label["joints_px"][name.replace("toe", "foot_index")] for name in BODY.landmarks]
        yield Picture(folder / label["file"], label["view"], np.array(joints, dtype=float))


def off(name: Network, picture: Picture) -> Floats:
    """(K,) how far each point is off, as a share of the trunk's length; NaN where nobody was found."""
    with Image.open(picture.path) as file:
        image = np.asarray(file.convert("RGB"))
    network = load(name)  # a fresh one: it knows nothing of the picture before
    for look in range(LOOKS):
        pose = network.estimate(CameraFrame(0.1 * (look + 1), image))
    network.close()
    return np.asarray(np.linalg.norm(pose.image_px - picture.joints_px, axis=-1) / picture.trunk_px)


def report() -> dict[str, dict[Network, Floats]]:
    """Print and return, for each view and network, the shares (N, K) by which the points are off."""
    some = list(pictures())
    if not some:
        print("no labelled pictures here: nothing to compare")
        return {}
    found: dict[str, dict[Network, Floats]] = {}
    for name in Network:
        errors = [off(name, picture) for picture in track(some, f"Looking with {name.value}", transient=True)]
        for view in dict.fromkeys(p.view for p in some):
            rows = [e for e, p in zip(errors, some, strict=True) if p.view == view]
            found.setdefault(view, {})[name] = np.array(rows)
    print(table(found))
    return found


def table(found: dict[str, dict[Network, Floats]]) -> str:
    """A line a view: mean error of each part in % of the trunk, and the share of points that are close, for both networks."""
    if not found:
        return ""
    everything = {name: np.concatenate([of[name] for of in found.values()]) for name in Network}
    lines = []
    for view, of in [*found.items(), ("all", everything)]:
        cells = [view.replace("_", " "), str(len(next(iter(of.values()))))]
        for part in PARTS:
            cells.append(" / ".join(f"{100 * np.nanmean(of[name][:, ROWS[part]]):.0f}" for name in Network))
        legs = [row for part in PARTS for row in ROWS[part]]
        cells.append(" / ".join(f"{100 * np.mean(of[name][:, legs] < CLOSE):.0f} %" for name in Network))
        lines.append(cells)
    return markdown_table(["view", "pictures", *PARTS, f"PCK@{CLOSE}"], lines)
