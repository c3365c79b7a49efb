"""A table as a file of CSV. The traces are written by columns: ten years of them have half a billion numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kneeroll.poses import Floats

DECIMALS = 4
LARGEST = 99_999
"""Degrees, metres or seconds of a trace up to this number (a day has 86,400 seconds)."""


class CsvTable:
    """Empty is "not seen" or "not said"."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Rows in the order of the columns."""
        self._rows.writerows(rows)

    def add_trace(self, session_id: str, numbers: Floats, quality: NDArray[np.str_]) -> None:
        """The rows of one session: numbers (rows, columns) with four decimals, NaN where not seen, and their quality in words.

        Every field gets its largest width, padded with zero bytes, which are taken out of the whole at once.
        """
        whole_words, rest_words = _words()
        seen = np.abs(numbers) <= LARGEST
        whole, rest = np.divmod(np.rint(np.abs(np.where(seen, numbers, 0.0)) * 10**DECIMALS).astype(int), 10**DECIMALS)
        rows = np.empty(
            len(numbers),
            [
                ("whose", f"S{len(session_id)}"),
                ("cells", [("whole", whole_words.dtype), ("rest", rest_words.dtype)], numbers.shape[1]),
                ("comma", "S1"),
                ("quality", f"S{quality.itemsize}"),
                ("end", "S1"),
            ],
        )
        rows["whose"], rows["comma"], rows["quality"], rows["end"] = session_id, ",", quality, "\n"
        rows["cells"]["whole"] = whole_words[np.where(seen, np.where(numbers < 0, ~whole, whole), LARGEST + 1)]
        rows["cells"]["rest"] = rest_words[np.where(seen, rest, -1)]
        self._file.write(rows.tobytes().translate(None, b"\0").decode("ascii"))


@cache
def _words() -> tuple[NDArray[Any], NDArray[Any]]:
    """What stands for the whole of a number with its comma before it, and for its decimals: last of each and first of none.

    -n - 1 has the words of a number below zero, `LARGEST` + 1 and -1 those of nothing.
    """
    above = [f",{n}." for n in range(LARGEST + 1)]
    whole = [*above, ",", *(f",-{n}." for n in range(LARGEST, -1, -1))]
    return np.array(whole, "S8"), np.array([*(f"{n:0{DECIMALS}}" for n in range(10**DECIMALS)), ""], f"S{DECIMALS}")
