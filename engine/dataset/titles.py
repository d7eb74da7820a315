"""What a row is called: the value of the column that names rows, so that nobody has to remember numbers."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from engine.dataset.columns import ColumnInfo
from engine.dataset.dataset import Dataset
from engine.dataset.gather import evenly

LONGEST_TITLE = 80
"""Letters of a title that are shown."""
_TITLES = ("title", "name", "headline", "subject", "heading")
_SAMPLE = 2_000
_SHORT = 60
"""Most letters that half of the values may have, for a column to be names of rows rather than texts."""
_DIFFERENT = 0.98
_BY_NUMBER = re.compile(r"\b(?P<what>repeats|is) row (?P<row>\d{1,3}(?:,\d{3})+|\d+)")
_QUOTED = re.compile("(“[^”]*”)")


def title_column(data: Dataset) -> str:
    """The column whose values name rows; "" where there is none.

    The one with the role title; else one that is called so; else short texts that differ from row to row; else the id.
    """
    return data.remembered("title column", lambda: np.array(_title_column(data))).item()


def name_columns(data: Dataset) -> list[str]:
    """The columns that rows are known by besides their text, title first: what a search looks through too."""
    found = dict.fromkeys(key for key in (title_column(data), data.id_column()) if key)
    return [key for key in found if key not in data.text_view.columns]


def titles(data: Dataset, rows: Sequence[int] | np.ndarray) -> list[str]:
    """The titles of rows, each on one line; "" where there is none."""
    at, key = np.asarray(rows, np.int64), title_column(data)
    return [_shown(title) for title in data.strings(key, at)] if key and len(at) else [""] * len(at)


def called(data: Dataset, rows: Sequence[int] | np.ndarray) -> list[str]:
    """What rows are called on the screen: their titles; where there is none, "Row 5,762"."""
    return [title or f"Row {row:,}" for title, row in zip(titles(data, rows), map(int, rows), strict=True)]


def row_words(data: Dataset, row: int, *, begins: bool = False) -> str:
    """One row in a sentence: its title and its number, or its number alone; begins: at the begin of a sentence.

    "libvlc5 (row 5,762)" or "row 5,762".
    """
    (title,) = titles(data, [row])
    return f"{title} (row {row:,})" if title else f"{'Row' if begins else 'row'} {row:,}"


def with_names(data: Dataset, said: str) -> str:
    """A reason that speaks of another row by its number, with that row's title too; what it quotes stays.

    "repeats row 5,762" as "repeats libvlc5 (row 5,762)".
    """

    def named(found: re.Match[str]) -> str:
        row = int(found["row"].replace(",", ""))
        return f"{found['what']} {row_words(data, row)}" if row < data.n else found[0]

    # What stands in quotation marks is of the corpus.
    parts = _QUOTED.split(said)
    return "".join(part if _QUOTED.fullmatch(part) else _BY_NUMBER.sub(named, part) for part in parts)


def _title_column(data: Dataset) -> str:
    own = [c for c in data.columns.values() if c.origin == "source" and c.type in ("text", "category", "integer")]
    if chosen := next((c.key for c in own if c.role == "title"), ""):
        return chosen
    texts = [c for c in own if c.type == "text" and c.role in ("", "id") and c.held == ""]
    rows = evenly(data.rows(), _SAMPLE)
    named = sorted((c for c in texts if c.key.lower() in _TITLES), key=lambda c: _TITLES.index(c.key.lower()))
    for column in (*named, *(c for c in texts if c.key not in data.text_view.columns)):
        if _names_rows(data, column, rows, different=0.5 if column in named else _DIFFERENT):
            return column.key
    return data.id_column()


def _names_rows(data: Dataset, column: ColumnInfo, rows: np.ndarray, different: float) -> bool:
    """Whether the values are short texts, there in nearly each row and other ones in nearly each."""
    cells = data.cells(column.key, rows)
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return False
    values = [value.strip() for value in cells.to_pylist() if value and value.strip()]
    if len(values) < 0.9 * len(rows) or not values:
        return False
    short = float(np.median([len(value) for value in values])) <= _SHORT and not any("\n" in v for v in values)
    links = sum("://" in value for value in values) > 0.1 * len(values)
    return short and not links and len(set(values)) >= different * len(values)


def _shown(title: str | None) -> str:
    one_line = " ".join((title or "")[: 4 * LONGEST_TITLE].split())
    return one_line if len(one_line) <= LONGEST_TITLE else one_line[: LONGEST_TITLE - 1] + "…"
