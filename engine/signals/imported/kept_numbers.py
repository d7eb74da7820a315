"""Numbers that were found of rows once, such as how often a choice comes again, as a column."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, row_numbers
from engine.registry import About, Help, Kind, Value, row_cost

ABOUT = About(
    title="Kept numbers",
    portable="this corpus only",
    values={"kept_numbers": Value("number")},
    told_by="called",
    cost=row_cost(1_000_000),
)


def kept_numbers(
    data: Dataset,
    *,
    called: Annotated[str, Help("What the numbers are, by which the column is told from other ones.")] = "",
    numbers: Annotated[str, Kind("rows", "numbers"), Help("The numbers, as they stood when this was made.")],
) -> dict[str, np.ndarray]:
    """The numbers that were kept of rows{called:, called …}.

    float64, NaN for a row without one. They stand in a snapshot, which travels with the recipe; rows that are gone are
    passed over. The page Choose keeps such numbers of a choice: how often a row is picked again, for how many it
    stands.
    """
    found, said = np.full(data.n, np.nan), row_numbers(data, numbers)
    rows = data.rows_of(list(said.keys))
    found[rows[rows >= 0]] = np.array(said.values, np.float64)[rows >= 0]
    return {"kept_numbers": found}
