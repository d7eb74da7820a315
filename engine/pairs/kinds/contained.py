"""Pairs of a text and one that holds most of it: quotes, excerpts, replies below what they answer."""

from functools import partial
from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Pairs, distinct
from engine.dataset import texts as texts_of
from engine.pairs.shingles.near import Sets, sets_of, verified
from engine.pairs.shingles.shingling import Of, Shingling, in_threads, ready
from engine.pairs.shingles.signing import Texts, blocks
from engine.pairs.tick import Tick, silent
from engine.registry import MEGABYTE, About, Bounds, Cost, Help, Json, Load, TextColumn, Value

PLACES = 1 << 24
"""Places in which shingles are counted, to know the rare ones; two that share one count as less rare than they are."""
ASKING = 32 << 20
"""So many shingles, of eight bytes each, are asked about at once."""
CROWD = 64
"""A shingle that so many texts are asked about by is passed over."""


def _cost(load: Load) -> Cost:
    characters = load.rows * load.characters(1 << 20)
    return Cost(3.0 + load.rows / 150_000 + characters / 3e7, 700 * MEGABYTE + load.rows * 60, load.rows * 40)


ABOUT = About(title="Texts inside others", cost=_cost, values={"inside_copies": Value("integer", "rows of the group")})


def contained(
    data: Dataset,
    tick: Tick = silent,
    *,
    threshold: Annotated[float, Bounds(0.5, 1), Help("The least share of a text that stands in the other.")] = 0.9,
    of: Annotated[Of, Help("Words; characters for short texts; code: names and literals do not count.")] = "words",
    size: Annotated[int, Bounds(1, 32), Help("Few: order hardly matters. Many: only whole passages count.")] = 5,
    shortest: Annotated[int, Bounds(1, 10_000), Help("Texts of fewer runs than this are not looked for.")] = 10,
    column: Annotated[TextColumn | None, Help("The text of this column. Left out: the text of the row.")] = None,
    any_digits: Annotated[bool, Help("Numbers count as the same number.")] = False,
) -> Pairs:
    """Find rows {threshold} of whose runs of {size} {of} stand in another, longer row.

    Similarity is that share, 0…1, exact: of the different runs of the shorter text those that the longer one has too,
    wherever they stand. Only the shorter of two goes for the longer, so nothing is lost. Every such pair is found by
    the rarest runs of the shorter text (one of them must stand in the other), but where each of those is shared by more
    than 64 texts; how many texts that befell is said.

    Source: prefix filtering, Chaudhuri, Ganti and Kaushik 2006.
    """
    shingling, texts = Shingling(of, size, any_digits), partial(texts_of, data, column)
    hashes, sizes, often = _counted(texts, data.n, shingling, tick)
    of_row, first, _ = distinct(hashes)
    sizes = sizes[first]
    asking = np.flatnonzero(sizes >= shortest).astype(np.int32)
    ask = partial(_holders, texts, first, sizes, often, shingling, threshold, tick)
    parts = np.cumsum(sizes[asking], dtype=np.int64) // ASKING
    answers = [ask(asking[parts == part]) for part in np.unique(parts)]
    codes = np.sort(np.concatenate([np.empty(0, np.uint64), *(some for some, _ in answers)]))
    a, b = (codes >> np.uint64(32)).astype(np.int32), codes.astype(np.uint32).astype(np.int32)
    share = verified(texts, first, sizes, a, b, shingling, _shares, tick)
    found = share >= np.float32(threshold)
    low, high = np.minimum(a, b)[found], np.maximum(a, b)[found]
    order = np.lexsort((high, low))
    notes: dict[str, Json] = {
        "lowest": threshold,
        "candidates": len(codes),
        "passed_over": sum(passed for _, passed in answers),
    }
    return Pairs(of_row, low[order], high[order], share[found][order], sizes=sizes, notes=notes)


def _counted(texts: Texts, n: int, shingling: Shingling, tick: Tick) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each text what makes it equal to another and how many runs it has; and how often each run occurs."""
    from engine.pairs.kernels import inside

    hashes, sizes = np.empty((n, 2), np.uint64), np.empty(n, np.int32)
    often = np.zeros(PLACES, np.uint32)
    for block in blocks(n):
        tick("Counting runs", block.start, n)
        some = ready(texts(np.arange(block.start, block.stop)), shingling)
        inside.count(*some.given, hashes[block], sizes[block], often)
    return hashes, sizes, often


def _holders(
    texts: Texts,
    first: np.ndarray,
    sizes: np.ndarray,
    often: np.ndarray,
    shingling: Shingling,
    threshold: float,
    tick: Tick,
    asking: np.ndarray,
) -> tuple[np.ndarray, int]:
    """Codes (shorter << 32 | longer) of the pairs to verify, uint64, and how many of those asking were passed over.

    asking: int32, some of the shorter texts, answered in one look at all texts.
    """
    from engine.pairs.kernels import inside, jaccard

    sets = sets_of(texts, first[asking], sizes[asking], shingling)
    enough = inside.rarest(sets.starts, sets.sizes, sets.values, often, threshold)
    table, begin, listed, lists = jaccard.postings(sets.starts, enough, sets.values)
    codes: dict[int, np.ndarray] = {}
    passed = np.zeros(len(asking), bool)

    def work(part: slice) -> None:
        here = ready(texts(first[part]), shingling)
        numbers = np.arange(part.start, part.stop, dtype=np.int32)
        codes[part.start], over = inside.holders(
            *here.given, numbers, asking, sizes, table, begin, listed, lists, CROWD
        )
        passed[over.nonzero()] = True

    in_threads(work, blocks(len(first)), lambda part: tick("Looking for runs", part.stop, len(first)))
    return np.concatenate([np.empty(0, np.uint64), *codes.values()]), int(passed.sum())


def _shares(sets: Sets, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    from engine.pairs.kernels import inside

    return inside.shares(sets.starts, sets.sizes, sets.values, a, b)
