"""Importing kneeroll opens nothing, starts nothing and writes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPORT = """
import json, os, sys, threading
print(json.dumps({
    "modules": sorted(sys.modules),
    "threads": threading.active_count(),
    "tasks": len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1,
    "files": sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else [],
}))
"""
EVERYTHING = """
import importlib, pkgutil, kneeroll
for module in pkgutil.walk_packages(kneeroll.__path__, "kneeroll."):
    if module.name != "kneeroll.__main__" and ".migrations." not in module.name:
        importlib.import_module(module.name)
"""


def after(script: str, folder: Path) -> dict:
    """What a fresh process holds after the script; it runs and lives in the empty `folder`."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "KNEEROLL_", "MPL"))}
    env |= {"HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", "-c", script + REPORT]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=folder, env=env)
    assert said.stderr == ""
    return json.loads(said.stdout)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return after("", tmp_path_factory.mktemp("nothing"))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return after("import kneeroll", tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("everything")
    return after(EVERYTHING, folder) | {"written": [p.name for p in folder.rglob("*")]}


def test_import_loads_no_heavy_part(package):
    assert "kneeroll" in package["modules"]
    assert not {"mediapipe", "av", "matplotlib", "sqlalchemy", "numpy", "fastapi", "typer"} & set(package["modules"])


def test_import_starts_no_thread_and_opens_no_file(package, nothing):
    assert (package["threads"], package["tasks"], package["files"]) == (1, 1, nothing["files"])


def test_import_of_every_module_starts_no_thread_and_opens_no_file(everything, nothing):
    assert {"kneeroll.web.app", "kneeroll.journal.book", "kneeroll.cli.measure"} <= set(everything["modules"])
    assert (everything["threads"], everything["files"]) == (1, nothing["files"])


def test_import_of_every_module_writes_nothing(everything):
    assert everything["written"] == []


def test_the_network_the_plots_and_the_decoder_are_loaded_only_when_used(everything):
    assert not {"mediapipe", "onnxruntime", "matplotlib", "av"} & set(everything["modules"])
