"""What a person hears and what the clock counts, over the clips for development, live (nothing is measured twice)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from bench.truth import clips
from kneeroll.cameras.clip import open_clip
from kneeroll.estimators.choose import load
from kneeroll.events import Fault, FaultSeen, HoldEnded, Request
from kneeroll.networks import DEFAULT
from kneeroll.plans import OBSERVE
from kneeroll.poses import Floats
from kneeroll.session import Session
from kneeroll.session.replay import MAX_FPS
from kneeroll.truth.read import TrueHold, read_truth

NAMED_WITHIN_S = 1.5
"""A lifted shoulder named later than this after it came up counts as missed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One clip. clock_s: for each hold that was found, whether a shoulder was lifted in it, and counted minus true seconds in
    posture. named_s: from each true lift to its name, NaN where none came. wrong: faults named that were not there.
    hands: gestures seen (nobody makes any). frame_ms: what one frame took. breaths: for each true hold its side, the true count
    and the one that was found, None where it was not measurable.
    """

    name: str
    length_s: float
    clock_s: tuple[tuple[bool, float], ...]
    named_s: tuple[float, ...]
    wrong: tuple[str, ...]
    hands: int
    frame_ms: tuple[float, ...]
    breaths: tuple[tuple[str, int | None, int | None], ...]


def listen(clip: Path) -> Heard:
    """One clip, frame by frame, as it would be live."""
    truth = read_truth(clip)
    estimator = load(DEFAULT)
    session = Session(OBSERVE, estimator)
    frame_ms, hands, up_before = [], 0, False
    with open_clip(clip, max_fps=MAX_FPS) as frames:
        for frame in frames:
            began = time.perf_counter()
            step = session.see(frame)
            frame_ms.append(1000 * (time.perf_counter() - began))
            is_up = bool(step.reading.hands_up)
            hands += is_up and not up_before
            up_before = is_up
    session.ask(Request.RECORDING_ENDED)
    estimator.close()
    ended = [e for e in session.events if isinstance(e, HoldEnded)]
    seen = [e for e in session.events if isinstance(e, FaultSeen)]
    clock_s = []
    for hold in truth.holds:
        counted = [e.in_posture_s for e in ended if e.side is hold.side and _shared_s(e.since_s, e.until_s, hold) > 0]
        if counted:
            clock_s.append((hold.lifted, sum(counted) - hold.in_posture_s))
    lifts = [(h.lift_since_s, h.end_s) for h in truth.holds if h.lifted and h.lift_since_s is not None]
    named = [
        next((e.t_s - since_s for e in seen if _is_lift(e) and since_s <= e.t_s <= end_s), np.nan) for since_s, end_s in lifts
    ]
    wrong = [e.fault.value for e in seen if not (_is_lift(e) and any(a <= e.t_s <= b for a, b in lifts))]
    breaths = tuple((hold.side.value, hold.breaths, _breaths_found(session, hold)) for hold in truth.holds)
    return Heard(clip.stem, session.t_s, tuple(clock_s), tuple(named), tuple(wrong), hands, tuple(frame_ms), breaths)


def _breaths_found(session: Session, true: TrueHold) -> int | None:
    """Of the hold that lasts longest within the true one."""
    holds = [h for h in session.summary().holds if _shared_s(h.start_s, h.end_s, true) > 0]
    found = max(holds, key=lambda h: _shared_s(h.start_s, h.end_s, true), default=None)
    return None if found is None or found.breathing.breaths.value is None else int(found.breathing.breaths.value)


def _is_lift(event: FaultSeen) -> bool:
    return event.fault is Fault.SHOULDER_LIFTED


def _shared_s(since_s: float, until_s: float, true: TrueHold) -> float:
    return min(until_s, true.end_s) - max(since_s, true.start_s)


def _clock_off_s(heard: list[Heard], *, lifted: bool) -> Floats:
    return np.abs([s for one in heard for is_lifted, s in one.clock_s if is_lifted is lifted])


def _mean_s(seconds: Floats) -> str:
    return f"{seconds.mean():.2f} s" if len(seconds) else "-"


def report() -> list[Heard]:
    """Print the figures beside their limits."""
    heard = [listen(path) for path in track(clips(), "Listening", transient=True)]
    clean_s, lifted_s = (_clock_off_s(heard, lifted=want) for want in (False, True))
    named_s = np.array([s for one in heard for s in one.named_s])
    ms = np.array([t for one in heard for t in one.frame_ms])
    wrong = [f"{one.name}: {fault}" for one in heard for fault in one.wrong]
    in_time = int((named_s <= NAMED_WITHIN_S).sum())
    print(f"the coach, live, {len(heard)} clips, {sum(one.length_s for one in heard):.0f} s")
    for name, value, limit in (
        ("hold clock off, clean holds, mean", f"{clean_s.mean():.2f} s", "0.5 s"),
        ("hold clock off, clean holds, worst", f"{clean_s.max():.2f} s", "0.5 s"),
        ("hold clock off, holds with a lift, mean", _mean_s(lifted_s), "0.5 s"),
        ("faults named that were not there", f"{len(wrong)}", "0"),
        (f"lifted shoulders named within {NAMED_WITHIN_S} s", f"{in_time} of {len(named_s)}", "all"),
        ("gestures seen where nobody made one", f"{sum(one.hands for one in heard)}", "0"),
        ("one frame, median", f"{np.median(ms):.0f} ms", ""),
        ("one frame, 95th percentile", f"{np.percentile(ms, 95):.0f} ms", ""),
    ):
        print(f"  {name:42s} {value:>10s}   limit {limit}" if limit else f"  {name:42s} {value:>10s}")
    for line in wrong:
        print(f"  named wrongly in {line}")
    _print_breaths(heard)
    return heard


def _print_breaths(heard: list[Heard]) -> None:
    """For each hold the true count and the found one."""
    counts = [(one.name, *hold) for one in heard for hold in one.breaths if hold[1] is not None]
    told = [(true, found) for _, _, true, found in counts if true is not None and found is not None]
    print(f"  breaths told in {len(told)} of {len(counts)} holds, within 1 in {sum(abs(t - f) <= 1 for t, f in told)} of them")
    for name, side, true, found in counts:
        print(f"    {name:20s} {side:5s} true {true}   found {'not measurable' if found is None else found}")


def for_readme(heard: list[Heard]) -> str:
    """The README's sentence."""
    clean_s, lifted_s = (_clock_off_s(heard, lifted=want) for want in (False, True))
    named_s = [s for one in heard for s in one.named_s]
    minutes, in_time = sum(one.length_s for one in heard) / 60, sum(s <= NAMED_WITHIN_S for s in named_s)
    wrong, hands = sum(len(one.wrong) for one in heard), sum(one.hands for one in heard)
    return (
        f"The coach, live, {minutes:.0f} minutes of clips: its hold clock is off by {clean_s.mean():.1f} s "
        f"(worst {clean_s.max():.1f} s) in holds without a fault, by {_mean_s(lifted_s)} in those with a lift; "
        f"{in_time} of {len(named_s)} lifted shoulders are named within {NAMED_WITHIN_S} s; "
        f"faults named that are not there: {wrong}; gestures seen that nobody made: {hands}."
    )
