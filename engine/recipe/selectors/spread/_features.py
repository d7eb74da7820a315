"""Features of texts and a cover of them: each feature counts by the square root of how often it was picked."""

import heapq
import math
import zlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array

from engine.recipe.selectors._progress import tell
from engine.text import normalised

LONGEST = 10_000
"""Signs of a text that are read."""
BUCKETS = 1 << 20
READ_AT_ONCE = 1024
TOLD = 256


def ngram_counts(texts: list[str], n: int) -> csr_array:
    """float64 (len, 2²⁰): how often each run of 1 to n words stands in each text, by hash; the first 10,000 signs."""
    at: list[np.ndarray] = []
    counts: list[np.ndarray] = []
    for first in range(0, len(texts), READ_AT_ONCE):
        tell(0, len(texts))
        part = pa.array([text[:LONGEST] for text in texts[first : first + READ_AT_ONCE]], pa.large_string())
        for words in normalised(part).to_pylist():
            found, often = np.unique(np.fromiter(_hashed(words.split(), n), np.int64), return_counts=True)
            at.append(found)
            counts.append(often.astype(np.float64))
    start = np.concatenate([[0], np.cumsum([len(a) for a in at])]).astype(np.int64)
    empty = [np.empty(0)]
    return csr_array(
        (np.concatenate(counts or empty), np.concatenate(at or empty).astype(np.int64), start),
        shape=(len(texts), BUCKETS),
    )


def _hashed(words: list[str], n: int) -> Iterable[int]:
    for length in range(1, n + 1):
        for i in range(len(words) - length + 1):
            yield zlib.crc32(" ".join(words[i : i + length]).encode()) % BUCKETS


def greedy_features(
    matrix: csr_array,
    k: int,
    *,
    chosen: csr_array | None = None,
    cost: np.ndarray | None = None,
    options: int = 0,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The first k rows of a non-negative matrix (m, f), each adding most, and what each added: int64, float64 (k,).

    What is covered is the sum over features of the square root of what all picks have of it. options: 0 looks at every
    row (lazily: an old gain is a bound from above); else each step looks at so many rows drawn at random. chosen: rows
    that are picked already. cost: float64 (m,), gains are compared after division by it. Ties go to the lower row.
    Sums are exact up to the last rounding (fsum), so that their order decides nothing.
    """
    m = matrix.shape[0]
    held = np.zeros(matrix.shape[1]) if chosen is None else np.asarray(chosen.sum(axis=0), np.float64).ravel()
    root = np.sqrt(held)
    start, at, amount = matrix.indptr, matrix.indices, matrix.data
    price = np.ones(m) if cost is None else cost

    def gain(row: int) -> float:
        part = slice(start[row], start[row + 1])
        here = at[part]
        return math.fsum((np.sqrt(held[here] + amount[part]) - root[here]).tolist())

    picks: list[int] = []
    gains: list[float] = []

    def take(row: int, more: float) -> None:
        part = slice(start[row], start[row + 1])
        held[at[part]] += amount[part]
        root[at[part]] = np.sqrt(held[at[part]])
        picks.append(row)
        gains.append(more)
        if len(picks) % TOLD == 0:
            tell(len(picks), k)

    if options:
        left = np.arange(m)
        while len(picks) < min(k, m):
            # Those drawn change places with the last ones: what is left stays one piece.
            size = m - len(picks)
            some = (rng or np.random.default_rng(0)).choice(size, min(options, size), replace=False)
            more = {int(place): gain(int(left[place])) for place in some}
            best = min(more, key=lambda place: (-more[place] / price[left[place]], left[place]))
            take(int(left[best]), more[best])
            left[best] = left[size - 1]
    else:
        waiting = [(-gain(row) / price[row], row) for row in range(m)]
        heapq.heapify(waiting)
        while len(picks) < min(k, m):
            _, row = waiting[0]
            more_now = gain(row)
            entry = (-more_now / price[row], row)
            if len(waiting) > 1 and entry > min(waiting[1:3]):
                heapq.heapreplace(waiting, entry)
                continue
            heapq.heappop(waiting)
            take(row, more_now)
    return np.array(picks, np.int64), np.array(gains, np.float64)
