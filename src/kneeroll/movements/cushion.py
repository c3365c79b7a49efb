"""A cushion under the knees, and how deep the knees can come on it."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

HEIGHTS_CM = (10, 15, 20, 30, 40)
"""Presets: a folded blanket, a bed pillow, a firm cushion, two of them, a stack. Under the weight of the knees."""
LOWER_BY_CM = 5.0
"""The step of the ladder "lower cushion" is about this much lower: our own choice."""
_HEIGHT_CM = (0.0, 10.0, 20.0, 30.0, 40.0)
_CEILING_DEG = (100.0, 87.0, 74.0, 60.0, 42.0)
"""Knee drop at which the lower knee rests on a support of this height: a tall person's of our own roll model, who
sinks deepest on the same cushion, so that nobody is warned for being tall."""


class Cushion(StrEnum):
    """None, one on both sides under the knees, or a lower one there."""

    NONE = "none"
    BOTH = "both"
    LOWER = "lower"

    def ceiling_deg(self, height_cm: float | None) -> float | None:
        """Knee drop (degrees) that a cushion of this usual height (cm) ends; None without a cushion or its height.

        >>> Cushion.BOTH.ceiling_deg(20), Cushion.LOWER.ceiling_deg(20), Cushion.NONE.ceiling_deg(20)
        (74.0, 80.5, None)
        """
        if self is Cushion.NONE or height_cm is None:
            return None
        less_cm = LOWER_BY_CM if self is Cushion.LOWER else 0.0
        return float(np.interp(height_cm - less_cm, _HEIGHT_CM, _CEILING_DEG))
