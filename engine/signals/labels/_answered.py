"""What signals that stand on answers share: the answers by row, as codes of the labels that there are."""

from collections.abc import Mapping

import numpy as np

from engine.dataset import Dataset, answered_labels
from engine.registry import Json


def names_of(data: Dataset, params: Mapping[str, Json]) -> list[str]:
    """The labels of the column, where one is named, then those that were answered besides."""
    names = data.codes(str(params["label"]))[1] if params.get("label") else []
    return list(dict.fromkeys([*names, *answered_labels(data, str(params["answers"])).labels]))


def answered(data: Dataset, params: Mapping[str, Json]) -> tuple[np.ndarray, np.ndarray]:
    """The rows that are answered, int64, and the code of each answer, int32; rows that are gone are passed over."""
    said = answered_labels(data, str(params["answers"]))
    code = {name: i for i, name in enumerate(names_of(data, params))}
    rows = data.rows_of(list(said.keys))
    codes = np.array([code[name] for name in said.labels], np.int32)
    return rows[rows >= 0], codes[rows >= 0]
