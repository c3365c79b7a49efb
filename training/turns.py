"""What the points do not show: `python -m training.turns --network lying.onnx --pictures DIR`.

Prints what `LandmarkModel` calls hip_turn_lost, knee_turn_lost and twin, and the lost share of the shoulders, which turn too
little in the stretch for it to matter. The pictures are others than those of the training (`training.draw`, another seed).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from scipy.optimize import minimize_scalar

from kneeroll.anatomy import BODY
from kneeroll.estimators.lying import cut, look_twice
from kneeroll.estimators.square import SIZE_PX, Square, moved
from kneeroll.kinematics.posture import ROWS
from kneeroll.poses import Floats
from training.pictures import LANDMARKS

LEAST_SEEN, GROSS_M = 8, 0.15
"""Pictures in which few landmarks are seen, and lines that are off by more, tell of something else."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture, in metres: true joints (K, 3); what the points are off (K, 2); how unsure the network is of each (K,).

    axes (2, 3): those of the picture in the world.
    """

    joints_m: Floats
    off_m: Floats
    told_m: Floats
    axes: Floats

    def pair(self, part: str) -> tuple[Floats, Floats]:
        """Joints (2, 3) of the left and the right, and what their points are off (2, 2)."""
        rows = BODY.indices(f"left_{part}", f"right_{part}")
        return self.joints_m[rows], self.off_m[rows]


def looks(network: Path, folder: Path, aside: Executor) -> Iterator[Seen]:
    """What the network sees in the stretches of a folder."""
    session = onnxruntime.InferenceSession(network.read_bytes(), providers=["CPUExecutionProvider"])
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        if label["kind"] != "twist":
            continue
        joints = [label["joints"][name] for name in LANDMARKS]
        if sum(joint["visible"] for joint in joints) < LEAST_SEEN:
            continue
        px, depth, xyz = (np.array([joint[key] for joint in joints], dtype=float) for key in ("uv", "depth", "xyz"))
        k = np.array(label["K"])
        in_camera = np.column_stack([px, np.ones(len(px))]) @ np.linalg.inv(k).T * depth[:, None]
        turned = np.linalg.svd((in_camera - in_camera.mean(0)).T @ (xyz - xyz.mean(0)))
        axes = turned.U @ np.diag([1.0, 1.0, np.linalg.det(turned.U @ turned.Vh)]) @ turned.Vh
        square = Square.around(px)
        with Image.open(folder / label["file"]) as picture:
            found, log_spread, *_ = look_twice(session, cut(np.asarray(picture.convert("RGB")), square), aside)
        m_per_px = depth / k[0, 0]
        told_m = np.exp(log_spread) * square.side_px / SIZE_PX * m_per_px
        yield Seen(xyz, (moved(found, square.to_picture) - px) * m_per_px[:, None], told_m, axes[:2])


def lost(turned: list[tuple[Floats, Floats, Floats]]) -> float:
    """The share: least squares of what lines are off (2,) on how far they turned (3,) as the picture's axes (2, 3) see it."""
    kept = [(axes @ way, off) for way, off, axes in turned if np.linalg.norm(off) < GROSS_M]
    shown, off = (np.concatenate(part) for part in zip(*kept, strict=True))
    return float(-(shown @ off) / (shown @ shown))


def shares(seen: list[Seen]) -> dict[str, float]:
    """The share of each line's turn that is lost."""
    found = {}
    for part in ("shoulder", "hip"):
        turned = []
        for one in seen:
            (left, right), (left_off, right_off) = one.pair(part)
            line = left - right
            turned.append((line - [np.linalg.norm(line), 0, 0], left_off - right_off, one.axes))
        found[f"{part}_turn_lost"] = lost(turned)
    swung = []
    for one in seen:
        (knees, knees_off), (hips, hips_off) = one.pair("knee"), one.pair("hip")
        thigh = knees.mean(0) - hips.mean(0)
        way = np.array([thigh[0], 0.0, thigh[2] - np.hypot(thigh[0], thigh[2])])
        swung.append((way, knees_off.mean(0) - hips_off.mean(0), one.axes))
    return found | {"knee_turn_lost": lost(swung)}


def twin(seen: list[Seen]) -> float:
    """The spread (metres) with which a point lies half of the way to its twin: least squares over all that have one."""
    way = np.concatenate([(one.joints_m[BODY.mirror] - one.joints_m)[ROWS] @ one.axes.T for one in seen])
    off, told = (np.concatenate([getattr(one, name)[ROWS] for one in seen]) for name in ("off_m", "told_m"))
    kept = np.linalg.norm(off, axis=-1) < GROSS_M

    def left(twin_m: float) -> float:
        share = told[kept] ** 2 / (told[kept] ** 2 + twin_m**2)
        return float(((off[kept] - share[:, None] * way[kept]) ** 2).sum())

    return float(minimize_scalar(left, bounds=(0.02, 1.0), method="bounded").x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", type=Path, required=True, help="lying.onnx")
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of labelled pictures")
    options = parser.parse_args()
    with ThreadPoolExecutor(1) as aside:
        seen = [one for folder in options.pictures for one in looks(options.network, folder, aside)]
    print(f"{len(seen)} pictures")
    for name, share in shares(seen).items():
        print(f"{name} = {share:.2f}")
    print(f"twin_m = {twin(seen):.2f}")


if __name__ == "__main__":
    main()
