"""`kneeroll export fhir`, `omh`, and `kneeroll report`: what a person hands to somebody else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from kneeroll.cli.files import write
from kneeroll.cli.movements import all_movements
from kneeroll.course import Course
from kneeroll.course.report import report_file
from kneeroll.diary import Entry, PlanAccepted, PseudonymDrawn
from kneeroll.errors import NotExported
from kneeroll.exports.fhir import to_bundle
from kneeroll.exports.omh import to_data_points
from kneeroll.journal import History, Journal, SessionRecord
from kneeroll.languages import Language


def write_fhir(journal: Journal, file: Path, *, since: datetime | None, with_snomed: bool, force: bool) -> None:
    """Write the bundle and say what is in it."""
    check_place(file, ".json", force=force)
    sessions, diary, subject = _told(journal, since)
    with Console(stderr=True).status("Making the bundle and checking it"):
        bundle = to_bundle(sessions, diary, subject=subject, with_snomed=with_snomed)
    _write_json(file, bundle)
    _say(file, f"{len(sessions)} sessions and {len(diary)} entries of the diary as {len(bundle['entry'])} FHIR R4 resources")


def write_omh(journal: Journal, file: Path, *, since: datetime | None, force: bool) -> None:
    """Write the data points and say how many there are."""
    check_place(file, ".json", force=force)
    sessions, _, subject = _told(journal, since)
    points = to_data_points(sessions, subject=subject)
    _write_json(file, points)
    _say(file, f"{len(sessions)} sessions as {len(points)} data points")


def write_report(journal: Journal, file: Path, *, weeks: int, language: Language, force: bool, now: datetime) -> None:
    """Write the page."""
    check_place(file, ".pdf", ".html", force=force)
    course = Course.of(History(journal), now, all_movements())
    with Console(stderr=True).status("Putting the weeks on one page"):
        report, content = report_file(course, file.suffix.lower().removeprefix("."), weeks=weeks, language=language)
    write(file, content)
    _say(file, f"your weeks from {report.period}")


def check_place(file: Path, *suffixes: str, force: bool) -> None:
    """Whether the file can be written, before the work is done. NotExported says why not."""
    if file.suffix.lower() not in suffixes:
        raise NotExported(f"{file} must end in {' or '.join(suffixes)}")
    if not file.parent.is_dir():
        raise NotExported(f"There is no folder {file.parent} for {file.name}; make it first")
    if file.exists() and not force:
        raise NotExported(f"There is {file} already; give another name, or --force to overwrite it")


def _told(journal: Journal, since: datetime | None) -> tuple[Sequence[SessionRecord], Sequence[Entry], str]:
    """What was done and said since a day, with the plan that stands, and what tells this person from others."""
    now = datetime.now(UTC)
    sessions, diary = History(journal).sessions(now), journal.diary()
    day = since.date() if since else datetime.min.date()
    plan = next((e for e in reversed(diary) if isinstance(e, PlanAccepted)), None)
    kept = [s for s in sessions if s.entry.started_at.astimezone().date() >= day]
    said = [e for e in diary if (e.at.date() >= day or e is plan) and not isinstance(e, PseudonymDrawn)]
    if not kept and not [e for e in said if e is not plan]:
        raise NotExported(f"There is nothing to export{f' since {day}' if since else ''}. Start with: kneeroll coach")
    return kept, said, journal.pseudonym(now)


def _write_json(file: Path, content: Any) -> None:
    write(file, json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")


def _say(file: Path, what: str) -> None:
    typer.echo(f"{file} has {what}. It is not encrypted: keep it well.")
