// What the person says: how it feels, before and after, and why it was stopped.

/** The numbers chosen in the two rows whose names begin with `when`: {stiffness, discomfort}; only what was chosen. */
export function feelings(when) {
  const said = {};
  for (const what of ["stiffness", "discomfort"]) {
    const chosen = document.querySelector(`input[name="${when}-${what}"]:checked`);
    if (chosen) said[what] = Number(chosen.value);
  }
  return said;
}

export function forget() {
  for (const chosen of document.querySelectorAll(".scale input:checked")) chosen.checked = false;
}

/** Calls `take` with the reason whenever one of its buttons is pressed. */
export function onReason(take) {
  for (const button of document.querySelectorAll("#why button")) button.addEventListener("click", () => take(button.value));
}
