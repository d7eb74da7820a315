"""The card of one topic: how large, in which words, which texts stand for it, and what differs from the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import cast

import numpy as np

from engine.dataset import Dataset, TopicLevel, Vectors
from engine.errors import EngineError
from engine.registry import Json
from engine.store import Key
from engine.text import Term
from engine.topics.areas import topic_sums

_MOST_VALUES = 300
_LOOKED_AT = 20_000
_SURE = 4.0
_LEAST_LIFT = 1.3
_LEAST_ORDER = 0.1


@dataclass(frozen=True)
class Difference:
    """What is more or less usual in a topic than in the rest, in words and numbers.

    inside, outside: shares of rows with `value`, 0…1; for a number column medians, and value is "". more: whether the
    topic has more of it.
    """

    column: str
    value: str
    inside: float
    outside: float
    more: bool

    def sentence(self) -> str:
        """The difference as one says it."""
        way = "more" if self.more else "less"
        if not self.value:
            return (
                f"{self.column}: {'higher' if self.more else 'lower'}, median {self.inside:g} (others {self.outside:g})"
            )
        return f"{self.column} is {self.value!r} {way} often: {self.inside:.0%} of the rows (others {self.outside:.0%})"


@dataclass(frozen=True)
class Card:
    """One topic, group or area. rows: repeats too; texts: distinct; share: of all rows, 0…1; exemplars: rows, int64."""

    number: int
    name: str
    area: str
    texts: int
    rows: int
    share: float
    terms: tuple[Term, ...]
    exemplars: np.ndarray
    differences: tuple[Difference, ...]


def topic_card(
    data: Dataset,
    key: str,
    number: int,
    *,
    level: TopicLevel = "topic",
    columns: Sequence[str] | None = None,
    exemplars_shown: int = 3,
) -> Card:
    """What a topic (or a group of them, or an area) is about, and how its rows differ from the others.

    columns: which to compare; left out, all with numbers or few values, the embedded text aside.
    """
    topics = data.topics(key)
    labels, names = topics.level(level)
    members = np.flatnonzero(labels == number)
    if len(members) == 0:
        raise EngineError(
            f"There is no {level} {number} in {key!r}. There are {', '.join(map(str, sorted(names)[:20]))}."
        )
    inside = data.per_row(np.asarray(labels), topics.texts, -1) == number
    stored = cast(dict[str, Json], topics.notes.get("terms" if level == "topic" else f"{level}_terms", {}))
    vectors = data.embedding(Key.read(key).on)
    return Card(
        number=number,
        name=names.get(number, f"{level} {number}"),
        area=topics.area_names.get(int(topics.area[members[0]]), ""),
        texts=len(members),
        rows=int(inside.sum()),
        share=float(inside.mean()),
        terms=tuple(_term(one) for one in cast(list[dict[str, Json]], stored.get(str(number), []))),
        exemplars=exemplars(vectors, members, count=exemplars_shown),
        differences=differences(data, inside, _compared(data) if columns is None else columns),
    )


def exemplars(vectors: Vectors, members: np.ndarray, *, count: int = 3) -> np.ndarray:
    """The rows that stand best for some nodes: most similar to their mean, ties by node: int64 (≤ count,).

    members: nodes, int64.
    """
    if len(members) == 0:
        return np.empty(0, dtype=np.int64)
    part = np.asarray(vectors.grid[members])
    # Whole numbers below 2^53: the order does not depend on how a machine sums up.
    middle = topic_sums(part, np.zeros(len(part), dtype=np.int64), topics=1)[0]
    closeness = part.astype(np.float64) @ middle.astype(np.float64)
    best = np.argsort(-closeness, kind="stable")[:count]
    return np.asarray(vectors.texts.first[members[best]], dtype=np.int64)


def differences(data: Dataset, inside: np.ndarray, columns: Sequence[str], *, limit: int = 8) -> tuple[Difference, ...]:
    """Values that are clearly more or less usual inside, the greatest difference first.

    inside: bool (n,). A value counts when its log-odds differ by more than 4 standard errors and its shares by a factor
    of 1.3; a number column when a row from inside beats one from outside in under 40 % or over 60 % of the pairs.
    """
    found: list[tuple[float, Difference]] = []
    if 0 < inside.sum() < len(inside):
        for column in columns:
            if data.info(column).type in ("number", "integer", "date"):
                found += _number(column, data.numbers(column), inside)
            else:
                found += _values(column, *data.codes(column), inside)
    found.sort(key=lambda pair: -pair[0])
    return tuple(difference for _, difference in found[:limit])


def _values(
    column: str, codes: np.ndarray, labels: Sequence[str], inside: np.ndarray
) -> list[tuple[float, Difference]]:
    """Values of a category column that are more or less usual inside."""
    if not 2 <= len(labels) <= _MOST_VALUES:
        return []
    here = np.bincount(codes[inside & (codes >= 0)], minlength=len(labels))
    there = np.bincount(codes[~inside & (codes >= 0)], minlength=len(labels))
    found = []
    for value, a, b in zip(labels, here.tolist(), there.tolist(), strict=True):
        c, d = int(here.sum()) - a, int(there.sum()) - b
        odds = log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
        error = sqrt(1 / (a + 0.5) + 1 / (b + 0.5) + 1 / (c + 0.5) + 1 / (d + 0.5))
        p, q = a / max(1, a + c), b / max(1, b + d)
        if abs(odds) > _SURE * error and max(p, q) >= _LEAST_LIFT * min(p, q):
            found.append((abs(p - q), Difference(column, value, p, q, p > q)))
    return found


def _number(column: str, values: np.ndarray, inside: np.ndarray) -> list[tuple[float, Difference]]:
    """Whether the numbers inside are higher or lower: how often a row from inside beats one from outside."""
    from scipy.stats import rankdata

    there = np.isfinite(values)
    here, rest = values[there & inside], values[there & ~inside]
    if len(here) == 0 or len(rest) == 0:
        return []
    ranks = rankdata(np.concatenate([here, rest]))[: len(here)]
    beats = (ranks.sum() - len(here) * (len(here) + 1) / 2) / (len(here) * len(rest))
    error = sqrt((len(here) + len(rest) + 1) / (12 * len(here) * len(rest)))
    if abs(beats - 0.5) < max(_LEAST_ORDER, _SURE * error):
        return []
    return [(abs(beats - 0.5), Difference(column, "", float(np.median(here)), float(np.median(rest)), beats > 0.5))]


def _compared(data: Dataset) -> list[str]:
    """The columns worth comparing: numbers, categories, and texts that take few values in the first rows."""
    chosen = []
    first = np.arange(min(data.n, _LOOKED_AT), dtype=np.int64)
    for key, info in data.columns.items():
        if info.origin == "topics" or key in data.text_view.columns or info.role in ("id", "text"):
            continue
        if info.type in ("number", "integer", "date", "boolean", "category"):
            chosen.append(key)
        elif info.type == "text" and 2 <= len(data.column(key, first).unique()) <= _MOST_VALUES:
            chosen.append(key)
    return chosen


def _term(one: dict[str, Json]) -> Term:
    inside, outside = (cast(float, one[side]) for side in ("inside", "outside"))
    return Term(str(one["term"]), inside, outside, inside - outside)
