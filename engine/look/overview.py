"""What a person wants to know first: rows, columns, what is missing, how values spread, what repeats."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.cache import Cache
from engine.dataset import ColumnInfo, Dataset, distinct_texts
from engine.dataset import repeats as earlier_ones
from engine.progress import Progress, quiet
from engine.store import digest_of
from engine.text import python_values

BINS = 40
TOP = 20
FEW, MANY = 60, 2_000
_BLOCK_ROWS = 50_000
SHOWN_CHARACTERS = 200
_FEW_CODES = 30

LooksLike = Literal["", "categories", "list"]
Of = Literal["values", "characters", "members", "date"]


@dataclass(frozen=True)
class Histogram:
    """How values spread. edges: float64 (b + 1,); counts: int64 (b,); log: edges grow by a factor, draw them so.

    of: the values themselves, the characters of a text, the members of a list, or seconds since 1970 of a date.
    """

    of: Of
    edges: np.ndarray
    counts: np.ndarray
    log: bool


@dataclass(frozen=True)
class Extreme:
    """A row at an end: its number, its value as text (cut), and the number it was judged by."""

    row: int
    value: str
    number: float


@dataclass(frozen=True)
class Summary:
    """One column. missing: rows without a value; empty: with the empty text or a list of no members.

    distinct: different values that are there, exact. frequent: (value, rows), most first. lowest and highest: by value,
    or of texts and lists by length. middle: the median. looks_like: what the column might better count as; delimiter:
    of what looks like lists.
    """

    column: ColumnInfo
    rows: int
    missing: int
    empty: int
    distinct: int
    frequent: list[tuple[str, int]]
    histogram: Histogram | None
    lowest: list[Extreme]
    highest: list[Extreme]
    middle: float
    looks_like: LooksLike = ""
    delimiter: str = ""

    @property
    def recurs(self) -> bool:
        """Whether its values come again and again, so that counting them says more than their lengths do."""
        few = self.distinct <= FEW or (self.distinct <= MANY and self.distinct * 5 <= self.present)
        return bool(self.frequent) and few and self.column.type != "date"

    @property
    def present(self) -> int:
        """Rows with a value, empty ones too."""
        return self.rows - self.missing


@dataclass(frozen=True)
class Repeats:
    """Exact repeats. rows: those equal in every column to an earlier row; texts: those with the text of one."""

    rows: np.ndarray
    texts: np.ndarray
    distinct_texts: int


@dataclass(frozen=True)
class Overview:
    """The whole dataset at a glance. summaries: of the source's columns and of edits, in their order."""

    rows: int
    summaries: dict[str, Summary]
    repeats: Repeats
    rejected: int


def overview(data: Dataset, progress: Progress = quiet, cache: Cache | None = None) -> Overview:
    """Look at every column of the source and at every edit, block by block.

    Kept with the dataset, or in `cache`, which may outlive it: a dataset is loaded again whenever something is added.
    """
    name = f"overview/{overview_key(data)}/{digest_of(data.text_view.json())}"
    return (cache or data._cache).get(name, lambda: _overview(data, progress))


def overview_key(data: Dataset) -> str:
    """What an overview depends on: the rows, and the columns of the source and of edits as they count now."""
    looked_at = [[c.key, c.type, c.role, c.identity] for c in _wanted(data)]
    return f"{data.fingerprint}/{digest_of(looked_at)}"


def _wanted(data: Dataset) -> list[ColumnInfo]:
    return [c for c in data.columns.values() if c.origin in ("source", "edit")]


def summarise(data: Dataset, key: str) -> Summary:
    """One column, of whatever origin."""
    info = data.info(key)
    if info.type in ("integer", "number", "boolean", "date"):
        return _of_numbers(data, info)
    if info.origin in ("topics", "signal") or info.type == "category":
        return _of_codes(data, info)
    return _of_texts(data, info)


