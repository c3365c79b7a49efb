"""A table as a file of Parquet. Needs pyarrow (the extra `export`), which is loaded when a table is opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kneeroll.errors import NotExported
from kneeroll.poses import Floats

GROUP_ROWS = 200_000
"""So many rows are written at once: a row group."""


class ParquetTable:
    """Null is "not seen" or "not said". columns: the type of each by its name, of Table Schema or "float32"."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ModuleNotFoundError as error:
            raise NotExported(
                "Parquet needs pyarrow, which is not installed: pip install 'kneeroll[export]'. CSV needs nothing"
            ) from error
        self._arrow: Any = pyarrow
        types = {"integer": pyarrow.int32(), "number": pyarrow.float64(), "float32": pyarrow.float32()}
        self._schema: Any = pyarrow.schema([(name, types.get(kind, pyarrow.string())) for name, kind in columns.items()])
        words = [name for name, kind in columns.items() if kind not in types]
        self._file: Any = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=words)
        self._waiting: list[list[Any]] = []
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        try:
            if raised[0] is None:
                self._flush()
        finally:
            self._file.close()

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Rows in the order of the columns."""
        columns = list(zip(*rows, strict=True))
        if columns:
            self._add([self._arrow.array(c, field.type) for c, field in zip(columns, self._schema, strict=True)])

    def add_trace(self, session_id: str, numbers: Floats, quality: NDArray[np.str_]) -> None:
        """The rows of one session: its numbers (rows, columns), NaN where not seen, and their quality in words."""
        whose = self._arrow.repeat(session_id, len(quality))
        measured = [self._arrow.array(np.ascontiguousarray(c, dtype="f4"), from_pandas=True) for c in numbers.T]
        self._add([whose, *measured, self._arrow.array(quality)])

    def _add(self, columns: list[Any]) -> None:
        self._waiting.append(columns)
        self._rows += len(columns[0])
        if self._rows >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            batches = [self._arrow.record_batch(columns, schema=self._schema) for columns in self._waiting]
            self._file.write_table(self._arrow.Table.from_batches(batches), row_group_size=GROUP_ROWS)
        self._waiting, self._rows = [], 0
