"""Drop or keep rows that share a run of words with another set: a benchmark, an earlier release."""

from typing import Annotated, Literal, cast

import numpy as np

from engine.dataset import Dataset, TextSet, Verdict, read_ref, texts
from engine.pairs import items_of, shared_by
from engine.recipe.filters._runs import Edited, InUnit, Least
from engine.registry import About, Help, Kind, TextColumn

ABOUT = About(title="Leaks from another set", short="shared with {label}")


def overlaps(
    data: Dataset,
    rows: np.ndarray,
    *,
    other: Annotated[str, Kind("rows", "texts"), Help("The texts of the set.")],
    label: Annotated[str, Help("What the set is called on the screen.")] = "the other set",
    least: Least = 13,
    unit: InUnit = "words",
    edited: Edited = True,
    column: Annotated[TextColumn | None, Help("Left out: the text of the row.")] = None,
    do: Literal["keep", "drop"] = "drop",
) -> Verdict:
    """{do} rows that share a run of {least} {unit} or more with {label}{edited:, edited or not}.

    Case, punctuation and spaces do not count. An item shorter than the run is found where a row holds all of it, from
    5 words on; shorter ones are never found. The texts of the set go with the recipe, so that what a row shares can be
    shown. Each match is verified word by word.
    """
    there = _set(data, other)
    found = shared_by(data, rows, column, items_of(data, other, lambda: there.texts, least, unit), edited=edited)

    def words(i: int) -> str:
        if found.item[i] < 0:
            return f"shares nothing with {label}"
        item = f"item {there.rows[found.item[i]]:,} of {label}"
        return found.words(i, texts(data, column, rows[i : i + 1])[0].as_py(), item)

    return Verdict(found.found if do == "keep" else ~found.found, words)


def _set(data: Dataset, ref: str) -> TextSet:
    said = read_ref(data, ref, "texts")
    return TextSet(str(said["name"]), tuple(cast(list[str], said["texts"])), tuple(cast(list[int], said["rows"])))
