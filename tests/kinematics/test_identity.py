"""Left stays left: what a network may swap, and what it must not be taken for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.kinematics.identity import repair_sides
from kneeroll.poses import PoseFrame
from tests.kinematics.synthetic import PLACES, camera_of, person, ramp

LEGS = np.array([name.split("_")[-1] in ("knee", "ankle", "heel", "toe") for name in BODY.landmarks])
EVERYWHERE = np.ones(len(BODY.landmarks), dtype=bool)
TIMES = np.arange(0.0, 4.0, 0.25)


def turning(view: str, depth_deg: float) -> list[PoseFrame]:
    return person(camera_of(view), TIMES, ramp(TIMES, (0, 0), (1, 0), (3, depth_deg), (4, depth_deg)))


def swapped(pose: PoseFrame, which: np.ndarray) -> PoseFrame:
    order = np.where(which, BODY.mirror, np.arange(len(which)))
    return replace(pose, image_px=pose.image_px[order], position_m=pose.position_m[order], spread_px=pose.spread_px[order])


def same(a: PoseFrame, b: PoseFrame) -> bool:
    return np.array_equal(a.image_px, b.image_px) and np.array_equal(a.position_m, b.position_m, equal_nan=True)


@pytest.mark.parametrize("which", [EVERYWHERE, LEGS], ids=["body", "legs"])
@pytest.mark.parametrize("depth_deg", [60.0, -60.0])
@pytest.mark.parametrize("view", PLACES)
def test_a_swap_is_repaired_wherever_the_camera_stands(view, depth_deg, which):
    poses = turning(view, depth_deg)
    for last, pose in pairwise(poses):
        assert same(repair_sides(swapped(pose, which), poses[0].image_px, last), pose)


@pytest.mark.parametrize("depth_deg", [80.0, -80.0])
@pytest.mark.parametrize("view", PLACES)
def test_a_stretch_is_no_swap(view, depth_deg):
    poses = turning(view, depth_deg)
    for last, pose in pairwise(poses):
        assert repair_sides(pose, poses[0].image_px, last) is pose


def test_after_a_gap_the_start_position_alone_names_the_sides():
    poses = turning("quarter_foot", 60.0)
    assert same(repair_sides(swapped(poses[-1], EVERYWHERE), poses[0].image_px, None), poses[-1])
    late = replace(swapped(poses[-1], EVERYWHERE), t_s=60.0)
    assert same(repair_sides(late, poses[0].image_px, poses[-2]), poses[-1])


def test_nothing_is_swapped_for_points_that_are_not_there():
    pose = turning("side", 30.0)[-1]
    nobody = PoseFrame.empty(pose.t_s, pose.width_px, pose.height_px, BODY)
    assert repair_sides(nobody, pose.image_px, pose) is nobody
