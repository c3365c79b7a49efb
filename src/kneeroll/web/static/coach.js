// The page: set up with it, then need not see it. It sends pictures, says what the coach says, and shows where things stand.

import { Camera } from "./camera.js";
import * as comfort from "./comfort.js";
import { draw } from "./draw.js";
import { offerReminder } from "./remind.js";
import { isPhone, lineBroke, stayInTouch } from "./phone.js";
import { listen, problem, showAngle, showClock, showMeasuring, showStep } from "./show.js";
import * as sound from "./sound.js";
import { t, word } from "./text.js";

const $ = (id) => document.getElementById(id);
const advice = JSON.parse($("advice").textContent);
const movements = JSON.parse($("movements").textContent);
const TAKEN = 1013; // another page has the coach, or has not let go of it yet
const ASK_AGAIN_MS = 2000;
const MOST_IN_FLIGHT = 2;
/** After this the browser has told its voices. */
const VOICES_MS = 1500;
/** Buzzes and the rests between them: a wish was heard; the hold is done; the session is finished. */
const HEARD_MS = [60];
const BACK_MS = [150];
const END_MS = [400, 200, 400, 200, 400];
const RESTING = ["paused", "tracking_lost", "stopped"];
const BREAKS_OFF = ["paused", "stopped"]; // the line that is spoken, too
const VIEWS = {
  quarter_foot: t("I see you from an angle at the foot side, good."),
  quarter_head: t("I see you from an angle at the head side, good."),
  side: t("I see you from the side, good."),
  above: t("I see you from above, good."),
  head_end: t("I see you from the head end, good."),
};

/** Empty where the browser keeps nothing. */
const memory = (() => {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
})();
const camera = new Camera($("video"), cameraLost);
let socket = null;
let inFlight = 0;
let grabbing = false;
let running = false;
let awake = null;
let movement = "";
let openings = 0;
let waits = null; // the timer while another page has the coach

/** For `bench/live`: when each frame was taken and how long its result took. */
window.kneerollTimings = [];

// ---- the line to the coach

function connect() {
  clearTimeout(waits);
  socket = new WebSocket(`${location.origin.replace("http", "ws")}/live`);
  inFlight = 0;
  stayInTouch(socket);
  socket.addEventListener("open", tellCamera);
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", ({ code }) => {
    sound.setTone(null);
    if (isPhone) return lineBroke(code, { connect, problem, over: () => setRunning(false) });
    if (code === TAKEN) return (waits = setTimeout(connect, ASK_AGAIN_MS));
    if (!$("problem").textContent) problem(t("The coach on this machine has stopped. Start it again with: make coach. What was measured is kept."));
    setRunning(false);
    sound.silence();
  });
}

const ask = (request, more = {}) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ ask: request, ...more }));

const unwatched = () => $("camera").value === "none";

function tellCamera() {
  const kind = unwatched() ? "none" : camera.isSample ? "sample" : "real";
  socket.send(JSON.stringify({ camera: kind }));
}

/** The coach hears of the camera now, or as soon as the line is open. */
function reach() {
  if (socket?.readyState === WebSocket.OPEN) tellCamera();
  else if (socket?.readyState !== WebSocket.CONNECTING) connect();
}

async function sendFrame() {
  if (socket?.readyState !== WebSocket.OPEN || inFlight >= MOST_IN_FLIGHT || grabbing) return;
  grabbing = true;
  try {
    const message = await camera.grab();
    if (socket?.readyState === WebSocket.OPEN) {
      inFlight += 1;
      socket.send(message);
    }
  } finally {
    grabbing = false;
  }
}

function receive(result) {
  if (result.t_ms !== undefined) {
    inFlight = Math.max(0, inFlight - 1);
    if (!result.dropped) window.kneerollTimings.push({ sent: result.t_ms, rtt_ms: performance.now() - result.t_ms });
    if (window.kneerollTimings.length > 20000) window.kneerollTimings.shift();
  }
  if (result.problem) problem(result.problem);
  else if (waits) {
    waits = null;
    problem("");
  }
  if (result.started) setRunning(true);
  if (result.landmarks !== undefined && !unwatched()) showFrame(result);
  if (result.phase && running) showPhase(result);
  for (const event of result.events ?? []) take(event);
  if (result.finished) finish(result.finished);
  if ("measuring" in result) showMeasuring(result.measuring);
}

// ---- what the coach says and counts

/** Without espeak-ng the page carries the line that nothing can speak, in case that the browser has no voice either. */
const hasVoice = () => !$("mute") || sound.localVoice() !== null;

