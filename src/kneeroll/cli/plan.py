"""`kneeroll plan`: the plan on the terminal, in and out of files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneeroll.care.calendar import minutes, write_calendar
from kneeroll.care.standing import plan_to_do
from kneeroll.cli.files import write
from kneeroll.cli.movements import all_movements
from kneeroll.course import Course
from kneeroll.diary import PlanAccepted
from kneeroll.errors import InvalidPlan, KneerollError
from kneeroll.journal import History, Journal
from kneeroll.movements import Sides
from kneeroll.plans import Day, Plan, read_plan, write_plan


def print_plan(journal: Journal, path: Path | None = None) -> None:
    """A plan in a file, or the one that stands, with what was done of it and what comes next."""
    if path is not None:
        _print(read_plan(path, all_movements()))
        return
    course = Course.lately(History(journal), _now(), all_movements())
    _print(plan_to_do(course.diary, course.known))
    coming = course.next
    assert coming is not None, "a plan stands"
    if course.sessions:
        typer.echo(f"The last seven days: {course.days_done(7).told(str)}.")
    if course.clearance is None:
        typer.echo("Please answer the questions before your next session: kneeroll coach")
        return
    typer.echo(f"Next: {', '.join(m.id for m in coming.plan.movements)}. " + " ".join(why.told(str) for why in coming.reasons))
    if coming.rest_until is not None:
        typer.echo(f"Rest until {coming.rest_until.astimezone():%Y-%m-%d %H:%M}.")


def check_plan(journal: Journal, path: Path) -> None:
    """Say that a file is a plan, and what the person's answers change in it; InvalidPlan says why it is not."""
    plan = read_plan(path, all_movements())
    typer.echo(f"{path} is right: {plan.name}, {', '.join(m.id for m in plan.movements)}, about {minutes(plan)} min.")
    _say_what_the_answers_change(journal, plan)


def import_plan(journal: Journal, path: Path, *, sure: bool) -> None:
    """Check, show what changes, ask, then keep the plan in the diary."""
    plan = read_plan(path, all_movements())
    try:
        before = _rows(_standing(journal))
    except KneerollError:
        before = {}
    changed = {name: value for name, value in _rows(plan).items() if before.get(name, "") != value}
    table = Table("", "now", "then")
    for name, value in changed.items():
        table.add_row(name, escape(before.get(name, "")), escape(value))
    if changed:
        Console().print(table)
    else:
        typer.echo("Nothing changes.")
    _say_what_the_answers_change(journal, plan)
    if sure or typer.confirm("Take this plan?"):
        journal.write(PlanAccepted(_now(), write_plan(plan), plan.author))
        typer.echo("This is your plan now.")


def export_plan(journal: Journal, out: Path) -> None:
    """Write the plan that stands as TOML."""
    _write(out, write_plan(_standing(journal)))


def export_calendar(journal: Journal, out: Path) -> None:
    """Write the sessions of the plan that stands as an iCalendar file."""
    _write(out, write_calendar(_standing(journal), _now(), str))


def _standing(journal: Journal) -> Plan:
    return plan_to_do(journal.diary(), all_movements())


def _say_what_the_answers_change(journal: Journal, plan: Plan) -> None:
    try:
        fitted = plan_to_do(journal.diary(), all_movements(), plan)
    except InvalidPlan as error:
        typer.echo(str(error))
        return
    if fitted != plan:
        dropped = [m.id for m in plan.movements if m not in fitted.movements]
        told = " ".join(limit for limit in fitted.limits.told(str) if limit not in plan.limits.told(str))
        typer.echo("Your answers to the questions change it: " + " ".join(filter(None, (told, _instead(dropped, fitted)))))


def _instead(dropped: list[str], fitted: Plan) -> str:
    return f"Not {', '.join(dropped)}; done is {', '.join(m.id for m in fitted.movements)}." if dropped else ""


def _print(plan: Plan) -> None:
    table = Table(show_header=False, box=None, title=escape(plan.name), title_justify="left")
    for name, value in _rows(plan).items():
        if value:
            table.add_row(name, escape(value))
    Console().print(table)


def _rows(plan: Plan) -> dict[str, str]:
    """What a plan says, by what it is about."""
    doses = [f"{m.id}: {m.hold_s:g} s, {m.holds_a_side}{' a side' if m.sides is Sides.EACH else ''}" for m in plan.steps]
    return {
        "written by": plan.author,
        "movements": "\n".join(doses),
        "first side": plan.first_side.value,
        "days": "every day" if plan.days == tuple(Day) else ", ".join(plan.days),
        "times": ", ".join(at.isoformat("minutes") for at in plan.times) or "once, at any time",
        "takes": f"about {minutes(plan)} min, {plan.get_ready_s:g} s of it to get ready",
        "lying on": plan.surface.value,
        "cushion": "" if plan.cushion_cm is None else f"{plan.cushion_cm:g} cm",
        "breath": "" if plan.breath is None else f"{plan.breath.in_s:g} s in, {plan.breath.out_s:g} s out",
        "not begun above": f"{plan.stop_above} of 10 discomfort",
        "limits": "\n".join(plan.limits.told(str)),
        "notes": plan.notes,
    }


def _write(out: Path, text: str) -> None:
    write(out, text)
    if str(out) != "-":
        typer.echo(f"Wrote {out}.")


def _now() -> datetime:
    return datetime.now().astimezone()
