"""Is it better? One measure over weeks: what is compared, the usual wobble, a verdict, and how sure that is. Pure.

Readings with the same set-up are counted in blocks of four weeks from the first of them. The last whole block is compared with
the first, so that a statement comes every four weeks and the first one after eight: two weeks show only large changes, and who
looks every day would be told of chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from kneeroll.languages import N_, Translate, Worded
from kneeroll.outcomes.change import levels
from kneeroll.outcomes.readings import Measure, Reading, SetUp
from kneeroll.poses import Floats, Side
from kneeroll.summaries import MDC95

DAY = timedelta(days=1)
BLOCK_DAYS = 28
LEAST_READINGS = 8
"""In the first block and in the last one; of a weekly measure `LEAST_WEEKS`."""
LEAST_WEEKS = 3
SURE: Mapping[int, float] = {2: 0.995, 3: 0.97}
SURE_LATER = 0.985
"""Odds from which a change is called one, by the number of blocks: in twelve weeks without a change at most one person in twenty
is told of one. That chance is spent where most is known for it (Lan & DeMets 1983): little after eight weeks, most of it after
twelve, and so much later that a year has no more of it than it had with 0.985 at each statement."""
MEDIAN_DAYS = 7
LEAST_FOR_MEDIAN = 3
PARTS_OF_DAY = (11, 16)
"""Hours at which midday and evening begin."""
LEAST_OF_PART = 3
"""A part of the day with fewer readings gets no shift of its own."""


class Verdict(Worded):
    BETTER = "better", N_("better")
    NO_CLEAR_CHANGE = "no_clear_change", N_("no clear change")
    WORSE = "worse", N_("worse")
    NOT_ENOUGH_DAYS = "not_enough_days", N_("not enough days")


class Lack(StrEnum):
    """What a statement needs that is not there."""

    NOTHING = "nothing"
    READINGS = "readings"
    WEEKS = "weeks"
    FIRST_BLOCK = "first_block"
    LAST_BLOCK = "last_block"
    TIMES_OF_DAY = "times_of_day"


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over weeks, in its unit.

    readings: those that are compared, all with the set-up that was most used in the last four weeks; left_out: how many others.
    medians: (moment, median of the seven days that end there), where there are three readings. band: where a week's mean lies
    (95 %) if nothing changed, None while the first block is too empty. change, change_error, odds (that it is higher now): last
    whole block against the first, None without a statement; levels: (number, level) of these two blocks. lacks: why there is no
    statement; days_to_go: until there may be one.
    """

    measure: Measure
    side: Side | None
    verdict: Verdict
    readings: tuple[Reading, ...]
    left_out: int
    medians: tuple[tuple[datetime, float], ...]
    band: tuple[float, float] | None
    change: float | None = None
    change_error: float | None = None
    odds: float | None = None
    levels: tuple[tuple[int, float], ...] = ()
    lacks: Lack = Lack.NOTHING
    days_to_go: int = 0
    corrected_for_time: bool = False

    def title(self, _: Translate) -> str:
        """Name and verdict in words of a language."""
        amount = {Verdict.BETTER: _("more"), Verdict.WORSE: _("less")} if self.measure is Measure.DOSE else {}
        return f"{self.measure.told(_, self.side)}: {amount.get(self.verdict) or self.verdict.told(_)}"

    def told(self, _: Translate) -> tuple[str, ...]:
        """All that is to be said about it, in sentences of a language. None says why something changed."""
        name = self.measure.told(_, self.side)
        said = [_statement(self, name, _)] if self.odds is None else [told_odds(name, self.odds, _), _amount(self, _)]
        if self.corrected_for_time:
            said.append(_("The time of the day was taken into account."))
        if self.left_out:
            words = _("{count} values are not compared: camera, surface, cushion or what was rated was another one.")
            said.append(words.format(count=self.left_out))
        if self.measure is Measure.COMFORT:
            said.append(told_usual_course(_))
        return tuple(said)


