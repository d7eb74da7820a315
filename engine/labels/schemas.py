"""Label schemas of several sets: which label of one is which of another, as a table that a person edits."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.models import labels_of_nodes, units
from engine.registry import Json
from engine.vectors import embed_texts
from indexes import wilson

if TYPE_CHECKING:
    from scipy.sparse import csr_array

COPIES = 0.95
ENOUGH = 3
"""Texts with a label of both sets, from which they tell more than the meaning does."""
MOST_CELLS = 25_000_000
MOST_TEXTS = 500
"""Texts of a label that its meaning is asked of."""
Kind = Literal["same", "part of", "covers", "unclear"]
Others = Literal["stay", "go missing"]


@dataclass(frozen=True)
class LabelSet:
    """The labels of one set. code: int64 (n,), of all rows of the dataset, −1 for a row without a label of this set."""

    name: str
    code: np.ndarray
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a label of one set is in the other. confidence: 0 to 1, the lower end of an interval around the share that
    speaks for it.

    kind: the same thing; one of several that `to` holds together; one that holds several together (`parts`); unclear.
    by: what tells. shared: texts with a label of both sets, agree: those of them with `to`. texts: of the label,
    nearer: the share of them that are nearest to the mean of `to`. names: how alike the names are written, 0 to 1.
    second: what it might be instead, "" for nothing.
    """

    label: str
    to: str
    kind: Kind
    confidence: float
    by: Literal["shared rows", "meaning"]
    shared: float
    agree: float
    texts: int
    nearer: float
    names: float
    second: str
    parts: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share that speaks for it: of the texts with a label of both sets, or of those of the label."""
        return self.agree / self.shared if self.by == "shared rows" else self.nearer

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval around `share`; its lower end is the confidence."""
        seen = self.shared if self.by == "shared rows" else min(self.texts, MOST_TEXTS)
        return self.confidence, wilson(self.share, round(seen))[1]


@dataclass(frozen=True)
class LabelMap:
    """What each label becomes, as a person left it; "" for no label. Frozen: an edit makes a new one."""

    pairs: tuple[tuple[str, str], ...] = ()
    others: Others = "stay"

    def with_label(self, old: str, new: str) -> "LabelMap":
        """The map in which `old` becomes `new`."""
        kept = dict(self.pairs) | {old: new}
        return replace(self, pairs=tuple(kept.items()))

    def without(self, old: str) -> "LabelMap":
        """The map that does not name a label."""
        if old not in dict(self.pairs):
            raise unknown("label of the map", old, dict(self.pairs))
        return replace(self, pairs=tuple((a, b) for a, b in self.pairs if a != old))

    def params(self) -> dict[str, Json]:
        """The parameters of the edit `relabel`, which makes a new column; the original stays."""
        if not self.pairs:
            raise EngineError("The map names no label. Accept a proposal, or name what a label becomes.")
        return {"old": [a for a, _ in self.pairs], "new": [b for _, b in self.pairs], "others": self.others}


def set_of(data: Dataset, label: str) -> LabelSet:
    """The labels of a column as a set."""
    codes, names = data.codes(label)
    return LabelSet(label, codes.astype(np.int64), tuple(names))


def sets_in(data: Dataset, label: str, source: str) -> tuple[LabelSet, ...]:
    """The sets that share one column of labels, told apart by their source; those with a label."""
    whole, (origin, names) = set_of(data, label), data.codes(source)
    found = []
    for at, name in enumerate(names):
        code = np.where(origin == at, whole.code, -1)
        used = np.unique(code[code >= 0])
        if len(used):
            place = np.full(len(whole.labels) + 1, -1, np.int64)
            place[used] = np.arange(len(used))
            found.append(LabelSet(name, place[code], tuple(whole.labels[c] for c in used)))
    return tuple(found)


