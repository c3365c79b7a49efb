"""What was worked out last, for as long as all that it follows from is the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class Memo:
    """The last value of each name beside what it was made of; equal parts give it again, whatever else happened.

    >>> memo = Memo()
    >>> memo.of("sum", (1, 2), lambda: 3), memo.of("sum", (1, 2), lambda: 4), memo.of("sum", (1, 3), lambda: 4)
    (3, 3, 4)
    """

    def __init__(self) -> None:
        self._last: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def of(self, name: Hashable, parts: tuple[object, ...], work: Callable[[], T]) -> T:
        """What `work` gives, which follows from `parts` alone; these are compared, so nothing may change them."""
        found = self._last.get(name)
        if found is None or found[0] != parts:
            found = self._last[name] = parts, work()
        value: T = found[1]
        return value

    def each(self, name: Hashable, parts: tuple[object, ...], items: Sequence[S], work: Callable[[S], T]) -> tuple[T, ...]:
        """What `work` gives of each item, and of none that is the very one of last time again; it follows from `parts`, too."""
        last, before = self._last.get(name, ((), {}))
        known: dict[int, tuple[S, T]] = before if last == parts else {}
        made = {id(item): known.get(id(item)) or (item, work(item)) for item in items}
        self._last[name] = parts, made
        return tuple(value for _, value in made.values())
