"""The sound of one whole session as a person hears it, rendered by Chromium's own audio engine from the page's own scripts.

`python -m bench.sound` writes it to `bench/session.wav` (and a picture of it), and prints how loud bell, voice and tones are.
The coach is given the truth of the sample person; the page gets its words as from the server, but at the time of the rendering.
"""

from __future__ import annotations

import argparse
import base64
import csv
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import live
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.coach import CoachState, advance, begin
from kneeroll.events import Event, Observed, to_record
from kneeroll.movements import catalogue
from kneeroll.plans import Plan
from kneeroll.poses import BodyState, Floats, Posture, Quality, Reading, Side, View
from kneeroll.summaries import Usual

RATE = 22_050
FOLDER = Path(__file__).parent
UNDER_DB = 10.0
"""Tones are to be at least so much softer than the voice while it speaks."""
STROKE_S = 1.0
TAIL_S = 12.0

PLAN = Plan(movements=(catalogue()["breathing_30s"],), hold_s=20.0, holds_a_side=1)
"""Everything that sounds: the tone of the sinking knees, the chord, the ticks, the breath, the two notes, the bell."""
USUAL = Usual({Side.LEFT: 40.0, Side.RIGHT: 40.0})

_FAKES = """(() => {
  const rate = RATE, block = 128;
  let offline = null, resume = null, voice = null;
  const due = new Map(), voices = {}, spoken = [];
  const at = (t_s, act) => {
    const k = Math.max(Math.ceil(t_s * rate / block), Math.floor(offline.currentTime * rate / block) + 1);
    if ((k + 1) * block >= offline.length) return;
    if (due.has(k)) return due.get(k).push(act);
    due.set(k, [act]);
    offline.suspend((k * block + 1) / rate).then(() => { for (const act of due.get(k)) act(); resume(); });
  };
  class Socket extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    readyState = 1;
    constructor() { super(); window.theSocket = this; }
    send() {}
    close() {}
  }
  class Voice {
    constructor(src) { this.src = src; }
    async play() {
      const [t_s, buffer] = [offline.currentTime, voices[this.src]];
      this.source = new AudioBufferSourceNode(offline, { buffer });
      this.source.connect(voice, 0, 0);
      this.source.start(t_s);
      spoken.push([this.src.split("/").at(-1).replace(".wav", ""), t_s, t_s + buffer.duration]);
      at(t_s + buffer.duration, () => this.onended());
    }
    pause() { this.source.stop(); }
  }
  window.prepare = (seconds) => {
    offline = new OfflineAudioContext(2, seconds * rate, rate);
    resume = offline.resume.bind(offline);
    offline.resume = async () => {};
    voice = new ChannelMergerNode(offline, { numberOfInputs: 2 });
    voice.connect(offline.destination);
    const tones = new GainNode(offline, { channelCount: 1, channelCountMode: "explicit" });
    tones.connect(voice, 0, 1);
    Object.defineProperty(offline, "destination", { value: tones });
    Object.assign(window, { WebSocket: Socket, Audio: Voice, AudioContext: function () { return offline; } });
  };
  window.renderSound = async (messages, lines) => {
    for (const line of lines) voices[line] = await offline.decodeAudioData(await (await fetch(line)).arrayBuffer());
    performance.now = () => 1000 * offline.currentTime;
    window.setTimeout = (act, ms) => at(offline.currentTime + ms / 1000, act);
    const receive = (message) => theSocket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
    receive({ started: "rendered" });
    for (const [t_s, message] of messages) at(t_s, () => receive(message));
    const rendered = await offline.startRendering();
    const told = [0, 1].map((channel) => {
      const bytes = new Uint8Array(rendered.getChannelData(channel).buffer);
      let text = "";
      for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
      return btoa(text);
    });
    return { spoken, told };
  };
})()""".replace("RATE", str(RATE))


@dataclass(frozen=True, slots=True)
class Sound:
    """voice, tones: (N,) samples at `RATE`, full scale 1; what is heard is their sum.

    lines: (key, from, until) of each spoken line, in seconds. bell_s: when the bell began.
    """

    voice: Floats
    tones: Floats
    lines: tuple[tuple[str, float, float], ...]
    bell_s: float

    @property
    def mix(self) -> Floats:
        return self.voice + self.tones

    def between(self, samples: Floats, from_s: float, until_s: float) -> Floats:
        return samples[round(from_s * RATE) : round(until_s * RATE)]

    def under_db(self, from_s: float, until_s: float) -> float:
        """By how much the tones are softer than the voice in this time."""
        return level_db(self.between(self.voice, from_s, until_s)) - level_db(self.between(self.tones, from_s, until_s))

    @property
    def voice_db(self) -> float:
        """How loud the voice is while it speaks."""
        return level_db(np.concatenate([self.between(self.voice, a, b) for _, a, b in self.lines]))

    @property
    def bell_db(self) -> float:
        """How loud the bell's first stroke is."""
        return level_db(self.between(self.tones, self.bell_s, self.bell_s + STROKE_S))


