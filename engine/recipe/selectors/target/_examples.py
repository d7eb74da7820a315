"""What selectors toward a target share: its examples, and the rows that are examples themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset, Examples, Spec, examples
from engine.errors import EngineError
from engine.registry import Json
from engine.vectors import EMBEDDERS, comparable
from indexes import to_float

TINY = 20
"""Examples below which a target says little of what is wanted."""


@dataclass(frozen=True)
class Wanted:
    """The examples of a target by an embedding. vectors: float32 (M, d), unit length. of: int64 (M,), the set that each
    belongs to; sets: their names. rows: int64, rows of the dataset that are examples, which are never picked."""

    vectors: np.ndarray
    of: np.ndarray
    sets: tuple[str, ...]
    rows: np.ndarray


def wanted(data: Dataset, embedding: str, ref: str) -> Wanted:
    """The examples of a ref; raises `EngineError` where their vectors were made by another model."""
    found = examples(data, ref)
    grid = _checked(data, embedding, found)
    names = tuple(found.set_names())
    place = {name: at for at, name in enumerate(names)}
    rows = data.rows_of([key for key in found.keys if key])
    return Wanted(
        to_float(grid),
        np.array([place[name] for name in found.sets], np.int64),
        names,
        np.unique(rows[rows >= 0]),
    )


def texts_wanted(data: Dataset, ref: str) -> tuple[list[str], np.ndarray]:
    """The texts of a target, and the rows of the dataset that are examples: int64."""
    found = examples(data, ref)
    rows = data.rows_of([key for key in found.keys if key])
    return list(found.texts), np.unique(rows[rows >= 0])


def foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    """Why the examples of a step cannot be compared on a dataset, "" where they can."""
    found, key = examples(data, str(params["target"])), str(params["embedding"])
    if key in data.added:
        return "" if _fits(data, key, found) else f"its examples were embedded with other vectors than {key!r} holds"
    member = EMBEDDERS.get(specs[key].member) if key in specs else None
    if member and member.about.portable != "portable" and found.rows != data.fingerprint:
        return f"its examples were embedded with {member.name} vectors of other rows"
    return ""


def _fits(data: Dataset, embedding: str, found: Examples) -> bool:
    return comparable(data, embedding, found.identity, found.embedder, found.vectors.shape[1])


def _checked(data: Dataset, embedding: str, found: Examples) -> np.ndarray:
    """int16 (M, d): the vectors of examples, which are those of this embedding or of its very model."""
    if _fits(data, embedding, found):
        return found.vectors
    raise EngineError(
        f"The examples of {found.name} were embedded with other vectors ({found.embedding!r}) than {embedding!r} "
        "holds. Take them again here, or choose the embedding that they were made with."
    )
