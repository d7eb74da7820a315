"""A cap on the repeats of each source."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import MISSING, Dataset, Verdict
from engine.recipe.filters._judged import judged
from engine.recipe.filters._order import rank_in_group, wanted_first
from engine.recipe.filters._repeats import repeats
from engine.recipe.filters._room import room_for_repeats
from engine.registry import About, Bounds, CategoryColumn, Column, Help, Kind, RowsRef


def _words(values: Mapping[str, object]) -> dict[str, str]:
    return {"pairs": re.split(r"[(@]", str(values["pairs"]))[0]}


ABOUT = About(title="Few repeats in each", short="repeats beyond {percent} % of each “{column}”", words=_words)


def few_repeats(
    data: Dataset,
    rows: np.ndarray,
    certain: np.ndarray,
    *,
    pairs: Annotated[str, Kind("pairs"), Help("Found beforehand, such as `exact`; on other data anew.")],
    column: Annotated[CategoryColumn, Help("Such as the source.")],
    percent: Annotated[
        float, Bounds(0, 100), Help("0: no repeat stays, as without sources. 100: all of them do.")
    ] = 10,
    threshold: Annotated[
        float, Bounds(0, 1), Help("The least similarity of a repeat to a row that stays; equal rows have 1.")
    ] = 1.0,
    by: Annotated[Column | None, Help("What decides which row stays. Left out: the order of the rows.")] = None,
    keep: Annotated[
        Literal["first", "last"], Help("First: the lowest, earliest. Last: the highest, newest, longest.")
    ] = "first",
    stays: Annotated[RowsRef | None, Help("Rows chosen by hand, which stay before others that they are like.")] = None,
    apart: Annotated[
        RowsRef | None, Help("Pairs judged to be no duplicates: neither is a repeat of the other.")
    ] = None,
) -> Verdict:
    """Drop rows that repeat another one ({pairs}), but for {percent} % of each {column}, the {keep}{by: by …}.

    A repeat is a row that `dedup` would drop: it has a witness that stays, whose similarity to it is stored and at
    least the threshold. Of each value of the column so many of them stay, the most wanted first, that they are no more
    than this share of its rows that stay; without a value none stays. It looks at the rows that are left, so it stands
    in no nest. Rows that are always kept stay, and are preferred as witnesses, then those chosen by hand. Raises
    `EngineError` for a threshold below that down to which the pairs were looked for.
    """
    chosen, both = judged(data, stays, apart)
    order = wanted_first(data, rows, by, keep, chosen)
    witness, similarity = repeats(data, pairs, threshold, rows, certain, order, both)
    codes, labels = data.codes(column, rows)
    alone = np.bincount(codes[(witness < 0) & (codes >= 0)], minlength=len(labels))
    room = np.r_[room_for_repeats(alone, percent, len(rows)), 0]  # the code of a missing value is -1
    gone = order[witness[order] >= 0]
    keeps = witness < 0
    keeps[gone] = rank_in_group(codes[gone]) < room[codes[gone]]

    def words(i: int) -> str:
        if witness[i] < 0:
            return "it repeats no row that stays"
        said = f"repeats row {witness[i]:,}, similarity {similarity[i]:.3f}"
        where = MISSING if codes[i] < 0 else f"“{labels[codes[i]]}”"
        return f"{said}; repeats of {where} that may stay: {room[codes[i]]:,}"

    return Verdict(keeps, words)
