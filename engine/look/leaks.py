"""Leaks: which rows hold an item of another set, word for word, edited or in other words, and where in both texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from engine.dataset import MISSING, Dataset, TextSet, part_set, row_words, texts
from engine.errors import EngineError
from engine.pairs import SHORTEST, Shared, Unit, items, shared_by
from engine.progress import Progress, quiet
from engine.text import word_places, words_of

Kind = Literal["exact", "run", "edited", "meaning"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PRODUCTS = 1 << 24
"""Similarities that are held at a time."""

Span = tuple[int, int]
"""Start and end in characters, the end not counted."""


@dataclass(frozen=True)
class Part:
    """The rows of a dataset whose value of a column is one of these: the set that its other rows are compared with."""

    by: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Leak:
    """One row with the item that it holds. item: its row in the other set. equal, longest: words. share: of the item's
    words, 0 to 1. similarity: by meaning, None where that was not asked for or another item is nearer. Spans are of
    what is shared, (0, 0) for a leak by meaning alone.
    """

    row: int
    item: int
    kind: Kind
    equal: int
    longest: int
    share: float
    similarity: float | None
    row_text: str
    item_text: str
    row_span: Span
    item_span: Span


@dataclass(frozen=True)
class Leaks:
    """What rows share with another set.

    rows: int64, those looked at. shared: by words, one a row. sizes: int64, words of each item. nearest, similarity:
    int64 and float32, one a row, the item of the nearest meaning; NaN where it was not looked for, or a row has no
    vector. similar: from which similarity on a row counts. column: whose texts, None for the text of the row. edited:
    whether runs in pieces were looked for. part: where the set is a part of the same dataset, whose rows are not looked
    at then.
    """

    data: Dataset = field(repr=False)
    other: TextSet = field(repr=False)
    rows: np.ndarray
    shared: Shared
    sizes: np.ndarray
    nearest: np.ndarray
    similarity: np.ndarray
    similar: float
    least: int
    unit: Unit
    column: str | None
    edited: bool = True
    part: Part | None = None

    @property
    def kinds(self) -> np.ndarray:
        """int8, one a row: its place in `KINDS`, -1 for a row that holds no item."""
        size = self.sizes[np.maximum(self.shared.item, 0)]
        exact, run = self.shared.longest == size, _has_run(self.shared, self.least, self.unit)
        by_words = np.where(exact, 0, np.where(run, 1, 2))
        alike = np.where(self.similarity >= self.similar, 3, -1)  # NaN is not
        return np.where(self.shared.found, by_words, alike).astype(np.int8)

    @property
    def found(self) -> np.ndarray:
        """int64 ascending: the rows that hold an item."""
        return np.sort(self.rows[self.kinds >= 0])

    @property
    def items(self) -> np.ndarray:
        """int64, one a row: the item that it holds or is nearest to, by its place among the distinct texts; -1."""
        by_words = self.shared.item.astype(np.int64)
        return np.where(self.kinds < 0, -1, np.where(self.shared.found, by_words, self.nearest))

    def counts(self) -> dict[Kind, tuple[int, int]]:
        """Of each kind, how many rows there are, and how many items they hold."""
        kinds, held = self.kinds, self.items
        return {kind: (int((kinds == at).sum()), len(np.unique(held[kinds == at]))) for at, kind in enumerate(KINDS)}

    def item_words(self, item: int, *, begins: bool = False) -> str:
        """What an item is called: a row of this dataset by its title, one of another set by its number.

        begins: at the begin of a sentence.
        """
        return row_words(self.data, item, begins=begins) if self.part else f"{'Item' if begins else 'item'} {item:,}"

    @property
    def unfit(self) -> int:
        """Items that are too short to be found by their words."""
        return int((self.sizes < SHORTEST).sum())

    def by(self, column: str) -> list[tuple[str, int, int]]:
        """Of each value of a column its rows, and those that hold an item; most of these first."""
        codes, labels = self.data.codes(column, self.rows)
        leaks = self.kinds >= 0
        whole, found = (np.bincount(c + 1, minlength=len(labels) + 1) for c in (codes, codes[leaks]))
        order = [int(i) for i in np.lexsort((-whole, -found)) if whole[i]]
        return [(labels[i - 1] if i else MISSING, int(whole[i]), int(found[i])) for i in order]

    def ordered(self, kind: Kind | None = None) -> np.ndarray:
        """int64: the rows that hold an item, the largest overlap first, then by meaning. kind: those of one kind."""
        kinds = self.kinds
        at = np.flatnonzero(kinds >= 0 if kind is None else kinds == KINDS.index(kind))
        one, like = self.shared, np.nan_to_num(self.similarity[at])
        return self.rows[at[np.lexsort((-like, -one.longest[at], -one.equal[at]))]]

    def shown(self, most: int = 200) -> list[Leak]:
        """The leaks with their texts and spans: the largest overlap first, then by meaning."""
        return self.of(self.ordered()[:most])

    def of(self, rows: np.ndarray) -> list[Leak]:
        """What some rows hold, of those that hold an item: int64 (k,)."""
        order = np.argsort(self.rows, kind="stable")
        at, kinds = order[np.searchsorted(self.rows, rows, sorter=order)], self.kinds
        return [self._leak(int(i), KINDS[kinds[i]]) for i in at]

    def words_known(self, most: int = 2000) -> float:
        """The share of the set's different words, 0 to 1, that rows have too; of so many items and rows, evenly taken.

        Near 0: another language, or columns that have nothing to do with each other.
        """

        def some(n: int) -> np.ndarray:
            return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64)) if n else np.empty(0, np.int64)

        asked = {word for i in some(len(self.other.texts)) for word in words_of(self.other.texts[i])}
        there = texts(self.data, self.column, self.rows[some(len(self.rows))]).fill_null("").to_pylist()
        known = {word for text in there for word in words_of(text)}
        return len(asked & known) / max(len(asked), 1)

    def _leak(self, i: int, kind: Kind) -> Leak:
        item = int(self.items[i])
        row_text = texts(self.data, self.column, self.rows[i : i + 1])[0].as_py() or ""
        item_text = self.other.texts[item]
        one, size = self.shared, max(int(self.sizes[item]), 1)
        similarity = float(self.similarity[i]) if self.nearest[i] == item else np.nan  # else it is of another item
        return Leak(
            row=int(self.rows[i]),
            item=self.other.rows[item],
            kind=kind,
            equal=max(int(one.equal[i]), 0),
            longest=max(int(one.longest[i]), 0),
            share=max(int(one.equal[i]), 0) / size,
            similarity=None if np.isnan(similarity) else similarity,
            row_text=row_text,
            item_text=item_text,
            row_span=_span(row_text, int(one.row_from[i]), int(one.row_to[i])),
            item_span=_span(item_text, int(one.item_from[i]), int(one.item_to[i])),
        )


def leaks(
    data: Dataset,
    other: TextSet | Part,
    *,
    rows: np.ndarray | None = None,
    column: str | None = None,
    least: int = 13,
    unit: Unit = "words",
    edited: bool = True,
    embedding: str = "",
    similar: float = 0.85,
    progress: Progress = quiet,
) -> Leaks:
    """Which rows hold an item of another set, or of a part of the same one: then the rows outside it are looked at.

    rows: int64, left out: all; column: left out: the text of the row.

    least, unit, edited: as of the step `overlaps`. embedding: also by meaning, with the model of these vectors, from a
    similarity of `similar` on. Nothing is written. Raises `EngineError` for vectors whose model is not here, and for a
    part without rows or without texts.
    """
    looked = data.rows() if rows is None else rows
    part = other if isinstance(other, Part) else None
    if isinstance(other, Part):
        looked, other = _outside(data, looked, other), _texts_in(data, other, column)
    made = items(other.texts, least, unit)
    found = shared_by(data, looked, column, made, progress, edited=edited)
    nearest, similarity = np.full(len(looked), -1, np.int64), np.full(len(looked), np.nan, np.float32)
    if embedding:
        if column is not None:
            raise EngineError(
                "Meaning is that of the text of the row. Leave the column out, or leave out the embedding."
            )
        nearest, similarity = _nearest(data, embedding, other.texts, looked, progress)
    return Leaks(
        data, other, looked, found, made.sizes, nearest, similarity, similar, least, unit, column, edited, part
    )


@dataclass(frozen=True)
class Crossings:
    """Between the parts of a column: rows of one that hold a row of another.

    parts: their names and rows. found: int64 (k, k): of the rows of the first, those that share with the second.
    """

    column: str
    parts: tuple[tuple[str, int], ...]
    found: np.ndarray


def crossings(
    data: Dataset,
    by: str,
    *,
    rows: np.ndarray | None = None,
    column: str | None = None,
    least: int = 13,
    unit: Unit = "words",
    edited: bool = True,
    progress: Progress = quiet,
) -> Crossings:
    """How many rows of each part share a run of words with each other part: train, validation and test.

    Raises `EngineError` for a column of one value, and of more than 12: those are no parts.
    """
    looked = data.rows() if rows is None else rows
    codes, labels = data.codes(by, looked)
    parts = [(label, looked[codes == code]) for code, label in enumerate(labels) if (codes == code).any()]
    if not 2 <= len(parts) <= 12:
        count = f"{len(parts):,} part{'' if len(parts) == 1 else 's'}"
        raise EngineError(f"{by!r} makes {count} here; 2 to 12 can be compared. Choose a column such as a split.")
    found = np.zeros((len(parts), len(parts)), np.int64)
    for there, (_, others) in enumerate(parts):
        made = items(list(dict.fromkeys(texts(data, column, others).fill_null("").to_pylist())), least, unit)
        for here, (_, mine) in enumerate(parts):
            if here != there:
                found[here, there] = shared_by(data, mine, column, made, progress, edited=edited).found.sum()
    return Crossings(by, tuple((label, len(mine)) for label, mine in parts), found)


def _outside(data: Dataset, rows: np.ndarray, part: Part) -> np.ndarray:
    codes, labels = data.codes(part.by, rows)
    inside = np.array([*(label in part.values for label in labels), False], bool)[codes]
    return rows[~inside]


def _texts_in(data: Dataset, part: Part, column: str | None) -> TextSet:
    found = part_set(data, part.by, part.values, column)
    if not found.texts:
        named = " or ".join(f"“{value}”" for value in part.values) or "any value"
        raise EngineError(f"No row whose {part.by!r} is {named} has a text to look for. Choose other values.")
    return found


def _has_run(found: Shared, least: int, unit: Unit) -> np.ndarray:
    """Whether what is shared stands in one piece, where its length is not counted in words."""
    return found.longest >= least if unit == "words" else found.longest == found.equal


def _span(text: str, start: int, end: int) -> Span:
    """Words of a text, numbered as they are compared, as a span of its characters."""
    places = word_places(text)[max(start, 0) : max(end, 0)]
    return (places[0][1], places[-1][2]) if places else (0, 0)


def _nearest(
    data: Dataset, embedding: str, others: Sequence[str], rows: np.ndarray, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest item of each row by meaning, int64, -1; and the similarity, float32, NaN without a vector."""
    from engine.vectors import embed_texts
    from indexes import GRID

    vectors = data.embedding(embedding)
    wanted = embed_texts(data, embedding, list(others), query=False).astype(np.float32) / np.float32(GRID)
    best, like = np.empty(len(vectors.grid), np.int64), np.empty(len(vectors.grid), np.float32)
    size = max(1, PRODUCTS // len(others))
    for start in range(0, len(best), size):
        progress("Comparing meanings", start, len(best))
        block = vectors.floats(slice(start, start + size)) @ wanted.T
        best[start : start + size], like[start : start + size] = block.argmax(axis=1), block.max(axis=1)
    nodes = vectors.texts.of_row[rows]
    return np.where(nodes < 0, -1, best[nodes]), np.where(nodes < 0, np.float32(np.nan), like[nodes])
