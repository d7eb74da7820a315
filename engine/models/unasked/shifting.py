"""Classes that nobody named, found by how they shift from source to source."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models.probes import copies_in, probe, seen_meaning
from engine.models.unasked.told import Told, told

PARTS = 10
"""Parts of what the sources say for each class that is looked for."""


@dataclass(frozen=True)
class Shifted:
    """told: class of each row, named “class 1” and so on, with its probability. sources: their names; share: float64
    (S, K), how much of each source is of each class."""

    told: Told
    sources: tuple[str, ...]
    share: np.ndarray


def by_shift(data: Dataset, *, embedding: str, source: str, classes: int, seed: int = 0) -> Shifted:
    """Classes of which each source holds another share, though within a class the sources are alike.

    source: a column of three values or more. A probe tells how likely each source is for a row; rows are parted by
    that, not by what they say; and the table of parts by sources is taken apart into so many classes (non-negative
    factors). It finds what shifts together, and only that: classes of the same share everywhere cannot be told apart.
    Source: latent label shift (Roberts et al. 2022). Raises `EngineError` for fewer sources than classes, and for fewer
    than two classes.
    """
    codes, names = data.codes(source)
    stored = data.embedding(embedding)
    of_row = np.asarray(stored.texts.of_row, np.int64)
    there = (codes >= 0) & (of_row >= 0)
    used = np.unique(codes[there])
    if classes < 2 or len(used) < classes:
        raise EngineError(
            f"{classes} classes by shift need two classes at least and as many sources as classes; "
            f"{source!r} has {len(used)}. Look for fewer classes, or choose a column of more sources."
        )
    group = copies_in(data, embedding, len(stored.grid))
    found = probe(
        seen_meaning(data, embedding), codes.astype(np.int64), np.where(of_row >= 0, group[np.maximum(of_row, 0)], -1),
        len(names),
    )  # fmt: skip
    rows = np.flatnonzero(there & ~np.isnan(found.probability).any(axis=1))
    of, share = classes_of_sources(found.probability[rows][:, used], np.searchsorted(used, codes[rows]), classes, seed)
    return Shifted(told(data.n, class_names(classes), rows, of), tuple(names[code] for code in used), share)


def class_names(classes: int) -> tuple[str, ...]:
    """What classes are called that nobody named."""
    return tuple(f"class {number + 1}" for number in range(classes))


def classes_of_sources(
    probability: np.ndarray, source: np.ndarray, classes: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """float64 (r, K), how likely each class is for each row; float64 (S, K), its share of each source.

    probability: float (r, S), how likely each source is for each row; source: int (r,), where it comes from.
    """
    from sklearn.cluster import KMeans
    from sklearn.decomposition import NMF

    sources = probability.shape[1]
    # What a source is likely to say anyway, by its size alone, is no shift.
    size = np.bincount(source, minlength=sources) / len(source)
    lifted = probability / np.maximum(size, 1e-12)
    lifted = lifted / lifted.sum(axis=1, keepdims=True)
    parts = min(PARTS * classes, len(np.unique(lifted.round(6), axis=0)))
    part = KMeans(parts, n_init=1, random_state=seed).fit_predict(lifted)
    table = np.zeros((parts, sources))
    np.add.at(table, (part, source), 1)
    table /= np.maximum(table.sum(axis=0), 1)
    best: tuple[float, np.ndarray, np.ndarray] | None = None
    for start in range(5):
        model = NMF(classes, init="random", solver="mu", beta_loss="kullback-leibler", max_iter=2000,
                    random_state=seed + start)  # fmt: skip
        of_part = model.fit_transform(table)
        if best is None or model.reconstruction_err_ < best[0]:
            best = float(model.reconstruction_err_), of_part, model.components_
    assert best is not None
    weight = np.maximum(best[1].sum(axis=0), 1e-12)
    of_part, share = best[1] / weight, (best[2] * weight[:, None]).T
    share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
    likely = of_part[part] * share[source]
    return likely / np.maximum(likely.sum(axis=1, keepdims=True), 1e-300), share
