"""Hip and knee of each leg, for made-up people whose legs go their own ways."""

from __future__ import annotations

import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.kinematics import JOINTS
from kneeroll.kinematics.calibration import from_start
from kneeroll.kinematics.legs import BLIND, LegReader
from kneeroll.kinematics.tracker import Tracker
from kneeroll.poses import LEG_ANGLES, View
from tests.kinematics.synthetic import BENT, PLACES, TO_CHEST, bent, camera_of, frame, start_position

WATCHED = [view for view in PLACES if View(view) not in BLIND]

STRAIGHT = (8.0, 8.0)
RAISED = (70.0, 12.0)
CASES = {
    "start position": (BENT, BENT),
    "left knee to the chest": (TO_CHEST, BENT),
    "right knee to the chest, left leg long": (STRAIGHT, TO_CHEST),
    "both knees to the chest": (TO_CHEST, TO_CHEST),
    "right leg raised": (BENT, RAISED),
}
"""Hip and knee flexion of the left and of the right leg, degrees."""


def reader(view: str) -> LegReader:
    return LegReader(from_start(start_position(camera_of(view)), JOINTS), JOINTS)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("view", WATCHED)
def test_the_angles_of_both_legs_come_back(view: str, case: str) -> None:
    left, right = CASES[case]
    found = reader(view).read(bent(view, left, right))
    true = np.array([left[0], right[0], left[1], right[1]])
    assert (np.abs(np.array(found.angles_deg) - true) < np.maximum(6, found.errors_deg)).all()
    assert all(6 <= error < 25 for error in found.errors_deg)


def test_most_angles_lie_within_their_error_when_the_points_stray() -> None:
    watcher = reader("side")
    true = np.array([TO_CHEST[0], BENT[0], TO_CHEST[1], BENT[1]])
    found = [watcher.read(bent("side", TO_CHEST, BENT, t_s, noise_px=3)) for t_s in np.arange(0, 4, 0.1)]
    off = np.array([(np.array(f.angles_deg) - true) / f.errors_deg for f in found])
    assert np.mean(np.abs(off) < 1) > 0.68


def test_a_leg_is_followed_from_one_place_to_another() -> None:
    watcher = reader("quarter_head")
    for t_s in np.arange(0, 3, 0.05):
        share = min(t_s / 2, 1)
        hip, knee = (a + share * (b - a) for a, b in zip(BENT, TO_CHEST, strict=True))
        found = watcher.read(bent("quarter_head", (hip, knee), BENT, float(t_s), noise_px=0.5))
        assert abs(found.angles_deg[0] - hip) < 12


@pytest.mark.parametrize("view", [view.value for view in BLIND])
def test_from_the_ends_of_the_body_nothing_is_told(view: str) -> None:
    assert not reader(view).read(bent(view, TO_CHEST, BENT)).seen


def test_points_that_cannot_be_these_legs_or_are_missing_tell_nothing() -> None:
    whole = bent("side", TO_CHEST, BENT)
    missing, far = whole.image_px.copy(), whole.image_px.copy()
    missing[BODY.index("left_ankle")] = np.nan
    far[BODY.indices("left_knee", "left_ankle", "right_ankle")] += 300
    for px in (missing, far):
        found = reader("side").read(frame(0.0, px))
        assert not found.seen
        assert len(found.angles_deg) == len(found.errors_deg) == len(LEG_ANGLES)


def test_the_tracker_tells_the_legs_only_where_asked_and_once_it_knows_the_start() -> None:
    tracker = Tracker(JOINTS)
    still = [bent("side", BENT, BENT, t_s, noise_px=0.3) for t_s in np.arange(0, 3, 0.1)]
    assert tracker.read(still[0], with_legs=True).legs is None
    for pose in still[1:]:
        reading = tracker.read(pose)
        assert reading.legs is None
    found = tracker.read(bent("side", TO_CHEST, BENT, 3.0), with_legs=True)
    assert found.legs is not None
    assert found.legs.angles_deg[0] == pytest.approx(TO_CHEST[0], abs=12)
