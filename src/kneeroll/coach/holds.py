"""When the knees rest at depth: starts when they stop sinking, ends when they leave. Pure and causal.

Both ends are dated back. Knees slow down before they stop, so that the time at which they crossed a line 2 degrees short of
the rest is too early. Near the rest the way left shrinks with the square of the time left: from the times at which 8 and 2
degrees were left (a half of the time lies between them) follows the moment of the stop itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kneeroll.poses import Side

DEPTH_DEG = 15.0
"""Less than this is not depth."""
SHALLOW_DEG = 10.0
"""Knees nearer to the middle than this rest no longer, however slowly they came."""
REST_WINDOW_S = 0.8
REST_SPEED_DEG_S = 3.5
REST_WOBBLE_DEG = 2.5
LEAVE_DEG = 8.0
SURE_S, UNSURE_S = 0.25, 1.0
"""Knees that are this far off for so long have left; for the longer time where something may have hidden them."""
HIDDEN_DEG, PER_DOUBT = 2.5, 2.0
"""A standard error that has grown by so much since they came to rest tells of something before them; and how much further off
they must be for each degree of its growth."""
NEAR_DEG = 2.0
ARRIVING, LEAVING = 2.1, 1.6
"""How many times farther out than a parabola says the turning point lies: knees come to rest more softly than they leave
(medians over eleven rendered clips)."""
MEMORY_S = 5.0
LOST_S = 3.0

Sample = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rest:
    """The last seconds of the knee drop, and whether the knees rest.

    side, since_s: set while they rest; until_s: set in the step in which a rest ended. error_deg: the smallest standard error of
    this rest. unseen_s: when the knees were last not seen, or not well.
    """

    recent: tuple[Sample, ...] = ()
    side: Side | None = None
    since_s: float = 0.0
    until_s: float | None = None
    lost: bool = False
    error_deg: float = np.inf
    unseen_s: float = -np.inf

    @property
    def resting(self) -> bool:
        return self.side is not None


def follow_rest(rest: Rest, t_s: float, knee_drop_deg: float, error_deg: float = 0.0) -> Rest:
    """Take in one frame and its standard error; NaN is "not seen"."""
    rest = replace(rest, until_s=None, lost=False)
    if not np.isfinite(knee_drop_deg):
        if rest.resting and rest.recent and t_s - rest.recent[-1][0] > LOST_S:
            return Rest(until_s=rest.recent[-1][0], since_s=rest.since_s, lost=True)
        return replace(rest, unseen_s=t_s)
    if rest.resting and t_s - rest.recent[-1][0] > LOST_S:
        return Rest(recent=((t_s, float(knee_drop_deg)),), since_s=rest.since_s, until_s=rest.recent[-1][0], lost=True)
    if rest.resting:
        rest, knee_drop_deg = _doubt(rest, t_s, knee_drop_deg, error_deg)
    recent = (*(s for s in rest.recent if t_s - s[0] <= MEMORY_S), (t_s, float(knee_drop_deg)))
    rest = replace(rest, recent=recent)
    return _leave(rest) if rest.resting else _arrive(rest)


def _doubt(rest: Rest, t_s: float, knee_drop_deg: float, error_deg: float) -> tuple[Rest, float]:
    """The rest and the angle to believe: as before, where what is seen badly does not say otherwise."""
    best_deg = min(rest.error_deg, error_deg)
    doubt_deg, before_deg = error_deg - best_deg, rest.recent[-1][1]
    if doubt_deg <= HIDDEN_DEG:
        return replace(rest, error_deg=best_deg), knee_drop_deg
    may_rest = abs(knee_drop_deg - before_deg) <= LEAVE_DEG + PER_DOUBT * doubt_deg
    return replace(rest, error_deg=best_deg, unseen_s=t_s), before_deg if may_rest else knee_drop_deg


def _arrive(rest: Rest) -> Rest:
    t_s, drop = rest.recent[-1]
    window = np.array(_last(rest.recent, REST_WINDOW_S, at_least=5))
    if abs(drop) < DEPTH_DEG or len(window) < 5 or not 0.8 * REST_WINDOW_S <= t_s - window[0, 0] <= LOST_S:
        return rest
    slope, offset = np.polyfit(window[:, 0] - t_s, window[:, 1], 1)
    wobble = float(np.std(window[:, 1] - offset - slope * (window[:, 0] - t_s)))
    level = float(np.median(window[:, 1]))
    if abs(slope) > REST_SPEED_DEG_S or wobble > REST_WOBBLE_DEG or abs(level) < DEPTH_DEG:
        return rest
    side = Side.LEFT if level > 0 else Side.RIGHT
    ways = [(t, (level - d) * side.sign) for t, d in rest.recent]
    return replace(rest, side=side, error_deg=np.inf, since_s=min(_turning_point(ways[::-1], float(window[0, 0]), ARRIVING), t_s))


def _last(recent: tuple[Sample, ...], window_s: float, at_least: int) -> Sequence[Sample]:
    """The samples of the last seconds; of more seconds where a slow machine gives fewer than `at_least` in these."""
    return max([s for s in recent if recent[-1][0] - s[0] <= window_s], recent[-at_least:], key=len)


def _leave(rest: Rest) -> Rest:
    assert rest.side is not None
    t_s = rest.recent[-1][0]
    settled = [d for t, d in rest.recent if t >= rest.since_s and t_s - t > 1.2] or [d for _, d in rest.recent[:3]]
    level = float(np.median(settled))
    window_s = SURE_S if t_s - rest.unseen_s > UNSURE_S else UNSURE_S
    late = [d * rest.side.sign for _, d in _last(rest.recent, window_s, at_least=2)]
    has_left = max(late) <= level * rest.side.sign - LEAVE_DEG or max(late) < SHALLOW_DEG
    if len(late) < 2 or not has_left:
        return rest
    # hands and knees wander by a few degrees within a hold: what counts is where they were just before they left
    just_before = [d for t, d in rest.recent if t >= rest.since_s and 1.2 <= t_s - t <= 3.0]
    level = float(np.median(just_before)) if just_before else level
    ways = [(t, (level - d) * rest.side.sign) for t, d in rest.recent if t >= rest.since_s]
    until_s = max(_turning_point(ways, t_s, LEAVING), rest.since_s)
    return Rest(recent=tuple(s for s in rest.recent if s[0] >= until_s), since_s=rest.since_s, until_s=until_s)


def _turning_point(ways: list[tuple[float, float]], default_s: float, steeper: float) -> float:
    """When the knees were exactly at rest, seen from the rest outward: `ways` are (time, degrees from the rest).

    Walk from the rest; the last time within 2 degrees and the first beyond 8 give the moment (see the module).
    """
    far = next((i for i, (_, way) in enumerate(ways) if way > LEAVE_DEG), None)
    if far is None:
        return default_s
    near = max((i for i in range(far) if ways[i][1] <= NEAR_DEG), default=0)
    near_s, far_s = _crossing(ways, near, NEAR_DEG), _crossing(ways, far - 1, LEAVE_DEG)
    half = steeper * float(np.clip(far_s - near_s, -0.6, 0.6))
    return near_s - half


def _crossing(ways: list[tuple[float, float]], i: int, level: float) -> float:
    """The time between samples i and i + 1 at which the way passed `level`."""
    (t0, w0), (t1, w1) = ways[i], ways[min(i + 1, len(ways) - 1)]
    share = 0.0 if w1 == w0 else float(np.clip((level - w0) / (w1 - w0), 0.0, 1.0))
    return t0 + share * (t1 - t0)