def trend(readings: Sequence[Reading], now: datetime, measure: Measure, side: Side | None = None) -> Trend:
    """What the readings of one measure say at `now`."""
    before = sorted((r for r in readings if r.at <= now), key=lambda r: r.at)
    setup = _usual_setup(before, now)
    kept = [r for r in before if r.setup is setup or r.setup == setup]
    day, value, error = _columns(kept)
    medians = () if measure.weekly else _medians(kept, day, value)
    block = day // BLOCK_DAYS
    whole = int(((now.date() - kept[0].at.date()).days + 1) // BLOCK_DAYS) if kept else 0
    least = LEAST_WEEKS if measure.weekly else LEAST_READINGS
    lacks, days_to_go = _lacking(block, whole, least, kept, now)
    odds = change = change_error = band = None
    compared: tuple[tuple[int, float], ...] = ()
    corrected = False
    if (block == 0).sum() >= least:
        between = [whole - 2] if (block == whole - 2).sum() >= least else []
        used = (block == 0) | (np.isin(block, [*between, whole - 1]) & (lacks is Lack.NOTHING))
        shifts = _shifts([kept[i] for i in np.flatnonzero(used)], least=len(kept) if measure.weekly else LEAST_OF_PART)
        corrected = shifts.shape[1] > 0
        found = levels(day[used], value[used], error[used], block[used], shifts)
        if found is None:
            lacks = Lack.TIMES_OF_DAY
        else:
            half = MDC95 * found.week_error
            band = (found.first - half, found.first + half)
            if lacks is Lack.NOTHING:
                change, change_error, odds = found.change, found.change_error, found.odds
                compared = ((0, found.first), (whole - 1, found.first + found.change))
    return Trend(
        measure, side, _verdict(odds, whole), tuple(kept), len(before) - len(kept), medians, band, change, change_error, odds,
        compared, lacks, days_to_go, corrected_for_time=odds is not None and corrected,
    )  # fmt: skip


def told_odds(name: str, odds: float, _: Translate) -> str:
    """How likely it is that something is higher now than in the first four weeks.

    >>> told_odds("knee drop to the left", 0.81, str)
    'About 8 in 10 that it is higher now than in the first four weeks: knee drop to the left.'
    """
    likely = max(odds, 1 - odds)
    if likely < 0.55:
        return _("As likely higher as lower than in the first four weeks: {name}.").format(name=name)
    if likely >= 0.95:
        words = (
            _("More than 19 in 20 that it is higher now than in the first four weeks: {name}.")
            if odds > 0.5
            else _("More than 19 in 20 that it is lower now than in the first four weeks: {name}.")
        )
    else:
        words = (
            _("About {tenths} in 10 that it is higher now than in the first four weeks: {name}.")
            if odds > 0.5
            else _("About {tenths} in 10 that it is lower now than in the first four weeks: {name}.")
        )
    return words.format(tenths=min(9, round(10 * likely)), name=name)


USUAL_COURSE_WEEKS = (0, 6, 26, 52)
USUAL_COURSE = {"new": (4.8, 7.7, 8.8, 9.4), "lasting": (4.9, 6.7, 7.4, 7.7)}
"""Mean comfort (10 minus a tenth of the discomfort) of people whose back began to hurt lately, or months ago, followed for a year
without this program: 33 groups, 11,166 people, Menezes Costa 2012, CMAJ 184:E613."""


def told_usual_course(_: Translate) -> str:
    """What comfort does in any case, in words of a language."""
    return _(
        "In people who were followed without this program, comfort that began near 5 of 10 rose to between 6.7 and 7.7 in six "
        "weeks on average (33 groups; Menezes Costa 2012)."
    )


def _statement(told: Trend, name: str, _: Translate) -> str:
    words = {
        Lack.READINGS: _("Nothing to compare yet: {name}."),
        Lack.WEEKS: _("The first statement needs eight weeks with the same set-up; {days} days to go: {name}."),
        Lack.FIRST_BLOCK: _("The first four weeks have too few days to compare with: {name}."),
        Lack.LAST_BLOCK: _("The last four weeks have too few days; the next statement may come in {days} days: {name}."),
        Lack.TIMES_OF_DAY: _("The sessions moved to another time of the day, which cannot be told from a change: {name}."),
    }
    return words[told.lacks].format(days=told.days_to_go, name=name)


def _amount(told: Trend, _: Translate) -> str:
    words = _("Change since the first four weeks: {change} ± {error} ({unit}).")
    digits = 0 if told.measure.in_degrees else 1
    return words.format(
        change=f"{told.change or 0.0:+.{digits}f}", error=f"{told.change_error or 0.0:.{digits}f}", unit=told.measure.unit(_)
    )


def _verdict(odds: float | None, blocks: int) -> Verdict:
    if odds is None:
        return Verdict.NOT_ENOUGH_DAYS
    sure = SURE.get(blocks, SURE_LATER)
    return Verdict.BETTER if odds >= sure else Verdict.WORSE if odds <= 1 - sure else Verdict.NO_CLEAR_CHANGE


def _usual_setup(readings: Sequence[Reading], now: datetime) -> SetUp | None:
    """The set-up used most in the last four weeks, of equals the latest; if nothing was done in them, the last one."""
    lately = [r.setup for r in readings if r.at > now - timedelta(days=BLOCK_DAYS)] or [r.setup for r in readings[-1:]]
    counts = Counter(reversed(lately))
    return counts.most_common(1)[0][0] if counts else None


def _columns(readings: Sequence[Reading]) -> tuple[Floats, Floats, Floats]:
    """(N,) days since midnight of the first reading, values, errors."""
    if not readings:
        return np.empty(0), np.empty(0), np.empty(0)
    first = readings[0].at.replace(hour=0, minute=0, second=0, microsecond=0)
    day = np.array([(r.at - first) / DAY for r in readings])
    return day, np.array([r.value for r in readings]), np.array([r.error for r in readings])


def _lacking(block: Floats, whole: int, least: int, readings: Sequence[Reading], now: datetime) -> tuple[Lack, int]:
    """What is missing for a statement, and the days until the end of the block in which it may come."""
    if not readings:
        return Lack.READINGS, 0
    since = (now.date() - readings[0].at.date()).days + 1
    if whole < 2:
        return Lack.WEEKS, 2 * BLOCK_DAYS - since
    if (block == 0).sum() < least:
        return Lack.FIRST_BLOCK, 0
    if (block == whole - 1).sum() < least:
        return Lack.LAST_BLOCK, (whole + 1) * BLOCK_DAYS - since
    return Lack.NOTHING, 0


def _medians(readings: Sequence[Reading], day: Floats, value: Floats) -> tuple[tuple[datetime, float], ...]:
    """The median of each reading and those of the seven days before it: as columns of so many as the fullest week has."""
    begins = np.searchsorted(day, day - MEDIAN_DAYS, side="right")
    ends = np.arange(len(day))
    of_a_week = begins[:, None] + np.arange((ends - begins).max(initial=0) + 1)
    values = np.where(of_a_week <= ends[:, None], value[np.minimum(of_a_week, ends[:, None])], np.inf)
    values.sort(axis=1)
    n = ends - begins + 1
    median = (values[ends, (n - 1) // 2] + values[ends, n // 2]) / 2
    return tuple((readings[i].at, float(median[i])) for i in np.flatnonzero(n >= LEAST_FOR_MEDIAN).tolist())


def _shifts(readings: Sequence[Reading], least: int) -> Floats:
    """(N, K) which readings are from other parts of the day than most, if these have at least so many."""
    part = np.searchsorted(PARTS_OF_DAY, [r.at.hour for r in readings], side="right")
    found, counts = np.unique(part, return_counts=True)
    others = [p for p, n in zip(found, counts, strict=True) if n >= least and p != found[counts.argmax()]]
    return np.array([part == p for p in others], dtype=float).reshape(len(others), len(readings)).T
