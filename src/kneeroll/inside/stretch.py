"""How much longer or shorter each muscle group is, in percent, split into what the tuck did and what the drop did. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kneeroll.inside.body import SIDES, Body, Muscle, body
from kneeroll.inside.chain import STRAIGHT, Angles, line_lengths
from kneeroll.poses import Floats, Side

IN_VIVO, IN_VITRO = "in_vivo", "in_vitro"
SHARINGS = (IN_VIVO, IN_VITRO)
"""The two published ways in which the joints of the spine share a turn."""


@dataclass(frozen=True, slots=True)
class Lengthening:
    """Percent longer (+) or shorter (-), each (..., muscles, 2), the last axis by side: left, right.

    tuck: lying with bent knees against straight legs. drop: knees to the side against bent knees in the middle. The mean of the
    lines of a group.
    """

    muscles: tuple[Muscle, ...]
    tuck: Floats
    drop: Floats

    def of(self, muscle: str, side: Side) -> tuple[Floats, Floats]:
        """Tuck and drop of one muscle group, each (...)."""
        row, column = [m.id for m in self.muscles].index(muscle), SIDES.index(side)
        return self.tuck[..., row, column], self.drop[..., row, column]


def lengthening(angles: Angles, sharing: str = IN_VIVO) -> Lengthening:
    """Change of length of each muscle group on each side.

    Parameters
    ----------
    angles
        Degrees, numbers or arrays (...); left is +. The tuck is the same body without its twist and swing.
    sharing
        How the spine's joints share the turn: `IN_VIVO` (Fujii 2007, Fujimori 2012) or `IN_VITRO` (Yamamoto 1989, Wilke 2017).

    Returns
    -------
    Lengthening
        Percent of the length before; direction, side and order can be trusted, a number of the slanting belly muscles only to a
        factor of about two (Gatton 2001: straight or curved paths alone differ by 15 to 37 %).

    Examples
    --------
    >>> change = lengthening(Angles(twist_deg=[-15.0, -30.0], swing_deg=[-15.0, -30.0]))
    >>> tuck, drop = change.of("external_oblique", Side.LEFT)
    >>> drop.round()
    array([4., 9.])
    """
    held = line_lengths(body(), angles, sharing)
    middle = line_lengths(body(), replace(angles, twist_deg=0.0, swing_deg=0.0), sharing)
    straight = line_lengths(body(), STRAIGHT, sharing)
    tuck, drop = 100 * (middle / straight - 1), 100 * (held / middle - 1)
    return Lengthening(body().muscles, _by_group(body(), tuck), _by_group(body(), drop))


def _by_group(all_of: Body, lines: Floats) -> Floats:
    """Means (..., muscles, 2) of what each line (..., L) has."""
    group = all_of.lines.group
    count = np.diff(group, append=lines.shape[-1])
    means: Floats = np.add.reduceat(lines, group, axis=-1) / count
    return means.reshape(*lines.shape[:-1], -1, len(SIDES))
