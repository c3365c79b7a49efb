"""Reading a value from what was kept of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def read_record(cls: type[T], record: Mapping[str, Any], read: Mapping[str, Callable[[Any], Any]]) -> T:
    """An instance of a dataclass from its fields as they were kept, by this version or an older one, which lacks what came later.

    read: how a field comes back from its plain value; what is not named is taken as it is.
    """
    needed = [f for f in fields(cls) if f.name in record or (f.default is MISSING and f.default_factory is MISSING)]
    return cls(**{f.name: read[f.name](record[f.name]) if f.name in read else record[f.name] for f in needed})
