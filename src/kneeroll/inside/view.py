"""The inside view of a hold: where the turn came from, which tissues grew longer, what took the legs' weight. Pure.

Every answer is worked out again with each measured angle one standard error to either side, with the bent legs' start position
somewhat otherwise, and with both published ways in which the spine shares a turn. A band is claimed only where all agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from kneeroll.inside.body import SIDES, Muscle, Part
from kneeroll.inside.chain import Angles
from kneeroll.inside.statics import Load, load
from kneeroll.inside.stretch import SHARINGS, lengthening
from kneeroll.languages import Translate
from kneeroll.poses import Floats, Side
from kneeroll.summaries import HoldSummary, Measured

HIP_FLEXION_DEG, KNEE_FLEXION_DEG, LUMBAR_FLEXION_DEG = 60.0, 100.0, 10.0
"""Crook lying, which a camera does not measure during a knee roll: taken as it usually is."""
HIP_FLEXION_ERROR_DEG, LUMBAR_FLEXION_ERROR_DEG = 15.0, 5.0
LUMBAR_SHARE = (0.15, 0.24)
"""How much of a turn of the trunk the low back does (L1 to the sacrum), on average over people: 17 % of what is measured outside
to 24 % of the spine's own in the living (Fujii 2007), 21 % in specimens (Yamamoto 1989), less a little for the skin."""

NOT_MEASURED, NO_SIDE = "the camera did not measure it", "this movement has no side"
"""Why there is nothing to say, where the hold itself does not tell."""


class Band(IntEnum):
    """How much longer a muscle is: under 2 % nothing, under 4 % light, under 8 % moderate, else strong."""

    NONE = 0
    LIGHT = 1
    MODERATE = 2
    STRONG = 3

    def told(self, _: Translate) -> str:
        return (_("hardly any"), _("light"), _("moderate"), _("strong"))[self]


