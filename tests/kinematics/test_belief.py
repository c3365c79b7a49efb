"""How likely each knee drop is in one frame: the mean over all that the picture allows, and its spread."""

import numpy as np
import pytest

from kneeroll.kinematics import JOINTS
from kneeroll.kinematics.belief import CELLS_RAD, Cells, Seen, believe, fit, seed
from kneeroll.kinematics.landmarks import DEPTHS
from kneeroll.kinematics.posture import AT, PELVIS_SHARE, ROWS, N
from tests.kinematics.synthetic import camera_of, pictures, stretch

LEFT, RIGHT = AT["left_drop"], AT["right_drop"]
UNSAID, NO_DEPTH = np.full(8, np.nan), np.full(len(DEPTHS), np.nan)


def cells(cost, sigma_rad=0.01):
    """Postures that differ in nothing but the drop, with these costs."""
    x = np.zeros((len(CELLS_RAD), N))
    x[:, LEFT] = x[:, RIGHT] = CELLS_RAD
    information = np.broadcast_to(np.eye(N) / sigma_rad**2, (len(CELLS_RAD), N, N))
    return Cells(x, cost, information, np.zeros(len(CELLS_RAD)))


def parabola(deg, sigma_deg):
    return 0.5 * ((np.degrees(CELLS_RAD) - deg) / sigma_deg) ** 2


@pytest.mark.parametrize("deg", [-63.0, -4.0, 0.0, 27.0, 70.0])
@pytest.mark.parametrize("sigma_deg", [4.0, 10.0])
def test_one_likely_drop_is_believed_with_its_spread_between_the_cells_too(deg, sigma_deg):
    belief = believe(cells(parabola(deg, sigma_deg)))
    assert np.degrees(belief.mean[LEFT]) == pytest.approx(deg, abs=0.1)
    assert np.degrees(np.sqrt(belief.covariance[LEFT, LEFT])) == pytest.approx(np.hypot(sigma_deg, 0.57), rel=0.02)
    assert np.degrees(CELLS_RAD[belief.nearest]) == pytest.approx(deg, abs=5)


def test_of_two_drops_as_likely_the_middle_is_given_and_the_spread_reaches_both():
    two = -np.logaddexp(-parabola(-40, 6), -parabola(40, 6))
    belief = believe(cells(two))
    assert np.degrees(belief.mean[LEFT]) == pytest.approx(0, abs=0.1)
    assert np.degrees(np.sqrt(belief.covariance[LEFT, LEFT])) == pytest.approx(np.hypot(40, 6), rel=0.03)


def test_the_same_cost_more_changes_nothing():
    once, more = believe(cells(parabola(20, 5))), believe(cells(parabola(20, 5) + 700.0))
    assert more.mean == pytest.approx(once.mean)
    assert more.covariance == pytest.approx(once.covariance)


def test_both_knees_are_as_doubtful_as_each_and_move_together():
    covariance = believe(cells(parabola(20, 10))).covariance
    assert covariance[LEFT, RIGHT] == pytest.approx(covariance[LEFT, LEFT], rel=0.01)


# ---- fitting with the knees held


def one_frame(view="quarter_foot", drop_deg=30.0):
    shown = stretch(camera_of(view), np.zeros(1), drop_deg)
    (pose,) = pictures(shown, JOINTS)
    return shown, Seen(pose.image_px[ROWS], UNSAID, NO_DEPTH).repeated(len(CELLS_RAD))


def fitted(shown, seen, rows=slice(None), iterations=15):
    start = seed(shown.calibration, CELLS_RAD)[rows]
    return fit(shown.calibration, JOINTS, seen.part(rows), CELLS_RAD[rows], start, iterations)


def test_held_knees_stay_where_they_are_held():
    found = fitted(*one_frame())
    rest = 0.5 * (one_frame()[0].calibration.rest[LEFT] + one_frame()[0].calibration.rest[RIGHT])
    assert found.x[:, [LEFT, RIGHT]].mean(-1) - rest == pytest.approx(CELLS_RAD, abs=np.radians(3))


@pytest.mark.parametrize("view", ["quarter_foot", "quarter_head", "side", "above"])
@pytest.mark.parametrize("drop_deg", [-50.0, 0.0, 30.0])
def test_the_cell_of_the_true_drop_costs_least(view, drop_deg):
    found = fitted(*one_frame(view, drop_deg))
    assert np.degrees(CELLS_RAD[np.argmin(found.cost)]) == pytest.approx(drop_deg, abs=10)
    assert found.misfit[np.argmin(found.cost)] < 0.5


def test_each_cell_alone_is_what_it_is_among_all():
    shown, seen = one_frame()
    together, alone = fitted(shown, seen), fitted(shown, seen, slice(14, 15))
    assert together.x[14] == pytest.approx(alone.x[0], abs=1e-3)
    assert together.cost[14] == pytest.approx(alone.cost[0], abs=1e-3)


def test_a_frame_in_which_nothing_was_seen_believes_the_rest_with_a_wide_spread():
    shown, seen = one_frame()
    belief = believe(fitted(shown, Seen(np.full_like(seen.image_px, np.nan), seen.spread_px, seen.depth_m)))
    assert np.degrees(np.sqrt(belief.covariance[LEFT, LEFT])) > 30


def test_depths_choose_between_drops_that_look_alike():
    shown, seen = one_frame("side", -50.0)
    blind = believe(fitted(shown, seen))
    assert np.isfinite(blind.mean).all()


# ---- the small ones


def test_a_seed_has_dropped_knees_and_a_pelvis_that_follows():
    calibration = stretch(camera_of("side"), np.zeros(1)).calibration
    turned = seed(calibration, np.array([[0.5], [-0.2]])) - calibration.rest
    assert turned.shape == (2, 1, N)
    assert turned[:, 0, LEFT] == pytest.approx([0.5, -0.2])
    assert turned[:, 0, AT["pelvis_roll"]] == pytest.approx(PELVIS_SHARE * turned[:, 0, LEFT])


def test_updated_cells_replace_only_those_named_and_leave_the_old_ones_alone():
    old, new = cells(parabola(20, 5)), cells(parabola(-20, 5))
    which = np.zeros(len(CELLS_RAD), dtype=bool)
    which[3:5] = True
    found = old.updated(which, new.part(slice(3, 5)))
    assert found.cost[3:5] == pytest.approx(new.cost[3:5])
    assert found.cost[~which] == pytest.approx(old.cost[~which])
    assert old.cost == pytest.approx(parabola(20, 5))


def test_one_frame_or_many_are_repeated_row_by_row():
    px, depth = np.arange(32.0).reshape(2, 8, 2), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    spread = np.ones((2, 8))
    many = Seen(px, spread, depth).repeated(3)
    assert many.depth_m[:, 0].tolist() == [1, 1, 1, 4, 4, 4]
    assert Seen(px[0], spread[0], depth[0]).repeated(3).image_px.shape == (3, 8, 2)


def test_a_point_that_the_network_doubts_has_less_say():
    shown, seen = one_frame()
    doubted = np.full(seen.spread_px.shape, np.nan)
    doubted[:, 4:6] = 500.0
    sure, unsure = (believe(fitted(shown, Seen(seen.image_px, spread, seen.depth_m))) for spread in (seen.spread_px, doubted))
    assert unsure.covariance[LEFT, LEFT] > 4 * sure.covariance[LEFT, LEFT]
