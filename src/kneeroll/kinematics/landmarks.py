"""Where a network's points lie on the body, and how far they stray: not where the joints are. Pure.

Rendered people with known joints show the same habits of BlazePose in every body and room (`make bench BENCH=truth`, eleven
clips, four places of the camera): the hip point lies 5-6 cm in front of the joint, less on the side that has come up; the
shoulder point 3 cm toward the head; the knee point on the front of the knee; and a knee or hip behind its twin is drawn a
good part of the way toward the twin. What is left of them is 2-4 cm, the same for seconds on end: a bias, not a noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kneeroll.anatomy import BODY
from kneeroll.kinematics.camera import Place
from kneeroll.poses import Floats, View

PARTS = ("shoulder", "hip", "knee", "ankle")
LIMB_WIDTH_M = 0.15
DEPTHS = ("hip_line", "shoulder_line", "knees_m")
"""What is used of a network's own depths."""
_DEPTH_ROWS = BODY.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee")


@dataclass(frozen=True)
class LandmarkModel:
    """Offsets from joint to point, and the standard deviation of what is left, all in metres at the person.

    hip_forward: to the front of the pelvis (and its standard deviation from person to person); hip_upper_loss: the share of it
    that is lost by the hip that has come up, knees on the floor. shoulder_headward: along the body. knee_along: beyond the
    knee, along the thigh. pull (4,): the share of the way to its twin that a point behind it is drawn, in the order of `PARTS`.
    sigma (4,): standard deviations of the points, by view where it matters; hidden (4,): by how many times more for a point
    behind its twin. depth_gain, depth_sigma (3,): how much of each of `DEPTHS` the network gives, as far as it differs from the
    start position, and the standard deviation of what is left; inf = not used.
    lowest_m: how high the camera must stand in each view, as the start position tells it (low at the ends a fifth too high);
    from a view that is missing the points cannot be used.
    error_shares: standard error of each of `poses.ANGLES` over the fit's standard deviation, as rendered people showed it.
    """

    hip_forward_m: float
    hip_forward_sigma_m: float
    hip_upper_loss: float
    shoulder_headward_m: float
    knee_along_m: float
    pull: tuple[float, float, float, float]
    sigma_m: tuple[float, float, float, float]
    hidden: tuple[float, float, float, float]
    by_view: Mapping[View, tuple[float, float, float, float]]
    depth_gain: tuple[float, float, float]
    depth_sigma: tuple[float, float, float]
    lowest_m: Mapping[View, float]
    error_shares: tuple[float, float, float, float, float] = (0.95, 0.75, 0.65, 0.7, 0.85)

    def sigmas_m(self, view: View) -> Floats:
        """(4,) standard deviations of shoulder, hip, knee and ankle points from this view."""
        return np.array(self.by_view.get(view, self.sigma_m))

    def supports(self, place: Place) -> bool:
        """Whether angles from here are worth giving: see the table of views in docs/truth.md."""
        return place.height_m >= self.lowest_m.get(place.view, np.inf)


BLAZEPOSE = LandmarkModel(
    hip_forward_m=0.055,
    hip_forward_sigma_m=0.015,
    hip_upper_loss=0.8,
    shoulder_headward_m=0.027,
    knee_along_m=0.015,
    pull=(0.0, 0.25, 0.4, 0.0),
    sigma_m=(0.03, 0.027, 0.025, 0.035),
    hidden=(1.0, 1.5, 2.0, 1.5),
    by_view={
        View.QUARTER_HEAD: (0.03, 0.027, 0.025, 0.10),
        View.HEAD_END: (0.03, 0.027, 0.025, 0.12),
    },
    depth_gain=(1.0, 1.0, 0.4),
    depth_sigma=(0.13, np.inf, 0.10),
    lowest_m={View.QUARTER_FOOT: 0.35, View.SIDE: 0.35, View.QUARTER_HEAD: 0.35, View.HEAD_END: 0.9, View.ABOVE: 0.35},
)

JOINTS = LandmarkModel(
    hip_forward_m=0.0,
    hip_forward_sigma_m=0.002,
    hip_upper_loss=0.0,
    shoulder_headward_m=0.0,
    knee_along_m=0.0,
    pull=(0.0, 0.0, 0.0, 0.0),
    sigma_m=(0.008, 0.010, 0.010, 0.012),
    hidden=(1.0, 1.0, 1.0, 1.0),
    by_view={},
    depth_gain=(1.0, 1.0, 1.0),
    depth_sigma=(np.inf, np.inf, np.inf),
    lowest_m=dict.fromkeys(View, 0.35),
)
"""Points that are the joint centres themselves: for synthetic people and for networks trained on true joints."""

LYING = LandmarkModel(
    hip_forward_m=0.0,
    hip_forward_sigma_m=0.005,
    hip_upper_loss=0.0,
    shoulder_headward_m=0.0,
    knee_along_m=0.0,
    pull=(0.0, 0.0, 0.0, 0.0),
    sigma_m=(0.018, 0.024, 0.011, 0.016),
    hidden=(0.0, 0.0, 0.0, 0.0),
    by_view={},
    depth_gain=(1.0, 1.0, 1.0),
    depth_sigma=(np.inf, 0.12, 0.12),
    lowest_m={**BLAZEPOSE.lowest_m, View.FOOT_END: 0.35, View.HEAD_END: 0.7},
    error_shares=(0.76, 0.6, 0.46, 0.53, 0.85),
)
"""kneeroll's own network: joint centres, each with a spread of its own; the standard deviations are what comes on top."""


def depths_of(position_m: Floats) -> Floats:
    """(3,) `DEPTHS` of the network's own 3-D points (K, 3) of `BODY`: how far they lie or point away from the camera.

    The lines from right to left hip and shoulder, as a share of their length (-1 to 1); mid-knee from mid-hip, metres.
    """
    left_shoulder, right_shoulder, left_hip, right_hip, left_knee, right_knee = position_m[_DEPTH_ROWS]
    lines = [left_hip - right_hip, left_shoulder - right_shoulder]
    knees = 0.5 * (left_knee + right_knee - left_hip - right_hip)
    return np.array([*(line[2] / np.linalg.norm(line) for line in lines), knees[2]])


def covered(position_m: Floats, camera_m: Floats) -> Floats:
    """0-1 (..., 8): how far each of the points (..., 8, 3) is right behind its twin, a limb's width or more."""
    ray = position_m - camera_m[..., None, :]
    ray = ray / np.linalg.norm(ray, axis=-1, keepdims=True)
    pairs = position_m.reshape(*position_m.shape[:-2], 4, 2, 3)
    from_twin = (pairs - pairs[..., ::-1, :]).reshape(position_m.shape)
    depth = (from_twin * ray).sum(-1)
    beside = np.linalg.norm(from_twin - depth[..., None] * ray, axis=-1)
    return np.asarray(np.clip(depth / LIMB_WIDTH_M, 0.0, 1.0) * np.exp(-((beside / LIMB_WIDTH_M) ** 4)))
