"""A corpus with everything that is hard to write out, and what goes into an export of it."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.dataset.dataset import Dataset
from engine.dataset.record import Record, Rows, SourceColumn, write_record
from engine.exporting.output import Wanted, output_of
from engine.recipe.recipe import Recipe
from engine.recipe.run import run
from engine.registry import Json
from engine.store.files import digest_of
from engine.store.frozen import read
from engine.store.workspace import Store
from engine.text.row_text import TextView

Described = tuple[str, str, str, str, pa.Array]
"""key, name, type, role, values"""


def table(
    folder: Path, columns: Sequence[Described], *, raws: Sequence[bytes] = (), view: Mapping[str, Json] | None = None
) -> Dataset:
    """A dataset with these columns, in chunks of two rows so that batches cross chunks."""
    store = Store(folder / f"corpus-{uuid.uuid4().hex[:8]}")
    store.folder.mkdir(parents=True)
    arrays = {f"c{i}": values for i, (*_, values) in enumerate(columns)}
    if raws:
        arrays["raw"] = pa.array(raws, pa.large_binary())
    rows = pa.table(arrays)
    with pa.OSFile(str(store.folder / "rows.arrow"), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=2)
    record = Record(
        name=store.folder.name,
        revision=1,
        fingerprint=digest_of([str(v.to_pylist()) for *_, v in columns] + [str(r) for r in raws]),
        files=(),
        rows_read=rows.num_rows,
        source_options={},
        segments=(Rows("rows.arrow", rows.num_rows),),
        columns=tuple(
            SourceColumn(key, name, kind, f"c{i}", role)  # type: ignore[arg-type]
            for i, (key, name, kind, role, _) in enumerate(columns)
        ),
        text_view=read(TextView, view or {"kind": "column", "columns": [columns[0][0]]}, "a view"),
    )
    write_record(store, record)
    return Dataset.load(store)


def hard(folder: Path) -> Dataset:
    """Five rows: missing and empty text, a name twice, integers with gaps and beyond 64 bits, dates, lists, objects."""
    day = pa.array([19000, None, 0, 1, 2], pa.int32()).cast(pa.date32())
    nested = pa.array(
        [{"a": 1, "b": ["x"]}, None, {"a": None, "b": []}, {"a": 2, "b": ["y", "z"]}, {"a": 3, "b": None}]
    )
    return table(
        folder,
        [
            ("text", "text", "text", "text", pa.array(["one, two", "", None, 'say "three"\nfour', "ünï 中 \x00"])),
            ("text (2)", "text", "text", "", pa.array(["again", None, "", "x", "y"])),
            ("n", "n", "integer", "", pa.array([1, None, -3, 2**62, 5])),
            ("big", "big", "integer", "", pa.array([str(2**80), None, "7", "-1", "0"], pa.large_string())),
            ("f", "f", "number", "", pa.array([0.1, None, -2.5, 1e300, 3.0])),
            ("yes", "yes", "boolean", "", pa.array([True, False, None, True, False])),
            ("day", "day", "date", "", day),
            ("tags", "tags", "list", "", pa.array([["a", "b"], [], None, ["ü"], [None]], pa.list_(pa.string()))),
            ("more", "more", "json", "", nested),
            ("all", "all", "text", "", pa.nulls(5)),
        ],
    )


def chats(folder: Path) -> Dataset:
    """Three rows of OpenAI messages as JSON text: one exchange, a tool call, nothing."""
    one = b'[{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}]'
    two = b'[{"role": "user", "content": "now?"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "7"}]}]'
    texts = pa.array([one.decode(), two.decode(), None], pa.large_string())
    return table(
        folder,
        [("messages", "messages", "json", "", texts)],
        raws=[b'{"messages": ' + (t or b"null") + b"}" for t in (one, two, None)],
        view={"kind": "chat", "columns": ["messages"], "chat": "openai"},
    )


def everything(data: Dataset, **wanted: object) -> "output.Output":  # noqa: F821
    """All rows of a dataset, as an exporter is given them."""
    return output_of(run(data, Recipe()), Wanted(**wanted))  # type: ignore[arg-type]


def values(output: "output.Output") -> list[tuple[tuple[str, object], ...]]:  # noqa: F821
    """What was given, row by row, as pairs of name and value."""
    found = []
    for batch in output.batches():
        columns = [c.to_pylist() for c in batch.columns]
        found += [tuple(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
    return found


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)
