"""A classifier of a person's own: how much a text is like those that they liked, as a probability."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError
from engine.models._features import BUCKETS, Counts, matrix

VERSION = 1
GRID = 1 << 12
"""Weights are kept in steps of 1/4096: what differs between machines is far below that."""


@dataclass(frozen=True)
class Classifier:
    """of: what it sees, words or vectors. buckets: int64 (d,), of the words that it weighs; empty for one of vectors.

    weights: float64 (d,). slope, offset: make a margin a probability. embedder: of vectors, the digest of the model
    that they come from.
    """

    name: str
    of: str
    buckets: np.ndarray
    weights: np.ndarray
    intercept: float
    slope: float
    offset: float
    embedder: str

    def check(self, of: str) -> None:
        """Raise `EngineError` for a classifier that does not see `of`: words or vectors."""
        if (self.of == "words") != (of == "words"):
            other = "classifier" if self.of == "words" else "classifier_by_meaning"
            raise EngineError(f"The classifier {self.name!r} sees {self.of}. Measure it with the signal {other!r}.")

    def of_words(self, found: Counts) -> np.ndarray:
        """float64 (n,): the probability of each text."""
        return self._probability(np.asarray(matrix(found, self.buckets) @ self.weights))

    def of_vectors(self, vectors: np.ndarray) -> np.ndarray:
        """float64 (m,): the probability of each vector, float (m, d)."""
        return self._probability(vectors.astype(np.float64) @ self.weights)

    def _probability(self, product: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-np.clip(self.slope * (product + self.intercept) + self.offset, -700, 700)))


def on_grid(values: np.ndarray) -> np.ndarray:
    """int32: weights in steps of the grid; raises `EngineError` where they are out of its bounds."""
    if len(values) and np.abs(values).max() > (1 << 30) / GRID:
        raise EngineError("The weights of the classifier are too large to keep: give it more texts of both kinds.")
    return np.round(values * GRID).astype(np.int32)


def read_classifier(
    name: str, params: Mapping[str, object], facts: Mapping[str, object], arrays: Mapping[str, np.ndarray]
) -> Classifier:
    """The classifier from what is written of it; raises `EngineError` where its parts do not fit each other."""
    try:
        weights, line = arrays["weights"], arrays["line"]
        buckets = arrays["buckets"].astype(np.int64)
        words = params["of"] == "words"
        if weights.dtype != np.int32 or weights.ndim != 1 or line.dtype != np.int32 or line.shape != (3,):
            raise ValueError("its weights are none")
        if buckets.shape != (weights.shape if words else (0,)) or (np.diff(buckets) <= 0).any():
            raise ValueError("its words do not fit its weights")
        if words and len(buckets) and not (0 <= buckets[0] and buckets[-1] < BUCKETS):
            raise ValueError("its words are none")
        intercept, slope, offset = (line / GRID).tolist()
    except (KeyError, ValueError) as error:
        raise EngineError(f"The model {name!r} is no classifier: {error}. Take it again from where it came.") from error
    return Classifier(
        name,
        "words" if words else "vectors",
        buckets,
        weights / GRID,
        intercept,
        slope,
        offset,
        str(facts.get("embedder", "")),
    )
