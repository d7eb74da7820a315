"""Answers to what a reader asks: a page of rows, one row in full, a part of its text, its place in the list."""

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from engine import Dataset
from engine.dataset import title_column, titles
from engine.look import counted
from ui.reader.aside import told
from ui.reader.book import Beside, Book, Span, Standing
from ui.reader.parts import FOLD, Text, folded, part, texts

MOST_ROWS = 300
"""Rows in one answer."""
CELL, VALUE = 300, 2000
"""Characters of a cell in the list, and of a column's value in the row that is open."""
FIRST, MOST_TEXT = 20_000, 100_000
"""Characters of the text that come with an opened row, and at most in one part."""
SNIPPET = 200
ONE_LINE = 120
"""Characters of a cell that is corrected in a field of one line."""

Answer = dict[str, object]
Question = Mapping[str, object]


def answer(question: Question, book: Book) -> Answer:
    """What goes back to the browser. The question comes over the wire: what is not there gets an empty answer."""
    ask = question.get("ask")
    if ask == "page":
        return page(question, book)
    if ask == "where":
        found = np.flatnonzero(book.rows == _int(question.get("row"), -1))
        return {"at": int(found[0]) if len(found) else -1}
    row = _row(question, book)
    if row is None:
        return {}
    if ask == "aside":
        hooks = book.hooks
        return dict(told(book.data, row, hooks.aside(row) if hooks.aside else None, hooks.spots))
    if ask == "row":
        return opened(row, book, _columns(question, book))
    if ask == "cell":
        return cell(row, book, str(question.get("column")))
    if ask == "text":
        start = max(0, _int(question.get("from"), 0))
        end = min(max(start, _int(question.get("to"), 0)), start + MOST_TEXT)
        spans = _spans(book, np.array([row]), _columns(question, book))[0]
        return {"row": row, **part(texts(book.data, np.array([row]))[0], start, end, spans)}
    if ask == "focus" and book.hooks.focus:
        book.hooks.focus(row)
    return {}


def page(question: Question, book: Book) -> Answer:
    """Some rows of the list: their folded texts, chosen columns, marks, and why they are here."""
    start = min(max(0, _int(question.get("from"), 0)), len(book.rows))
    end = min(max(start, _int(question.get("to"), 0)), start + MOST_ROWS, len(book.rows))
    rows = book.rows[start:end]
    more = book.more(start, rows)
    columns = _columns(question, book, more)
    cells = [[_cell(v) for v in more[c]] if c in more else column(book.data, c, rows) for c in columns]
    spans, why = _spans(book, rows, columns), book.why(rows) if book.why else None
    standing = book.hooks.standing(rows) if book.hooks.standing else None
    beside = book.beside(rows) if book.beside and len(rows) else [None] * len(rows)
    choices = book.hooks.choices(rows) if book.hooks.choices and len(rows) else [()] * len(rows)
    fixed = corrected(book, rows, [c for c in columns if c not in more], FOLD)
    names, found = named(book.data, rows), []
    for i, text in enumerate(texts(book.data, rows)):
        one: Answer = {"row": int(rows[i]), "cells": [values[i] for values in cells], **folded(text, spans[i])}
        if names[i]:
            one["name"] = names[i]
        if why is not None and why[i]:
            one["why"] = [why[i]]
        if book.hooks.choices:
            one["choices"] = list(choices[i])
        if other := beside[i]:
            one["beside"] = {"title": other.title, **folded(Text(other.text), other.spans)}
        if standing is not None and (stand := stands(standing[i])):
            one["stand"] = stand
        found.append(one | fixed[i])
    return {"list": book.digest, "from": start, "columns": columns, "rows": found}


def opened(row: int, book: Book, columns: Sequence[str] = ()) -> Answer:
    """All about one row: its text (the beginning of a long one), columns, marks, why, and the rows most like it."""
    data, one, hooks = book.data, np.array([row], np.int64), book.hooks
    found: Answer = {"row": row, **part(texts(data, one)[0], 0, FIRST, _spans(book, one, columns)[0])}
    if name := named(data, one)[0]:
        found["name"] = name
    above = data.text_view.columns if data.text_view.kind == "column" else ()  # the text, in full
    found["columns"] = [_value(key, data.strings(key, one)[0]) for key in data.columns if key not in above]
    found["why"] = [hooks.about(row)] if hooks.about else []
    found["stand"] = stands(hooks.standing(one)[0]) if hooks.standing else {}
    found |= corrected(book, one, ["", *(key for key in data.columns if key not in above)], FIRST)[0]
    other = _beside(book, row)
    if other:
        found["beside"] = {"title": other.title, **part(Text(other.text), 0, FIRST, other.spans)}
    alike = hooks.near(row) if hooks.near else None
    if alike is not None:
        found["repeats"] = alike.repeats
        found["near"] = [
            [int(other), round(float(much), 4), " ".join(text[: 2 * SNIPPET].split())[:SNIPPET], name]
            for other, much, text, name in zip(
                alike.rows, alike.similarity, data.texts(alike.rows), named(data, alike.rows), strict=True
            )
        ]
    return found


