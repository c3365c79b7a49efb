"""The real network on the sample person and on pictures without anybody."""

import csv

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.estimators.blazepose import BlazePose
from kneeroll.kinematics.plausibility import body_size_px
from kneeroll.poses import CameraFrame, Floats, PoseFrame

FRAMES = 6


@pytest.fixture(scope="module")
def pictures() -> list[CameraFrame]:
    with open_clip(sample_clip_path()) as clip:
        return [frame for frame, _ in zip(clip, range(FRAMES), strict=False)]


@pytest.fixture(scope="module")
def poses(pictures) -> list[PoseFrame]:
    network = BlazePose()
    found = [network.estimate(picture) for picture in pictures]
    network.close()
    return found


@pytest.fixture(scope="module")
def truth_px() -> list[Floats]:
    """(19, 2) of each picture: where the rendered joints really are."""
    names = [name.replace("toe", "foot_index") for name in BODY.landmarks]
    with sample_clip_path().with_suffix(".csv").open(encoding="utf-8") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(FRAMES), strict=False)]
    return [np.array([[float(row[f"{name}_{axis}"]) for axis in "uv"] for name in names]) for row in rows]


def grey(width: int = 640, height: int = 480) -> CameraFrame:
    return CameraFrame(2.5, np.full((height, width, 3), 128, dtype=np.uint8))


def test_the_sample_person_is_found_in_every_picture(poses, pictures):
    for pose, picture in zip(poses, pictures, strict=True):
        assert pose.skeleton is BODY
        assert (pose.t_s, pose.width_px, pose.height_px) == (picture.t_s, 640, 480)
        assert np.isfinite(pose.image_px).all()
        assert np.isfinite(pose.position_m).all()
        assert ((pose.image_px > 0) & (pose.image_px < (640, 480))).all()
        assert np.isnan(pose.spread_px).all()


def test_the_landmarks_are_where_the_truth_says(poses, truth_px):
    for pose, true in zip(poses, truth_px, strict=True):
        off = np.linalg.norm(pose.image_px - true, axis=1) / body_size_px(true)
        assert np.median(off) < 0.06
        assert off[BODY.indices("left_knee", "right_knee", "left_ankle", "right_ankle")].max() < 0.08
        assert off.max() < 0.2


def test_left_is_left(poses, truth_px):
    for pose, true in zip(poses, truth_px, strict=True):
        as_named = np.linalg.norm(pose.image_px - true, axis=1)
        exchanged = np.linalg.norm(pose.image_px[BODY.mirror] - true, axis=1)
        for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle"):
            rows = BODY.indices(f"left_{part}", f"right_{part}")
            assert as_named[rows].mean() < exchanged[rows].mean()


def test_the_networks_own_metres_begin_at_the_mid_hip_and_are_of_human_size(poses):
    for pose in poses:
        hips = pose.position_m[BODY.indices("left_hip", "right_hip")]
        assert np.abs(hips.mean(0)).max() < 0.05
        trunk = pose.position_m[BODY.indices("left_shoulder", "right_shoulder")].mean(0) - hips.mean(0)
        assert 0.3 < np.linalg.norm(trunk) < 0.8


def test_an_empty_room_holds_nobody():
    network = BlazePose()
    pose = network.estimate(grey())
    network.close()
    assert not pose.has_person
    assert (pose.t_s, pose.width_px, pose.height_px) == (2.5, 640, 480)
    assert np.isnan(pose.spread_px).all()


def test_pictures_may_change_their_size_and_empty_ones_may_come_between(pictures):
    network = BlazePose()
    large = network.estimate(pictures[0])
    half = CameraFrame(0.1, np.ascontiguousarray(pictures[1].image[::2, ::2]))
    small = network.estimate(half)
    assert (small.width_px, small.height_px) == (320, 240)
    assert small.image_px * 2 == pytest.approx(large.image_px, abs=0.25 * body_size_px(large.image_px))
    for _ in range(3):
        nobody = network.estimate(grey(300, 500))
    again = network.estimate(pictures[2])
    network.close()
    assert not nobody.has_person
    assert again.image_px == pytest.approx(large.image_px, abs=0.25 * body_size_px(large.image_px))


def test_closing_twice_is_harmless():
    network = BlazePose()
    network.close()
    network.close()
