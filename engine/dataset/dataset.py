"""Dataset: one table whose rows are numbered once, with the vectors, graphs, maps and columns that slow work added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.cache import Cache
from engine.dataset.columns import ColumnInfo, added_columns
from engine.dataset.content import as_text, text_as
from engine.dataset.current_artefacts import added_now
from engine.dataset.gather import take
from engine.dataset.record import Record, read_record
from engine.dataset.row_keys import RowKeys, keys_origin, numbered
from engine.dataset.typed_artefacts import DistinctTexts, Graph, Map, Pairs, Topics, Vectors
from engine.errors import Damaged, EngineError, unknown
from engine.store import FAMILIES, Artefact, Store
from engine.text import TextView, python_values, render, seconds

CACHE_BYTES = 1 << 30

_READ_AS = {"number": pa.float64(), "date": pa.timestamp("us"), "moment": pa.timestamp("us", "UTC")}
"""What stored text is read as, by what it stands for."""


@dataclass(frozen=True)
class Dataset:
    """One revision of a corpus. Frozen: new artefacts on disk are seen by loading again.

    Row numbers are int64, 0 to n-1, in source order.
    """

    store: Store
    name: str
    n: int
    revision: int
    fingerprint: str
    columns: Mapping[str, ColumnInfo]
    text_view: TextView
    record: Record
    added: Mapping[str, Artefact]
    _tables: tuple[pa.Table, ...] = field(repr=False, default=())
    _cache: Cache = field(repr=False, compare=False, default_factory=lambda: Cache(CACHE_BYTES))

    @staticmethod
    def load(store: Store) -> "Dataset":
        """Open a dataset's folder. Memory-mapped: cost does not grow with the rows."""
        record = read_record(store)
        tables = tuple(_map_rows(store, segment.file) for segment in record.segments)
        columns = {
            c.key: ColumnInfo(c.key, c.name, c.type, role=c.role, stored=c.stored, held=c.held) for c in record.columns
        }
        added = added_now(store, record, columns)
        for artefact in added.values():
            columns |= added_columns(artefact, [c.key for c in columns.values() if c.origin == "source"])
        return Dataset(
            store=store,
            name=store.folder.name,
            n=sum(t.num_rows for t in tables),
            revision=record.revision,
            fingerprint=record.fingerprint,
            columns=columns,
            text_view=record.text_view,
            record=record,
            added=added,
            _tables=tables,
        )

    # Columns

    def info(self, key: str) -> ColumnInfo:
        """The column of this name, or an error that offers the nearest."""
        if key not in self.columns:
            raise unknown("column", key, self.columns)
        return self.columns[key]

    def column(self, key: str, rows: np.ndarray | None = None) -> pa.ChunkedArray:
        """A column as Arrow, all rows or some. Signals come as numbers, topics as their names."""
        values = self.cells(key, rows)
        kind = _READ_AS.get(self.info(key).held)
        return text_as(values, kind) if kind else values

    def cells(self, key: str, rows: np.ndarray | None = None) -> pa.ChunkedArray:
        """A column as Arrow; numbers and dates that were kept as the text of their cells (19.90) come as that text."""
        info = self.info(key)
        if info.origin == "source":
            whole = pa.chunked_array(
                [c for t in self._tables for c in t.column(info.stored).chunks],
                self._tables[0].schema.field(info.stored).type,
            )
        elif info.origin == "edit":
            whole = self.added[key].table("value").column(0)
        elif info.labels or info.origin == "topics":
            codes, labels = self.codes(key)
            part = codes if rows is None else codes[rows]
            indices = pa.array(part, mask=part < 0)
            return pa.chunked_array(
                [pa.DictionaryArray.from_arrays(indices, pa.array(labels, pa.string())).cast(pa.string())]
            )
        else:
            values = self._signal(info)
            return pa.chunked_array([pa.array(values if rows is None else values[rows], from_pandas=True)])
        return whole if rows is None or self.are_all(rows) else take(whole, rows)

    def numbers(self, key: str, rows: np.ndarray | None = None) -> np.ndarray:
        """A column as float64, missing as NaN; dates as seconds since 1970. Kept in memory once read."""
        info = self.info(key)
        if info.type not in ("integer", "number", "boolean", "date"):
            raise EngineError(f"{key!r} holds {info.type}, not numbers. Choose a column of numbers or dates.")
        values = self._cache.get(f"numbers/{key}/{info.identity}", lambda: self._numbers(info))
        return self.take(values, rows)

    def codes(self, key: str, rows: np.ndarray | None = None) -> tuple[np.ndarray, list[str]]:
        """A column as categories: int32 codes, -1 for missing, and the label of each code, by first appearance."""
        info = self.info(key)
        codes, labels = self._cache.get(f"codes/{key}/{info.identity}", lambda: self._codes(info))
        return self.take(codes, rows), labels

    def strings(self, key: str, rows: np.ndarray) -> list[str | None]:
        """A column's values as text, for showing; missing stays None."""
        values = self.cells(key, rows)
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            return cast(list[str | None], values.to_pylist())
        return [None if v is None else str(v) for v in python_values(values)]

    def texts(self, rows: np.ndarray) -> list[str]:
        """The text view of some rows: what is embedded, searched and counted. Missing is the empty text."""
        return render(self.text_view, {k: self.cells(k, rows) for k in self.text_view.columns}, len(rows))

    def raw(self, rows: np.ndarray) -> list[bytes] | None:
        """The bytes that a JSON source had for these rows, or None for other sources."""
        if "raw" not in self._tables[0].schema.names:
            return None
        whole = pa.chunked_array([c for t in self._tables for c in t.column("raw").chunks])
        return cast(list[bytes], take(whole, rows).to_pylist())

    # What slow work added

    def embedding(self, key: str) -> Vectors:
        """An embedding by its key."""
        a = self.artefact("embedding", key)
        return self._cache.get(
            f"embedding/{a.identity}",
            lambda: Vectors(key, a.identity, a.array("grid"), self.texts_below(a), a.notes),
        )

    def texts_below(self, artefact: Artefact) -> DistinctTexts:
        """The distinct texts (or given vectors) that an added thing is over."""
        identity = artefact.origin.inputs["texts"]
        found = self.store.find("texts", identity)
        if found is None:
            raise Damaged("The list of distinct texts is gone from disk. Embed again; vectors are reused.")
        return self._cache.get(
            f"texts/{identity}",
            lambda: DistinctTexts(identity, found.array("of_row"), found.array("first"), found.array("count")),
        )

    def graph(self, embedding: str) -> Graph:
        """The neighbour graph of an embedding."""
        artefact = self.artefact("graph", f"graph@{embedding}")
        return Graph(artefact.identity, artefact.array("neighbours"), artefact.array("similarity"), artefact.notes)

    def map(self, key: str) -> Map:
        """A map by its key."""
        a = self.artefact("map", key)
        return Map(key, a.identity, a.array("x"), a.array("y"), a.array("trust"), self.texts_below(a), a.notes)

    def topics(self, key: str) -> Topics:
        """Topics by their key."""
        a = self.artefact("topics", key)
        names, areas = (
            {int(k): v for k, v in cast(Mapping[str, str], a.notes[what]).items()} for what in ("names", "area_names")
        )
        return Topics(key, a.identity, a.array("topic"), a.array("area"), names, areas, self.texts_below(a), a.notes)

    def pairs(self, key: str) -> Pairs:
        """Pairs of duplicates by their key."""
        a = self.artefact("pairs", key)
        return self._cache.get(
            f"pairs/{a.identity}", lambda: Pairs(**{name: a.array(name) for name in a.arrays}, notes=a.notes)
        )

    def artefact(self, family: str, key: str) -> Artefact:
        """An added thing of a family by its key, or an error that says what there is."""
        found = self.added.get(key)
        if found is None or found.family != family:
            raise unknown(FAMILIES[family].title, key, self.keys_of(family))
        return found

    def keys_of(self, family: str) -> list[str]:
        """Keys of the added things of a family, oldest first."""
        return [k for k, a in self.added.items() if a.family == family]

    # Rows

    def rows(self) -> np.ndarray:
        """All row numbers."""
        return cast(np.ndarray, self._cache.get("rows", lambda: np.arange(self.n, dtype=np.int64)))

    def are_all(self, rows: np.ndarray) -> bool:
        """Whether these rows are simply all rows, in their order (a pick order of all rows is not)."""
        if rows is self._cache.peek("rows"):
            return True
        return len(rows) == self.n and bool((rows[:1] == 0).all() and (np.diff(rows) == 1).all())

    def take(self, values: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
        """Values of some rows, without a copy when they are all."""
        return values if rows is None or (rows is self._cache.peek("rows")) else values[rows]

    def per_row(self, values: np.ndarray, texts: DistinctTexts, missing: float = np.nan) -> np.ndarray:
        """Spread values of distinct texts (m, …) over rows (n, …); rows without text get `missing`."""
        if len(values) == 0:
            return np.full((self.n, *values.shape[1:]), missing, values.dtype)
        spread = values[np.maximum(texts.of_row, 0)]
        spread[texts.of_row < 0] = missing
        return cast(np.ndarray, spread)

    def keys(self, rows: np.ndarray) -> list[str]:
        """The key of each row: its id, or the hash of its content with a number for repeats. Survives appends."""
        return self._row_keys().of_rows(rows)

    def rows_of(self, keys: Sequence[str]) -> np.ndarray:
        """int64: the row of each key, -1 for a key that is not here."""
        return self._row_keys().rows_of(keys)

    def content(self, rows: np.ndarray) -> np.ndarray:
        """uint64: hash of the canonical content of each row."""
        return self._row_keys().content[rows]

    def id_column(self) -> str:
        """The column that names rows, "" when their content does: which rows a ref means depends on it."""
        return next((c.key for c in self.columns.values() if c.role == "id" and c.origin == "source"), "")

    def _row_keys(self) -> RowKeys:
        return self._cache.get("keys", self._read_keys)

    def _read_keys(self) -> RowKeys:
        """The keys as they are stored; where nobody has stored them, made in memory: looking writes nothing."""
        id_key = self.id_column()
        ids = (lambda rows: cast(list[str | None], as_text(self.cells(id_key, rows)).to_pylist())) if id_key else None
        stored = self.store.made(keys_origin(self.fingerprint, id_key))
        if stored:
            return RowKeys(stored.array("content"), stored.array("name"), stored.array("repeat"), ids)
        sources = {c.key: self.column(c.key) for c in self.columns.values() if c.origin == "source"}
        cells = as_text(self.cells(id_key)) if id_key else None
        return RowKeys(*numbered(sources, cells, self.n), ids)

    def remembered(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """What `make` gives, made once and kept in memory under a name that says all that it depends on here."""
        return self._cache.get(f"remembered/{name}", make)

    # How the columns are read

    def _numbers(self, info: ColumnInfo) -> np.ndarray:
        if info.origin == "signal":
            return self._signal(info).astype(np.float64)
        values = self.column(info.key)
        if info.type == "date":
            return seconds(values)
        return cast(np.ndarray, pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False))

    def _codes(self, info: ColumnInfo) -> tuple[np.ndarray, list[str]]:
        if info.origin == "topics":
            topics = self.topics(info.thing)
            number, names = topics.level("topic" if info.stored == "topic" else "area")
            size = max(names, default=-1) + 1
            codes = self.per_row(number, topics.texts, -1).astype(np.int32)
            return codes, [names.get(i, f"topic {i}") for i in range(size)]
        if info.origin == "signal":
            values = self._signal(info)
            if info.labels:
                return values.astype(np.int32), list(info.labels)
            whole = pa.chunked_array([pa.array(values, from_pandas=True)])
        else:
            whole = self.cells(info.key)
        if pa.types.is_nested(whole.type) or pa.types.is_binary(whole.type) or pa.types.is_large_binary(whole.type):
            whole = pa.chunked_array(
                [pa.array([None if v is None else str(v) for v in python_values(whole)], pa.string())]
            )
        if pa.types.is_floating(whole.type):
            whole = pc.if_else(pc.is_nan(whole), None, whole)  # no number is no category
        encoded = (
            whole.combine_chunks().dictionary_encode()
            if whole.num_chunks
            else pa.array([], pa.string()).dictionary_encode()
        )
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
        return codes, [_label(v) for v in python_values(encoded.dictionary)]

    def _signal(self, info: ColumnInfo) -> np.ndarray:
        return self.added[info.thing].array(info.stored)


def _label(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _map_rows(store: Store, file: str) -> pa.Table:
    path = store.folder / file
    try:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise Damaged(
            f"The rows of {store.folder.name!r} ({path.name}) cannot be read: {error}. Open the source again."
        ) from error
