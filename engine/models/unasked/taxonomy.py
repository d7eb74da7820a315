"""Labels by how near classes are to each other: unseen classes, mistakes that cost less, what to collect next."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models.probes import Seen, copies_in, one_label_each, probe, units
from engine.models.unasked.told import Told, check_cells
from engine.vectors import embed_texts

BLOCK = 4096


def frechet(probability: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """int64 (r,): of each row the class y of least Σ p_k · d(y, k)²: the middle of what is likely.

    probability: float (r, K) of the classes that have labels; distance: float (Y, K), from each class that may be
    answered, more than those if you like, to each that has labels. Of equals the first.
    Source: Loki (Roberts et al. 2023).

    >>> import numpy as np
    >>> line = np.abs(np.arange(3)[:, None] - np.array([0, 2]))
    >>> frechet(np.array([[0.5, 0.5], [0.9, 0.1]]), line).tolist()
    [1, 0]
    """
    cost = probability.astype(np.float64) @ (distance.astype(np.float64) ** 2).T
    return np.asarray(np.round(cost, 12).argmin(axis=1), np.int64)


def tree_distance(paths: Sequence[Sequence[str]]) -> np.ndarray:
    """float64 (Y, Y): steps from class to class in a tree, each class given by its path from the root.

    >>> tree_distance([("pet", "cat"), ("pet", "dog"), ("car",)]).tolist()
    [[0.0, 2.0, 3.0], [2.0, 0.0, 3.0], [3.0, 3.0, 0.0]]
    """
    found = np.zeros((len(paths), len(paths)))
    for i, one in enumerate(paths):
        for j, other in enumerate(paths[:i]):
            least = min(len(one), len(other))
            same = next((k for k in range(least) if one[k] != other[k]), least)
            found[i, j] = found[j, i] = len(one) + len(other) - 2 * same
    return found


def next_classes(distance: np.ndarray, have: np.ndarray, count: int = 1) -> np.ndarray:
    """int64: the classes to collect next: each time the one after which all classes are nearest, by mean square, to one
    that is labelled. distance: float (Y, Y); have: bool (Y,), classes with labels. Of equals the first.

    >>> import numpy as np
    >>> line = np.abs(np.arange(5)[:, None] - np.arange(5))
    >>> next_classes(line, np.array([True, False, False, False, False]), 2).tolist()
    [3, 1]
    """
    square = distance.astype(np.float64) ** 2
    held = have.astype(bool).copy()
    near = square[held].min(axis=0) if held.any() else np.full(len(square), np.inf)
    taken: list[int] = []
    for _ in range(min(count, int((~held).sum()))):
        rest = np.minimum(near, square).mean(axis=1)
        rest[held] = np.inf
        best = int(rest.argmin())
        taken.append(best)
        held[best], near = True, np.minimum(near, square[best])
    return np.array(taken, np.int64)


def distances(
    data: Dataset,
    embedding: str,
    *,
    classes: Mapping[str, str] | None = None,
    paths: Mapping[str, Sequence[str]] | None = None,
) -> np.ndarray:
    """float64 (Y, Y): from class to class, by `paths`, class -> path in a taxonomy, or by `classes`, name -> what it is
    about ("" for the name), as the embedding understands it."""
    if paths:
        return tree_distance([tuple(path) for path in paths.values()])
    said = [about.strip() or name for name, about in (classes or {}).items()]
    meant = units(embed_texts(data, embedding, said, query=False).astype(np.float64))
    return np.asarray(np.sqrt(np.maximum(2 - 2 * meant @ meant.T, 0)))


def by_taxonomy(
    data: Dataset,
    *,
    embedding: str,
    label: str,
    classes: Mapping[str, str] | None = None,
    paths: Mapping[str, Sequence[str]] | None = None,
) -> Told:
    """The label of rows that have none, among all classes, also those that no row has yet.

    A probe on the given labels, tempered by them, says how likely each of their classes is; the answer is the middle of
    what is likely, by the distances between classes. Those come from `paths`, class -> path in a taxonomy, or from
    `classes`, name -> what it is about ("" for the name), as the embedding understands it. Every label of the column
    must be among them.
    The confidence is the probability of the classes no farther from the answer than its nearest other class.
    Source: Loki (Roberts et al. 2023). Raises `EngineError` where a label is not among the classes, and fewer than two
    labels are used.
    """
    codes, labels = data.codes(label)
    names = tuple(paths or classes or ())
    if missing := [name for name in labels if name not in names]:
        raise EngineError(f"The label {missing[0]!r} is not among the classes. Give every label, and those to come.")
    check_cells(10 * len(names), len(names))  # the distances of all classes, in plain numbers
    stored = data.embedding(embedding)
    of_row = np.asarray(stored.texts.of_row, np.int64)
    known, code = one_label_each(of_row, codes.astype(np.int64))
    if len(np.unique(code)) < 2:
        raise EngineError(f"{label!r} has fewer than two labels. Label rows of another class first.")
    whole = distances(data, embedding, classes=classes, paths=paths)
    distance = whole[:, [names.index(name) for name in labels]]
    other = np.where(np.eye(len(whole), dtype=bool), np.inf, whole).min(axis=1)
    given_text = np.full(len(stored.grid), -1)
    given_text[known] = code
    seen = Seen(np.ones(len(stored.grid), bool), stored.grid.shape[1], vectors=stored.floats)
    p = probe(seen, given_text, copies_in(data, embedding, len(stored.grid)), len(labels)).probability
    asked = np.flatnonzero((codes < 0) & (of_row >= 0))
    answer, sure = np.full(data.n, -1, np.int32), np.full(data.n, np.nan, np.float32)
    for start in range(0, len(asked), BLOCK):
        some = asked[start : start + BLOCK]
        mine = p[of_row[some]]
        found = frechet(mine, distance)
        answer[some] = found
        sure[some] = np.where(distance[found] <= other[found, None] + 1e-9, mine, 0).sum(axis=1)
    given = np.array([names.index(name) for name in labels])[codes] if labels else codes
    answer = np.where(codes >= 0, given, answer).astype(np.int32)
    return Told(names, answer, sure)
