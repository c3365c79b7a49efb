"""One step of the coach: the state as it becomes and the events so far, and the small words that every step is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kneeroll.coach.holds import Rest
from kneeroll.coach.phrases import lasts_s, lower_key, spoken
from kneeroll.coach.state import WAITING, CoachState
from kneeroll.coach.table import Happening, next_phase
from kneeroll.events import (
    BreathPaced,
    BreathWay,
    CueGiven,
    EndReason,
    Event,
    Fault,
    FaultSeen,
    HoldEnded,
    HoldSecond,
    HoldStarted,
    MovementStarted,
    Phase,
    PhaseEntered,
    SessionEnded,
)
from kneeroll.movements import Kind, Sides
from kneeroll.poses import Side

SAME_CUE_S = 10.0
PATIENCE_S = 40.0
"""A fault that was named three times and still stands, or knees that do not come to the middle: then the session goes on."""
LONGEST_STEP_S = 0.5
"""A gap between two signals counts for the hold clock up to this long."""
BREAKS_OFF = (Phase.PAUSED, Phase.STOPPED)
"""Whoever asks for these is not kept listening to the line before."""
HALF_FROM_S = 10.0
"""Shorter holds have no half way worth a word."""


class Turn:
    """Reads `state` and `t_s`, changes the state by `put`, tells what happened by `emit`."""

    def __init__(self, state: CoachState, t_s: float) -> None:
        self.state = state
        self.t_s = t_s
        self.events: list[Event] = []

    def emit(self, *events: Event) -> None:
        self.events.extend(events)

    def put(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def say(self, key: str, *, bell: bool = False, within_s: float = 0.0) -> None:
        """Speak a line, unless the same was said less than `within_s` ago. A coach who only follows keeps silent."""
        times, (from_s, until_s) = dict(self.state.cue_times), self.state.words_s
        if self.state.plan.follow or (key in times and self.t_s - times[key] < within_s):
            return
        text = spoken(key, self.state.movement)
        begins_s = max(self.t_s, from_s if self.t_s < from_s else until_s)  # what still waits gives way to the new line
        self.emit(CueGiven(self.t_s, key, text, bell))
        self.put(cue_times=tuple((times | {key: self.t_s}).items()), spoke_s=self.t_s)
        self.put(words_s=(begins_s, begins_s + lasts_s(text)))

    def say_how_to_lie(self) -> None:
        """Before the first movement, when the voice is free: the start position while there is time, and what to mind in it."""
        state = self.state
        if state.phase not in (Phase.GET_READY, *WAITING) or self.t_s < state.words_s[1]:
            return
        if state.phase is Phase.GET_READY and "start_position" not in dict(state.cue_times):
            self.say("start_position")
        elif state.to_mind:
            self.put(minded=state.minded + 1)
            self.say(f"mind_{state.to_mind[0].value}")

    def go(self, happening: Happening) -> bool:
        """Follow the table; True when the phase changed."""
        state = self.state
        phase = next_phase(state.phase, happening, state.left_phase)
        if phase is state.phase:
            return False
        leaving = phase in (Phase.PAUSED, Phase.TRACKING_LOST) and state.phase not in (Phase.PAUSED, Phase.TRACKING_LOST)
        self.put(
            phase=phase,
            phase_since_s=self.t_s,
            way_since_s=None,
            centred_since_s=None,
            left_phase=state.phase if leaving else state.left_phase,
        )
        if phase in BREAKS_OFF:
            self.put(words_s=(self.t_s, self.t_s))
        if phase is Phase.LOWER:
            self.put(side=self.state.side or self.state.next_side, enough=False)
        elif phase is Phase.HOLD:
            self.put(breath_way=BreathWay.OUT, breath_due_s=self.t_s)
        self.emit(PhaseEntered(self.t_s, phase, self.state.side))
        return True

    # ---- movements

    def begin_movement(self, step: int) -> None:
        self.put(step=step, done=(), side=None, in_posture_s=0.0, ticked_s=0, rest=Rest(), passed_centre=True)
        movement = self.state.movement
        self.emit(MovementStarted(self.t_s, movement.id, movement.name, movement.faults))

    @property
    def is_new_here(self) -> bool:
        """Whether words are still needed: where the breath leads, each side is told once."""
        movement, done = self.state.movement, self.state.done
        return movement.kind is Kind.HOLD or len(done) < (1 if movement.sides is Sides.BOTH else 2)

    def ask_to_lower(self, again: bool = False) -> None:
        state = self.state
        if not self.is_new_here:
            return
        self.say(lower_key(state.side, again and not state.by_clock), within_s=SAME_CUE_S)

    def ask_again_after_a_break(self) -> None:
        if self.state.phase is Phase.LOWER:
            self.ask_to_lower(again=self.state.in_posture_s > 0)

    def next_hold(self) -> None:
        """From the middle to the other side, to the next movement, or to the end."""
        self.put(in_posture_s=0.0, ticked_s=0, seen_faults=())
        if not self.state.all_done:
            self.put(side=self.state.next_side)
            self.go(Happening.CENTRED)
            self.ask_to_lower()
        elif self.state.step + 1 < len(self.state.plan.movements):
            self.begin_movement(self.state.step + 1)
            self.go(Happening.MOVEMENT_DONE)
            self.say("start_position")
        else:
            self.end(Happening.ALL_DONE, EndReason.DONE, "finished", bell=True)

    def end(self, happening: Happening, why: EndReason, key: str | None, *, bell: bool = False) -> None:
        self.close_hold(why, self.t_s)
        self.go(happening)
        if key is not None:
            self.say(key, bell=bell)
        self.emit(SessionEnded(self.t_s, why))

    # ---- holds

    def open_hold(self, side: Side | None, since_s: float) -> None:
        counted_s = max(self.t_s - since_s, 0.0)
        self.put(holding=True, hold_side=side, hold_since_s=since_s, counted_s=counted_s, seen_faults=(), reminded=False)
        self.emit(HoldStarted(self.t_s, side, since_s))

    def close_hold(self, why: EndReason, until_s: float, over_s: float = 0.0) -> None:
        """End the open hold, if there is one; `over_s` of what was counted lies after its end."""
        state = self.state
        if not state.holding:
            return
        if state.rest.recent:
            until_s = min(until_s, state.rest.recent[-1][0])
        until_s = max(until_s, state.hold_since_s)
        in_posture_s = min(max(state.counted_s - max(over_s, 0.0), 0.0), until_s - state.hold_since_s)
        self.put(in_posture_s=max(state.in_posture_s - (state.counted_s - in_posture_s), 0.0))
        self.emit(HoldEnded(self.t_s, state.hold_side, state.hold_since_s, until_s, in_posture_s, why, state.by_clock))
        self.put(holding=False, hold_side=None, waits=(), seen_faults=())

    def count(self) -> None:
        """Count the time since the last signal for the open hold, and tick the planned one."""
        step_s = min(self.t_s - self.state.t_s, LONGEST_STEP_S)
        before = self.state.in_posture_s
        after = before + step_s
        self.put(in_posture_s=after, counted_s=self.state.counted_s + step_s)
        hold_s = self.state.movement.hold_s
        if self.state.plan.follow or self.state.phase is not Phase.HOLD:
            return
        self.tick()
        if before < hold_s / 2 <= after and hold_s >= HALF_FROM_S:
            self.say("half", within_s=hold_s)

    def uncount(self, seconds: float) -> None:
        """Take back the last seconds: they were not in posture, as is known now. No second is ticked twice."""
        seconds = min(seconds, self.state.counted_s, self.state.in_posture_s)
        self.put(in_posture_s=self.state.in_posture_s - seconds, counted_s=self.state.counted_s - seconds)

    def tick(self) -> None:
        hold_s = self.state.movement.hold_s
        while not self.state.plan.follow and self.state.ticked_s < min(int(self.state.in_posture_s + 1e-9), round(hold_s)):
            self.put(ticked_s=self.state.ticked_s + 1)
            self.emit(HoldSecond(self.t_s, self.state.ticked_s, round(hold_s)))

    def dose_is_done(self) -> bool:
        """Whether the planned hold is long enough, or its clock has waited for too long; then the way back begins."""
        state = self.state
        is_stuck = state.waits and self.t_s - state.waits_since_s > PATIENCE_S
        if state.plan.follow or not (state.in_posture_s >= state.movement.hold_s or is_stuck):
            return False
        self.ask_back(Happening.LET_BE if is_stuck else Happening.DOSE_DONE)
        return True

    def ask_back(self, happening: Happening) -> None:
        """This hold is done, or let be."""
        new = self.is_new_here
        self.put(done=(*self.state.done, self.state.side))
        self.go(happening)
        if new:
            self.say("back_to_centre")

    def rest_from_knees(self) -> None:
        """Forget how the knees came to rest: what follows is a new hold."""
        self.put(rest=Rest(), passed_centre=True)

    # ---- breath

    def breathe(self, way: BreathWay, lasts_s: float) -> None:
        self.put(breath_way=way, breath_due_s=self.t_s + lasts_s)
        self.emit(BreathPaced(self.t_s, way, lasts_s))

    def pace(self) -> None:
        """In a hold that is breathed through: the next breath, when it is due; the first one after the words."""
        state, movement, breath = self.state, self.state.movement, self.state.movement.breath
        if breath is None or movement.kind is Kind.PACED or state.phase is not Phase.HOLD:
            return
        is_first = state.breath_due_s == state.phase_since_s
        if self.t_s < (state.words_s[1] if is_first else state.breath_due_s):
            return
        if state.breath_way is BreathWay.OUT:
            self.breathe(BreathWay.IN, breath.in_s)
        else:
            self.breathe(BreathWay.OUT, breath.out_s)

    # ---- faults

    def note_fault(self, fault: Fault, limit: float | None = None) -> bool:
        """An event, once a hold; whether it is the first. What does not count in this movement is passed over."""
        if fault in self.state.seen_faults or fault not in self.state.movement.faults:
            return False
        self.put(seen_faults=(*self.state.seen_faults, fault))
        self.emit(FaultSeen(self.t_s, fault, self.state.hold_side or self.state.side, limit))
        return True
