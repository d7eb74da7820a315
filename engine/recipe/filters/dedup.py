"""Drop repeats: of rows that are alike one stays, and each that goes names it."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.pairs import witnesses
from engine.registry import About, Bounds, Column, Help, Kind


def _words(values: Mapping[str, object]) -> dict[str, str]:
    """The pairs as people say them: what does not count, instead of the key with its switches."""
    key = str(values["pairs"])
    loose = [name.replace("_", " ") for name in re.findall(r"any_(\w+)=True", key)]
    more = f", whatever the {', '.join(loose)}" if loose else " in every column" if "every column" in key else ""
    return {"pairs": re.split(r"[(@]", key)[0] + more}


ABOUT = About(title="Repeats", short="repeats of another row", words=_words)


def dedup(
    data: Dataset,
    rows: np.ndarray,
    certain: np.ndarray,
    *,
    pairs: Annotated[str, Kind("pairs"), Help("Found beforehand, such as `exact`; on other data anew.")],
    threshold: Annotated[
        float, Bounds(0, 1), Help("The least similarity of a row that goes to one that stays; equal rows have 1.")
    ] = 1.0,
    by: Annotated[
        Column | None, Help("What decides which row stays: a length, a date, a score. Left out: the order of the rows.")
    ] = None,
    keep: Annotated[
        Literal["first", "last"], Help("First: the lowest, earliest. Last: the highest, newest, longest.")
    ] = "first",
) -> Verdict:
    """Drop rows that repeat another one ({pairs}); the {keep}{by: by …} stays.

    Greedy and verified: a row goes only for a witness that stays, whose similarity to it is stored and at least the
    threshold; of two rows that stay none is like the other. It looks at the rows that are left, so it stands in no
    nest. Equal values of the column go by the order of the rows, a missing one comes last. Rows that are always kept
    stay, and are preferred as witnesses.
    """
    order = _wanted_first(data, rows, by, keep)
    found = data.pairs(pairs)
    witness, similarity = np.empty(len(rows), np.int64), np.empty(len(rows), np.float32)
    witness[order], similarity[order] = witnesses(found, rows[order], threshold, certain[order])
    return Verdict(
        witness < 0,
        lambda i: (
            "it repeats no row that stays"
            if witness[i] < 0
            else f"repeats row {witness[i]:,}, similarity {similarity[i]:.3f}"
        ),
    )


def _wanted_first(data: Dataset, rows: np.ndarray, by: str | None, keep: str) -> np.ndarray:
    """Places in `rows`, which ascend: the row to keep first, ties by the order of the rows."""
    if by is None:
        return np.arange(len(rows)) if keep == "first" else np.arange(len(rows))[::-1]
    if data.info(by).type in ("integer", "number", "boolean", "date"):
        values = data.numbers(by, rows)
    else:
        codes, labels = data.codes(by, rows)
        place = np.empty(len(labels) + 1)
        place[np.argsort(np.array(labels, object), kind="stable")] = np.arange(len(labels), dtype=float)
        place[-1] = np.nan  # the code of a missing value is -1
        values = place[codes]
    return np.argsort(values if keep == "first" else -values, kind="stable")
