"""A file that a command writes is whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kneeroll.cli.files import write
from kneeroll.errors import NotExported


def test_a_file_is_written_for_the_owner_alone(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "ü\n")
    assert (tmp_path / "a.csv").read_bytes() == "ü\n".encode()
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["a.csv"]


def test_what_was_there_stays_when_the_new_file_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    (tmp_path / "a.csv").write_text("before")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotExported, match=r"a\.csv cannot be written: No space left on device\. Nothing was left behind"):
        write(tmp_path / "a.csv", "after")
    assert (tmp_path / "a.csv").read_text() == "before"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_link_leads_to_its_file_and_a_device_stays_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "a.csv")
    write(tmp_path / "link", b"1")
    assert (tmp_path / "folder" / "a.csv").read_bytes() == b"1"
    assert (tmp_path / "link").is_symlink()
    write(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device()
