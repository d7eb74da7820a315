"""The labels of a column as annotators corrected them."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, answered_labels
from engine.errors import EngineError
from engine.registry import About, CategoryColumn, Help, Kind, Value, row_cost
from engine.signals.labels._answered import answered, names_of

ABOUT = About(
    title="Corrected labels",
    portable="this corpus only",
    values={
        "corrected_label": Value("category", names=names_of),
        "label_was_corrected": Value("boolean"),
    },
    cost=row_cost(1_000_000),
    version=2,
)


def corrected_label(
    data: Dataset,
    *,
    label: Annotated[CategoryColumn, Help("The column of labels as they came.")],
    answers: Annotated[str, Kind("rows", "answers"), Help("What annotators answered, as it stood when this was made.")],
) -> dict[str, np.ndarray]:
    """The {label} of every row as annotators corrected it, beside the one that came, which stays.

    int32 corrected_label: the answer, where there is one, else the label that came; answers may be labels that the
    column does not have. bool label_was_corrected: whether the two differ. Who answered and when stands in the
    snapshot, which travels with the recipe. Rows that are gone are passed over. Raises `EngineError` for answers to
    another column.
    """
    if (column := answered_labels(data, answers).column) != label:
        raise EngineError(f"These answers are about the column {column!r}, not {label!r}. Choose that one.")
    rows, said = answered(data, {"label": label, "answers": answers})
    codes = data.codes(label)[0]
    found = codes.astype(np.int32)
    found[rows] = said
    return {"corrected_label": found, "label_was_corrected": found != codes}
