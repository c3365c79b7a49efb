"""What commands write: all of a file or nothing; `-` is standard output."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import typer

from kneeroll.errors import NotExported


def write(file: Path, content: str | bytes) -> None:
    """Write it for the owner alone; what was there before stays until it is whole. NotExported says what is in the way."""
    if str(file) == "-":
        typer.echo(content, nl=False)
        return
    written = content.encode() if isinstance(content, str) else content
    try:
        if file.exists() and not file.is_file():  # a pipe or a device is not replaced
            file.write_bytes(written)
        else:
            _replace(file.resolve(), written)
    except OSError as error:
        raise NotExported(f"{file} cannot be written: {error.strerror or error}. Nothing was left behind") from error


def _replace(file: Path, written: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(written)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
