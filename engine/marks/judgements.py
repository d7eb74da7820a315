"""Judgements: what people say of rows as evidence, in a column with a name; no recipe changes by them."""

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.marks.desk import mark
from engine.marks.file import changing, reading
from engine.marks.lanes import clean
from engine.marks.marks import LONGEST_NAME, keys_to_mark, short_name, some
from engine.marks.table import differences


def judge(data: Dataset, rows: np.ndarray, column: str, value: str, *, who: str = "") -> int:
    """Say something of rows in a column of judgements, such as "good" in "audit"; "" takes it away.

    Returns how many rows changed. A judgement is evidence: it is no verdict and decides nothing.
    """
    column, said = short_name(column, "a column of judgements"), clean(value).replace("\0", "").strip()
    if len(said) > LONGEST_NAME:
        raise EngineError(
            f"The judgement has {len(said)} characters; {LONGEST_NAME} is the most. Write a note instead."
        )
    keys = keys_to_mark(data, rows)
    with changing(data.store) as con:
        new = differences(con, "judgement", column, keys, said or None)
        words = (
            f"{some(len(new))} judged {said!r} in {column!r}" if said else f"{some(len(new))} not judged in {column!r}"
        )
        return mark(con, new, words, who)


def judgements(data: Dataset, column: str) -> tuple[np.ndarray, list[str]]:
    """The rows judged in a column, int64 ascending, and what was said of each."""
    with reading(data.store) as con:
        found = con.execute("SELECT key, value FROM mark WHERE kind = 'judgement' AND name = ?", [column]).fetchall()
    rows = data.rows_of([key for key, _ in found])
    there = [i for i in np.argsort(rows, kind="stable").tolist() if rows[i] >= 0]
    return rows[there].astype(np.int64), [found[i][1] for i in there]