def level_db(samples: Floats) -> float:
    """Loudness (root mean square) below full scale, dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def session() -> Iterator[tuple[float, CoachState, tuple[Event, ...], float | None]]:
    """The coach before the truth of the sample person: (seconds, coach, what happened, knee drop)."""
    coach, events = begin(PLAN, usual=USUAL)
    yield 0.0, coach, events, None
    for row in csv.DictReader(sample_clip_path().with_suffix(".csv").read_text("utf-8").splitlines()):
        t_s, drop_deg = float(row["t"]), float(row["drop"])
        angles = (drop_deg, float(row["pelvis"]), float(row["thorax"]))
        body = BodyState(t_s, *angles, 0.0, 0.0, 0.0, (2.0,) * 6, Quality.GOOD)
        posture = Posture.KNOWN
        if t_s < 2.0:
            body, posture = BodyState.unseen(t_s, Quality.GOOD), Posture.LYING
        coach, events = advance(coach, Observed(Reading(t_s, body, posture, View.QUARTER_FOOT, ())))
        yield t_s, coach, events, drop_deg
        if coach.phase.is_end:
            return


def messages() -> list[tuple[float, dict[str, Any]]]:
    """The session as the server tells the page of it."""
    return [
        (
            t_s,
            {
                "phase": coach.phase.value,
                "side": coach.side.value if coach.side else "",
                "done_s": coach.in_posture_s,
                "target_s": coach.movement.hold_s,
                "usual_deg": coach.deep_enough_deg,
                "knee_drop_deg": drop_deg,
                "events": [to_record(event) for event in events],
            },
        )
        for t_s, coach, events, drop_deg in session()
    ]


def render(page: Any) -> Sound:
    """Let the page, which a server of its own must have sent, receive the session and sound it."""
    told = messages()
    cues = [(t_s, e) for t_s, message in told for e in message["events"] if e["kind"] == "cue_given"]
    lines = sorted({f"/say/en/{PLAN.movements[0].id}/{cue['key']}.wav" for _, cue in cues})
    page.evaluate(_FAKES)
    page.evaluate("prepare", told[-1][0] + TAIL_S)
    page.select_option("#camera", "none")
    page.click("#start")
    found = page.evaluate("([messages, lines]) => renderSound(messages, lines)", [told, lines])
    voice, tones = (np.frombuffer(base64.b64decode(text), "<f4").astype(float) for text in found["told"])
    return Sound(voice, tones, tuple(map(tuple, found["spoken"])), next(t_s for t_s, cue in cues if cue["bell"]))


def write_wav(path: Path, samples: Floats) -> None:
    """16 bits, one channel."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def draw(path: Path, sound: Sound) -> None:
    """Voice and tones over time, and the pitches of both together."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16, 8), layout="constrained")
    waves, pitches = figure.subplots(2, 1, sharex=True)
    t_s = np.arange(len(sound.mix)) / RATE
    waves.plot(t_s[::20], sound.tones[::20], lw=0.4, label="tones")
    waves.plot(t_s[::20], sound.voice[::20], lw=0.4, alpha=0.6, label="voice")
    for key, from_s, until_s in sound.lines:
        waves.axvspan(from_s, until_s, alpha=0.12, color="tab:orange")
        waves.text(from_s, 0.9, key, rotation=30, fontsize=7)
    waves.set(ylim=(-1, 1.3), ylabel="full scale 1")
    waves.legend(loc="lower left")
    with np.errstate(divide="ignore"):
        pitches.specgram(sound.mix, NFFT=1024, Fs=RATE, noverlap=512, vmin=-120)
    pitches.set(ylim=(0, 3000), ylabel="Hz", xlabel="seconds")
    figure.savefig(path, dpi=100)


def report(folder: Path = FOLDER) -> Sound:
    """Render, write `session.wav` and `session.png`, and print the levels beside their limits."""
    with tempfile.TemporaryDirectory() as home:
        port = live.free_port()
        with live.running_server(Path(home), port), live.open_page(port) as page:
            sound = render(page)
    write_wav(folder / "session.wav", sound.mix)
    draw(folder / "session.png", sound)
    print(f"sound of a session, {len(sound.mix) / RATE:.0f} s, in {folder / 'session.wav'}")
    nearest, key = min((sound.under_db(a, b), key) for key, a, b in sound.lines)
    for name, text, limit in (
        ("highest sample", f"{np.abs(sound.mix).max():.2f}", "< 1 (no clipping)"),
        ("voice while it speaks", f"{sound.voice_db:.1f} dBFS", ""),
        ("bell, its first second", f"{sound.bell_db:.1f} dBFS", "at least as loud as the voice"),
        ("bell, highest sample", f"{np.abs(sound.tones).max():.2f}", ""),
        (f"tones under the voice, nearest ({key})", f"{nearest:.1f} dB", f">= {UNDER_DB:.0f} dB"),
    ):
        print(f"  {name:46s} {text:>12s}  {f'limit {limit}' if limit else ''}".rstrip())
    return sound


def for_readme(_: Sound) -> str:
    """Nothing: its limits are kept by the tests."""
    return ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.sound", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for session.wav and session.png")
    report(parser.parse_args().out)
