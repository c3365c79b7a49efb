"""Arms that move beside a session: raised to the ceiling, or elsewhere, as people have them. Used by `training.takes`."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.draw import Floats, raised, up_from

RAISED_STEPS = ((16.0, 0, "rest"), (3.0, 1, "drop"), (16.0, 1, "hold"), (2.5, 0, "return"), (11.0, 0, "rest"))
RAISES = ((("left",), 5.0, 8.5), (("right",), 11.0, 14.5), (("right",), 22.0, 25.5), (("left",), 28.0, 31.5),
          (("left", "right"), 40.5, 44.5))  # fmt: skip
"""Which hands come up, from when to when (seconds)."""
RAISED_DEG, RAISE_S = (72.0, 94.0), 0.8
PLACES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "floor": ((0.98, 0.1, -0.03), (0.98, 0.1, -0.03)),
    "overhead": ((0.45, 0.88, 0.07), (0.3, 0.95, 0.02)),
    "cactus": ((0.98, -0.1, 0.02), (0.1, 0.97, 0.07)),
    "belly": ((0.45, -0.85, 0.07), (-0.85, 0.1, 0.47)),
    "face": ((0.55, -0.35, 0.72), (-0.55, 0.75, -0.03)),
    "knee": ((0.05, -0.8, 0.57), (-0.05, -0.75, 0.62)),
    "behind": ((0.75, 0.6, 0.17), (-0.8, 0.4, 0.22)),
    "chest": ((0.6, -0.6, 0.27), (-0.8, 0.5, 0.37)),
    "side": ((0.35, -0.93, 0.02), (0.2, -0.97, 0.07)),
}
"""Where hands lie otherwise: directions of the left upper arm and forearm (x to the person's left, y to the head, z up)."""
EACH_S, MOVE_S, FIRST_S, SPREAD = 5.5, 1.2, 4.0, 0.07
"""How long an arm lies in each place, how long it takes there, when it begins, and by how much people differ."""


class Raised:
    """Hands that come up and go down again, in the middle and in a hold."""

    steps = RAISED_STEPS
    shown_s = (7.0, 25.0, 42.0)

    def __init__(self, rng: np.random.Generator, human: Any, body: Any) -> None:
        self._human, self._body = human, body
        self._deg = rng.uniform(*RAISED_DEG, len(RAISES))
        self.facts: dict[str, Any] = {"raises": RAISES}

    def at(self, t_s: float, posed: Any) -> Any:
        for (sides, from_s, until_s), deg in zip(RAISES, self._deg, strict=True):
            share = eased(min(t_s - from_s, until_s - t_s) / RAISE_S)
            for side in sides if share else ():
                posed = raised(self._human, self._body, posed, side, share * np.radians(deg))
        return posed


class Elsewhere:
    """Hands in one place after the other, in which no hand is raised."""

    steps = ((FIRST_S + EACH_S * len(PLACES) + 2.5, 0, "rest"),)
    shown_s = (13.0, 30.0)

    def __init__(self, rng: np.random.Generator, human: Any, body: Any) -> None:
        self._human, self._body = human, body
        self._off = {(place, side): rng.normal(0, SPREAD, (2, 3)) for place in PLACES for side in ("left", "right")}
        self.facts: dict[str, Any] = {"raises": ()}

    def at(self, t_s: float, posed: Any) -> Any:
        number = int((t_s - FIRST_S) // EACH_S)
        if number < 0:
            return posed
        places = list(PLACES)
        before, now = places[max(number - 1, 0)], places[min(number, len(places) - 1)]
        share = eased((t_s - FIRST_S - number * EACH_S) / MOVE_S)
        for side in ("left", "right"):
            ways = [np.array(PLACES[place]) + self._off[place, side] for place in (before, now)]
            posed = self._toward(posed, side, (1 - share) * ways[0] + share * ways[1])
        return posed

    def _toward(self, posed: Any, side: str, ways: Floats) -> Any:
        """The posture with upper arm and forearm (2, 3) in these directions."""
        mirror = np.array([1 if side == "left" else -1, 1, 1])
        chain = (f"upperarm_{side[0]}", f"lowerarm_{side[0]}", f"hand_{side[0]}")
        for bone, end, way in zip(chain[:-1], chain[1:], ways * mirror, strict=True):
            at, now = posed.head[bone], posed.head[end] - posed.head[bone]
            axis = np.cross(now, way)
            if np.linalg.norm(axis) < 1e-9:
                continue
            turn = self._body.rot_axis(axis, np.arctan2(np.linalg.norm(axis), now @ way))
            part = [other for other in self._human.bones if bone in up_from(self._human, other)]
            rotation = posed.rotation | {other: turn @ posed.rotation[other] for other in part}
            head = posed.head | {other: at + turn @ (posed.head[other] - at) for other in part}
            posed = self._human._complete(rotation, head, posed.neck)
        return posed


def eased(x: float) -> float:
    """0 to 1 for 0 to 1, gently at both ends; beyond them as at the ends."""
    x = float(np.clip(x, 0.0, 1.0))
    return x * x * (3 - 2 * x)
