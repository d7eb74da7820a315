"""What the columns of an open dataset mean: the text of a row, roles, categories."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.dataset import ColumnType, Dataset, Record, SourceColumn, change_record
from engine.errors import EngineError, unknown
from engine.opening.options import SourceOptions
from engine.text import TextView, python_values, row_text

_GUESS_ROWS = 100


def choose_view(data: Dataset, view: TextView) -> Dataset:
    """Say what the text of a row is; vectors and the like of another view stay on disk."""
    for column in view.columns:
        data.info(column)
    if not view.columns:
        raise EngineError("A text view needs at least one column.")
    change_record(data.store, lambda record: replace(record, text_view=view))
    return Dataset.load(data.store)


def choose_role(data: Dataset, key: str, role: str) -> Dataset:
    """Give a column of the source a role (id, label, date …), or none; a role has one column."""
    if role:
        _check_role(role)

    def change(c: SourceColumn) -> SourceColumn:
        if c.key == key:
            return replace(c, role=role)
        return replace(c, role="") if c.role == role else c

    return _columns_changed(data, key, change)


def treat_as_category(data: Dataset, key: str, yes: bool = True) -> Dataset:
    """Let a column of the source count as categories, such as the codes 0, 1, 2 of a label; or take that back."""
    return _columns_changed(data, key, lambda c: c.as_category(yes) if c.key == key else c)


def _columns_changed(data: Dataset, key: str, change: Callable[[SourceColumn], SourceColumn]) -> Dataset:
    """The dataset with each column of the source described anew, for the sake of the one with this key."""

    def changed(record: Record) -> Record:
        if key not in [c.key for c in record.columns]:
            raise unknown("column of the source", key, [c.key for c in record.columns])
        return replace(record, columns=tuple(change(c) for c in record.columns))

    change_record(data.store, changed)
    return Dataset.load(data.store)


def view_of(data: Dataset, options: SourceOptions) -> TextView:
    """The text view that was asked for, or the best guess."""
    # Each row far from the others costs a page of every column; the first ones come together.
    far = np.linspace(0, data.n - 1, min(_GUESS_ROWS, data.n)).astype(np.int64)
    rows = np.unique(np.concatenate([far, data.rows()[: 4 * _GUESS_ROWS]]))
    sample = {k: data.column(k, rows) for k in data.columns}
    roles = {c.role: c.key for c in data.columns.values() if c.role}
    found = view_from([(c.key, c.type) for c in data.columns.values()], sample, roles, options)
    if not found.columns:
        known = list(data.columns.values())
        raise EngineError(
            f"No column holds text. Columns: {', '.join(f'{c.key} ({c.type})' for c in known[:12])}. "
            "Say which one counts as the text, with `--text COLUMN` or on the page Open."
        )
    return found


def view_from(
    columns: Sequence[tuple[str, ColumnType]], sample: row_text.Values, roles: Mapping[str, str], options: SourceOptions
) -> TextView:
    """The text view that options and roles say, else the best guess, from (key, type) and some values of the columns.

    roles: role -> column. Raises `NotFound` for a column that is not there.
    """
    keys = [key for key, _ in columns]
    view = options.view or TextView()
    for named in (options.text, options.chat, options.messages, *view.columns):
        if named and named not in keys:
            raise unknown("column", named, keys)
    if options.view:
        return options.view
    if options.messages:
        return TextView("chat", (options.messages,), chat="openai")
    if options.template:
        return row_text.of_template(options.template, keys)
    if options.chat:
        form = row_text.chat_form(python_values(sample[options.chat]))
        if not form:
            raise EngineError(
                f"{options.chat!r} holds no chat: a list of objects with `role` and `content`, or `from` and `value`."
            )
        return TextView("chat", (options.chat,), chat=form)
    if options.text or "text" in roles:
        return row_text.of_column(options.text or roles["text"])
    if {"prompt", "answer"} <= roles.keys():
        return row_text.of_pair(roles["prompt"], roles["answer"])
    return row_text.guess(columns, sample)


def _check_role(role: str) -> None:
    SourceOptions(roles={role: ""}).checked()
