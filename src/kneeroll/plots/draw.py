"""The skeleton and the angles drawn on the picture, and the file that keeps such pictures."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kneeroll.poses import BodyState, Pixels, PoseFrame

MIDDLE = (240, 240, 240)
COLOURS = {"left": (34, 160, 107), "right": (214, 84, 60)}
TICKS_A_SECOND = 1000


def sided(degrees: float) -> str:
    """An angle in a person's words.

    >>> sided(-41.7)
    'right 42°'
    """
    return f"{'left' if degrees >= 0 else 'right'} {abs(degrees):.0f}°"


def draw_step(image: Pixels, pose: PoseFrame, state: BodyState, phase: str) -> Pixels:
    """A copy of the picture (H, W, 3) with skeleton, angles and phase."""
    picture = Image.fromarray(image)
    pen = ImageDraw.Draw(picture)
    width = max(2, image.shape[1] // 200)
    for a, b in pose.skeleton.bone_indices:
        ends = pose.image_px[[a, b]]
        if np.isfinite(ends).all():
            sides = {pose.skeleton.landmarks[i].partition("_")[0] for i in (a, b)}
            colour = COLOURS[sides.pop()] if len(sides) == 1 else MIDDLE
            pen.line([tuple(ends[0]), tuple(ends[1])], fill=colour, width=width)
    lines = [f"{state.t_s:6.1f} s   {phase.replace('_', ' ')}"]
    if state.seen:
        told = (("knees", "knee_drop_deg"), ("pelvis", "pelvis_roll_deg"))
        lines.append("   ".join(f"{what} {sided(getattr(state, name))} ± {state.error(name):.0f}" for what, name in told))
    else:
        lines.append("not measured: " + ", ".join(r.replace("_", " ") for r in state.quality.reasons))
    font = ImageFont.load_default(size=max(12, image.shape[0] // 28))
    for i, line in enumerate(lines):
        pen.text((10, 8 + i * image.shape[0] // 20), line, fill="white", font=font, stroke_width=2, stroke_fill="black")
    return np.asarray(picture)


class VideoWriter:
    """H.264 in MP4 with the frames' own times. Written beside its place and moved there by `finish`."""

    def __init__(self, path: Path, width_px: int, height_px: int) -> None:
        import av

        self._path = path
        self._partial = path.with_name(f".{path.stem}.partial.mp4")
        self._container: Any = av.open(str(self._partial), "w", format="mp4")
        self._stream: Any = self._container.add_stream("libx264", rate=30)
        self._stream.width, self._stream.height = width_px - width_px % 2, height_px - height_px % 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, TICKS_A_SECOND)

    def write(self, t_s: float, image: Pixels) -> None:
        """Add one frame."""
        import av

        frame = av.VideoFrame.from_ndarray(
            np.ascontiguousarray(image[: self._stream.height, : self._stream.width]), format="rgb24"
        )
        frame.pts, frame.time_base = round(t_s * TICKS_A_SECOND), Fraction(1, TICKS_A_SECOND)
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Close the file and put it in its place."""
        self._container.mux(self._stream.encode())
        self._container.close()
        self._partial.replace(self._path)

    def discard(self) -> None:
        """Leave nothing behind; does nothing after `finish`."""
        if self._partial.exists():
            self._partial.unlink()
            with suppress(OSError):  # a full disk refuses the rest of the file, too
                self._container.close()
