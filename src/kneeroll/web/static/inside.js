// Replays a hold in its picture, over the moments that the page brings along. Without a script the picture shows the whole hold.

const STEP_MS = 400;

for (const replay of document.querySelectorAll(".replay")) begin(replay);

function begin(replay) {
  const [slider, told, play] = ["input", "output", "button"].map((name) => replay.querySelector(name));
  const moments = JSON.parse(replay.querySelector("script").textContent);
  const pictures = replay.dataset.pictures.trim().split(" ");
  let playing = 0;

  function show() {
    const { words, parts } = moments[slider.valueAsNumber];
    for (const [name, attributes] of Object.entries(parts))
      for (const picture of pictures)
        for (const [key, value] of Object.entries(attributes))
          document.getElementById(`${picture}-${name}`)?.setAttribute(key, value);
    told.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  }

  function step() {
    if (slider.value === slider.max) return clearInterval(playing);
    slider.stepUp();
    show();
  }

  slider.addEventListener("input", () => {
    clearInterval(playing);
    show();
  });
  play.addEventListener("click", () => {
    clearInterval(playing);
    slider.value = slider.min;
    show();
    playing = setInterval(step, STEP_MS);
  });
  slider.value = slider.max;
  show();
  replay.hidden = false;
}
