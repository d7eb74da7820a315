"""Pairs of texts that mean the same: vectors at least as similar as a threshold."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, cast

import numpy as np

from engine.dataset import Dataset, Pairs, Vectors
from engine.pairs.recall import PairRecall, pair_recall
from engine.pairs.splits.across import near_across
from engine.pairs.tick import Tick, silent
from engine.registry import MEGABYTE, About, Bounds, Cost, Embedding, Help, Json, Load, Value
from indexes import RECALL_ROWS, Exact, sampled_rows

MOST = 256
"""Pairs that each text is searched again for: a group of 100,000 texts keeps 25,600,000 at most, not 5,000,000,000."""
BLOCK = 1024
NONE = np.empty(0, np.int64)
PRODUCTS_A_SECOND = 2.6e8 * 384  # of vectors, times their dimensions; two cores of a server of 2024


def _cost(load: Load) -> Cost:
    """Reading the graph, and comparing a sample with all texts; at worst each text once more."""
    again = load.texts if load.params.get("complete") else min(load.texts, RECALL_ROWS)
    pairs = load.texts * (MOST if load.params.get("complete") else 15)
    seconds = again * load.texts * load.dimension / PRODUCTS_A_SECOND + pairs / 5e6 + 0.2
    return Cost(seconds, 300 * MEGABYTE + pairs * 60, pairs * 12)


Listed = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Pairs of texts with their similarity, which an index gives exactly as the vectors on the grid do."""


