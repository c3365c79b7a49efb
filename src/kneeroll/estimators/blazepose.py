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
from kneeroll.estimators.paint import without
from kneeroll.kinematics import BLAZEPOSE
from kneeroll.poses import CameraFrame, PoseFrame

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
        image = frame.image if self._avoid is None else without(frame.image, self._avoid)
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
        self._avoid = self._last

    def close(self) -> None:
        if self._pose is not None:
            self._pose.close()
        self._pose = None