def repeats(data: Dataset, progress: Progress = quiet) -> Repeats:
    """Rows that repeat an earlier one, whole or in their text; int64 ascending."""
    content = data.content(data.rows())
    texts = distinct_texts(data, progress)
    of_row, first = texts.of_row, texts.first
    there = np.flatnonzero(of_row >= 0)
    return Repeats(np.flatnonzero(earlier_ones(content) > 0), there[first[of_row[there]] != there], len(first))


def _overview(data: Dataset, progress: Progress) -> Overview:
    wanted = _wanted(data)
    summaries = {}
    for at, info in enumerate(wanted):
        progress("Looking at the columns", at, len(wanted) + 1)
        summaries[info.key] = summarise(data, info.key)
    found = repeats(data, progress)
    progress("Looking at the columns", len(wanted) + 1, len(wanted) + 1)
    return Overview(data.n, summaries, found, data.record.rejected)


def _of_numbers(data: Dataset, info: ColumnInfo) -> Summary:
    values = data.numbers(info.key)
    rows = np.flatnonzero(~np.isnan(values))
    there = values[rows]
    different, first, counts = _unique(there)
    top = np.lexsort((first, -counts))[:TOP]
    labels = data.strings(info.key, rows[first[top]]) if len(top) else []
    frequent = [(label or "", int(counts[i])) for label, i in zip(labels, top, strict=True)]
    looks: LooksLike = ""
    if info.type == "integer" and 2 <= len(different) <= _FEW_CODES and len(there) >= 5 * len(different):
        # Codes are small, lie close together, and say what a row is rather than how much of something it has.
        span = float(different[-1] - different[0]) + 1
        if different[0] >= -1 and different[-1] < 1000 and len(different) >= 0.7 * span:
            looks = "categories"
    lowest, highest = (_extremes(data, info, rows, there, sign) for sign in (1, -1))
    histogram = None if info.type == "boolean" else _histogram(there, "date" if info.type == "date" else "values")
    middle = float(np.median(there)) if len(there) else float("nan")
    missing = data.n - len(rows)
    return Summary(info, data.n, missing, 0, len(different), frequent, histogram, lowest, highest, middle, looks)


def _of_codes(data: Dataset, info: ColumnInfo) -> Summary:
    codes, labels = data.codes(info.key)
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    top = np.lexsort((np.arange(len(labels)), -counts))[:TOP]
    frequent = [(labels[i], int(counts[i])) for i in top if counts[i]]
    empty = sum(int(c) for label, c in zip(labels, counts, strict=True) if not label.strip())
    missing = int((codes < 0).sum())
    return Summary(info, data.n, missing, empty, int((counts > 0).sum()), frequent, None, [], [], float("nan"))


def _of_texts(data: Dataset, info: ColumnInfo) -> Summary:
    """Texts, lists and nested values: by length, distinct by hash, so that only one block is in memory."""
    lengths = np.full(data.n, -1, np.int64)
    hashes = np.zeros(data.n, np.int64)
    start = 0
    listed = False
    for block in _blocks(data, info.key):
        stop = start + len(block)
        listed = pa.types.is_list(block.type) or pa.types.is_large_list(block.type)
        measured = _lengths(block)
        lengths[start:stop] = pc.fill_null(measured, -1).to_numpy(zero_copy_only=False)
        hashes[start:stop] = [hash(v) for v in _hashable(block)]
        start = stop
    rows = np.flatnonzero(lengths >= 0)
    there = lengths[rows]
    _, first, counts = _unique(hashes[rows])
    top = np.lexsort((first, -counts))[:TOP]
    labels = data.strings(info.key, rows[first[top]]) if len(top) else []
    frequent = [(_cut(v), int(counts[i])) for v, i in zip(labels, top, strict=True)]
    looks: LooksLike = ""
    delimiter = ""
    if info.type == "text":
        looks, delimiter = _looks_listed(data, info, rows)
    filled = rows[there > 0]
    sizes = lengths[filled].astype(np.float64)
    lowest, highest = (_extremes(data, info, filled, sizes, sign) for sign in (1, -1))
    return Summary(
        info,
        data.n,
        data.n - len(rows),
        int((there == 0).sum()),
        len(counts),
        frequent,
        _histogram(there.astype(np.float64), "members" if listed else "characters"),
        lowest,
        highest,
        float(np.median(there)) if len(there) else float("nan"),
        looks,
        delimiter,
    )


