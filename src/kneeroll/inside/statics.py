"""What the legs' weight does to the trunk, and what a cushion takes away from it. Pure.

The weight of two legs (26 to 70 Nm) is several times what the trunk resists inside its range (10 Nm at 30 degrees), so the knees
sink until floor, cushion, hips or a lifting shoulder carry them; the trunk's own share follows from how far it has turned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kneeroll.languages import Translate
from kneeroll.movements import HEIGHTS_CM, Cushion
from kneeroll.poses import ANGLES, Floats
from kneeroll.summaries import HoldSummary, Measured

GRAVITY = 9.81


@dataclass(frozen=True, slots=True)
class LegMass:
    """A person's mass (kg), the share of it in a thigh and in a shank with its foot, length of the thigh (m) and how far down it
    its centre of mass lies (share of its length)."""

    mass_kg: float
    thigh: float
    shank_and_foot: float
    thigh_m: float
    centre: float

    @property
    def moment_kg_m(self) -> float:
        """Mass times distance from the hips of both legs, hips and knees bent at right angles."""
        return 2 * self.mass_kg * self.thigh_m * (self.thigh * self.centre + self.shank_and_foot)


LEGS: Mapping[str, LegMass] = MappingProxyType(
    {
        "de_leva_man": LegMass(73.0, 0.1416, 0.0570, 0.4222, 0.4095),
        "de_leva_woman": LegMass(61.9, 0.1478, 0.0610, 0.3685, 0.3612),
        "winter": LegMass(73.0, 0.1000, 0.0610, 0.4265, 0.4330),
        "dumas_man": LegMass(73.0, 0.1230, 0.0600, 0.4320, 0.4290),
        "dumas_woman": LegMass(61.9, 0.1460, 0.0550, 0.3790, 0.3770),
    }
)
"""De Leva 1996, Winter 2009, Dumas 2007: they differ by a tenth."""

STIFFNESS_NM_DEG = 0.33
"""Of the trunk of young adults in both directions (Kosmopoulos 2012: 0.35 and 0.30)."""
STIFFER_FROM_DEG, STIFFER_NM_DEG = 34.0, 0.9
"""Where its end range begins and what it adds: our own choice, it follows the roll model behind `Cushion.ceiling_deg`."""


def leg_pull_nm(knee_drop_deg: ArrayLike, legs: LegMass = LEGS["de_leva_man"]) -> Floats:
    """Torque (Nm) of both legs' weight about the body's long axis, knees this far (degrees) from straight up and held there."""
    pull: Floats = GRAVITY * legs.moment_kg_m * np.sin(np.radians(np.asarray(knee_drop_deg, float)))
    return pull


def trunk_torque_nm(twist_deg: ArrayLike) -> Floats:
    """Torque (Nm) that turns the pelvis so far (degrees) against the chest. Its order of magnitude only: never shown."""
    twist = np.abs(np.asarray(twist_deg, float))
    torque: Floats = STIFFNESS_NM_DEG * twist + STIFFER_NM_DEG * np.maximum(twist - STIFFER_FROM_DEG, 0.0)
    return torque


class Load(IntEnum):
    """How much of the trunk's range the legs' weight takes."""

    LIGHT = 0
    MODERATE = 1
    END_RANGE = 2

    def told(self, _: Translate) -> str:
        return (_("light"), _("moderate"), _("near the end of the range"))[self]


LOADS_NM = (7.0, 15.0)


def load(twist_deg: float) -> Load:
    """Light up to 7 Nm (about 21 degrees), near the end of the range from 15 Nm (about 37).

    >>> load(15).name, load(30).name, load(45).name
    ('LIGHT', 'MODERATE', 'END_RANGE')
    """
    return Load(int(np.searchsorted(LOADS_NM, float(trunk_torque_nm(twist_deg)), side="right")))


def on_cushion(hold: HoldSummary, lies_on_cm: float, height_cm: float) -> HoldSummary:
    """The hold as it would be on a cushion of another height (cm; 0 is none): a prediction for this person.

    A cushion ends the way of the knees where `Cushion.ceiling_deg` says. Who rests on one now is taken to rest on it everywhere;
    who does not reach it without a cushion is not changed by it. All angles keep their proportions.
    """
    drop = hold.knee_drop_deg.value
    if drop is None or drop <= 0:
        return hold
    now, then = (Cushion.BOTH.ceiling_deg(height) or 0.0 for height in (lies_on_cm, height_cm))
    less = then / now if lies_on_cm > 0 else min(1.0, then / drop)
    angles: dict[str, Any] = {name: _times(getattr(hold, name), less) for name in ANGLES}
    return replace(hold, **angles)


def load_taken(before: HoldSummary, after: HoldSummary) -> float | None:
    """Share (0-1) of the trunk's torque that is gone between two holds, below 0 if it grew; None where a twist is unmeasured."""
    twists = before.trunk_twist_deg.value, after.trunk_twist_deg.value
    if twists[0] is None or twists[1] is None or twists[0] == 0:
        return None
    return 1 - float(trunk_torque_nm(twists[1]) / trunk_torque_nm(twists[0]))


def _times(measured: Measured, factor: float) -> Measured:
    if measured.value is None or measured.error is None:
        return measured
    return Measured(measured.value * factor, measured.error * factor)


def told_taken(share: float, _: Translate) -> str:
    """The share of a load that is gone, in words: the roll model tells no more than that.

    >>> told_taken(0.52, str), told_taken(0.05, str), told_taken(-0.5, str)
    ('about half less', 'about the same', 'more')
    """
    if share < -0.1:
        return _("more")
    words = (
        _("about the same"),
        _("about a quarter less"),
        _("about half less"),
        _("about two thirds less"),
        _("most of it gone"),
    )
    return words[int(np.searchsorted((0.1, 0.375, 0.6, 0.75), share))]


def told_cushions(hold: HoldSummary, lies_on_cm: float, _: Translate) -> tuple[str, ...]:
    """What the cushion took away from the trunk's load, and what others would, a sentence each; empty where that is not known."""
    free = load_taken(on_cushion(hold, lies_on_cm, 0.0), hold)
    if free is None:
        return ()
    said = []
    if lies_on_cm:
        words = _("The cushion of {height} cm, against none: load on the trunk {less}.")
        said.append(words.format(height=f"{lies_on_cm:.0f}", less=told_taken(free, _)))
    others = [height for height in HEIGHTS_CM if height != lies_on_cm]
    for less, heights in groupby(
        others, lambda height: told_taken(load_taken(hold, on_cushion(hold, lies_on_cm, height)) or 0.0, _)
    ):
        words = _("A cushion of {heights} cm instead: load on the trunk {less}.")
        said.append(words.format(heights=", ".join(map(str, heights)), less=less))
    return tuple(said)
