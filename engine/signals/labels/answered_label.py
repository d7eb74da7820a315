"""The labels that annotators gave, where there was no column of labels before."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, answered_labels
from engine.registry import About, Help, Kind, Value, row_cost

ABOUT = About(
    title="Answered labels",
    portable="this corpus only",
    values={"answered_label": Value("category")},
    cost=row_cost(1_000_000),
)


def answered_label(
    data: Dataset,
    *,
    answers: Annotated[str, Kind("rows", "answers"), Help("What annotators answered, as it stood when this was made.")],
) -> dict[str, np.ndarray]:
    """The label that annotators gave each row, none where they gave none.

    answered_label: its name. Who answered and when stands in the snapshot, which travels with the recipe. Rows that are
    gone are passed over.
    """
    said = answered_labels(data, answers)
    found = np.full(data.n, None, object)
    rows = data.rows_of(list(said.keys))
    found[rows[rows >= 0]] = np.array(said.labels, object)[rows >= 0]
    return {"answered_label": found}
