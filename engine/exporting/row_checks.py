"""Every row of an export: kept or dropped, once, with a reason; and the data, row by row, against what was kept."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.dataset import hashes
from engine.exporting.check import Check, check
from engine.exporting.consistency import written_here
from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import Row
from engine.exporting.formats._typed import Blocks, Wanted
from engine.exporting.kept_dropped import DROPPED, batches, digest_of_kept, kept_schema
from engine.exporting.manifest import Manifest
from engine.exporting.weighing import WEIGHT, written_weights
from engine.exporting.written_content import hashed

_NAMED = re.compile(r"[0-9a-f]{16}(#[0-9]+)?")


@dataclass(frozen=True)
class Kept:
    """What kept.parquet says, in rank order. row: int64; content: uint64; fit: bool, whether it was written.

    name: uint64, of the row whatever the types of its columns, which its key holds; None where ids name the rows. part:
    str, "" for a row in no part; None where there are no parts. written: uint64, of the row as it stands in the data
    file; None where no text was rewritten, and in an older export. weight: float64; None where rows are not weighed.
    """

    row: np.ndarray
    content: np.ndarray
    name: np.ndarray | None
    fit: np.ndarray
    part: np.ndarray | None = None
    written: np.ndarray | None = None
    weight: np.ndarray | None = None


def row_checks(folder: Path, manifest: Manifest) -> Iterator[Check]:
    """The rows of an export, from kept.parquet, dropped.parquet and the data file."""
    digest, _ = digest_of_kept(folder / "kept.parquet")
    same = digest == manifest.rows.digest
    yield Check("row digest", same, digest if same else f"kept.parquet gives {digest}, not {manifest.rows.digest}")
    looked = _Rows(manifest)
    wrong = [*looked.lengths(folder)] or [*looked.kept(folder), *looked.dropped(folder)] or [*looked.all()]
    yield check("every row", wrong, f"{manifest.rows.total:,} rows, each kept or dropped once, each with its own key")
    if wrong:
        return
    found = looked.found
    if found.part is not None and manifest.split:
        yield check("rows by part", _wrong_parts(manifest, found), f"{manifest.rows.written:,} rows, each in one part")
    if found.weight is not None:
        yield check("rows by weight", _wrong_weights(manifest, found), "each finite and not below 0")
    left = manifest.content.rows if manifest.content else 0
    for file in manifest.data_files:
        said, differ = _data(folder / file, manifest, found, _ranks(manifest, found, file), left)
        left -= differ
        yield said
    if found.written is not None:
        said_ = f"{manifest.rows.written:,} rows, each as it was written, whether its texts were rewritten or not"
        yield check("rows as written", _wrong_written(folder, manifest, found), said_)


def _ranks(manifest: Manifest, kept: Kept, file: str) -> np.ndarray:
    """int64: the ranks of the rows that a data file must hold."""
    here = kept.fit.copy()
    if kept.part is not None and manifest.split:
        here &= np.isin(kept.part, [p.name for p in manifest.split.parts if p.file == file])
    return np.flatnonzero(here)


def _wrong_written(folder: Path, manifest: Manifest, kept: Kept) -> Iterator[str]:
    """Each row as it stands in the data files against what was written, which kept.parquet and the manifest say."""
    assert kept.written is not None and manifest.content is not None
    digest, _ = digest_of_kept(folder / "kept.parquet", "written")
    if digest != manifest.content.digest:
        yield f"kept.parquet gives {digest} for the rows as they were written, not {manifest.content.digest}."
    for file in manifest.data_files:
        ranks = _ranks(manifest, kept, file)
        there = hashed(folder / file, manifest.output, [c.name for c in manifest.columns])
        other = np.flatnonzero(there != kept.written[ranks]) if len(there) == len(ranks) else ranks[:0]
        if len(there) != len(ranks):
            yield f"{file} holds {len(there):,} rows, not the {len(ranks):,} that were written."
        elif len(other):
            more = f", nor are {len(other) - 1:,} others" if len(other) > 1 else ""
            yield f"{file}: row {int(other[0]):,} is not as it was written{more}: something in it was changed since."


def _wrong_parts(manifest: Manifest, kept: Kept) -> Iterator[str]:
    """The parts of kept.parquet against those of the manifest."""
    assert kept.part is not None and manifest.split is not None
    named = {p.name: p.rows for p in manifest.split.parts}
    there = Counter(kept.part[kept.fit].tolist())
    if {**dict.fromkeys(named, 0), **there} != named:
        yield f"kept.parquet has {dict(there)} rows by part; the manifest says {named}."
    if (nowhere := int((kept.part == "").sum())) != manifest.split.bridges:
        yield f"kept.parquet has {nowhere:,} rows in no part; {manifest.split.bridges:,} were left out as they bridge."
    if not set(kept.part.tolist()) <= {*named, ""}:
        yield "kept.parquet names a part that the manifest does not name."


def _wrong_weights(manifest: Manifest, kept: Kept) -> Iterator[str]:
    """The weights of kept.parquet, and against those of the manifest."""
    assert kept.weight is not None and manifest.weights is not None
    if not (np.isfinite(kept.weight) & (kept.weight >= 0)).all():
        yield "kept.parquet has a weight that is none."
    elif written_weights(kept.weight[kept.fit], manifest.weights.filled) != manifest.weights:
        yield "kept.parquet has other weights than the manifest says."


class _Rows:
    """Goes through kept.parquet and dropped.parquet once, and says what does not hold."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._batches: list[tuple[np.ndarray, ...]] = []
        self._by_content = not manifest.source.options.get("id")
        self._rewritten = bool(manifest.content and manifest.content.digest)
        self._weighed = manifest.output.weight is not None

    def lengths(self, folder: Path) -> Iterator[str]:
        """Before anything is read whole: the columns and the number of rows of both."""
        rows = self._manifest.rows
        expected = {
            "kept": (
                kept_schema(parts=bool(self._manifest.split), weights=self._weighed, rewritten=self._rewritten),
                rows.kept,
            ),
            "dropped": (DROPPED, rows.dropped + sum(rows.unfit.values())),
        }
        for name, (schema, count) in expected.items():
            with pq.ParquetFile(folder / f"{name}.parquet") as file:
                if not file.schema_arrow.equals(schema):
                    yield f"{name}.parquet has other columns than it must have."
                elif file.metadata.num_rows != count:
                    yield f"{name}.parquet has {file.metadata.num_rows:,} rows, not {count:,}."
        total = rows.total
        self._taken, self._names = np.zeros(0, bool), np.zeros(0, np.uint64)
        if rows.kept + rows.dropped == total:
            self._taken, self._names = np.zeros(total, bool), np.zeros(total, np.uint64)

    def kept(self, folder: Path) -> Iterator[str]:
        """Ranks from 0 in order; rows that no other line has."""
        start = 0
        for batch in batches(folder / "kept.parquet"):
            if any(column.null_count for column in batch.columns):
                yield "kept.parquet has a missing value."
                return
            rank, row, content = (batch.column(n).to_numpy() for n in ("rank", "row", "content"))
            if (rank != np.arange(start, start + len(rank))).any():
                yield f"kept.parquet: the ranks from {start:,} on are not in order."
            yield from self._take("kept.parquet", row, batch.column("key"))
            keys = batch.column("key").to_pylist() if self._by_content else []
            if odd := next((key for key in keys if not _NAMED.fullmatch(key)), ""):
                yield f"kept.parquet: the key {odd!r} is not made from a row's content."
                return
            part = batch.column("part").to_numpy(zero_copy_only=False) if self._manifest.split else np.empty(0, object)
            written = batch.column("written").to_numpy() if self._rewritten else np.empty(0, np.uint64)
            name = np.array([int(key[:16], 16) for key in keys], np.uint64)
            weight = batch.column("weight").to_numpy() if self._weighed else np.empty(0)
            self._batches.append((row, content, name, part, written, weight))
            start += len(rank)

    @property
    def found(self) -> Kept:
        """What was kept, after both files were gone through."""
        nothing = [np.empty(0, kind) for kind in (np.int64, np.uint64, np.uint64, object, np.uint64, np.float64)]
        row, content, name, part, written, weight = (
            np.concatenate(a) for a in zip(nothing, *self._batches, strict=True)
        )
        fit = ~np.isin(row, self._unfit)
        return Kept(
            row,
            content,
            name if self._by_content else None,
            fit,
            part if self._manifest.split else None,
            written if self._rewritten else None,
            weight if self._weighed else None,
        )

    def dropped(self, folder: Path) -> Iterator[str]:
        """Step by step and ascending within each, with the reason that belongs to the step; unfit rows last."""
        kept = self._taken.copy()
        counts: Counter[int] = Counter()
        unfit: list[np.ndarray] = []
        reasons: Counter[str] = Counter()
        before = (-1, -1)
        for batch in batches(folder / "dropped.parquet"):
            if any(column.null_count for column in batch.columns):
                yield "dropped.parquet has a missing value."
                return
            row, step = batch.column("row").to_numpy(), batch.column("step").to_numpy()
            for at in dict.fromkeys(step.tolist()):
                mine = np.flatnonzero(step == at)
                part = batch.take(pa.array(mine))
                counts[at] += len(mine)
                if at >= 0:
                    yield from self._take("dropped.parquet", row[mine], part.column("key"))
                    yield from self._order(before, at, row[mine])
                    before = (at, int(row[mine][-1]))
                    yield from self._reasons(at, part.column("reason"))
                else:
                    unfit.append(row[mine])
                    reasons.update(part.column("reason").to_pylist())
                    yield from self._unfit_rows(kept, row[mine], part.column("key"))
            if (np.diff(np.where(step < 0, 1 << 30, step)) < 0).any():
                yield "dropped.parquet is not in the order of the steps."
        self._unfit = np.concatenate([np.empty(0, np.int64), *unfit])
        if len(np.unique(self._unfit)) < len(self._unfit):
            yield "dropped.parquet names an unfit row twice."
        said = {s.step: s.dropped for s in self._manifest.steps if s.dropped}
        if {k: v for k, v in counts.items() if k >= 0} != said:
            yield f"dropped.parquet has {dict(counts)} rows by step; the manifest says {said}."
        if dict(reasons) != {f"Not written: {k}.": v for k, v in self._manifest.rows.unfit.items()}:
            yield "dropped.parquet gives other reasons for rows that were not written than the manifest."

    def all(self) -> Iterator[str]:
        """Each row from 0 to the last stands somewhere, and no two have one key."""
        if not self._taken.all():
            yield f"Row {int(np.argmin(self._taken)):,} is neither kept nor dropped."
        if len(np.unique(self._names)) < len(self._names):
            yield "Two rows have one key."

    def _take(self, file: str, row: np.ndarray, keys: pa.Array) -> Iterator[str]:
        inside = (row >= 0) & (row < len(self._taken))
        if not inside.all():
            yield f"{file} names row {int(row[~inside][0]):,}; there are {len(self._taken):,}."
            return
        if self._taken[row].any() or len(np.unique(row)) < len(row):
            yield f"{file} names a row that stands elsewhere too."
        self._taken[row] = True
        self._names[row] = hashes([("key", keys)])

    def _order(self, before: tuple[int, int], at: int, row: np.ndarray) -> Iterator[str]:
        if (np.diff(row) <= 0).any() or (at, int(row[0])) <= before:
            yield f"dropped.parquet: the rows of step {at} are not in order."

    def _reasons(self, at: int, reasons: pa.Array) -> Iterator[str]:
        said = next((s for s in self._manifest.steps if s.step == at), None)
        if said is None or not written_here(self._manifest):
            return
        words = f"Dropped by step {at}, “{said.name or said.sentence.rstrip('.')}”: " if at else "Dropped by hand."
        if not pc.all(pc.starts_with(reasons, words)).as_py():
            yield f"dropped.parquet: a reason of step {at} does not name the step as the manifest does."

    def _unfit_rows(self, kept: np.ndarray, row: np.ndarray, keys: pa.Array) -> Iterator[str]:
        inside = (row >= 0) & (row < len(kept))
        if not inside.all() or not kept[row].all() or (self._names[row] != hashes([("key", keys)])).any():
            yield "dropped.parquet names a row as unfit that was not kept."