function take(event) {
  if (event.kind === "cue_given") {
    $("say").setAttribute("aria-live", sound.isAwake() && hasVoice() ? "off" : "assertive"); // a screen reader does not speak over the coach
    $("say").textContent = event.text;
    if (event.bell) {
      sound.bell();
      feel(END_MS);
    }
    sound.say(event.key, event.text);
    if (event.key === "resumed") answer(); // under the line: what is to be done next comes soon
  } else if (event.kind === "phase_entered") {
    if (event.phase === "back_to_centre") {
      sound.chime();
      feel(BACK_MS);
    }
    if (BREAKS_OFF.includes(event.phase)) sound.silence();
    else if (RESTING.includes(event.phase)) sound.endBreath();
    if (BREAKS_OFF.includes(event.phase)) answer();
    setPhase(event.phase, event.side ?? "");
  } else if (event.kind === "movement_started") {
    sound.setMovement(event.movement);
    movement = event.name;
  } else if (event.kind === "get_ready_second") {
    $("seconds").textContent = event.left_s;
    if (event.left_s <= 3) sound.tick();
  } else if (event.kind === "deep_enough") {
    sound.enough();
  } else if (event.kind === "breath_paced") {
    sound.breath(event.way, event.lasts_s);
  } else if (event.kind === "session_ended") {
    $("why").hidden = event.why !== "stopped" && event.why !== "pain";
  } else if (event.kind === "hold_second") {
    sound.tick();
  } else if (event.kind === "clock_waits") {
    $("status").textContent = t("The clock waits: {reasons}.", { reasons: event.reasons.map(word).join(t(", ")) });
  }
}

/** On a phone: a buzz beside the sound. Browsers without one have no `vibrate`. */
const feel = (pattern_ms) => navigator.vibrate?.(pattern_ms);

/** A wish was heard. */
function answer() {
  sound.heard();
  feel(HEARD_MS);
}

function setPhase(phase, side) {
  showStep(phase, side, movement);
  if (phase !== "lower") sound.setTone(null);
}

function showPhase({ phase, side, usual_deg, knee_drop_deg, ...clock }) {
  if (document.body.dataset.phase !== phase || document.body.dataset.side !== side) setPhase(phase, side);
  showClock(phase, clock);
  if (phase === "lower" && knee_drop_deg != null) sound.setTone(Math.abs(knee_drop_deg) > 5 ? Math.abs(knee_drop_deg) : null, usual_deg ?? undefined);
}

function showFrame(result) {
  draw($("overlay"), $("video"), result.landmarks);
  const known = showAngle(result);
  if (document.body.dataset.phase !== "hold") $("status").textContent = describe(result, known);
}

/** One sentence: what I see, or what to change. */
function describe(result, known) {
  if (result.advice) return advice[result.advice] ?? "";
  if (known) return VIEWS[result.view] ?? t("I see you, good.");
  if (result.posture === "nobody") return advice.blocker_no_person;
  if (result.posture === "upright") return advice.blocker_not_lying;
  return t("I see you. Lie on your back, knees bent, feet flat, arms out, and stay still for two seconds.");
}

// ---- the person

function setRunning(now) {
  running = now;
  document.body.classList.toggle("running", now);
  for (const id of ["pause", "pain", "stop"]) $(id).hidden = !now;
  $("language").disabled = now;
  for (const id of ["start", "setup", "hints", "today"]) if ($(id)) $(id).hidden = now;
  $("keys").hidden = false;
  $("again").hidden = $("result").hidden = $("measuring").hidden = $("after").hidden = true;
  if (now) {
    $("instead").hidden = true;
    scrollTo(0, 0);
    if (!sound.isAwake()) problem(t("Tap once anywhere, so that I can speak."));
    keepAwake();
  } else {
    letSleep();
  }
}

/** A screen that goes dark would stop the camera's pictures. */
async function keepAwake() {
  if (!awake || awake.released) awake = await navigator.wakeLock?.request("screen").catch(() => null);
}

function letSleep() {
  awake?.release();
  awake = null;
}

function finish(id) {
  setRunning(false);
  for (const id of ["start", "setup", "hints", "today", "keys"]) if ($(id)) $(id).hidden = true;
  $("hold").hidden = true;
  $("result").href = `/sessions/${id}`;
  $("result").hidden = $("again").hidden = $("after").hidden = false;
  $("kept").textContent = "";
  $("result").focus();
}

async function openCamera() {
  const turn = ++openings;
  problem("");
  document.body.classList.toggle("unwatched", unwatched());
  memory.setItem("unwatched", unwatched() ? "yes" : "");
  if (unwatched()) {
    camera.close();
    draw($("overlay"), $("video"), null);
    $("angle").hidden = $("instead").hidden = $("sample-badge").hidden = true;
    $("empty").hidden = false;
    $("empty").textContent = $("status").textContent = t("No camera: I guide you by voice and clock, and measure nothing.");
    reach();
    return true;
  }
  try {
    await camera.open($("camera").value);
    $("empty").hidden = $("instead").hidden = true;
    $("sample-badge").hidden = !camera.isSample;
    reach();
    await fillCameras();
    return true;
  } catch (error) {
    if (turn !== openings) return false; // another camera was chosen meanwhile
    problem(error.message);
    $("instead").hidden = running;
    return false;
  }
}

