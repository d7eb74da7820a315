"""What the ranks that examples give are worth: 1/rank, and each set of examples counts the same."""

from collections.abc import Callable, Iterable

import numpy as np

from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.target._examples import Wanted

NUMBERS_AT_ONCE = 1 << 25


Blocks = Callable[[], Iterable[tuple[slice, np.ndarray]]]
"""Gives the vectors of a pool block by block: where, and float32 (b, d)."""


def rank_scores(target: Wanted, size: int, blocks: Blocks, of_ranks: str) -> tuple[np.ndarray, np.ndarray]:
    """The score of each of so many texts, float64 (size,), and the set that speaks for it most, int64 (size,).

    of_ranks: "best" or "mean" of the values that the examples of a set give it. By these a set puts all texts in order,
    equal ones by similarity to its nearest example; the score is the sum over the sets of 1/place.
    """
    score, first, loudest = np.zeros(size), np.full(size, np.inf), np.zeros(size, np.int64)
    done = 0
    for at in range(len(target.sets)):
        # Equal vectors speak once.
        examples = np.unique(target.vectors[target.of == at], axis=0)
        mine, near = np.zeros(size), np.full(size, -np.inf, np.float32)
        together = max(1, NUMBERS_AT_ONCE // max(1, size))
        for start in range(0, len(examples), together):
            part = examples[start : start + together]
            similarity = np.empty((len(part), size), np.float32)
            for where, block in blocks():
                similarity[:, where] = part @ block.T
            for one in similarity:
                value = 1 / mean_ranks(one)
                mine = np.maximum(mine, value) if of_ranks == "best" else mine + value
                near = np.maximum(near, one)
            done += len(part)
            tell(done, len(target.vectors))
        place = np.empty(size)
        place[np.lexsort((np.arange(size), -near, -mine))] = np.arange(1, size + 1)
        loudest[place < first] = at
        first = np.minimum(first, place)
        score += 1 / place
    return score, loudest


def mean_ranks(similarity: np.ndarray) -> np.ndarray:
    """float64 (l,): the rank of each, 1 for the most similar; equal ones share the mean of their ranks.

    >>> mean_ranks(np.array([0.5, 0.9, 0.5, 0.1], np.float32)).tolist()
    [2.5, 1.0, 2.5, 4.0]
    """
    order = np.argsort(-similarity)
    values = similarity[order]
    first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])) if len(values) else np.empty(0, int)
    end = np.append(first[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((first + end + 1) / 2, end - first)
    return ranks
