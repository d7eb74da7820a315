"""How many rows each label has, how well it can be told from the others, and whom weighing it up would hurt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import labels_of_nodes, units, votes

if TYPE_CHECKING:
    from scipy.sparse import csr_array

COPIES = 0.95
RARE = 0.5
"""A label with less than this share of the rows that it would have if all had as many is rare."""
BADLY, WELL = 0.5, 0.8
"""Neighbours of its own label beyond what chance gives: below the first a label is badly separable, from the second on
well."""
MOST_PAIRS = 200
MOST_RARE = 50
CELLS = 1 << 24
"""Texts times labels whose distances are held at once."""
SHARP = 10.0
BLOCK = 1 << 14


@dataclass(frozen=True)
class ClassRow:
    """One label. rows, share: of the labelled rows. agreement: of its rows' neighbours, the share of its own label;
    beyond_chance: the same with what chance gives taken off, 1 at most, NaN where no row has a labelled neighbour.

    silhouette: how much nearer its rows are to the mean of their label than to the next one, −1 to 1; NaN for one text.
    weight: what each row counts where all labels weigh the same. confused: the other label that most of its neighbours
    have, "" for none; crossed: how many of its neighbours have it, 0 to 1.
    """

    label: str
    rows: int
    share: float
    agreement: float
    beyond_chance: float
    silhouette: float
    weight: float
    confused: str = ""
    crossed: float = 0.0

    @property
    def told(self) -> Literal["well", "fairly", "badly", "unknown"]:
        """How well it can be told from the others, by its neighbours beyond chance."""
        if np.isnan(self.beyond_chance):
            return "unknown"
        return "badly" if self.beyond_chance < BADLY else "fairly" if self.beyond_chance < WELL else "well"


@dataclass(frozen=True)
class PairRow:
    """Two labels that lie among each other. crossed: the share of neighbours of `label` that are `other`; back: the
    share of those of `other` that are `label`."""

    label: str
    other: str
    crossed: float
    back: float


@dataclass(frozen=True)
class Reweighed:
    """What weighing up a rare label alone would do to the votes of neighbours. weight: so that it weighs as much as the
    mean label. gained: rows of it that its neighbours would then call by its name; lost: rows of other labels that they
    would no longer call by theirs.

    hurt: the labels that lose most, with rows. badly: the label is badly separable.
    """

    label: str
    weight: float
    gained: int
    lost: int
    hurt: tuple[tuple[str, int], ...]
    badly: bool

    @property
    def warns(self) -> bool:
        """Whether it is badly separable, and weighing it up costs others more rows than it gains."""
        return self.badly and self.lost > self.gained

    def words(self) -> str:
        """The warning, or what is gained."""
        counts = f"{self.gained:,} of its rows gained, {self.lost:,} of others lost"
        if not self.warns:
            return f"“{self.label}” × {self.weight:.3g}: {counts}."
        most = ", ".join(f"{rows:,} of “{name}”" for name, rows in self.hurt[:3])
        return (
            f"“{self.label}” × {self.weight:.3g} would hurt others: {counts} ({most}). It lies among them: more rows "
            "of it, or a clearer rule, help more than weight."
        )


@dataclass(frozen=True)
class Balance:
    """classes: the most rows first; pairs: those that cross most first; reweighed: the rare labels, rarest first, 50 at
    most."""

    classes: tuple[ClassRow, ...]
    pairs: tuple[PairRow, ...]
    reweighed: tuple[Reweighed, ...]
    without_label: int
    without_neighbours: int


def class_weights(count: np.ndarray, power: float = 1.0) -> np.ndarray:
    """float64 (K,): what a row of each label counts, so that labelled rows count 1 in the mean.

    count: int (K,). power: 0 all alike, 1 all labels weigh the same, 0.5 between them. 0 for a label without a row.

    >>> import numpy as np
    >>> class_weights(np.array([90, 10])).round(3).tolist()
    [0.556, 5.0]
    """
    if not 0 <= power <= 1:
        raise EngineError(f"The power of class weights is {power:g}; it goes from 0 (none) to 1 (all labels the same).")
    there = count > 0
    if not there.any():
        raise EngineError("No row has a label. Choose another column of labels.")
    raw = np.where(there, np.maximum(count, 1) ** -float(power), 0.0)
    return np.asarray(raw * count.sum() / (raw * count).sum())


def balance(data: Dataset, label: str, embedding: str, *, k: int = 10, copies: float = COPIES) -> Balance:
    """How even the labels are and how well they part, by the nearest `k` of each row that are no copies of it.

    A row's neighbours vote as in `label_agreement`; a weight of a label counts each of its votes so many times. Rare is
    a label with less than half the rows that it would have were all the same.
    Source: SRAT (Wang et al. 2022): reweighting a class that is badly separable hurts the others; here the rows that it
    would gain and cost are counted on the neighbours.
    """
    codes, names = data.codes(label)
    codes = codes.astype(np.int64)
    stored, graph = data.embedding(embedding), data.graph(embedding)
    node_of = np.asarray(stored.texts.of_row, np.int64)
    rows = np.flatnonzero((codes >= 0) & (node_of >= 0))
    code, node, classes = codes[rows], node_of[rows], len(names)
    count = np.bincount(codes[codes >= 0], minlength=classes)
    if np.count_nonzero(count) < 2:
        raise EngineError(f"{label!r} has fewer than two labels: there is no balance. Choose another column.")
    near, similarity = np.asarray(graph.neighbours)[:, :k], np.asarray(graph.similarity)[:, :k]
    said = votes(near, similarity, labels_of_nodes(node, code, len(near), classes), sharp=SHARP, copies=copies)
    told = np.diff(said.indptr)[node] > 0
    rate = _rates(said, node[told], code[told], classes)
    voted = np.bincount(code[told], minlength=classes) > 0
    agreement = np.where(voted, rate.diagonal(), np.nan)
    prior = np.bincount(code, minlength=classes) / max(len(code), 1)
    beyond = (agreement - prior) / np.maximum(1 - prior, 1e-12)
    shape = silhouettes(stored.floats, node, code, classes)
    weight = class_weights(count)
    order, other = np.argsort(-count, kind="stable"), _confused(rate, names)
    table = tuple(
        ClassRow(
            names[c], int(count[c]), float(count[c] / count.sum()), float(agreement[c]), float(beyond[c]),
            float(shape[c]), float(weight[c]), *other.get(int(c), ("", 0.0)),
        )
        for c in order
        if count[c]
    )  # fmt: skip
    rare = [c for c in order[::-1] if 0 < count[c] < RARE * count.sum() / np.count_nonzero(count)]
    asked = [
        _reweighed(said, node[told], code[told], int(c), float(weight[c]), beyond, names) for c in rare[:MOST_RARE]
    ]
    return Balance(table, _pairs(rate, names), tuple(asked), int((codes < 0).sum()), int((~told).sum()))


def silhouettes(
    vectors: Callable[[np.ndarray], np.ndarray], node: np.ndarray, code: np.ndarray, classes: int
) -> np.ndarray:
    """float64 (K,): the mean silhouette of each label by its mean, NaN for a label of a single text.

    A row's is (b − a) / max(a, b), a its distance to the mean of the others of its label, b to the next mean; distance
    is 1 less the cosine. Each text counts once for a label. node, code: int (r,).
    """
    pairs = np.unique(np.stack([code, node]), axis=1)
    of_class, at = pairs
    count = np.bincount(of_class, minlength=classes).astype(np.float64)
    total = np.zeros((classes, vectors(at[:0]).shape[1]))
    for start in range(0, len(at), BLOCK):
        part = slice(start, start + BLOCK)
        np.add.at(total, of_class[part], vectors(at[part]))
    means = units(total)
    score = np.full(len(at), np.nan)
    size = max(CELLS // classes, 1)
    for start in range(0, len(at), size):
        part = slice(start, min(start + size, len(at)))
        x, mine = units(vectors(at[part]).astype(np.float64)), of_class[part]
        close = x @ means.T
        close[:, count == 0] = -np.inf
        own = (units(total[mine] - x) * x).sum(axis=1)
        close[np.arange(len(mine)), mine] = -np.inf
        a, b = 1 - own, 1 - close.max(axis=1)
        score[part] = np.where(count[mine] > 1, (b - a) / np.maximum(np.maximum(a, b), 1e-12), np.nan)
    there = ~np.isnan(score)
    total_score = np.bincount(of_class[there], score[there], classes)
    seen = np.bincount(of_class[there], minlength=classes)
    return np.divide(total_score, seen, out=np.full(classes, np.nan), where=seen > 0)


def _rates(said: "csr_array", node: np.ndarray, code: np.ndarray, classes: int) -> "csr_array":
    """float64 (K, K): of the neighbours of each label's rows the share of each label; 0 for a label without any."""
    from scipy.sparse import csr_array

    which = csr_array((np.ones(len(node)), (code, node)), shape=(classes, said.shape[0]))
    found = csr_array(which @ said)
    found.data /= np.repeat(np.maximum(np.bincount(code, minlength=classes), 1), np.diff(found.indptr))
    return found


