"""From files to a dataset: read once, widened where types drift, published whole or not at all."""

import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from engine.dataset import (
    Dataset,
    Record,
    Rows,
    SourceColumn,
    SourceFile,
    change_record,
    read_record,
    schema_text,
    write_record,
)
from engine.errors import EngineError, unknown, writing
from engine.opening.describe import choose_role, choose_view, treat_as_category, view_of
from engine.opening.destination import name_of, place, publish, source_file
from engine.opening.find import find
from engine.opening.first_rows import batches, first_rows, own_views, pooled_name, renamed
from engine.opening.options import SourceOptions
from engine.opening.pooled_chats import settled
from engine.opening.record_count import settle
from engine.opening.rejected import Rejected, shown
from engine.opening.reopen import take
from engine.opening.sources._input import Input, Report, Rest
from engine.opening.sources.dataframe import arrow_of
from engine.opening.staging import Staging, Written, column_keys
from engine.progress import Progress, quiet
from engine.store import Store, digest_of

Source = str | Path | Sequence[str | Path] | object
"""Paths, patterns and folders; or one DataFrame or Arrow table."""


def open_source(
    source: Source,
    workspace: Path | str = "winnow_workspace",
    *,
    name: str = "",
    options: SourceOptions = SourceOptions(),  # noqa: B008
    suits: Callable[[Dataset], bool] = lambda there: True,
    beside: str = "2",
    allowed: Sequence[Path] | None = None,
    progress: Progress = quiet,
) -> Dataset:
    """Open files (or a DataFrame) as a dataset of the workspace.

    The same source with the same options gives the dataset that is there. A source that has grown at its end adds a
    segment; one that was edited makes a new revision. Another source under a name that is taken gets a number, or an
    error where the name was asked for. Rows that cannot be read are set aside in `rejected.parquet`. Files with chats
    and pairs of several forms become chats of one form, as `preview` says beforehand.

    suits: a dataset of the source for which it is false is left as it is; the source is then opened as NAME-BESIDE.
    allowed: the folders in which every file that is read has to lie, links followed; None: anywhere.
    """
    options.checked()
    workspace = Path(workspace)
    inputs = inputs_of(source, options, allowed)
    check_files(inputs, options)
    if len(inputs) > 1 and not (options.names_text or options.file_roles):
        looked = first_rows(inputs, options)
        options = settled(options, own_views(looked, options), {f.input.name: f.columns for f in looked})
    files = [source_file(i, progress) for i in inputs]
    fingerprint = digest_of([[f.sha256 for f in files], [f.name for f in files], options.reading()])
    store, again = place(workspace, name or name_of(inputs), fingerprint, inputs, options, asked=bool(name))
    if again and not suits(Dataset.load(store)):
        store, again = place(workspace, f"{store.folder.name}-{beside}", fingerprint, inputs, options, asked=True)
    if again and read_record(store).fingerprint == fingerprint:
        return _asked_again(Dataset.load(store), options)
    draft = workspace / f".{uuid.uuid4().hex}.opening"
    with writing(draft):
        draft.mkdir(parents=True)
    try:
        record = _read(draft, store.folder.name, inputs, files, fingerprint, options, progress)
        drafted = _with_view(Store(draft), record, options)
        if again:
            return take(store, drafted, progress, keep_view=not options.names_text)
        return Dataset.load(publish(draft, store, fingerprint))
    finally:
        if draft.exists():
            shutil.rmtree(draft, ignore_errors=True)


def inputs_of(source: Source, options: SourceOptions, allowed: Sequence[Path] | None = None) -> list[Input]:
    """What there is to read behind paths, patterns, folders or a table from Python."""
    if isinstance(source, str | Path):
        return find([source], options.format, allowed)
    if isinstance(source, list | tuple):
        return find(list(source), options.format, allowed)
    return [Input(Path(), "DataFrame", "dataframe", frame=arrow_of(source))]


def check_files(inputs: list[Input], options: SourceOptions) -> None:
    """Raise `NotFound` for a file that the options speak of and that is not among those to read."""
    for name in (*options.file_roles, *options.file_views):
        if name not in [i.name for i in inputs]:
            raise unknown("file", name, [i.name for i in inputs])


