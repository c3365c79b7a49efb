"""Landmarks, bones and left/right pairs as data. A mirror is a look-up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Skeleton:
    """Named landmarks, the bones that join them and the pairs that a mirror swaps."""

    name: str
    landmarks: tuple[str, ...]
    bones: tuple[tuple[str, str], ...]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.landmarks)}

    def index(self, name: str) -> int:
        """Row of a landmark; KeyError names what is missing."""
        return self._index[name]

    def indices(self, *names: str) -> list[int]:
        return [self._index[n] for n in names]

    @cached_property
    def mirror(self) -> NDArray[np.intp]:
        """(K,) rows of the same landmarks on the other side."""
        swap = {"left": "right", "right": "left"}
        other = []
        for name in self.landmarks:
            head, _, tail = name.partition("_")
            other.append(self._index[f"{swap[head]}_{tail}" if head in swap else name])
        return np.array(other, dtype=np.intp)

    @cached_property
    def bone_indices(self) -> tuple[tuple[int, int], ...]:
        return tuple((self._index[a], self._index[b]) for a, b in self.bones)


def _both_sides(*parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for part in parts for side in ("left", "right"))


BODY = Skeleton(
    name="body-19",
    landmarks=(
        "nose",
        *_both_sides("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe"),
    ),
    bones=(
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
        *(
            (f"{side}_{a}", f"{side}_{b}")
            for side in ("left", "right")
            for a, b in (
                ("shoulder", "elbow"),
                ("elbow", "wrist"),
                ("shoulder", "hip"),
                ("hip", "knee"),
                ("knee", "ankle"),
                ("ankle", "heel"),
                ("heel", "toe"),
                ("ankle", "toe"),
            )
        ),
    ),
)
"""The 19 landmarks that kneeroll uses. An estimator maps its own points to these."""
