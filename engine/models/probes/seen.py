"""What a probe sees of the rows of a dataset: their vectors, or their words."""

import numpy as np

from engine.dataset import Dataset
from engine.models._features import counted, matrix
from engine.models._words import fingerprints, parts, said
from engine.models.probes.nearest import groups_of
from engine.models.probes.probe import Seen

MOST_COPIES, FEWEST_COPIES = 100, 20
"""Labelled texts that hang together, above which they are no copies of one: a tenth of all labelled texts, within these
two, and never more than a third of all, so that others are left to teach."""


def seen_meaning(data: Dataset, embedding: str) -> Seen:
    """The vectors of an embedding."""
    stored = data.embedding(embedding)
    of_row = stored.texts.of_row
    return Seen(of_row >= 0, stored.grid.shape[1], vectors=lambda rows: stored.floats(of_row[rows]))


def seen_words(data: Dataset, most: int = 1 << 16) -> Seen:
    """Words and pairs of words, at most so many: those that stand in most texts."""
    found = counted(data.texts(data.rows()))
    often = np.bincount(found.bucket)
    kept = np.sort(np.argsort(-often, kind="stable")[:most])
    seen = matrix(found, kept[often[kept] > 1])
    return Seen(np.diff(seen.indptr) > 0, seen.shape[1], words=seen)


def groups_of_words(data: Dataset) -> np.ndarray:
    """int64 (n,): rows of the same words in the same order have one number; a row without a word has its own."""
    texts = data.texts(data.rows())
    found, words = np.zeros(data.n, np.uint64), np.zeros(data.n, bool)
    for start, stop in parts(texts):
        some = said(texts[start:stop])
        found[start:stop], words[start:stop] = fingerprints(some), some.lengths > 0
    group = np.unique(found, return_inverse=True)[1].astype(np.int64)
    return np.where(words, group, data.n + np.arange(data.n))


def copy_groups(data: Dataset, embedding: str, copies: float, labelled: np.ndarray) -> np.ndarray:
    """int64 (n,): rows whose texts are copies of each other (similarity of `copies` or more) have one number, -1 for a
    row without a vector. labelled: bool (n,), rows that have a label."""
    graph, of_row = data.graph(embedding), data.embedding(embedding).texts.of_row
    near, similarity = np.asarray(graph.neighbours), np.asarray(graph.similarity)
    counted = np.zeros(len(near), bool)
    counted[of_row[labelled & (of_row >= 0)]] = True
    found = int(counted.sum())
    most = min(MOST_COPIES, max(FEWEST_COPIES, found // 10), found // 3)
    of_node = groups_of(near, similarity, copies=copies, most=most, counted=counted)
    return np.where(of_row >= 0, of_node[np.maximum(of_row, 0)], -1)
