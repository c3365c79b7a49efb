"""The body of `body.toml`: joints, landmarks and muscles of both sides as arrays. Pure: a file of the package, read once.

Millimetres, standing straight; origin midway between the hip joints, x forward, y up (to the head), z to the person's right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneeroll.poses import Floats, Side

Rows = NDArray[np.intp]
SIDES = (Side.LEFT, Side.RIGHT)
"""The last axis of every table of muscles."""
PELVIS = 0
LIMBS = ("thigh", "shin", "arm")
_MIRROR = np.array([1.0, 1.0, -1.0])


class Part(StrEnum):
    """What a muscle's length depends on: the turn of the trunk, or that of the thighs at the hips."""

    TRUNK = "trunk"
    HIP = "hip"


@dataclass(frozen=True, slots=True)
class Muscle:
    """A muscle group, the same on both sides: its plain name, the anatomical term, what its length depends on.

    firm: false where its number hangs on what nobody sees: how the belly's sheath follows, or where the arms lie.
    """

    id: str
    name: str
    term: str
    part: Part
    firm: bool


@dataclass(frozen=True, slots=True)
class Points:
    """(P,) landmarks, each carried by a body and, where `share` is above 0, so much by a second one (the belly's sheath)."""

    rest: Floats
    body: Rows
    second: Rows
    share: Floats


@dataclass(frozen=True, slots=True)
class Lines:
    """Muscles as lines of segments from point to point.

    start, end: (S,) points. on_wall: segments that lie on the belly's wall. round_hip: those that go round the hip, their sides
    (0 left, 1 right) and the radius of the cylinder in `hip_side` and `hip_radius`. first: (L,) first segment of each line.
    group: (2 * muscles,) first line of each muscle, by side.
    """

    start: Rows
    end: Rows
    on_wall: Rows
    round_hip: Rows
    hip_side: Rows
    hip_radius: Floats
    first: Rows
    group: Rows


@dataclass(frozen=True, slots=True)
class Wall:
    """The belly's wall: an ellipse across the trunk that turns with a vertebra. Half axes: `depth` forward, `width` sideways."""

    body: int
    middle_x: float
    depth: float
    width: float


@dataclass(frozen=True, slots=True)
class Body:
    """All that does not move.

    levels: the vertebrae from L5 up. joint_at, joint_normal: (17, 3), where a joint turns and its disc's normal, from L5-S1 up.
    vertebra_at: (17, 3). bend, sharing: (17,) shares, adding to one, of a bend forward, and of a turn by the table's name.
    hips, knees, shoulders: (2, 3) by `SIDES`.
    """

    levels: tuple[str, ...]
    joint_at: Floats
    joint_normal: Floats
    vertebra_at: Floats
    bend: Floats
    sharing: Mapping[str, Floats]
    hips: Floats
    knees: Floats
    shoulders: Floats
    wall: Wall
    points: Points
    places: Mapping[tuple[str, Side], int]
    muscles: tuple[Muscle, ...]
    lines: Lines

    def level(self, name: str) -> int:
        """The row of a vertebra among the bodies (the pelvis is row 0); ValueError when there is none."""
        return 1 + self.levels.index(name)


@cache
def body() -> Body:
    """The body as it ships."""
    return read_body(resources.files("kneeroll.inside").joinpath("body.toml").read_text("utf-8"))


def read_body(text: str) -> Body:
    """The body written in TOML."""
    table = tomllib.loads(text)
    spine = table["spine"]
    height, lean = np.array(spine["height"], float), np.radians(spine["lean_deg"])
    up = np.stack([np.sin(lean), np.cos(lean), np.zeros_like(lean)], axis=-1)
    disc_at = np.array([*spine["sacrum"], 0.0]) + np.cumsum([[0.0, 0.0, 0.0], *(height[:-1, None] * up[:-1])], axis=0)
    joint_lean = lean - np.diff(lean, prepend=np.radians(spine["sacrum_lean_deg"])) / 2
    ahead = np.stack([np.cos(joint_lean), -np.sin(joint_lean), np.zeros_like(lean)], axis=-1)
    levels = tuple(spine["levels"])
    vertebra_at = disc_at + height[:, None] * up / 2
    atlas = _Atlas(table, levels, vertebra_at, lean)
    muscles, lines = _lines(table["muscle"], atlas)
    wall = table["wall"]
    return Body(
        levels=levels,
        joint_at=disc_at - spine["axis_behind"] * ahead,
        joint_normal=np.stack([np.sin(joint_lean), np.cos(joint_lean), np.zeros_like(lean)], axis=-1),
        vertebra_at=vertebra_at,
        bend=_shares(spine["flexion"]),
        sharing={name: _shares(degrees) for name, degrees in table["sharing"].items()},
        **{f"{name}s": np.array([_MIRROR * place, place]) for name, place in table["joints"].items()},
        wall=Wall(1 + levels.index(wall["turns_with"]), *(float(wall[key]) for key in ("middle_x", "depth", "width"))),
        points=atlas.points(),
        places=atlas.rows,
        muscles=muscles,
        lines=lines,
    )