def proposals(
    data: Dataset, first: LabelSet, second: LabelSet, embedding: str, *, copies: float = COPIES
) -> tuple[Proposal, ...]:
    """What each label of the first set is in the second, the surest first.

    Where three texts or more of a label have a label of the second set too (the same text, or one as similar as
    `copies`), these tell. Else its texts do, each for the mean of the second set's labels that it is nearest to, both
    sets moved to the same middle: two sources can differ in tone without differing in labels. Labels without a text are
    left out. Raises `EngineError` for a set without a label on a text.
    """
    texts = data.embedding(embedding).texts
    node_of = np.asarray(texts.of_row, np.int64)
    if len(first.labels) * len(second.labels) > MOST_CELLS:
        raise EngineError(
            f"{len(first.labels):,} labels beside {len(second.labels):,} are more than can be compared at once "
            f"({MOST_CELLS:,} pairs). Choose coarser labels, or a part of them."
        )
    one, other = (_side(side, node_of, len(texts)) for side in (first, second))
    forth, back = _told(data, embedding, one, other, copies), _told(data, embedding, other, one, copies)
    to, fro = (np.array([_best(t) if t.texts else -1 for t in side], np.int64) for side in (forth, back))
    found = []
    for a, told in enumerate(forth):
        if not told.texts:
            continue
        b = int(to[a])
        together, parts = int((to == b).sum()), np.flatnonzero(fro == a)
        kind: Kind = "unclear"
        if together == 1 and fro[b] == a and len(parts) == 1:
            kind = "same"
        elif together > 1 and len(parts) <= 1:
            kind = "part of"
        elif together == 1 and len(parts) > 1:
            kind = "covers"
        order = np.argsort(-told.share, kind="stable")
        runner = int(order[1]) if len(order) > 1 and told.share[order[1]] > 0 else -1
        agree = float(told.agree[b])
        confidence = wilson(float(told.share[b]), told.counted)[0] if told.counted > 0 else 0.0
        found.append(
            Proposal(
                first.labels[a], second.labels[b], kind, confidence, told.by, told.shared, agree, told.texts,
                float(told.nearer[b]), name_likeness(first.labels[a], second.labels[b]),
                second.labels[runner] if runner >= 0 else "", tuple(second.labels[p] for p in parts) if kind == "covers"
                else (),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda p: -p.confidence))


def proposed_by_name(first: LabelSet, second: LabelSet) -> dict[str, str]:
    """What each label would be by how it is written alone: the rival of `proposals`."""
    return {a: max(second.labels, key=lambda b: name_likeness(a, b)) for a in first.labels}


def by_meaning_of_names(
    data: Dataset, first: LabelSet, second: LabelSet, embedding: str, described: Mapping[str, str] | None = None
) -> dict[str, tuple[str, float]]:
    """What each label would be by what its name means, and the cosine: for sets whose labels have no texts yet.

    Names are embedded as texts, with spaces for underscores. described: what a label means, where its name says too
    little. Raises `EngineError` where the embedding came without its model.
    """
    told = described or {}
    sides = []
    for one in (first, second):
        names = [told.get(name, re.sub(r"([a-z])([A-Z])|_", r"\1 \2", name)) for name in one.labels]
        sides.append(units(embed_texts(data, embedding, names, query=False).astype(np.float64)))
    close = sides[0] @ sides[1].T
    best = close.argmax(axis=1)
    return {a: (second.labels[b], float(close[i, b])) for i, (a, b) in enumerate(zip(first.labels, best, strict=True))}


def map_of(found: Sequence[Proposal], *, least: float = 0.5, others: Others = "stay") -> LabelMap:
    """The proposals of at least a confidence as a map to edit. One that covers several is left out: it cannot be told
    which of them a row has."""
    return LabelMap(tuple((p.label, p.to) for p in found if p.confidence >= least and p.kind != "covers"), others)


def joined(maps: Mapping[str, LabelMap]) -> LabelMap:
    """One map for a column in which several sets stand. Raises `EngineError` where a label means two things in them:
    then each set needs a column of its own first."""
    whole: dict[str, tuple[str, str]] = {}
    for name, one in maps.items():
        for old, new in one.pairs:
            if old in whole and whole[old][1] != new:
                raise EngineError(
                    f"{old!r} becomes {whole[old][1]!r} in {whole[old][0]!r} and {new!r} in {name!r}. A column has one "
                    "meaning for a label: open the sets with a column each, or give one of them another name first."
                )
            whole[old] = (name, new)
    others: set[Others] = {one.others for one in maps.values()}
    return LabelMap(tuple((old, new) for old, (_, new) in whole.items()), others.pop() if len(others) == 1 else "stay")


def over_all(chosen: LabelMap, first: LabelSet, shared: Sequence[LabelSet] = ()) -> LabelMap:
    """The map of a whole column, in which the labels of the first set become what was chosen and those of all others
    stay. shared: the sets of the column, none where it is of one set. Raises `EngineError` where a label of another set
    would become another too."""
    to = dict(chosen.pairs)
    rest = {label: label if chosen.others == "stay" else "" for label in first.labels}
    maps = {first.name: LabelMap(tuple((rest | to).items()))}
    maps |= {s.name: LabelMap(tuple((x, x) for x in s.labels)) for s in shared if s.name != first.name}
    return LabelMap(tuple((old, new) for old, new in joined(maps).pairs if old != new or old in to))


def name_likeness(a: str, b: str) -> float:
    """How alike two names are written, 0 to 1: by letters or by words, whichever says more.

    >>> name_likeness("card_declined", "Declined card")
    1.0
    """
    x, y = (re.findall(r"\w+", re.sub(r"([a-z])([A-Z])|_", r"\1 \2", name).lower()) for name in (a, b))
    if not x or not y:
        return float(a == b)
    words = len(set(x) & set(y)) / len(set(x) | set(y))
    return max(words, SequenceMatcher(None, " ".join(x), " ".join(y), autojunk=False).ratio())


