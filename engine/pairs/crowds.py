"""Crowds: so many texts share a band that not all were compared; they are searched in the order of preference."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from engine.dataset import Dataset, Pairs
from engine.errors import EngineError
from engine.registry import Json

Found = tuple[np.ndarray, np.ndarray, np.ndarray]
Again = Callable[[Dataset, Mapping[str, Json], np.ndarray, float, int], Found]
"""A dataset, the parameters of its pairs, rows, the most wanted first, a threshold, and how many of those alike stay ->
pairs of these rows: rows, rows (int64) and similarity (float32)."""

Search = Callable[[np.ndarray], Found]
"""Rows, the most wanted first -> pairs of them: rows, rows (int64) and similarity (float32)."""


def pairs_at(
    data: Dataset,
    key: str,
    threshold: float,
    rows: np.ndarray,
    certain: np.ndarray,
    again: Again | None,
    *,
    most: int = 1,
) -> Pairs:
    """The pairs of a key and those that a search of the crowds finds once more.

    rows: int64, the most wanted first; certain: bool, one each, rows that stay whatever they are like; again: of the
    kind of pairs; most: so many of those alike stay. Raises `EngineError` for a threshold below that down to which the
    pairs were looked for.

    In a crowd a text was compared with some others only. Where those go, it would stay for want of a comparison with
    the one that they went for. Searched in the order of preference the rows that stay are met by all.
    """
    pairs = data.pairs(key)
    if threshold < pairs.lowest:
        raise EngineError(
            f"The pairs {key!r} were looked for down to a similarity of {pairs.lowest:g}, not to {threshold:g}. Take "
            f"{pairs.lowest:g} or more, or find the pairs again with a lower threshold."
        )
    if again is None:
        return pairs
    params = data.artefact("pairs", key).spec.params
    return with_crowds(pairs, rows, certain, lambda some: again(data, params, some, threshold, most))


def with_crowds(pairs: Pairs, rows: np.ndarray, certain: np.ndarray, search: Search) -> Pairs:
    """The pairs and those that a search of the crowds finds once more; rows and certain: as in `pairs_at`."""
    if pairs.crowded is None:
        return pairs
    wanted = rows[np.argsort(~certain, kind="stable")]
    crowd = wanted[np.append(pairs.crowded, False)[pairs.of_row[wanted]]]  # -1, no node, is in no crowd
    once = np.sort(np.unique(pairs.of_row[crowd], return_index=True)[1])
    return _with(pairs, *search(crowd[once])) if len(once) > 1 else pairs


def _with(pairs: Pairs, a: np.ndarray, b: np.ndarray, like: np.ndarray) -> Pairs:
    """The pairs and those of some more rows, each once."""
    nodes = np.sort(np.stack([pairs.of_row[a], pairs.of_row[b]]), axis=0)
    first, second = np.concatenate([pairs.first, nodes[0]]), np.concatenate([pairs.second, nodes[1]])
    _, once = np.unique(first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64), return_index=True)
    similarity = np.concatenate([pairs.similarity, like])
    return replace(pairs, first=first[once], second=second[once], similarity=similarity[once])
