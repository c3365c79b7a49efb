"""A server in this process for the routes, and pictures of the sample person to send to it."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.care.screening import version
from kneeroll.diary import Screened
from kneeroll.journal import Journal
from kneeroll.plans import parse_plan
from kneeroll.web.app import create_app

PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"
LIVE = f"ws://127.0.0.1:{PORT}/live"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Of somebody to whom none of the first questions applies."""
    with Journal.open(tmp_path / "home") as book:
        book.write(Screened(datetime.now(UTC), (), version()))
        yield book


@pytest.fixture
def client(journal: Journal) -> Iterator[TestClient]:
    app = create_app(parse_plan("holds_a_side = 1\nhold_s = 3"), journal, PORT)
    with TestClient(app, base_url=HERE, headers={"Origin": HERE}) as client:
        yield client


@pytest.fixture(scope="session")
def jpegs() -> list[tuple[float, bytes]]:
    """(seconds, JPEG) of the sample's first twelve seconds, eight a second."""
    found = []
    with open_clip(sample_clip_path(), max_fps=8) as clip:
        for frame in clip:
            if frame.t_s > 12:
                break
            picture = io.BytesIO()
            Image.fromarray(frame.image).save(picture, "JPEG", quality=85)
            found.append((frame.t_s, picture.getvalue()))
    return found


def packed(t_s: float, picture: bytes) -> bytes:
    """A frame as the page sends it."""
    return struct.pack("<d", t_s * 1000) + picture
