"""A person's weeks as they stand at a moment. Nothing is stored of it: it follows from the sessions and the diary each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from kneeroll.care.history import Done, is_explained, recall
from kneeroll.care.progress import Next, decides_since, next_session
from kneeroll.care.routine import DaysDone, days_done, part_of, with_companions
from kneeroll.care.routine import due as reminder_due
from kneeroll.care.screening import Clearance, Outcome, is_current
from kneeroll.care.standing import answered_at, clearance_now, fit, plan_now, set_since
from kneeroll.course.memo import Memo
from kneeroll.diary import Entry, Instrument, MorningAfter, PlanAccepted, Screened, TrialPlanned, mornings
from kneeroll.errors import InvalidPlan
from kneeroll.journal import History, SessionEntry, SessionRecord
from kneeroll.languages import Translate
from kneeroll.movements import Movement, catalogue
from kneeroll.outcomes import (
    DoseWeek,
    Measure,
    Reading,
    Repeatability,
    SideDifference,
    Sitting,
    Trend,
    TrialOutcome,
    activity_readings,
    angle_reading,
    cold,
    comfort_readings,
    compare_sides,
    dose_readings,
    dose_weeks,
    due,
    evaluate,
    morning_readings,
    repeatability,
    running_trial,
    trend,
)
from kneeroll.outcomes.trial import FACTORS
from kneeroll.plans import Plan, write_plan
from kneeroll.poses import Side, Surface
from kneeroll.summaries import SessionSummary

ASKED_FOR = timedelta(hours=36)
"""So long after a session it is still asked how the morning after was."""
ANGLES, OF_DIARY = (Measure.KNEE_DROP, Measure.TWIST), (Measure.MORNING, Measure.ACTIVITIES)


@dataclass(frozen=True)
class Course:
    """Everything up to `now`, which is aware of the zone in which the person is.

    sessions: theirs, oldest first, in brief. known: movements by id. given: a plan that was handed in for this run only; it
    counts instead of the one in the diary, within the same limits. memo: what earlier looks worked out.
    """

    now: datetime
    sessions: tuple[SessionRecord, ...]
    diary: tuple[Entry, ...]
    known: Mapping[str, Movement] = field(default_factory=catalogue)
    given: Plan | None = None
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        history: History,
        now: datetime,
        known: Mapping[str, Movement],
        given: Plan | None = None,
        memo: Memo | None = None,
    ) -> Course:
        """What the journal holds. JournalUnavailable when it cannot be read."""
        return cls(now, history.sessions(now), history.diary(), known, given, memo or Memo())

    @classmethod
    def lately(cls, history: History, now: datetime, known: Mapping[str, Movement]) -> Course:
        """With no more of the sessions than today's answer rests on (two weeks at least), so that years need not be read."""
        diary, explained = history.diary(), history.explained()

        def which(lines: Sequence[SessionEntry]) -> Iterator[SessionEntry]:
            since = decides_since(lines, diary, now)
            return (line for line in lines if line.started_at >= since or line.id in explained)

        return cls(now, history.sessions(now, which), diary, known)

    # ---- what may be done, and what is next

    @cached_property
    def clearance(self) -> Clearance | None:
        """What the answers to the first questions allow; None where they are to be asked: not answered, or changed since."""
        answered = [entry for entry in self.diary if isinstance(entry, Screened)]
        return clearance_now(self.diary) if answered and is_current(max(answered, key=lambda e: e.at)) else None

    @property
    def standing(self) -> Plan | None:
        """The plan as it stands, before today's step; None where nothing may be done, or the plan can no longer be read."""
        return self._read[0]

    @property
    def trouble(self) -> str:
        """Why the plan that was taken can no longer be read; empty where it can."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Plan | None, str]:
        try:
            if self.given is None:
                return plan_now(self.diary, self.known), ""
            clearance = self.clearance or Clearance(Outcome.GO)
            may_train = clearance.outcome.may_train
            return (fit(self.given, clearance.limits, self.known) if may_train else None), ""
        except InvalidPlan as error:
            return None, str(error)

    def taken(self, plan: Plan) -> Plan | None:
        """What would stand if the person took this plan now: all of it that their answers allow."""
        return plan_now((*self.diary, PlanAccepted(self.now, write_plan(plan))), self.known)

    @cached_property
    def next(self) -> Next | None:
        """Today's plan and its reasons; None where nothing may be done."""
        if self.standing is None:
            return None
        since, answered = set_since(self.diary), answered_at(self.diary)
        return next_session(self.done, self.standing, self.now, since=since, answered=answered, known=self.known)

    @property
    def routine(self) -> Plan | None:
        """Today's plan with what goes with it at this time of the day; None where nothing does, or somebody wrote the plan."""
        if self.next is None or self.next.plan.author:
            return None
        more = with_companions(self.next.plan, part_of(self.now.time()), self.known)
        return more if more.movements != self.next.plan.movements else None

    @property
    def may_begin(self) -> bool:
        """Whether a session of the person's own may begin now."""
        return self.clearance is not None and self.next is not None and not self.next.ask_first

    def reminder(self, _: Translate) -> str | None:
        """The words of today's one reminder, if it is due now; whoever shows it keeps a `Reminded` in the diary."""
        if self.standing is None or not self.may_begin:
            return None
        return reminder_due(self.standing, self.diary, [s.entry.started_at for s in self.sessions], self.now, _)

    @cached_property
    def done(self) -> tuple[Done, ...]:
        """A line for each session that decides what is next."""
        since = decides_since([s.entry for s in self.sessions], self.diary, self.now)
        return recall((s for s in self.sessions if s.entry.started_at >= since or is_explained(s)), self.diary, self.known)

    # ---- what was done

    def days_done(self, days: int = 28) -> DaysDone:
        """Of the last days, since the first session; planned as the plan is now."""
        if self.standing is None or not self.sessions:
            return DaysDone(0, 0)
        first = self._local(self.sessions[0].entry.started_at).date()
        return days_done(self.standing, [s.entry.started_at for s in self.sessions], self.now, days, first)

    @cached_property
    def weeks(self) -> tuple[DoseWeek, ...]:
        """The dose of each week."""
        of = self.sittings, self.now.date(), len(self.standing.days) if self.standing else None
        return self.memo.of("weeks", of, lambda: dose_weeks(self.sittings, self.now, of[-1]))

    @cached_property
    def sittings(self) -> tuple[Sitting, ...]:
        """The sessions as what is followed over weeks needs them."""
        return self.memo.each("sittings", (self.now.tzinfo,), self.sessions, self.sitting)

    def sitting(self, record: SessionRecord) -> Sitting:
        """A session as what is followed over weeks needs it."""
        entry = record.entry
        summary = SessionSummary(record.holds, record.view, record.reasons, entry.end_reason, record.engine, record.estimator)
        surface = record.plan.get("surface")
        return Sitting(
            self._local(entry.started_at), summary, record.events, Surface(surface) if surface else None,
            record.plan.get("cushion_cm"),
        )  # fmt: skip

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.now.tzinfo)

    # ---- what weeks show

    @cached_property
    def own_error(self) -> Mapping[Measure, Repeatability]:
        """This person's own measuring error of each angle."""
        of = self.sittings, *self.known.values()
        return self.memo.of("own_error", of, lambda: {m: repeatability(self.sittings, m, self.known) for m in ANGLES})

    def readings(self, measure: Measure, side: Side | None = None) -> tuple[Reading, ...]:
        """What there is of one measure, oldest first; angles need their side."""
        if measure is Measure.DOSE:
            return dose_readings(self.weeks, self.now)
        own_sem = self.own_error[measure].sem if measure in ANGLES else None
        of = self.diary if measure in OF_DIARY else (self.sittings, own_sem, *self.known.values())
        return self.memo.of(("readings", measure, side), of, lambda: self._readings(measure, side, own_sem))

    def _readings(self, measure: Measure, side: Side | None, own_sem: float | None) -> tuple[Reading, ...]:
        if measure in ANGLES:
            assert side is not None, f"{measure} has sides"
            found = self.memo.each(
                ("reading", measure, side), (own_sem, *self.known.values()), cold(self.sittings),
                lambda sitting: angle_reading(sitting, measure, side, own_sem, self.known),
            )  # fmt: skip
            return tuple(reading for reading in found if reading is not None)
        if measure is Measure.COMFORT:
            return comfort_readings(self.sittings)
        return morning_readings(self.diary) if measure is Measure.MORNING else activity_readings(self.diary)

    @cached_property
    def trends(self) -> tuple[Trend, ...]:
        """Every measure that has readings."""
        wanted = [(m, s) for m in Measure for s in (tuple(Side) if m in ANGLES else (None,))]
        found = ((measure, side, self.readings(measure, side)) for measure, side in wanted)
        return tuple(self._trend(readings, measure, side) for measure, side, readings in found if readings)

    def _trend(self, readings: tuple[Reading, ...], measure: Measure, side: Side | None) -> Trend:
        of = readings, self.now.date(), self.now.tzinfo
        return self.memo.of(("trend", measure, side), of, lambda: trend(readings, self.now, measure, side))

    @cached_property
    def sides(self) -> tuple[SideDifference, ...]:
        """Left and right beside each other, for each angle."""
        return tuple(compare_sides(self.readings(m, Side.LEFT), self.readings(m, Side.RIGHT), m) for m in ANGLES)

    # ---- what is to be asked

    @cached_property
    def due(self) -> tuple[Instrument, ...]:
        """The questionnaires whose day has come; none before the first session."""
        first = self.sessions[0].entry.started_at if self.sessions else None
        return due(self.now, self.diary, first) if first else ()

    @property
    def morning_of(self) -> SessionRecord | None:
        """The session of an earlier day whose morning after may be told, or told anew."""
        last = next((s for s in reversed(self.sessions) if s.holds), None)
        if last is None or self.now - last.entry.started_at > ASKED_FOR:
            return None
        return last if self._local(last.entry.started_at).date() < self.now.date() else None

    @cached_property
    def said_of_morning(self) -> MorningAfter | None:
        """What was said of that morning; None while it is still to be asked."""
        last = self.morning_of
        return None if last is None else mornings(self.diary).get(last.entry.id)

    # ---- an alternation

    @property
    def factors(self) -> tuple[str, ...]:
        """What an alternation may try; not to go without the cushion where it is locked."""
        is_locked = self.standing is not None and self.standing.limits.cushion_locked
        return tuple(factor for factor in FACTORS if factor != "cushion" or not is_locked)

    @property
    def trial(self) -> TrialPlanned | None:
        """The alternation that runs, as long as it may."""
        trial = running_trial(self.diary, self.now)
        return trial if trial is not None and trial.factor in self.factors else None

    @cached_property
    def outcomes(self) -> tuple[TrialOutcome, ...]:
        """What each alternation shows of comfort, the newest first."""
        planned = [entry for entry in self.diary if isinstance(entry, TrialPlanned)]
        comfort = self.readings(Measure.COMFORT)
        return tuple(evaluate(trial, comfort, self.now) for trial in reversed(planned))
