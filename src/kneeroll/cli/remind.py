"""`kneeroll remind`: today's one gentle notification without an open page, and how the system starts it by itself."""

from __future__ import annotations

import os
import platform
import plistlib
import shlex
import shutil
import sys
from datetime import datetime

import typer

from kneeroll.cli.movements import all_movements
from kneeroll.course import Course
from kneeroll.diary import Reminded
from kneeroll.journal import History, Journal
from kneeroll.languages import Language, translator
from kneeroll.notifications import find_notifier

_LAUNCHD = """\
cat > ~/Library/LaunchAgents/kneeroll.plist <<'END'
{plist}END
launchctl load ~/Library/LaunchAgents/kneeroll.plist"""
_SYSTEMD = """\
mkdir -p ~/.config/systemd/user
printf '[Service]\\nType=oneshot\\nExecStart=%s\\n' {command} > ~/.config/systemd/user/kneeroll.service
printf '[Timer]\\nOnCalendar=07..21:00/30\\n[Install]\\nWantedBy=timers.target\\n' > ~/.config/systemd/user/kneeroll.timer
systemctl --user enable --now kneeroll.timer"""
_CRON = "(crontab -l 2>/dev/null; echo {line}) | crontab -"
"""Every half an hour: the command knows itself whether it is time."""


def remind(journal: Journal, now: datetime, language: Language) -> None:
    """Show today's reminder, if it is due and nobody else shows it. NotNotified where this machine shows none: it stays due."""
    line = Course.lately(History(journal), now, all_movements()).reminder(translator(language))
    if line is None:
        typer.echo("No reminder is due now.")
        return
    show = find_notifier()
    if journal.write_first(Reminded(now)):
        show(line)
        typer.echo(f"Reminded: {line}")


def print_schedule() -> None:
    """What to paste into a terminal, so that the system's own scheduler starts `kneeroll remind`."""
    kept = {name: value for name in ("KNEEROLL_HOME", "KNEEROLL_JOURNAL", "KNEEROLL_PROFILE") if (value := os.environ.get(name))}
    command = [*(["env", *map("=".join, kept.items())] if kept else []), sys.executable, "-m", "kneeroll", "remind"]
    if platform.system() == "Darwin":
        job = {"Label": "kneeroll", "ProgramArguments": command, "StartInterval": 1800}
        typer.echo(_LAUNCHD.format(plist=plistlib.dumps(job).decode()))
    elif shutil.which("systemctl"):
        typer.echo(_SYSTEMD.format(command=shlex.quote(shlex.join(command))))
    else:
        typer.echo(_CRON.format(line=shlex.quote(f"*/30 7-21 * * * {shlex.join(command)}")))
