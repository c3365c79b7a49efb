"""The sample person, and what life does to the picture in the middle of the hold: light, things, persons, the camera itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

import numpy as np
from PIL import Image

from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.poses import CameraFrame, Pixels

FROM_S, UNTIL_S = 11.0, 14.5
"""Of the clip: the left hold lasts from 8.5 to 31 s."""
FPS = 6.0
HOLD_S, BACK_S, DOWN_S = (3.0, 21.0), (31.0, 38.5), (5.0, 15.0)
"""Of the clip: at rest, down, and held; back to the middle and at rest; down and held."""
SLEPT_S = 60.0
PUT_UP_AFTER_S = 3.0
LEGS = (slice(170, 400), slice(110, 330))
FEET = (slice(270, 390), slice(90, 270))

Disturbance = Callable[[float, Pixels], Pixels]


@cache
def _whole() -> tuple[CameraFrame, ...]:
    with open_clip(sample_clip_path(), max_fps=FPS) as frames:
        return tuple(takewhile(lambda frame: frame.t_s < BACK_S[1], frames))


def clip(*spans_s: tuple[float, float]) -> Iterator[CameraFrame]:
    """Parts of the clip, one after the other, 6 pictures a second."""
    chosen = [frame.image for from_s, until_s in spans_s for frame in _whole() if from_s <= frame.t_s < until_s]
    return (CameraFrame(spans_s[0][0] + i / FPS, image) for i, image in enumerate(chosen))


def disturbed(frames: Iterator[CameraFrame], by: Disturbance, until_s: float = UNTIL_S) -> Iterator[CameraFrame]:
    """The frames, disturbed `by` something for some seconds; it is told the seconds since it began."""
    for frame in frames:
        on = FROM_S <= frame.t_s < until_s
        yield CameraFrame(frame.t_s, by(frame.t_s - FROM_S, frame.image)) if on else frame


def slept(frames: Iterator[CameraFrame]) -> Iterator[CameraFrame]:
    """No picture for a minute from the middle of the hold on; then they go on where they were."""
    for frame in frames:
        yield frame if frame.t_s < FROM_S else CameraFrame(frame.t_s + SLEPT_S, frame.image)


def times_light(share: float) -> Disturbance:
    """So much of the light is left."""
    return lambda _, image: _picture(image * share)


def flicker(t_s: float, image: Pixels) -> Pixels:
    """Five times a second the light goes down to a third."""
    return _picture(image * (0.67 + 0.33 * np.sin(2 * np.pi * 2.3 * t_s)))


def glare(_: float, image: Pixels) -> Pixels:
    """The sun shines into the camera."""
    return _picture(image * 1.6 + 110.0)


def cat(t_s: float, image: Pixels) -> Pixels:
    """A dark cat crosses the picture from left to right in four seconds, over the person."""
    return _blob(image, (t_s / 4 * image.shape[1], 0.55 * image.shape[0]), (70, 38))


def child(t_s: float, image: Pixels) -> Pixels:
    """Somebody small and near crosses the picture."""
    return _blob(image, (t_s / 4 * image.shape[1], 0.6 * image.shape[0]), (75, 200))


def cover(where: tuple[slice, slice]) -> Disturbance:
    """Something flat and dull lies over a part of the picture."""

    def by(_: float, image: Pixels) -> Pixels:
        covered = image.copy()
        covered[where] = (118, 96, 84)
        return covered

    return by


@cache
def _standing(height_px: int) -> Pixels:
    picture = Image.open(Path(__file__).parent / "assets" / "standing.jpg").convert("RGB")
    return np.asarray(picture.resize((round(picture.width * height_px / picture.height), height_px)))


def helper(at_px: int) -> Disturbance:
    """A second person stands there, from this column on."""

    def by(_: float, image: Pixels) -> Pixels:
        standing, with_both = _standing(image.shape[0]), image.copy()
        room = with_both[:, at_px : at_px + standing.shape[1]]
        room[:] = standing[:, : room.shape[1]]
        return with_both

    return by


def fallen(_: float, image: Pixels) -> Pixels:
    """The camera lies on its side."""
    size = image.shape[0]
    left = (image.shape[1] - size) // 2
    on_its_side = np.zeros_like(image)
    on_its_side[:, left : left + size] = np.rot90(image[:, left : left + size])
    return on_its_side


def knocked_over(t_s: float, image: Pixels) -> Pixels:
    """The camera falls on its side; three seconds later it is put up again, not quite where it was."""
    return fallen(t_s, image) if t_s < PUT_UP_AFTER_S else moved(0.08)(t_s, image)


def moved(share: float) -> Disturbance:
    """The camera was turned: all is further to the right by this share of the width."""

    def by(_: float, image: Pixels) -> Pixels:
        by_px = round(share * image.shape[1])
        return np.concatenate([np.repeat(image[:, :1], by_px, axis=1), image[:, :-by_px]], axis=1)

    return by


def _blob(image: Pixels, at_px: tuple[float, float], half_px: tuple[float, float]) -> Pixels:
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    inside = ((columns - at_px[0]) / half_px[0]) ** 2 + ((rows - at_px[1]) / half_px[1]) ** 2 < 1
    fur = 45 + 20 * np.sin(columns[..., None] / 5 + rows[..., None] / 3) + np.array([8, 0, -8])
    return _picture(np.where(inside[..., None], fur, image))


def _picture(values: np.ndarray) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)
