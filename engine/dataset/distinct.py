"""Distinct texts: identical rows share a node, with the row → node map and how many rows each stands for."""

import hashlib
from collections.abc import Iterator

import numpy as np

from engine.dataset.dataset import Dataset
from engine.dataset.typed_artefacts import DistinctTexts
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Origin, Spec
from engine.text import TextView, render, split

VERSION = 1
BATCH = 8192


def text_batches(data: Dataset, size: int = BATCH) -> Iterator[tuple[int, list[str]]]:
    """The text view of all rows in order, as (first row, texts): streamed, so memory does not grow with the corpus."""
    columns = {key: data.cells(key) for key in data.text_view.columns}
    for start in range(0, data.n, size):
        count = min(size, data.n - start)
        yield start, render(data.text_view, {k: c.slice(start, count) for k, c in columns.items()}, count)


def hashes_of(texts: list[str]) -> np.ndarray:
    """uint64 (k, 2): 128 bits of BLAKE2 of each text; (0, 0) for one that is empty or only white space."""
    joined = b"".join(
        hashlib.blake2b(t.encode("utf-8", "surrogatepass"), digest_size=16).digest() if t and not t.isspace() else _NONE
        for t in texts
    )
    return np.frombuffer(joined, "<u8").reshape(-1, 2)


_NONE = bytes(16)


def distinct(hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number equal hashes, in order of first appearance.

    hashes: uint64 (n, 2), (0, 0) for a row without a node.
    Returns of_row int32 (n,), -1 without a node; first int64 (m,); count int32 (m,).
    """
    rows = np.flatnonzero(hashes[:, 0] | hashes[:, 1])
    low, high = hashes[rows, 0], hashes[rows, 1]
    order = np.argsort(low)  # one half tells nearly always, in a quarter of the time
    opens = _changes(low[order])
    if (_changes(high[order]) > opens).any():
        order = np.lexsort((high, low))
        opens = _changes(low[order]) | _changes(high[order])
    group = np.cumsum(opens) - 1
    first = np.minimum.reduceat(rows[order], np.flatnonzero(opens)) if len(order) else rows
    by_first = np.argsort(first)
    number = np.empty(len(first), np.int32)
    number[by_first] = np.arange(len(first), dtype=np.int32)
    of_row = np.full(len(hashes), -1, np.int32)
    of_row[rows[order]] = number[group]
    count = np.bincount(number[group], minlength=len(first)).astype(np.int32)
    return of_row, first[by_first].astype(np.int64), count


def _changes(values: np.ndarray) -> np.ndarray:
    """bool: whether a value differs from the one before; the first does."""
    return np.r_[np.ones(min(len(values), 1), bool), values[1:] != values[:-1]]


def texts_origin(data: Dataset) -> Origin:
    """What the distinct texts depend on: the rows, the text view, and the edits that it reads."""
    return Origin(Spec("texts", version=VERSION), data.fingerprint, data.text_view.json(), columns=edits_read(data))


def edits_read(data: Dataset) -> dict[str, str]:
    """The edits that the text view reads, by key, with the identity that each has now."""
    return {k: data.info(k).identity for k in data.text_view.columns if data.info(k).identity}


def distinct_texts(data: Dataset, progress: Progress = quiet) -> DistinctTexts:
    """Find the rows that have the same text: as stored, else in memory; looking writes nothing."""
    origin = texts_origin(data)
    stored = data.store.made(origin)
    if stored:
        return DistinctTexts(stored.identity, *(stored.array(name) for name in ("of_row", "first", "count")))
    numbers = data._cache.get(f"texts/{origin.identity}/numbers", lambda: distinct(_hashes(data, progress)))
    return DistinctTexts(origin.identity, *numbers)


def distinct_count(data: Dataset) -> int:
    """How many distinct texts there are; the number of rows while nobody has looked."""
    stored = data.store.made(texts_origin(data))
    return len(stored.array("first")) if stored else data.n


def store_texts(data: Dataset, progress: Progress = quiet) -> Artefact:
    """Find the rows that have the same text, and keep them on disk, once for a text view.

    The artefact holds of_row int32 (n,), first int64 (m,), count int32 (m,), hash uint64 (m, 2).
    """
    origin = texts_origin(data)
    return data.store.made(origin) or store_distinct(data, "texts", origin, _hashes(data, progress))


def _hashes(data: Dataset, progress: Progress) -> np.ndarray:
    hashes = np.zeros((data.n, 2), np.uint64)
    progress("reading texts", 0, data.n)
    for start, texts in text_batches(data):
        hashes[start : start + len(texts)] = hashes_of(texts)
        progress("reading texts", start + len(texts), data.n)
    return hashes


def store_distinct(data: Dataset, key: str, origin: Origin, hashes: np.ndarray) -> Artefact:
    """Number the hashes and keep them as a `texts` artefact."""
    of_row, first, count = distinct(hashes)
    notes: dict[str, Json] = {
        "texts": len(first),
        "rows_without": int((of_row < 0).sum()),
        "repeats": int(count.sum() - len(first)),
    }
    arrays = {"of_row": of_row, "first": first, "count": count, "hash": hashes[first].reshape(-1, 2)}
    return data.store.publish(key, origin, arrays, notes)


def texts_with_breaks(data: Dataset, rows: np.ndarray) -> tuple[list[str], list[int]]:
    """The text view of some rows, and for a pair the character at which its answer begins, else -1."""
    if not share_of(data.text_view):
        return data.texts(rows), [-1] * len(rows)
    columns = {key: data.cells(key, rows) for key in data.text_view.columns}
    prompts, answers = split(data.text_view, columns, len(rows))
    whole = render(data.text_view, columns, len(rows))
    breaks = [len(t) - len(a) if p and a else -1 for t, p, a in zip(whole, prompts, answers, strict=True)]
    return whole, breaks


def share_of(view: TextView) -> dict[str, Json]:
    """The prompt's share of the tokens, where the text is a prompt with its answer; else nothing."""
    return {"share": view.share} if view.kind == "pair" and view.part == "both" else {}
