"""The labels that annotators gave, where there was no column of labels before."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Help, Kind, Value, row_cost
from engine.signals.labels._answered import answered, names_of

ABOUT = About(
    title="Answered labels",
    portable="this corpus only",
    values={"answered_label": Value("category", names=names_of)},
    cost=row_cost(1_000_000),
)


def answered_label(
    data: Dataset,
    *,
    answers: Annotated[str, Kind("rows", "answers"), Help("What annotators answered, as it stood when this was made.")],
) -> dict[str, np.ndarray]:
    """The label that annotators gave each row, none where they gave none.

    int32 answered_label: the answer, -1 for none. Who answered and when stands in the snapshot, which travels with the
    recipe. Rows that are gone are passed over.
    """
    found = np.full(data.n, -1, np.int32)
    rows, said = answered(data, {"answers": answers})
    found[rows] = said
    return {"answered_label": found}
