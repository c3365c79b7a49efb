"""Hands raised to the ceiling by somebody who lies on the back. Pure and causal.

Where the camera stands is known by then, and with it how a raised arm looks from there: from the shoulder up the picture, an arm
long. An arm that points away along the mat can look the same; the network's own depths tell the two apart, so both must agree.

Measured with `bench.hands` on 36 clips of nine rendered people before cameras put anywhere (`training.takes --hands`, seeds 314
and 315), by which no limit was set: of the hands raised by the arm that is farther from the camera 30 of 39 are seen, by the
nearer one 23 of 39; both as both in 8 of 13. No hand on belly, chest, face or knees, behind or above the head or along the
floor was taken for a raised one (21 minutes). The limits are from 32 clips with raised hands and 32 with hands elsewhere, of 16
other people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import dist

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics import body
from kneeroll.kinematics.calibration import Calibration
from kneeroll.kinematics.camera import project
from kneeroll.kinematics.posture import N_LENGTHS, joints
from kneeroll.poses import Floats, PoseFrame, Side

HOLD_S = 1.0
LAPSE_S = 0.4
"""A raised hand that is not seen for so long is still up."""
STILL = 0.35
"""A hand that has moved by this share of the arm's length in the picture is not held: its second begins anew."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What elbow and wrist of a raised arm do at least (at most across).

    along, across (2,): where they are in the picture, along and across the way from the shoulder to where they are when raised,
    shares. steep (2,): how steeply they rise from the shoulder by the network's own points, the sine of the angle to the floor.
    along_and_steep: the wrist's both together. from_knees: from the wrist to the nearest knee in the picture, arm's lengths.
    """

    along: Floats
    across: Floats
    steep: Floats
    along_and_steep: float
    from_knees: float


FAR = Gate(np.array([0.55, 0.75]), np.array([0.6, 0.4]), np.array([0.1, 0.3]), 1.05, 0.5)
"""As long in the picture as when raised, though the network sees it lean: mostly the arm that is farther from the camera (the
wrist 0.75 to 1.05 along, 0.3 to 0.55 steep). On the floor, pointing away: in 97 of 100 less than 0.68 along, 0.08 steep."""
NEAR = Gate(np.array([0.6, 0.7]), np.array([0.75, 0.5]), np.array([0.75, 0.5]), 1.5, 0.3)
"""Foreshortened, and steep by the network's points: mostly the nearer arm. A hand at the face: 0.6 along; on a knee 0.8 steep."""

_KNEES = BODY.indices("left_knee", "right_knee")
_ROWS = np.array([BODY.indices(*(f"{side}_{part}" for part in ("shoulder", "elbow", "wrist"))) for side in Side])
_REACH = np.cumsum(body.FRACTIONS[[body.LENGTHS.index("upper_arm"), body.LENGTHS.index("forearm")]])


Spot = tuple[float, float]
"""Where a wrist is in the picture, seen from the shoulder: shares of the arm's length along the way up and across it."""


@dataclass(frozen=True, slots=True)
class RaisedArms:
    """How raised arms look from where the camera stands.

    way_px (2, 2, 2): from each shoulder, left and right, to elbow and wrist; up (3,): the floor's vertical in camera axes.
    """

    way_px: Floats
    up: Floats

    @classmethod
    def seen_by(cls, calibration: Calibration) -> RaisedArms:
        camera = calibration.camera
        stature_m = float(np.exp(calibration.log_lengths).sum() / body.FRACTIONS[:N_LENGTHS].sum())
        shoulders = joints(calibration.log_lengths, calibration.rest).position_m[:2]
        heights = stature_m * np.array([0.0, *_REACH])
        px = project(camera, shoulders[:, None] + heights[:, None] * np.array([0.0, 0.0, 1.0]), calibration.size_px)
        (cos_pitch, cos_roll), (sin_pitch, sin_roll) = np.cos(camera[4:6]), np.sin(camera[4:6])
        return cls(px[:, 1:] - px[:, :1], np.array([sin_roll * cos_pitch, -cos_roll * cos_pitch, -sin_pitch]))

    def found_in(self, pose: PoseFrame) -> dict[Side, Spot]:
        """The hands that are up in this picture, and where. What the network does not see is not up."""
        way, own = (at[_ROWS[:, 1:]] - at[_ROWS[:, :1]] for at in (pose.image_px, pose.position_m))
        length2 = (self.way_px**2).sum(-1)
        along = (way * self.way_px).sum(-1) / length2
        across = (way[..., 0] * self.way_px[..., 1] - way[..., 1] * self.way_px[..., 0]) / length2
        steep = own @ self.up / np.maximum(np.linalg.norm(own, axis=-1), 1e-9)
        from_knees = np.linalg.norm(pose.image_px[_ROWS[:, 2:]] - pose.image_px[_KNEES], axis=-1).min(-1) / np.sqrt(length2[:, 1])
        is_up = np.zeros(len(Side), dtype=bool)
        for gate in (FAR, NEAR):
            passes = ((along >= gate.along) & (abs(across) <= gate.across) & (steep >= gate.steep)).all(-1)
            is_up |= passes & (along[:, 1] + steep[:, 1] >= gate.along_and_steep) & (from_knees >= gate.from_knees)
        return {side: (float(along[i, 1]), float(across[i, 1])) for i, side in enumerate(Side) if is_up[i]}


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand that is up: seconds of the first frame that showed it here, and of the last; and where that first one had it."""

    since_s: float
    last_s: float
    spot: Spot

    @property
    def held(self) -> bool:
        return self.last_s - self.since_s >= HOLD_S

    def seen(self, t_s: float, spot: Spot) -> Hand:
        """Up in one more frame."""
        return replace(self, last_s=t_s) if dist(spot, self.spot) <= STILL else Hand(t_s, t_s, spot)


@dataclass(frozen=True, slots=True)
class Gesture:
    """The hands that are up, and what they have said so far: those that were held."""

    raised: tuple[tuple[Side, Hand], ...] = ()
    said: tuple[Side, ...] = ()


def follow_gesture(gesture: Gesture, t_s: float, hands: Mapping[Side, Spot]) -> Gesture:
    """Take in one frame and the hands that are up in it.

    A hand counts when held for `HOLD_S`; one that is joined by the other waits for it. What was said stands until every hand
    is down.
    """
    before = {side: hand for side, hand in gesture.raised if 0 <= t_s - hand.last_s <= LAPSE_S}
    now = {side: before.get(side, Hand(t_s, t_s, spot)).seen(t_s, spot) for side, spot in hands.items()}
    raised = tuple((side, (before | now)[side]) for side in Side if side in before | now)
    held = tuple(side for side, hand in raised if hand.held)
    complete = len(held) == len(raised) and len(held) >= len(gesture.said)
    return Gesture(raised, held if complete or not raised else gesture.said)
