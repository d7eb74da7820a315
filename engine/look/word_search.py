"""Rows that have words: in their texts and in what they are called, all of the words or, where no row has all, any."""

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset, name_columns, rows_where, texts
from engine.look import word_index
from engine.recipe import Step
from engine.text import Query, holds, normalised, query, signed, typed, unsigned

_RARE, _OFTEN = 10, 50
"""A word in at most so many rows may be a slip, where another one nearly like it is in so many times more."""


@dataclass(frozen=True)
class Words:
    """Rows that have words. rows: int64, best first, ties by row; score: float32.

    any: whether they have any of the words, as no row has all. named: whether names of rows had a part in it. ranked:
    whether by an index, which knows how often each word is. meant: what was typed, with words of the corpus in the
    place of slips; "" where nothing seems to be one.
    """

    rows: np.ndarray
    score: np.ndarray
    any: bool = False
    named: bool = False
    ranked: bool = True
    meant: str = ""


@dataclass(frozen=True)
class _Names:
    """Rows whose name has a phrase, int64 ascending, and how much of the name it is, 0 to 1."""

    rows: np.ndarray
    share: np.ndarray


def find(data: Dataset, text: str, rows: np.ndarray | None = None) -> Words:
    """Rows that have every phrase, in text or name; where none has all, rows that have any; best first.

    A phrase in a name counts for more than all that texts have of it. text: as it was typed. rows: among these only.
    """
    wanted, index = query(text), word_index.held(data)
    names = [_named(data, phrase) for phrase in wanted.every]
    unwanted = [_named(data, phrase).rows for phrase in wanted.none]
    barred = np.unique(np.concatenate([np.empty(0, np.int64), *unwanted]))
    found = _among(_every(data, index, wanted, names, barred), rows)
    if not len(found.rows) and len(wanted.every) > 1:
        found = _among(_any(data, index, wanted, names, barred), rows)
    said = _meant(data, index, wanted, names, text) if index else ""
    return replace(found, ranked=index is not None, meant=said)


def step(wanted: Query, text: str, found: Words, columns: list[str]) -> Step:
    """The filter that keeps what was found. text: as it was typed; columns: those that name rows."""
    if not found.any and not found.named:
        return Step("text", {"find": text}).checked()
    where = columns if found.named else []
    has = [_has(phrase, where) for phrase in wanted.every]
    every = [Step("any of", steps=tuple(has))] if found.any and len(has) > 1 else has
    none = [Step("not", steps=(_has(phrase, where),)) for phrase in wanted.none]
    parts = (*every, *none)
    return (parts[0] if len(parts) == 1 else Step("all of", steps=parts)).checked()


def _meant(data: Dataset, index: "word_index.Index", wanted: Query, names: list[_Names], text: str) -> str:
    result = text
    for phrase, name in zip(wanted.every, names, strict=True):
        (word, *more) = phrase
        if more or signed(phrase) or len(word) < 3:
            continue
        often = word_index.count(index, word)
        if often > _RARE or len(name.rows) > often:
            continue
        near, times = word_index.near(data, index, word)
        if near and times > _OFTEN * often:
            result = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", near, result, flags=re.IGNORECASE)
    return "" if result == text else result


def _has(phrase: tuple[str, ...], columns: list[str]) -> Step:
    filters = [Step("text", {"find": typed(phrase)})]
    filters += [Step("text", {"find": typed(phrase), "column": column}) for column in columns]
    return filters[0] if len(filters) == 1 else Step("any of", steps=tuple(filters))


