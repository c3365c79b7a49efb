"""kneeroll's own network for people who lie down: joint centres with a spread for each. BlazePose finds the person first."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kneeroll import assets
from kneeroll.anatomy import BODY
from kneeroll.estimators.blazepose import BlazePose
from kneeroll.estimators.square import SIZE_PX, Square, moved
from kneeroll.kinematics import LYING
from kneeroll.poses import CameraFrame, Floats, Pixels, PoseFrame

LEAST_SEEN = 0.2
"""Nobody is there when fewer landmarks than this share are seen: 0.21 (once) to 0.74 at least on people who lie, 0 on grey."""
TRUNK_M = 0.48
"""Length of the trunk (body.FRACTIONS times stature): the ruler for the network's own depths."""
SHOULDERS, HIPS = BODY.indices("left_shoulder", "right_shoulder"), BODY.indices("left_hip", "right_hip")


class Lying:
    """Follows one person who lies down from frame to frame; looks for somebody where there is none yet."""

    name = "lying-1 kneeroll"
    landmarks = LYING

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        network = files(assets).joinpath("lying.onnx").read_bytes()
        self._network = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._finder = BlazePose()
        self._last: PoseFrame | None = None
        self._follows = False

    def estimate(self, frame: CameraFrame) -> PoseFrame:
        """Landmarks of the person in the picture, or an empty frame. Somebody who does not lie down is left to BlazePose."""
        pose = self._look(frame, self._last) if self._follows and self._last is not None else self._search(frame)
        self._last = pose if pose.has_person else self._last
        self._follows = pose.has_person and bool(np.isfinite(pose.spread_px).all())
        return pose

    def _search(self, frame: CameraFrame) -> PoseFrame:
        found = self._finder.estimate(frame)
        if not found.has_person:
            return found
        roughly = self._look(frame, found)
        closely = self._look(frame, roughly) if roughly.has_person else roughly
        return closely if closely.has_person else found

    def _look(self, frame: CameraFrame, near: PoseFrame) -> PoseFrame:
        """Who lies where somebody was seen; empty when nobody does."""
        square = Square.around(near.image_px)
        outputs = self._network.run(None, {"picture": cut(frame.image, square)})
        px, log_spread, depth, seen = (np.asarray(out[0], dtype=np.float64) for out in outputs)
        if not np.isfinite(px).all() or float(np.mean(seen > 0)) < LEAST_SEEN:
            return PoseFrame.empty(frame.t_s, frame.width_px, frame.height_px, BODY)
        image_px = moved(px, square.to_picture)
        position_m = _in_metres(image_px, depth * square.side_px)
        spread_px = np.exp(log_spread) * square.side_px / SIZE_PX
        return PoseFrame(frame.t_s, frame.width_px, frame.height_px, image_px, position_m, spread_px, BODY)

    def look_elsewhere(self) -> None:
        """Find another person in the next frame."""
        self._finder.look_beside(self._last)
        self._follows = False

    def close(self) -> None:
        self._finder.close()


def cut(image: Pixels, square: Square) -> NDArray[np.float32]:
    """(1, 3, 256, 256), 0 to 1: what is in the square. Large pictures are averaged down first, so that nothing is skipped."""
    shrink = max(round(square.side_px / SIZE_PX), 1)
    picture = Image.fromarray(image)
    picture = (picture.reduce(shrink) if shrink > 1 else picture).transform(
        (SIZE_PX, SIZE_PX), Image.Transform.AFFINE, tuple(square.to_picture.ravel() / shrink), Image.Resampling.BILINEAR
    )
    return np.ascontiguousarray(np.asarray(picture, dtype=np.float32).transpose(2, 0, 1)[None]) / np.float32(255)


def _in_metres(image_px: Floats, depth_px: Floats) -> Floats:
    """(K, 3) from the mid-hip, camera axes, as if seen from very far away; the trunk is the ruler."""
    at = np.column_stack([image_px, depth_px])
    at = at - at[HIPS].mean(0)
    return np.asarray(at * (TRUNK_M / max(float(np.linalg.norm(at[SHOULDERS].mean(0))), 1e-6)))
