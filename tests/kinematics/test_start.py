"""Learning the start position: where the camera stands, from one still picture."""

import numpy as np
import pytest

from kneeroll.kinematics import BLAZEPOSE
from kneeroll.kinematics.start import learn_start
from kneeroll.kinematics.tracker import GOOD_START
from kneeroll.poses import View
from tests.kinematics.synthetic import PLACES, SIZE_PX, camera_of, person

SUPPORTED = [view for view in PLACES if view != "foot_end"]


def still_picture(view, side=1, **changes):
    return person(camera_of(view, side), [0.0], **changes)[0].image_px


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("view", PLACES)
def test_the_place_of_the_camera_is_found_on_either_side(view, side):
    found = learn_start(still_picture(view, side, noise_px=2.0), SIZE_PX, BLAZEPOSE)
    azimuth_deg, height_m, _ = PLACES[view]
    assert found.place.view is View(view)
    assert found.misfit < GOOD_START
    if view != "above":
        assert found.place.azimuth_deg == pytest.approx(azimuth_deg, abs=20)
        assert found.place.height_m == pytest.approx(height_m, abs=0.25)
    if view not in ("above", "head_end", "foot_end"):
        assert np.sign(found.camera[0]) == side


@pytest.mark.parametrize("stature_m", [1.55, 1.85])
def test_tall_and_short_people_are_explained_as_well(stature_m):
    found = learn_start(still_picture("quarter_head", stature_m=stature_m), SIZE_PX, BLAZEPOSE)
    assert found.place.view is View.QUARTER_HEAD
    assert found.misfit < 0.3


def test_landmarks_that_were_not_seen_are_left_out():
    px = still_picture("quarter_foot").copy()
    px[[0, 1, 5, 7]] = np.nan
    found = learn_start(px, SIZE_PX, BLAZEPOSE)
    assert found.place.view is View.QUARTER_FOOT
    assert np.isfinite(found.camera).all()


def test_a_heap_of_points_is_not_taken_for_a_person_on_the_back():
    px = np.random.default_rng(2).uniform((100, 100), (540, 380), (19, 2))
    assert learn_start(px, SIZE_PX, BLAZEPOSE).misfit > GOOD_START
