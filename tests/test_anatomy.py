"""The skeleton: landmarks by name, bones between them, and a mirror."""

from __future__ import annotations

import numpy as np
import pytest

from kneeroll.anatomy import BODY, Skeleton


def test_the_body_has_nineteen_landmarks_with_different_names() -> None:
    assert len(BODY.landmarks) == len(set(BODY.landmarks)) == 19


@pytest.mark.parametrize("name", BODY.landmarks)
def test_a_landmark_is_found_by_its_name(name: str) -> None:
    assert BODY.landmarks[BODY.index(name)] == name


def test_several_landmarks_are_found_in_the_order_asked() -> None:
    assert BODY.indices("right_toe", "nose") == [BODY.index("right_toe"), 0]


def test_an_unknown_landmark_is_named() -> None:
    with pytest.raises(KeyError, match="left_tail"):
        BODY.index("left_tail")


def test_the_mirror_swaps_left_and_right_and_nothing_else() -> None:
    for name, row in zip(BODY.landmarks, BODY.mirror, strict=True):
        other = BODY.landmarks[row]
        assert other.replace("left", "?").replace("right", "?") == name.replace("left", "?").replace("right", "?")
        assert (other == name) is (name == "nose")


def test_the_mirror_of_the_mirror_is_the_body() -> None:
    assert np.array_equal(BODY.mirror[BODY.mirror], np.arange(len(BODY.landmarks)))


def test_the_mirror_maps_bones_to_bones() -> None:
    bones = {frozenset(bone) for bone in BODY.bone_indices}
    assert {frozenset(int(BODY.mirror[i]) for i in bone) for bone in bones} == bones


def test_the_bones_are_the_named_pairs() -> None:
    assert [(BODY.landmarks[a], BODY.landmarks[b]) for a, b in BODY.bone_indices] == list(BODY.bones)
    assert len(set(BODY.bones)) == len(BODY.bones)
    assert all(a != b for a, b in BODY.bones)


def test_a_one_sided_skeleton_has_no_mirror() -> None:
    with pytest.raises(KeyError, match="right_hip"):
        _ = Skeleton("half", ("left_hip", "nose"), ()).mirror
