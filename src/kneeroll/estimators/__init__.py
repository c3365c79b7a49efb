"""From a picture to landmarks: one protocol, one network behind it."""

from __future__ import annotations

from typing import Protocol

from kneeroll.poses import CameraFrame, PoseFrame


class Estimator(Protocol):
    """Finds the landmarks of one person. Keeps track from frame to frame; `close` frees the network."""

    name: str

    def estimate(self, frame: CameraFrame) -> PoseFrame: ...

    def close(self) -> None: ...
