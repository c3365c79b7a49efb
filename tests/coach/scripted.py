"""Scripted sessions, and what a person on the mat hears of each: `python -m scripts.spoken` writes it to `spoken/*.txt`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from kneeroll.coach.phrases import lasts_s
from kneeroll.events import BreathPaced, Comfort, CueGiven, DeepEnough, Event, Phase, PhaseEntered, Request
from kneeroll.movements import catalogue
from kneeroll.plans import Limits, Mind, Plan
from kneeroll.poses import Posture, Side
from tests.coach.person import Person

SPOKEN = Path(__file__).parent / "spoken"
ALL = catalogue()
ONCE = Plan(holds_a_side=1)


def come(plan: Plan = ONCE) -> Person:
    """From the laptop to the mat, into the start position, and still until it is known."""
    person = Person(plan).vanish(3).pose(Posture.UPRIGHT, "not_lying", seconds=4).pose(Posture.LYING, seconds=6)
    return person.pose(Posture.START, seconds=2).stay(6)


def alone(plan: Plan) -> Person:
    """Nobody looks on, to the end."""
    person = Person(plan, sighted=False)
    while not person.phase.is_end:
        person.wait(1)
    return person


def roll(person: Person, deg: float, seconds: float = 4.0) -> Person:
    """As asked: down, rest until the two notes and a second more, back to the middle, and listen."""
    person.stay(1.5).move(deg, seconds)
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1)
    return person.stay(1).move(0).stay(3)


def both(person: Person) -> Person:
    return roll(roll(person, 45), -45)


def held(seconds: float, plan: Plan = ONCE) -> Person:
    """In the first hold, for so long."""
    return come(plan).stay(1.5).move(45).stay(seconds)


def mended(**more: float) -> Person:
    """A fault of posture in the first hold, mended six seconds later."""
    person = held(6).stay(6, **more)
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1)
    return roll(person.stay(1).move(0).stay(3), -45)


def past_the_cushion(first_deg: float) -> Person:
    """Down so far, and six seconds later deeper than a cushion of 30 cm lets the knees; then up a little."""
    plan = Plan(movements=(ALL["cushion_20s"],), holds_a_side=1, cushion_cm=30.0)
    person = come(plan).stay(1.5).move(first_deg).stay(6).move(66, 1.5).stay(6).move(58, 2.5)
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1)
    return roll(person.stay(1).move(0).stay(3), -58)


def careful() -> Person:
    """A plan with limits: how to lie, too fast on the way, six seconds deeper than the plan goes."""
    limits = Limits(ceiling_deg=30.0, top_speed_deg_s=15.0, cushion_locked=True, mind=(Mind.ARMS_LOW, Mind.HEAD_RAISED))
    person = come(Plan(movements=(ALL["cushion_10s"],), holds_a_side=1, limits=limits))
    person.stay(11).move(27, 1.2).stay(5).move(35, 3).stay(6).move(27, 3)
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1)
    return roll(person.stay(1).move(0, 5).stay(3), -27, 5)


def paused_by_hand() -> Person:
    paused = held(8).raise_hands(Side.LEFT, seconds=2).move(0).stay(20)
    return both(paused.raise_hands(Side.RIGHT, seconds=2).stay(3))


def camera_lost() -> Person:
    lost = held(8).ask(Request.CAMERA_LOST).no_frames(30)
    return roll(roll(lost.pose(Posture.KNOWN, "jumped", seconds=0.5), 45), -45)


def not_to_the_middle() -> Person:
    person = held(22).stay(1).move(25).stay(8).move(0).stay(3)
    return roll(person, -45)


def shoulder_stays_up() -> Person:
    """However often it is named; then back to the middle when asked, and the other side as it should be."""
    person = held(6)
    while person.phase is not Phase.BACK_TO_CENTRE:
        person.stay(0.1, thorax_deg=12.0)
    return roll(person.stay(1).move(0).stay(3), -45)


def never_quite_in_the_middle() -> Person:
    return roll(held(22).stay(1).move(14).stay(38), -45)


def moved_on_their_own() -> Person:
    """Back long before the hold is done, and down again when asked."""
    return both(held(7).move(0).stay(5))


def ready(within_s: float) -> Person:
    """Comes into the room so late."""
    person = Person(replace(ONCE, get_ready_s=20.0)).vanish(within_s).pose(Posture.UPRIGHT, "not_lying", seconds=4)
    return both(person.pose(Posture.LYING, seconds=6).pose(Posture.START, seconds=2).stay(5))


def two_movements() -> Person:
    person = both(come(Plan(movements=(ALL["no_cushion_20s"], ALL["top_leg_crossed"]), holds_a_side=1)))
    return both(person.stay(6))


SESSIONS: dict[str, Callable[[], Person]] = {
    "clean": lambda: both(come()),
    "cushion": lambda: both(come(Plan(movements=(ALL["cushion_20s"],), holds_a_side=1))),
    "past_the_cushion": lambda: past_the_cushion(58),
    "past_the_cushion_at_once": lambda: past_the_cushion(66),
    "careful": careful,
    "above_the_plan": lambda: Person(replace(ONCE, get_ready_s=20.0, stop_above=3)).answer(Comfort(3, 4)),
    "keep_breathing": lambda: roll(held(14).stay(2, 8.5).stay(12, 1.0).move(0).stay(3), -45),
    "slow_breathing": lambda: both(come(Plan(movements=(ALL["breathing_30s"],), holds_a_side=1))),
    "two_movements": two_movements,
    "shoulder_lifted": lambda: mended(thorax_deg=12.0),
    "shoulder_stays_up": shoulder_stays_up,
    "knees_parted": lambda: mended(apart_deg=35.0),
    "rushed": lambda: roll(roll(come().stay(4), 60, 0.8), -60),
    "left_early": moved_on_their_own,
    "not_to_the_middle": not_to_the_middle,
    "never_quite_in_the_middle": never_quite_in_the_middle,
    "sank_a_little": lambda: roll(come().stay(1.5).move(14).stay(23).move(0).stay(3), -45),
    "other_side_first": lambda: roll(roll(come(), -45), 45),
    "paused_by_hand": paused_by_hand,
    "long_pause": lambda: both(held(8).ask(Request.PAUSE).move(0).stay(70).ask(Request.RESUME).stay(3)),
    "sight_lost": lambda: both(held(8).vanish(25).move(0).stay(3)),
    "camera_lost": camera_lost,
    "feet_out_of_frame": lambda: Person(ONCE).pose(Posture.LYING, "feet_out_of_frame", seconds=40).ask(Request.STOP),
    "pain": lambda: held(8).ask(Request.PAIN),
    "discomfort_before": lambda: Person(replace(ONCE, get_ready_s=20.0)).answer(Comfort(3, 7)),
    "discomfort_after": lambda: both(come()).stay(10).answer(Comfort(3, 7)),
    "ready_in_time": lambda: ready(3),
    "ready_too_late": lambda: ready(25),
    "no_camera": lambda: alone(replace(ONCE, get_ready_s=10.0)),
    "no_camera_at_once": lambda: alone(ONCE),
    "no_camera_two_movements": lambda: alone(Plan(movements=(ALL["no_cushion_20s"], ALL["bridge"]), holds_a_side=1)),
    "paced": lambda: alone(Plan(movements=(ALL["breath_paced_rolls"],), holds_a_side=2)),
    "paced_whole_body": lambda: alone(Plan(movements=(ALL["cat_cow"],), holds_a_side=3)),
}


@cache
def events_of(name: str) -> tuple[Event, ...]:
    return tuple(SESSIONS[name]().events)


def heard(events: Sequence[Event]) -> list[tuple[float, str, float]]:
    """(seconds, what is heard, seconds that it lasts): one line at a time and only the newest waits, as in `sound.js`.

    A line in round brackets is not heard: a newer one came while it waited. What is no word stands in square brackets.
    """
    found: list[tuple[float, str, float]] = []
    waiting: CueGiven | None = None
    free_s = 0.0

    def speak(until_s: float) -> None:
        nonlocal waiting, free_s
        if waiting is not None and free_s <= until_s:
            began_s = max(free_s, waiting.t_s)
            free_s = began_s + lasts_s(waiting.text)
            found.append((began_s, waiting.text, lasts_s(waiting.text)))
            waiting = None

    for event in events:
        speak(event.t_s)
        if isinstance(event, CueGiven):
            if waiting is not None:
                found.append((waiting.t_s, f"({waiting.text})", 0.0))
            waiting = event
            speak(event.t_s)
        if (sound := _sound(event)) is not None:
            found.append((event.t_s, f"[{sound}]", 0.0))
    speak(float("inf"))
    return sorted(found, key=lambda one: one[0])


def _sound(event: Event) -> str | None:
    if isinstance(event, CueGiven) and event.bell:
        return "bell"
    if isinstance(event, PhaseEntered) and event.phase is Phase.BACK_TO_CENTRE:
        return "two notes"
    if isinstance(event, BreathPaced):
        return f"breathe {event.way}"
    return "chord" if isinstance(event, DeepEnough) else None


def transcript(name: str) -> str:
    """What is heard of the session, a line each."""
    return "".join(f"{t_s:6.1f} s  {text}\n" for t_s, text, _ in heard(events_of(name)))
