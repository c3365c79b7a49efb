"""The table of transitions: total, every phase within reach, ends final."""

from __future__ import annotations

import re
from itertools import product

import pytest

from kneeroll.coach.table import TABLE, Happening, diagram, next_phase
from kneeroll.events import Phase

ENDS = {Phase.FINISHED, Phase.STOPPED}
ALIVE = [p for p in Phase if p not in ENDS]
LEFT_BY = [p for p in ALIVE if p not in (Phase.PAUSED, Phase.TRACKING_LOST)]


def test_the_table_says_where_every_happening_leads_from_every_phase() -> None:
    assert set(TABLE) == set(product(Phase, Happening))
    assert all(next_phase(*row, left) in Phase for row in TABLE for left in LEFT_BY)


def test_every_phase_can_be_reached_from_the_first() -> None:
    reached, new = set[Phase](), {Phase.GET_READY}
    while new:
        reached |= new
        new = {next_phase(p, h, None) for p, h in product(new, Happening)} - reached
    assert reached == set(Phase)


def test_the_two_ends_are_the_only_ends() -> None:
    assert {p for p in Phase if p.is_end} == ENDS


@pytest.mark.parametrize("phase", sorted(ENDS))
@pytest.mark.parametrize("happening", Happening)
def test_nothing_leads_out_of_an_end(phase: Phase, happening: Happening) -> None:
    assert next_phase(phase, happening, Phase.HOLD) is phase


@pytest.mark.parametrize("happening", [Happening.PAIN, Happening.STOP, Happening.ENDED])
@pytest.mark.parametrize("phase", ALIVE)
def test_pain_and_stop_lead_to_the_end_from_everywhere(phase: Phase, happening: Happening) -> None:
    assert next_phase(phase, happening, Phase.LOWER) is Phase.STOPPED


@pytest.mark.parametrize("phase", ALIVE)
def test_a_pause_is_possible_everywhere(phase: Phase) -> None:
    assert next_phase(phase, Happening.PAUSE, None) is Phase.PAUSED


@pytest.mark.parametrize("phase", LEFT_BY)
def test_sight_can_be_lost_in_every_phase_that_looks(phase: Phase) -> None:
    assert next_phase(phase, Happening.SIGHT_LOST, None) is Phase.TRACKING_LOST


@pytest.mark.parametrize(("phase", "happening"), [(Phase.PAUSED, Happening.RESUME), (Phase.TRACKING_LOST, Happening.SIGHT_FOUND)])
@pytest.mark.parametrize("left", LEFT_BY)
def test_a_pause_and_a_loss_lead_back_to_what_was_left(phase: Phase, happening: Happening, left: Phase) -> None:
    assert next_phase(phase, happening, left) is left


@pytest.mark.parametrize(
    ("phase", "happening", "to"),
    [
        (Phase.NOT_IN_VIEW, Happening.SEEN_UPRIGHT, Phase.LIE_DOWN),
        (Phase.LIE_DOWN, Happening.SEEN_LYING, Phase.START_POSITION),
        (Phase.START_POSITION, Happening.KNOWN, Phase.LOWER),
        (Phase.LOWER, Happening.RESTS, Phase.HOLD),
        (Phase.HOLD, Happening.LEFT_EARLY, Phase.LOWER),
        (Phase.HOLD, Happening.DOSE_DONE, Phase.BACK_TO_CENTRE),
        (Phase.BACK_TO_CENTRE, Happening.CENTRED, Phase.LOWER),
        (Phase.BACK_TO_CENTRE, Happening.ALL_DONE, Phase.FINISHED),
    ],
)
def test_the_way_through_a_session(phase: Phase, happening: Happening, to: Phase) -> None:
    assert next_phase(phase, happening, None) is to


@pytest.mark.parametrize("phase", [Phase.NOT_IN_VIEW, Phase.LIE_DOWN, Phase.START_POSITION, Phase.LOWER, Phase.BACK_TO_CENTRE])
def test_a_dose_is_done_only_in_a_hold(phase: Phase) -> None:
    assert next_phase(phase, Happening.DOSE_DONE, None) is phase


def test_the_diagram_names_every_phase() -> None:
    words = set(re.findall(r"\w+", diagram()))
    assert words >= {p.value for p in Phase}


def test_the_arrows_of_the_diagram_are_those_of_the_table() -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+): (\w+)$", diagram(), re.M)
    assert len(arrows) >= 15
    for phase, to, happening in arrows:
        left = Phase.HOLD
        expected = left if to not in set(Phase) else Phase(to)
        assert next_phase(Phase(phase), Happening(happening), left) is expected
