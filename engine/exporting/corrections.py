"""The labels of an export that people corrected: what came, what stands now, who said it and when."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.building import answers_of
from engine.dataset import AnsweredLabels, Dataset, answered_labels
from engine.exporting.check import Check, check
from engine.exporting.kept_dropped import batches
from engine.exporting.needs import needed
from engine.recipe import Recipe
from engine.store import read

CORRECTIONS = "corrections.parquet"
SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("came", pa.string()),
        ("corrected", pa.string()),
        ("annotators", pa.list_(pa.string())),
        ("at", pa.string()),
        ("ref", pa.string()),
    ]
)


@dataclass(frozen=True)
class Corrected:
    """What people said of the labels of a column, in the rows that were written.

    ref: the snapshot of their answers. corrected: rows whose label is another than came; confirmed: rows whose label is
    right as it came. annotators: who said so, by name.
    """

    column: str
    ref: str
    corrected: int
    confirmed: int
    annotators: tuple[str, ...]

    def sentence(self) -> str:
        """For the data card."""
        by = f" by {', '.join(self.annotators)}" if self.annotators else ""
        return (
            f"{self.column!r}: {self.corrected:,} labels of these rows were corrected and {self.confirmed:,} confirmed"
            f"{by}; {CORRECTIONS} has what came and what stands now"
        )


def answers_in(recipe: Recipe) -> list[str]:
    """The snapshots of answers that a recipe's steps, output and edits stand on, in order."""
    return sorted({ref for made in {**needed(recipe), **recipe.edits}.values() for ref in answers_of(made)})


def write_corrections(data: Dataset, recipe: Recipe, written: np.ndarray, path: Path) -> tuple[Corrected, ...] | None:
    """Write the corrected labels of rows, int64 in rank order; None, and no file, where the recipe stands on none."""
    refs = answers_in(recipe)
    if not refs:
        return None
    found, tables = [], []
    for ref in refs:
        said = answered_labels(data, ref)
        rows = data.rows_of(said.keys)
        of_row = {row: i for i, row in enumerate(rows.tolist()) if row >= 0}
        here = written[np.isin(written, rows[rows >= 0])]
        answer = [of_row[row] for row in here.tolist()]
        # People may have begun the labels, where there is no such column.
        came = data.strings(said.column, here) if said.column in data.columns else [None] * len(here)
        differs = [i for i, was in enumerate(came) if was != said.labels[answer[i]]]
        tables.append(_table(said, ref, here, came, answer, differs))
        people = {name for i in answer for name in said.annotators[i]}
        found.append(
            Corrected(said.column, ref, len(differs), len(answer) - len(differs), tuple(sorted(people)))
        )  # fmt: skip
    pq.write_table(pa.concat_tables(tables), path, compression="zstd")
    return tuple(found)


def _table(
    said: AnsweredLabels, ref: str, here: np.ndarray, came: Sequence[str | None], answer: Sequence[int],
    differs: Sequence[int],
) -> pa.Table:  # fmt: skip
    columns = [
        [said.keys[answer[i]] for i in differs],
        here[differs],
        [said.column] * len(differs),
        [came[i] for i in differs],
        [said.labels[answer[i]] for i in differs],
        [said.annotators[answer[i]] for i in differs],
        [said.at[answer[i]] for i in differs],
        [ref] * len(differs),
    ]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def corrections_check(folder: Path, corrected: Sequence[Corrected]) -> Iterator[Check]:
    """The corrected labels of an export against the answers beside it and the rows that were written."""
    wrong = _wrong(folder, corrected)
    yield check("corrections", wrong, f"{sum(c.corrected for c in corrected):,} labels, each as it was answered")


def _wrong(folder: Path, corrected: Sequence[Corrected]) -> Iterator[str]:
    with pq.ParquetFile(folder / CORRECTIONS) as file:
        if not file.schema_arrow.equals(SCHEMA):
            yield f"{CORRECTIONS} has other columns than it must have."
            return
        rows = file.read().to_pylist()
    refs = {one.ref: _answers(folder, one.ref) for one in corrected}
    written = _written(folder, [key for said in refs.values() for key in said.keys])
    place = {key: i for i, (key, _) in enumerate(written)}
    row_of = dict(written)
    start = 0
    for one in corrected:
        mine, said = rows[start : start + one.corrected], refs[one.ref]
        start += one.corrected
        there = {
            key: (label, by, at)
            for key, label, by, at in zip(said.keys, said.labels, said.annotators, said.at, strict=True)
            if key in row_of
        }
        if said.column != one.column:
            yield f"corrections: the answers of {one.ref[:12]}… are about {said.column!r}, not {one.column!r}."
        if len(there) != one.corrected + one.confirmed:
            yield (
                f"corrections: {len(there):,} rows of the export were answered in {one.column!r}, not "
                f"{one.corrected:,} corrected and {one.confirmed:,} confirmed."
            )
        people = {name for _, by, _ in there.values() for name in by}
        if tuple(sorted(people)) != one.annotators:
            yield f"corrections: the answers to {one.column!r} were given by others than the manifest names."
        for r in mine:
            now = (r["corrected"], tuple(r["annotators"] or ()), r["at"])
            if there.get(r["key"]) != now or row_of[r["key"]] != r["row"] or r["came"] == r["corrected"]:
                yield f"{CORRECTIONS}: the row {r['key']!r} is not as it was answered, or was not written."
            elif (r["column"], r["ref"]) != (one.column, one.ref):
                yield f"{CORRECTIONS}: the row {r['key']!r} is not of the answers that stand at its place."
        order = [place[r["key"]] for r in mine if r["key"] in place]
        if sorted(set(order)) != order:
            yield f"{CORRECTIONS}: the rows are not in the order of the export, each once."
    if start != len(rows):
        yield f"{CORRECTIONS} has {len(rows):,} rows, not {start:,}."


def _answers(folder: Path, ref: str) -> AnsweredLabels:
    body = json.loads((folder / "refs" / f"{ref}.json").read_bytes())
    return read(AnsweredLabels, {k: v for k, v in body.items() if k != "kind"}, f"the ref {ref[:12]}…")


def _written(folder: Path, keys: Sequence[str]) -> list[tuple[str, int]]:
    """Key and number of the rows of an export that have one of these keys and were written, in rank order."""
    wanted = pa.array(sorted(set(keys)), pa.string())
    unfit = {
        row
        for batch in batches(folder / "dropped.parquet")
        for row in batch.filter(pc.less(batch.column("step"), 0)).column("row").to_pylist()
    }
    return [
        (key, row)
        for batch in batches(folder / "kept.parquet")
        for some in [batch.filter(pc.is_in(batch.column("key"), value_set=wanted))]
        for key, row in zip(some.column("key").to_pylist(), some.column("row").to_pylist(), strict=True)
        if row not in unfit
    ]
