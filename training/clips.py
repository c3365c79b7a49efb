"""Draw the clips of `tests/assets/clips`: `python -m training.clips --people DIR --out DIR`.

`--people` is the folder of the renderer of people (body.py and its neighbours). Drawn by the raster renderer of `training.draw`:
640x480, ten pictures a second.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from training.arms import RAISE_S, eased
from training.draw import Dress, Floats, Mesh, Studio, boxes, look_of, raised, room_of

FPS, WIDTH_PX, HEIGHT_PX, HFOV_DEG = 10, 640, 480, 60.0
NOISE = 1.5
"""Of the sensor: grey values."""
RAISED_DEG = 86.0
"""How far an arm comes up from the floor."""
SQUEEZED_M = 0.05
"""So far below the lower knee's centre the cushion ends."""


@dataclass(frozen=True)
class Scene:
    """One clip.

    person: letter in `body.BODIES`. session: keys of `motion.Session`. raises: which hands come up, from when to when (seconds).
    cushion_m: height of a soft cushion at the person's left. seed: of room and light.
    """

    person: str
    camera: tuple[float, float, float]
    seed: int
    session: dict[str, Any]
    raises: tuple[tuple[str, float, float], ...] = ()
    cushion_m: float | None = None
    target: tuple[float, float, float] = (0.0, 0.1, 0.12)


SCENES = {
    "shoulder": Scene(
        "A",
        (1.6, -1.2, 1.3),
        1,
        {
            "steps": [[3, 0, "rest"], [3, 1, "drop"], [15, 1, "hold"], [2.5, 0, "return"], [1.5, 0, "rest"]],
            "end": [55, -55],
            "fault": {"hold": [3.0, 7.5]},
        },
    ),
    "cushion": Scene(
        "D",
        (1.5, -1.35, 1.6),
        2,
        {
            "steps": [
                [3, 0, "rest"], [4, 1, "drop"], [6.5, 1, "too_deep"], [2, 0.7, "up"], [9, 0.7, "hold"], [2.5, 0, "return"],
                [1.5, 0, "rest"],
            ],
            "end": [74, -70],
        },
        cushion_m=0.30,
    ),
    "hands": Scene(
        "C",
        (1.55, -1.25, 1.35),
        3,
        {
            "steps": [
                [3, 0, "rest"], [3, 1, "drop"], [7, 1, "hold"], [2.5, 0, "return"], [5.5, 0, "rest"],
                [3, 1, "drop"], [6, 1, "hold"], [2.5, 0, "return"], [5.5, 0, "rest"],
            ],
            "end": [52, -52],
        },
        raises=(("right", 8.5, 11.2), ("right", 17.5, 20.2), ("left", 34.0, 37.5), ("right", 34.0, 37.5)),
    ),
    "beside": Scene("B", (2.2, 0.5, 2.2), 5, {"steps": [[9, 0, "rest"]], "end": [52, -52]}, raises=(("right", 4.5, 7.5),)),
}  # fmt: skip


class Actor:
    """A scene's person and what moves with them."""

    def __init__(self, scene: Scene, body: Any, motion: Any) -> None:
        self.scene, self._body = scene, body
        self.human = body.Human(body.BODIES[scene.person])
        self._session = motion.Session(scene.session, FPS, scene.seed)
        self._neck = self.human.solve(self._session.pose(0)).neck

    def __len__(self) -> int:
        return len(self._session)

    def at(self, frame: int) -> tuple[list[Floats], Mesh]:
        """Vertices of body and clothes, and the triangles of the cushion."""
        posed = self.human.solve(self._session.pose(frame), neck=self._neck, keep_drop=True)
        for side, from_s, until_s in self.scene.raises:
            share = eased(min(frame / FPS - from_s, until_s - frame / FPS) / RAISE_S)
            if share > 0:
                posed = raised(self.human, self._body, posed, side, share * np.radians(RAISED_DEG))
        vertices = self.human.vertices(posed, self._session.breath_m(frame))
        knee = self.human.joints(posed, vertices[0])["left_knee"]
        return vertices, self._cushion(knee)

    def _cushion(self, knee: Floats) -> Mesh:
        if self.scene.cushion_m is None:
            return np.zeros((0, 10), np.float32)
        height = min(self.scene.cushion_m, float(knee[2]) - SQUEEZED_M)
        return boxes([(np.array([0.52, -0.3, height / 2]), np.array([0.32, 0.38, height]), 0.1, np.array([0.55, 0.35, 0.2]))])


def draw(scene: Scene, studio: Studio, people: Any, out: Path) -> None:
    """One clip, as H.264."""
    body, export, motion, randomise = people
    rng, actor = np.random.default_rng(scene.seed), Actor(scene, body, motion)
    dress, room, look = Dress(actor.human, export), room_of(rng), look_of(rng)
    camera, k = randomise.look_at(scene.camera, scene.target), randomise.intrinsics(HFOV_DEG, WIDTH_PX, WIDTH_PX)
    above = (WIDTH_PX - HEIGHT_PX) // 2
    with av.open(str(out), "w") as clip:
        stream = clip.add_stream("h264", rate=Fraction(FPS), options={"crf": "23", "preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for frame in range(len(actor)):
            vertices, cushion = actor.at(frame)
            mesh = np.concatenate([room, dress.mesh(vertices), cushion])
            ((rgb, _),) = studio.draw(mesh, [(camera, k)], look)
            seen = rgb[above : above + HEIGHT_PX] + rng.normal(0, NOISE, (HEIGHT_PX, WIDTH_PX, 3))
            picture = av.VideoFrame.from_ndarray(seen.clip(0, 255).astype(np.uint8), "rgb24")
            clip.mux(stream.encode(picture))
        clip.mux(stream.encode(None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scene", choices=SCENES, action="append", help="only this one; more than once for several")
    options = parser.parse_args()
    sys.path.insert(0, str(options.people))
    import body
    import export
    import motion
    import randomise

    studio = Studio(WIDTH_PX)
    for name in options.scene or SCENES:
        draw(SCENES[name], studio, (body, export, motion, randomise), options.out / f"{name}.mp4")


if __name__ == "__main__":
    main()
