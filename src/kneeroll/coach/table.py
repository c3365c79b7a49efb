"""The coach's transitions: one literal table, total over phases and happenings."""

from __future__ import annotations

from enum import StrEnum

from kneeroll.events import Phase


class Happening(StrEnum):
    """What a signal amounts to."""

    READY = "ready"
    BY_CLOCK = "by_clock"
    SEEN_UPRIGHT = "seen_upright"
    SEEN_LYING = "seen_lying"
    GONE = "gone"
    KNOWN = "known"
    RESTS = "rests"
    LEFT_EARLY = "left_early"
    DOSE_DONE = "dose_done"
    LET_BE = "let_be"
    CENTRED = "centred"
    MOVEMENT_DONE = "movement_done"
    ALL_DONE = "all_done"
    SIGHT_LOST = "sight_lost"
    SIGHT_FOUND = "sight_found"
    PAUSE = "pause"
    RESUME = "resume"
    PAIN = "pain"
    STOP = "stop"
    ENDED = "ended"


P, H = Phase, Happening
_RETURN = "return"
"""Back to the phase that was left for a pause or when sight was lost."""

_MOVING: dict[Phase, dict[Happening, Phase | str]] = {
    P.GET_READY: {H.READY: P.NOT_IN_VIEW, H.BY_CLOCK: P.START_POSITION, H.KNOWN: P.LOWER},
    P.NOT_IN_VIEW: {H.SEEN_UPRIGHT: P.LIE_DOWN, H.SEEN_LYING: P.START_POSITION, H.KNOWN: P.LOWER},
    P.LIE_DOWN: {H.SEEN_LYING: P.START_POSITION, H.KNOWN: P.LOWER, H.GONE: P.NOT_IN_VIEW},
    P.START_POSITION: {H.SEEN_UPRIGHT: P.LIE_DOWN, H.KNOWN: P.LOWER, H.GONE: P.NOT_IN_VIEW},
    P.LOWER: {H.RESTS: P.HOLD, H.LET_BE: P.BACK_TO_CENTRE},
    P.HOLD: {H.DOSE_DONE: P.BACK_TO_CENTRE, H.LET_BE: P.BACK_TO_CENTRE, H.LEFT_EARLY: P.LOWER},
    P.BACK_TO_CENTRE: {H.CENTRED: P.LOWER, H.MOVEMENT_DONE: P.START_POSITION, H.ALL_DONE: P.FINISHED},
    P.PAUSED: {H.RESUME: _RETURN},
    P.TRACKING_LOST: {H.SIGHT_FOUND: _RETURN},
    P.FINISHED: {},
    P.STOPPED: {},
}
_FROM_EVERYWHERE = {H.PAIN: P.STOPPED, H.STOP: P.STOPPED, H.ENDED: P.STOPPED, H.PAUSE: P.PAUSED}
_LOSES_SIGHT = (P.GET_READY, P.LOWER, P.HOLD, P.BACK_TO_CENTRE, P.NOT_IN_VIEW, P.LIE_DOWN, P.START_POSITION)


def _row(phase: Phase, happening: Happening) -> Phase | str:
    if phase.is_end:
        return phase
    if happening in _MOVING[phase]:
        return _MOVING[phase][happening]
    if happening is H.SIGHT_LOST and phase in _LOSES_SIGHT:
        return P.TRACKING_LOST
    return _FROM_EVERYWHERE.get(happening, phase)


TABLE: dict[tuple[Phase, Happening], Phase | str] = {(p, h): _row(p, h) for p in Phase for h in Happening}


def next_phase(phase: Phase, happening: Happening, left: Phase | None) -> Phase:
    """Where a happening leads; `left` is the phase to return to after a pause or a loss of sight."""
    to = TABLE[phase, happening]
    return (left or P.NOT_IN_VIEW) if to == _RETURN else Phase(to)


def diagram() -> str:
    """The table as a mermaid state diagram, without the arrows that leave from everywhere."""
    lines = ["stateDiagram-v2", f"    [*] --> {P.GET_READY.value}"]
    for phase, row in _MOVING.items():
        lines.append(f"    {phase.value}")
        for happening, to in row.items():
            target = "back_where_it_was" if to == _RETURN else str(to)
            lines.append(f"    {phase.value} --> {target}: {happening.value}")
    return "\n".join(lines) + "\n"
