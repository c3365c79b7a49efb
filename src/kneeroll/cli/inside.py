"""`kneeroll inside`: what the holds of a session did inside the body, as tables and as a picture."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneeroll.cli.files import write
from kneeroll.cli.movements import all_movements
from kneeroll.course import cushion_cm
from kneeroll.errors import JournalUnavailable
from kneeroll.inside import Inside, look_inside, told_cushions
from kneeroll.journal import Journal
from kneeroll.plots.inside import inside_svg


def print_inside(journal: Journal, beginning: str, *, hold: int | None, svg: Path | None) -> None:
    """Every hold of a session as a table; the picture of one of them (the first by default) into a file."""
    record = journal.session(journal.find(beginning))
    console, known = Console(), all_movements()
    holds = list(enumerate(record.holds, 1))
    if hold is not None:
        holds = [(number, one) for number, one in holds if number == hold]
    if not holds:
        wanted = "" if hold is None else f", so not number {hold}"
        raise JournalUnavailable(f"The session has {len(record.holds)} holds{wanted}; see: kneeroll journal show {beginning}")
    console.print("A model of an average body, moved by your angles: directions and order, not a measurement of tissue.")
    for number, one in holds:
        title = f"Hold {number}, {one.toward}, from {one.start_s:.1f} s"
        _print(look_inside(one), title, cushion_cm(record, one, known), console)
    if svg is not None:
        _, drawn = holds[0]
        lies_on_cm = cushion_cm(record, drawn, known)
        other_cm = 0.0 if lies_on_cm else None
        write(svg, inside_svg(look_inside(drawn), lies_on_cm=lies_on_cm, other_cm=other_cm))
        console.print(f"Hold {holds[0][0]} is drawn in {escape(str(svg))}.")


def _print(inside: Inside, title: str, lies_on_cm: float, console: Console) -> None:
    console.print(f"\n[bold]{escape(title)}[/bold]")
    for why in inside.why:
        console.print(f"Not measurable: {why}.")
    for sentence in inside.told_turn(str):
        console.print(sentence)
    if not inside.tissues:
        return
    console.print(f"Load on the trunk: {inside.told_load(str)}. While resting: {inside.hold.knee_drop_creep}.")
    for sentence in told_cushions(inside.hold, lies_on_cm, str):
        console.print(sentence)
    longest = (f"{t.muscle.term} {t.side.value} ({t.told_drop(str)})" for t in inside.most_lengthened())
    console.print(f"Most lengthened by the drop: {', '.join(longest) or 'nothing for sure'}.")
    table = Table()
    for name in ("muscle", "what people call it", "the drop, left", "the drop, right", "bending the legs"):
        table.add_column(name)
    for left, right in zip(inside.tissues[::2], inside.tissues[1::2], strict=True):
        drops = (left.told_drop(str), right.told_drop(str))
        table.add_row(left.muscle.term, left.muscle.name, *drops, left.told_tuck(str))
    console.print(table)
