"""Drop or keep rows that share a run of words with another part of the dataset: train with test, new with old."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict, part_set, texts
from engine.pairs import items_of, shared_by
from engine.recipe.filters._runs import Edited, InUnit, Least
from engine.registry import About, CategoryColumn, Help, TextColumn

ABOUT = About(title="Leaks from another part", short="shared with rows whose “{by}” is {values}")


def overlaps_part(
    data: Dataset,
    rows: np.ndarray,
    *,
    by: Annotated[CategoryColumn, Help("What tells the parts apart, such as a column of train and test.")],
    values: Annotated[tuple[str, ...], Help("The part that the others are compared with; its own rows share nothing.")],
    least: Least = 13,
    unit: InUnit = "words",
    edited: Edited = True,
    column: Annotated[TextColumn | None, Help("Left out: the text of the row.")] = None,
    do: Literal["keep", "drop"] = "drop",
) -> Verdict:
    """{do} rows that share a run of {least} {unit} or more with a row whose {by} is {values}{edited:, edited or not}.

    As `overlaps`, with rows of the same dataset instead of another set: all of that part, whether other steps keep them
    or not, so that each row is judged by itself.
    """
    there = part_set(data, by, values, column)
    name = f"{data.fingerprint}/{data.info(by).identity}/{by}/{sorted(set(values))}/{column}"
    made = items_of(data, name, lambda: there.texts, least, unit)
    found = shared_by(data, rows, column, made, edited=edited)
    codes, labels = data.codes(by, rows)
    mine = np.array([*(label in set(values) for label in labels), False], bool)[codes]
    leaks = found.found & ~mine

    def words(i: int) -> str:
        if not leaks[i]:
            return "is in that part itself" if mine[i] else "shares nothing with that part"
        item = f"row {there.rows[found.item[i]]:,}"
        return found.words(i, texts(data, column, rows[i : i + 1])[0].as_py(), item)

    return Verdict(leaks if do == "keep" else ~leaks, words)
