"""How fast the inside view is: the muscles of a frame, alone and in a whole hold, and the picture of a hold.

`python -m bench.inside` prints medians beside their limits, on one core.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from kneeroll.inside import Angles, look_inside
from kneeroll.inside.body import body
from kneeroll.inside.chain import line_lengths
from kneeroll.inside.stretch import IN_VIVO
from kneeroll.plots.inside import inside_svg
from kneeroll.poses import Side
from kneeroll.summaries import UNMEASURED, UNMEASURED_CREEP, HoldSummary, Measured

FRAMES = 400
"""A hold of twenty seconds at twenty frames a second."""
HOLD = HoldSummary(
    side=Side.RIGHT,
    start_s=0.0,
    end_s=20.0,
    in_posture_s=20.0,
    knee_drop_deg=Measured(62.0, 4.0),
    pelvis_roll_deg=Measured(34.0, 4.0),
    thorax_roll_deg=Measured(4.0, 3.0),
    trunk_twist_deg=Measured(30.0, 5.0),
    hip_swing_deg=Measured(28.0, 5.0),
    shoulder_lift_m=UNMEASURED,
    knee_drop_creep=UNMEASURED_CREEP,
    trunk_twist_creep=UNMEASURED_CREEP,
    faults=(),
)


def taken_ms(action: Callable[[], object], times: int) -> float:
    """Median wall time in milliseconds; the first run, which reads the body from its file, does not count."""
    action()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)


def report() -> dict[str, float]:
    """Print every figure beside its limit."""
    sinking = Angles(np.linspace(0.0, -30.0, FRAMES), np.linspace(0.0, -28.0, FRAMES))
    figures = {
        "lines": float(len(body().lines.first)),
        "frame_of_hold_ms": taken_ms(lambda: line_lengths(body(), sinking, IN_VIVO), 15) / FRAMES,
        "frame_alone_ms": taken_ms(lambda: line_lengths(body(), Angles(-30.0, -28.0), IN_VIVO), 50),
        "hold_ms": taken_ms(lambda: look_inside(HOLD), 15),
        "picture_ms": taken_ms(lambda: inside_svg(look_inside(HOLD), other_cm=30.0), 15),
    }
    print(f"inside view ({figures['lines']:.0f} lines, medians)")
    for name, key, limit in (
        ("all lengths, a frame of a hold", "frame_of_hold_ms", "< 0.5 ms"),
        ("all lengths, one frame alone", "frame_alone_ms", ""),
        ("what is said of a hold, errors carried", "hold_ms", ""),
        ("the picture of a hold", "picture_ms", "< 300 ms"),
    ):
        print(f"  {name:40s} {figures[key]:7.2f} ms  {limit}")
    return figures


def for_page(figures: dict[str, float]) -> str:
    """The sentence of docs/inside.md."""
    return (
        f"{figures['lines']:.0f} lines in {figures['frame_of_hold_ms']:.2f} ms a frame, a hold with its errors in "
        f"{figures['hold_ms']:.0f} ms, its picture in {figures['picture_ms']:.0f} ms, on one core."
    )


if __name__ == "__main__":
    report()
