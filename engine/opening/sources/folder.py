"""Text files: each one is a row."""

import codecs
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._input import SAMPLE_BYTES, Input, Report, blocks, detect
from engine.registry import About, Help

_BATCH_BYTES = 8 << 20
_BATCH_ROWS = 5_000


ABOUT = About(title="Folder of texts", suffixes=(".txt", ".md", ".rst", ".text", ".html", ".htm"))


def folder(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as cp1252; found for each file when not given")] = None,
) -> Iterator[pa.RecordBatch]:
    """Read text files, each as one row with `file` and `text` (encoding: {encoding}).

    A file that is not text, or cannot be read, is rejected.
    """
    root = source.path if source.path.is_dir() else source.path.parent
    names: list[str] = []
    texts: list[str] = []
    size = 0
    encodings: dict[str, int] = {}
    for path in source.files:
        name = Path(os.path.relpath(path, root)).as_posix()
        try:
            text, found = text_of(path, report, encoding)
        except EngineError as error:
            report.reject(0, name.encode("utf-8", "replace"), str(error))
            continue
        encodings[found] = encodings.get(found, 0) + 1
        names.append(name.encode("utf-8", "replace").decode())
        texts.append(text)
        size += len(text)
        if size >= _BATCH_BYTES or len(texts) >= _BATCH_ROWS:
            yield _batch(names, texts)
            names, texts, size = [], [], 0
    report.facts["encoding"] = ", ".join(
        f"{k} ({v:,} files)" if len(encodings) > 1 else k for k, v in encodings.items()
    )
    if texts:
        yield _batch(names, texts)


def text_of(path: Path, report: Report, encoding: str | None) -> tuple[str, str]:
    """The text of a file and its encoding; bytes that do not fit become U+FFFD."""
    mine = Report(report.reject, read=report.read)
    content = b"".join(blocks(path, mine))
    if mine.trouble:
        report.reject(0, content, f"{path.name}: {mine.trouble}; the text up to there is kept")
    found = encoding or detect(content[:SAMPLE_BYTES], path.name)
    try:
        return codecs.decode(content, found, "replace"), found
    except LookupError:
        raise EngineError(f"There is no encoding {found!r}. Write for example utf-8, cp1252 or utf-16.") from None


def _batch(names: list[str], texts: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"file": pa.array(names, pa.large_string()), "text": pa.array(texts, pa.large_string())}
    )
