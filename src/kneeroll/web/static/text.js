// The words of the page in its language, and the choice of that language.

const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

/** The English text in the page's language, with values for its {placeholders}. */
export function t(english, values = {}) {
  return (texts[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A name like "shoulder_lifted" in words. */
export const word = (name) => t(name.replaceAll("_", " "));

const STEPS = {
  setup: t("Set up"),
  lower_left: t("lower, left"),
  lower_right: t("lower, right"),
  hold_left: t("hold, left"),
  hold_right: t("hold, right"),
};

/** Where a session stands, in words: the movement (if there is one already), the phase, and the side where it matters. */
export function step(phase, side, movement) {
  const where = STEPS[`${phase}_${side}`] ?? STEPS[phase] ?? word(phase);
  return movement && phase !== "setup" ? t("{movement}: {where}", { movement, where }) : where;
}

/** The knee drop with its error, both in degrees; + is left. */
export function degrees(drop_deg, error_deg) {
  const values = { drop: Math.abs(drop_deg).toFixed(0), error: error_deg.toFixed(0) };
  if (Math.abs(drop_deg) < 3) return t("middle {drop}° ± {error}°", values);
  return drop_deg > 0 ? t("left {drop}° ± {error}°", values) : t("right {drop}° ± {error}°", values);
}

const choice = document.getElementById("language");
choice.addEventListener("change", () => {
  document.cookie = `language=${choice.value}; Path=/; Max-Age=31536000; SameSite=Strict`;
  location.reload();
});
