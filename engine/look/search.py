"""Search: words and phrases, regular expressions, meaning, more like these; a result is rows, and can become a step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow.compute as pc

from engine.dataset import Dataset, rows_where
from engine.errors import EngineError
from engine.look import word_index
from engine.recipe import Step, target_ref
from engine.registry import Json
from engine.store import digest_of
from engine.text import checked_pattern, holds, pattern_spans, query, spans
from engine.vectors import similarity_of_rows, target_between
from indexes import GRID

SCAN_ROWS = 200_000
"""Up to so many rows a search without a stored word index makes one in memory; past that it reads the texts."""


@dataclass(frozen=True)
class Hits:
    """What a search found. rows: int64, best first, ties by row number. score: float32, one a row.

    unit: what the score is; a scan gives every row the same. label: the search in words.
    highlights: a text -> where it matches, (start, end) in characters; nothing for a search by meaning.
    """

    rows: np.ndarray
    score: np.ndarray
    unit: Literal["BM25", "similarity", "match"]
    label: str
    highlights: Callable[[str], list[tuple[int, int]]]
    _step: Callable[[float], Step]

    def __len__(self) -> int:
        return len(self.rows)

    def count(self, least: float) -> int:
        """How many rows have at least this similarity; fast enough for a slider, however many rows there are."""
        return int(np.searchsorted(-self.score.astype(np.float64), -least, side="right"))

    def above(self, least: float) -> "Hits":
        """Only the rows with at least this similarity."""
        n = self.count(least)
        return Hits(self.rows[:n], self.score[:n], self.unit, self.label, self.highlights, self._step)

    def step(self, least: float = -1.0) -> Step:
        """The filter that keeps what was found (among all rows); `least` counts for a similarity."""
        return self._step(least)

    def spans(self, data: Dataset, row: int) -> list[tuple[int, int]]:
        """Where a row's text matches: (start, end) in characters."""
        return self.highlights(data.texts(np.array([row], np.int64))[0])


def words(data: Dataset, text: str, rows: np.ndarray | None = None) -> Hits:
    """Rows with all of the words and "phrases in quotes", and none of the -words; best first.

    Any language: in scripts without spaces each sign is a word, and what is typed together is a phrase. rows: search
    among these only. Raises `EngineError` when there is no word to look for.
    """
    wanted = query(text)
    if word_index.find(data) or data.n <= SCAN_ROWS:
        found, score = word_index.matches(data, wanted)
        unit: Literal["BM25", "match"] = "BM25"
    else:
        found = np.flatnonzero(rows_where(data, None, data.rows(), lambda block: holds(wanted, block)))
        score, unit = np.ones(len(found), np.float32), "match"
    found, score = _among(found, score, rows)
    return Hits(
        found,
        score,
        unit,
        f"“{text}”",
        lambda t: spans(wanted, t),
        lambda least: Step("text", {"find": text}).checked(),
    )


def regex(data: Dataset, pattern: str, rows: np.ndarray | None = None, *, match_case: bool = True) -> Hits:
    """Rows whose text a regular expression (RE2) matches, in their order. Raises `EngineError` for a broken one."""
    checked = checked_pattern(pattern, match_case)
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
    )


def meaning(data: Dataset, text: str, embedding: str, rows: np.ndarray | None = None) -> Hits:
    """Rows by how near their meaning is to a typed text, by the model of the embedding itself; best first.

    Raises `EngineError` for an empty text, and for vectors whose model is not here.
    """
    from engine.vectors import embed_texts

    vector = embed_texts(data, embedding, [text])[0]
    return _similar(data, embedding, vector, rows, f"“{text}”", text, (), ())


def like(
    data: Dataset,
    more: Sequence[int] | np.ndarray,
    less: Sequence[int] | np.ndarray,
    embedding: str,
    rows: np.ndarray | None = None,
) -> Hits:
    """Rows more like some rows and less like others: near the mean of the first minus that of the second; best first.

    more, less: row numbers; one of the two may be empty. Raises `EngineError` for rows without text, and when both are
    the same.
    """
    of_row = data.embedding(embedding).texts.of_row
    for row in (*more, *less):
        if of_row[row] < 0:
            raise EngineError(f"Row {row:,} has no text, so nothing can be like it. Choose another example.")
    liked, unliked = np.asarray(more, np.int64), np.asarray(less, np.int64)
    vector = target_between(data.embedding(embedding), of_row[liked], of_row[unliked])
    label = f"like {_some(liked)}" + (f" and not like {_some(unliked)}" if len(unliked) else "")
    if not len(liked):
        label = f"unlike {_some(unliked)}"
    return _similar(data, embedding, vector, rows, label, "", data.keys(liked), data.keys(unliked))


def similarity_to(data: Dataset, hits: Hits, rows: np.ndarray) -> np.ndarray:
    """The score of some rows, in their order: float32, NaN for those that were not found; for colouring a map."""
    scores = np.full(data.n, np.nan, np.float32)
    scores[hits.rows] = hits.score
    return scores[rows]


def _similar(
    data: Dataset,
    embedding: str,
    vector: np.ndarray,
    rows: np.ndarray | None,
    label: str,
    text: str,
    more: Sequence[str],
    less: Sequence[str],
) -> Hits:
    vectors = data.embedding(embedding)
    values = similarity_of_rows(data, vectors, vector, digest_of(vector.astype(int).tolist()))
    order = data._cache.get(
        f"similarity order/{vectors.identity}/{digest_of(vector.astype(int).tolist())}", lambda: _ranked(values)
    )
    found, score = _among(order, values[order], rows)

    def step(least: float) -> Step:
        ref = target_ref(data, embedding, vector, text=text, more=more, less=less)
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


def _some(rows: np.ndarray) -> str:
    return f"row {rows[0]:,}" if len(rows) == 1 else f"{len(rows):,} rows"
