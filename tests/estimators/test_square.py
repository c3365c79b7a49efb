from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeroll.anatomy import BODY
from kneeroll.estimators.square import AROUND, LOWER, SIZE_PX, UPPER, Square, moved

PLACES = st.floats(-500, 500)
SQUARES = st.builds(
    lambda x, y, side, turn: Square(np.array([x, y]), side, turn), PLACES, PLACES, st.floats(20, 900), st.floats(-4, 4)
)


def lying_to(direction_deg: float) -> np.ndarray:
    """Landmarks 100 px apart on a line: the head end lies in this direction (0 = up in the picture, + clockwise)."""
    a = np.radians(direction_deg)
    px = np.full((len(BODY.landmarks), 2), 200.0)
    px[UPPER] += 50 * np.array([np.sin(a), -np.cos(a)])
    px[LOWER] -= 50 * np.array([np.sin(a), -np.cos(a)])
    return px


@given(SQUARES)
def test_the_way_there_and_back_is_where_it_began(square):
    px = np.array([[0.0, 0.0], [30.0, -7.0], [640.0, 480.0]])
    assert moved(moved(px, square.from_picture), square.to_picture) == pytest.approx(px, abs=1e-6)


@given(SQUARES)
def test_its_middle_is_the_middle_and_its_width_the_side(square):
    corners = moved(np.array([[0.0, 0.0], [SIZE_PX, 0.0], [SIZE_PX / 2, SIZE_PX / 2]]), square.to_picture)
    assert corners[2] == pytest.approx(square.centre_px)
    assert np.linalg.norm(corners[1] - corners[0]) == pytest.approx(square.side_px)


@pytest.mark.parametrize("direction_deg", [0, 30, 90, 170, -90, -135])
def test_the_head_is_up_in_it(direction_deg):
    px = lying_to(direction_deg)
    square = Square.around(px)
    seen = moved(px, square.from_picture)
    across, up = seen[UPPER].mean(0) - seen[LOWER].mean(0)
    assert across == pytest.approx(0, abs=1e-9)
    assert up < -50


@given(st.integers(0, 999))
def test_everybody_fits_with_a_margin(seed):
    px = np.random.default_rng(seed).uniform(0, 400, (len(BODY.landmarks), 2))
    seen = moved(px, Square.around(px).from_picture)
    margin = SIZE_PX * (1 - 1 / AROUND) / 2
    assert seen.min() == pytest.approx(margin, abs=0.01) or seen.max() == pytest.approx(SIZE_PX - margin, abs=0.01)
    assert seen.min() > margin - 0.01
    assert seen.max() < SIZE_PX - margin + 0.01


@given(SQUARES)
def test_a_square_is_nearly_itself_and_not_one_that_is_elsewhere_wider_or_turned(square):
    assert square.is_nearly(replace(square, turn=square.turn + 2 * np.pi))
    assert square.is_nearly(replace(square, centre_px=square.centre_px + 0.03 * square.side_px))
    assert not square.is_nearly(replace(square, centre_px=square.centre_px + 0.06 * square.side_px))
    assert not square.is_nearly(replace(square, side_px=1.1 * square.side_px))
    assert not square.is_nearly(replace(square, turn=square.turn - 0.1))
