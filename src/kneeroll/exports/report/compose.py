"""What one page tells a professional: what was done, how well, how far, how it felt. Pure; time is an argument.

Ranges and comfort only: nothing here names a condition, a cause or a treatment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from kneeroll.care.routine import is_planned
from kneeroll.diary import Entry, PlanAccepted
from kneeroll.errors import InvalidPlan, NotExported
from kneeroll.events import EndReason, Fault, SessionEnded
from kneeroll.exports.report.lines import Angles, answers, comfort, ranges
from kneeroll.exports.report.values import Report, Telling
from kneeroll.languages import Language, Translate, translator
from kneeroll.movements import SHIPPED, Movement
from kneeroll.outcomes import DoseWeek, Measure, Sitting, angle_readings, compare_sides, dose_weeks, repeatability
from kneeroll.outcomes.readings import WEEK, setup_of
from kneeroll.outcomes.trends import told_usual_course
from kneeroll.plans import Plan, default_plan, parse_plan
from kneeroll.poses import Side, Surface
from kneeroll.summaries import HoldSummary
from kneeroll.wording import VIEWS

ANGLES = (Measure.KNEE_DROP, Measure.TWIST)


def compose(
    sittings: Sequence[Sitting],
    diary: Sequence[Entry],
    now: datetime,
    plan: Plan | None,
    *,
    weeks: int = 12,
    language: Language = Language.EN,
    known: Mapping[str, Movement] = SHIPPED,
) -> Report:
    """The report of the last weeks.

    Parameters
    ----------
    sittings, diary
        Of the whole journal, oldest first; those of the last weeks are told, beside what all of them say.
    now
        When it is made, in the person's own time zone.
    plan
        The one that stands; None where the answers to the first questions allow none.
    known
        Movements by id (those that ship with kneeroll).

    Raises
    ------
    NotExported
        When these weeks have no session with a hold.
    """
    _ = translator(language)
    start = datetime.combine(now.date() - weeks * WEEK + timedelta(days=1), time(), now.tzinfo)
    before = [s for s in sittings if s.started_at <= now and s.summary.holds]
    done = [s for s in before if start <= s.started_at]
    if not done:
        raise NotExported(f"There is no session with a hold since {start:%Y-%m-%d}. Give more weeks, or begin: kneeroll coach")
    told = [entry for entry in diary if start <= entry.at <= now]
    begin = datetime.combine(done[0].started_at.date(), time(), now.tzinfo)
    tell = Telling(language, now, begin)
    plans = _plans(diary, known)
    own_sem = {measure: repeatability(sittings, measure, known).sem for measure in ANGLES}
    angles = {(m, side): angle_readings(before, m, side, own_sem[m], known) for m in ANGLES for side in Side}
    return Report(
        start=begin,
        end=now,
        period=f"{tell.date(begin)} – {tell.date(now)}",
        made_on=tell.date(now),
        figures=_figures(tell, done, begin.date(), plans),
        weeks=_dose_weeks(done, now, plans),
        ranges=tuple(ranges(tell, angles)),
        comfort=tuple(comfort(tell, before, diary)),
        answers=tuple(answers(tell, told)),
        noticed=tuple(_noticed(tell, done, angles)),
        setup=tuple(_setup(tell, done, plan, known)),
        cannot=_cannot(_),
    )


def _figures(
    tell: Telling, done: Sequence[Sitting], first: date, plans: Sequence[tuple[date, Plan]]
) -> tuple[tuple[str, str], ...]:
    """The large numbers at the top, each with what it is."""
    _ = tell._
    days = {s.started_at.date() for s in done}
    planned = sum(is_planned(_plan_on(day, plans), day) for day in _days(first, tell.now.date()))
    weeks = max(1.0, ((tell.now.date() - first).days + 1) / 7)
    minutes = {side: sum(s.summary.dose_s(side) for s in done) / 60 / weeks for side in Side}
    share = _in_posture(done)
    found = [
        (
            _("{done} of {planned}").format(done=len(days), planned=planned),
            _("days done of days planned; sessions: {sessions}").format(sessions=len(done)),
        ),
        (
            _("{minutes} min").format(minutes=tell.number(sum(minutes.values()), 1)),
            _("held in posture a week: left {left}, right {right}").format(
                left=tell.number(minutes[Side.LEFT], 1), right=tell.number(minutes[Side.RIGHT], 1)
            ),
        ),
    ]
    if share is None:
        return (*found, ("–", _("in posture: no camera looked")))
    return (*found, (f"{tell.number(100 * share)} %", _("of the time of the holds in posture, where a camera looked")))


def _noticed(tell: Telling, done: Sequence[Sitting], angles: Angles) -> Iterable[str]:
    _ = tell._
    seen = _seen(done)
    if seen:
        counts = Counter(fault for h in seen for fault in {span.fault for span in h.faults})
        words = _("{fault} in {count} of {holds} holds")
        faults = [words.format(fault=_(f.value.replace("_", " ")), count=counts[f], holds=len(seen)) for f in Fault if counts[f]]
        yield _(", ").join(faults) if faults else _("no faults of posture in {holds} holds").format(holds=len(seen))
        unmeasured = sum(h.knee_drop_deg.value is None for h in seen)
        if unmeasured:
            yield _("{count} of {holds} holds could not be measured").format(count=unmeasured, holds=len(seen))
    unseen = sum(not any(h.is_watched for h in s.summary.holds) for s in done)
    if unseen:
        words = _("{count} of {sessions} sessions without a camera: only their time is known")
        yield words.format(count=unseen, sessions=len(done))
    ends = Counter(e.why for s in done for e in s.events if isinstance(e, SessionEnded))
    early = ends[EndReason.PAIN] + ends[EndReason.DISCOMFORT]
    words = _("ended early because it was uncomfortable: {count}") if early else _("none ended early for discomfort")
    yield words.format(count=early)
    names = {Measure.KNEE_DROP: _("knee drop"), Measure.TWIST: _("trunk twist")}
    for measure, name in names.items():
        differs = compare_sides(angles[measure, Side.LEFT], angles[measure, Side.RIGHT], measure).told(_)
        if differs:
            yield f"{name}: {differs}"


def _setup(tell: Telling, done: Sequence[Sitting], plan: Plan | None, known: Mapping[str, Movement]) -> Iterable[str]:
    _ = tell._
    yield from [_("No plan stands at the moment.")] if plan is None else _told_plan(tell, plan)
    setups = Counter(u for s in done for h in _seen([s]) if (u := setup_of(s, h, known)))
    for setup, _count in setups.most_common(1):
        surface, height = setup.surface, setup.cushion_cm
        lying = {Surface.FLOOR: _("on the floor"), Surface.BED: _("on a bed")}
        facts = [_(VIEWS[setup.view]), *([lying[surface]] if surface else [])]
        facts += [_("cushion {height} cm").format(height=tell.number(height))] if height else []
        yield _("Mostly: {facts}").format(facts=_(", ").join(facts))
    last = done[-1].summary
    yield _("Measured by {engine} with {estimator}").format(engine=last.engine, estimator=last.estimator)


def _told_plan(tell: Telling, plan: Plan) -> Iterable[str]:
    _ = tell._
    words = _("{name}, {holds} × {seconds} s")
    doses = (words.format(name=_(m.name), holds=m.holds_a_side, seconds=tell.number(m.hold_s)) for m in plan.steps)
    author = f" ({plan.author})" if plan.author else ""
    yield _("Plan: {name}{author}; {doses}; {count} times a week").format(
        name=_(plan.name), author=author, doses="; ".join(doses), count=len(plan.days) * plan.sessions_a_day
    )
    yield from plan.limits.told(_)


def _cannot(_: Translate) -> tuple[str, ...]:
    return (
        _("Angles are estimates of one ordinary camera; ± is one standard error of a single measurement."),
        _("The knee drop is not an angle of the spine: hips and pelvis make most of it."),
        _("Nothing here says why something changed."),
        _("A change of movement and a change of comfort often do not go together (Wernli 2020)."),
        _("A difference between the sides is no fault."),
        told_usual_course(_),
    )


def _seen(done: Sequence[Sitting]) -> list[HoldSummary]:
    """The holds of which a camera told."""
    return [hold for s in done for hold in s.summary.holds if hold.is_watched]


def _in_posture(done: Sequence[Sitting]) -> float | None:
    """Share of the time of all holds that a camera saw, in posture."""
    seen = _seen(done)
    whole_s = sum(h.duration_s for h in seen)
    return min(1.0, sum(h.in_posture_s for h in seen) / whole_s) if whole_s else None


def _plans(diary: Iterable[Entry], known: Mapping[str, Movement]) -> list[tuple[date, Plan]]:
    """From which day on which plan stood; the one that ships before any other. One that cannot be read any more is left out."""
    found = [(date.min, default_plan())]
    for entry in sorted((e for e in diary if isinstance(e, PlanAccepted)), key=lambda e: e.at):
        try:
            found.append((entry.at.date(), parse_plan(entry.toml, known)))
        except InvalidPlan:
            continue
    return found


def _plan_on(day: date, plans: Sequence[tuple[date, Plan]]) -> Plan:
    return [plan for since, plan in plans if since <= day][-1]


def _dose_weeks(done: Sequence[Sitting], now: datetime, plans: Sequence[tuple[date, Plan]]) -> tuple[DoseWeek, ...]:
    """The dose of each week, with the days that were planned in it until now."""

    def planned(week: DoseWeek) -> int:
        last = min(week.start + timedelta(days=6), now.date())
        return sum(is_planned(_plan_on(day, plans), day) for day in _days(week.start, last))

    return tuple(replace(week, days_planned=planned(week)) for week in dose_weeks(done, now, None))


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))
