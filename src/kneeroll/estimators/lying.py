"""kneeroll's own network for people who lie down: joint centres with a spread for each."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kneeroll import assets
from kneeroll.anatomy import BODY
from kneeroll.estimators.paint import without
from kneeroll.estimators.square import SIZE_PX, Square, moved
from kneeroll.kinematics import LYING
from kneeroll.poses import CameraFrame, Floats, Pixels, PoseFrame

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LEAST_SEEN = 0.2
"""Nobody is there when fewer landmarks than this share are seen: 0.42 at least on 336 labelled stills, 0 on grey."""
TURNS = np.arange(8) * (np.pi / 4)
"""Where the head may be, when somebody is looked for: the whole picture is turned so and looked at."""
CANDIDATES, CLOSER = 2, 2
"""The surest of these looks are followed by so many closer ones."""
SURE = 0.036
"""Somebody was found when the limbs spread less than this (see `_doubt`): 0.027 at most on photographs of people in the start
position, 0.013 on stills; 0.037 at least on stills with the person painted over, 0.05 in 66 rooms without anybody."""
SEARCH_EVERY_S = 0.5
"""A search takes as long as a dozen frames: while nobody is there, it is made so often."""
TRUNK_M = 0.48
"""Length of the trunk (body.FRACTIONS times stature): the ruler for the network's own depths."""
SHOULDERS, HIPS = BODY.indices("left_shoulder", "right_shoulder"), BODY.indices("left_hip", "right_hip")
LIMBS = [*SHOULDERS, *HIPS, *BODY.indices("left_knee", "right_knee", "left_ankle", "right_ankle")]


class Lying:
    """Follows one person from frame to frame; looks for somebody, head anywhere, where there is none yet."""

    name = "lying-2 kneeroll"
    landmarks = LYING

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        network = files(assets).joinpath("lying.onnx").read_bytes()
        self._network = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._aside = ThreadPoolExecutor(1, "mirror")
        self._last: PoseFrame | None = None
        self._follows = False
        self._elsewhere = False
        self._square: Square | None = None
        self._search_s = -np.inf

    def estimate(self, frame: CameraFrame) -> PoseFrame:
        """Landmarks of the person in the picture, or an empty frame."""
        pose = self._search_beside(frame) if self._elsewhere else _nobody(frame)
        if not pose.has_person and self._follows and self._last is not None:
            pose = self._look(frame, self._follow(self._last), mirrored_too=True)
        elif not pose.has_person and not 0 <= frame.t_s - self._search_s < SEARCH_EVERY_S:
            self._search_s = frame.t_s
            pose = self._search(frame)
        self._last = pose if pose.has_person else self._last
        self._follows, self._elsewhere = pose.has_person, False
        return pose

    def _follow(self, last: PoseFrame) -> Square:
        """The square around the person. It stays where it was while that will do: what lies still is seen still."""
        around = Square.around(last.image_px)
        self._square = self._square if self._square is not None and self._square.is_nearly(around) else around
        return self._square

    def _search(self, frame: CameraFrame) -> PoseFrame:
        """Whoever is seen most surely in the whole picture, turned all ways, and then from close by."""
        found = [self._look(frame, Square.whole(frame.width_px, frame.height_px, turn)) for turn in TURNS]
        found = sorted(found, key=_doubt)[:CANDIDATES]
        for _ in range(CLOSER):
            found = [self._look(frame, Square.around(pose.image_px)) if pose.has_person else pose for pose in found]
        surest = min(found, key=_doubt)
        return surest if _doubt(surest) < SURE else _nobody(frame)

    def _search_beside(self, frame: CameraFrame) -> PoseFrame:
        """Somebody else than the person found last, who is painted over."""
        return self._search(frame if self._last is None else replace(frame, image=without(frame.image, self._last)))

    def _look(self, frame: CameraFrame, square: Square, *, mirrored_too: bool = False) -> PoseFrame:
        """Who is in the square; empty when nobody is."""
        picture = cut(frame.image, square)
        found = look_twice(self._network, picture, self._aside) if mirrored_too else look_once(self._network, picture)
        px, log_spread, depth, seen = found
        if not np.isfinite(px).all() or float(np.mean(seen > 0)) < LEAST_SEEN:
            return _nobody(frame)
        image_px = moved(px, square.to_picture)
        position_m = _in_metres(image_px, depth * square.side_px)
        spread_px = np.exp(log_spread) * square.side_px / SIZE_PX
        return PoseFrame(frame.t_s, frame.width_px, frame.height_px, image_px, position_m, spread_px, BODY)

    def look_elsewhere(self) -> None:
        """Find another person in the next frame; where there is none, the one found last is followed further."""
        self._elsewhere = True

    def close(self) -> None:
        """End the thread of the second look."""
        self._aside.shutdown()


def _nobody(frame: CameraFrame) -> PoseFrame:
    return PoseFrame.empty(frame.t_s, frame.width_px, frame.height_px, BODY)


def _doubt(pose: PoseFrame) -> float:
    """The spread of the limbs as a share of the person's size, geometric mean; infinite where nobody was seen."""
    if not pose.has_person:
        return np.inf
    return float(np.exp(np.log(pose.spread_px[LIMBS]).mean()) / Square.around(pose.image_px).side_px)


def cut(image: Pixels, square: Square) -> NDArray[np.float32]:
    """(1, 3, 256, 256), 0 to 1: what is in the square. Large pictures are averaged down first, so that nothing is skipped."""
    shrink = max(round(square.side_px / SIZE_PX), 1)
    picture = Image.fromarray(image)
    picture = (picture.reduce(shrink) if shrink > 1 else picture).transform(
        (SIZE_PX, SIZE_PX), Image.Transform.AFFINE, tuple(square.to_picture.ravel() / shrink), Image.Resampling.BILINEAR
    )
    return np.ascontiguousarray(np.asarray(picture, dtype=np.float32).transpose(2, 0, 1)[None]) / np.float32(255)


def look_once(network: InferenceSession, picture: NDArray[np.float32]) -> list[Floats]:
    """Of each landmark: pixels of the square (K, 2), log of their spread (K,), depth in sides of the square, seen (> 0)."""
    return [np.asarray(out[0], dtype=np.float64) for out in network.run(None, {"picture": picture})]


def look_twice(network: InferenceSession, picture: NDArray[np.float32], aside: Executor) -> list[Floats]:
    """The mean of a look at the picture and one, at the same time, at its mirror image: 8 % nearer to the joints.

    Half of what lies between the two is the standard deviation of that mean: it adds to the spread.
    """
    mirrored = aside.submit(look_once, network, np.ascontiguousarray(picture[..., ::-1]))
    direct = look_once(network, picture)
    px, *rest = (out[BODY.mirror] for out in mirrored.result())
    in_mirror = [np.array([SIZE_PX, 0.0]) + np.array([-1.0, 1.0]) * px, *rest]
    px, log_spread, depth, seen = (0.5 * (a + b) for a, b in zip(direct, in_mirror, strict=True))
    apart = np.linalg.norm(direct[0] - px, axis=-1)
    return [px, np.log(np.hypot(np.exp(log_spread), apart)), depth, seen]


def _in_metres(image_px: Floats, depth_px: Floats) -> Floats:
    """(K, 3) from the mid-hip, camera axes, as if seen from very far away; the trunk is the ruler."""
    at = np.column_stack([image_px, depth_px])
    at = at - at[HIPS].mean(0)
    return np.asarray(at * (TRUNK_M / max(float(np.linalg.norm(at[SHOULDERS].mean(0))), 1e-6)))
