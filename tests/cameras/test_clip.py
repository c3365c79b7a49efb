"""Reading video files: real times, upright pictures, and plain words about broken ones."""

import struct
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from kneeroll.cameras.clip import LONGEST_SIDE_PX, open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.errors import UnreadableClip

RED, GREEN, BLUE, GREY = (220, 20, 20), (20, 200, 20), (20, 20, 220), (128, 128, 128)


def corners(width: int, height: int) -> np.ndarray:
    """Red at the top left, green at the top right, blue at the bottom left, grey at the bottom right."""
    image = np.empty((height, width, 3), dtype=np.uint8)
    image[: height // 2, : width // 2] = RED
    image[: height // 2, width // 2 :] = GREEN
    image[height // 2 :, : width // 2] = BLUE
    image[height // 2 :, width // 2 :] = GREY
    return image


def write(path: Path, times_ms: Iterable[int], *, width: int = 96, height: int = 64, **options: str) -> Path:
    """A small clip with one picture at each time, milliseconds."""
    with av.open(str(path), "w", options=options) as out:
        stream = out.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = 2_000_000
        stream.codec_context.time_base = Fraction(1, 1000)
        image = corners(width, height)
        for t in times_ms:
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = t, Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def turn(path: Path, degrees_clockwise: int) -> Path:
    """Write into the file how a player must turn the picture, as a phone does (the matrix of the track header)."""
    data = bytearray(path.read_bytes())
    box = data.index(b"tkhd")
    a, b = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees_clockwise]
    one = 1 << 16
    matrix = struct.pack(">9i", a * one, b * one, 0, -b * one, a * one, 0, 0, 0, 1 << 30)
    start = box + 4 + 40  # version and flags, four times and an id, eight reserved bytes, layer, group, volume
    assert struct.unpack(">9i", data[start : start + 36]) == (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    data[start : start + 36] = matrix
    path.write_bytes(data)
    return path


def faststart(path: Path) -> Path:
    """The first seconds of the sample with its index at the front, so that the front half can be read alone."""
    with av.open(str(sample_clip_path())) as source, av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is None or packet.dts * packet.time_base > 6:
                break
            packet.stream = stream
            out.mux(packet)
    return path


def times(clip) -> list[float]:
    return [frame.t_s for frame in clip]


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("clips") / "plain.mp4", range(0, 1000, 40))


# ---- files that are no video


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableClip, match=r"No such file: .*nowhere\.mp4"):
        open_clip(tmp_path / "nowhere.mp4")


def test_a_folder_is_not_a_clip(tmp_path):
    with pytest.raises(UnreadableClip, match="is a folder"):
        open_clip(tmp_path)


def test_an_empty_file_is_not_a_clip(tmp_path):
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(UnreadableClip, match="is empty"):
        open_clip(tmp_path / "empty.mp4")


@pytest.mark.parametrize(
    "content",
    [b"This is not a video.\n" * 50, bytes(5000), np.random.default_rng(1).bytes(5000), b"\x00\x00\x00\x18ftypmp42" + bytes(50)],
    ids=["text", "zeros", "noise", "only_a_header"],
)
def test_anything_else_named_mp4_is_not_a_clip(tmp_path, content):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableClip, match=r"clip\.mp4"):
        open_clip(path)


def test_sound_alone_is_not_a_clip(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=16000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 16000, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    with pytest.raises(UnreadableClip, match="no video, only sound"):
        open_clip(path)


# ---- broken files


def test_half_of_a_file_whose_index_was_at_its_end_cannot_be_read(tmp_path):
    data = sample_clip_path().read_bytes()
    path = tmp_path / "half.mp4"
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UnreadableClip, match=r"half\.mp4"):
        open_clip(path)


def test_half_of_a_file_whose_index_is_at_its_front_is_read_as_far_as_it_goes(tmp_path):
    path = faststart(tmp_path / "front.mp4")
    data = path.read_bytes()
    with open_clip(path) as clip:
        whole = times(clip)
        assert clip.problems == []
    path.write_bytes(data[: len(data) // 2])
    with open_clip(path) as clip:
        part = times(clip)
        assert clip.problems
    assert 5 < len(part) < 0.8 * len(whole)
    assert part == whole[: len(part)]


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.7, 0.9, 0.99])
def test_a_file_cut_anywhere_is_read_in_part_or_refused(tmp_path, share):
    path = faststart(tmp_path / "front.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    try:
        with open_clip(path) as clip:
            found = times(clip)
            assert found
            assert clip.problems or found[-1] > 5
    except UnreadableClip:
        assert share < 0.4, "the first picture is there: a third of this file"


def test_a_damaged_middle_is_left_out_or_patched_and_the_end_is_still_read(tmp_path):
    path = faststart(tmp_path / "front.mp4")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(5).bytes(3000)
    with open_clip(path) as clip:
        whole = times(clip)
    path.write_bytes(data)
    with open_clip(path) as clip:
        found = times(clip)
    assert len(found) > 0.5 * len(whole)
    assert found[-1] == pytest.approx(whole[-1])
    assert found == sorted(found)


# ---- times


def test_even_times_start_at_zero(plain):
    with open_clip(plain) as clip:
        assert times(clip) == pytest.approx(np.arange(25) * 0.04)
        assert clip.problems == []
        assert clip.fps == pytest.approx(25, abs=0.1)
        assert clip.duration_s == pytest.approx(1.0, abs=0.05)


def test_uneven_times_are_the_files_own(tmp_path):
    uneven = [0, 33, 70, 200, 210, 450, 900]
    with open_clip(write(tmp_path / "uneven.mp4", uneven)) as clip:
        assert times(clip) == pytest.approx(np.array(uneven) / 1000, abs=1e-3)


def test_a_clip_that_begins_late_begins_at_zero(tmp_path):
    with open_clip(write(tmp_path / "late.mkv", [5000, 5040, 5100])) as clip:
        assert times(clip) == pytest.approx([0.0, 0.04, 0.1], abs=2e-3)


@pytest.mark.parametrize(("max_fps", "count"), [(100, 25), (25, 25), (12.5, 13), (5, 5), (1, 1)])
def test_frames_beyond_the_wanted_rate_are_left_out(plain, max_fps, count):
    with open_clip(plain, max_fps=max_fps) as clip:
        found = times(clip)
    assert len(found) == count
    assert found[0] == 0.0
    assert all(b - a > 0.99 / max_fps for a, b in pairwise(found))


# ---- pictures


def test_a_picture_keeps_its_size_and_colours(plain):
    with open_clip(plain) as clip:
        frame = next(iter(clip))
        assert (clip.width_px, clip.height_px) == (frame.width_px, frame.height_px) == (96, 64)
    assert frame.image == pytest.approx(corners(96, 64), abs=60)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_picture_is_turned_as_the_file_says(tmp_path, degrees):
    path = turn(write(tmp_path / "turned.mp4", [0, 40]), degrees)
    upright = np.rot90(corners(96, 64), -degrees // 90)
    with open_clip(path) as clip:
        assert (clip.width_px, clip.height_px) == (upright.shape[1], upright.shape[0])
        for frame in clip:
            assert frame.image.shape == upright.shape
            assert frame.image.flags.c_contiguous
            assert _corner_colours(frame.image) == pytest.approx(_corner_colours(upright), abs=40)


def _corner_colours(image: np.ndarray) -> np.ndarray:
    return image[[8, 8, -8, -8], [8, -8, 8, -8]].astype(int)


@pytest.mark.parametrize(
    ("width", "height", "size"), [(1920, 1080, (1280, 720)), (1080, 1440, (960, 1280)), (1280, 720, (1280, 720))]
)
def test_large_pictures_are_scaled_to_the_longest_side(tmp_path, width, height, size):
    with open_clip(write(tmp_path / "large.mp4", [0], width=width, height=height)) as clip:
        frame = next(iter(clip))
        assert (clip.width_px, clip.height_px) == (frame.width_px, frame.height_px) == size
    assert max(size) == LONGEST_SIDE_PX


def test_a_large_turned_picture_is_scaled_and_turned(tmp_path):
    with open_clip(turn(write(tmp_path / "large.mp4", [0], width=1920, height=1080), 90)) as clip:
        assert (clip.width_px, clip.height_px) == (720, 1280)


# ---- closing


def test_every_frame_comes_once(plain):
    with open_clip(plain) as clip:
        assert len(times(clip)) == 25


def test_a_clip_may_be_closed_twice_and_unread(plain):
    with open_clip(plain) as clip:
        clip.close()
    clip.close()


def test_a_path_may_be_a_string(plain):
    with open_clip(str(plain)) as clip:
        assert clip.path == plain


def test_the_sample_is_what_its_truth_says():
    with open_clip(sample_clip_path()) as clip:
        assert (clip.width_px, clip.height_px) == (640, 480)
        assert clip.fps == pytest.approx(12)
        assert clip.duration_s == pytest.approx(73.0, abs=0.1)
