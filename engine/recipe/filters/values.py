"""Keep or drop rows by the values of a column."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.registry import About, CategoryColumn, Help

ABOUT = About(short="“{column}” is {values}{missing: or missing}")


def values(
    data: Dataset,
    rows: np.ndarray,
    *,
    column: CategoryColumn,
    values: tuple[str, ...],
    do: Literal["keep", "drop"] = "keep",
    missing: Annotated[bool, Help("Count a missing value as one of the values.")] = False,
) -> Verdict:
    """{do} rows whose {column} is {values}{missing: or missing}.

    Values are labels as the screen shows them; one that does not occur matches no row, so that a
    recipe runs on other data.
    """
    codes, labels = data.codes(column, rows)
    wanted = set(values)
    # Code -1 is missing: it reads the last place of the table.
    named = np.array([*(label in wanted for label in labels), missing], bool)[codes]
    keep = named if do == "keep" else ~named
    return Verdict(keep, lambda i: f"{column} is missing" if codes[i] < 0 else f"{column} is “{labels[codes[i]]}”")
