"""Columns that were written as text, read back with the types that they had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import text_as

_TYPES = {
    **{str(t): t for t in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.float32(), pa.float64(), pa.bool_())},
    **{str(t): t for t in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(), pa.string(), pa.large_string())},
    **{str(t): t for t in (pa.date32(), pa.timestamp("s"), pa.timestamp("us"), pa.timestamp("us", "UTC"))},
}
_FAR = "^-|^[0-9]{5}"
"""Moments before the year 0 or after 9999 are written, and cannot be read by Arrow."""
_LISTS = {f"list<item: {t}>" for t in ("string", "large_string", "int64", "bool", "double")}


@dataclass(frozen=True)
class Wanted:
    """A column to read back. at: its place in the file; label: its name there; type, held: see `WrittenColumn`."""

    at: int
    label: str
    type: str
    held: str = ""

    @property
    def is_json(self) -> bool:
        """Whether its text is that of JSON: a list of plain values, or a column that holds lists and objects."""
        return self.held == "json" or self.type in _LISTS

    @property
    def kind(self) -> pa.DataType | None:
        """The Arrow type to read it as, None for one that does not come back from text in every case (bytes, say)."""
        return pa.large_string() if self.is_json else _TYPES.get(self.type)


Block: TypeAlias = tuple[list[pa.Array], np.ndarray]
"""Some rows: the wanted columns, and of each row whether all its values could be read back, bool."""


def block(columns: Sequence[Wanted], texts: Sequence[pa.Array], sure: np.ndarray) -> Block:
    """Columns of text with their types; raises `pa.ArrowInvalid` for a text that is no value of its type."""
    found = []
    for column, text in zip(columns, texts, strict=True):
        if column.kind is None:
            sure = sure & text.is_null().to_numpy(zero_copy_only=False)
        kind = column.kind or pa.large_string()
        if kind == pa.bool_():
            text = pc.utf8_lower(text)
        if pa.types.is_temporal(kind):
            far = pc.fill_null(pc.match_substring_regex(text, _FAR), False)
            text = pc.if_else(far, pa.scalar(None, text.type), text)
            sure = sure & ~far.to_numpy(zero_copy_only=False)
        found.append(text_as(text, kind))
    return found, sure


Blocks: TypeAlias = Iterator[Block]
