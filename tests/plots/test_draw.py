"""The skeleton on the picture, and the video file that keeps such pictures."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from kneeroll.anatomy import BODY
from kneeroll.cameras.clip import open_clip
from kneeroll.plots.draw import COLOURS, VideoWriter, draw_step, sided
from kneeroll.poses import BodyState, PoseFrame, Quality

WIDTH, HEIGHT = 320, 240
SEEN = BodyState(3.2, 52.4, -31.0, 4.0, 0.01, 3.0, 0.0, (5.0, 6.0, 6.0, 9.0, 8.0, 0.02), Quality.GOOD)
UNSEEN = BodyState.unseen(3.2, Quality.FEET_OUT_OF_FRAME)
NOBODY = PoseFrame.empty(3.2, WIDTH, HEIGHT, BODY)
TEXT_ROWS = 50


def grey(width: int = WIDTH, height: int = HEIGHT, level: int = 120) -> np.ndarray:
    return np.full((height, width, 3), level, dtype=np.uint8)


def pose_with(**where: tuple[float, float]) -> PoseFrame:
    """A pose of which only these landmarks were seen."""
    px = np.full((len(BODY.landmarks), 2), np.nan)
    for name, at in where.items():
        px[BODY.index(name)] = at
    return PoseFrame(3.2, WIDTH, HEIGHT, px, np.full((len(px), 3), np.nan), np.full(len(px), np.nan), BODY)


def changed(image: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """(N, 2) x, y of the pixels below the text that were drawn on."""
    rows, columns = np.nonzero((image != drawn).any(-1)[TEXT_ROWS:])
    return np.stack([columns, rows + TEXT_ROWS], axis=1)


def write_video(path: Path, times_s: list[float], width: int = 64, height: int = 48) -> VideoWriter:
    writer = VideoWriter(path, width, height)
    for i, t_s in enumerate(times_s):
        writer.write(t_s, grey(width, height, 20 * (i % 10)))
    return writer


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process grows beyond this: what a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# ---- draw_step -----------------------------------------------------------------------------------------------------


def test_the_picture_that_was_given_is_not_drawn_on():
    image = grey()
    image.flags.writeable = False
    drawn = draw_step(image, pose_with(left_hip=(60, 100), left_knee=(200, 180)), SEEN, "hold")
    assert drawn is not image
    assert (image == 120).all()
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8


@pytest.mark.parametrize(
    ("ends", "colour"),
    [
        ({"left_hip": (60, 100), "left_knee": (200, 180)}, COLOURS["left"]),
        ({"right_hip": (60, 100), "right_knee": (200, 180)}, COLOURS["right"]),
        ({"left_hip": (60, 100), "right_hip": (200, 180)}, (240, 240, 240)),
    ],
)
def test_a_bone_is_drawn_in_the_colour_of_its_side_and_nowhere_else(ends, colour):
    image = grey()
    drawn = draw_step(image, pose_with(**ends), SEEN, "hold")
    at = changed(image, drawn)
    (x0, y0), (x1, y1) = ends.values()
    off_the_line = np.abs((at[:, 0] - x0) * (y1 - y0) - (at[:, 1] - y0) * (x1 - x0)) / np.hypot(x1 - x0, y1 - y0)
    assert len(at) > 100
    assert off_the_line.max() < 3
    assert (drawn[at[:, 1], at[:, 0]] == colour).all()


@pytest.mark.parametrize("pose", [NOBODY, pose_with(left_hip=(60, 100))], ids=["nobody", "one end of a bone"])
def test_what_was_not_seen_is_not_drawn(pose):
    image = grey()
    assert len(changed(image, draw_step(image, pose, SEEN, "hold"))) == 0


def test_a_skeleton_that_leaves_the_picture_is_cut_off():
    drawn = draw_step(grey(), pose_with(left_hip=(160, 120), left_knee=(900, -4000)), SEEN, "hold")
    assert drawn.shape == (HEIGHT, WIDTH, 3)


def test_the_angles_and_the_reason_for_having_none_are_written():
    pictures = [draw_step(grey(), NOBODY, state, phase) for state, phase in ((SEEN, "hold"), (UNSEEN, "hold"), (SEEN, "lower"))]
    for i, a in enumerate(pictures):
        assert (a[:TEXT_ROWS] != 120).any()
        for b in pictures[i + 1 :]:
            assert (a != b).any()


@pytest.mark.parametrize(("degrees", "said"), [(41.6, "left 42°"), (-41.6, "right 42°"), (0.0, "left 0°")])
def test_an_angle_is_said_by_side(degrees, said):
    assert sided(degrees) == said


# ---- VideoWriter ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "times_s",
    [[i / 12 for i in range(30)], [0.0, 0.033, 0.1, 0.5, 0.5083, 2.0], [0.0]],
    ids=["even", "uneven", "one frame"],
)
def test_a_video_has_every_frame_at_its_time(tmp_path, times_s):
    write_video(tmp_path / "out.mp4", times_s).finish()
    with open_clip(tmp_path / "out.mp4") as clip:
        read_s = [frame.t_s for frame in clip]
        assert clip.problems == []
    assert read_s == pytest.approx(times_s, abs=0.002)


def test_a_video_shows_what_was_written(tmp_path):
    write_video(tmp_path / "out.mp4", [i / 10 for i in range(10)]).finish()
    with open_clip(tmp_path / "out.mp4") as clip:
        levels = [frame.image.mean() for frame in clip]
    assert levels == pytest.approx([20 * i for i in range(10)], abs=6)


@pytest.mark.parametrize(("width", "height"), [(65, 49), (64, 49), (65, 48)])
def test_an_odd_size_loses_a_line_of_pixels(tmp_path, width, height):
    write_video(tmp_path / "out.mp4", [0.0, 0.1], width, height).finish()
    with open_clip(tmp_path / "out.mp4") as clip:
        assert (clip.width_px, clip.height_px) == (64, 48)
        assert len(list(clip)) == 2


def test_finish_leaves_the_video_and_nothing_else(tmp_path):
    writer = write_video(tmp_path / "out.mp4", [0.0, 0.1])
    assert not (tmp_path / "out.mp4").exists()
    writer.finish()
    writer.discard()
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]


@pytest.mark.parametrize("frames", [0, 1, 40])
def test_discard_leaves_nothing(tmp_path, frames):
    write_video(tmp_path / "out.mp4", [i / 10 for i in range(frames)]).discard()
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_the_middle_leaves_the_old_file_alone(tmp_path):
    (tmp_path / "out.mp4").write_bytes(b"an older video")
    writer = write_video(tmp_path / "out.mp4", [i / 10 for i in range(5)])
    with pytest.raises((av.FFmpegError, ValueError)):
        writer.write(0.5, np.zeros((48, 64), dtype=np.uint8))
    writer.discard()
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]
    assert (tmp_path / "out.mp4").read_bytes() == b"an older video"


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path):
    noise = np.random.default_rng(1)
    writer = VideoWriter(tmp_path / "out.mp4", 320, 240)

    def write_much() -> None:
        for i in range(60):
            writer.write(i / 10, noise.integers(0, 256, (240, 320, 3), dtype=np.uint8))
        writer.finish()

    with largest_file(100_000):
        with pytest.raises(OSError, match="too large"):
            write_much()
        writer.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_video(tmp_path / "missing" / "out.mp4", [0.0, 0.1]).finish()
    assert list(tmp_path.iterdir()) == []
