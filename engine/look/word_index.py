"""An index of the words of every text, on disk, built once: finds words and phrases among millions of rows at once."""

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from engine.dataset import Dataset, edits_read, text_blocks
from engine.errors import Damaged
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Store, digest_of
from engine.text import Query, normalised

if TYPE_CHECKING:
    import tantivy

VERSION = 1
HEAP_BYTES = 128 << 20
FOLDER = "words"


def spec(data: Dataset) -> dict[str, Json]:
    """What the index stands on: these rows, seen through this text view and its edits, cut into words in this way."""
    edits = edits_read(data)
    return {
        "family": "search", "version": VERSION, "rows": data.fingerprint, "text_view": data.text_view.json(),
        **({"view_edits": edits} if edits else {}),
    }  # fmt: skip


def find(data: Dataset) -> Artefact | None:
    """The index of this dataset, None before it is built."""
    return data.store.find("search", digest_of(spec(data)))


def build(data: Dataset, progress: Progress = quiet) -> Artefact:
    """Build the index, or find the one that is there. Reads the texts as a stream; `progress` may stop it."""
    there = find(data)
    if there is not None:
        return there
    with data.store.drafting("search") as draft:
        _write(data, draft / FOLDER, progress)
        return data.store.publish("search", "search", spec(data), {}, {"tantivy": version("tantivy")}, draft=draft)


def _write(data: Dataset, folder: Path, progress: Progress) -> None:
    """Write the words of every row that has a text into a new index."""
    import tantivy

    folder.mkdir()
    # Words come cut and separated by spaces, so that the index and the filter `text` agree in every language.
    words = tantivy.SchemaBuilder().add_text_field(
        "text", stored=False, tokenizer_name="whitespace", index_option="position"
    )
    schema = words.add_unsigned_field("row", stored=False, indexed=False, fast=True).build()
    # One thread: the same index, and so the same order of equal scores, each time.
    writer = tantivy.Index(schema, path=str(folder)).writer(heap_size=HEAP_BYTES, num_threads=1)
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
    for lock in folder.glob(".tantivy-*.lock"):
        lock.unlink()
    progress("Indexing words", data.n, data.n)


def matches(data: Dataset, wanted: Query) -> tuple[np.ndarray, np.ndarray]:
    """The rows that have what is wanted, and how well (BM25): int64 and float32, best first, ties by row.

    Builds the index when there is none; one that cannot be opened is built again.
    """
    import tantivy

    artefact = build(data)
    try:
        index, searcher = _opened(str(data.store.folder), artefact.identity)
    except Damaged:
        data.store.remove("search", artefact.identity)
        index, searcher = _opened(str(data.store.folder), build(data).identity)
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


@lru_cache(maxsize=4)
def _opened(folder: str, identity: str) -> "tuple[tantivy.Index, tantivy.Searcher]":
    """The index, kept open; raises `Damaged` for one that tantivy does not read."""
    import tantivy

    artefact = cast(Artefact, Store(folder).find("search", identity))
    try:
        index = tantivy.Index.open(str(artefact.folder / FOLDER))
        return index, index.searcher()
    except (ValueError, OSError) as error:
        raise Damaged(f"The search index cannot be read ({error}). It is built again.") from error
