"""Which label a row has, of all that there are or will be, by how near they are to each other."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import by_taxonomy, distances, next_classes
from engine.registry import About, CategoryColumn, Embedding, Help, Json, Value, row_cost

BETWEEN = ">"


def names_of(data: Dataset, params: Mapping[str, Json]) -> list[str]:
    """The labels of the column, and after them those that are named or have a path."""
    said = [_texts(params[name]) for name in ("classes", "paths")]
    return _names(data.codes(str(params["label"]))[1], *said)


ABOUT = About(
    title="Label by a taxonomy",
    values={
        "taxonomy_label": Value("category", names=names_of),
        "taxonomy_confidence": Value("number", "0 to 1; missing where the label was given"),
        "collect_next": Value("integer", "1 first; of rows whose label nobody gave yet"),
    },
    cost=row_cost(5_000),
)


def label_by_taxonomy(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels, given for some rows.")],
    classes: Annotated[tuple[str, ...], Help("Labels that no row has yet, by name.")] = (),
    paths: Annotated[
        tuple[str, ...],
        Help("Where each label stands in a taxonomy, those of the column too: “pets > cat”. None: names tell it."),
    ] = (),
) -> dict[str, np.ndarray]:
    """The label in the middle of what is likely by {embedding}, for rows without a {label}; a given label stays.

    A probe on the given labels says how likely each is; the answer is the one of least Σ p · distance², among these,
    {classes} and those of {paths}. Distances are steps in the taxonomy, or those of the names in meaning. float32
    taxonomy_confidence: the probability of the labels no farther from the answer than its nearest other one.
    collect_next: for rows told a label that nobody gave yet, its place in the order in which to collect: first the one
    after which all labels are nearest to a given one. Missing without a vector.
    Source: Loki (Roberts et al. 2023). By names it finds next to no row of an unseen label; `label_by_name` does.
    Raises `EngineError` where a label lacks its path, two paths end alike, and fewer than two labels are used.
    """
    of_path = {path[-1]: path for path in map(_path, paths)}
    if len(of_path) < len(paths):
        raise EngineError("Two paths end with the same label. Give each label one path, such as “pets > cat”.")
    labels = data.codes(label)[1]
    names = _names(labels, classes, paths)
    if paths and (lacks := [name for name in names if name not in of_path]):
        raise EngineError(f"{lacks[0]!r} has no path. Give one for each label, such as “pets > {lacks[0]}”.")
    told = {"paths": {name: of_path[name] for name in names}} if paths else {"classes": dict.fromkeys(names, "")}
    found = by_taxonomy(data, embedding=embedding, label=label, **told)
    have = np.isin(np.arange(len(names)), data.codes(label)[0])
    place = np.full(len(names) + 1, np.nan, np.float32)
    order = next_classes(distances(data, embedding, **told), have, len(names))
    place[order] = np.arange(1, len(order) + 1)
    return {"taxonomy_label": found.code, "taxonomy_confidence": found.confidence, "collect_next": place[found.code]}


def _names(labels: Sequence[str], classes: Sequence[str], paths: Sequence[str]) -> list[str]:
    more = [name.strip() for name in classes] + [_path(path)[-1] for path in paths]
    return list(dict.fromkeys([*labels, *filter(None, more)]))


def _path(said: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in said.split(BETWEEN))


def _texts(value: Json) -> list[str]:
    return [str(text) for text in value] if isinstance(value, Sequence) and not isinstance(value, str) else []
