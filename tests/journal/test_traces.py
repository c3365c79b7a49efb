"""Angle traces survive packing, and stay small."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeroll.journal.traces import pack, unpack
from kneeroll.poses import BodyState, Quality

VALUES_A_STATE = 13
"""Time, six measures, six errors."""
number = st.one_of(st.just(math.nan), st.floats(width=32, allow_nan=False))
quality = st.integers(0, sum(q.value for q in Quality)).map(Quality)
states = st.builds(
    BodyState, number, number, number, number, number, number, number, st.tuples(*[number] * 6), quality
)  # fmt: skip


def breathing(n: int) -> list[BodyState]:
    """A body that holds its angles but for noise: what a hold looks like."""
    rng = np.random.default_rng(1)
    rows = rng.normal([50, 30, 4, 0.01, 3, 0.002], [0.5, 0.5, 0.3, 0.002, 0.4, 0.001], (n, 6))
    errors = rng.normal([5, 7, 6, 9, 9, 0.02], 0.01, (n, 6))
    return [
        BodyState(i / 15, *map(float, r), tuple(map(float, e)), Quality.GOOD)
        for i, (r, e) in enumerate(zip(rows, errors, strict=True))
    ]


@settings(deadline=None, max_examples=50)
@given(st.lists(states, min_size=1, max_size=20))
def test_every_float32_and_every_quality_survives(given_states):
    kept = unpack(pack(given_states), len(given_states))
    assert repr(kept) == repr(given_states)


def test_not_seen_stays_not_seen():
    (kept,) = unpack(pack([BodyState.unseen(1.5, Quality.NO_PERSON)]), 1)
    assert not kept.seen
    assert all(map(math.isnan, (kept.knee_drop_deg, kept.shoulder_lift_m, *kept.errors)))
    assert kept.t_s == 1.5


@pytest.mark.parametrize(("n", "most"), [(15, 3.8), (150, 2.9)])
def test_a_value_takes_less_than_its_four_bytes(n, most):
    assert len(pack(breathing(n))) / (n * VALUES_A_STATE) < most


def test_an_hour_of_nobody_takes_next_to_nothing():
    nobody = [BodyState.unseen(i / 15, Quality.NO_PERSON) for i in range(15 * 60)]
    assert len(pack(nobody)) / (len(nobody) * VALUES_A_STATE) < 0.5
