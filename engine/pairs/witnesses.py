"""Which rows can go: each has a witness, a row that stays and that it was verified to be like."""

import numpy as np

from engine.dataset import Pairs


def witnesses(
    pairs: Pairs, rows: np.ndarray, threshold: float, certain: np.ndarray, *, most: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """For each row the row that stays in its place, -1 for one that stays itself; and how similar the two are.

    rows: int64, the most wanted first; certain: bool, one each, rows that stay whatever they are like; most: so many
    of those alike stay. Returns int64 and float32, one each, NaN for a row that stays.

    Greedy: a row stays unless `most` that stay already are like it. So every row that goes has a witness that stays,
    and where one stays no two that do are alike, unless both are certain. The most similar witness is named, of those
    the most wanted. Linear in rows and pairs.
    """
    from engine.pairs.kernels import walk

    order = _by_rank(pairs, rows, certain)
    ranked = rows if order is None else rows[order]
    sure = certain if order is None else certain[order]
    nodes = pairs.of_row[ranked]
    least = np.float32(threshold)
    stay = walk.stays(nodes, sure, *pairs.edges, least, most)
    by, like = walk.witness(nodes, stay, *pairs.edges, least)
    named = np.where(by >= 0, ranked[by] if len(ranked) else by, -1)
    if order is None:
        return named, like
    witness, similarity = np.empty(len(rows), np.int64), np.empty(len(rows), np.float32)
    witness[order], similarity[order] = named, like
    return witness, similarity


def _by_rank(pairs: Pairs, rows: np.ndarray, certain: np.ndarray) -> np.ndarray | None:
    """Rows that are certain first, then the largest where only smaller ones go; None where they stand so already."""
    if pairs.sizes is None:
        return np.argsort(~certain, kind="stable") if certain.any() else None
    nodes = pairs.of_row[rows]  # -1, no node, is the last of the sizes: there may be no other
    return np.lexsort((nodes, -np.append(pairs.sizes, 0)[nodes], ~certain))
