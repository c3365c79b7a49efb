"""Standard errors of the angles: what is hidden is doubted."""

from __future__ import annotations

import numpy as np
import pytest

from kneeroll.kinematics.camera import Place
from kneeroll.kinematics.errors import standard_errors
from kneeroll.kinematics.follow import UNKNOWN, Posture
from kneeroll.poses import Side

STILL = Posture(0.0, np.zeros(len(UNKNOWN)), np.zeros((8, 3)), np.zeros((len(UNKNOWN), len(UNKNOWN))), 0.5)


def drop_error(azimuth_deg: float, side: Side, drop_deg: float, elevation_deg: float = 30.0) -> float:
    place = Place(azimuth_deg, elevation_deg, 1.3, 2.4, side)
    return standard_errors(place, STILL, drop_deg)[0]


@pytest.mark.parametrize("side", Side)
def test_from_the_side_knees_that_sink_away_are_doubted(side: Side) -> None:
    away, toward = drop_error(90, side, -40 * side.sign), drop_error(90, side, 40 * side.sign)
    assert away > 2 * toward
    assert away > 9


@pytest.mark.parametrize("azimuth_deg", [20, 45, 135, 170])
def test_from_an_angle_both_sides_are_alike(azimuth_deg: float) -> None:
    assert drop_error(azimuth_deg, Side.LEFT, -40) == drop_error(azimuth_deg, Side.LEFT, 40)


def test_what_two_angles_share_cancels_in_their_difference() -> None:
    shared = np.zeros((len(UNKNOWN), len(UNKNOWN)))
    both = [UNKNOWN.index("pelvis_roll"), UNKNOWN.index("thorax_roll")]
    shared[np.ix_(both, both)] = np.radians(8) ** 2
    place = Place(45, 30, 1.3, 2.4, Side.LEFT)
    _, pelvis, thorax, twist, _, _ = standard_errors(place, Posture(0.0, STILL.values, STILL.position_m, shared, 0.5), 40.0)
    assert pelvis == pytest.approx(thorax)
    assert twist < 0.3 * pelvis


def test_from_above_nothing_is_hidden() -> None:
    assert drop_error(90, Side.LEFT, -40, elevation_deg=80) == drop_error(90, Side.LEFT, 40, elevation_deg=80)


def test_errors_grow_with_the_angle_and_with_the_noise() -> None:
    noisy = Posture(0.0, STILL.values, STILL.position_m, np.eye(len(UNKNOWN)) * 0.04, 0.5)
    place = Place(45, 30, 1.3, 2.4, Side.LEFT)
    near, deep, sure = (standard_errors(place, p, drop) for p, drop in ((noisy, 2.0), (noisy, 40.0), (STILL, 40.0)))
    assert all(a > b > c > 0 for a, b, c in zip(deep, near, sure, strict=True))
