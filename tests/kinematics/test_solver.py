"""The robust least squares: known minima, many at once, outliers."""

import numpy as np
import pytest

from kneeroll.kinematics.solver import numeric, solve

TIMES = np.linspace(0, 3, 20)


@numeric
def rosenbrock(x):
    return np.stack([10 * (x[..., 1] - x[..., 0] ** 2), 1 - x[..., 0]], axis=-1)


def decay(values):
    @numeric
    def residuals(x):
        return (x[..., :1] * np.exp(-x[..., 1:] * TIMES) - values) / 0.1

    return residuals


def line(values):
    @numeric
    def residuals(x):
        return x[..., :1] + x[..., 1:] * TIMES - values

    return residuals


@pytest.mark.parametrize("start", [(-1.2, 1.0), (0.0, 0.0), (2.0, 2.0)])
def test_the_bottom_of_a_curved_valley_is_found(start):
    found = solve(rosenbrock, np.array([start]), soft=0, iterations=60)
    assert found.parameters[0] == pytest.approx((1.0, 1.0), abs=1e-3)


def test_a_decay_gives_back_its_height_and_rate():
    found = solve(decay(2.0 * np.exp(-0.7 * TIMES)), np.array([[1.0, 0.0]]), soft=20, iterations=40)
    assert found.parameters[0] == pytest.approx((2.0, 0.7), abs=1e-4)


def test_many_starts_end_where_each_alone_ends():
    residuals = decay(2.0 * np.exp(-0.7 * TIMES))
    starts = np.array([[1.0, 0.0], [3.0, 1.0], [0.5, 0.2]])
    together = solve(of_three_rows(residuals), starts, soft=20, iterations=40)
    for start, parameters, cost in zip(starts, together.parameters, together.cost, strict=True):
        alone = solve(residuals, start[None], soft=20, iterations=40)
        assert parameters == pytest.approx(alone.parameters[0], abs=1e-5)
        assert cost == pytest.approx(alone.cost[0], abs=1e-6)


def test_a_row_that_must_step_back_does_not_hold_up_the_others():
    starts = np.array([[-1.2, 1.0], [0.0, 0.0], [2.0, 2.0]])
    together = solve(rosenbrock, starts, soft=0, iterations=4)
    for start, parameters in zip(starts, together.parameters, strict=True):
        alone = solve(rosenbrock, start[None], soft=0, iterations=4)
        assert parameters == pytest.approx(alone.parameters[0], abs=1e-9)


def of_three_rows(linearise):
    """Refuse anything but (B, n): what a caller's function is promised."""

    def checked(x):
        assert x.shape == (3, 2)
        return linearise(x)

    return checked


def test_differences_of_a_quadratic_are_its_derivative():
    def residuals(x):
        return np.stack([x[..., 0] ** 2, x[..., 0] * x[..., 1], 3 * x[..., 1]], axis=-1)

    values, by_x = numeric(residuals)(np.array([[2.0, 5.0], [1.0, 0.0]]))
    assert values == pytest.approx(np.array([[4.0, 10.0, 15.0], [1.0, 0.0, 0.0]]))
    assert by_x[0] == pytest.approx(np.array([[4.0, 0.0], [5.0, 2.0], [0.0, 3.0]]), abs=1e-3)
    assert by_x[1] == pytest.approx(np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 3.0]]), abs=1e-3)


def test_one_wild_point_hardly_moves_a_soft_fit_and_drags_a_plain_one():
    values = 1.0 + 0.5 * TIMES
    values[-1] += 50
    start = np.zeros((1, 2))
    soft = solve(line(values), start, soft=20, scale=2.0, iterations=60).parameters[0]
    plain = solve(line(values), start, soft=0, iterations=60).parameters[0]
    assert soft == pytest.approx((1.0, 0.5), abs=0.1)
    assert abs(plain[1] - 0.5) > 1.0


def test_the_information_of_a_line_is_its_normal_matrix():
    found = solve(line(1.0 + 0.5 * TIMES), np.array([[1.0, 0.5]]), soft=0, iterations=3)
    design = np.stack([np.ones_like(TIMES), TIMES], axis=-1)
    assert found.information[0] == pytest.approx(design.T @ design, rel=1e-6)


def test_a_start_at_the_minimum_stays_there():
    found = solve(rosenbrock, np.array([[1.0, 1.0]]), soft=0)
    assert found.parameters[0] == pytest.approx((1.0, 1.0), abs=1e-3)
    assert found.cost[0] < 1e-6
