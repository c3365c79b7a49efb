"""Plans and limits as hypothesis draws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from hypothesis import strategies as st

from kneeroll.errors import InvalidPlan
from kneeroll.movements import Breath, catalogue
from kneeroll.plans import Day, Limits, Mind, Plan
from kneeroll.poses import Side, Surface


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


LIMITS = st.builds(
    Limits,
    ceiling_deg=maybe(st.floats(20, 90)),
    top_speed_deg_s=maybe(st.floats(5, 60)),
    longest_hold_s=maybe(st.floats(5, 120)),
    cushion_locked=st.booleans(),
    legs_uncrossed=st.booleans(),
    rolls_only=st.booleans(),
    off_the_back=st.booleans(),
    step_a_week=st.booleans(),
    mind=st.sets(st.sampled_from(Mind)).map(lambda some: tuple(m for m in Mind if m in some)),
)


def _words(also: str = "") -> st.SearchStrategy[str]:
    plain = st.characters(blacklist_categories=("Cs", "Cc", "Cf"))
    return st.text(plain | st.sampled_from(also) if also else plain, max_size=60).filter(lambda text: not text or text.strip())


WORDS, LINES = _words(), _words("\n\t\u200d")


@st.composite
def plans(draw: st.DrawFn, **given: st.SearchStrategy) -> Plan:
    plan = draw(
        st.builds(
            Plan,
            name=WORDS.filter(bool),
            first_side=st.sampled_from(Side),
            hold_s=maybe(st.floats(3, 120)),
            holds_a_side=maybe(st.integers(1, 10)),
            movements=st.lists(st.sampled_from(list(catalogue().values())), min_size=1, max_size=4).map(tuple),
            get_ready_s=st.just(0.0) | st.floats(10, 90),
            surface=st.sampled_from(Surface),
            cushion_cm=maybe(st.floats(10, 40)),
            breath=maybe(st.builds(Breath, st.floats(2, 10), st.floats(2, 10))),
            days=st.sets(st.sampled_from(Day), min_size=1).map(lambda some: tuple(d for d in Day if d in some)),
            times=st.sets(st.times().map(lambda t: time(t.hour, t.minute)), max_size=3).map(lambda some: tuple(sorted(some))),
            stop_above=st.integers(1, 5),
            author=WORDS,
            notes=LINES,
            **given,
        )
    )
    try:
        return replace(plan, limits=draw(LIMITS))
    except InvalidPlan:
        return plan
