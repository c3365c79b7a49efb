// The skeleton over the preview, and the framing guide while nobody is seen.

const skeleton = JSON.parse(document.getElementById("skeleton").textContent);
const COLOURS = { left: "#6fe0b5", right: "#ffab8f", middle: "#ffffff" };

function sideOf(a, b) {
  const [from, to] = [skeleton.landmarks[a], skeleton.landmarks[b]];
  for (const side of ["left", "right"]) if (from.startsWith(side) && to.startsWith(side)) return side;
  return "middle";
}

/** @param {HTMLCanvasElement} canvas  @param {HTMLVideoElement} video  @param {number[][] | null} landmarks shares of the picture */
export function draw(canvas, video, landmarks) {
  canvas.width = video.videoWidth || 640;
  canvas.height = video.videoHeight || 480;
  const pen = canvas.getContext("2d");
  pen.lineCap = "round";
  if (!landmarks) return guide(pen, canvas);
  pen.lineWidth = canvas.width / 130;
  for (const [a, b] of skeleton.bones) {
    pen.strokeStyle = COLOURS[sideOf(a, b)];
    pen.beginPath();
    pen.moveTo(landmarks[a][0] * canvas.width, landmarks[a][1] * canvas.height);
    pen.lineTo(landmarks[b][0] * canvas.width, landmarks[b][1] * canvas.height);
    pen.stroke();
  }
}

function guide(pen, { width, height }) {
  pen.strokeStyle = "rgb(255 255 255 / 55%)";
  pen.lineWidth = 3;
  pen.setLineDash([14, 12]);
  pen.strokeRect(width * 0.08, height * 0.16, width * 0.84, height * 0.7);
  pen.setLineDash([]);
}
