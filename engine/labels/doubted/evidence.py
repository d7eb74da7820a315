"""What speaks for the given label of a row and what for another: rows, words, probabilities."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.errors import EngineError
from engine.labels.doubted.suspects import KINDS, Kind, Suspects, signs
from engine.text import words_of

BLOCK = 1 << 14
LOOKED_AT = 300
"""Texts of each label in which words are counted, the nearest to the row."""
TWICE, SMOOTH = 1.0, 0.02
"""A word speaks for a label in whose texts it is twice as usual (a logarithm to base 2), after so much is added."""


@dataclass(frozen=True)
class Near:
    """Rows of one label, the nearest first. rows: int64 (k,), one a text; similarity: float32 (k,)."""

    rows: np.ndarray
    similarity: np.ndarray


@dataclass(frozen=True)
class Side:
    """What speaks for one label. label: its name. probability: by the probe, or what stands in for it, 0 to 1, None
    where it is not known.

    near: the nearest rows that have it. words: those of the row that are more usual in its texts than in the other's,
    the most telling first.
    """

    label: str
    probability: float | None
    near: Near
    words: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """A row looked at from both sides. kind: None for no suspect. other: None where nothing suggests another.

    agreement: share of the neighbours' votes for the given label, None where nobody votes. votes: share of the raters'
    votes for it, None without votes. copies: int64, rows that are copies of it with another label.
    """

    row: int
    kind: Kind | None
    given: Side
    other: Side | None
    agreement: float | None
    votes: float | None
    copies: np.ndarray


def evidence(data: Dataset, found: Suspects, row: int, *, k: int = 5, embedding: str = "") -> Evidence:
    """What speaks for the given label of a row, and for the likeliest other one, k rows each side by side.

    embedding: by which rows are near, where the suspects stand on none. Raises `EngineError` for a row without a label,
    and without an embedding.
    """
    embedding = found.embedding or embedding
    if not embedding:
        raise EngineError("Evidence is laid side by side by meaning. Embed the texts, or name the embedding.")
    at = np.flatnonzero(found.rows == row)
    codes, names = data.codes(found.label)
    of = signs(data, found.label, found.embedding, own=found.own)
    given, kind = int(codes[row]), KINDS[int(found.kind[at[0]])] if len(at) else None
    if given < 0:
        raise EngineError(
            f"Row {row:,} has no label in {found.label!r}, so nothing speaks for it. Ask for one that has."
        )
    other = int(found.suggested[at[0]]) if len(at) else -1
    if other < 0:
        other = next((int(c) for c in (of.likely[row], of.second[row], of.neighbours[row]) if c not in (-1, given)), -1)
    best = int(of.likely[row]) if of.likely[row] != given else int(of.second[row])
    confidence = of.confidence[row]
    chance = {given: confidence, best: confidence - of.margin[row]}
    both = sides(data, embedding, codes, names, row, (given, other), k=k)
    one, *rest = (
        replace(side, probability=_number(chance.get(c))) for side, c in zip(both, (given, other), strict=False)
    )
    return Evidence(
        row, kind, one, rest[0] if rest else None, _number(of.agreement[row]), _number(of.votes_for[row]),
        _copies(data, found, row, codes) if found.embedding else np.zeros(0, np.int64),
    )  # fmt: skip


def sides(
    data: Dataset, embedding: str, codes: np.ndarray, names: Sequence[str], row: int, of: Sequence[int], *, k: int = 5
) -> list[Side]:
    """What speaks for some labels of a row, one or two, k rows each; probabilities are not known here.

    codes: int (n,), the labels, -1 for none. names: of the codes. of: codes, those below 0 passed over.
    """
    vectors, asked = data.embedding(embedding), [code for code in of if code >= 0]
    near = {code: _nearest(vectors, row, np.flatnonzero(codes == code), LOOKED_AT) for code in asked}
    told = {code: [frozenset(words_of(t)) for t in data.texts(near[code].rows)] for code in asked}
    own = list(dict.fromkeys(words_of(data.texts(np.array([row]))[0])))
    found = []
    for code in asked:
        against = next((told[c] for c in asked if c != code), [])
        shown = Near(near[code].rows[:k], near[code].similarity[:k])
        found.append(Side(names[code], None, shown, speaking(own, told[code], against)))
    return found


def speaking(
    words: Sequence[str], own: Sequence[frozenset[str]], others: Sequence[frozenset[str]], *, most: int = 8
) -> tuple[str, ...]:
    """The words that are twice as usual in one side's texts as in the other's, the most telling first.

    Each text is the set of its words. A word counts by how much more usual it is and in how many texts it stands.

    >>> speaking(["free", "prize", "to"], [frozenset({"free", "to"})] * 4, [frozenset({"to", "meet"})] * 4)
    ('free',)
    """
    if not own or not others:
        return ()
    here, there = (Counter(word for text in texts for word in text) for texts in (own, others))
    score = {}
    for word in words:
        inside, outside = here[word] / len(own), there[word] / len(others)
        lift = float(np.log2((inside + SMOOTH) / (outside + SMOOTH)))
        if lift >= TWICE:
            score[word] = inside * lift
    return tuple(sorted(score, key=lambda word: (-score[word], word))[:most])


def _nearest(vectors: Vectors, row: int, rows: np.ndarray, k: int) -> Near:
    """The nearest of some rows by meaning, one a text, the row's own text not among them."""
    of_row = vectors.texts.of_row
    rows = rows[(of_row[rows] >= 0) & (of_row[rows] != of_row[row])]
    nodes, first = np.unique(of_row[rows], return_index=True)
    if of_row[row] < 0 or not len(nodes):
        return Near(np.zeros(0, np.int64), np.zeros(0, np.float32))
    own = vectors.floats(of_row[[row]])[0]
    parts = [vectors.floats(nodes[start : start + BLOCK]) @ own for start in range(0, len(nodes), BLOCK)]
    similarity = np.concatenate(parts)
    order = np.argsort(-similarity, kind="stable")[:k]
    return Near(rows[first[order]].astype(np.int64), similarity[order])


def _copies(data: Dataset, found: Suspects, row: int, codes: np.ndarray) -> np.ndarray:
    """Rows with another label that have this very text, or nearly: int64, by row."""
    of_row, graph = data.embedding(found.embedding).texts.of_row, data.graph(found.embedding)
    node = int(of_row[row])
    if node < 0:
        return np.zeros(0, np.int64)
    alike = graph.neighbours[node][(graph.neighbours[node] >= 0) & (graph.similarity[node] >= found.copies)]
    same = np.flatnonzero(np.isin(of_row, np.r_[alike, node]))
    return same[(codes[same] >= 0) & (codes[same] != codes[row])].astype(np.int64)


def _number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)