def _blocks(data: Dataset, key: str) -> Iterator[pa.Array]:
    whole = data.column(key)
    for start in range(0, data.n, _BLOCK_ROWS):
        part = whole.slice(start, _BLOCK_ROWS)
        yield from (chunk for chunk in part.chunks if len(chunk))


def _lengths(block: pa.Array) -> pa.Array:
    kind = block.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pc.list_value_length(block)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.utf8_length(block)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pc.binary_length(block)
    return pa.array([None if v is None else len(str(v)) for v in python_values(block)], pa.int64())


def _hashable(block: pa.Array) -> list[object]:
    values = python_values(block)
    return [repr(v) for v in values] if pa.types.is_nested(block.type) else values


def _unique(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Different values ascending, the first position of each, and how often it stands there."""
    different, first, counts = np.unique(values, return_index=True, return_counts=True)
    return different, first, counts


def _extremes(data: Dataset, info: ColumnInfo, rows: np.ndarray, values: np.ndarray, sign: int) -> list[Extreme]:
    """The three rows at one end, ties by row number."""
    if not len(rows):
        return []
    few = min(3, len(values))
    edge = np.partition(values * sign, few - 1)[few - 1]
    near = np.flatnonzero(values * sign <= edge)
    # Millions of rows may share the end; ties go by row number, so the first ones are enough.
    at = near[np.lexsort((rows[near], values[near] * sign))][:few]
    shown = data.strings(info.key, rows[at])
    return [Extreme(int(rows[i]), _cut(v), float(values[i])) for i, v in zip(at, shown, strict=True)]


def _histogram(values: np.ndarray, of: Of) -> Histogram | None:
    """Bins of equal width; of equal factor where the values reach over orders of magnitude."""
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if low == high:
        return Histogram(of, np.array([low - 0.5, high + 0.5]), np.array([len(values)]), False)
    positive = values[values > 0]
    log = of != "date" and low >= 0 and len(positive) > 0 and high / max(float(np.median(positive)), 1e-300) > 20
    if log:
        least = float(positive.min())
        edges = np.geomspace(least, high, BINS + 1)
        edges[0], edges[-1] = least, high
        if low == 0:
            edges = np.concatenate([[0.0], edges])
    elif of != "date" and np.all(values == np.round(values)) and high - low < BINS:
        edges = np.arange(low, high + 2) - 0.5
    else:
        edges = np.linspace(low, high, BINS + 1)
    counts, _ = np.histogram(values, edges)
    return Histogram(of, edges, counts, bool(log))


def _looks_listed(data: Dataset, info: ColumnInfo, rows: np.ndarray) -> tuple[LooksLike, str]:
    """Whether texts look like lists: short members that recur, with the same delimiter in many rows."""
    sample = (
        rows[np.unique(np.linspace(0, len(rows) - 1, min(2000, len(rows))).astype(np.int64))] if len(rows) else rows
    )
    values = [v for v in data.strings(info.key, sample) if v]
    if len(values) < 5:
        return "", ""
    for delimiter in (";", "|", ","):
        lists = [[p.strip() for p in v.split(delimiter)] for v in values]
        several = [items for items in lists if len(items) > 1]
        if len(several) < 0.3 * len(values):
            continue
        members = [m for items in several for m in items]
        short = sum(0 < len(m) <= 40 and m.count(" ") <= 3 and not m.endswith(".") for m in members)
        # In prose the pieces between commas hardly ever come again; names of a list do.
        if short >= 0.95 * len(members) and len(set(members)) <= 0.6 * len(members):
            return "list", delimiter
    return "", ""


def _cut(value: str | None) -> str:
    value = value or ""
    return value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + "…"
