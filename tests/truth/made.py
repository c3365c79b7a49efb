"""Clips with their truth, made of numbers: what a renderer would write, without a picture."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import JOINTS
from kneeroll.poses import Floats
from tests.kinematics.synthetic import PLACES, Stretch, camera_of, pictures, ramp, stretch

TIMES = np.arange(0.0, 22.0, 1 / 10)
DROP = ramp(TIMES, (0, 0), (2.5, 0), (4.5, 50), (9.5, 50), (11.5, 0), (12.5, 0), (14.5, -35), (19.5, -35), (21.5, 0))
HOLDS = {"hold_left": (4.5, 9.5), "hold_right": (14.5, 19.5)}
"""+ left, held at 50 and 35 degrees."""


def shown(view: str = "quarter_foot") -> Stretch:
    return stretch(camera_of(view), TIMES, DROP)


def write_truth(folder: Path, name: str, view: str = "quarter_foot", *, lifted: str = "", **camera: object) -> Path:
    """`name.csv` and `name.json`; in the `lifted` hold one shoulder rises by 4 cm. The clip's path."""
    person = shown(view)
    clip = folder / f"{name}.mp4"
    azimuth, height, ground = PLACES[view]
    place = [ground * np.sin(np.radians(azimuth)), -ground * np.cos(np.radians(azimuth)), height]
    about = {"pos": [float(v) for v in place], "size": [640, 480], "body": {"sex": "female", "stature": 1.7}} | camera
    clip.with_suffix(".json").write_text(json.dumps({k: v for k, v in about.items() if v is not None}))
    with clip.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(_row(person, 0, person_px(person), "")))
        writer.writeheader()
        px = person_px(person)
        writer.writerows(_row(person, i, px, lifted) for i in range(len(TIMES)))
    return clip


def person_px(person: Stretch) -> Floats:
    """The joints in the picture (T, K, 2)."""
    return np.array([pose.image_px for pose in pictures(person, JOINTS)])


def _row(person: Stretch, i: int, px: Floats, lifted: str) -> dict[str, object]:
    t = float(TIMES[i])
    phase = next((name for name, (start, end) in HOLDS.items() if start <= t <= end), "move" if t > 2.5 else "start")
    up = 0.04 if phase == lifted else 0.0
    row: dict[str, object] = {
        "t": round(t, 4),
        "phase": phase,
        "fault": 1 if up else 0,
        "drop": float(person.knee_drop_deg[i]) + 3.0,
        "pelvis": float(person.turned_deg("pelvis_roll")[i]) - 2.0,
        "shoulder": float(person.turned_deg("thorax_roll")[i]),
        "shoulderL_z": 0.09,
        "shoulderR_z": 0.09 + up,
    }
    for k, name in enumerate(BODY.landmarks):
        for axis, value in zip("uv", px[i, k], strict=True):
            row[f"{name.replace('toe', 'foot_index')}_{axis}"] = round(float(value), 3)
    return row


def lose_column(path: Path, name: str) -> None:
    """Write a table anew without one of its columns."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [column for column in rows[0] if column != name], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
