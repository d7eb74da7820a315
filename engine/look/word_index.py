"""An index of the words of every text, on disk, built once: finds words and phrases among millions of rows at once."""

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.dataset import Dataset, edits_read, text_blocks
from engine.progress import Progress, quiet
from engine.store import Artefact, Origin, Spec
from engine.text import Query, normalised

if TYPE_CHECKING:
    import tantivy

VERSION = 1
HEAP_BYTES = 128 << 20
FOLDER = "words"


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


def matches(data: Dataset, wanted: Query) -> tuple[np.ndarray, np.ndarray]:
    """The rows that have what is wanted, and how well (BM25): int64 and float32, best first, ties by row.

    In the stored index; where there is none, or it cannot be read, in one made in memory: searching writes nothing.
    """
    import tantivy

    index, searcher = _stored(data) or data._cache.get("words/index", lambda: _in_memory(data))
    schema = index.schema
    parts = [(tantivy.Occur.Must, _phrase(schema, phrase)) for phrase in wanted.every]
    parts += [(tantivy.Occur.MustNot, _phrase(schema, phrase)) for phrase in wanted.none]
    if not wanted.every:
        parts.append((tantivy.Occur.Must, tantivy.Query.all_query()))
    found = searcher.search(tantivy.Query.boolean_query(parts), limit=max(data.n, 1), count=False).hits
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    rows = np.array(searcher.fast_field_values("row", [address for _, address in found]), np.int64)
    score = np.array([s for s, _ in found], np.float32)
    order = np.lexsort((rows, -score))
    return rows[order], score[order]


def _phrase(schema: "tantivy.Schema", phrase: tuple[str, ...]) -> "tantivy.Query":
    import tantivy

    if len(phrase) == 1:
        return tantivy.Query.term_query(schema, "text", phrase[0], "freq")
    return tantivy.Query.phrase_query(schema, "text", list(phrase))


def _stored(data: Dataset) -> "tuple[tantivy.Index, tantivy.Searcher] | None":
    artefact = find(data)
    return _opened(artefact.folder) if artefact else None


def _in_memory(data: Dataset) -> "tuple[tantivy.Index, tantivy.Searcher]":
    index = _write(data, None, quiet)
    index.reload()
    return index, index.searcher()


@lru_cache(maxsize=4)
def _opened(folder: Path) -> "tuple[tantivy.Index, tantivy.Searcher]":
    """A stored index, kept open; raises `ValueError` or `OSError` for one that tantivy does not read."""
    import tantivy

    index = tantivy.Index.open(str(folder / FOLDER))
    return index, index.searcher()
