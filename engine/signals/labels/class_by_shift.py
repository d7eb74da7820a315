"""Which class a row is of that nobody named, by how the classes' shares differ from source to source."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import by_shift, class_names
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Json, Value, row_cost


def names_of(data: Dataset, params: Mapping[str, Json]) -> list[str]:
    """“class 1” and so on."""
    return list(class_names(int(str(params["classes"]))))


ABOUT = About(
    title="Class by how sources differ",
    values={
        "shift_class": Value("category", names=names_of),
        "shift_confidence": Value("number", "0 to 1"),
    },
    cost=row_cost(5_000),
)


def class_by_shift(
    data: Dataset,
    *,
    embedding: Embedding,
    source: Annotated[CategoryColumn, Help("The column of sources, at least as many as classes.")],
    classes: Annotated[int, Bounds(2, 100), Help("How many classes to look for.")] = 2,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> dict[str, np.ndarray]:
    """Part rows into {classes} classes of which each {source} holds another share, told by {embedding}.

    A probe tells how likely each source is for a row; rows are parted by that, and the table of parts by sources is
    taken apart into factors. The classes have no names: read some rows of each. float32 shift_confidence: the
    probability of the class. What has the same share in all sources is not found. Missing without a vector or source.
    Source: latent label shift (Roberts et al. 2022). Raises `EngineError` for fewer sources than classes.
    """
    found = by_shift(data, embedding=embedding, source=source, classes=classes, seed=seed).told
    return {"shift_class": found.code, "shift_confidence": found.confidence}
