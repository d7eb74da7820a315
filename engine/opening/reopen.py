"""A source that is opened again: rows added at its end become a segment, anything else a new revision."""

import os
from typing import cast

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset, hashes
from engine.errors import EngineError, writing
from engine.opening.edits.make import make_edit
from engine.opening.rejected import FILE
from engine.progress import Progress
from engine.registry import Json
from engine.store import Store, sync
from engine.text import TextView

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
    fresh: dict[str, Json] = {}

    def change(record: dict[str, Json]) -> dict[str, Json]:
        if record["fingerprint"] != old.fingerprint:
            raise EngineError(f"{store.folder.name!r} has just been opened anew elsewhere. Open the source once more.")
        with writing(store.folder / moved):
            for path, place in ((ready, moved), (new.store.folder / FILE, FILE)):
                sync(path)
                os.replace(path, store.folder / place)
        for artefact in new.added.values():
            store.adopt(artefact)
        fresh.update(_next(record, new, keep_view))
        if appended:
            fresh["segments"] = [*_segments(record), {"file": moved, "rows": new.n - old.n}]
            fresh["revision"] = record["revision"]
        else:
            fresh["segments"] = [{"file": moved, "rows": new.n}]
            fresh["revision"] = cast(int, record["revision"]) + 1
        return fresh

    record = dict(old.record)
    store.change_record(change)
    used = {s["file"] for s in _segments(fresh)} | {s["file"] for s in _segments(record)}
    for path in store.folder.glob("rows*.arrow"):
        # The previous revision stays one turn longer, for whoever is reading it.
        if path.name not in used:
            path.unlink(missing_ok=True)
    return Dataset.load(store)


def _edited(old: Dataset, new: Dataset, progress: Progress) -> Dataset:
    """The new rows with the edits of the old ones, as far as what they were made from is still there."""
    for key, artefact in old.added.items():
        made = {k: v for k, v in artefact.spec.items() if k in ("family", "member", "version", "params", "on")}
        if made["family"] == "edit" and made["on"] in new.columns and key not in new.columns:
            make_edit(new, key, made, progress)
            new = Dataset.load(new.store)
    return new


def _next(record: dict[str, Json], new: Dataset, keep_view: bool) -> dict[str, Json]:
    """The record of the new rows with what people chose for the old ones, as it is at this moment."""
    fresh = {
        **new.record,
        "name": record["name"],
        "edits": record.get("edits", []),
        "current": record.get("current", {}),
        "columns": cast(Json, _kept_choices(record, new.record)),
    }
    view = TextView.from_json(cast(dict[str, Json], record["text_view"]))
    if keep_view and set(view.columns) <= new.columns.keys():
        fresh["text_view"] = record["text_view"]
    return fresh


def _appended(old: Dataset, new: Dataset, progress: Progress) -> bool:
    """Whether the new rows begin with all the old ones, in columns of the same kind."""
    if new.n < old.n or [_kind(c) for c in _columns(old.record)] != [_kind(c) for c in _columns(new.record)]:
        return False
    if old._tables[0].schema != new._tables[0].schema:
        return False
    sources = [c.key for c in old.columns.values() if c.origin == "source"]
    for start in range(0, old.n, _BLOCK_ROWS):
        progress("Comparing with the rows that are there", start, old.n)
        rows = slice(start, min(start + _BLOCK_ROWS, old.n))
        before, after = (
            hashes([(k, d.column(k).slice(rows.start, rows.stop - rows.start)) for k in sources]) for d in (old, new)
        )
        if not np.array_equal(before, after):
            return False
    return True


def _write_tail(new: Dataset, start: int, path: os.PathLike[str]) -> None:
    table = pa.concat_tables(new._tables).slice(start)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=65_536)


def _kept_choices(old: dict[str, Json], new: dict[str, Json] | object) -> list[dict[str, Json]]:
    """The new columns with the roles and categories that people gave to the old ones."""
    before = {c["key"]: c for c in _columns(old)}
    kept: list[dict[str, Json]] = []
    columns = _columns(cast(dict[str, Json], new))
    given = {c["role"] for c in columns}
    for c in columns:
        was = before.get(c["key"], {})
        role = was.get("role", "")
        kept.append({**c, "role": c["role"] or (role if role not in given else "")})
        if was.get("type") == "category" and c["type"] == was.get("read_as"):
            kept[-1] |= {"type": "category", "read_as": c["type"]}
    return kept


def _columns(record: object) -> list[dict[str, Json]]:
    return cast(list[dict[str, Json]], cast(dict[str, Json], record)["columns"])


def _segments(record: dict[str, Json]) -> list[dict[str, Json]]:
    return cast(list[dict[str, Json]], record["segments"])


def _kind(column: dict[str, Json]) -> tuple[object, ...]:
    return column["key"], column.get("read_as", column["type"]), column["stored"], column.get("held")