def _across(
    data: Dataset, params: Mapping[str, object], least: float, rows: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """For each text of some rows the nearest one of others, where it is that similar."""
    return near_across(data.embedding(cast(str, params["embedding"])), least, rows, others)


LEADERS = 2_000
"""Rows of crowds that others are compared with once more; each costs one look at all that are left of them."""


def _again(
    data: Dataset, params: Mapping[str, object], rows: np.ndarray, threshold: float, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs among rows of crowds, the most wanted first: each that stays with those like it, of whom so many stay."""
    vectors, least = data.embedding(cast(str, params["embedding"])), np.float32(threshold)
    floats = vectors.floats(vectors.texts.of_row[rows])
    met = np.zeros(len(rows), np.int64)
    left, parts = np.arange(len(rows)), [(NONE, NONE, np.empty(0, np.float32))]
    for _ in range(min(LEADERS, len(rows))):
        if len(left) < 2:
            break
        like = floats[left[1:]] @ floats[left[0]]
        near = like >= least
        found = left[1:][near]
        parts.append((np.full(len(found), left[0]), found, np.minimum(like[near], np.float32(1))))
        met[found] += 1
        left = left[1:][met[left[1:]] < most]
    leader, other, like = (np.concatenate(part) for part in zip(*parts, strict=True))
    return rows[leader], rows[other], like


ABOUT = About(
    title="Close in meaning",
    needs={"graph": ""},
    cost=_cost,
    values={"semantic_copies": Value("integer", "rows of the group")},
    again=_again,
    across=_across,
)


def semantic(
    data: Dataset,
    tick: Tick = silent,
    *,
    embedding: Embedding,
    threshold: Annotated[
        float,
        Bounds(0.3, 1),
        Help("The least similarity of a pair. Low: the same topic. High: the same text reworded."),
    ] = 0.9,
    complete: Annotated[
        bool, Help(f"Search again, exactly, where a whole list of neighbours is that similar: up to {MOST} a text.")
    ] = False,
) -> Pairs:
    """Find texts whose similarity by {embedding} is at least {threshold}{complete: , the crowded ones searched again}.

    Nodes are the distinct texts of the embedding; a row without a vector is compared with nothing. Pairs come from the
    neighbour graph, whose similarities are those of the vectors on the grid: exact, the same on every machine. A text
    all of whose neighbours are that similar may have more pairs than its list holds: notes[`full`] counts such texts,
    `complete` searches them again, for the 256 most similar each, and `dedup` compares them with the row that stays.
    notes[`recall`]: the share of true pairs found, measured against a search of all texts for a sample of them.
    """
    vectors, graph = data.embedding(embedding), data.graph(embedding)
    least, m = np.float32(threshold), len(vectors.texts)
    neighbours, similarity = np.asarray(graph.neighbours), np.asarray(graph.similarity)
    near = (neighbours >= 0) & (similarity >= least)
    found = [(np.nonzero(near)[0], neighbours[near], similarity[near])]
    full, held = _full(near, m), neighbours.shape[1]
    if complete and len(full):
        more, full = _searched(vectors, full, least, tick)
        found, held = found + more, MOST
    first, second, like = _once(found, m)
    notes: dict[str, Json] = {"lowest": threshold, "full": _full_says(len(full), m, held, complete)}
    notes["recall"] = _recall(vectors, first, second, least, tick).json()
    crowded = np.zeros(m, bool)
    crowded[full] = True
    return Pairs(np.asarray(vectors.texts.of_row), first, second, like, crowded=crowded, notes=notes)


def _full(near: np.ndarray, m: int) -> np.ndarray:
    """int64: texts that may have more pairs than were listed, as all on their list are near and it is not of all texts.

    near: bool (m, k), whether the place on the list is that similar.
    """
    return np.flatnonzero(near.all(axis=1)) if near.shape[1] < m - 1 else np.empty(0, np.int64)


def _searched(vectors: Vectors, texts: np.ndarray, least: np.float32, tick: Tick) -> tuple[list[Listed], np.ndarray]:
    """The pairs of some texts by exact search, up to `MOST` each; and the texts that may have more still."""
    exact, m = Exact(vectors.grid), len(vectors.grid)
    parts: list[Listed] = []
    over = [texts[:0]]
    for start in range(0, len(texts), BLOCK):
        part = texts[start : start + BLOCK]
        say = partial(tick, "Searching crowded texts again", start, len(texts))
        found = exact.search(np.asarray(vectors.grid[part]), min(MOST, m - 1), exclude=part, tick=say)
        near = found.similarities >= least
        parts.append((part[np.nonzero(near)[0]], found.rows[near], found.similarities[near]))
        over.append(part[_full(near, m)])
    return parts, np.concatenate(over)


def _once(found: list[Listed], m: int) -> Listed:
    """Each pair once, the lower text first, in order: int32, int32, and float32 held to 1."""
    a, b, like = (np.concatenate(part) for part in zip(*found, strict=True))
    codes, at = np.unique(np.minimum(a, b).astype(np.int64) * m + np.maximum(a, b), return_index=True)
    first, second = np.divmod(codes, max(m, 1))
    # On the grid a vector is as long as 1 but for its rounding, so that the product with itself may be a hair above.
    return first.astype(np.int32), second.astype(np.int32), np.minimum(like[at], np.float32(1))


def _recall(vectors: Vectors, first: np.ndarray, second: np.ndarray, least: np.float32, tick: Tick) -> PairRecall:
    """The share of the true pairs of sampled texts that was found. A pair found is a true one: counting is enough."""
    m = len(vectors.grid)
    sample = sampled_rows(m)
    there = vectors.floats(sample)
    true = np.zeros(len(sample), np.int64)
    step = BLOCK * 8
    for start in range(0, m, step):
        near = there @ vectors.floats(slice(start, start + step)).T >= least
        own = np.flatnonzero((sample >= start) & (sample < start + step))
        near[own, sample[own] - start] = False
        true += near.sum(axis=1)
        tick("Measuring recall", min(start + step, m), m)
    found = (np.bincount(first, minlength=m) + np.bincount(second, minlength=m))[sample]
    return pair_recall(found, true, m)


def _full_says(full: int, m: int, held: int, complete: bool) -> dict[str, Json]:
    """How many texts may have pairs that are not among those found, as numbers and in words."""
    if not full:
        words = "No text has more pairs than were looked at."
    else:
        whose = (
            f"{full:,} of {m:,} texts have {held:,} that are as similar or more, so some of their pairs may be missing"
        )
        words = f"{whose}." if complete else f"{whose}: search completely to find up to {MOST} of each."
    return {"texts": full, "of": m, "held": held, "words": words}