_BORDERS = (2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class Change:
    """Percent longer (+) or shorter (-): with the angles as measured, and the least and most over all that may be."""

    percent: float
    least: float
    most: float

    @property
    def band(self) -> Band | None:
        """The band that all agree on, in the same direction; None where they do not."""
        low, high = _signed(self.least), _signed(self.most)
        return Band(abs(low)) if low == high else None

    @property
    def at_least(self) -> Band:
        """The band that is reached in any case."""
        low, high = _signed(self.least), _signed(self.most)
        return Band(min(abs(low), abs(high))) if self.direction is not None else Band.NONE

    @property
    def direction(self) -> int | None:
        """+1 longer, -1 shorter, 0 unchanged, in any case; None where not all agree on it."""
        low, high = np.sign(_signed(self.least)), np.sign(_signed(self.most))
        return int(low) if low == high else None

    def told(self, _: Translate) -> str:
        """In words of a language."""
        low, high = _signed(self.least), _signed(self.most)
        if low == high == 0:
            return _("hardly changed")
        if low < 0 < high:
            return _("uncertain")
        words = _("longer: {band}") if high > 0 else _("shorter: {band}")
        return words.format(band=self.told_band(_))

    def told_band(self, _: Translate) -> str:
        """How much, without the direction."""
        near, far = sorted((abs(_signed(self.least)), abs(_signed(self.most))))
        return _range(Band(near), Band(far), _)


def _signed(percent: float) -> int:
    return int(np.sign(percent)) * int(np.searchsorted(_BORDERS, abs(percent), side="right"))


@dataclass(frozen=True, slots=True)
class Tissue:
    """A muscle group on one side. drop: None where the angle that it follows from was not measured."""

    muscle: Muscle
    side: Side
    tuck: Change
    drop: Change | None

    @property
    def direction(self) -> int | None:
        """What the drop did: +1 longer, -1 shorter, 0 hardly anything; None where that is not sure."""
        return self.drop.direction if self.muscle.firm and self.drop is not None else None

    def told_drop(self, _: Translate) -> str:
        """What the drop did, in words of a language."""
        if self.drop is None:
            return _("not measurable")
        return self.drop.told(_) if self.muscle.firm else _("uncertain")

    def told_tuck(self, _: Translate) -> str:
        """What bending the legs did, in words of a language."""
        return self.tuck.told(_) if self.muscle.firm else _("uncertain")


@dataclass(frozen=True, slots=True)
class Inside:
    """What is said of one hold.

    tissues: every muscle group on both sides; empty where nothing could be measured, and `why` says why (also where a part of it
    could not). lumbar_deg: least and most that the low back did of the trunk's turn (degrees, a population's average). loads: the
    least and the most load on the trunk that the twist's error allows.
    """

    hold: HoldSummary
    tissues: tuple[Tissue, ...]
    lumbar_deg: tuple[float, float] | None
    loads: tuple[Load, Load] | None
    why: tuple[str, ...]

    @property
    def side(self) -> Side | None:
        return self.hold.side

    def of(self, muscle: str, side: Side) -> Tissue:
        """One muscle group; KeyError when there is none."""
        return {(t.muscle.id, t.side): t for t in self.tissues}[muscle, side]

    def most_lengthened(self, count: int = 5) -> tuple[Tissue, ...]:
        """The groups that the drop made longest, the longest first: only firm ones that certainly grew longer."""
        grew = [t for t in self.tissues if t.direction == 1]
        return tuple(sorted(grew, key=lambda t: -t.drop.percent if t.drop else 0.0)[:count])

    def lengthened_by_tuck(self, count: int = 5) -> tuple[Muscle, ...]:
        """The groups that bending the legs made longest on both sides, the longest first."""
        grew = [t for t in self.tissues if t.side is SIDES[0] and t.muscle.firm and t.tuck.direction == 1]
        return tuple(t.muscle for t in sorted(grew, key=lambda t: -t.tuck.percent)[:count])

    def unchanged_by_drop(self) -> tuple[Muscle, ...]:
        """The groups that the drop hardly changed on either side."""
        moved = {t.muscle for t in self.tissues if t.direction != 0}
        return tuple(t.muscle for t in self.tissues if t.side is SIDES[0] and t.muscle not in moved)

    def told_turn(self, _: Translate) -> tuple[str, ...]:
        """Where the turn came from, a sentence each."""
        said = []
        for words, measured in (
            (_("The knees sank {degrees}° to the side."), self.hold.knee_drop_deg),
            (_("The hips did {degrees}° of it."), self.hold.hip_swing_deg),
            (_("The trunk did {degrees}° of it."), self.hold.trunk_twist_deg),
            (_("The chest rolled along by {degrees}°."), self.hold.thorax_roll_deg),
        ):
            if measured.value is not None:
                said.append(words.format(degrees=measured.told(_)))
        if self.lumbar_deg is not None:
            least, most = (f"{degrees:.0f}" for degrees in self.lumbar_deg)
            words = _("Of the trunk's turn, about {least} to {most}° came from the low back, the rest from the rib-cage spine.")
            said.append(words.format(least=least, most=most))
        return tuple(said)

    def told_load(self, _: Translate) -> str:
        """How much of the trunk's range the legs took; empty where that is not measurable."""
        if self.loads is None:
            return ""
        return _range(*self.loads, _)


def _range(least: Band | Load, most: Band | Load, _: Translate) -> str:
    return least.told(_) if least == most else _("{least} to {most}").format(least=least.told(_), most=most.told(_))


def look_inside(hold: HoldSummary) -> Inside:
    """The inside view of a hold on a side, from its trunk twist and hip swing and their errors.

    Without a twist there is nothing to say, without a swing nothing about the hips: `why` says so.
    """
    twist, swing = hold.trunk_twist_deg, hold.hip_swing_deg
    why = tuple(dict.fromkeys(m.why or NOT_MEASURED for m in (twist, swing) if m.value is None))
    if hold.side is None or twist.value is None or twist.error is None:
        return Inside(hold, (), None, None, why or (NO_SIDE,))
    has_swing = swing.value is not None
    scenes = _scenes(hold.side, twist, swing)
    changes = [lengthening(scenes, sharing) for sharing in SHARINGS]
    tuck, drop = np.stack([c.tuck for c in changes]), np.stack([c.drop for c in changes])
    tissues = tuple(
        Tissue(
            muscle,
            side,
            _change(tuck[:, :, row, column]),
            _change(drop[:, :, row, column]) if has_swing or muscle.part is Part.TRUNK else None,
        )
        for row, muscle in enumerate(changes[0].muscles)
        for column, side in enumerate(SIDES)
    )
    lumbar = (LUMBAR_SHARE[0] * twist.value, LUMBAR_SHARE[1] * twist.value)
    loads = (load(max(twist.value - twist.error, 0.0)), load(twist.value + twist.error))
    return Inside(hold, tissues, lumbar, loads, why)


def _scenes(side: Side, twist: Measured, swing: Measured) -> Angles:
    """As measured (first), then each input alone one standard error less and more."""
    centre = [twist.value or 0.0, swing.value or 0.0, HIP_FLEXION_DEG, LUMBAR_FLEXION_DEG]
    errors = [twist.error or 0.0, swing.error or 0.0, HIP_FLEXION_ERROR_DEG, LUMBAR_FLEXION_ERROR_DEG]
    moved = np.vstack([np.zeros(4), np.diag(errors), -np.diag(errors)])
    twists, swings, hips, lumbar = (np.array(centre) + moved).T
    return Angles(side.sign * twists, side.sign * swings, hips, KNEE_FLEXION_DEG, lumbar)


def _change(percent: Floats) -> Change:
    """Of (sharings, scenes)."""
    return Change(float(percent[:, 0].mean()), float(percent.min()), float(percent.max()))
