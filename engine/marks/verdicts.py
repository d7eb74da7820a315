"""Verdicts by hand: rows that are always kept and rows that never are, whatever the steps say."""

import numpy as np

from engine.dataset import Dataset
from engine.marks.desk import mark
from engine.marks.file import changing, reading
from engine.marks.lanes import last
from engine.marks.marks import Verdict, keys_to_mark, some
from engine.marks.table import LANE, differences


def always_keep(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Keep these rows whatever the steps say; one that was never kept changes sides. Returns how many changed."""
    return _decide(data, rows, "keep", "always kept", who)


def never_keep(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Drop these rows whatever the steps say; one that was always kept changes sides. Returns how many changed."""
    return _decide(data, rows, "drop", "never kept", who)


def undecide(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Leave these rows to the steps again. Returns how many had a verdict."""
    return _decide(data, rows, "", "left to the steps again", who)


def take_over(data: Dataset, keep: np.ndarray, drop: np.ndarray, *, who: str = "") -> int:
    """Give rows the verdicts that came with a recipe, in one act; other verdicts stay. Returns how many changed."""
    to_keep, to_drop = keys_to_mark(data, keep), keys_to_mark(data, drop)
    with changing(data.store) as con:
        new = [
            *differences(con, "verdict", "", to_keep, "keep"),
            *differences(con, "verdict", "", to_drop, "drop"),
        ]
        return mark(con, new, f"{some(len(new))} decided as in the recipe", who)


def verdicts(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """The rows that are always kept and those that never are: int64 ascending; kept in memory until a mark changes."""
    with reading(data.store) as con:

        def rows_with(value: str) -> np.ndarray:
            found = con.execute("SELECT key FROM mark WHERE kind = 'verdict' AND value = ?", [value])
            rows = data.rows_of([key for (key,) in found])
            return np.unique(rows[rows >= 0])

        return data._cache.get(f"verdicts/{last(con, LANE)}", lambda: (rows_with("keep"), rows_with("drop")))


def _decide(data: Dataset, rows: np.ndarray, verdict: Verdict, words: str, who: str) -> int:
    keys = keys_to_mark(data, rows)
    with changing(data.store) as con:
        new = differences(con, "verdict", "", keys, verdict or None)
        return mark(con, new, f"{some(len(new))} {words}", who)
