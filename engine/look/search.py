"""Search: words and phrases, regular expressions, meaning, more like these; a result is rows, and can become a step."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow.compute as pc

from engine.dataset import Dataset, called, name_columns, row_words, rows_where
from engine.errors import EngineError
from engine.look import word_search
from engine.recipe import Step, target_ref
from engine.registry import Json
from engine.store import digest_of
from engine.text import checked_pattern, pattern_spans, query, spans
from engine.vectors import similarity_apart, similarity_of_rows, target_between
from indexes import GRID


@dataclass(frozen=True)
class Hits:
    """What a search found. rows: int64, best first, ties by row number. score: float32, one a row.

    unit: what the score is; a scan gives every row the same. label: the search in words.
    highlights: a text -> where it matches, (start, end) in characters; nothing for a search by meaning.
    said: how it came about, where it is not what was asked. instead: what may have been meant, to be searched instead.
    seconds: how long it took.
    """

    rows: np.ndarray
    score: np.ndarray
    unit: Literal["BM25", "similarity", "match"]
    label: str
    highlights: Callable[[str], list[tuple[int, int]]]
    _step: Callable[[float], Step]
    said: str = ""
    instead: str = ""
    seconds: float = 0.0

    def __len__(self) -> int:
        return len(self.rows)

    def count(self, least: float) -> int:
        """How many rows have at least this similarity; fast enough for a slider, however many rows there are."""
        return int(np.searchsorted(-self.score.astype(np.float64), -least, side="right"))

    def above(self, least: float) -> "Hits":
        """Only the rows with at least this similarity."""
        n = self.count(least)
        return replace(self, rows=self.rows[:n], score=self.score[:n], _step=lambda more: self._step(max(least, more)))

    def step(self, least: float = -1.0) -> Step:
        """The filter that keeps what was found (among all rows); `least` counts for a similarity."""
        return self._step(least)

    def spans(self, data: Dataset, row: int) -> list[tuple[int, int]]:
        """Where a row's text matches: (start, end) in characters."""
        return self.highlights(data.texts(np.array([row], np.int64))[0])


def words(data: Dataset, text: str, rows: np.ndarray | None = None) -> Hits:
    """Rows with all of the words and "phrases in quotes", and none of the -words, in text or name; best first.

    Where no row has all of them, rows with any of them. The name and the id of a row are searched too, and a word there
    counts for more.

    Any language: in scripts without spaces each sign is a word, and what is typed together is a phrase. rows: search
    among these only. Raises `EngineError` when there is no word to look for.
    """
    start, wanted = time.perf_counter(), query(text)
    found = word_search.find(data, text, rows)
    quoted = [f"“{' '.join(phrase)}”" for phrase in wanted.every]
    said = f"No row has all of {listed_words(quoted)}; these have any of them, best first."
    return Hits(
        found.rows,
        found.score,
        "BM25" if found.ranked else "match",
        f"“{text}”",
        lambda t: spans(wanted, t),
        lambda least: word_search.step(wanted, text, found, name_columns(data)),
        said=said if found.any and len(found.rows) else "",
        instead=found.meant,
        seconds=time.perf_counter() - start,
    )


def regex(data: Dataset, pattern: str, rows: np.ndarray | None = None, *, match_case: bool = True) -> Hits:
    """Rows whose text a regular expression (RE2) matches, in their order. Raises `EngineError` for a broken one."""
    start, checked = time.perf_counter(), checked_pattern(pattern, match_case)
    among = data.rows() if rows is None else np.sort(rows)
    found = among[rows_where(data, None, among, lambda block: pc.match_substring_regex(block, checked))]
    params: dict[str, Json] = {"pattern": pattern, "match_case": match_case}
    return Hits(
        found,
        np.ones(len(found), np.float32),
        "match",
        f"/{pattern}/",
        lambda t: pattern_spans(checked, t),
        lambda least: Step("regex", params).checked(),
        seconds=time.perf_counter() - start,
    )


