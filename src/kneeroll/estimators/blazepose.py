"""BlazePose "full" from the mediapipe 0.10.21 wheel: the last one that brings its models and phones nobody."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import BLAZEPOSE
from kneeroll.poses import CameraFrame, Pixels, PoseFrame

_ROW = {
    "nose": 0, "left_ear": 7, "right_ear": 8, "left_shoulder": 11, "right_shoulder": 12, "left_elbow": 13,
    "right_elbow": 14, "left_wrist": 15, "right_wrist": 16, "left_hip": 23, "right_hip": 24, "left_knee": 25,
    "right_knee": 26, "left_ankle": 27, "right_ankle": 28, "left_heel": 29, "right_heel": 30, "left_toe": 31,
    "right_toe": 32,
}  # fmt: skip
"""Where each landmark of `BODY` stands among BlazePose's 33."""
_ROWS = np.array([_ROW[name] for name in BODY.landmarks])


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep mediapipe's start-up chatter (written by C++ to descriptor 2) and protobuf's own notices off the terminal."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


LIMB_SHARE = 0.13
"""Width of a painted limb as a share of the person's size in the picture."""


def _without(image: Pixels, pose: PoseFrame) -> Pixels:
    """A copy of the picture in which this person is painted over with the picture's middle colour."""
    from PIL import Image, ImageDraw

    points = [(float(x), float(y)) for x, y in pose.image_px]
    width = max(int(LIMB_SHARE * float(np.hypot(*np.ptp(pose.image_px, axis=0)))), 2)
    silhouette = Image.new("L", (image.shape[1], image.shape[0]))
    pen = ImageDraw.Draw(silhouette)
    for a, b in BODY.bone_indices:
        pen.line([points[a], points[b]], fill=255, width=width)
    for x, y in points:
        pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    pen.polygon([points[i] for i in BODY.indices("left_shoulder", "right_shoulder", "right_hip", "left_hip")], fill=255)
    covered = np.asarray(silhouette) > 0
    painted = image.copy()
    painted[covered] = np.median(image[~covered], axis=0).astype(np.uint8) if not covered.all() else 128
    return painted


class BlazePose:
    """Tracks one person from frame to frame, about 20 ms a frame on one core.

    The network's own smoothing is off: it delays the knees by a third of a second, and the body fit is smooth by itself.
    """

    name = "blazepose-full mediapipe-0.10.21"
    landmarks = BLAZEPOSE

    def __init__(self) -> None:
        with _quietly():
            from mediapipe.python.solutions.pose import Pose

            self._pose: Any = Pose(model_complexity=1, smooth_landmarks=False)
            # the network is built by threads of its own: an empty picture waits for them, and for what they print
            self._pose.process(np.zeros((64, 64, 3), dtype=np.uint8))
        self._found_once = False
        self._last: PoseFrame | None = None
        self._avoid: PoseFrame | None = None

    def estimate(self, frame: CameraFrame) -> PoseFrame:
        """Landmarks of the person in the picture, or an empty frame."""
        image = frame.image if self._avoid is None else _without(frame.image, self._avoid)
        with nullcontext() if self._found_once and self._avoid is None else _quietly():
            if self._avoid is not None:
                self._pose.reset()
            found = self._pose.process(image)
        self._avoid = None
        width, height = frame.width_px, frame.height_px
        if found.pose_landmarks is None or found.pose_world_landmarks is None:
            return PoseFrame.empty(frame.t_s, width, height, BODY)
        self._found_once = True
        flat = np.array([(p.x, p.y) for p in found.pose_landmarks.landmark])[_ROWS]
        world = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks.landmark])[_ROWS]
        unsaid = np.full(len(BODY.landmarks), np.nan)
        self._last = PoseFrame(frame.t_s, width, height, flat * (width, height), world, unsaid, BODY)
        return self._last

    def look_elsewhere(self) -> None:
        """Find another person in the next frame: the one found last is painted over there, and tracking starts anew."""
        self.look_beside(self._last)

    def look_beside(self, pose: PoseFrame | None) -> None:
        """Find another person than this one in the next frame."""
        self._avoid = pose

    def close(self) -> None:
        if self._pose is not None:
            self._pose.close()
        self._pose = None
