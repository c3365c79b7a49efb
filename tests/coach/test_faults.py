"""Faults: what is one, how long it must last, and when it is mended."""

from __future__ import annotations

from math import nan

import pytest

from kneeroll.coach.faults import lasting, rushed, watch
from kneeroll.events import Fault
from kneeroll.poses import BodyState, Quality

LIMITS = [
    ("thorax_deg", Fault.SHOULDER_LIFTED, 8.0, 10.0),
    ("apart_deg", Fault.KNEES_PARTED, 18.0, 25.0),
    ("feet_m", Fault.FEET_SLID, 0.09, 0.12),
]


def body(t_s: float = 1.0, thorax_deg: float = 0.0, apart_deg: float = 0.0, feet_m: float = 0.0) -> BodyState:
    return BodyState(t_s, 45.0, 30.0, thorax_deg, 0.0, apart_deg, feet_m, (2.0,) * 6, Quality.GOOD)


def found(state: BodyState, *known: Fault) -> list[Fault]:
    return [fault for fault, _ in watch((), state, known)]


def knees(speed_deg_s: float, seconds: float = 1.0, fps: int = 10) -> list[tuple[float, float]]:
    return [(i / fps, speed_deg_s * i / fps) for i in range(round(seconds * fps) + 1)]


def test_a_good_posture_has_no_fault() -> None:
    assert found(body()) == []


@pytest.mark.parametrize(("name", "fault", "mended", "limit"), LIMITS)
def test_a_fault_begins_at_its_limit(name: str, fault: Fault, mended: float, limit: float) -> None:
    assert found(body(**{name: limit * 1.01})) == [fault]
    assert found(body(**{name: limit * 0.99})) == []


@pytest.mark.parametrize(("name", "fault", "mended", "limit"), LIMITS)
def test_a_fault_that_stands_is_mended_only_well_below_its_limit(name: str, fault: Fault, mended: float, limit: float) -> None:
    assert found(body(**{name: mended * 1.01}), fault) == [fault]
    assert found(body(**{name: mended * 0.99}), fault) == []


@pytest.mark.parametrize(("name", "fault"), [("thorax_deg", Fault.SHOULDER_LIFTED), ("apart_deg", Fault.KNEES_PARTED)])
def test_a_fault_is_the_same_to_both_sides(name: str, fault: Fault) -> None:
    assert found(body(**{name: -30.0})) == found(body(**{name: 30.0})) == [fault]


def test_what_is_not_seen_is_not_a_fault() -> None:
    assert found(body(thorax_deg=nan, apart_deg=nan, feet_m=nan), *Fault) == []


def test_several_faults_are_seen_together() -> None:
    assert found(body(thorax_deg=20, apart_deg=40, feet_m=0.3)) == [Fault.SHOULDER_LIFTED, Fault.KNEES_PARTED, Fault.FEET_SLID]


def test_a_fault_keeps_the_time_of_its_beginning() -> None:
    seen = watch((), body(1.0, thorax_deg=12), ())
    assert watch(seen, body(1.5, thorax_deg=12), ()) == ((Fault.SHOULDER_LIFTED, 1.0),)


def test_a_fault_that_was_gone_begins_anew() -> None:
    seen = watch((), body(1.0, thorax_deg=12), ())
    seen = watch(seen, body(1.5), ())
    assert watch(seen, body(2.0, thorax_deg=12), ()) == ((Fault.SHOULDER_LIFTED, 2.0),)


def test_a_fault_must_last_before_it_is_said() -> None:
    seen = watch((), body(1.0, thorax_deg=12), ())
    assert lasting(seen, 1.6) == ()
    assert lasting(seen, 1.75) == (Fault.SHOULDER_LIFTED,)


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("sign", [1, -1])
def test_faster_than_sixty_degrees_a_second_is_rushed(fps: int, sign: int) -> None:
    assert rushed(knees(sign * 66.0, fps=fps))
    assert not rushed(knees(sign * 55.0, fps=fps))


@pytest.mark.parametrize("samples", [[], [(0.0, 0.0)], [(0.0, 0.0), (0.4, 40.0)], [(0.0, 0.0), (0.1, 10.0), (0.2, 20.0)]])
def test_too_few_or_too_short_a_look_is_not_rushed(samples: list[tuple[float, float]]) -> None:
    assert not rushed(samples)


def test_a_jump_across_a_gap_is_not_rushed() -> None:
    assert not rushed([*knees(0.0), (3.0, 60.0), (3.1, 60.0)])


def test_only_the_last_half_second_counts() -> None:
    fast = knees(100.0, seconds=0.5)
    rest = [(0.5 + i / 10, 50.0) for i in range(1, 8)]
    assert rushed(fast)
    assert not rushed(fast + rest)
