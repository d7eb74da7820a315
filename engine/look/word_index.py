"""An index of the words of every text, on disk, built once: finds words and phrases among millions of rows at once."""

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.dataset import Dataset, edits_read, rows_where, text_blocks, texts
from engine.progress import Progress, quiet
from engine.store import Artefact, Origin, Spec
from engine.text import Query, holds, normalised, signed, unsigned

if TYPE_CHECKING:
    import tantivy

    Index = tuple[tantivy.Index, tantivy.Searcher]

VERSION = 1
HEAP_BYTES = 128 << 20
FOLDER = "words"
SCAN_ROWS = 200_000
"""Up to so many rows a search without a stored index makes one in memory; past that it reads the texts."""
LONG = 6
"""A word of so many signs may hold two slips."""
LOOKED_AT = 100
"""Rows with a word near to the one typed that are read for such words."""


def origin(data: Dataset) -> Origin:
    """What the index stands on: these rows, seen through this text view and its edits, cut into words in this way."""
    spec = Spec("search", version=VERSION)
    return Origin(spec, data.fingerprint, data.text_view.json(), columns=edits_read(data))


def find(data: Dataset) -> Artefact | None:
    """The index of this dataset; None before it is built, and for one that cannot be read."""
    made = data.store.made(origin(data))
    try:
        return made if made and _opened(made.folder) else None
    except (ValueError, OSError):
        return None


def build(data: Dataset, progress: Progress = quiet) -> Artefact:
    """Build the index, or find the one that is there; a damaged one is replaced. `progress` may stop it."""
    if there := find(data):
        return there
    data.store.remove("search", origin(data).identity)
    with data.store.drafting("search") as draft:
        _write(data, draft / FOLDER, progress)
        return data.store.publish("search", origin(data), {}, {"tantivy": version("tantivy")}, draft=draft)


def _write(data: Dataset, folder: Path | None, progress: Progress) -> "tantivy.Index":
    """The words of every row that has a text in a new index; in memory where there is no folder."""
    import tantivy

    if folder:
        folder.mkdir()
    # Words come cut and separated by spaces, so that the index and the filter `text` agree in every language.
    words = tantivy.SchemaBuilder().add_text_field(
        "text", stored=False, tokenizer_name="whitespace", index_option="position"
    )
    schema = words.add_unsigned_field("row", stored=False, indexed=False, fast=True).build()
    # One thread: the same index, and so the same order of equal scores, each time.
    index = tantivy.Index(schema, path=str(folder) if folder else None)
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
    for start, block in text_blocks(data, None, data.rows()):
        progress("Indexing words", start, data.n)
        for i, text in enumerate(normalised(block).to_pylist()):
            if text is None:
                continue
            document = tantivy.Document()
            document.add_text("text", text)
            document.add_unsigned("row", start + i)
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    for lock in folder.glob(".tantivy-*.lock") if folder else ():
        lock.unlink()
    progress("Indexing words", data.n, data.n)
    return index


def held(data: Dataset) -> "Index | None":
    """The index to ask: the stored one; where there is none, or it cannot be read, one made in memory.

    None where that would take too long, so that the texts are read instead. Searching writes nothing.
    """
    if there := _stored(data):
        return there
    return data._cache.get("words/index", lambda: _in_memory(data)) if data.n <= SCAN_ROWS else None


def matches(data: Dataset, index: "Index", wanted: Query) -> tuple[np.ndarray, np.ndarray]:
    """The rows that have what is wanted, and how well (BM25): int64 and float32, best first, ties by row.

    The index knows no signs: for words that have some (c++) the texts that it finds without them are read.
    """
    import tantivy

    schema, searcher = index[0].schema, index[1]
    parts = [(tantivy.Occur.Must, _phrase(schema, unsigned(phrase))) for phrase in wanted.every]
    parts += [(tantivy.Occur.MustNot, _phrase(schema, phrase)) for phrase in wanted.none if not signed(phrase)]
    if not wanted.every:
        parts.append((tantivy.Occur.Must, tantivy.Query.all_query()))
    found = searcher.search(tantivy.Query.boolean_query(parts), limit=max(data.n, 1), count=False).hits
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    rows = np.array(searcher.fast_field_values("row", [address for _, address in found]), np.int64)
    score = np.array([s for s, _ in found], np.float32)
    strict = Query(*(tuple(p for p in phrases if signed(p)) for phrases in (wanted.every, wanted.none)))
    if strict.every or strict.none:
        have = np.zeros(data.n, bool)
        there = np.sort(rows)
        have[there] = rows_where(data, None, there, lambda block: holds(strict, block))
        rows, score = rows[have[rows]], score[have[rows]]
    order = np.lexsort((rows, -score))
    return rows[order], score[order]


def count(index: "Index", word: str) -> int:
    """How many rows have a word."""
    return int(index[1].doc_freq("text", word))


def near(data: Dataset, index: "Index", word: str) -> tuple[str, int]:
    """The word of the corpus that was meant by one that may be a slip, and in how many rows it is; "" for none.

    One slip away (a sign more, less, other, or two changed places), in a longer word two; the same first sign before
    others, then the most frequent. The index walks its sorted words with an automaton: it compares no word with all.
    """
    import tantivy

    searcher = index[1]
    for slips in (1, 2) if len(word) >= LONG else (1,):
        asked = tantivy.Query.fuzzy_term_query(index[0].schema, "text", word, slips)
        found = searcher.search(asked, limit=LOOKED_AT, count=False).hits
        if not found:
            continue
        rows = np.unique(np.array(searcher.fast_field_values("row", [address for _, address in found]), np.int64))
        said = {w for t in normalised(texts(data, None, rows)).to_pylist() for w in (t or "").split()}
        close = [w for w in said if w != word and abs(len(w) - len(word)) <= slips and slips_between(w, word) <= slips]
        times = {w: count(index, w) for w in close}
        if close:
            best = max(close, key=lambda w: (w[0] == word[0], times[w], w))
            return best, times[best]
    return "", 0


def slips_between(a: str, b: str) -> int:
    """How many signs are more, less or other, or changed places with the next: 0 for the same.

    >>> slips_between("vcl", "vlc"), slips_between("debain", "debian"), slips_between("pythn", "python")
    (1, 1, 1)
    """
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        line = [i]
        for j, y in enumerate(b, 1):
            least = min(last[j] + 1, line[j - 1] + 1, last[j - 1] + (x != y))
            if before and i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                least = min(least, before[j - 2] + 1)
            line.append(least)
        before, last = last, line
    return last[-1]


def _phrase(schema: "tantivy.Schema", phrase: tuple[str, ...]) -> "tantivy.Query":
    import tantivy

    if len(phrase) == 1:
        return tantivy.Query.term_query(schema, "text", phrase[0], "freq")
    return tantivy.Query.phrase_query(schema, "text", list(phrase))


def _stored(data: Dataset) -> "Index | None":
    artefact = find(data)
    return _opened(artefact.folder) if artefact else None


def _in_memory(data: Dataset) -> "Index":
    index = _write(data, None, quiet)
    index.reload()
    return index, index.searcher()


@lru_cache(maxsize=4)
def _opened(folder: Path) -> "Index":
    """A stored index, kept open; raises `ValueError` or `OSError` for one that tantivy does not read."""
    import tantivy

    index = tantivy.Index.open(str(folder / FOLDER))
    return index, index.searcher()