def meaning(data: Dataset, text: str, embedding: str, rows: np.ndarray | None = None) -> Hits:
    """Rows by how near their meaning is to a typed text, by the model of the embedding itself; best first.

    Raises `EngineError` for an empty text, and for vectors whose model is not here.
    """
    from engine.vectors import embed_texts

    start = time.perf_counter()
    vector = embed_texts(data, embedding, [text])[0]
    found = _similar(data, embedding, vector, None, rows, f"“{text}”", text, (), ())
    return replace(found, seconds=time.perf_counter() - start)


def like(
    data: Dataset,
    more: Sequence[int] | np.ndarray,
    less: Sequence[int] | np.ndarray,
    embedding: str,
    rows: np.ndarray | None = None,
) -> Hits:
    """Rows more like some rows and less like others; best first.

    By their similarity with the mean of the first, less twice what the mean of the second is nearer: so rows that are
    alike can be told apart too. more, less: row numbers; one of the two may be empty, and then rows come nearest or
    farthest first. Raises `EngineError` for rows without text, and when both are
    the same.
    """
    start, of_row = time.perf_counter(), data.embedding(embedding).texts.of_row
    for row in (*more, *less):
        if of_row[row] < 0:
            raise EngineError(
                f"{called(data, [row])[0]} has no text, so nothing can be like it. Choose another example."
            )
    liked, unliked = np.asarray(more, np.int64), np.asarray(less, np.int64)
    vectors, both = data.embedding(embedding), len(liked) and len(unliked)
    if both and sorted(liked.tolist()) == sorted(unliked.tolist()):
        raise EngineError("What is to be more and what is to be less cancel each other. Take one example away.")
    vector = target_between(vectors, of_row[liked], () if both else of_row[unliked])
    away = target_between(vectors, of_row[unliked]) if both else None
    label = f"like {_some(data, liked)}" + (f" and not like {_some(data, unliked)}" if len(unliked) else "")
    if not len(liked):
        label = f"unlike {_some(data, unliked)}"
    found = _similar(data, embedding, vector, away, rows, label, "", data.keys(liked), data.keys(unliked))
    return replace(found, seconds=time.perf_counter() - start)


def similarity_to(data: Dataset, hits: Hits, rows: np.ndarray) -> np.ndarray:
    """The score of some rows, in their order: float32, NaN for those that were not found; for colouring a map."""
    scores = np.full(data.n, np.nan, np.float32)
    scores[hits.rows] = hits.score
    return scores[rows]


def _similar(
    data: Dataset,
    embedding: str,
    vector: np.ndarray,
    away: np.ndarray | None,
    rows: np.ndarray | None,
    label: str,
    text: str,
    more: Sequence[str],
    less: Sequence[str],
) -> Hits:
    vectors = data.embedding(embedding)
    name = digest_of([v.astype(int).tolist() for v in (vector, *(() if away is None else (away,)))])
    values = (
        similarity_of_rows(data, vectors, vector, digest_of(vector.astype(int).tolist()))
        if away is None
        else similarity_apart(data, vectors, vector, away)
    )
    order = data.remembered(f"similarity order/{vectors.identity}/{name}", lambda: _ranked(values))
    found, score = _among(order, values[order], rows)

    def step(least: float) -> Step:
        ref = target_ref(data, embedding, vector, text=text, more=more, less=less, unlike=away)
        return Step(
            "similar_to", {"embedding": embedding, "target": ref, "least": float(least), "label": label}
        ).checked()

    return Hits(found, score, "similarity", label, lambda t: [], step)


def _ranked(values: np.ndarray) -> np.ndarray:
    """The rows with a similarity, best first, ties by row: int64."""
    there = np.flatnonzero(~np.isnan(values))
    # Similarities are multiples of 2⁻²²: as whole numbers they sort faster, and just as exactly.
    return there[np.argsort(-(values[there] * (GRID * GRID)).astype(np.int32), kind="stable")]


def _among(found: np.ndarray, score: np.ndarray, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if rows is None:
        return found, score
    mine = np.isin(found, rows)
    return found[mine], score[mine]


def _some(data: Dataset, rows: np.ndarray) -> str:
    return row_words(data, int(rows[0])) if len(rows) == 1 else f"{len(rows):,} rows"


def listed_words(words: Sequence[str]) -> str:
    """Words in a sentence.

    >>> listed_words(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