def _data(path: Path, manifest: Manifest, kept: Kept, ranks: np.ndarray, may_differ: int) -> tuple[Check, int]:
    """The rows of a data file against those that were kept: each hashed anew where the format allows it.

    ranks: int64, of the rows that it must hold. may_differ: rows whose texts may be others than came in; how many are
    is given back too, as the files of a split share that number.
    """
    about = EXPORTERS[manifest.output.format].about
    if about.columns is None or manifest.output.columns:
        rows, other = _counted(path, manifest, kept, ranks)
        if other is not None:
            return Check("rows", False, f"{path.name}: row {other:,} has not the weight that kept.parquet has."), 0
        why = "only some columns were written" if manifest.output.columns else "the format does not hold them all"
        wrong = [] if rows == len(ranks) else [f"{path.name} holds {rows:,} rows, not {len(ranks):,}."]
        said = f"{rows:,} rows read back from {path.name}, not compared with the rows that were chosen: {why}"
        return check("rows", wrong, said), 0
    names = [c.name for c in manifest.columns]
    labels = [c.name if names.count(c.name) == 1 else c.key for c in manifest.columns]
    every = [Wanted(i, labels[i], c.type, c.held) for i, c in enumerate(manifest.columns)]
    beside: list[tuple[Wanted, np.ndarray]] = []
    if manifest.output.rank:
        beside.append((_added(manifest, every, "rank"), ranks))
    if kept.weight is not None:
        beside.append((_added(manifest, every, WEIGHT), kept.weight[ranks]))
    if kept.part is not None and manifest.output.split and not manifest.output.split.in_files:
        beside.append((_added(manifest, every, "part"), kept.part[ranks]))
    source = [(w, c.key) for w, c in zip(every, manifest.columns, strict=True) if c.origin == "source"]
    wanted = [*(w for w, _ in source), *(w for w, _ in beside)]
    blocks = cast(Callable[..., Blocks], about.columns)(path, manifest.output.params, names, wanted)
    names_ = None if kept.name is None else kept.name[ranks]
    return _compared(
        path.name,
        blocks,
        [key for _, key in source],
        kept.content[ranks],
        names_,
        [v for _, v in beside],
        may_differ,
        compared_after=kept.written is not None,
    )


