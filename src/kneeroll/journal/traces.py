"""Angle traces as bytes: float32 rows, compressed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from kneeroll.poses import ANGLES, BodyState, Quality

_PLAIN = ("t_s", "knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg", "shoulder_lift_m", "knees_apart_deg", "feet_moved_m")
_COLUMNS = len(_PLAIN) + len(ANGLES) + 1 + 1


def pack(states: Sequence[BodyState]) -> bytes:
    """States to compressed float32 columns (columns compress better than rows)."""
    rows = np.array([[*(getattr(s, n) for n in _PLAIN), *s.errors, float(s.quality.value)] for s in states], dtype="<f4")
    return zlib.compress(np.ascontiguousarray(rows.T).tobytes(), 6)


def unpack(packed: bytes, rows: int) -> list[BodyState]:
    """The states that `pack` was given, to float32."""
    table = np.frombuffer(zlib.decompress(packed), dtype="<f4").reshape(_COLUMNS, rows).T.astype(float)
    plain = len(_PLAIN)
    return [
        BodyState(
            **dict(zip(_PLAIN, map(float, row[:plain]), strict=True)),
            errors=tuple(float(v) for v in row[plain:-1]),
            quality=Quality(int(row[-1])),
        )
        for row in table
    ]
