"""Importance by hashed n-grams: how much likelier a text is under a target's counts than under those of the pool.

Weights are whole numbers of 2^-36, so that a sum is the same in any order and on any machine.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.recipe.selectors._progress import tell

SMOOTHING = 1e-8
DIGITS = 9
UNIT = 1 << 36
KNOWN = 1 << 22
TEXTS_AT_ONCE = 4096
BYTES_AT_ONCE = 1 << 24


@dataclass(frozen=True)
class Weighed:
    """Of each text the sum of its weights by target, float64 (targets, k), and its n-grams, int64 (k,). totals: int64
    (buckets,), n-grams of all in each bucket."""

    scores: np.ndarray
    sizes: np.ndarray
    totals: np.ndarray


class Ngrams:
    """Counts n-grams of up to `words` words in `buckets` buckets; what was hashed once is remembered, within bounds."""

    def __init__(self, words: int, buckets: int, *, known: int = KNOWN) -> None:
        self.words, self.buckets = words, buckets
        self._known = np.zeros(known, np.uint64)
        self._filled = np.zeros(1, np.int64)

    def weighed(self, blocks: Iterable[Sequence[str]], weights: np.ndarray | None = None, total: int = 0) -> Weighed:
        """Count the n-grams of texts, and add up the weights of each text, int64 (targets, buckets).

        total: how many texts there are, to tell how far it is.
        """
        from engine.recipe.selectors.target.kernels.ngrams import counted

        weights = np.zeros((0, self.buckets), np.int64) if weights is None else weights
        totals = np.zeros(self.buckets, np.int64)
        scores, sizes = [np.empty((len(weights), 0), np.int64)], [np.empty(0, np.int64)]
        done = 0
        for block in blocks:
            for some in _parts(block):
                ends = np.cumsum([0, *map(len, some)], dtype=np.int64)
                mine, long = np.zeros((len(weights), len(some)), np.int64), np.zeros(len(some), np.int64)
                text = np.frombuffer(b"".join(some), np.uint8)
                counted(
                    text, ends, classes(), self.words, self.buckets, self._known, self._filled,
                    totals, weights, mine, long,
                )  # fmt: skip
                scores.append(mine)
                sizes.append(long)
                done += len(some)
                tell(done, max(total, done))
        return Weighed(np.concatenate(scores, axis=1) / UNIT, np.concatenate(sizes), totals)


@cache
def classes() -> np.ndarray:
    """uint8, of each code point: 0 white space, 1 of a word, 2 another sign, as Python's `\\w` and `\\s` have it."""
    every = "".join(map(chr, range(0x110000)))
    found = np.full(len(every), 2, np.uint8)
    for kind, what in ((0, r"\s+"), (1, r"\w+")):
        for run in re.finditer(what, every):
            found[run.start() : run.end()] = kind
    return found


def _parts(texts: Sequence[str]) -> Iterable[list[bytes]]:
    """Texts in lower case as bytes, so many at a time."""
    part, size = list[bytes](), 0
    for text in texts:
        part.append(text.lower().encode("utf-8", "surrogatepass"))
        size += len(part[-1])
        if len(part) == TEXTS_AT_ONCE or size > BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def weights_of(target: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """int64 (buckets,), in units: ln of the target's share of each bucket less that of the pool's, from their counts.

    Each share is raised by 1e-8, so that a bucket that one of them lacks has a weight too.
    """
    wanted, there = _shares(target), _shares(pool)
    return np.array(
        [
            round((math.log(a + SMOOTHING) - math.log(b + SMOOTHING)) * UNIT)
            for a, b in zip(wanted.tolist(), there.tolist(), strict=True)
        ],
        np.int64,
    )


def drawn(weights: np.ndarray, seed: int) -> np.ndarray:
    """int64 (k,): an order in which texts are drawn one after the other without replacement, each time with odds of
    e to the power of their weights, float64 (k,)."""
    noise = np.random.default_rng(seed).gumbel(size=len(weights))
    # The last digits of noise are not the same on every machine; the order must be.
    return np.argsort(-np.round(weights + noise, DIGITS), kind="stable")


def divergence(target: np.ndarray, other: np.ndarray) -> float:
    """KL divergence of the target's shares from the other's, in nats, from their counts; raised by 1e-8 as above."""
    wanted, there = _shares(target), _shares(other)
    return math.fsum(
        a * (math.log(a + SMOOTHING) - math.log(b + SMOOTHING))
        for a, b in zip(wanted.tolist(), there.tolist(), strict=True)
        if a
    )


def _shares(counts: np.ndarray) -> np.ndarray:
    return counts / max(1, int(counts.sum()))
