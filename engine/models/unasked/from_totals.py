"""Labels of rows where only the totals of groups are known."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models.probes import Sums, affinity, clouds, softmax, units
from engine.models.unasked.told import Told, check_cells, told

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SHARP, RIDGE = 10.0, 1e-3
ROUNDS, FITS = 10, 30
PULL = 4.0
"""How much the neighbours' labels count, in logarithms of a likelihood, where they all agree."""


def from_totals(
    data: Dataset,
    *,
    embedding: str,
    group: str,
    totals: Mapping[str, Mapping[str, float]],
    given: np.ndarray | None = None,
) -> Told:
    """The likely label of each row, where of each group it is known how many rows have each label.

    group: a column; totals: value of it -> label -> how many, or which share. Rows of a group without totals are told
    by what was learned from the others. given: int (n,), places in the labels as they first stand in `totals`, that a
    person set, -1 for none: they stay.
    Mean field with the totals held exactly: a row's probabilities come from a linear discriminant model learned from
    all probabilities so far, from those of its neighbours if there is a graph, and from a weight of each label in its
    group that makes the group's sums its totals (iterative proportional fitting); ten rounds, begun at the class means
    that the groups' means ask for. After llp-bp (Havaldar et al. 2023), which infers by belief propagation instead.
    Raises `EngineError` for no totals, a total below 0, a group that is not in the column, and groups all alike.
    """
    codes, names = data.codes(group)
    labels, share = _shares(totals, names, group)
    check_cells(data.n, len(labels))
    stored = data.embedding(embedding)
    of_row = np.asarray(stored.texts.of_row, np.int64)
    place = np.full(len(names) + 1, -1)
    place[[names.index(name) for name in totals]] = np.arange(len(totals))
    rows = np.flatnonzero(of_row >= 0)
    bag = place[codes[rows]]
    near = None
    if f"graph@{embedding}" in data.added:
        graph = data.graph(embedding)
        near = affinity(np.asarray(graph.neighbours), np.asarray(graph.similarity), sharp=SHARP)
    fixed = None if given is None else given[rows]
    p = by_totals(stored.floats(of_row[rows]), bag, share, near=near, node=of_row[rows], fixed=fixed)
    return told(data.n, labels, rows, p, given)


def by_totals(
    x: np.ndarray, bag: np.ndarray, share: np.ndarray, *, near: "csr_array | None" = None,
    node: np.ndarray | None = None, rounds: int = ROUNDS, fixed: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """float64 (r, K): how likely each label is for each row. x: float32 (r, d), unit vectors; bag: int (r,), -1 for
    none; share: float64 (B, K), rows summing to 1; near: (m, m) over texts, node: int (r,), the text of each row.
    fixed: int (r,), labels that are known, -1 for none. rounds: 0 for the first guess from the groups' means."""
    p = fitted(softmax(SHARP * (x @ means_of_groups(x, bag, share).T)).astype(np.float64), bag, share, fixed)
    shared = len(x) >= 4 * x.shape[1]
    second = (x.T @ x).astype(np.float64)
    for _ in range(rounds):
        model = clouds(Sums(p.sum(axis=0), (p.T @ x).astype(np.float64), second), shared=shared)
        scores = model.scores(x).astype(np.float64)
        if near is not None and node is not None:
            scores += PULL * _around(near, node, p)
        p = fitted(softmax(scores), bag, share, fixed)
    return p


def means_of_groups(x: np.ndarray, bag: np.ndarray, share: np.ndarray) -> np.ndarray:
    """float64 (K, d): the class means of unit length by which the groups' means come out nearest: mean of a group = Σ
    share · class mean, groups weighed by their rows."""
    rows = np.bincount(bag[bag >= 0], minlength=len(share)).astype(np.float64)
    total = np.zeros((len(share), x.shape[1]))
    np.add.at(total, bag[bag >= 0], x[bag >= 0])
    means, middle = total / np.maximum(rows, 1)[:, None], total.sum(axis=0) / max(rows.sum(), 1)
    held = share.T * rows
    ridge = RIDGE * max(np.trace(held @ share) / share.shape[1], 1e-12) * np.eye(share.shape[1])
    return units(middle + np.linalg.solve(held @ share + ridge, held @ (means - middle)))


def fitted(p: np.ndarray, bag: np.ndarray, share: np.ndarray, fixed: np.ndarray | None = None) -> np.ndarray:
    """float64 (r, K): probabilities whose sums in each group are its totals, nearest to those given (iterative
    proportional fitting); rows without a group, and rows whose label is fixed, keep theirs.

    >>> import numpy as np
    >>> even = np.array([[0.6, 0.4], [0.8, 0.2]])
    >>> fitted(even, np.array([0, 0]), np.array([[0.5, 0.5]])).sum(axis=0).round(3).tolist()
    [1.0, 1.0]
    """
    p = np.maximum(p, 1e-12)
    known = np.zeros(len(p), bool) if fixed is None else fixed >= 0
    if fixed is not None:
        p[known] = np.eye(p.shape[1])[fixed[known]]
    for one in range(len(share)):
        mine = np.flatnonzero((bag == one) & ~known)
        if not len(mine):
            continue
        there = p[(bag == one) & known].sum(axis=0)
        wanted = np.maximum(share[one] * (bag == one).sum() - there, 0)
        wanted *= len(mine) / max(wanted.sum(), 1e-12)
        q = p[mine]
        for _ in range(FITS):
            q *= wanted / np.maximum(q.sum(axis=0), 1e-300)
            q /= np.maximum(q.sum(axis=1, keepdims=True), 1e-300)
        p[mine] = q
    return p


def _around(near: "csr_array", node: np.ndarray, p: np.ndarray) -> np.ndarray:
    """float64 (r, K): what the neighbours of each row's text say, rows summing to 1, or 0 where it has none."""
    count = np.maximum(np.bincount(node, minlength=near.shape[0]), 1)
    held = np.zeros((near.shape[0], p.shape[1]))
    np.add.at(held, node, p)
    said = near @ (held / count[:, None])
    return np.asarray((said / np.maximum(said.sum(axis=1, keepdims=True), 1e-300))[node])


def _shares(
    totals: Mapping[str, Mapping[str, float]], names: list[str], group: str
) -> tuple[tuple[str, ...], np.ndarray]:
    """The labels, and the shares of each group."""
    labels = tuple(dict.fromkeys(label for each in totals.values() for label in each))
    if strange := [name for name in totals if name not in names]:
        raise EngineError(f"{group!r} has no {strange[0]!r}. Give totals for values of it, such as {names[:1]}.")
    if len(labels) < 2:
        raise EngineError("Totals need two labels at least: of each group how many rows have each label.")
    found = np.array([[each.get(label, 0.0) for label in labels] for each in totals.values()], np.float64)
    if (found < 0).any() or (found.sum(axis=1) <= 0).any() or not np.isfinite(found).all():
        raise EngineError("The totals of a group must be numbers of 0 or more that are not all 0.")
    found /= found.sum(axis=1, keepdims=True)
    if np.ptp(found, axis=0).max() < 1e-9:
        raise EngineError("All groups have the same shares, which tells nothing of a row. Give groups that differ.")
    return labels, found
