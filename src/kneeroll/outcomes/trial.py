"""Does the cushion, or anything else, help me? A randomised alternation and its randomisation test. Pure; chance comes by a seed.

Days come in blocks, half of them with the factor, half without, in random order. The first day of each block is not counted: what
was done the day before may still be felt. The test asks how many of all orders that the lot could have given show at least such a
difference between the block means (Edgington & Onghena 2007); it needs no assumption about how days hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np

from kneeroll.diary import Entry, TrialEnded, TrialPlanned
from kneeroll.languages import Translate
from kneeroll.outcomes.readings import Measure, Reading

BLOCKS_EACH = (4, 6)
"""Blocks with, and as many without."""
LEAST_BLOCKS = 3
"""Of each kind that must have been filled in the end; with three of each even the clearest outcome may be chance."""
DAYS = (5, 7)
WASHOUT_DAYS = 1
LEAST_OF_BLOCK = 2
"""A block with fewer counted readings is left out."""
LEAST_P = 0.05
FACTORS = ("cushion", "breathing", "morning")


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """What an alternation shows. blocks: (with the factor, mean) of each whole block that counts.

    difference: mean with minus mean without, in the unit of the readings. p: share of all orders with at least such a difference;
    least_p: the smallest that so many blocks can give. All None until the trial is over, or if too few blocks were filled.
    """

    factor: str
    measure: Measure
    blocks: tuple[tuple[bool, float], ...]
    difference: float | None = None
    p: float | None = None
    least_p: float | None = None

    @property
    def clear(self) -> bool:
        return self.p is not None and self.p <= LEAST_P

    def told(self, _: Translate) -> str:
        """In words of a language; honest about what so few blocks can show."""
        name = factor_words(self.factor, _)
        if self.difference is None or self.p is None or self.least_p is None:
            words = _("{factor}: {done} blocks are filled. They are compared when the last is over, if there are three of each.")
            return words.format(factor=name, done=len(self.blocks))
        if self.clear:
            words = _("{factor}: higher.") if self.difference > 0 else _("{factor}: lower.")
        elif self.least_p > LEAST_P:
            words = _("{factor}: too few blocks were filled to tell.")
        else:
            words = _("{factor}: no clear difference. So few weeks show only a large one.")
        numbers = _("On average {difference} ({measure}); by chance alone as much in {share} of 100 orders of the blocks.")
        measured = numbers.format(measure=self.measure.told(_), difference=f"{self.difference:+.1f}", share=f"{100 * self.p:.0f}")
        return f"{words.format(factor=name)} {measured}"


def plan_trial(factor: str, at: datetime, seed: int, days: int = 6, blocks_each: int = BLOCKS_EACH[0]) -> TrialPlanned:
    """The order drawn by lot: of all orders with as many blocks with as without, each is as likely. ValueError if out of range.

    >>> from datetime import UTC
    >>> plan_trial("cushion", datetime(2026, 11, 2, tzinfo=UTC), 1).blocks.count(True)
    4
    """
    for what, value, (low, high) in (("days", days, DAYS), ("blocks_each", blocks_each, BLOCKS_EACH)):
        if not low <= value <= high:
            raise ValueError(f"{what} is {value}; it must be from {low} to {high}")
    order = np.random.default_rng(seed).permutation([True, False] * blocks_each)
    return TrialPlanned(at, factor, days, tuple(bool(used) for used in order), seed)


def running_trial(diary: Iterable[Entry], now: datetime) -> TrialPlanned | None:
    """The alternation planned last, if it still runs."""
    entries = sorted((e for e in diary if isinstance(e, TrialPlanned | TrialEnded) and e.at <= now), key=lambda e: e.at)
    last = entries[-1] if entries else None
    return last if isinstance(last, TrialPlanned) and condition_on(last, now) is not None else None


def condition_on(trial: TrialPlanned, now: datetime) -> bool | None:
    """Whether the factor is used on the day of `now`; None before the trial and after its last block."""
    place = _place(trial, now)
    return trial.blocks[place[0]] if place else None


def evaluate(trial: TrialPlanned, readings: Sequence[Reading], now: datetime, measure: Measure = Measure.COMFORT) -> TrialOutcome:
    """What the readings of one measure show once the last block is over; days count as planned, whatever was done on them."""
    values: list[list[float]] = [[] for _ in trial.blocks]
    for reading in readings:
        place = _place(trial, reading.at)
        if place and place[1] >= WASHOUT_DAYS:
            values[place[0]].append(reading.value)
    blocks = tuple(
        (used, float(np.mean(block))) for used, block in zip(trial.blocks, values, strict=True) if len(block) >= LEAST_OF_BLOCK
    )
    used = np.array([with_it for with_it, _ in blocks], dtype=bool)
    if _place(trial, now) or min(used.sum(), (~used).sum()) < LEAST_BLOCKS:
        return TrialOutcome(trial.factor, measure, blocks)
    mean = np.array([value for _, value in blocks])
    orders = np.array([np.isin(np.arange(len(mean)), chosen) for chosen in combinations(range(len(mean)), used.sum())])
    differences = orders @ mean / used.sum() - ~orders @ mean / (~used).sum()
    difference = float(mean[used].mean() - mean[~used].mean())
    p = float((np.abs(differences) >= abs(difference) - 1e-9).mean())
    return TrialOutcome(trial.factor, measure, blocks, difference, p, (2 if 2 * used.sum() == len(used) else 1) / len(orders))


def factor_words(factor: str, _: Translate) -> str:
    """A factor in words of a language; what a person wrote themselves stays as it is."""
    return {"cushion": _("with a cushion"), "breathing": _("with slow breathing"), "morning": _("in the morning")}.get(
        factor, factor
    )


def _place(trial: TrialPlanned, at: datetime) -> tuple[int, int] | None:
    """The block and the day in it."""
    block, day = divmod((at.date() - trial.at.astimezone(at.tzinfo).date()).days, trial.days)
    return (block, day) if 0 <= block < len(trial.blocks) else None
