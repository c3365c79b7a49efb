"""From the frame in which the truth crosses a threshold to the start of the sound that says so, in a real Chromium.

`python -m bench.delay` plays the sample person, whose pictures are numbered, to the coach's page. Two sounds answer to a
threshold of the truth: the chord when the knees reach their usual depth, and the tick of each whole second of a clean hold.
What the measuring itself is off by (the angle, the moment the knees came to rest) counts; a sound that comes too early is as
wrong as one that comes too late.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench import live
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.coach.sight import NEAR_DEG
from kneeroll.events import EndReason
from kneeroll.journal import Journal
from kneeroll.plans import OBSERVE
from kneeroll.poses import Floats, Side, View
from kneeroll.summaries import (
    UNMEASURED,
    UNMEASURED_BREATHING,
    UNMEASURED_CREEP,
    HoldSummary,
    Measured,
    SessionSummary,
)
from kneeroll.truth.read import TrueHold, read_truth

CHORD_HZ, TICK_HZ = 554, 990
"""Pitches that only the chord of `sound.js` has, and only its tick."""
MEDIAN_MS, LATE_MS = 300, 600
FAR_MS = 1500.0
"""A sound further from its moment than this belongs to another one."""

_HOOKS = """(() => {
  const [bits, side] = [BITS, SIDE];
  window.delayLog = { frames: [], sounds: [] };
  const toBlob = HTMLCanvasElement.prototype.toBlob, begin = AudioScheduledSourceNode.prototype.start;
  HTMLCanvasElement.prototype.toBlob = function (...rest) {
    const { data } = this.getContext("2d").getImageData(0, this.height - side, bits * side, side);
    let number = 0;
    for (let bit = 0; bit < bits; bit++) number += (data[4 * (side / 2 * bits * side + bit * side + side / 2)] > 127) << bit;
    delayLog.frames.push([performance.now(), number]);
    return toBlob.apply(this, rest);
  };
  AudioScheduledSourceNode.prototype.start = function (when = 0) {
    const later_s = Math.max(when - this.context.currentTime, 0) + (this.context.outputLatency || this.context.baseLatency);
    delayLog.sounds.push([performance.now() + 1000 * later_s, this.frequency?.value ?? 0]);
    return begin.call(this, when);
  };
})()""".replace("BITS", str(live.NUMBER_BITS)).replace("SIDE", str(live.BIT_PX))


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from each moment of the truth to its sound, NaN where none came; frames a second that the page sent."""

    chord_ms: Floats
    tick_ms: Floats
    fps: float

    @property
    def all_ms(self) -> Floats:
        return np.concatenate([self.chord_ms, self.tick_ms])


def moments(hold: TrueHold, usual_deg: float, t_s: Floats, drop_deg: Floats) -> tuple[float, list[float]]:
    """Seconds of the clip: when the knees passed the chord's depth before this hold, and each whole second of it."""
    before = t_s < hold.start_s
    above = hold.side.sign * drop_deg < usual_deg - NEAR_DEG
    passed = t_s[before & above].max()
    return float(passed), [hold.start_s + k for k in range(1, int(hold.in_posture_s) + 1)]


def know_the_person(home: Path, holds: tuple[TrueHold, ...]) -> dict[Side, float]:
    """A journal in which this person has done three sessions, each as deep as the truth; their usual drops by side."""
    usual_deg = {hold.side: abs(hold.angles["knee_drop_deg"]) for hold in holds}
    summary = SessionSummary(
        tuple(_held(side, drop_deg) for side, drop_deg in usual_deg.items()), View.QUARTER_FOOT, (), EndReason.DONE, "", ""
    )
    with Journal.open(home) as journal:
        for _ in range(3):
            begun = journal.begin(kind="live", engine="", estimator="", plan=OBSERVE.record(), started_at=datetime.now(UTC))
            begun.finish(summary)
    return usual_deg


def _held(side: Side, drop_deg: float) -> HoldSummary:
    unknown: dict[str, Any] = dict.fromkeys(
        ("pelvis_roll_deg", "thorax_roll_deg", "trunk_twist_deg", "hip_swing_deg", "shoulder_lift_m"), UNMEASURED
    )
    return HoldSummary(
        side, 0.0, 20.0, 20.0, Measured(drop_deg, 3.0), knee_drop_creep=UNMEASURED_CREEP, trunk_twist_creep=UNMEASURED_CREEP,
        breathing=UNMEASURED_BREATHING, faults=(), **unknown,
    )  # fmt: skip


