"""The outlines of a body that lies on its back and lets its knees sink, as SVG paths in millimetres. Pure.

Three views: from above, along the spine from above the feet, and from the feet. In all of them the person's right is on the left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kneeroll.inside.body import SIDES, body
from kneeroll.inside.statics import leg_pull_nm
from kneeroll.inside.stretch import SHARINGS
from kneeroll.poses import BodyState, Floats, Side

FROM_ABOVE = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0]])
FROM_FEET = np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]])
_TILT = np.radians(38.0)
ALONG_SPINE = np.array([[0.0, 0.0, -1.0], [-np.sin(_TILT), -np.cos(_TILT), 0.0]])
"""Rows that take (x forward, y to the head, z to the person's right) to (right, down) on the page."""

# the skin: half its width and depth at heights above the hips, for an adult
_HEIGHT = (-85.0, -30.0, 60.0, 130.0, 195.0, 260.0, 330.0, 420.0, 495.0, 545.0, 570.0, 640.0)
_WIDTH = (120.0, 172.0, 168.0, 150.0, 138.0, 143.0, 152.0, 160.0, 168.0, 150.0, 75.0, 50.0)
_DEPTH = (85.0, 100.0, 100.0, 90.0, 84.0, 90.0, 100.0, 108.0, 105.0, 85.0, 62.0, 52.0)
_RADIUS = 120.0
"""What an angle round the trunk is worth in mm, about."""
_RIBS = {"T2": 62.0, "T4": 98.0, "T6": 118.0, "T8": 128.0, "T10": 122.0}
"""Half the width of the rib cage, mm."""
_THIGH, _SHANK, _HIP, _KNEE, _KNEE_RADIUS = 410.0, 410.0, 85.0, 58.0, 56.0
_HIP_FLEXION, _KNEE_FLEXION = np.radians(60.0), np.radians(100.0)


Place = tuple[float, float]
"""A place on the skin: degrees round from the front toward the person's right, height in mm."""


@dataclass(frozen=True, slots=True)
class Lying:
    """How a body lies: degrees about its long axis, + to the left."""

    pelvis_roll_deg: float
    thorax_roll_deg: float
    knee_drop_deg: float

    @classmethod
    def of(cls, state: BodyState) -> Lying:
        """A moment that was seen (`state.seen`)."""
        return cls(state.pelvis_roll_deg, state.thorax_roll_deg, state.knee_drop_deg)

    @property
    def way_deg(self) -> Floats:
        """(18,) how far pelvis, L5, ... T1 have turned: the mean of both published sharings."""
        done = np.mean([np.cumsum(body().sharing[name]) for name in SHARINGS], axis=0)
        twist = self.pelvis_roll_deg - self.thorax_roll_deg
        way: Floats = self.pelvis_roll_deg - twist * np.concatenate([[0.0], done])
        return way

    def turned(self, points: Floats) -> Floats:
        """Points (..., 3) of the trunk, mm, where its turn has brought them."""
        return about(points, np.interp(points[..., 1], _turn_heights(), self.way_deg))


def _turn_heights() -> Floats:
    """(18,) where pelvis, L5, ... T1 lie along the body, mm."""
    heights: Floats = np.concatenate([[60.0], body().vertebra_at[:, 1]])
    return heights


def about(points: Floats, degrees: Floats | float) -> Floats:
    """Points (..., 3) turned about the long axis, + to the left."""
    angle = np.radians(degrees)
    x, y, z = np.moveaxis(points, -1, 0)
    return np.stack([x * np.cos(angle) + z * np.sin(angle), y, z * np.cos(angle) - x * np.sin(angle)], axis=-1)


def on_page(points: Floats, view: Floats) -> Floats:
    """Points (..., 3) as a view shows them, (..., 2)."""
    page: Floats = points @ view.T
    return page


def skin(lies: Lying, round_deg: Floats, height: Floats) -> Floats:
    """Points (..., 3) on the skin; `round_deg` from the front toward the person's right."""
    angle = np.radians(round_deg)
    depth, width = np.interp(height, _HEIGHT, _DEPTH), np.interp(height, _HEIGHT, _WIDTH)
    return lies.turned(np.stack([depth * np.cos(angle), height + 0 * angle, width * np.sin(angle)], axis=-1))


# ---- paths ----------------------------------------------------------------------------------------------------------


def _told(points: Floats) -> list[str]:
    """Points (N, 2) as text, to a tenth of a millimetre; adding zero turns -0.0 into 0.0."""
    return [f"{x:.1f},{y:.1f}" for x, y in (np.round(points, 1) + 0.0).tolist()]


def path(points: Floats, *, closed: bool = False) -> str:
    """A path through (N, 2) points."""
    return "M" + "L".join(_told(points)) + "Z" * closed


def smooth(points: Floats, *, closed: bool = False) -> str:
    """The same, rounded (Catmull-Rom)."""
    around = np.vstack([points[-1:], points, points[:2]]) if closed else np.vstack([points[:1], points, points[-1:]])
    ends, handles = around[1:-1], (around[2:] - around[:-2]) / 6
    curves = zip(_told((ends + handles)[:-1]), _told((ends - handles)[1:]), _told(ends[1:]), strict=True)
    return f"M{_told(ends[:1])[0]}" + "".join(f"C{a} {b} {c}" for a, b, c in curves) + "Z" * closed


def capsule(start: Floats, end: Floats, first: float, last: float) -> str:
    """A limb between two points (2,) of the page, so thick (radius, mm) at either end."""
    along = end - start
    length = max(float(np.hypot(*along)), 1e-6)
    side = np.array([-along[1], along[0]]) / length
    if length < abs(first - last):
        return circle(start, first) if first > last else circle(end, last)
    a, b, c, d = _told(np.array([start + first * side, end + last * side, end - last * side, start - first * side]))
    return f"M{a}L{b}A{last:.0f},{last:.0f} 0 0 0 {c}L{d}A{first:.0f},{first:.0f} 0 0 0 {a}Z"


def circle(at: Floats, radius: float) -> str:
    """A circle round a point (2,) of the page."""
    half = f"a{radius:.0f},{radius:.0f} 0 1 0"
    return f"M{_told(np.array([[at[0] - radius, at[1]]]))[0]}{half} {2 * radius:.0f},0{half} {-2 * radius:.0f},0Z"


# ---- from above -----------------------------------------------------------------------------------------------------


def trunk(lies: Lying) -> str:
    """The outline of the trunk with its neck, from above."""
    height = np.array(_HEIGHT)
    around = np.linspace(0.0, 360.0, 73)
    across = on_page(skin(lies, around[None, :], height[:, None]), FROM_ABOVE)[..., 0]
    right, left = np.column_stack([across.min(axis=1), -height]), np.column_stack([across.max(axis=1), -height])
    return smooth(np.vstack([right, left[::-1]]), closed=True)


FACE = "M-34,-712q9,8 18,0M16,-712q9,8 18,0M-16,-674q16,12 32,0"
"""Closed eyes and a mouth, from above."""


def arm(sign: float) -> str:
    """An arm stretched out to a side of the page (+1 right), from above; open where it meets the trunk."""
    places = ((148, -544), (300, -552), (420, -546), (452, -520), (420, -494), (300, -488), (166, -464))
    return smooth(np.array([(sign * x, y) for x, y in places]))


def joints(lies: Lying) -> tuple[Floats, Floats, Floats]:
    """Hips, knees and ankles, each (2, 3) by left, right; the knees lie against each other."""
    hips = about(np.array([[0.0, 0.0, -_HIP], [0.0, 0.0, _HIP]]), lies.pelvis_roll_deg)
    apart = about(np.array([[0.0, 0.0, -_KNEE], [0.0, 0.0, _KNEE]]), lies.knee_drop_deg)
    bent = _HIP_FLEXION - _KNEE_FLEXION
    thigh = about(_THIGH * np.array([np.sin(_HIP_FLEXION), -np.cos(_HIP_FLEXION), 0.0]), lies.knee_drop_deg)
    shank = about(_SHANK * np.array([np.sin(bent), -np.cos(bent), 0.0]), lies.knee_drop_deg)
    return hips, thigh + apart, thigh + apart + shank


def legs(lies: Lying) -> dict[str, str]:
    """Foot, shank and thigh of both legs from above, by side and part."""
    foot = about(np.array([55.0, -90.0, 0.0]), lies.knee_drop_deg / 2)
    paths = {}
    for side, hip, knee, ankle in zip(SIDES, *joints(lies), strict=True):
        hip, knee, ankle, toe = (on_page(at, FROM_ABOVE) for at in (hip, knee, ankle, ankle + foot))
        paths[f"{side}-foot"] = capsule(ankle, toe, 32.0, 24.0)
        paths[f"{side}-shank"] = capsule(knee, ankle, _KNEE_RADIUS, 34.0)
        paths[f"{side}-thigh"] = capsule(hip, knee, 84.0, _KNEE_RADIUS)
    return paths


def band(lies: Lying, start: Place, end: Place, half: float) -> tuple[str, str]:
    """A strip on the skin from above, from one place (degrees round, height) to another: its outline, and its fibres.

    What has rolled underneath is left out.
    """
    along = np.linspace(0.0, 1.0, 16)
    place = np.column_stack([np.interp(along, [0.0, 1.0], [start[i], end[i]]) for i in (0, 1)])
    way = np.array([np.radians(end[0] - start[0]) * _RADIUS, end[1] - start[1]])
    across = np.array([-way[1], way[0]]) / np.hypot(*way) * [np.degrees(1 / _RADIUS), 1.0]

    def lane(offset: float) -> Floats:
        at = place + offset * across
        rolled = -np.interp(at[:, 1], _turn_heights(), lies.way_deg)
        seen = np.clip(at[:, 0] + rolled, -92.0, 92.0) - rolled
        return on_page(skin(lies, seen, at[:, 1]), FROM_ABOVE)

    fibres = "".join(path(lane(offset)) for offset in np.linspace(-half, half, 7)[1:-1])
    return path(np.vstack([lane(-half), lane(half)[::-1]]), closed=True), fibres


def spot(lies: Lying, round_deg: float, height: float) -> Floats:
    """A place on the skin (2,) from above."""
    return on_page(skin(lies, np.array(round_deg), np.array(height)), FROM_ABOVE)


def inner_thigh(lies: Lying, side: Side) -> Fan:
    """The inner thigh muscles from above, from the pubic bone to the thigh bone."""
    hip, knee = (on_page(points[SIDES.index(side)], FROM_ABOVE) for points in joints(lies)[:2])
    near = _of_pelvis(lies, side, [(55.0, -5.0, 18.0), (20.0, -50.0, 28.0)])
    return Fan(near, hip + np.array([[0.16], [0.38], [0.6], [0.82]]) * (knee - hip))


def buttock(lies: Lying, side: Side) -> Fan:
    """The deep buttock muscle (piriformis) from above, from the sacrum to the trochanter: seen through the body."""
    near = _of_pelvis(lies, side, [(-20.0, -20.0, 138.0), (-5.0, 5.0, 142.0)])
    return Fan(near, _of_pelvis(lies, side, [(-75.0, -5.0, 15.0), (-75.0, 35.0, 15.0), (-65.0, 80.0, 30.0)]))


@dataclass(frozen=True, slots=True)
class Fan:
    """A muscle that spreads from a short edge (2, 2) to a long one (N, 2) of the page."""

    near: Floats
    far: Floats

    @property
    def middle(self) -> Floats:
        middle: Floats = (self.near.mean(axis=0) + self.far.mean(axis=0)) / 2
        return middle

    def paths(self) -> tuple[str, str]:
        """Its outline and its fibres."""
        along = np.linspace(0.08, 0.92, 6)
        x = np.linspace(0.0, 1.0, len(self.far))
        far = np.column_stack([np.interp(along, x, self.far[:, i]) for i in (0, 1)])
        near = self.near[0] + along[:, None] * (self.near[1] - self.near[0])
        outline = path(np.vstack([self.near, self.far[::-1]]), closed=True)
        return outline, "".join(path(np.array(pair)) for pair in zip(near, far, strict=True))


def _of_pelvis(lies: Lying, side: Side, places: list[tuple[float, float, float]]) -> Floats:
    """(N, 2) places of the right side of the pelvis, from above."""
    mirror = np.array([1.0, 1.0, -float(side.sign)])
    return on_page(about(np.array(places) * mirror, lies.pelvis_roll_deg), FROM_ABOVE)


# ---- along the spine ------------------------------------------------------------------------------------------------


def column(lies: Lying) -> dict[str, str]:
    """The spine like a spiral stair: a step and a pointer for S1, L5, ... T1; rings for pelvis and shoulders. By id."""
    parts, tips = {}, []
    height, way = np.concatenate([[85.0], body().vertebra_at[:, 1]]), lies.way_deg
    wide = np.interp(np.arange(18), [0, 1, 17], [30.0, 28.0, 17.0])
    for name, y, half, turn in zip(("S1", *body().levels), height.tolist(), wide.tolist(), way.tolist(), strict=True):
        parts[f"step-{name}"] = smooth(_along_spine(_ring(0.8 * half, half), y, turn), closed=True)
        pointer = np.array([[0.3 * half, 0.0, 0.0], [half + 55.0, 0.0, 0.0]])
        parts[f"pointer-{name}"] = path(_along_spine(pointer, y, turn))
        tips.append(_along_spine(pointer, y, turn)[1])
        if name in _RIBS:
            hoop = _ring(0.62 * _RIBS[name], _RIBS[name]) + np.array([0.4 * _RIBS[name], 0.0, 0.0])
            parts[f"rib-{name}"] = smooth(_along_spine(hoop, y, turn), closed=True)
    parts["spiral"] = smooth(np.array(tips))
    for name, y, deep, half, turn in (
        ("pelvis", 15.0, 80.0, 140.0, lies.pelvis_roll_deg),
        ("shoulders", 600.0, 60.0, 165.0, lies.thorax_roll_deg),
    ):
        parts[f"ring-{name}"] = smooth(_along_spine(_ring(deep, half), y, turn), closed=True)
        parts[f"arrow-{name}"] = path(_along_spine(np.array([[0.0, 0.0, 0.0], [deep + 60.0, 0.0, 0.0]]), y, turn))
    return parts


def back_strip(across_mm: float) -> str:
    """A strip of muscle beside the spine, so far to the person's left."""
    height = np.linspace(60.0, 470.0, 12)
    half = 11.0
    edges = [
        np.column_stack([np.full(12, -45.0), height, np.full(12, -across_mm + offset)]) @ ALONG_SPINE.T
        for offset in (-half, half)
    ]
    return smooth(np.vstack([edges[0], edges[1][::-1]]), closed=True)


def _ring(deep: float, wide: float) -> Floats:
    around = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)
    return np.column_stack([deep * np.cos(around), 0 * around, wide * np.sin(around)])


