"""A video file as frames with their real times. One frame in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kneeroll.errors import UnreadableClip
from kneeroll.poses import CameraFrame, Pixels

if TYPE_CHECKING:
    import av.container

LONGEST_SIDE_PX = 1280
"""Larger pictures are scaled down: the network looks at 256 px of them."""


class Clip:
    """An open video. Iterate once; use as a context manager.

    duration_s and fps (average) are what the file claims; width_px, height_px are after rotation.
    `problems` fills while reading: broken packets are left out and said here.
    """

    def __init__(self, path: Path, max_fps: float | None = None) -> None:
        self.path = path
        self.problems: list[str] = []
        self._container = _open(path)
        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        self._stream = stream
        self._min_step_s = 0.0 if max_fps is None else 0.999 / max_fps
        self.fps = float(stream.average_rate or stream.guessed_rate or 0.0)
        self.duration_s = _duration(self._container, stream)
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            self.close()
            raise UnreadableClip(f"{path} holds no picture that can be decoded. Is the file complete?")
        self._first = first
        self.width_px, self.height_px = first.width_px, first.height_px

    def __enter__(self) -> Clip:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def __iter__(self) -> Iterator[CameraFrame]:
        yield self._first
        yield from self._frames

    def _decode(self) -> Iterator[CameraFrame]:
        start_s: float | None = None
        last_s = -np.inf
        for frame in self._decodable():
            t_s = frame.time if frame.time is not None else 0.0
            start_s = t_s if start_s is None else start_s
            t_s -= start_s
            if t_s <= last_s or t_s - last_s < self._min_step_s:
                continue
            last_s = t_s
            yield CameraFrame(float(t_s), _upright(frame))

    def _decodable(self) -> Iterator[Any]:
        import av

        packets = self._container.demux(self._stream)
        count, last_s = 0, 0.0
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                if 0 < count < self._stream.frames and last_s < self.duration_s - 0.5:
                    self._note(f"the file ends too early: after {last_s:.1f} s of {self.duration_s:.1f} s")
                return
            except av.FFmpegError as error:
                self._note(f"the file ends too early: {error.strerror}")
                return
            if packet.size and packet.pts is not None:
                count, last_s = count + 1, float(packet.pts * packet.time_base)
            try:
                yield from packet.decode()
            except av.FFmpegError as error:
                self._note(f"a broken part was left out: {error.strerror}")

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def open_clip(path: str | Path, *, max_fps: float | None = None) -> Clip:
    """Open a video file. UnreadableClip says what is wrong with it.

    Parameters
    ----------
    path
        Any file that FFmpeg reads. Rotation metadata is applied, times are the file's own.
    max_fps
        Leave out frames beyond so many a second.
    """
    return Clip(Path(path), max_fps)


def _open(path: Path) -> av.container.InputContainer:
    import av

    if not path.exists():
        raise UnreadableClip(f"No such file: {path}")
    if path.is_dir():
        raise UnreadableClip(f"{path} is a folder; give one video file")
    if path.stat().st_size == 0:
        raise UnreadableClip(f"{path} is empty")
    try:
        container = av.open(str(path))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableClip(f"{path} is not a video that can be read: {getattr(error, 'strerror', None) or error}") from error
    if not container.streams.video:
        container.close()
        raise UnreadableClip(f"{path} holds no video, only sound or text")
    return container


def _duration(container: av.container.InputContainer, stream: Any) -> float:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return float(container.duration / 1_000_000) if container.duration else 0.0


def _upright(frame: Any) -> Pixels:
    """The picture as RGB, scaled to at most 1280 px and turned as the file says."""
    scale = min(1.0, LONGEST_SIDE_PX / max(frame.width, frame.height))
    width, height = round(frame.width * scale), round(frame.height * scale)
    image = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    turns = round((frame.rotation or 0) / 90) % 4
    return np.ascontiguousarray(np.rot90(image, turns))
