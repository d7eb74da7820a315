"""The labels that annotators gave, where there was no column of labels before."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from engine.dataset import Dataset, answered_labels
from engine.registry import About, Help, Json, Kind, Value, row_cost


def _names(data: Dataset, params: Mapping[str, Json]) -> list[str]:
    return list(dict.fromkeys(answered_labels(data, str(params["answers"])).labels))


ABOUT = About(
    title="Answered labels",
    portable="this corpus only",
    values={"answered_label": Value("category", names=_names)},
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
    found, said = np.full(data.n, -1, np.int32), answered_labels(data, answers)
    code = {name: i for i, name in enumerate(_names(data, {"answers": answers}))}
    rows = data.rows_of(list(said.keys))
    found[rows[rows >= 0]] = np.array([code[name] for name in said.labels], np.int32)[rows >= 0]
    return {"answered_label": found}
