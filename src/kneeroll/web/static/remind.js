// One gentle notification a day at most, while the page is open, for who asked for it. The server says when.

const LOOK_EVERY_MS = 5 * 60 * 1000;

async function look() {
  const { words } = await (await fetch("/reminder", { method: "POST" })).json();
  if (words) new Notification("kneeroll", { body: words, icon: "/static/icon.svg", tag: "kneeroll" });
}

function begin() {
  look().catch(() => {});
  setInterval(() => look().catch(() => {}), LOOK_EVERY_MS);
}

/** Shows the button where the browser can notify and nobody was asked yet; begins at once where it was allowed before. */
export function offerReminder(button) {
  if (!button || !("Notification" in window) || Notification.permission === "denied") return;
  if (Notification.permission === "granted") return begin();
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = true;
    if ((await Notification.requestPermission()) === "granted") begin();
  });
}