async function fillCameras() {
  const chosen = $("camera").value;
  const cameras = await Camera.list();
  if (!cameras.some((c) => c.id)) return;
  const options = cameras.map(({ id, label }) => new Option(label, id));
  const others = [...$("camera").options].filter((o) => o.value === "sample" || o.value === "none");
  $("camera").replaceChildren(...options, ...others);
  $("camera").value = [...$("camera").options].some((o) => o.value === chosen) ? chosen : cameras[0].id;
}

async function start() {
  sound.wake();
  if (!unwatched() && !camera.isOpen && !(await openCamera())) return;
  reach();
  if (camera.isSample) $("video").currentTime = 0;
  if (socket.readyState !== WebSocket.OPEN) await new Promise((opened) => socket.addEventListener("open", opened, { once: true }));
  const { cushion } = movements[$("movement").value];
  ask("start", {
    movement: $("movement").value,
    get_ready_s: Number($("ready").value),
    surface: $("surface").value,
    cushion_cm: cushion ? Number($("cushion").value) : null,
    ...comfort.feelings("before"),
  });
}

function stopAtOnce() {
  if (!running) return;
  sound.silence();
  ask("stop");
}

/** A page that was loaded anew in a session may sound only after a tap or a key, which then does nothing else. */
function wakeUp(event) {
  if (!running || sound.isAwake()) return;
  sound.wake();
  problem("");
  if (!event.target.closest("button") && event.key !== "Escape") event.stopImmediatePropagation();
}

async function cameraLost() {
  camera.close();
  ask("camera_lost");
  $("status").textContent = advice.camera_lost;
  while (running && !camera.isOpen && !unwatched()) {
    await new Promise((wait) => setTimeout(wait, 1000));
    await openCamera();
  }
}

/** The choices of last time. */
function recall() {
  if (memory.getItem("unwatched") && !$("camera").value) $("camera").value = "none";
  for (const id of ["ready", "volume"]) {
    const before = memory.getItem(id);
    if (before !== null) $(id).value = before;
    if (!$(id).value) $(id).value = $(id).querySelector("[selected]").value; // no such choice any more
    $(id).addEventListener("change", () => memory.setItem(id, $(id).value));
  }
  sound.setVolume(Number($("volume").value));
}

/** What the chosen movement asks for: a cushion, and for whom it is not. */
function showChoice() {
  const { cushion, not_for } = movements[$("movement").value];
  $("cushioned").hidden = !cushion;
  $("not-for").hidden = !not_for.length;
  $("not-for").querySelector("ul").replaceChildren(...not_for.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

/** Where a camera sees the whole body, on the floor and on a bed. */
function showPlace() {
  for (const line of document.querySelectorAll("[data-surface]")) line.hidden = line.dataset.surface !== $("surface").value;
}

$("start").addEventListener("click", start);
$("movement").addEventListener("change", showChoice);
$("surface").addEventListener("change", showPlace);
$("again").addEventListener("click", () => {
  comfort.forget();
  setRunning(false);
  setPhase("setup", "");
});
$("after").addEventListener("submit", (event) => {
  event.preventDefault();
  const said = comfort.feelings("after");
  if (!Object.keys(said).length) return;
  ask("answer", said);
  $("kept").textContent = t("Thank you. It is in your journal.");
});
comfort.onReason((why) => {
  ask("answer", { why });
  $("why").hidden = true;
});
$("volume").addEventListener("input", () => sound.setVolume(Number($("volume").value)));
for (const choice of ["none", "sample"]) {
  $(choice).addEventListener("click", () => {
    $("camera").value = choice;
    openCamera();
  });
}
$("stop").addEventListener("click", stopAtOnce);
$("pain").addEventListener("click", () => {
  sound.silence();
  ask("pain");
});
$("camera").addEventListener("change", openCamera);
document.addEventListener("click", wakeUp, true);
document.addEventListener("keydown", wakeUp, true);
document.addEventListener("visibilitychange", () => running && !document.hidden && keepAwake());
listen(ask, () => running, stopAtOnce);

recall();
showChoice();
showPlace();
offerReminder($("remind"));
camera.watch(sendFrame);
$("start").disabled = false; // all is listening now
window.speechSynthesis?.getVoices();
setTimeout(() => $("mute") && ($("mute").hidden = hasVoice()), VOICES_MS);
if (unwatched() || (await navigator.permissions?.query({ name: "camera" }).catch(() => null))?.state === "granted") openCamera();
