"""Angle traces as bytes: float32 columns, their bytes sorted by weight, compressed.

Nearby angles share sign, exponent and the first bits: side by side these bytes take a quarter less room than in whole numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kneeroll.poses import MEASURES, BodyState, Floats, Quality

PLAIN = ("t_s", "knee_drop_deg", "pelvis_roll_deg", "thorax_roll_deg", "shoulder_lift_m", "knees_apart_deg", "feet_moved_m")
ERRORS = tuple(f"{name}_error" for name in MEASURES)
COLUMNS = (*PLAIN, *ERRORS, "quality")
_SORTED = b"\x01"
"""The first byte of a trace as it is packed now. The first kneeroll compressed the numbers as they are: that begins with 0x78."""


def pack(states: Sequence[BodyState]) -> bytes:
    """States to compressed float32 columns (columns compress better than rows)."""
    return _pack([[*(getattr(s, n) for n in PLAIN), *s.errors, float(s.quality.value)] for s in states])


def join(packed: Sequence[tuple[bytes, int]]) -> tuple[bytes, int]:
    """Traces one after the other as a single one, which takes less room and is read faster; each with its number of rows."""
    table = np.concatenate([unpack_table(*one) for one in packed])
    return _pack(table), len(table)


def _pack(table: ArrayLike) -> bytes:
    rows = np.array(table, dtype="<f4")
    columns = np.ascontiguousarray(rows.T).view(np.uint8).reshape(len(COLUMNS), len(rows), 4)
    return _SORTED + zlib.compress(columns.transpose(0, 2, 1).tobytes(), 6)


def unpack_table(packed: bytes, rows: int) -> Floats:
    """What `pack` was given as a table (rows, len(`COLUMNS`)), to float32."""
    if packed[:1] == _SORTED:
        by_weight = np.frombuffer(zlib.decompress(packed[1:]), np.uint8).reshape(len(COLUMNS), 4, rows)
        numbers = np.empty((len(COLUMNS), rows, 4), np.uint8)
        for weight in range(4):
            numbers[:, :, weight] = by_weight[:, weight]
        columns = numbers.view("<f4")[:, :, 0]
    else:
        columns = np.frombuffer(zlib.decompress(packed), "<f4").reshape(len(COLUMNS), rows)
    return columns.T.astype(float)


def unpack(packed: bytes, rows: int) -> list[BodyState]:
    """The states that `pack` was given, to float32."""
    return [
        BodyState(t_s, drop, pelvis, thorax, lift, apart, feet, tuple(errors), Quality(int(quality)))
        for t_s, drop, pelvis, thorax, lift, apart, feet, *errors, quality in unpack_table(packed, rows).tolist()
    ]
