"""What sessions and the diary give to compare over weeks: one value at a moment, with its error and its set-up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from math import hypot, sqrt

from kneeroll.diary import Entry, Instrument, mornings
from kneeroll.events import ComfortRated, Event, movement_at
from kneeroll.languages import Translate
from kneeroll.movements import SHIPPED, Cushion, Judge, Movement
from kneeroll.outcomes.questionnaires import questionnaires, scores
from kneeroll.poses import Side, Surface, View
from kneeroll.summaries import UNMEASURED, HoldSummary, Measured, SessionSummary

COLD_AFTER = timedelta(hours=1)
"""A session that begins sooner after another one finds the body still stretched."""
RATING_ERROR = 1 / sqrt(12)
"""The standard error of rounding to a whole number."""
WEEK = timedelta(days=7)


class Measure(StrEnum):
    """What is followed over weeks. Higher is better, except that the dose only is what it is."""

    KNEE_DROP = "knee_drop"
    TWIST = "twist"
    COMFORT = "comfort"
    """10 minus the discomfort before a session."""
    MORNING = "morning"
    """10 minus the discomfort on the morning after."""
    ACTIVITIES = "activities"
    DOSE = "dose"
    """Minutes a week held in posture, both sides together."""

    @property
    def weekly(self) -> bool:
        """One value a week, not one a session."""
        return self in (Measure.ACTIVITIES, Measure.DOSE)

    @property
    def in_degrees(self) -> bool:
        return self in (Measure.KNEE_DROP, Measure.TWIST)

    def told(self, _: Translate, side: Side | None = None) -> str:
        """Its name in words of a language."""
        names = {
            (Measure.KNEE_DROP, Side.LEFT): _("knee drop to the left"),
            (Measure.KNEE_DROP, Side.RIGHT): _("knee drop to the right"),
            (Measure.TWIST, Side.LEFT): _("trunk twist to the left"),
            (Measure.TWIST, Side.RIGHT): _("trunk twist to the right"),
            (Measure.COMFORT, None): _("comfort before the session"),
            (Measure.MORNING, None): _("comfort on the morning after"),
            (Measure.ACTIVITIES, None): _("my activities"),
            (Measure.DOSE, None): _("minutes held a week"),
        }
        return names[self, side]

    def unit(self, _: Translate) -> str:
        return _("degrees") if self.in_degrees else _("minutes") if self is Measure.DOSE else _("0 to 10")


@dataclass(frozen=True, slots=True)
class SetUp:
    """What must be the same for two values to be compared; empty where nothing matters.

    way: the words that led the knees down, which tell what the legs did. items: the activities that were rated.
    """

    view: View | None = None
    surface: Surface | None = None
    way: str = ""
    cushion: Cushion = Cushion.NONE
    cushion_cm: float | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A value at a moment (in the person's own time zone) with its standard error, same unit."""

    at: datetime
    value: float
    error: float
    setup: SetUp = SetUp()


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session that was done: when it began (in the person's own time zone), what was measured, said and used."""

    started_at: datetime
    summary: SessionSummary
    events: tuple[Event, ...]
    surface: Surface | None = None
    cushion_cm: float | None = None


def angle_readings(
    sittings: Iterable[Sitting], measure: Measure, side: Side, own_sem: float | None, known: Mapping[str, Movement] = SHIPPED
) -> tuple[Reading, ...]:
    """The cold angle of each session: its first hold on this side, in degrees, oldest first.

    own_sem: this person's own measuring error (`repeatability`); joined with the stated error of each number. known: movements by
    id (those that ship with kneeroll). Sessions soon after another one are not cold.
    """
    found = (angle_reading(sitting, measure, side, own_sem, known) for sitting in cold(sittings))
    return tuple(reading for reading in found if reading is not None)


def angle_reading(
    sitting: Sitting, measure: Measure, side: Side, own_sem: float | None, known: Mapping[str, Movement]
) -> Reading | None:
    """That of one session, see `angle_readings`; None where it has none."""
    hold = next((h for h in sitting.summary.holds if h.side is side), None)
    angle = angle_of(hold, measure) if hold else UNMEASURED
    setup = setup_of(sitting, hold, known) if hold else None
    if setup is None or angle.value is None or angle.error is None:
        return None
    return Reading(sitting.started_at, angle.value, hypot(angle.error, own_sem or 0.0), setup)


def comfort_readings(sittings: Iterable[Sitting]) -> tuple[Reading, ...]:
    """10 minus the discomfort said before each session."""
    ratings = (
        (sitting.started_at, event.discomfort)
        for sitting in sittings
        for event in sitting.events
        if isinstance(event, ComfortRated) and not event.after
    )
    return _comfort(ratings)


def morning_readings(diary: Iterable[Entry]) -> tuple[Reading, ...]:
    """10 minus the discomfort said on each morning after."""
    return _comfort((entry.at, entry.discomfort) for entry in mornings(diary).values())


def activity_readings(diary: Iterable[Entry]) -> tuple[Reading, ...]:
    """The weekly mean of the person's own activities; other activities are another set-up."""
    sem = questionnaires()[Instrument.ACTIVITIES].sem or 0.0
    return tuple(Reading(s.at, s.score, sem, SetUp(items=s.items)) for s in scores(diary, Instrument.ACTIVITIES))


@dataclass(frozen=True, slots=True)
class DoseWeek:
    """Seven days from `start`: seconds held in posture by side, days with a session, days that were planned (None: no plan)."""

    start: date
    left_s: float
    right_s: float
    days_done: int
    days_planned: int | None


def dose_weeks(sittings: Sequence[Sitting], now: datetime, days_planned: int | None) -> tuple[DoseWeek, ...]:
    """The dose of each week since the first session, empty weeks and the one that has begun included.

    What is dated after `now`, by a clock that was wrong, is left out.
    """
    done = [s for s in sittings if s.started_at <= now]
    if not done:
        return ()
    first = min(s.started_at for s in done).date()
    weeks: list[list[Sitting]] = [[] for _ in range((now.date() - first).days // 7 + 1)]
    for sitting in done:
        weeks[(sitting.started_at.date() - first).days // 7].append(sitting)
    return tuple(
        DoseWeek(
            first + i * WEEK,
            sum(s.summary.dose_s(Side.LEFT) for s in week),
            sum(s.summary.dose_s(Side.RIGHT) for s in week),
            len({s.started_at.date() for s in week}),
            days_planned,
        )
        for i, week in enumerate(weeks)
    )


def dose_readings(weeks: Sequence[DoseWeek], now: datetime) -> tuple[Reading, ...]:
    """Minutes held in each week that is over, dated on its last day."""
    return tuple(
        Reading(datetime.combine(week.start + timedelta(days=6), now.timetz()), (week.left_s + week.right_s) / 60, 0.0)
        for week in weeks
        if week.start + WEEK <= now.date()
    )


def _comfort(ratings: Iterable[tuple[datetime, int | None]]) -> tuple[Reading, ...]:
    found = (Reading(at, 10.0 - discomfort, RATING_ERROR) for at, discomfort in ratings if discomfort is not None)
    return tuple(sorted(found, key=lambda r: r.at))


def cold(sittings: Iterable[Sitting]) -> list[Sitting]:
    """Those before which the body rested, oldest first."""
    ordered = sorted(sittings, key=lambda s: s.started_at)
    before = [None, *(s.started_at for s in ordered)]
    return [s for s, last in zip(ordered, before, strict=False) if last is None or s.started_at - last >= COLD_AFTER]


def angle_of(hold: HoldSummary, measure: Measure) -> Measured:
    return hold.knee_drop_deg if measure is Measure.KNEE_DROP else hold.trunk_twist_deg


def setup_of(sitting: Sitting, hold: HoldSummary, known: Mapping[str, Movement]) -> SetUp | None:
    """How a hold was done; None where its movement is unknown or does not let the knees rest at their depth."""
    begun = movement_at(sitting.events, hold.start_s)
    if begun is None:
        return _setup(sitting.summary.view, sitting.surface)
    movement = known.get(begun.movement)
    if movement is None or movement.judged_by is not Judge.KNEE_DROP:
        return None
    height_cm = None if movement.cushion is Cushion.NONE else sitting.cushion_cm
    return _setup(sitting.summary.view, sitting.surface, movement.say["go_left"], movement.cushion, height_cm)


_setup = cache(SetUp)
"""Equal set-ups are one: years of them are compared quickly."""
