"""The breaths of a hold, out of what was seen of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kneeroll.events import HoldEnded
from kneeroll.poses import Breaths
from kneeroll.summaries import BREATH_NOT_SEEN, Breathing, Measured

COVERED = 0.8
"""Breaths must have been followed for this share of the hold: its first second passes before it is known."""
BREATHS_ERROR, PAUSE_ERROR_S = 1.0, 1.0
"""An end of the hold may cut a breath in two; a top was at most 0.6 s off in rendered people, and a pause lies between two."""


def measure_breathing(hold: HoldEnded, found: Sequence[Breaths]) -> Breathing:
    """The breaths that were deepest within the hold, and the longest pause."""
    for breaths in found:
        from_s, until_s = max(hold.since_s, breaths.from_s), min(hold.until_s, breaths.until_s)
        if until_s - from_s >= COVERED * (hold.until_s - hold.since_s):
            tops_s = [t_s for t_s in breaths.tops_s if from_s <= t_s <= until_s]
            longest_s = float(np.diff([from_s, *tops_s, until_s]).max())
            return Breathing(Measured(len(tops_s), BREATHS_ERROR), Measured(longest_s, PAUSE_ERROR_S))
    return BREATH_NOT_SEEN
