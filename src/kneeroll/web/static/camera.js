// Where pictures come from: a camera of this machine, or the sample person's clip.

import { t } from "./text.js";

const SEND_WIDTH = 640;
const QUALITY = 0.82;

export class Camera {
  /** @param {HTMLVideoElement} video  @param {() => void} onLost called when the camera goes away */
  constructor(video, onLost) {
    this.video = video;
    this.onLost = onLost;
    this.isSample = false;
    this.canvas = document.createElement("canvas");
  }

  /** The cameras of this machine as {id, label}; labels are empty until permission was given. */
  static async list() {
    if (!navigator.mediaDevices?.enumerateDevices) return [];
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((d) => d.kind === "videoinput").map((d, i) => ({ id: d.deviceId, label: d.label || t("Camera {n}", { n: i + 1 }) }));
  }

  /** Open a camera by id ("" = any), or "sample". Throws an Error whose message a person can read. */
  async open(choice) {
    this.close();
    this.isSample = choice === "sample";
    if (this.isSample) {
      this.video.loop = true;
      this.video.src = "/sample.mp4";
    } else {
      this.video.srcObject = await this.#stream(choice);
      for (const track of this.video.srcObject.getVideoTracks()) track.addEventListener("ended", () => this.onLost());
    }
    await this.video.play();
  }

  async #stream(id) {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error(t("This browser gives no camera here."));
    const size = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
    try {
      return await navigator.mediaDevices.getUserMedia({ video: id ? { deviceId: { exact: id }, ...size } : size });
    } catch (error) {
      const denied = error.name === "NotAllowedError";
      throw new Error(
        denied
          ? t("The camera is not allowed. Allow it in the address bar and press Start again, or go on without it.")
          : t("No camera was found. Plug one in, or go on without: by voice and clock."),
      );
    }
  }

  close() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
    this.video.removeAttribute("src");
  }

  get isOpen() {
    return this.video.readyState >= 2 && !this.video.paused;
  }

  /** Calls `take` for every new picture. */
  watch(take) {
    const next = () => {
      if (this.isOpen) take();
      if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
      else requestAnimationFrame(next);
    };
    next();
  }

  /** The present picture as a message: 8 bytes of time in milliseconds, then a JPEG. */
  async grab() {
    const t_ms = performance.now();
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, SEND_WIDTH / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.getContext("2d", { willReadFrequently: true }).drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const jpeg = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
    return new Blob([new Float64Array([t_ms]), jpeg]);
  }
}
