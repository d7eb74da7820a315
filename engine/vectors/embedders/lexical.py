"""Texts as weighted words: hashed n-grams, TF-IDF, and the strongest directions among them. No model, no download."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, cast

import numpy as np

from engine.registry import MEGABYTE, About, Bounds, Cost, Help, Json, Load
from engine.vectors.embedders._protocols import Embedded, Tick

FEATURES = 1 << 20
KEPT = 1 << 15
EXTRA = 10
ROUNDS = 3

# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer; kana and Han. (Hangul is spaced.)
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Signs that belong to the letter before them and that \w leaves out: Latin, Cyrillic, Hebrew, Arabic, those of India.
_SIGNS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_TERM = re.compile(f"([{_DENSE}]+)|((?:(?![{_DENSE}])[\\w{_SIGNS}])+)")


def _cost(load: Load) -> Cost:
    """By rates of two cores of a server of 2024."""
    seconds = 12.0 * min(1.0, load.texts / 10_000) + load.texts / 11_000
    disk = load.texts * (cast(int, load.params.get("dimensions", 256)) * 2 + 28) + load.rows * 4
    return Cost(seconds, 900 * MEGABYTE + load.rows * 40, disk)


ABOUT = About(cost=_cost, portable="carries a fitted model")


def lexical(
    *,
    dimensions: Annotated[int, Bounds(2, 1024), Help("numbers a text: fewer are broader, more are finer")] = 256,
    sample: Annotated[int, Bounds(100, 200_000), Help("texts from which the weights are learnt")] = 10_000,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> "Lexical":
    """Compare texts by their words, {dimensions} numbers a text, without a model.

    Words and pairs of words (single characters and pairs where a script has no spaces) are hashed, weighed by TF-IDF,
    and brought to the strongest directions by a randomised SVD in float64 on one thread: the same on any number of
    threads. The last of the dimensions stands for texts in which no word is known.
    Source: Halko, Martinsson, Tropp 2011.
    """
    return Lexical(dimensions, sample, seed)


class Lexical:
    """The embedder before it has seen the corpus."""

    chunk = 8192

    def __init__(self, dimensions: int, sample: int, seed: int) -> None:
        self.dimensions, self.sample, self.seed = dimensions, sample, seed
        self.source: dict[str, Json] = {"dimensions": dimensions, "sample": sample, "seed": seed}

    def fit(self, texts: Sequence[str], tick: Tick) -> dict[str, np.ndarray]:
        """Learn weights and directions.

        Returns columns int64 (f,), the hashed terms that are kept; idf float64 (f,); directions float64 (f, k).
        """
        from threadpoolctl import threadpool_limits

        counts = count_terms(texts, tick)
        found = np.bincount(counts.indices, minlength=FEATURES)
        columns = np.flatnonzero(found >= (2 if len(texts) > 50 else 1))
        columns = np.sort(columns[np.lexsort((columns, -found[columns]))[:KEPT]])
        idf = np.log((1 + len(texts)) / (1 + found[columns])) + 1
        with threadpool_limits(1):
            directions = strongest(weighed(counts, columns, idf), self.dimensions - 1, self.seed)
        return {"columns": columns, "idf": idf, "directions": directions}

    def ready(self, arrays: Mapping[str, np.ndarray]) -> "LexicalModel":
        return LexicalModel(np.array(arrays["columns"]), np.array(arrays["idf"]), np.array(arrays["directions"]))


class LexicalModel:
    """The embedder with its weights."""

    facts: Mapping[str, Json] = {"precision": "float64"}
    limit = 0

    def __init__(self, columns: np.ndarray, idf: np.ndarray, directions: np.ndarray) -> None:
        self.columns, self.idf, self.directions = columns, idf, directions
        self.dimension = directions.shape[1] + 1
        self.notes: dict[str, Json] = {"runtime": "numpy and scipy, one thread", "terms": len(columns)}

    def embed(
        self, texts: Sequence[str], breaks: Sequence[int], share: float, tick: Tick, *, query: bool = False
    ) -> Embedded:
        """float64 (k, d). There is no limit of length, so nothing is cut and pairs need no share."""
        counts = count_terms(texts, tick)
        weights = weighed(counts, self.columns, self.idf)
        vectors = np.zeros((len(texts), self.dimension))
        vectors[:, :-1] = weights @ self.directions
        # Nothing known, or nothing left after projection: one common direction, so that such texts lie together.
        unknown = np.sqrt((vectors * vectors).sum(axis=1)) < 1e-9
        vectors[unknown] = 0
        vectors[unknown, -1] = 1
        length = np.asarray(counts.sum(axis=1)).ravel().astype(np.int32)
        return Embedded(vectors, length, np.full(len(texts), -1, np.int32))


def terms(text: str) -> list[str]:
    """Words and pairs of neighbouring words, folded; characters and pairs of them in scripts without spaces.

    >>> terms("Red apples")
    ['red', 'apples', 'red apples']
    >>> terms("東京都")
    ['東', '京', '都', '東京', '京都']
    """
    singles: list[str] = []
    pairs: list[str] = []
    before = ""
    for dense, word in _TERM.findall(unicodedata.normalize("NFKC", text).casefold()):
        if dense:
            singles += dense
            pairs += [dense[i : i + 2] for i in range(len(dense) - 1)]
            before = ""
        else:
            singles.append(word)
            if before:
                pairs.append(f"{before} {word}")
            before = word
    return singles + pairs


def count_terms(texts: Sequence[str], tick: Tick) -> "csr_matrix":  # type: ignore[name-defined]  # noqa: F821
    """Sparse float64 (k, 2^20): how often each hashed term stands in each text."""
    from scipy.sparse import csr_matrix, vstack
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        analyzer=terms, n_features=FEATURES, alternate_sign=False, norm=None, dtype=np.float64
    )  # murmur hash: the same in every process, unlike Python's
    parts = [csr_matrix((0, FEATURES))]
    for start in range(0, len(texts), 1024):
        parts.append(hashing.transform(texts[start : start + 1024]))
        tick(min(start + 1024, len(texts)))
    counts = vstack(parts, format="csr")
    counts.sort_indices()
    return counts


def weighed(counts: "csr_matrix", columns: np.ndarray, idf: np.ndarray) -> "csr_matrix":  # type: ignore[name-defined]  # noqa: F821
    """TF-IDF with damped counts over the kept terms, each text at unit length: sparse float64 (k, f)."""
    from scipy.sparse import diags

    kept = counts[:, columns].tocsr()
    kept.sort_indices()
    kept.data = 1 + np.log(kept.data)
    kept = (kept @ diags(idf)).tocsr()
    length = np.sqrt(np.asarray(kept.multiply(kept).sum(axis=1)).ravel())
    return (diags(1 / np.where(length > 0, length, 1)) @ kept).tocsr()


def strongest(weights: "csr_matrix", wanted: int, seed: int) -> np.ndarray:  # type: ignore[name-defined]  # noqa: F821
    """The right singular vectors of the largest singular values, float64 (f, k): randomised, seeded, of a defined sign.

    k is smaller than `wanted` where the texts span fewer directions.
    """
    texts, features = weights.shape
    size = min(wanted + EXTRA, texts, features)
    if size == 0:
        return np.zeros((features, 0))
    found = weights @ np.random.default_rng(seed).standard_normal((features, size))
    for _ in range(ROUNDS):
        found, _ = np.linalg.qr(found)
        back, _ = np.linalg.qr(weights.T @ found)
        found = weights @ back
    basis, _ = np.linalg.qr(found)
    _, value, right = np.linalg.svd((weights.T @ basis).T, full_matrices=False)
    right = right[: min(wanted, int((value > value[0] * 1e-9).sum()))]
    largest = np.abs(right).argmax(axis=1)
    return np.ascontiguousarray((right * np.sign(right[np.arange(len(right)), largest])[:, None]).T)
