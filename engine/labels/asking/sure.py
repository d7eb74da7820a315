"""Rows whose label a probe is sure of: what could be accepted unseen, with a part of it drawn by chance to look at."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.labels.asking.lanes import lanes, thresholds
from engine.models import copies_in, probe, seen_meaning


@dataclass(frozen=True)
class SureLabels:
    """rows: int64 ascending, rows without a label that a probe is sure of; label: int64, the likely code of each;
    confidence: float32, its probability. audit: int64, those of the rows to look at, in an order by
    chance, so that any beginning of it is drawn by chance. unsure: rows without a
    label that it is not sure of."""

    rows: np.ndarray
    label: np.ndarray
    confidence: np.ndarray
    audit: np.ndarray
    unsure: int


def sure_labels(
    data: Dataset, *, embedding: str, codes: np.ndarray, classes: int, wanted: float = 0.95, audit: int = 50,
    among: np.ndarray | None = None, seed: int = 0,
) -> SureLabels:  # fmt: skip
    """The rows without a label whose likely label would be right in so many of 100 cases, read from those with one.

    codes: int64 (n,), the labels, -1 for none. wanted: the least share right. The share is that of rows like the
    labelled ones, told without themselves and their copies; what it is worth here, the audit says (see `lanes`). among:
    bool (n,), the rows that may be accepted, None for all. Give no labels that were accepted so: a probe that learns
    from its own answers grows surer, not righter.
    Raises `EngineError` where fewer than two labels are in use.
    """
    stored = data.embedding(embedding)
    node = np.asarray(stored.texts.of_row, np.int64)
    of_node = copies_in(data, embedding, len(stored.grid))
    groups = np.where(node >= 0, of_node[np.maximum(node, 0)], -1)
    told = probe(seen_meaning(data, embedding), codes, groups, classes)
    known = np.where(told.known, codes, -1)
    least = thresholds(told.probability, known, wanted=wanted)
    rest = np.flatnonzero((codes < 0) & (node >= 0) & (True if among is None else among))
    found = lanes(told.probability[rest], least, audit=audit, seed=seed)
    rows = rest[found.accepted]
    return SureLabels(
        rows, found.likely[found.accepted], found.confidence[found.accepted].astype(np.float32),
        np.random.default_rng(seed).permutation(rest[found.audit]), len(found.asked),
    )  # fmt: skip