def _every(
    data: Dataset, index: "word_index.Index | None", wanted: Query, names: list[_Names], barred: np.ndarray
) -> Words:
    rows, score = _in_texts(data, index, wanted)
    named = bool(len(barred)) or any(len(name.rows) for name in names)
    if not named:
        return Words(rows, score)
    more = np.unique(np.concatenate([np.empty(0, np.int64), *(name.rows for name in names)]))
    more = more[~np.isin(more, rows)]
    for phrase, name in zip(wanted.every, names, strict=True):
        by_text = ~np.isin(more, name.rows)
        ask = more[by_text]
        by_text[by_text] = ~_has_in_text(data, Query((phrase,), ()), ask)
        more = more[~by_text]
    if wanted.none:
        more = more[_has_in_text(data, Query((), wanted.none), more)]
    rows, score = np.concatenate([rows, more]), np.concatenate([score, np.zeros(len(more), np.float32)])
    most = float(score.max(initial=0)) + 1
    for name in names:
        place, there = _places(rows, name.rows)
        score[place] += (most * (1 + name.share[there])).astype(np.float32)
    return _ordered(rows, score, barred, named=True)


def _any(
    data: Dataset, index: "word_index.Index | None", wanted: Query, names: list[_Names], barred: np.ndarray
) -> Words:
    total, there = np.zeros(data.n, np.float32), np.zeros(data.n, bool)
    for phrase, name in zip(wanted.every, names, strict=True):
        rows, score = _in_texts(data, index, Query((phrase,), wanted.none))
        if index is None:
            score = np.full(len(rows), np.log1p(data.n / max(len(rows), 1)), np.float32)
        mine = name.rows if not wanted.none else name.rows[_has_in_text(data, Query((), wanted.none), name.rows)]
        total[rows] += score
        weight = float(score.max(initial=0)) or float(np.log1p(data.n / max(len(mine), 1)))
        total[mine] += (weight * (1 + name.share[np.isin(name.rows, mine)])).astype(np.float32)
        there[rows] = there[mine] = True
    found = np.flatnonzero(there)
    named = bool(len(barred)) or any(len(name.rows) for name in names)
    return replace(_ordered(found, total[found], barred, named=named), any=True)


def _in_texts(data: Dataset, index: "word_index.Index | None", wanted: Query) -> tuple[np.ndarray, np.ndarray]:
    if index:
        return word_index.matches(data, index, wanted)
    found = np.flatnonzero(_has_in_text(data, wanted, data.rows()))
    return found, np.ones(len(found), np.float32)


def _has_in_text(data: Dataset, wanted: Query, rows: np.ndarray) -> np.ndarray:
    return rows_where(data, None, rows, lambda block: holds(wanted, block))


def _named(data: Dataset, phrase: tuple[str, ...]) -> _Names:
    share = np.zeros(data.n, np.float32)
    for column in name_columns(data):
        names: pa.Array = data._cache.get(f"words/{column}", lambda: normalised(texts(data, column, data.rows())))  # noqa: B023
        found = pc.match_substring(names, f" {' '.join(unsigned(phrase))} ")
        rows = np.flatnonzero(pc.fill_null(found, False).to_numpy(zero_copy_only=False))
        if signed(phrase):
            wanted = Query((phrase,), ())
            rows = rows[rows_where(data, column, rows, lambda block: holds(wanted, block))]  # noqa: B023
        words = pc.count_substring(names.take(pa.array(rows)), " ").to_numpy(zero_copy_only=False) - 1
        share[rows] = np.maximum(share[rows], len(phrase) / np.maximum(words.astype(np.float32), 1))
    rows = np.flatnonzero(share)
    return _Names(rows, np.minimum(share[rows], 1))


def _ordered(rows: np.ndarray, score: np.ndarray, barred: np.ndarray, *, named: bool) -> Words:
    if len(barred):
        free = ~np.isin(rows, barred)
        rows, score = rows[free], score[free]
    order = np.lexsort((rows, -score))
    return Words(rows[order], score[order], named=named)


def _among(found: Words, rows: np.ndarray | None) -> Words:
    if rows is None:
        return found
    mine = np.isin(found.rows, rows)
    return replace(found, rows=found.rows[mine], score=found.score[mine])


def _places(rows: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where rows that are wanted (ascending) stand, and which of the wanted each is."""
    place = np.flatnonzero(np.isin(rows, wanted))
    return place, np.searchsorted(wanted, rows[place])
