"""Running kneeroll here and in a process of its own, and small clips cut from the sample."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from kneeroll.cameras.clip import open_clip
from kneeroll.cameras.sample import sample_clip_path
from kneeroll.cli.app import app
from kneeroll.plots.draw import VideoWriter
from kneeroll.poses import Pixels

Kneeroll = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
PLAIN = {"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's journal is touched."""
    folder = tmp_path / "home"
    monkeypatch.setenv("KNEEROLL_HOME", str(folder))
    monkeypatch.setenv("KNEEROLL_PROFILE", "")
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def kneeroll() -> Kneeroll:
    """Run a command in this process."""

    def run(*args: object, **more: Any) -> Result:
        return CliRunner().invoke(app, list(map(str, args)), prog_name="kneeroll", **more)

    return run


@pytest.fixture(scope="session")
def process() -> Process:
    """Run a command in a process of its own, as a person does."""

    def run(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kneeroll", *map(str, args)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
            env=os.environ | PLAIN | env,
            stdin=subprocess.DEVNULL,
        )

    return run


def write_clip(path: Path, frames: Iterable[tuple[float, Pixels]]) -> Path:
    writer: VideoWriter | None = None
    for t_s, image in frames:
        if writer is None:
            writer = VideoWriter(path, image.shape[1], image.shape[0])
        writer.write(t_s, image)
    assert writer is not None
    writer.finish()
    return path


def sample_frames(until_s: float, max_fps: float | None = None, cut: Any = np.s_[:]) -> Iterator[tuple[float, Pixels]]:
    with open_clip(sample_clip_path(), max_fps=max_fps) as clip:
        for frame in clip:
            if frame.t_s > until_s:
                return
            yield frame.t_s, frame.image[cut]


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def hold_clip(clip_folder: Path) -> Path:
    """The first 16 seconds of the sample: the start position, and a third of the left hold."""
    return write_clip(clip_folder / "hold.mp4", sample_frames(16.0))


@pytest.fixture(scope="session")
def cut_clip(clip_folder: Path) -> Callable[[Any], Path]:
    """The same at 6 frames a second, of which only a part of the picture is left."""
    return lambda cut: write_clip(clip_folder / "cut.mp4", sample_frames(13.0, 10.0, cut))


@pytest.fixture(scope="session")
def still_clip(clip_folder: Path) -> Path:
    """A person who never leaves the start position. The name has brackets, as names of files do."""
    ((_, image),) = sample_frames(0.0)
    return write_clip(clip_folder / "still [a].mp4", ((i / 6, image) for i in range(36)))


@pytest.fixture(scope="session")
def grey_clip(clip_folder: Path) -> Path:
    return write_clip(clip_folder / "grey.mp4", ((i / 6, np.full((240, 320, 3), 128, np.uint8)) for i in range(18)))


@pytest.fixture(scope="session")
def tiny_clip(clip_folder: Path) -> Path:
    """For what must be refused before anything is measured."""
    return write_clip(clip_folder / "tiny.mp4", ((i / 6, np.full((48, 64, 3), 128, np.uint8)) for i in range(3)))


@pytest.fixture(scope="session")
def still_for(clip_folder: Path) -> Callable[[float, float], Path]:
    """A person who keeps the start position for so many seconds, at so many frames a second."""

    def make(seconds: float, fps: float) -> Path:
        ((_, image),) = sample_frames(0.0)
        return write_clip(clip_folder / "long.mp4", ((i / fps, image) for i in range(round(seconds * fps))))

    return make


@pytest.fixture(scope="session")
def standing_clip(clip_folder: Path) -> Path:
    image = np.asarray(Image.open(Path(__file__).parents[1] / "assets" / "standing.jpg"))
    return write_clip(clip_folder / "standing.mp4", ((i / 6, image) for i in range(30)))
