// What a page shows of a session, on the machine that watches and on the laptop while a phone does.

import { degrees, step, t } from "./text.js";

const $ = (id) => document.getElementById(id);

export function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

export function showStep(phase, side, movement) {
  document.body.dataset.phase = phase;
  document.body.dataset.side = side;
  $("step").textContent = step(phase, side, movement);
  $("hold").hidden = phase !== "hold" && phase !== "get_ready";
  $("pause").textContent = phase === "paused" ? t("Go on") : t("Pause");
}

export function showClock(phase, { done_s, target_s }) {
  $("ring").style.strokeDasharray = `${target_s ? Math.min(1, done_s / target_s) : 0} 1`;
  if (phase === "hold") $("seconds").textContent = Math.max(0, Math.ceil(target_s - done_s));
}

/** Whether the knee drop is known. */
export function showAngle({ knee_drop_deg, knee_drop_error_deg }) {
  const known = knee_drop_deg !== null;
  $("angle").hidden = !known;
  if (known) $("degrees").textContent = degrees(knee_drop_deg, knee_drop_error_deg);
  return known;
}

/** While the whole session is measured once more, this stands where the link to it comes. */
export function showMeasuring(now) {
  const waited = !$("measuring").hidden;
  if (!now && !waited) return;
  $("measuring").hidden = !now;
  $("result").hidden = now;
  if (!now && document.activeElement === document.body) $("result").focus();
}

const CONTROLS = "a, button, input, label, select, summary";
const WRITES = /^(.|Enter)$/u; // not Tab, not the arrows, not Shift alone

/** What pauses and goes on (the button, any other place that is tapped, any key that writes), and the key that stops. */
export function listen(ask, isRunning, stop) {
  const pause = () => ask(document.body.dataset.phase === "paused" ? "resume" : "pause");
  $("pause").addEventListener("click", pause);
  document.addEventListener("click", ({ target, detail }) => {
    if (isRunning() && detail < 2 && !target.closest(CONTROLS)) pause();
  });
  document.addEventListener("keydown", (event) => {
    if (!isRunning() || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") stop();
    else if (WRITES.test(event.key) && !event.target.closest(CONTROLS)) pause();
    else return;
    event.preventDefault();
  });
}
