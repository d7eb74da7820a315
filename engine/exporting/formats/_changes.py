"""What JSON and CSV cannot hold as it is, counted while it is written: numbers that are none, and bytes."""

import math
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

_SAID = {
    "number": "{name!r}: NaN and infinity, which JSON has no word for, are null ({count:,} of its values)",
    "bytes": "{name!r}: bytes are in base64 ({count:,} of its values)",
}


class Changes:
    """Counts, column by column, the values that a text format writes otherwise than they are."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, name: str, column: pa.Array | pa.ChunkedArray) -> None:
        """Count what is in a column, at any depth."""
        for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
            self._look(name, chunk)

    def value(self, name: str, value: object) -> None:
        """Count what is in a value of Python's, at any depth."""
        if isinstance(value, float):
            self._counts["number", name] += not math.isfinite(value)
        elif isinstance(value, list | dict):
            for part in value.values() if isinstance(value, dict) else value:
                self.value(name, part)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was counted, in the order in which it was met."""
        return tuple(_SAID[kind].format(name=name, count=n) for (kind, name), n in self._counts.items() if n)

    def _look(self, name: str, values: pa.Array) -> None:
        kind = values.type
        if pa.types.is_floating(kind):
            self._counts["number", name] += pc.sum(pc.invert(pc.is_finite(values))).as_py() or 0
        elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
            self._counts["bytes", name] += len(values) - values.null_count
        elif pa.types.is_struct(kind):
            for part in values.flatten():
                self._look(name, part)
        elif pa.types.is_map(kind):
            self._look(name, values.cast(pa.list_(pa.struct([kind.key_field, kind.item_field]))))
        elif pa.types.is_nested(kind):
            self._look(name, values.flatten())
