"""Judgements of pairs of rows: duplicates or not, and which row of those alike is to stay; by key, with undo."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.marks.desk import mark
from engine.marks.file import changing, reading
from engine.marks.lanes import last
from engine.marks.marks import keys_to_mark, some
from engine.marks.table import LANE, differences

SAME, OTHER = "duplicates", "different"


@dataclass(frozen=True)
class JudgedPairs:
    """Pairs of rows that people judged, int64 (p,) each; same: bool (p,), whether they are duplicates.

    stays: int64 ascending, rows that are to stay where one of those alike does.
    """

    first: np.ndarray
    second: np.ndarray
    same: np.ndarray
    stays: np.ndarray

    @property
    def apart(self) -> tuple[np.ndarray, np.ndarray]:
        """The pairs that are none."""
        return self.first[~self.same], self.second[~self.same]


def keep_this(data: Dataset, row: int, others: np.ndarray, *, who: str = "") -> int:
    """Say that others are duplicates of a row, and that it is the one to stay, as one act; returns how much changed.

    It is no verdict: the row stays of those alike, and later steps may drop it as any other.
    """
    keys = keys_to_mark(data, np.r_[row, others].astype(np.int64))
    with changing(data.store) as con:
        new = [
            *differences(con, "pair", "", _named(keys[0], keys[1:]), SAME),
            *differences(con, "stays", "", keys[:1], ""),
            *differences(con, "stays", "", keys[1:], None),
        ]
        return mark(con, new, f"row {row:,} kept of {some(len(keys))} alike", who)


def tell_apart(data: Dataset, row: int, others: np.ndarray, *, who: str = "") -> int:
    """Say that a row and others are no duplicates of each other; returns how many pairs changed."""
    keys = keys_to_mark(data, np.r_[row, others].astype(np.int64))
    with changing(data.store) as con:
        new = differences(con, "pair", "", _named(keys[0], keys[1:]), OTHER)
        what = f"row {others[0]:,}" if len(others) == 1 else some(len(others))
        return mark(con, new, f"row {row:,} and {what} judged not duplicates", who)


def judged_pairs(data: Dataset) -> JudgedPairs:
    """What was judged of rows that are here; kept in memory until a mark changes."""
    with reading(data.store) as con:

        def read() -> JudgedPairs:
            found = con.execute("SELECT key, value FROM mark WHERE kind = 'pair' ORDER BY key").fetchall()
            wanted = [key for (key,) in con.execute("SELECT key FROM mark WHERE kind = 'stays'")]
            if not found and not wanted:  # nobody needs the rows' keys: at a million rows they take seconds to make
                nobody = np.empty(0, np.int64)
                return JudgedPairs(nobody, nobody, np.empty(0, bool), nobody)
            ends = data.rows_of([key for pair, _ in found for key in cast(list[str], json.loads(pair))])
            ends = ends.astype(np.int64).reshape(-1, 2)
            here = (ends >= 0).all(axis=1)
            same = np.array([value == SAME for _, value in found], bool)[here]
            rows = data.rows_of(wanted)
            return JudgedPairs(ends[here, 0], ends[here, 1], same, np.unique(rows[rows >= 0]).astype(np.int64))

        return data._cache.get(f"judged pairs/{last(con, LANE)}", read)


def _named(key: str, others: Iterable[str]) -> list[str]:
    """Pairs by the keys of both rows, in an order that does not hang on which was named first."""
    return [json.dumps(sorted((key, other)), ensure_ascii=False) for other in others]
