"""Holds on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from kneeroll.summaries import HoldSummary


def print_holds(holds: Sequence[HoldSummary], console: Console) -> None:
    """Holds as a table for people, degrees with their standard errors; below it the breathing, where it was seen."""
    table = Table()
    for title in ("side", "from", "held", "in posture", "knees", "pelvis", "trunk twist", "while resting", "noticed"):
        table.add_column(title)
    for hold in holds:
        table.add_row(
            hold.toward,
            f"{hold.start_s:.1f} s",
            f"{hold.duration_s:.1f} s",
            f"{hold.in_posture_s:.1f} s",
            hold.knee_drop_deg.in_unit("deg"),
            hold.pelvis_roll_deg.in_unit("deg"),
            hold.trunk_twist_deg.in_unit("deg"),
            str(hold.knee_drop_creep),
            ", ".join(str(span) for span in hold.faults) or "-",
        )
    console.print(table)
    for hold in holds:
        if hold.breathing.is_measured:
            console.print(f"Breathing, {hold.toward}, from {hold.start_s:.1f} s: {hold.breathing}.")
