"""A cap on the rows of each value of a column."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.recipe.filters._order import rank_in_group, wanted_first
from engine.registry import About, Bounds, CategoryColumn, Column, Help

ABOUT = About(title="So many of each", short="all but {most} rows of each “{column}”")


def at_most(
    data: Dataset,
    rows: np.ndarray,
    certain: np.ndarray,
    *,
    column: Annotated[CategoryColumn, Help("Such as the source: so many rows of each of its values may stay.")],
    most: Annotated[int, Bounds(1, 1_000_000_000), Help("Rows of each value.")] = 1000,
    by: Annotated[Column | None, Help("What decides which rows stay. Left out: the order of the rows.")] = None,
    keep: Annotated[
        Literal["first", "last"], Help("First: the lowest, earliest. Last: the highest, newest, longest.")
    ] = "first",
) -> Verdict:
    """Drop rows of each {column} beyond the {keep} {most}{by: by …}.

    It counts the rows that are left, so it stands in no nest. Rows that are always kept stay and count first. A row
    without a value belongs to no group and stays. Equal values of `by` go by the order of the rows, missing ones last.
    """
    codes, labels = data.codes(column, rows)
    order = wanted_first(data, rows, by, keep)
    order = order[np.argsort(~certain[order], kind="stable")]
    rank = np.empty(len(rows), np.int64)
    rank[order] = rank_in_group(codes[order])
    size = np.bincount(codes[codes >= 0], minlength=len(labels))

    def words(i: int) -> str:
        if codes[i] < 0:
            return f"{column} is missing"
        return f"{column} is “{labels[codes[i]]}”, which {size[codes[i]]:,} rows are; this is number {rank[i] + 1:,}"

    return Verdict((rank < most) | certain | (codes < 0), words)
