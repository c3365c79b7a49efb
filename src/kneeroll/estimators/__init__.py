"""From a picture to landmarks: one protocol, one network behind it."""

from __future__ import annotations

from typing import Protocol

from kneeroll.kinematics import LandmarkModel
from kneeroll.poses import CameraFrame, PoseFrame


class Estimator(Protocol):
    """Finds the landmarks of one person. Keeps track from frame to frame; `close` frees the network.

    `look_elsewhere` says that the person of the last frame is not the one who stretches: the next frame looks for another.
    """

    name: str
    landmarks: LandmarkModel
    """Where its points lie on the body."""

    def estimate(self, frame: CameraFrame) -> PoseFrame: ...

    def look_elsewhere(self) -> None: ...

    def close(self) -> None: ...
