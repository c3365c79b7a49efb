// The phone's line to the laptop: it comes back by itself after a break, until the laptop has let the phone go.

import { t } from "./text.js";

const ENDED = 4000;
const ELSEWHERE = 4001;
const AGAIN_MS = 1000;
const BEAT_MS = 1000;

/** Whether this page runs on a phone that is the camera for a laptop. */
export const isPhone = document.documentElement.classList.contains("phone");

/** Say every second that this page is there: pictures may be none, or wait. */
export function stayInTouch(socket) {
  if (!isPhone) return;
  const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("{}"), BEAT_MS);
  socket.addEventListener("close", () => clearInterval(beat));
}

/** The line broke: say why, and call `connect` when there is a point in it; `over` when there is none. */
export async function lineBroke(code, { connect, over, problem }) {
  if (code === ELSEWHERE) return over(problem(t("The coach is open in another page of this phone. Go on there.")));
  if (code === ENDED) return over(problem(t("The laptop has let this phone go. To use it again, scan the new code on the laptop.")));
  problem(t("The laptop does not answer. Trying again…"));
  await new Promise((wait) => setTimeout(wait, AGAIN_MS));
  const answer = await fetch("/").catch(() => null);
  if (answer?.status === 403) return lineBroke(ENDED, { connect, over, problem });
  if (!answer?.ok) return lineBroke(code, { connect, over, problem });
  problem("");
  connect();
}
