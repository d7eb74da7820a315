"""Another set to compare with: its texts, from any file that could be opened, without keeping it as a dataset."""

import codecs
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.dataset import TextSet
from engine.errors import EngineError
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.sources._encoding import detect, text_encoding
from engine.opening.sources._input import SAMPLE_BYTES
from engine.progress import Progress, quiet


def read_texts(
    source: str | Path,
    column: str = "",
    *,
    allowed: Sequence[Path] | None = None,
    progress: Progress = quiet,
) -> TextSet:
    """The texts of a file, a folder or a pattern, in the order of its rows.

    column: which of its columns, or a template such as `{question} {answer}`; left out: what fits best as the text.
    allowed: the folders in which every file that is read has to lie; None: anywhere. Raises `EngineError` for what
    cannot be read, a column that is not there, and a set without any text.
    """
    options = SourceOptions(template=column) if "{" in column else SourceOptions(text=column)
    with tempfile.TemporaryDirectory(prefix="winnow-") as place:
        data = open_source(source, place, options=options, allowed=allowed, progress=progress)
        if not data.text_view.columns:
            raise EngineError(f"{Path(source).name} has no column of text. Its columns: {', '.join(data.columns)}.")
        return TextSet.of(Path(source).name, data.texts(data.rows()))


def uploaded_texts(raw: bytes, name: str) -> TextSet:
    """The texts of a file that came through a browser, by its bytes and name; a `.txt` has one a line."""
    if not raw.strip():
        raise EngineError(f"{name} is empty. Give a file with one text a line, or a table with a column of texts.")
    ending = Path(name).suffix.lower()
    if ending in ("", ".txt"):
        coded = text_encoding(detect(raw[:SAMPLE_BYTES], name)).name
        lines = codecs.decode(raw, coded, "replace").removeprefix("\ufeff").split("\n")
        return TextSet.of(name, [line.rstrip("\r") for line in lines])
    with tempfile.TemporaryDirectory(prefix="winnow-") as place:
        path = Path(place) / f"uploaded{ending}"
        path.write_bytes(raw)
        return replace(read_texts(path), name=name)
