"""Importing kneeroll opens nothing, starts nothing and writes nothing."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
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
COMES_ALONG, ONLY_FOR_TYPES = {"starlette", "pydantic", "markupsafe"}, {"_typeshed"}
"""Parts of FastAPI and Jinja."""
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


def test_everything_that_is_imported_is_declared():
    root = Path(__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    declared = {_bare(re.split(r"[^\w.-]", name, maxsplit=1)[0]) for name in wanted}
    makers = importlib.metadata.packages_distributions()
    undeclared = {
        f"{path.relative_to(root)} imports {name}"
        for path in (root / "src").rglob("*.py")
        for name in _imported(path) - sys.stdlib_module_names - {"kneeroll"} - COMES_ALONG - ONLY_FOR_TYPES
        if not declared & {_bare(maker) for maker in makers.get(name, ())}
    }
    assert undeclared == set()


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in whole | parts}


def _bare(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