class _Atlas:
    """Landmarks by name and side, each given a row when it is first asked for."""

    def __init__(self, table: Mapping[str, Any], levels: tuple[str, ...], vertebra_at: Floats, lean: Floats) -> None:
        limbs = [f"{side}_{limb}" for limb in LIMBS for side in SIDES]
        self._bodies = {name: row for row, name in enumerate(["pelvis", *levels, *limbs])}
        self._table, self._vertebra_at, self._lean = table, vertebra_at, lean
        self._found: list[tuple[Floats, int, int, float]] = []
        self.rows: dict[tuple[str, Side], int] = {}

    def row(self, name: str, side: Side) -> int:
        if (name, side) not in self.rows:
            place, carrier, second, share = self._place(name, side)
            self.rows[name, side] = len(self._found)
            self._found.append((place if side is Side.RIGHT else _MIRROR * place, carrier, second, share))
        return self.rows[name, side]

    def points(self) -> Points:
        rest, body, second, share = zip(*self._found, strict=True)
        return Points(np.array(rest), np.array(body), np.array(second), np.array(share))

    def _place(self, name: str, side: Side) -> tuple[Floats, int, int, float]:
        """Where it is on the right side; the bodies that carry it, and the share of the second one."""
        whole, _, part = name.partition(".")
        if not part:
            carrier, *place = self._table["points"][name]
            row = self._bodies[f"{side}_{carrier}" if carrier in LIMBS else carrier]
            return np.array(place, float), row, row, 0.0
        if whole == "sheath":
            wall = self._table["wall"]
            sheath, y = wall["sheath"], float(part)
            x = wall["middle_x"] + wall["depth"] * np.sqrt(1 - (sheath["z"] / wall["width"]) ** 2)
            share = (y - sheath["bottom"]) / (sheath["top"] - sheath["bottom"])
            return np.array([x, y, sheath["z"]]), PELVIS, self._bodies[sheath["above"]], share
        row = self._bodies[whole]
        offset = self._table["vertebra"]["lumbar" if whole.startswith("L") else "thoracic"][part]
        sin, cos = np.sin(self._lean[row - 1]), np.cos(self._lean[row - 1])
        leaning = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        return self._vertebra_at[row - 1] + leaning @ np.array(offset, float), row, row, 0.0


def _lines(table: list[dict[str, Any]], atlas: _Atlas) -> tuple[tuple[Muscle, ...], Lines]:
    muscles = []
    start: list[int] = []
    end: list[int] = []
    on_wall: list[int] = []
    round_hip: list[int] = []
    hip_side: list[int] = []
    hip_radius: list[float] = []
    first: list[int] = []
    group: list[int] = []
    for row in table:
        muscles.append(Muscle(row["id"], row["name"], row["term"], Part(row["part"]), row.get("firm", True)))
        for at, side in enumerate(SIDES):
            group.append(len(first))
            for names in row["lines"]:
                first.append(len(start))
                points = [atlas.row(name, side) for name in names]
                segments = range(len(start), len(start) + len(points) - 1)
                start += points[:-1]
                end += points[1:]
                if row.get("wrap") == "wall":
                    on_wall += segments
                if "round_hip" in row:
                    round_hip += segments
                    hip_side += [at] * len(segments)
                    hip_radius += [float(row["round_hip"])] * len(segments)
    lines = Lines(*(np.array(column) for column in (start, end, on_wall, round_hip, hip_side, hip_radius, first, group)))
    return tuple(muscles), lines


def _shares(amounts: list[float]) -> Floats:
    shares: Floats = np.array(amounts, float) / np.sum(amounts)
    return shares
