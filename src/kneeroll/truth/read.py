"""The truth beside a clip: `NAME.csv` with one row a frame, `NAME.json` with the camera."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneeroll.anatomy import BODY
from kneeroll.errors import UnreadableTruth
from kneeroll.kinematics.camera import Place, place_of
from kneeroll.kinematics.curves import tops
from kneeroll.poses import Floats, Side

MEASURED = ("knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg", "trunk_twist_deg")
"""The angles that are compared."""
_COLUMNS = {"knee_drop_deg": "drop", "pelvis_roll_deg": "pelvis", "thorax_roll_deg": "shoulder"}
BREATH = "breath_mm"
STILL_S = 1.5
"""The first seconds of a clip are the start position, from which all is measured."""
LIFT_M, LIFT_S = 0.03, 1.0
"""A lifted shoulder: on purpose, by so much, for so long."""
_POINTS = [name.replace("toe", "foot_index") for name in BODY.landmarks]


@dataclass(frozen=True, slots=True)
class TrueHold:
    """When the knees were at depth; the median of each of `MEASURED` there (degrees, + toward the side).

    lift_since_s, lifted_s: since when and for how long a shoulder was lifted; None and 0 where none was.
    breaths: how often the chest was highest; None where the truth does not say.
    """

    side: Side
    start_s: float
    end_s: float
    angles: Mapping[str, float]
    lift_since_s: float | None
    lifted_s: float
    breaths: int | None = None

    @property
    def lifted(self) -> bool:
        return self.lifted_s >= LIFT_S

    @property
    def in_posture_s(self) -> float:
        """How long it should count."""
        return self.end_s - self.start_s - (self.lifted_s if self.lifted else 0.0)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a clip. angles: each of `MEASURED` (N,), degrees from the start position, + left.

    image_px (N, K, 2): the joints of `BODY` in the picture. place: where the camera stands. body: a name for who is seen.
    """

    t_s: Floats
    angles: Mapping[str, Floats]
    image_px: Floats
    holds: tuple[TrueHold, ...]
    place: Place
    size_px: tuple[int, int]
    body: str

    def at(self, name: str, t_s: Floats) -> Floats:
        """One of the angles at other times."""
        return np.asarray(np.interp(t_s, self.t_s, self.angles[name]))


def clips_in(folder: Path) -> list[Path]:
    """Every `NAME.csv` with its `NAME.json`, in order of name, as the path of its clip (which may be missing)."""
    if not folder.is_dir():
        raise UnreadableTruth(f"There is no folder {folder}")
    found = [path.with_suffix(".mp4") for path in sorted(folder.glob("*.csv")) if path.with_suffix(".json").exists()]
    if not found:
        raise UnreadableTruth(f"No clip with its truth in {folder}: it takes NAME.mp4 with NAME.csv and NAME.json beside it")
    return found


def read_truth(clip: Path) -> Truth:
    """The truth beside a clip: same name, endings .csv and .json."""
    table, camera = _table(clip.with_suffix(".csv")), _camera(clip.with_suffix(".json"))
    t_s = table["t"].astype(float)
    still = t_s < STILL_S
    angles = {name: _turned(table[column], still) for name, column in _COLUMNS.items()}
    angles["trunk_twist_deg"] = angles["pelvis_roll_deg"] - angles["thorax_roll_deg"]
    rise_m = np.max([table[c].astype(float) - np.median(table[c][still]) for c in ("shoulderL_z", "shoulderR_z")], axis=0)
    lifted = (rise_m >= LIFT_M) & (table["fault"].astype(float) > 0.5)
    holds = []
    for phase, rows in groupby(range(len(t_s)), key=lambda i: str(table["phase"][i])):
        inside = list(rows)
        if phase.startswith("hold_"):
            side = Side(phase.removeprefix("hold_"))
            depth = {name: side.sign * float(np.median(values[inside])) for name, values in angles.items()}
            step_s = float(np.median(np.diff(t_s)))
            up_s = t_s[inside][lifted[inside]]
            since_s = float(up_s[0]) if len(up_s) else None
            start_s, end_s = float(t_s[inside[0]]), float(t_s[inside[-1]])
            breaths = _breaths_between(table, start_s, end_s)
            holds.append(TrueHold(side, start_s, end_s, depth, since_s, len(up_s) * step_s, breaths))
    px = np.stack([np.stack([table[f"{name}_{k}"].astype(float) for k in "uv"], axis=-1) for name in _POINTS], axis=1)
    place = place_of(np.array(camera["pos"], dtype=float))
    width, height = camera.get("size", (640, 480))
    return Truth(t_s, angles, px, tuple(holds), place, (int(width), int(height)), _who(camera))


def _breaths_between(table: NDArray[np.void], start_s: float, end_s: float) -> int | None:
    """How often the rise of the chest was highest, where the table has it."""
    if BREATH not in (table.dtype.names or ()):
        return None
    rise_mm = table[BREATH].astype(float)
    highest = tops(rise_mm, 0.3 * max(float(np.ptp(rise_mm)), 1e-9))
    return sum(bool(start_s <= t_s <= end_s) for t_s in table["t"][highest])


def _who(camera: Mapping[str, Any]) -> str:
    """A name for who is seen: given, or made of what is given."""
    body = camera.get("body", {})
    if not isinstance(body, Mapping):
        return str(body)
    stature_m = body.get("stature", camera.get("stature"))
    return " ".join(str(word) for word in (body.get("sex"), stature_m and f"{float(stature_m):.2f} m") if word) or "-"


def _turned(column: Floats, still: NDArray[np.bool_]) -> Floats:
    values = column.astype(float)
    return np.asarray(values - np.median(values[still]))


def _table(path: Path) -> NDArray[np.void]:
    needed = {
        "t",
        "phase",
        "fault",
        "shoulderL_z",
        "shoulderR_z",
        *_COLUMNS.values(),
        *(f"{n}_{k}" for n in _POINTS for k in "uv"),
    }
    try:
        lines = path.read_text("utf-8").splitlines()
        table = np.genfromtxt(lines or ["-"], delimiter=",", names=True, dtype=None, encoding="utf-8", invalid_raise=True)
    except (OSError, ValueError) as error:
        raise UnreadableTruth(f"{path.name} cannot be read: {error}") from error
    missing = sorted(needed - set(table.dtype.names or ()))
    if missing:
        raise UnreadableTruth(
            f"{path.name} has no column {missing[0]}" + (f" ({len(missing)} are missing)" if missing[1:] else "")
        )
    if table.ndim == 0 or not (table["t"] < STILL_S).any():
        raise UnreadableTruth(f"{path.name} has no rows of the start position (t below {STILL_S} s)")
    return table


def _camera(path: Path) -> dict[str, Any]:
    try:
        camera = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableTruth(f"{path.name} cannot be read: {error}") from error
    try:
        if np.array(camera["pos"], dtype=float).shape == (3,):
            return dict(camera)
    except (KeyError, TypeError, ValueError):
        pass
    raise UnreadableTruth(f"{path.name} does not say where the camera stands: it takes pos, three numbers in metres")
