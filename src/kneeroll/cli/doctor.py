"""`kneeroll doctor`: what works on this machine and what is missing."""

from __future__ import annotations

import platform
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import typer

from kneeroll.errors import KneerollError

MIN_FREE_BYTES = 200_000_000


def examine() -> int:
    """Print one line a check; 0 when a clip can be measured."""
    needed = [("Python", _python), ("pose network", _network), ("sample clip", _sample), ("data folder", _folder)]
    useful = [
        ("camera", _camera),
        ("browser", _browser),
        ("espeak-ng", _espeak),
        ("notifications", _notifications),
        ("report as PDF", _pdf),
        ("port 8765", _port),
    ]
    failed = [name for name, check in needed if not _line(name, check, needed=True)]
    for name, check in useful:
        _line(name, check, needed=False)
    typer.echo("Measuring works." if not failed else f"Measuring does not work: {', '.join(failed)}.")
    return 0 if not failed else 3


def _line(name: str, check: Callable[[], str], *, needed: bool) -> bool:
    try:
        typer.echo(f"  ok       {name}: {check()}")
    except (KneerollError, OSError, ImportError, RuntimeError) as error:
        typer.echo(f"  {'MISSING' if needed else 'without'}  {name}: {error}")
        return False
    return True


def _python() -> str:
    return platform.python_version()


def _network() -> str:
    from kneeroll.cameras.clip import open_clip
    from kneeroll.cameras.sample import sample_clip_path
    from kneeroll.estimators.choose import load

    network = load()
    try:
        with open_clip(sample_clip_path()) as clip:
            if not network.estimate(next(iter(clip))).has_person:
                raise RuntimeError("it runs, but does not see the sample person")
    finally:
        network.close()
    return f"{network.name} sees the sample person"


def _sample() -> str:
    from kneeroll.cameras.sample import sample_clip_path

    return f"{sample_clip_path().stat().st_size / 1e6:.1f} MB"


def _folder() -> str:
    from kneeroll.journal import Journal

    with Journal.open() as journal:
        journal.check_writable()
        free = shutil.disk_usage(journal.folder).free
        if free < MIN_FREE_BYTES:
            raise RuntimeError(f"only {free / 1e6:.0f} MB free in {journal.folder}; make room")
        return f"{journal.folder}, {free / 1e9:.0f} GB free"


def _camera() -> str:
    found = sorted(str(p) for p in Path("/dev").glob("video*"))
    if not found and platform.system() == "Linux":
        raise RuntimeError("none found; plug one in, or use the sample person")
    return ", ".join(found) or "the browser will ask for it"


def _browser() -> str:
    names = ("xdg-open", "chromium", "google-chrome", "firefox", "open")
    found = next((name for name in names if shutil.which(name)), None)
    if found is None:
        raise RuntimeError("none found; open the printed address in one")
    return found


def _espeak() -> str:
    from kneeroll.speech.espeak import find_espeak

    return find_espeak()


def _notifications() -> str:
    from kneeroll.notifications import find_notifier

    find_notifier()
    return "for kneeroll remind"


def _pdf() -> str:
    from kneeroll.exports.report import check_pdf

    return check_pdf()


def _port() -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 8765))
    return "free"
