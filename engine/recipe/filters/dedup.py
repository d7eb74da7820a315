"""Drop repeats: of rows that are alike one stays, and each that goes names it."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, cast

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.recipe.filters._judged import judged
from engine.recipe.filters._order import wanted_first
from engine.recipe.filters._repeats import repeats
from engine.registry import About, Bounds, Column, Help, Kind, RowsRef
from engine.text import differing


def _words(values: Mapping[str, object]) -> dict[str, str]:
    """The pairs as people say them: what does not count, instead of the key with its switches."""
    key, threshold, most = str(values["pairs"]), cast(float, values["threshold"]), values["most"]
    loose = [name.replace("_", " ") for name in re.findall(r"any_(\w+)=True", key)]
    more = f", whatever the {', '.join(loose)}" if loose else " in every column" if "every column" in key else ""
    least = f", similarity at least {threshold:g}" if threshold < 1 else ""
    return {"pairs": re.split(r"[(@]", key)[0] + more + least, "most": "" if most == 1 else str(most)}


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
    most: Annotated[int, Bounds(1, 1000), Help("So many rows that are alike may stay.")] = 1,
    stays: Annotated[RowsRef | None, Help("Rows chosen by hand, which stay before others that they are like.")] = None,
    apart: Annotated[RowsRef | None, Help("Pairs judged to be no duplicates: neither row goes for the other.")] = None,
) -> Verdict:
    """Drop rows that repeat another one ({pairs}), but for the {keep}{most: …}{by: by …}{stays: or chosen by hand}.

    Greedy and verified: a row goes only for a witness that stays, whose similarity to it was verified and reaches the
    threshold; where one of those alike stays, no two rows that do are like each other. It looks at the rows that are
    left, so it stands in no nest. Equal values of the column go by the order of the rows, a missing one comes last.
    Rows that are always kept stay, and are preferred as witnesses. Raises `EngineError` for a threshold below that down
    to which the pairs were looked for.
    """
    chosen, both = judged(data, stays, apart)
    order = wanted_first(data, rows, by, keep, chosen)
    witness, similarity = repeats(data, pairs, threshold, rows, certain, order, both, most=most)
    column = cast(str | None, data.artefact("pairs", pairs).spec.params.get("column"))

    def words(i: int) -> str:
        if witness[i] < 0:
            return "it repeats no row that stays"
        ends = np.array([rows[i], witness[i]])
        compared = data.texts(ends) if column is None else data.strings(column, ends)
        other = differing(*(text or "" for text in compared))
        return f"repeats row {witness[i]:,}, similarity {similarity[i]:.3f}{f': {other}' if other else ''}"

    return Verdict(witness < 0, words)
