"""Crowds: so many texts share a band that not all were compared; they are searched in the order of preference."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.dataset import Pairs

Again = Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Rows, the most wanted first, and a threshold -> pairs of them: rows, rows (int64) and similarity (float32)."""


def with_crowds(pairs: Pairs, rows: np.ndarray, threshold: float, certain: np.ndarray, again: Again | None) -> Pairs:
    """The pairs and those that a search of the crowds finds once more.

    rows: int64, the most wanted first; certain: bool, one each, rows that stay whatever they are like.

    In a crowd a text was compared with some others only. Where those go, it would stay for want of a comparison with
    the one that they went for. Searched in the order of preference the rows that stay are met by all.
    """
    if again is None or pairs.crowded is None:
        return pairs
    wanted = rows[np.argsort(~certain, kind="stable")]
    crowd = wanted[np.append(pairs.crowded, False)[pairs.of_row[wanted]]]  # -1, no node, is in no crowd
    once = np.sort(np.unique(pairs.of_row[crowd], return_index=True)[1])
    return _with(pairs, *again(crowd[once], threshold)) if len(once) > 1 else pairs


def _with(pairs: Pairs, a: np.ndarray, b: np.ndarray, like: np.ndarray) -> Pairs:
    """The pairs and those of some more rows, each once."""
    nodes = np.sort(np.stack([pairs.of_row[a], pairs.of_row[b]]), axis=0)
    first, second = np.concatenate([pairs.first, nodes[0]]), np.concatenate([pairs.second, nodes[1]])
    _, once = np.unique(first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64), return_index=True)
    similarity = np.concatenate([pairs.similarity, like])
    return replace(pairs, first=first[once], second=second[once], similarity=similarity[once])
