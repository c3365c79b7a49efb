// The laptop's page while a phone is the camera: the code to scan, then the session as the phone's page has it. No pictures come here.

import { draw } from "./draw.js";
import { listen, problem, showAngle, showClock, showMeasuring, showStep } from "./show.js";
import { t } from "./text.js";

const $ = (id) => document.getElementById(id);
const PHONE = {
  code: t("Waiting for the phone."),
  no_code: t("The code is too old, or somebody guessed at it."),
  paired: t("The phone is let in. Press Start on the phone."),
  here: t("The phone is the camera. Press Start on the phone."),
  gone: t("The phone is gone. The session waits; open the page on the phone again."),
};
let socket = null;
let running = false;
let movement = "";
let expiry = null;

function connect() {
  socket = new WebSocket(`ws://${location.host}/watch`);
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    problem(t("The coach on this machine has stopped. Start it again with: make coach PHONE=1. What was measured is kept."));
    setRunning(false);
  });
}

const ask = (request) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ ask: request }));

function receive(message) {
  if (message.phone) showPhone(message);
  if (message.started && !message.finished) setRunning(true);
  if (message.problem) problem(message.problem);
  if (message.landmarks !== undefined) showFrame(message);
  for (const event of message.events ?? []) take(event);
  if (message.phase) showPhase(message);
  if (message.finished) finish(message.finished);
  if ("measuring" in message) showMeasuring(message.measuring);
}

// ---- the phone

function showPhone({ phone, picture, address, lasts_s }) {
  document.body.dataset.phone = phone;
  clearTimeout(expiry);
  const waits = phone === "code";
  if (waits) {
    $("picture").src = picture;
    $("address").textContent = address;
    expiry = setTimeout(() => showPhone({ phone: "no_code" }), lasts_s * 1000);
  }
  $("code").hidden = $("steps").hidden = $("fingerprint").hidden = !waits;
  $("figure").hidden = waits || phone === "no_code";
  $("new-code").hidden = waits || phone === "here";
  if (!running) $("status").textContent = PHONE[phone];
  problem(phone === "gone" ? PHONE.gone : "");
}

// ---- the session

function setRunning(now) {
  running = now;
  document.body.classList.toggle("running", now);
  for (const id of ["pause", "pain", "stop"]) $(id).hidden = !now;
  $("result").hidden = $("measuring").hidden = true;
  if (now) $("status").textContent = "";
  else $("hold").hidden = $("angle").hidden = true;
}

function take(event) {
  if (event.kind === "cue_given") $("say").textContent = event.text;
  else if (event.kind === "movement_started") movement = event.name;
  else if (event.kind === "get_ready_second") $("seconds").textContent = event.left_s;
}

function showPhase({ phase, side, ...clock }) {
  showStep(phase, side, movement);
  showClock(phase, clock);
}

function showFrame({ landmarks, aspect, ...angle }) {
  draw($("overlay"), { videoWidth: 640, videoHeight: 640 / (aspect || 4 / 3) }, landmarks);
  showAngle(angle);
}

function finish(id) {
  setRunning(false);
  $("result").href = `/sessions/${id}`;
  $("result").hidden = false;
}

for (const id of ["pain", "stop"]) $(id).addEventListener("click", () => ask(id));
$("new-code").addEventListener("click", () => ask("new_code"));
listen(ask, () => running, () => ask("stop"));
connect();