def _along_spine(points: Floats, height: float, turn_deg: float) -> Floats:
    return on_page(about(points, turn_deg) + np.array([0.0, height, 0.0]), ALONG_SPINE)


# ---- from the feet --------------------------------------------------------------------------------------------------


def from_feet(lies: Lying, cushion_cm: float) -> dict[str, str]:
    """Chest, pelvis and thighs on the mat, the legs' weight and the cushion, by id; the mat lies at 0."""
    parts, rise = {}, 0.0
    for name, deep, wide, turn in (("chest", 106.0, 168.0, lies.thorax_roll_deg), ("hips", 98.0, 170.0, lies.pelvis_roll_deg)):
        outline = on_page(about(_ring(deep, wide), turn), FROM_FEET)
        rise = float(outline[:, 1].max())
        parts[f"feet-{name}"] = smooth(outline - [0.0, rise], closed=True)
    hips, at, _ = (on_page(points, FROM_FEET) - [0.0, rise] for points in joints(lies))
    for side, hip, knee in zip(SIDES, hips, at, strict=True):
        parts[f"feet-{side}-thigh"] = capsule(hip, knee, 76.0, _KNEE_RADIUS)
    middle, knees = hips.mean(axis=0), at.mean(axis=0)
    parts["feet-lever"] = path(np.array([middle, knees]))
    upright = middle - [0.0, 250.0]
    sweep = int(knees[0] > middle[0])
    bow = middle + 250.0 * (knees - middle) / max(float(np.hypot(*(knees - middle))), 1e-6)
    parts["feet-angle"] = f"{path(np.array([middle, upright]))}A250,250 0 0 {sweep} {_told(bow[None])[0]}"
    pull = 40.0 + 110.0 * float(abs(leg_pull_nm(lies.knee_drop_deg)) / leg_pull_nm(90.0))
    parts["feet-weight"] = path(middle + 0.8 * (knees - middle) + np.array([[0.0, 0.0], [0.0, pull]]))
    lowest = at[np.argmax(at[:, 1])] + np.array([0.0, _KNEE_RADIUS])
    parts["feet-cushion"] = _cushion(lowest, 10.0 * cushion_cm) if cushion_cm else ""
    return parts


def _cushion(under: Floats, height_mm: float) -> str:
    """A pillow from the mat up to the knee, or as high as it is where the knee lies higher."""
    x, top = float(under[0]), max(-height_mm, min(float(under[1]), -20.0))
    places = ((-105, 0), (-118, top / 2), (-85, top), (85, top), (118, top / 2), (105, 0))
    return smooth(np.array([(x + dx, y) for dx, y in places])) + "Z"
