"""A person before the coach: what the camera would measure of what they do, 10 times a second."""

from __future__ import annotations

from typing import Any

from kneeroll.coach import CoachState, advance, begin
from kneeroll.events import (
    Answered,
    Asked,
    Comfort,
    CueGiven,
    Event,
    Observed,
    Phase,
    PhaseEntered,
    Request,
    Signal,
    Ticked,
)
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, Posture, Quality, Reading, Side

SHORT = Plan(hold_s=5.0, holds_a_side=1)


def body(t_s: float, drop_deg: float, thorax_deg: float = 0.0, apart_deg: float = 0.0, feet_m: float = 0.0) -> BodyState:
    return BodyState(t_s, drop_deg, 0.6 * drop_deg, thorax_deg, 0.0, apart_deg, feet_m, (2.0,) * 6, Quality.GOOD)


def seen(
    state: BodyState,
    posture: Posture = Posture.KNOWN,
    blockers: tuple[str, ...] = (),
    hands: tuple[Side, ...] = (),
    pause_s: float | None = None,
) -> Observed:
    return Observed(Reading(state.t_s, state, posture, None, blockers, hands, pause_s=pause_s))


def unseen(t_s: float, posture: Posture, *blockers: str) -> Observed:
    return seen(BodyState.unseen(t_s, Quality.NO_PERSON if "no_person" in blockers else Quality.GOOD), posture, blockers)


class Person:
    """Moves before the coach, 10 frames a second, and keeps what happened. `sign` -1 is the mirror image."""

    def __init__(self, plan: Plan = SHORT, sign: int = 1, *, sighted: bool = True) -> None:
        self.coach: CoachState
        self.coach, started = begin(plan, sighted=sighted)
        self.events: list[Event] = list(started)
        self.sign = sign
        self.frames = 0
        self.drop_deg = 0.0
        self.states: list[BodyState] = []

    @property
    def t_s(self) -> float:
        return self.frames / 10

    @property
    def phase(self) -> Phase:
        return self.coach.phase

    def _take(self, signal: Signal) -> None:
        self.coach, events = advance(self.coach, signal)
        self.events.extend(events)

    def ask(self, request: Request) -> Person:
        self._take(Asked(self.t_s, request))
        return self

    def answer(self, answer: Comfort) -> Person:
        self._take(Answered(self.t_s, answer))
        return self

    def show(self, drop_deg: float, pause_s: float | None = None, **more: float) -> Person:
        self.frames += 1
        self.drop_deg = drop_deg
        more = {name: self.sign * value for name, value in more.items()}
        self.states.append(body(self.t_s, self.sign * drop_deg, **more))
        self._take(seen(self.states[-1], pause_s=pause_s))
        return self

    def stay(self, seconds: float, pause_s: float | None = None, **more: float) -> Person:
        for _ in range(round(seconds * 10)):
            self.show(self.drop_deg, pause_s, **more)
        return self

    def move(self, to_deg: float, seconds: float = 4.0) -> Person:
        """The smooth way of a healthy movement (least jerk)."""
        from_deg, n = self.drop_deg, round(seconds * 10)
        for i in range(1, n + 1):
            s = i / n
            self.show(from_deg + (to_deg - from_deg) * (10 * s**3 - 15 * s**4 + 6 * s**5))
        return self

    def pose(self, posture: Posture, *blockers: str, seconds: float = 0.1) -> Person:
        """Seen without angles."""
        for _ in range(round(seconds * 10)):
            self.frames += 1
            self._take(unseen(self.t_s, posture, *blockers))
        return self

    def vanish(self, seconds: float) -> Person:
        return self.pose(Posture.NOBODY, "no_person", seconds=seconds)

    def no_frames(self, seconds: float) -> Person:
        self.frames += round(seconds * 10)
        return self

    def wait(self, seconds: float) -> Person:
        """Time passes; nobody looks on."""
        for _ in range(round(seconds * 10)):
            self.frames += 1
            self._take(Ticked(self.t_s))
        return self

    def raise_hands(self, *sides: Side, seconds: float = 1.0) -> Person:
        for _ in range(round(seconds * 10)):
            self.frames += 1
            self._take(seen(body(self.t_s, self.sign * self.drop_deg), hands=sides))
        return self

    def lie_down(self) -> Person:
        return self.pose(Posture.LYING, seconds=2).stay(1)

    def hold(self, deg: float, seconds: float) -> Person:
        """Down, rest for so long, and back to the middle."""
        return self.move(deg).stay(seconds).move(0).stay(1)

    def of(self, *kinds: type[Event]) -> list[Any]:
        return [e for e in self.events if isinstance(e, kinds)]

    @property
    def cues(self) -> list[str]:
        return [e.key for e in self.of(CueGiven)]

    @property
    def phases(self) -> list[Phase]:
        return [e.phase for e in self.of(PhaseEntered)]
