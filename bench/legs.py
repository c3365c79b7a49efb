"""Hip and knee angles of rendered people in the companions against their true joints: `python -m bench.legs --people DIR`.

`--people` is the folder of the renderer of people, as for `training.draw`, whose raster renderer draws them; it needs the
dependency group `training`. Each person lies in the start position first, seen by five cameras, then in five postures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from kneeroll.estimators.choose import load
from kneeroll.kinematics import Tracker
from kneeroll.networks import DEFAULT
from kneeroll.poses import CameraFrame, Floats, Legs, Pixels
from kneeroll.summaries import TWO_SIDED_90

CAMERAS = {
    "quarter foot": (40.0, 1.3, 2.2),
    "quarter foot, low": (-45.0, 0.8, 2.3),
    "quarter head": (140.0, 1.3, 2.1),
    "side": (85.0, 1.1, 2.2),
    "above": (80.0, 2.1, 2.3),
}
"""Azimuth (0 behind the feet, + toward the person's left, degrees), height and distance in metres."""
KINDS = ("knee_to_chest", "knees_to_chest", "leg_raised", "knee_to_chest", "leg_raised")
START_FRAMES, FRAMES, FPS, SETTLED = 45, 8, 10.0, 3
SIZE_PX, NOISE = 640, 3.0
SEED = 77


@dataclass(frozen=True, slots=True)
class Bent:
    """One posture before one camera: found minus true (4,) in the order of `LEG_ANGLES`, NaN where not told; standard errors."""

    camera: str
    kind: str
    off_deg: Floats
    error_deg: Floats


def draw(people: Path, numbers: range) -> Iterator[tuple[dict[str, list[Pixels]], list[tuple[str, Floats]]]]:
    """For each person the pictures by camera, and for each posture its kind and true angles (4,)."""
    sys.path.insert(0, str(people))
    modules: Any = [import_module(name) for name in ("body", "export", "motion", "randomise", "training.draw")]
    body, export, motion, randomise, raster = modules
    studio = raster.Studio(SIZE_PX)
    for number in track(numbers, "Drawing and measuring", transient=True):
        rng = np.random.default_rng([SEED, number])
        human = body.Human(randomise.random_person(rng))
        dress, room, look = raster.Dress(human, export), raster.room_of(rng), raster.look_of(rng)
        rest = body.Pose()
        motion.random_arms(rng, rest)
        poses = [("start", rest)]
        for kind in KINDS:
            _, pose, _ = motion.random_pose(rng, kind)
            motion._quieten(pose, 0.3)
            poses.append((kind, pose))
        views = [_camera(randomise, rng, *place) for place in CAMERAS.values()]
        pictures: dict[str, list[Pixels]] = {name: [] for name in CAMERAS}
        true = []
        for kind, pose in poses:
            posed = human.solve(pose)
            vertices = human.vertices(posed, 0.005)
            true.append((kind, _true_deg(human.joints(posed, vertices[0]))))
            drawn = studio.draw(np.concatenate([room, dress.mesh(vertices)]), views, look)
            for name, (rgb, _) in zip(CAMERAS, drawn, strict=True):
                pictures[name].append(rgb)
        yield pictures, true


def _camera(
    randomise: Any, rng: np.random.Generator, azimuth_deg: float, height_m: float, distance_m: float
) -> tuple[Floats, Floats]:
    target = np.array([0.0, 0.1, 0.15])
    a, flat = np.radians(azimuth_deg), np.sqrt(max(distance_m**2 - (height_m - target[2]) ** 2, 0.02))
    place = np.array([flat * np.sin(a), target[1] - flat * np.cos(a), height_m])
    lens = randomise.intrinsics(float(rng.uniform(56, 70)), SIZE_PX, SIZE_PX)
    return randomise.look_at(place, target, float(rng.normal(0, 2))), lens


def _true_deg(joints: dict[str, Floats]) -> Floats:
    shoulder, hip = ((joints[f"left_{part}"] + joints[f"right_{part}"]) / 2 for part in ("shoulder", "hip"))
    headward = (shoulder - hip) * [1.0, 1.0, 0.0]
    headward /= np.linalg.norm(headward)
    hips, knees = [], []
    for side in ("left", "right"):
        thigh, shank = joints[f"{side}_knee"] - joints[f"{side}_hip"], joints[f"{side}_ankle"] - joints[f"{side}_knee"]
        hips.append(np.arctan2(thigh[2], -thigh @ headward))
        knees.append(np.arccos(thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank)))
    return np.degrees([*hips, *knees])


def measure(camera: str, pictures: list[Pixels], true: list[tuple[str, Floats]]) -> list[Bent] | None:
    """What the camera told of each posture; None where it did not learn the start position."""
    estimator, rng, frames = load(DEFAULT), np.random.default_rng(5), 0
    tracker = Tracker(estimator.landmarks)
    found = []
    for number, picture in enumerate(pictures):
        told: list[Legs] = []
        for _ in range(FRAMES if number else START_FRAMES):
            noisy = np.clip(picture + rng.normal(0, NOISE, picture.shape), 0, 255).astype(np.uint8)
            reading = tracker.read(estimator.estimate(CameraFrame(frames / FPS, noisy)), with_legs=number > 0)
            told += [reading.legs] if reading.legs is not None else []
            frames += 1
        if number:
            seen = [legs for legs in told[SETTLED:] if legs.seen]
            nothing = np.full(4, np.nan)
            angles = np.median([legs.angles_deg for legs in seen], axis=0) if seen else nothing
            errors = np.median([legs.errors_deg for legs in seen], axis=0) if seen else nothing
            found.append(Bent(camera, true[number][0], angles - true[number][1], errors))
    estimator.close()
    return None if tracker.calibration is None else found


def report(people: Path, numbers: range) -> list[Bent]:
    """Print the figures by camera."""
    bent: list[Bent] = []
    unlearned = 0
    for pictures, true in draw(people, numbers):
        for camera, seen in pictures.items():
            found = measure(camera, seen, true)
            unlearned += found is None
            bent += found or []
    print(f"hip and knee of both legs, {len(numbers)} rendered people, {len(KINDS)} postures; {unlearned} starts not learned")
    print(f"  {'':18s}  told   hip: median  90 %  in 90 %    knee: median  90 %  in 90 %")
    for camera in (*CAMERAS, "all"):
        here = [b for b in bent if camera in (b.camera, "all")]
        told = [b for b in here if np.isfinite(b.off_deg).all()]
        if not told:
            continue
        off, error = np.array([b.off_deg for b in told]), np.array([b.error_deg for b in told])
        words = []
        for part in (slice(0, 2), slice(2, 4)):
            size = np.abs(off[:, part])
            inside = 100 * np.mean(size < TWO_SIDED_90 * error[:, part])
            words.append(f"{np.median(size):6.0f}° {np.percentile(size, 90):6.0f}° {inside:6.0f} %")
        print(f"  {camera:18s} {len(told):3d}/{len(here):3d}     {words[0]}          {words[1]}")
    return bent


def main() -> None:
    """Draw, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.legs", description=__doc__)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--count", type=int, default=9)
    options = parser.parse_args()
    report(options.people, range(options.first, options.first + options.count))


if __name__ == "__main__":
    main()
