"""The real network on the sample person and on pictures without anybody."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.estimators.lying import SEARCH_EVERY_S, Lying, cut, look_twice
from kneeroll.estimators.square import SIZE_PX, Square
from kneeroll.kinematics.plausibility import body_size_px
from kneeroll.poses import CameraFrame, PoseFrame
from kneeroll.truth import read_truth

ASSETS = Path(__file__).parents[1] / "assets"
EVERY, COUNT = 60, 14
"""One frame in five seconds, over the whole sample: rest, both sides, and back."""
JOINTS = BODY.indices(*(f"{side}_{part}" for side in ("left", "right") for part in ("shoulder", "hip", "knee", "ankle")))


@pytest.fixture(scope="module")
def pictures() -> list[CameraFrame]:
    with open_clip(sample_clip_path()) as clip:
        return list(islice(clip, 0, EVERY * COUNT, EVERY))


@pytest.fixture(scope="module")
def poses(pictures) -> list[PoseFrame]:
    network = Lying()
    found = [network.estimate(picture) for picture in pictures]
    network.close()
    return found


@pytest.fixture(scope="module")
def truth_px(pictures) -> list[np.ndarray]:
    truth = read_truth(sample_clip_path())
    return [truth.image_px[int(np.argmin(np.abs(truth.t_s - picture.t_s)))] for picture in pictures]


def grey(width: int = 640, height: int = 480) -> CameraFrame:
    return CameraFrame(2.5, np.full((height, width, 3), 128, dtype=np.uint8))


def test_the_sample_person_is_found_at_rest_and_at_depth(poses, pictures):
    for pose, picture in zip(poses, pictures, strict=True):
        assert (pose.t_s, pose.width_px, pose.height_px) == (picture.t_s, 640, 480)
        assert np.isfinite(pose.image_px).all()
        assert np.isfinite(pose.position_m).all()
        assert (pose.spread_px > 0).all()


def test_the_joints_are_where_the_truth_says(poses, truth_px):
    off = [np.linalg.norm(p.image_px - true, axis=1) / body_size_px(true) for p, true in zip(poses, truth_px, strict=True)]
    assert np.mean([o[JOINTS].mean() for o in off]) < 0.06
    assert max(o[JOINTS].max() for o in off) < 0.22


def test_left_is_left(poses, truth_px):
    for pose, true in zip(poses, truth_px, strict=True):
        as_named = np.linalg.norm(pose.image_px - true, axis=1)
        exchanged = np.linalg.norm(pose.image_px[BODY.mirror] - true, axis=1)
        assert as_named[JOINTS].sum() < exchanged[JOINTS].sum()


def test_the_mirror_image_of_a_person_is_followed_as_the_mirror_image(pictures):
    seen = []
    for sign in (1, -1):
        network, picture = Lying(), np.ascontiguousarray(pictures[5].image[:, ::sign])
        seen.append([network.estimate(CameraFrame(0.1 * i, picture)) for i in range(6)][-1])
        network.close()
    expected = np.column_stack([640 - seen[0].image_px[BODY.mirror, 0], seen[0].image_px[BODY.mirror, 1]])
    assert np.linalg.norm(seen[1].image_px - expected, axis=1).mean() < 0.02 * body_size_px(expected)


def test_two_looks_that_differ_make_the_spread_wider():
    class Leaning:
        """Sees every landmark in the same place, in the picture and in its mirror image."""

        def run(self, _names, _inputs):
            count = len(BODY.landmarks)
            return [np.full((1, count, 2), 100.0), *np.zeros((3, 1, count))]

    with ThreadPoolExecutor(1) as aside:
        px, log_spread, _, _ = look_twice(Leaning(), np.zeros((1, 3, SIZE_PX, SIZE_PX), dtype=np.float32), aside)
    assert px == pytest.approx(np.broadcast_to([SIZE_PX / 2, 100.0], px.shape))
    assert np.exp(log_spread) == pytest.approx(np.full(len(px), np.hypot(1.0, 28.0)))


def test_the_stated_spread_is_of_the_size_of_the_errors(poses, truth_px):
    off = np.array([np.abs(p.image_px - true).mean(1) for p, true in zip(poses, truth_px, strict=True)])
    told = np.array([p.spread_px for p in poses])
    assert 0.3 < np.median(off[:, JOINTS] / told[:, JOINTS]) < 2.0


def test_its_metres_begin_at_the_mid_hip_and_tell_where_the_knees_went(poses):
    knees, hips = BODY.indices("left_knee", "right_knee"), BODY.indices("left_hip", "right_hip")
    assert all(np.abs(pose.position_m[hips].mean(0)).max() < 1e-6 for pose in poses)
    depth = {pose.t_s: pose.position_m[knees, 2].mean() for pose in poses}
    left = np.mean([d for t_s, d in depth.items() if 10 <= t_s <= 30])
    right = np.mean([d for t_s, d in depth.items() if 43 <= t_s <= 65])
    assert right - left > 0.1  # the camera stands on the left: knees that sink to the right sink away from it


def test_an_empty_room_holds_nobody(pictures):
    network = Lying()
    assert not network.estimate(grey()).has_person
    assert network.estimate(pictures[0]).has_person
    gone = network.estimate(grey())
    back = network.estimate(pictures[1])
    network.close()
    assert not gone.has_person
    assert (gone.t_s, gone.width_px, gone.height_px) == (2.5, 640, 480)
    assert back.has_person


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_person_is_found_in_the_first_picture_wherever_the_head_is(pictures, truth_px, quarters):
    network = Lying()
    turned = CameraFrame(0.0, np.ascontiguousarray(np.rot90(pictures[1].image, quarters)))
    found = network.estimate(turned)
    network.close()
    true = truth_px[1]
    for turned_before in range(quarters):  # np.rot90 turns to the left: (x, y) of a picture so wide goes to (y, width - 1 - x)
        width = 640 if turned_before % 2 == 0 else 480
        true = np.column_stack([true[:, 1], width - 1 - true[:, 0]])
    off = np.linalg.norm(found.image_px - true, axis=1) / body_size_px(true)
    assert off[JOINTS].mean() < 0.06


def test_a_person_who_fills_half_the_picture_is_found(pictures, truth_px):
    network = Lying()
    wide = np.full((960, 1280, 3), 110, dtype=np.uint8)
    wide[300:780, 400:1040] = pictures[1].image
    found = network.estimate(CameraFrame(0.0, wide))
    network.close()
    off = np.linalg.norm(found.image_px - truth_px[1] - (400, 300), axis=1) / body_size_px(truth_px[1])
    assert off[JOINTS].mean() < 0.06


def test_while_nobody_is_there_the_whole_picture_is_searched_now_and_then_only(pictures):
    network = Lying()
    assert not network.estimate(grey()).has_person
    soon, later = (replace(pictures[0], t_s=2.5 + wait_s) for wait_s in (0.5 * SEARCH_EVERY_S, 1.1 * SEARCH_EVERY_S))
    assert not network.estimate(soon).has_person
    assert network.estimate(later).has_person
    network.close()


def test_another_person_is_looked_for_when_asked_and_the_first_one_kept_where_there_is_none(pictures):
    network = Lying()
    first = network.estimate(pictures[0])
    network.look_elsewhere()
    alone = network.estimate(replace(pictures[0], t_s=0.1))
    assert alone.image_px == pytest.approx(first.image_px, abs=10)
    with open_clip(ASSETS / "two_people.mp4") as clip:
        frames = list(islice(clip, 0, 20, 10))
    one = network.estimate(replace(frames[0], t_s=9.0))
    network.look_elsewhere()
    other = network.estimate(replace(frames[1], t_s=9.1))
    network.close()
    assert np.linalg.norm(one.image_px[JOINTS].mean(0) - other.image_px[JOINTS].mean(0)) > 0.3 * body_size_px(one.image_px)


def test_a_large_picture_gives_the_same_as_a_small_one(pictures):
    network = Lying()
    small = network.estimate(pictures[0])
    network.close()
    network = Lying()
    large = network.estimate(CameraFrame(0.0, np.repeat(np.repeat(pictures[0].image, 3, axis=0), 3, axis=1)))
    network.close()
    assert (large.width_px, large.height_px) == (1920, 1440)
    assert large.image_px[JOINTS] / 3 == pytest.approx(small.image_px[JOINTS], abs=0.05 * body_size_px(small.image_px))


def test_a_square_that_leaves_the_picture_is_filled_with_black():
    planes = cut(np.full((100, 100, 3), 255, dtype=np.uint8), Square(np.array([0.0, 50.0]), 100.0, 0.0))
    assert planes.shape == (1, 3, SIZE_PX, SIZE_PX)
    assert planes[..., : SIZE_PX // 2 - 2].max() == 0.0
    assert planes[..., SIZE_PX // 2 + 2 :].min() == 1.0
