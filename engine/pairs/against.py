"""What texts share with the items of another set: runs of words, in one piece or with single words changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset, text_blocks
from engine.pairs.tick import Tick, silent
from engine.pairs.utf8 import utf8
from engine.text import normalised, words_of

if TYPE_CHECKING:
    from engine.pairs.kernels.grams import Table, Words

Unit = Literal["words", "characters"]

SHORTEST = 5
"""Words: an item of fewer is found in no row, as "yes" or "the capital of France" stand everywhere."""

GAP = 3
"""Between two pieces so many words may differ, in the row or in the item."""

SEED, MOST_SEEDS = 4, 16
"""A piece of so many words is looked around; of one that occurs again and again in the items, the first places."""

DENSE, PART, FEWEST = 0.8, 0.65, 0.52
"""Of a run in pieces, the share of words between its ends that are equal. An item hardly longer than a run is there in
pieces when this part of it is, and this part of a run at the least. Chosen by `benchmarks/leaks.py`."""


SHOWN = 12
"""Words of what is shared that a reason shows."""


@dataclass(frozen=True)
class Items:
    """The items of a set, ready to be looked for.

    texts: in order. least: of a run, in units. words: those of the items, as the kernel has them. short, whole: the
    first words and all words of items shorter than a run, whole_sizes: int64, how many those are.
    """

    texts: Sequence[str]
    least: int
    unit: Unit
    words: "Words"
    length: np.ndarray
    of_word: np.ndarray
    need: np.ndarray
    long: "Table"
    short: "Table"
    whole: "Table"
    whole_sizes: np.ndarray
    seeds: "Table"

    @cached_property
    def sizes(self) -> np.ndarray:
        """int64, words of each item."""
        return np.diff(self.words[4])

    @property
    def unfit(self) -> int:
        """How many items are too short to be found."""
        return int((self.sizes < SHORTEST).sum())


@dataclass(frozen=True)
class Shared:
    """What each text shares with the item that it shares most with; all int32, one a text.

    item: -1 where there is nothing. row_from, row_to, item_from, item_to: words, numbered from 0, the last not counted.
    equal: words of the item that stand in between, in the same order. longest: of those in one run.
    """

    item: np.ndarray
    row_from: np.ndarray
    row_to: np.ndarray
    item_from: np.ndarray
    item_to: np.ndarray
    equal: np.ndarray
    longest: np.ndarray

    @property
    def found(self) -> np.ndarray:
        """bool, one a text."""
        return self.item >= 0

    def words(self, i: int, text: str | None, item: str) -> str:
        """How many words a text shares with an item, and which, as they are compared."""
        mine = words_of(text or "")[self.row_from[i] : self.row_to[i]]
        said = " ".join(mine[:SHOWN]) + (" …" if len(mine) > SHOWN else "")
        run = "in a row" if self.longest[i] == self.equal[i] else f"in pieces, {self.longest[i]:,} in a row"
        return f"shares {self.equal[i]:,} words ({run}) with {item}: “{said}”"


def items(texts: Sequence[str], least: int, unit: Unit = "words") -> Items:
    """Make items ready. least: words, or characters of whole words with the spaces between them."""
    from engine.pairs.kernels import grams

    words = grams.words(*utf8(normalised(pa.array(texts, pa.large_string()))))
    length, least = _measured(words, least, unit)
    of = words[4]
    sizes = np.diff(of)
    whole = np.add.reduceat(np.r_[length, np.int32(0)], of[:-1]) * (sizes > 0) if len(texts) else np.empty(0, np.int64)
    fewest = np.minimum(whole, np.ceil(FEWEST * least))
    need = np.minimum(least, np.maximum(np.ceil(PART * whole), fewest)).astype(np.int32)
    need[sizes < SHORTEST] = np.iinfo(np.int32).max
    every, is_short = np.zeros(len(texts), bool), (whole < least) & (sizes >= SHORTEST)
    begin, at = grams.grams(words, SHORTEST, np.ones(len(texts), bool))
    of_word = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
    some = is_short[of_word[at]] if len(at) else np.empty(0, bool)
    return Items(
        texts,
        least,
        unit,
        words,
        length,
        of_word,
        need,
        long=grams.table(*grams.long_grams(words, length, least), 1 << 30),
        short=grams.table(begin[some], at[some], 1),
        whole=grams.table(*grams.whole_texts(words, is_short), 1 << 30),
        whole_sizes=np.unique(sizes[is_short]),
        seeds=grams.table(*grams.grams(words, SEED, every), MOST_SEEDS),
    )


def shared(texts: pa.Array, of: Items, *, edited: bool = True) -> Shared:
    """What texts share with items: large_string in, null shares nothing.

    edited: also a run in which single words were changed, added or left out. A row is found that has a run of `least`;
    an item shorter than that from 5 words on where it stands in the row as a whole. No hash decides: the words are
    compared.
    """
    from engine.pairs.kernels import grams, runs

    words = grams.words(*utf8(normalised(texts)))
    length, _ = _measured(words, 0, of.unit)
    found = runs.overlaps(
        words, length, of.words, of.length, of.of_word, of.least, of.need, of.long, of.short, SHORTEST,
        of.whole, of.whole_sizes, of.seeds, SEED, GAP if edited else 0, DENSE,
    )  # fmt: skip
    return Shared(*np.ascontiguousarray(found.T))


def items_of(data: Dataset, name: str, texts: Callable[[], Sequence[str]], least: int, unit: Unit) -> Items:
    """Items ready to be looked for, kept in memory with a dataset under a name."""
    return data._cache.get(f"items/{name}/{least}/{unit}", lambda: items(texts(), least, unit))


def shared_by(
    data: Dataset,
    rows: np.ndarray,
    column: str | None,
    of: Items,
    tick: Tick = silent,
    *,
    edited: bool = True,
) -> Shared:
    """What the texts of some rows share with items, block by block. column: None is the text of the row."""
    blocks = [np.empty((len(fields(Shared)), 0), np.int32)]
    for start, block in text_blocks(data, column, rows):
        tick("Comparing texts", start, len(rows))
        found = shared(block, of, edited=edited)
        blocks.append(np.stack([getattr(found, f.name) for f in fields(Shared)]))
    return Shared(*np.concatenate(blocks, axis=1))


def _measured(words: "Words", least: int, unit: Unit) -> tuple[np.ndarray, int]:
    """How long each word is, and the least of a run: in characters a word brings a space, the last one none."""
    from engine.pairs.kernels import grams

    if unit == "words":
        return np.ones(len(words[1]), np.int32), least
    return grams.characters(words), least + 1
