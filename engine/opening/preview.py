"""What opening would give: the first rows of every file, and what counts as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyarrow as pa

from engine.dataset import ColumnType
from engine.opening.destination import size_of
from engine.opening.open import Source, _member, _renamed, inputs_of
from engine.opening.options import SourceOptions
from engine.opening.sources._input import silent
from engine.opening.staging import Staging
from engine.registry import Json
from engine.text import TextView, row_text


@dataclass(frozen=True)
class Preview:
    """What opening would give.

    files: name, format, bytes, encoding and columns of each; table: the first rows, named by key; types: by key;
    disk: bytes that the dataset will take, roughly.
    """

    files: list[dict[str, Json]]
    table: pa.Table
    types: Mapping[str, ColumnType]
    view: TextView
    disk: int


def preview(
    source: Source,
    *,
    options: SourceOptions = SourceOptions(),  # noqa: B008
    rows: int = 20,
    allowed: Sequence[Path] | None = None,
) -> Preview:
    """The union of the columns of all files, with the first rows of each, before anything is opened.

    allowed: the folders in which every file that is read has to lie, links followed; None: anywhere.
    """
    import tempfile

    options.checked()
    inputs = inputs_of(source, options, allowed)
    told: list[dict[str, Json]] = []
    with tempfile.TemporaryDirectory(prefix="winnow-") as folder:
        staging = Staging(Path(folder))
        for i in inputs:
            report = silent()
            staging.begin(i.name, _renamed(inputs, i, options))
            columns: list[Json] = []
            for batch in _member(i, report, options):
                few = batch.slice(0, max(1, rows // len(inputs)))
                staging.add(few)
                columns = [n for n in few.schema.names if n.isprintable()]
                break
            told.append({"name": i.name, "format": i.format, "bytes": size_of(i), "columns": columns, **report.facts})
        path = Path(folder) / "rows.arrow"
        written = staging.finish(path, source="source" if len(inputs) > 1 else "")
        with pa.OSFile(str(path), "rb") as file:
            table = pa.ipc.open_file(file).read_all()
    keys = [key for key, *_ in written.columns]
    table = table.select(range(len(keys))).rename_columns(keys)
    types = {key: type_ for key, _, _, type_ in written.columns}
    view = row_text.guess(list(types.items()), {k: table.column(k) for k in keys})
    total = sum(cast(int, f["bytes"]) for f in told)
    packed = sum(1 for f in told if str(f["name"]).endswith((".gz", ".zst", ".parquet")))
    return Preview(told, table, types, view, total * (5 if packed else 2))
