// All that is heard: the voice, the tone of the sinking knees, the tick of the hold, the chime and the end bell.

const UNDER_THE_VOICE = 0.25;
const HEARD_S = 0.3;
const CHIME_S = 0.6;
const BELL_S = 3.1;
/** A voice that does not say when it has ended (a machine that slept) must not keep all other lines waiting. */
const LONGEST_LINE_MS = 25000;

let audio = null;
let out = null;
let soft = null;
let volume = 1;
let movement = "";
let tone = null;
let hum = null;
let playing = null;
let waiting = null;
let pending = null;
let overdue = null;
let signalUntil_ms = 0;

/** Sound may start only after a person pressed something. */
export function wake() {
  audio ??= new AudioContext();
  out ??= new GainNode(audio, { gain: volume });
  soft ??= new GainNode(audio, { gain: 1 });
  soft.connect(out).connect(audio.destination);
  audio.resume();
}

/** Whether somebody pressed something since the page was loaded. */
export const isAwake = () => audio !== null;

/** How loud the sounds are beside the voice: 0 silent, 1 as made. */
export function setVolume(gain) {
  volume = gain;
  out?.gain.setTargetAtTime(gain, audio.currentTime, 0.05);
}

/** Which movement's lines the server speaks. */
export function setMovement(id) {
  movement = id;
}

// ---- voice: the browser's own if it speaks the page's language without a network, else espeak-ng's from the server

const { lang } = document.documentElement;

/** The one that its owner chose, where that speaks the language: the first of a list may be a joke. */
export function localVoice() {
  const voices = (window.speechSynthesis?.getVoices() ?? []).filter((v) => v.localService && v.lang.replace("_", "-").startsWith(lang));
  return voices.find((v) => v.default) ?? voices[0] ?? null;
}

/** Speak after the line that is being spoken, and after the chime or the bell. Only the newest line waits: an instruction that comes late misleads. */
export function say(key, text) {
  waiting = { key, text };
  if (!playing) speakNext();
}

/** All but the bell steps back by 12 dB while a line is spoken. */
function hush(now) {
  soft?.gain.setTargetAtTime(now ? UNDER_THE_VOICE : 1, audio.currentTime, now ? 0.03 : 0.15);
}

export function silence() {
  waiting = null;
  window.speechSynthesis?.cancel();
  playing?.pause?.();
  playing = null;
  clearTimeout(overdue);
  hush(false);
  setTone(null);
  endBreath();
}

function speakNext() {
  clearTimeout(pending);
  const wait_ms = signalUntil_ms - performance.now();
  if (waiting && wait_ms > 0) pending = setTimeout(speakNext, wait_ms);
  const line = wait_ms > 0 ? null : waiting;
  if (!line) return hush(false);
  waiting = null;
  hush(true);
  const done = () => {
    if (playing !== mine) return;
    clearTimeout(overdue);
    playing = null;
    speakNext();
  };
  const voice = localVoice();
  let mine;
  if (voice) {
    mine = new SpeechSynthesisUtterance(line.text);
    mine.voice = voice;
    mine.lang = voice.lang;
    mine.rate = 0.92;
    mine.onend = mine.onerror = done;
    playing = mine;
    window.speechSynthesis.speak(mine);
  } else {
    mine = new Audio(`/say/${lang.split("-")[0]}/${encodeURIComponent(movement)}/${line.key}.wav`);
    mine.onended = mine.onerror = done;
    playing = mine;
    mine.play().catch(done);
  }
  overdue = setTimeout(() => {
    if (playing !== mine) return;
    window.speechSynthesis?.cancel();
    mine.pause?.();
    done();
  }, LONGEST_LINE_MS);
}

// ---- sounds

function strike(frequency, { gain = 0.3, seconds = 0.2, at = 0, through = soft } = {}) {
  if (!audio) return;
  const from = audio.currentTime + at;
  const source = new OscillatorNode(audio, { frequency });
  const level = new GainNode(audio, { gain: 0 });
  level.gain.setValueAtTime(0, from);
  level.gain.linearRampToValueAtTime(gain, from + 0.008);
  level.gain.exponentialRampToValueAtTime(0.0001, from + seconds);
  source.connect(level).connect(through);
  source.start(from);
  source.stop(from + seconds + 0.05);
}

export const tick = () => strike(990, { gain: 0.16, seconds: 0.06 });

/** The next line waits until a signal has been heard. */
function signal(seconds) {
  signalUntil_ms = performance.now() + 1000 * seconds;
}

/** Heard: it pauses, goes on or stops. */
export function heard() {
  signal(HEARD_S);
  strike(392, { seconds: HEARD_S });
}

export function chime() {
  signal(CHIME_S);
  strike(523, { seconds: 1.2 });
  strike(784, { seconds: 1.4, at: 0.18 });
}

/** Three strokes of a bell, loud enough to be heard from the floor. */
export function bell() {
  signal(BELL_S);
  for (const at of [0, 1.1, 2.2]) {
    for (const [partial, gain] of [[1, 0.42], [2.0, 0.24], [2.76, 0.16], [5.4, 0.08]]) strike(440 * partial, { gain, seconds: 2.6 / partial ** 0.4, at, through: out });
  }
}

/** Where the knees usually rest is reached: a soft chord. */
export function enough() {
  for (const [i, frequency] of [440, 554, 659].entries()) strike(frequency, { gain: 0.1, seconds: 1.1, at: 0.05 * i });
}

/** A soft tone that rises by an octave until the knees are where they usually rest (60 degrees where nobody knows); null ends it. */
export function setTone(drop_deg, usual_deg = 60) {
  if (!audio) return;
  if (drop_deg === null) {
    tone?.level.gain.setTargetAtTime(0, audio.currentTime, 0.12);
    return;
  }
  if (!tone) {
    const source = new OscillatorNode(audio, { type: "triangle" });
    const level = new GainNode(audio, { gain: 0 });
    source.connect(level).connect(soft);
    source.start();
    tone = { source, level };
  }
  tone.source.frequency.setTargetAtTime(220 * 2 ** Math.min(drop_deg / usual_deg, 1.5), audio.currentTime, 0.08);
  tone.level.gain.setTargetAtTime(0.09, audio.currentTime, 0.15);
}

/** One breath: a soft hum that swells and rises for "in", fades and falls for "out". */
export function breath(way, lasts_s) {
  if (!audio) return;
  const [from, to] = way === "in" ? [147, 196] : [196, 147];
  const now = audio.currentTime;
  const source = new OscillatorNode(audio, { type: "sine", frequency: from });
  const level = new GainNode(audio, { gain: 0 });
  source.frequency.linearRampToValueAtTime(to, now + lasts_s);
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(0.11, now + lasts_s * (way === "in" ? 0.8 : 0.2));
  level.gain.linearRampToValueAtTime(0, now + lasts_s * 0.97);
  source.connect(level).connect(soft);
  source.start(now);
  source.stop(now + lasts_s);
  hum = level;
}

/** Whoever pauses or stops breathes as they like. */
export function endBreath() {
  hum?.gain.cancelScheduledValues(audio.currentTime);
  hum?.gain.setTargetAtTime(0, audio.currentTime, 0.12);
}