@dataclass(frozen=True)
class _Side:
    """A set over distinct texts. share: (m, K), of each text the share of each label; labels: K."""

    share: "csr_array"
    labels: int


@dataclass(frozen=True)
class _Told:
    """Of one label, over those of the other set, float64 (K,): agree, nearer, and share, what is believed."""

    agree: np.ndarray
    nearer: np.ndarray
    share: np.ndarray
    shared: float
    texts: int
    counted: float
    by: Literal["shared rows", "meaning"]


def _side(one: LabelSet, node_of: np.ndarray, nodes: int) -> _Side:
    rows = np.flatnonzero((one.code >= 0) & (node_of >= 0))
    if not len(rows):
        raise EngineError(f"The set {one.name!r} has no label on a row with a text. Choose another column or source.")
    return _Side(labels_of_nodes(node_of[rows], one.code[rows], nodes, len(one.labels)), len(one.labels))


def _told(data: Dataset, embedding: str, one: _Side, other: _Side, copies: float) -> list[_Told]:
    table = _shared(data, embedding, one, other, copies)
    votes, texts = _nearest(data, embedding, one, other)
    found = []
    for a in range(one.labels):
        agree, shared = table[a], float(table[a].sum())
        nearer = votes[a] / max(votes[a].sum(), 1)
        told: Literal["shared rows", "meaning"] = "shared rows" if shared >= ENOUGH else "meaning"
        share, counted = (agree / shared, shared) if shared >= ENOUGH else (nearer, float(votes[a].sum()))
        found.append(_Told(agree, nearer, share, shared, int(texts[a]), counted, told))
    return found


def _best(told: _Told) -> int:
    return int(np.lexsort((-told.nearer, -told.share))[0])


def _shared(data: Dataset, embedding: str, one: _Side, other: _Side, copies: float) -> np.ndarray:
    """float64 (K, L): texts of each label that have a label of the other set, themselves or by a copy."""
    from scipy.sparse import csr_array, diags_array, eye_array

    graph = data.graph(embedding)
    near, similarity = np.asarray(graph.neighbours), np.asarray(graph.similarity)
    alike = (near >= 0) & (similarity >= copies)
    heads = np.cumsum([0, *alike.sum(axis=1)])
    copy = csr_array((np.ones(heads[-1]), near[alike].astype(np.int64), heads), shape=(len(near), len(near)))
    met = csr_array((copy + eye_array(len(near))) @ other.share)
    total = np.asarray(met.sum(axis=1)).ravel()
    met = diags_array(np.divide(1, total, out=np.zeros(len(total)), where=total > 0)) @ met
    return np.asarray((one.share.T @ met).toarray())


def _nearest(data: Dataset, embedding: str, one: _Side, other: _Side) -> tuple[np.ndarray, np.ndarray]:
    """float64 (K, L): texts of each label by the label of the other set whose mean is nearest; int64 (K,): its
    texts."""
    vectors = data.embedding(embedding).floats
    (mean, middle), (_, own_middle) = _means(vectors, other), _means(vectors, one)
    mean = units(mean - middle)
    there = np.asarray(other.share.sum(axis=0)).ravel() > 0
    votes, texts = np.zeros((one.labels, other.labels)), np.zeros(one.labels, np.int64)
    columns = one.share.tocsc()
    for a in range(one.labels):
        nodes = columns.indices[columns.indptr[a] : columns.indptr[a + 1]]
        texts[a] = len(nodes)
        if len(nodes) > MOST_TEXTS:
            nodes = np.sort(np.random.default_rng(0).permutation(nodes)[:MOST_TEXTS])
        close = units(vectors(nodes).astype(np.float64) - own_middle) @ mean.T
        close[:, ~there] = -np.inf
        votes[a] = np.bincount(close.argmax(axis=1), minlength=other.labels) if len(nodes) else 0
    return votes, texts


def _means(vectors: Callable[[np.ndarray], np.ndarray], side: _Side) -> tuple[np.ndarray, np.ndarray]:
    """float64 (K, d): the mean of each label; (d,): their middle, each label counting the same."""
    columns = side.share.tocsc()
    found = []
    for a in range(side.labels):
        part = slice(columns.indptr[a], columns.indptr[a + 1])
        x, weight = vectors(columns.indices[part]).astype(np.float64), columns.data[part]
        found.append(weight @ x / weight.sum() if len(x) else np.zeros(x.shape[1]))
    mean, there = np.array(found), np.diff(columns.indptr) > 0
    return mean, mean[there].mean(axis=0)
