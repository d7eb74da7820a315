"""A plain table for whoever labels in a spreadsheet, and the table that comes back; Label Studio's CSV is one too."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from engine.errors import EngineError
from engine.labels.exchange._said import KEY, Answer, Task, Unfit, moment_of, name_of
from engine.labels.exchange.label_studio import NAME, TEXT

COLUMNS = (KEY, TEXT, "given_label", "suggested", "sure", NAME, "annotator", "updated_at")
LARGEST_CELL = 64 << 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula, which could fetch things."""


def sheet(tasks: Sequence[Task]) -> str:
    """The tasks as CSV, with empty columns for the label, who gave it and when.

    A text that a spreadsheet would take for a formula has an apostrophe in front. The text of a returned table is not
    read: rows are known by their keys. A key that looks like a formula is written as it is.
    """
    out = io.StringIO(newline="")
    # With quotes around all, for Python leaves a lone carriage return without, which ends a row.
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for task in tasks:
        texts = (_no_formula(text) for text in (task.text, task.label, task.suggested))
        writer.writerow([task.key, *texts, "" if task.sure is None else f"{task.sure:.6g}", "", "", ""])
    return out.getvalue()


def rows_of_sheet(text: str) -> Iterator[dict[str, str]]:
    """The rows of a returned table by column; raises `EngineError` where it has no keys or no labels."""
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=first.count)
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        columns = [name.strip() for name in next(rows, [])]
        if gone := [name for name in (KEY, NAME) if name not in columns]:
            there = ", ".join(repr(name[:40]) for name in columns[:10]) or "none"
            raise EngineError(
                f"The table has no column named {' and no '.join(map(repr, gone))}; its columns are {there}. "
                f"Keep {KEY!r} as it went out, and write the labels under {NAME!r}."
            )
        for cells in rows:
            if any(cells):
                yield dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise EngineError(f"The table cannot be read as CSV: {error}. Save it as CSV in UTF-8 again.") from error
    finally:
        csv.field_size_limit(before)


def answer_of_row(row: Mapping[str, str]) -> Answer | None:
    """The label of one row of a table, None where its cell is empty; raises `Unfit`."""
    key, label = name_of(row.get(KEY, ""), "row key"), name_of(row.get(NAME, ""), "label")
    if not label.strip():
        return None
    if not key.strip():
        raise Unfit("it does not say which row it is: its key is empty")
    when = moment_of(row.get("updated_at") or row.get("created_at") or "")
    return Answer(key, label, name_of(row.get("annotator", ""), "annotator").strip(), when)


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
