"""A JPEG or WebP from the page as a frame."""

from __future__ import annotations

import io
import warnings

import numpy as np

from kneeroll.errors import UnreadableClip
from kneeroll.poses import CameraFrame

MAX_BYTES = 4_000_000
MAX_PIXELS = 4_000_000


def decode_picture(encoded: bytes, t_s: float) -> CameraFrame:
    """Decode one picture. UnreadableClip for anything that is not a JPEG or WebP of a sensible size."""
    from PIL import Image

    if len(encoded) > MAX_BYTES:
        raise UnreadableClip(f"the picture has {len(encoded)} bytes; at most {MAX_BYTES} are taken")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is stricter
            opened = Image.open(io.BytesIO(encoded), formats=("JPEG", "WEBP"))
        with opened as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise UnreadableClip(f"the picture is {picture.width} x {picture.height}; that is too large")
            return CameraFrame(t_s, np.asarray(picture.convert("RGB")))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableClip(f"not a picture: {error}") from error