def _confused(rate: "csr_array", names: list[str]) -> dict[int, tuple[str, float]]:
    """Of each label the other one that most of its neighbours have, and the share of them; the first of several."""
    some = rate.tocoo()
    row, column = (np.asarray(at) for at in some.coords)
    apart = np.flatnonzero((row != column) & (some.data > 0))
    order = apart[np.lexsort((column[apart], -np.round(some.data[apart], 12), row[apart]))]
    of, first = np.unique(row[order], return_index=True)
    best = order[first]
    return {
        c: (names[to], share)
        for c, to, share in zip(of.tolist(), column[best].tolist(), some.data[best].tolist(), strict=True)
    }


def _pairs(rate: "csr_array", names: list[str]) -> tuple[PairRow, ...]:
    from scipy.sparse import triu

    both = triu(rate + rate.T, 1).tocoo()
    order = np.lexsort((both.col, both.row, -np.round(both.data, 12)))[:MOST_PAIRS]
    found = []
    for a, b in zip(both.row[order].tolist(), both.col[order].tolist(), strict=True):
        there, back = float(rate[a, b]), float(rate[b, a])
        x, y = (a, b) if there >= back else (b, a)
        found.append(PairRow(names[x], names[y], max(there, back), min(there, back)))
    return tuple(found)