def _read(
    draft: Path,
    name: str,
    inputs: list[Input],
    files: list[SourceFile],
    fingerprint: str,
    options: SourceOptions,
    progress: Progress,
) -> Record:
    """Read everything into the draft folder; returns the record."""
    staging = Staging(draft, sample=options.sample, seed=options.seed)
    rejected = Rejected(draft, strict=options.strict)
    total = sum(f.bytes for f in files)
    done = 0
    read_files = []
    for i, file in zip(inputs, files, strict=True):
        other_names = renamed(options, i.name)
        staging.begin(i.name, other_names)
        read = [0]

        def tick(count: int, read: list[int] = read, done: int = done) -> None:
            read[0] += count
            progress("Reading", min(done + read[0], total), total)

        report = Report(rejected.of(i.name), staging.note_drift, read=tick)
        before = rejected.count
        try:
            for batch in batches(i, report, options):
                staging.add(batch)
        except EngineError as error:
            if len(inputs) == 1 or options.strict:
                raise
            report.rest = Rest(0, b"", f"the whole file: {error}")
        if report.trouble:
            said = f"{report.trouble}; {staging.rows_of_files()[-1]:,} rows before that are kept"
            report.reject(staging.rows_of_files()[-1] + 1, b"", said)
        done += file.bytes
        rows_read = staging.rows_of_files()[-1]
        settle(i, file, report, rows_read, rejected.count - before, progress)
        left_out = rejected.count - before
        read_files.append(replace(file, rows=rows_read, rejected=left_out, facts=report.facts))
        if report.schema is not None:
            keys = column_keys([other_names.get(n, n) for n in report.schema.names])
            by_key = pa.schema(map(pa.Field.with_name, report.schema, keys), report.schema.metadata)
            read_files[-1] = replace(read_files[-1], schema=schema_text(by_key))
    rejected.close()
    if not staging.rows:
        raise _nothing(draft, inputs, rejected.count)
    source = "source" if len(inputs) > 1 else ""
    rows = min(staging.rows, options.sample or staging.rows)
    written = staging.finish(draft / "rows.arrow", source=source, tick=lambda n: progress("Writing", n, rows))
    progress("Writing", rows, rows)
    return Record(
        name=name,
        revision=1,
        fingerprint=fingerprint,
        files=tuple(read_files),
        rows_read=staging.rows,
        source_options=options.json(),
        segments=(Rows("rows.arrow", written.rows),),
        columns=_columns(written, staging, options),
        drift=tuple(staging.drift),
        rejected=rejected.count,
    )


def _nothing(draft: Path, inputs: list[Input], rejected: int) -> EngineError:
    shown_names = ", ".join(i.name for i in inputs[:3]) + (" …" if len(inputs) > 3 else "")
    if not rejected:
        return EngineError(
            f"{shown_names} has no rows (a header only, or nothing). Choose a file with at least one row."
        )
    import pyarrow.parquet as pq

    first = pq.read_table(draft / "rejected.parquet").slice(0, 1).to_pylist()[0]
    raw = f": {shown(first['raw'])!r}" if first["raw"] else ""
    return EngineError(
        f"No row of {shown_names} could be read; {rejected:,} were rejected. The first: line {first['line']:,}, "
        f"{first['reason']}{raw}. Name the format or the encoding if it was taken for the wrong one."
    )


def _columns(written: Written, staging: Staging, options: SourceOptions) -> tuple[SourceColumn, ...]:
    keys = [key for key, *_ in written.columns]
    roles = {column: role for role, column in options.roles.items()}
    for roles_of_file in options.file_roles.values():
        for role in roles_of_file:
            roles.setdefault(pooled_name(options, role), role)
    if options.id:
        roles[options.id] = "id"
    for named in [*roles, *options.categories, *[c for c in (options.text, options.chat) if c]]:
        if named not in keys:
            raise unknown("column", named, keys)
    found = []
    for at, (key, _, held, type_) in enumerate(written.columns):
        shape = staging.shapes.get(key, "") if type_ in ("date", "boolean") else ""
        column = SourceColumn(
            key, staging.names.get(key, key), type_, f"c{at}", roles.get(key, ""), held=held, written=shape
        )
        found.append(column.as_category() if key in options.categories else column)
    if len(staging.rows_of_files()) > 1 and "source" not in roles.values():
        found[-1] = replace(found[-1], role="source")
    return tuple(found)


def _asked_again(data: Dataset, options: SourceOptions) -> Dataset:
    """A dataset that is there already, with the text and the roles that are asked for now."""
    rejected = data.record.rejected
    if options.strict and rejected:
        raise EngineError(
            f"{rejected:,} rows of {data.name!r} cannot be read; they are listed in rejected.parquet. Mend them, or "
            "open without strict."
        )
    if options.json() == data.record.source_options:
        return data
    for role, column in {**options.roles, **({"id": options.id} if options.id else {})}.items():
        data = choose_role(data, column, role)
    for column in options.categories:
        data = treat_as_category(data, column)
    if options.names_text:
        data = choose_view(data, view_of(data, options))
    change_record(data.store, lambda record: replace(record, source_options=options.json()))
    return Dataset.load(data.store)


def _with_view(store: Store, record: Record, options: SourceOptions) -> Dataset:
    """Write the record with the text view that was asked for, or the best guess."""
    write_record(store, record)
    write_record(store, replace(record, text_view=view_of(Dataset.load(store), options)))
    return Dataset.load(store)