def shown_ms(frames: Floats) -> float:
    """The page's time at which picture 0 came: from (milliseconds, number) of each picture taken, those taken soonest."""
    return float(np.percentile(frames[:, 0] - 1000 * frames[:, 1] / live.CAMERA_FPS, 5))


def to_nearest(at_ms: float, sounds_ms: Floats) -> float:
    """From a moment to the sound nearest to it; NaN where none is near."""
    off = sounds_ms - at_ms
    near = off[np.abs(off) < FAR_MS]
    return float(near[np.argmin(np.abs(near))]) if len(near) else np.nan


def off_ms(delays_ms: Floats) -> tuple[float, float]:
    """Median and 95th percentile of how far the sounds are from their moments; NaN where there is none."""
    return tuple(np.percentile(np.abs(delays_ms), [50, 95]).tolist()) if len(delays_ms) else (np.nan, np.nan)


def listen() -> Delays:
    """One session of the sample person."""
    clip = sample_clip_path()
    rows = list(csv.DictReader(clip.with_suffix(".csv").read_text("utf-8").splitlines()))
    t_s, drop_deg = (np.array([float(row[name]) for row in rows]) for name in ("t", "drop"))
    holds = read_truth(clip).holds
    with tempfile.TemporaryDirectory() as folder:
        home, plan = Path(folder) / "home", Path(folder) / "once.toml"
        usual_deg = know_the_person(home, holds)
        longest_s = max(hold.in_posture_s for hold in holds)
        plan.write_text(f"holds_a_side = 1\nhold_s = {np.floor(longest_s)}\n", "utf-8")
        camera = live.make_camera(Path(folder) / "camera.mjpeg", clip, numbered=True)
        port = live.free_port()
        with live.running_server(home, port, "--plan", str(plan)), live.open_page(port, camera) as page:
            page.evaluate(_HOOKS)
            live.wait_until(page, "kneerollTimings.length > 10", 30)
            page.click("#start")
            live.wait_until(page, live.ENDED, 150)
            log = page.evaluate("delayLog")
    frames, sounds = np.array(log["frames"]), np.array(log["sounds"])
    zero_ms = shown_ms(frames)
    at_ms = {hz: sounds[np.isclose(sounds[:, 1], hz), 0] for hz in (CHORD_HZ, TICK_HZ)}
    chord, ticks = [], []
    for hold in holds:
        deep_s, seconds = moments(hold, usual_deg[hold.side], t_s, drop_deg)
        chord.append(to_nearest(zero_ms + 1000 * (live.LEAD_IN_S + deep_s), at_ms[CHORD_HZ]))
        if not hold.lifted:
            ticks += [to_nearest(zero_ms + 1000 * (live.LEAD_IN_S + second), at_ms[TICK_HZ]) for second in seconds]
    return Delays(np.array(chord), np.array(ticks), float(1000 * (len(frames) - 1) / np.ptp(frames[:, 0])))


def report() -> Delays:
    """Print the delays beside their limits."""
    found = listen()
    print(f"from the truth to the sound, sample person, browser, {found.fps:.0f} frames a second")
    for name, ms in (
        ("chord at the usual depth", found.chord_ms),
        ("tick of a second held", found.tick_ms),
        ("all", found.all_ms),
    ):
        came = ms[np.isfinite(ms)]
        median, late = off_ms(came)
        limits = f"limits {MEDIAN_MS} and {LATE_MS} ms" if name == "all" else ""
        signed = f"from {came.min():5.0f} to {came.max():4.0f} ms" if len(came) else ""
        heard = f"{len(came):3d} of {len(ms):2d}"
        print(f"  {name:25s} {heard}   median {median:4.0f} ms, 95 % within {late:4.0f} ms   {signed}   {limits}")
    return found


def for_readme(found: Delays) -> str:
    """The README's sentence."""
    came = found.all_ms[np.isfinite(found.all_ms)]
    median, late = off_ms(came)
    return (
        f"Between a moment and its sound (chord, tick of a second held): {median:.0f} ms (median), 95 % within {late:.0f} ms; "
        f"{len(came)} of {len(found.all_ms)} came."
    )


if __name__ == "__main__":
    report()
    sys.exit()