def _reweighed(
    said: "csr_array",
    node: np.ndarray,
    code: np.ndarray,
    rare: int,
    weight: float,
    beyond: np.ndarray,
    names: list[str],
) -> Reweighed:
    """The rows whose most voted label changes when the votes for one label count more."""
    some = said[node].tocoo()
    own = np.asarray(said[node, code]).ravel()
    mine = np.zeros(len(node))
    mine[some.coords[0][some.coords[1] == rare]] = some.data[some.coords[1] == rare]
    # The best of the labels that are neither its own nor the rare one: what else could win.
    rest = np.zeros(len(node))
    other = (some.coords[1] != rare) & (some.coords[1] != code[some.coords[0]])
    np.maximum.at(rest, some.coords[0][other], some.data[other])
    is_rare = code == rare
    gained = is_rare & (mine <= rest) & (mine * weight > rest)
    right = ~is_rare & (own > rest) & (own > mine)
    lost = right & (mine * weight >= own)
    hurt = np.bincount(code[lost], minlength=len(names))
    order = [c for c in np.argsort(-hurt, kind="stable") if hurt[c]]
    return Reweighed(
        names[rare], weight, int(gained.sum()), int(lost.sum()), tuple((names[c], int(hurt[c])) for c in order[:10]),
        not beyond[rare] >= BADLY,
    )  # fmt: skip
