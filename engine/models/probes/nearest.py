"""What the neighbours say: the labels of the nearest others, copies left out."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def labels_of_nodes(node: np.ndarray, codes: np.ndarray, nodes: int, classes: int) -> "csr_array":
    """float64 (m, K): of each node the share of its labelled rows that have each label, summing to 1, or 0 for none.

    node, codes: int (r,), of labelled rows: where each is, and its label.
    """
    from scipy.sparse import csr_array

    share = 1 / np.maximum(np.bincount(node, minlength=nodes), 1)[node] if len(node) else np.zeros(0)
    return csr_array((share, (node, codes)), shape=(nodes, classes))


def votes(
    neighbours: np.ndarray, similarity: np.ndarray, labels: "csr_array", *, sharp: float, copies: float
) -> "csr_array":
    """float64 (m, K): what the neighbours of each node say, each row summing to 1, or 0 where none has a label.

    neighbours: int32 (m, k), -1 for none; similarity: float32 (m, k). A neighbour counts e to the power of `sharp`
    times its similarity (0: all alike); one of similarity `copies` or more is a copy and has no vote.
    Source: LOOK's leave-one-out neighbours with soft votes (Feng et al. 2022).
    """
    from scipy.sparse import csr_array, diags_array

    told = (neighbours >= 0) & (similarity < copies)
    weight = np.exp(sharp * (similarity[told].astype(np.float64) - 1))
    heads = np.cumsum([0, *told.sum(axis=1)])
    among = csr_array((weight, neighbours[told].astype(np.int64), heads), shape=(len(neighbours), labels.shape[0]))
    found = csr_array(among @ labels)
    total = np.asarray(found.sum(axis=1)).ravel()
    return csr_array(diags_array(np.divide(1, total, out=np.zeros(len(total)), where=total > 0)) @ found)


def copies_of(
    neighbours: np.ndarray, similarity: np.ndarray, counts: "csr_array", *, copies: float
) -> tuple[np.ndarray, "csr_array"]:
    """Of each node how many labelled rows are copies of it, its own among them, int64 (m,), and of which label, (m, K).

    counts: (m, K), labelled rows by node and label.
    """
    from scipy.sparse import csr_array, eye_array

    alike = (neighbours >= 0) & (similarity >= copies)
    heads = np.cumsum([0, *alike.sum(axis=1)])
    near = csr_array((np.ones(heads[-1]), neighbours[alike].astype(np.int64), heads), shape=(len(neighbours),) * 2)
    found = csr_array((near + eye_array(len(neighbours))) @ counts)
    return np.asarray(found.sum(axis=1)).ravel().astype(np.int64), found


def cells(of: "csr_array", node: np.ndarray, code: np.ndarray) -> np.ndarray:
    """float64 (r,): the cells of a sparse matrix at some rows and columns."""
    return np.asarray(of[node, code], np.float64).ravel()


def most(said: "csr_array") -> np.ndarray:
    """int64 (m,): the column of the largest cell of each row of a sparse matrix, the first of several; -1 for none."""
    rows = np.repeat(np.arange(said.shape[0]), np.diff(said.indptr))
    order = np.lexsort((said.indices, -np.round(said.data, 9), rows))
    first = np.full(said.shape[0], -1, np.int64)
    heads = np.flatnonzero(np.r_[True, rows[order][1:] != rows[order][:-1]]) if len(order) else order
    first[rows[order][heads]] = said.indices[order][heads]
    return first


def groups_of(
    neighbours: np.ndarray, similarity: np.ndarray, *, copies: float, most: int, counted: np.ndarray | None = None
) -> np.ndarray:
    """int64 (m,): which nodes hang together by similarity of `copies` or more; of more than `most` none does.

    counted: bool (m,), the nodes of which `most` are counted, None for all. So many are no copies of one text: where a
    corpus is dense, one hangs on the next, and a whole label on one chain.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    alike = (neighbours >= 0) & (similarity >= copies)
    heads = np.cumsum([0, *alike.sum(axis=1)])
    near = csr_array((np.ones(heads[-1], bool), neighbours[alike].astype(np.int64), heads), shape=(len(alike),) * 2)
    group = np.asarray(connected_components(near, directed=False)[1], np.int64)
    crowd = np.bincount(group, counted, minlength=1)[group] > most
    return np.where(crowd, len(group) + np.arange(len(group)), group)
