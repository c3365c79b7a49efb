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

/** The button that pauses and goes on, and the keys that stop. */
export function listen(ask, isRunning, stop) {
  $("pause").addEventListener("click", () => ask(document.body.dataset.phase === "paused" ? "resume" : "pause"));
  document.addEventListener("keydown", (event) => {
    if (isRunning() && (event.key === " " || event.key === "Escape")) {
      event.preventDefault();
      stop();
    }
  });
}