def _counted(path: Path, manifest: Manifest, kept: Kept, ranks: np.ndarray) -> tuple[int, int | None]:
    """How many rows a data file holds, and the first whose weight is not that of kept.parquet, None where none is."""
    reads = cast(Callable[..., Iterator[Row]], EXPORTERS[manifest.output.format].about.reads)
    rows, weight = 0, None if kept.weight is None else kept.weight[ranks]
    name = next((c.name for c in reversed(manifest.columns) if c.key.endswith(WEIGHT)), "")
    for rows, row in enumerate(reads(path, manifest.output.params), 1):
        if weight is not None and rows <= len(weight):
            there = next((value for key, value in reversed(row) if key == name), None)
            if not isinstance(there, str | int | float) or float(there) != weight[rows - 1]:
                return rows, rows - 1
    return rows, None


def _added(manifest: Manifest, every: list[Wanted], name: str) -> Wanted:
    """The column that was added under a name, whatever stands before it: signals that end alike stand further left."""
    there = [w for w, c in zip(every, manifest.columns, strict=True) if c.origin == "added" and c.key.endswith(name)]
    return there[-1]


def _compared(
    name: str,
    blocks: Blocks,
    keys: list[str],
    content: np.ndarray,
    name_of: np.ndarray | None,
    beside: list[np.ndarray],
    may_differ: int,
    *,
    compared_after: bool,
) -> tuple[Check, int]:
    """Each row's content, the key made from it, and its rank and part where they were written.

    keys: of the source's columns, which stand first. beside: the values that must stand in the columns after them.
    may_differ: in how many rows the texts may be others than came in, as they were rewritten: what they are now is not
    compared here. How many are is given back too. compared_after: whether these are held against what was written.
    """

    def refused(words: str) -> tuple[Check, int]:
        return Check("rows", False, words), other

    rows = unsure = other = 0
    for columns, sure in blocks:
        there = slice(rows, rows + len(sure))
        if there.stop > len(content):
            return refused(f"{name} holds more than the {len(content):,} rows that were written.")
        source = list(zip(keys, columns, strict=False))
        wrong = hashes(source) != content[there]
        if name_of is not None:  # an older export names a row by its content alone
            wrong |= (hashes(source, whatever_type=True) != name_of[there]) & (content[there] != name_of[there])
        wrong &= sure
        if (other := other + int(wrong.sum())) <= may_differ:
            wrong = np.zeros(len(sure), bool)
        for column, values in zip(columns[len(keys) :], beside, strict=True):
            wrong |= column.to_numpy(zero_copy_only=False) != values[there]
        if wrong.any():
            return refused(f"{name}: row {rows + int(np.argmax(wrong)):,} is not the row that was chosen.")
        rows += len(sure)
        unsure += int((~sure).sum())
    if rows != len(content):
        return refused(f"{name} holds {rows:,} rows, not the {len(content):,} that were written.")
    said = f"{rows - unsure:,} rows of {name} hashed anew: each is the row that was chosen"
    if other:
        said += f", but for {other:,} counted as rewritten, no more than the manifest says"
        said += "" if compared_after else ", and not compared: this export does not say what they were rewritten to"
    more = f"; {unsure:,} hold values that may be read in several ways, and were counted only"
    return Check("rows", True, said + (more if unsure else "")), other
