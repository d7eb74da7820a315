"""A dataset as an export shows it: some columns have other texts than they came with."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.cache import Cache
from engine.dataset import Dataset
from engine.exporting.formats._json import dump

Counts: TypeAlias = "Counter[str]"
"""What was done to a row: places by kind, or by the name of what was put before its text."""

Rewrite: TypeAlias = Callable[[str, int, Counts], str]
"""A text, the number of its row, and where to count what is done -> the text as it goes out."""

_CACHE = 64 << 20


@dataclass(frozen=True)
class Rewritten(Dataset):
    """The same rows, some columns with other texts; keys and content of the rows are still those that came in.

    rewrites: of a column by key; each text is rewritten, in lists, objects and bytes too, but not the names of fields.
    done: what was done to the rows that were read, by column and kind: uint32 (n,), four bytes a row, there once
    something of the kind was done. What is read twice counts once.
    """

    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)
    done: Mapping[str, dict[str, np.ndarray]] = field(default_factory=dict, repr=False, compare=False)

    def cells(self, key: str, rows: np.ndarray | None = None) -> pa.ChunkedArray:
        """As of the dataset, rewritten where the column is."""
        values = super().cells(key, rows)
        if key not in self.rewrites:
            return values
        numbers = self.rows() if rows is None else rows
        rewrite = self._counting(key, numbers)
        chunks, at = [], 0
        for chunk in values.chunks:
            here = numbers[at : at + len(chunk)]
            chunks.append(_array(chunk, here, rewrite, key in self._json()))
            at += len(chunk)
        return pa.chunked_array(chunks, values.type)

    def raw(self, rows: np.ndarray) -> list[bytes] | None:
        """As of the dataset; a row in which something was rewritten is written anew, numbers digit by digit."""
        raws = super().raw(rows)
        if raws is None:
            return None
        names = {self.columns[key].name: self._counting(key, rows) for key in self.rewrites if self._of_source(key)}
        as_text = {self.columns[key].name for key in self._json() if self.columns[key].type in ("text", "category")}
        return [
            line and (_line(line, names, as_text, row) or line) for line, row in zip(raws, rows.tolist(), strict=True)
        ]

    def changed(self, rows: np.ndarray) -> tuple[int, Counts, Counts]:
        """Of some rows, int64: how many do not go out as they came, and by kind how often and in how many rows."""
        places: Counts = Counter()
        in_rows: Counts = Counter()
        touched = np.zeros(len(rows), bool)
        for kind in {kind: None for of_column in self.done.values() for kind in of_column}:
            here = np.zeros(len(rows), np.int64)
            for of_column in self.done.values():
                if kind in of_column:
                    here += of_column[kind][rows]
            places[kind], in_rows[kind] = int(here.sum()), int(np.count_nonzero(here))
            touched |= here > 0
        return int(touched.sum()), places, in_rows

    def _counting(self, key: str, rows: np.ndarray) -> Callable[[str, int], str]:
        """A column's rewriting, which begins to count these rows anew."""
        done, rewrite = self.done[key], self.rewrites[key]
        for found in done.values():
            found[rows] = 0

        def rewritten(text: str, row: int) -> str:
            counts: Counts = Counter()
            found = rewrite(text, row, counts)
            for kind, times in counts.items():
                if kind not in done:
                    done[kind] = np.zeros(self.n, np.uint32)
                done[kind][row] += times
            return found

        return rewritten

    def _json(self) -> set[str]:
        """Columns whose cells are text that stands for JSON."""
        chat = self.text_view.columns if self.text_view.kind == "chat" and self.text_view.chat != "alpaca" else ()
        return {*chat, *(c.key for c in self.columns.values() if c.type in ("json", "list"))}

    def _of_source(self, key: str) -> bool:
        return self.columns[key].origin == "source"


def rewritten(data: Dataset, rewrites: Mapping[str, Rewrite]) -> Dataset:
    """A dataset with some columns rewritten; the very same where there is nothing to rewrite."""
    if not rewrites:
        return data
    held = {f.name: getattr(data, f.name) for f in fields(Dataset) if f.name != "_cache"}
    # A cache of its own: what is read of these columns must not be taken for what the dataset holds.
    return Rewritten(**held, _cache=Cache(_CACHE), rewrites=rewrites, done={key: {} for key in rewrites})


def text_columns(data: Dataset) -> list[str]:
    """Keys of the columns that can hold texts, of the source and of edits."""
    return [
        c.key
        for c in data.columns.values()
        if c.origin in ("source", "edit") and c.type in ("text", "category", "list", "json")
    ]


def standing_under(data: Dataset, columns: Collection[str]) -> list[str]:
    """Some columns, and what those that are edits were made from: all of it holds the same text."""
    found: dict[str, None] = {}
    for key in columns:
        found[key] = None
        made = data.added.get(key)
        if made and made.family == "edit":
            found |= dict.fromkeys(standing_under(data, [made.spec.on]))
    return list(found)


