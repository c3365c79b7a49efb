"""The last axis of an array as columns of their own. Pure."""

from __future__ import annotations

import numpy as np

from kneeroll.poses import Floats


def columns(array: Floats) -> Floats:
    """(..., n) to (n, ...), contiguous.

    NumPy's vectorised sine, cosine and exponential may take another path, and give another last bit, on a strided view,
    depending on what happens to lie behind it in memory. On columns of their own the same input gives the same bits.
    """
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))
