"""What opening would give: the first rows of every file with the text that they will have, and what is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pyarrow as pa

from engine.dataset import ColumnType
from engine.opening.describe import view_from
from engine.opening.destination import size_of
from engine.opening.first_rows import FirstRows, first_rows, own_views, pooled_name, staged
from engine.opening.guesses import Guess, guesses
from engine.opening.open import Source, check_files, inputs_of
from engine.opening.options import SourceOptions
from engine.opening.pooled_chats import settled, with_messages
from engine.registry import Json
from engine.text import TextView

_OF_TEXT = ("text", "prompt", "answer", "system")

SHOWN = 3
"""Rows of each file that are shown with their text."""


@dataclass(frozen=True)
class FileTexts:
    """The text that the rows of a file will have. first: of three rows; without: rows that have none, of looked."""

    name: str
    first: tuple[str, ...]
    looked: int
    without: int
    trouble: str = ""


@dataclass(frozen=True)
class Preview:
    """What opening would give.

    files: name, format, bytes, encoding and columns of each; table: the first rows, named by key; types: by key;
    view: the text of a row; texts: file by file; own_views: what fits each file by itself; joint_view: what fits
    several files best if they are pooled as they are; guesses: what the columns
    seem to be. options: those that were asked for, with the pooling that gives every file its text. disk: bytes that
    the dataset will take, roughly.
    """

    files: list[dict[str, Json]]
    table: pa.Table
    types: Mapping[str, ColumnType]
    view: TextView
    texts: tuple[FileTexts, ...]
    own_views: Mapping[str, TextView]
    joint_view: TextView
    guesses: tuple[Guess, ...]
    options: SourceOptions
    disk: int

    @property
    def without_text(self) -> list[str]:
        """What will have no text, file by file, in sentences."""
        return [_said(t) for t in self.texts if t.without and not t.trouble]

    def opening(self, roles: Mapping[str, str]) -> SourceOptions:
        """The options that open exactly what is shown, with these columns as id, label, date, language and source."""
        given = self.options
        said = {g.role: g.column for g in self.guesses if g.role in _OF_TEXT}
        label = roles.get("label", "")
        codes = (label,) if self.types.get(label) == "integer" else ()
        return replace(
            given,
            view=self.view if self.view.columns and not given.names_text else given.view,
            id=roles.get("id", ""),
            roles={role: column for role, column in {**said, **roles}.items() if column and role != "id"},
            categories=given.categories or codes,
        )

    @property
    def as_shown(self) -> SourceOptions:
        """The same with every role that was guessed, where nothing else was asked for."""
        given = dict(self.options.roles) | ({"id": self.options.id} if self.options.id else {})
        others = {g.role: g.column for g in self.guesses if g.role != "chat" and g.column not in given.values()}
        return self.opening(others | given)


def preview(
    source: Source,
    *,
    options: SourceOptions = SourceOptions(),  # noqa: B008
    rows: int = 20,
    allowed: Sequence[Path] | None = None,
) -> Preview:
    """The union of the columns of all files, with the first rows of each, before anything is opened.

    rows: of the table, of all files together. allowed: the folders in which every file that is read has to lie, links
    followed; None: anywhere.
    """
    options.checked()
    inputs = inputs_of(source, options, allowed)
    check_files(inputs, options)
    as_they_are = replace(options, file_roles={}, messages="", file_views={})
    files = first_rows(inputs, as_they_are)
    own = own_views(files, as_they_are)
    columns = {f.input.name: f.columns for f in files}
    options = settled(options, own, columns)
    joint = staged(files, as_they_are).view if len(own) > 1 else TextView()
    files = [_as_chats(f, options) for f in files]
    table = staged(files, options, source="source" if len(inputs) > 1 else "")
    roles = {role: pooled_name(options, role) for roles in options.file_roles.values() for role in roles}
    sample = {k: table.values.column(k) for k in table.types}
    view = view_from(list(table.types.items()), sample, {**roles, **options.roles}, options)
    told: list[dict[str, Json]] = [
        {
            "name": f.input.name, "format": f.input.format, "bytes": size_of(f.input),
            "columns": [n for n in columns[f.input.name] if n.isprintable()], **f.facts,
        }
        for f in files
    ]  # fmt: skip
    starts = _starts(files)
    each = max(1, rows // len(files))
    head = [s + i for f, s in zip(files, starts, strict=True) for i in range(min(f.batch.num_rows, each))]
    size = sum(cast(int, f["bytes"]) for f in told)
    packed = any(str(f["name"]).endswith((".gz", ".zst", ".parquet")) for f in told)
    return Preview(
        files=told,
        table=table.values.take(head),
        types=table.types,
        view=view,
        texts=_file_texts(files, starts, table.texts(view)),
        own_views=own,
        joint_view=joint,
        guesses=guesses(table, view),
        options=options,
        disk=size * (5 if packed else 2),
    )


def _as_chats(file: FirstRows, options: SourceOptions) -> FirstRows:
    view = options.file_views.get(file.input.name)
    return replace(file, batch=with_messages(file.batch, view, options.messages)) if view else file


def _starts(files: Sequence[FirstRows]) -> list[int]:
    """Where the rows of each file begin in the one table."""
    starts = [0]
    for file in files:
        starts.append(starts[-1] + file.batch.num_rows)
    return starts[:-1]


def _file_texts(files: Sequence[FirstRows], starts: Sequence[int], texts: Sequence[str]) -> tuple[FileTexts, ...]:
    found = []
    for file, start in zip(files, starts, strict=True):
        mine = texts[start : start + file.batch.num_rows]
        without = sum(not t.strip() for t in mine)
        found.append(FileTexts(file.input.name, tuple(mine[:SHOWN]), len(mine), without, file.trouble))
    return tuple(found)


def _said(file: FileTexts) -> str:
    if file.without == file.looked:
        return f"{file.name}: none of the {file.looked:,} rows looked at has a text"
    has = "has" if file.without == 1 else "have"
    return f"{file.name}: {file.without:,} of the {file.looked:,} rows looked at {has} no text"