def made_from(data: Dataset, columns: Collection[str]) -> list[str]:
    """Keys of the edits that were made from some columns, from edits of these too, but for those columns."""
    edits = [c.key for c in data.columns.values() if c.origin == "edit" and c.key not in columns]
    return [key for key in edits if not set(columns).isdisjoint(standing_under(data, [key]))]


def _array(values: pa.Array, rows: np.ndarray, rewrite: Callable[[str, int], str], as_json: bool) -> pa.Array:
    """Each text of an array rewritten, at any depth. rows: int64, the number of the row of each value."""
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        one = partial(_json_text, rewrite=rewrite) if as_json else rewrite
        texts = zip(values.to_pylist(), rows.tolist(), strict=True)
        return pa.array([None if text is None else one(text, row) for text, row in texts], kind)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        # Bytes that are no UTF-8 are half characters meanwhile, and the same bytes again after.
        way = "surrogateescape"
        cells = zip(values.to_pylist(), rows.tolist(), strict=True)
        found = [v if v is None else rewrite(v.decode(errors=way), row).encode(errors=way) for v, row in cells]
        return pa.array(found, kind)
    if pa.types.is_struct(kind):
        parts = [_array(part, rows, rewrite, False) for part in values.flatten()]
        return pa.StructArray.from_arrays(parts, fields=list(kind), mask=values.is_null())
    if pa.types.is_map(kind):
        inside = pa.struct([kind.key_field.with_nullable(True), kind.item_field])
        pairs = _array(values.cast(pa.list_(pa.field("entries", inside))), rows, rewrite, False)
        names, items = pairs.values.flatten()
        return pa.MapArray.from_arrays(_offsets(pairs, pa.int32()), names, items, type=kind, mask=values.is_null())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inside = _array(values.flatten(), np.repeat(rows, _lengths(values)), rewrite, False)
        large = pa.types.is_large_list(kind)
        made = pa.LargeListArray if large else pa.ListArray
        offsets = _offsets(values, pa.int64() if large else pa.int32())
        return made.from_arrays(offsets, inside, type=kind, mask=values.is_null())
    if pa.types.is_fixed_size_list(kind):
        as_list = pa.list_(kind.value_field)
        return _array(values.cast(as_list), rows, rewrite, False).cast(kind)
    return values


def _lengths(values: pa.Array) -> np.ndarray:
    return pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)


def _offsets(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Where each list begins among the values of all, one after the other."""
    return pa.array(np.concatenate([[0], np.cumsum(_lengths(values))]), kind)


def _json_text(text: str, row: int, rewrite: Callable[[str, int], str]) -> str:
    """A cell of JSON with its texts rewritten; one that is no JSON is a text."""
    if not text.lstrip().startswith(("{", "[", '"')):
        return rewrite(text, row)
    try:
        value = _parsed(text)
        found = _walked(value, row, rewrite)
    except (ValueError, RecursionError):
        return rewrite(text, row)
    return text if found == value else _dumped(found).decode()


def in_json(text: str, rewrite: Callable[[str], str]) -> str:
    """A text that is an object or a list of JSON with its texts and numbers rewritten; any other text as it is.

    A number that is rewritten is a text from then on.
    """
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        value = _parsed(text)
        found = _walked(value, 0, lambda one, _: rewrite(one), numbers=True)
        return text if found == value else _dumped(found).decode()
    except (ValueError, RecursionError):
        return text


def _line(raw: bytes, names: Mapping[str, Callable[[str, int], str]], as_text: set[str], row: int) -> bytes | None:
    """A JSON row with the members of some names rewritten; None where nothing was. as_text: those that hold JSON."""
    try:
        value = _parsed(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, tuple):
        return None

    def member(name: str, v: object) -> object:
        if name in as_text and isinstance(v, str) and not isinstance(v, _Spelled):
            return _json_text(v, row, names[name])
        return _walked(v, row, names[name])

    found = tuple((name, member(name, v) if name in names else v) for name, v in value)
    return None if found == value else _dumped(found)


class _Spelled(str):
    """A number or a word of JSON, as it stands in the file."""


def _parsed(text: str | bytes) -> object:
    """JSON with objects as tuples of pairs, so that a name may repeat, and numbers as they are spelled."""
    return json.loads(text, object_pairs_hook=tuple, parse_float=_Spelled, parse_int=_Spelled, parse_constant=_Spelled)


def _walked(value: object, row: int, rewrite: Callable[[str, int], str], *, numbers: bool = False) -> object:
    if isinstance(value, tuple):
        return tuple((name, _walked(v, row, rewrite, numbers=numbers)) for name, v in value)
    if isinstance(value, list):
        return [_walked(v, row, rewrite, numbers=numbers) for v in value]
    if not isinstance(value, str) or (isinstance(value, _Spelled) and not numbers):
        return value
    found = rewrite(value, row)
    return value if found == value else found


def _dumped(value: object) -> bytes:
    if isinstance(value, tuple):
        return b"{" + b",".join(dump(name) + b":" + _dumped(v) for name, v in value) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(_dumped, value)) + b"]"
    return value.encode() if isinstance(value, _Spelled) else dump(value)
