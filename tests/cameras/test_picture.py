"""Pictures from the page: JPEG and WebP of a sensible size, nothing else."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kneeroll.cameras.picture import MAX_BYTES, MAX_PIXELS, decode_picture
from kneeroll.errors import UnreadableClip


def encoded(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """The left half black, the right half white."""
    image = Image.new(mode, size, 0)
    image.paste(255 if mode == "L" else (255,) * len(mode), (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def claims_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The same file with another size written in its frame header."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + jpeg[at + 4 :]


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("WEBP", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA")])
def test_jpeg_and_webp_become_rgb_frames(kind, mode):
    frame = decode_picture(encoded(kind, mode=mode), 1.5)
    assert (frame.t_s, frame.width_px, frame.height_px) == (1.5, 64, 48)
    assert frame.image.dtype == np.uint8
    left, right = frame.image[:, :24].mean(), frame.image[:, 40:].mean()
    assert abs(left - right) > 200


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_other_kinds_of_picture_are_refused(kind):
    with pytest.raises(UnreadableClip, match="not a picture"):
        decode_picture(encoded(kind), 0.0)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_picture_that_was_cut_short_is_refused(kind, share):
    noisy = Image.fromarray(np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8))
    out = io.BytesIO()
    noisy.save(out, kind)
    with pytest.raises(UnreadableClip):
        decode_picture(out.getvalue()[: int(share * len(out.getvalue()))], 0.0)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP", b"<svg/>", bytes(1000)])
def test_garbage_is_refused(content):
    with pytest.raises(UnreadableClip, match="not a picture"):
        decode_picture(content, 0.0)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"RIFF\x20\x00\x00\x00WEBPVP8 "]))
def test_no_bytes_raise_anything_else(tail, head):
    with pytest.raises(UnreadableClip):
        decode_picture(head + tail, 0.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 600), st.integers(0, 255))
def test_one_wrong_byte_gives_a_picture_or_a_refusal(at, value):
    data = bytearray(encoded("JPEG"))
    data[at % len(data)] = value
    try:
        frame = decode_picture(bytes(data), 0.0)
    except UnreadableClip:
        return
    assert frame.width_px * frame.height_px <= MAX_PIXELS


def test_too_many_bytes_are_refused_before_they_are_read():
    data = encoded("JPEG")
    assert decode_picture(data + bytes(MAX_BYTES - len(data)), 0.0).width_px == 64
    with pytest.raises(UnreadableClip, match=str(MAX_BYTES)):
        decode_picture(data + bytes(MAX_BYTES - len(data) + 1), 0.0)


def test_too_many_pixels_are_refused():
    assert decode_picture(encoded("JPEG", (2000, 2000)), 0.0).width_px == 2000
    with pytest.raises(UnreadableClip, match="2001 x 2000"):
        decode_picture(encoded("JPEG", (2001, 2000)), 0.0)


@pytest.mark.parametrize("side", [3000, 9000, 12000, 20000, 60000])
def test_a_small_file_that_claims_to_be_huge_is_refused(side):
    with pytest.raises(UnreadableClip):
        decode_picture(claims_size(encoded("JPEG"), side, side), 0.0)
