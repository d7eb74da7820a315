"""A source that is opened again: rows added at its end become a segment, anything else a new revision."""

import os
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset, Record, Rows, SourceColumn, change_record
from engine.errors import EngineError, writing
from engine.opening.edits.make import make_edit, refs_of_edit
from engine.opening.rejected import FILE
from engine.progress import Progress
from engine.store import Store, canonical, sync

_BLOCK_ROWS = 20_000


def take(store: Store, new: Dataset, progress: Progress, *, keep_view: bool = True) -> Dataset:
    """Put the rows of a freshly read source in place of those of an open dataset; `new` lies in a draft folder.

    What people chose stays where it still fits: roles, categories, edits, and with keep_view the text view. Vectors,
    marks and the like are found again by text and by row key.
    """
    old = Dataset.load(store)
    appended = _appended(old, new, progress)
    new = _edited(old, new, progress)
    ready = new.store.folder / "rows.arrow"
    if appended:
        ready = new.store.folder / "tail.arrow"
        _write_tail(new, old.n, ready)
    moved = f"rows-{new.fingerprint[:12]}.arrow"
    written: list[Record] = []

    def change(record: Record) -> Record:
        if record.fingerprint != old.fingerprint:
            raise EngineError(f"{store.folder.name!r} has just been opened anew elsewhere. Open the source once more.")
        with writing(store.folder / moved):
            for path, place in ((ready, moved), (new.store.folder / FILE, FILE)):
                sync(path)
                os.replace(path, store.folder / place)
        for artefact in new.added.values():
            store.adopt(artefact)
        fresh = _next(record, new, keep_view)
        if appended:
            fresh = replace(fresh, segments=(*record.segments, Rows(moved, new.n - old.n)), revision=record.revision)
        else:
            fresh = replace(fresh, segments=(Rows(moved, new.n),), revision=record.revision + 1)
        written.append(fresh)
        return fresh

    change_record(store, change)
    used = {segment.file for record in (old.record, *written) for segment in record.segments}
    for path in store.folder.glob("rows*.arrow"):
        # The previous revision stays one turn longer, for whoever is reading it.
        if path.name not in used:
            path.unlink(missing_ok=True)
    return Dataset.load(store)


def _edited(old: Dataset, new: Dataset, progress: Progress) -> Dataset:
    """The new rows with the edits of the old ones, as far as what they were made from is still there."""
    for key, artefact in old.added.items():
        if artefact.family == "edit" and artefact.spec.on in new.columns and key not in new.columns:
            for ref in refs_of_edit(artefact.spec):
                new.store.take_ref(ref, canonical(old.store.read_ref(ref)))
            make_edit(new, key, artefact.spec, progress)
            new = Dataset.load(new.store)
    return new


def _next(record: Record, new: Dataset, keep_view: bool) -> Record:
    """The record of the new rows with what people chose for the old ones, as it is at this moment."""
    columns = _kept_choices(record, new.record)
    fresh = replace(new.record, name=record.name, current=record.current, columns=columns)
    if keep_view and set(record.text_view.columns) <= new.columns.keys():
        return replace(fresh, text_view=record.text_view)
    return fresh


def _appended(old: Dataset, new: Dataset, progress: Progress) -> bool:
    """Whether the new rows begin with all the old ones, bit by bit as they are stored, in columns of the same kind."""
    if new.n < old.n or [_kind(c) for c in old.record.columns] != [_kind(c) for c in new.record.columns]:
        return False
    before, after = (pa.concat_tables(d._tables) for d in (old, new))
    if not before.schema.equals(after.schema, check_metadata=True):
        return False
    for start in range(0, old.n, _BLOCK_ROWS):
        progress("Comparing with the rows that are there", start, old.n)
        blocks = (t.slice(start, min(_BLOCK_ROWS, old.n - start)).columns for t in (before, after))
        if not all(_same(a.combine_chunks(), b.combine_chunks()) for a, b in zip(*blocks, strict=True)):
            return False
    return True


def _same(a: pa.Array, b: pa.Array) -> bool:
    """Whether two arrays of a type hold the same bits: a NaN is itself, and 0.0 is not -0.0."""
    if pa.types.is_floating(a.type):
        bits = {16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}[a.type.bit_width]
        return bool(a.view(bits).equals(b.view(bits)))
    if pa.types.is_list(a.type) or pa.types.is_large_list(a.type) or pa.types.is_fixed_size_list(a.type):
        shape = pc.list_value_length(a).equals(pc.list_value_length(b))
        return bool(shape) and _same(a.flatten(), b.flatten())
    if pa.types.is_struct(a.type):
        there = a.is_valid().equals(b.is_valid())
        return bool(there) and all(map(_same, a.flatten(), b.flatten()))
    return bool(a.equals(b))


def _write_tail(new: Dataset, start: int, path: os.PathLike[str]) -> None:
    table = pa.concat_tables(new._tables).slice(start)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=65_536)


def _kept_choices(old: Record, new: Record) -> tuple[SourceColumn, ...]:
    """The new columns with the roles and categories that people gave to the old ones."""
    before = {c.key: c for c in old.columns}
    given = {c.role for c in new.columns}
    kept = []
    for c in new.columns:
        was = before.get(c.key)
        if was and not c.role and was.role not in given:
            c = replace(c, role=was.role)
        if was and was.type == "category" and c.type == was.read_as:
            c = c.as_category()
        kept.append(c)
    return tuple(kept)


def _kind(column: SourceColumn) -> tuple[object, ...]:
    return column.key, column.plain_type, column.stored, column.held, column.written
