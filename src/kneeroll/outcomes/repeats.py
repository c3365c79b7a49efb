"""How far two measurements of the same person lie apart when nothing changed: their own measuring error. Pure.

>>> Repeatability(3.0, 12).mdc95(7)
3.14
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

import numpy as np

from kneeroll.languages import Translate
from kneeroll.movements import SHIPPED, Movement
from kneeroll.outcomes.readings import Measure, Sitting, angle_of, setup_of
from kneeroll.summaries import MDC95

FIRST_WEEK = timedelta(days=7)
LEAST_REPEATS = 6
"""With fewer free repeats the error itself would be known to worse than a third."""


@dataclass(frozen=True, slots=True)
class Repeatability:
    """sem: standard error of measurement, in the unit of what is measured; None with fewer than `LEAST_REPEATS` repeats.

    repeats: how many measurements there were beyond the first of each series (degrees of freedom).
    """

    sem: float | None
    repeats: int

    def mdc95(self, n: int = 1) -> float | None:
        """The smallest change between two means of `n` measurements each that is believable (95 %), None where not known."""
        return None if self.sem is None else round(MDC95 * self.sem / sqrt(n), 2)

    def told(self, _: Translate) -> str:
        """In words of a language."""
        mdc95 = self.mdc95()
        if mdc95 is None:
            words = _(
                "Your own measuring error is not known yet: {more} more holds on a side that was held before in the session."
            )
            return words.format(more=LEAST_REPEATS - self.repeats)
        words = _("From one time to the next, less than {degrees}° of difference may be nothing but measuring error.")
        return words.format(degrees=f"{mdc95:.0f}")


def repeatability(sittings: Iterable[Sitting], measure: Measure, known: Mapping[str, Movement] = SHIPPED) -> Repeatability:
    """This person's own measuring error of an angle, from the repeats within each session of the first week.

    The variance within each session, side and set-up, pooled. What repeats stretch comes on top, so that it is rather too large.
    Where the first week has too few repeats, all sessions count. known: movements by id (those that ship with kneeroll).
    """
    ordered = sorted(sittings, key=lambda s: s.started_at)
    early = _pooled([s for s in ordered if s.started_at < ordered[0].started_at + FIRST_WEEK], measure, known)
    return early if early.sem is not None else _pooled(ordered, measure, known)


def _pooled(sittings: Sequence[Sitting], measure: Measure, known: Mapping[str, Movement]) -> Repeatability:
    series = defaultdict[object, list[float]](list)
    for sitting in sittings:
        for hold in sitting.summary.holds:
            value, setup = angle_of(hold, measure).value, setup_of(sitting, hold, known)
            if setup and value is not None:
                series[sitting.started_at, hold.side, setup].append(value)
    squares = sum(float(np.var(values)) * len(values) for values in series.values())
    repeats = sum(len(values) - 1 for values in series.values())
    return Repeatability(sqrt(squares / repeats) if repeats >= LEAST_REPEATS else None, repeats)
