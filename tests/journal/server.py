"""A PostgreSQL of our own: made in a temporary folder, reached through a socket there, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"


def find_server() -> Path | None:
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parents[1].name))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@contextmanager
def run_server(programs: Path) -> Iterator[str]:
    """The beginning of the URL of its databases, up to their name; `{name}` stands for it."""
    who = {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}  # the server refuses to be root
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        if who:
            shutil.chown(name, OWNER, OWNER)
        home, log = Path(name) / "data", Path(name) / "log"

        def call(program: str, *args: str) -> None:
            command = [str(programs / program), *args]
            subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=name, **who)

        call("initdb", "-D", str(home), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-k {name} -c listen_addresses= -c fsync=off -c autovacuum=off"
        call("pg_ctl", "-D", str(home), "-w", "-l", str(log), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://{OWNER}@/{{name}}?host={name}"
        finally:
            call("pg_ctl", "-D", str(home), "-w", "-m", "immediate", "stop")