def has_names(data: Dataset) -> bool:
    """Whether rows have names that say more than the text, which stands there anyway."""
    key, view = title_column(data), data.text_view
    return bool(key) and not (view.kind == "column" and key in view.columns)


def named(data: Dataset, rows: np.ndarray) -> list[str]:
    """What rows are called, "" for those without a name."""
    return titles(data, rows) if has_names(data) else [""] * len(rows)


def corrected(book: Book, rows: np.ndarray, columns: Sequence[str], most: int) -> list[Answer]:
    """Of some rows the cells that were corrected, the first `most` characters of each, and which of some columns stand
    on a cell as it was."""
    cells = book.hooks.cells
    if cells is None or not len(rows):
        return [{}] * len(rows)
    found: list[Answer] = []
    for fixed, old in zip(cells.fixed(rows), cells.stale(rows, columns), strict=True):
        one: Answer = {"old": list(old)} if old else {}
        if fixed:
            one["fixed"] = {key: {**_begins("value", f.value, most), **_begins("came", f.came, most), "by": f.by,
                                  "at": f.at} for key, f in fixed.items()}  # fmt: skip
        found.append(one)
    return found


def cell(row: int, book: Book, column: str) -> Answer:
    """A cell to be corrected, as it is now; without its text where that is too long to be corrected here."""
    cells = book.hooks.cells
    if cells is None or column not in cells.columns.values():
        return {}
    fixed, came = cells.fixed(np.array([row], np.int64))[0].get(column), cells.cell(row, column) or ""
    text = came if fixed is None else fixed.value or ""
    many = column in cells.many or "\n" in text or len(text) > ONE_LINE
    found: Answer = {"row": row, "column": column, "length": len(text), "most": cells.most, "many": many}
    return found | ({"text": text} if len(text) <= cells.most else {})


def _begins(name: str, text: str | None, most: int) -> Answer:
    more = len(text or "") - most
    return {name: text and text[:most], **({f"{name}More": more} if more > 0 else {})}


def column(data: Dataset, key: str, rows: np.ndarray) -> list[object]:
    """A column's values for some rows: numbers as numbers, the rest as the beginning of its text."""
    info = data.info(key)
    if info.type in ("integer", "number") and not info.labels:
        return [_cell(v) for v in data.numbers(key, rows).tolist()]
    return [_cell(v) for v in data.strings(key, rows)]


def stands(standing: Standing) -> Answer:
    """Where a row stands, only what there is to say."""
    there = {
        "verdict": standing.verdict,
        "tags": list(standing.tags),
        "note": standing.note[:CELL],
        "gone": standing.gone,
        "answer": standing.answer,
        "unsure": standing.unsure,
    }
    return {name: value for name, value in there.items() if value}


def _columns(question: Question, book: Book, more: Collection[str] = ()) -> list[str]:
    """The columns that the person shows, those that there are."""
    asked = question.get("columns")
    return [str(c) for c in asked if c in more or c in book.data.columns] if isinstance(asked, list) else []


def _spans(book: Book, rows: np.ndarray, columns: Sequence[str]) -> Sequence[Sequence[Span]]:
    """What is marked: what the page says, else what the first of the shown columns that can say so counts.

    A column is shown by taste, and a long text is read anew for each part of it: those are marked where a page asks.
    """
    if not len(rows):
        return []
    if book.spans:
        return book.spans(rows)
    found: list[Sequence[Span]] = [()] * len(rows)
    for key in columns:
        if key in book.data.columns and (places := counted(book.data, key)):
            some = [i for i, text in enumerate(book.data.texts(rows)) if len(text) <= FIRST]
            for i, spans in zip(some, places(rows[some]), strict=True):
                found[i] = spans
            break
    return found


def _beside(book: Book, row: int) -> Beside | None:
    """What stands beside a row of the list; a row that was opened from elsewhere has nothing there."""
    return book.beside(np.array([row], np.int64))[0] if book.beside and (book.rows == row).any() else None


def _value(key: str, value: str | None) -> list[object]:
    return [key, None] if value is None else [key, value[:VALUE], max(0, len(value) - VALUE)]


def _cell(value: object) -> object:
    """A value that JSON can hold: no text of any length, no number that is none."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        return None if value is None else str(value)
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            return None if math.isnan(value) else ("∞" if value > 0 else "-∞")
        return value if abs(value) < 2**53 else str(value)
    text = str(value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _row(question: Question, book: Book) -> int | None:
    """The row that is meant: by its number, or by its place in the list."""
    at = _int(question.get("at"), -1)
    if 0 <= at < len(book.rows) and question.get("list") == book.digest:
        return int(book.rows[at])
    row = _int(question.get("row"), -1)
    return row if 0 <= row < book.data.n else None


def _int(value: object, other: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else other
