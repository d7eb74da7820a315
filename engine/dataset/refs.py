"""What filters on refs share: the rows that a ref lists, and what it says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset.dataset import Dataset
from engine.dataset.examples import Examples
from engine.dataset.fitted_model import FittedModel
from engine.dataset.text_set import TextSet
from engine.errors import Damaged, EngineError
from engine.registry import Json
from engine.store import canonical, read


@dataclass(frozen=True)
class ListedRows:
    """A ref of rows, by key."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class AnsweredLabels:
    """A ref of what annotators say labels are. column: of the labels that came. Of each answer the row's key, the
    label, who gave it (nobody where somebody settled it) and when, ISO 8601."""

    column: str
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    annotators: tuple[tuple[str, ...], ...]
    at: tuple[str, ...]

    def __post_init__(self) -> None:
        if len({len(part) for part in (self.keys, self.labels, self.annotators, self.at)}) > 1:
            raise EngineError("A list of answers names more rows than labels, or fewer. Take it again.")


@dataclass(frozen=True)
class CorrectedCells:
    """A ref of how people corrected cells of a column. Of each the row's key, what stands there now (None: no value;
    as text, as `cell_texts` has it), who said so and when, ISO 8601."""

    column: str
    keys: tuple[str, ...]
    values: tuple[str | None, ...]
    by: tuple[str, ...]
    at: tuple[str, ...]

    def __post_init__(self) -> None:
        if len({len(part) for part in (self.keys, self.values, self.by, self.at)}) > 1:
            raise EngineError("A list of corrections names more rows than values, or fewer. Take it again.")


@dataclass(frozen=True)
class RowNumbers:
    """A ref of a number for some rows, as it was found. name: what they are; values: one a key, none NaN."""

    name: str
    keys: tuple[str, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.keys) != len(self.values):
            raise EngineError(
                f"{self.name!r} names {len(self.keys):,} rows and {len(self.values):,} numbers. Take it again."
            )


@dataclass(frozen=True)
class RowSeries:
    """A ref of a series of numbers for some rows, as a log had it. column: whose values the keys are; values: one
    series a key, in the order of the log's steps, None where a number is missing."""

    name: str
    column: str
    keys: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]

    def __post_init__(self) -> None:
        if len(self.keys) != len(self.values):
            raise EngineError(
                f"{self.name!r} names {len(self.keys):,} rows and {len(self.values):,} series. Take it again."
            )


@dataclass(frozen=True)
class Region:
    """A ref of a region on a map. digest: of the map as drawn. rows: fingerprint. polygon: corners, x and y. placed:
    whether the map holds rows that were placed on it later."""

    map: str
    digest: str
    rows: str
    polygon: tuple[tuple[float, ...], ...]
    placed: bool = False


@dataclass(frozen=True)
class Target:
    """A ref of what rows are compared with.

    identity: of the embedding; embedder: the digest of its model. rows: fingerprint. vector: on the grid. text, more,
    less: what was typed, or the keys of the examples. unlike: on the grid, what rows are to be less like; () for none.
    """

    embedding: str
    identity: str
    embedder: str
    rows: str
    vector: tuple[int, ...]
    text: str
    more: tuple[str, ...]
    less: tuple[str, ...]
    unlike: tuple[int, ...] = ()


_KINDS: dict[str, type] = {
    "rows": ListedRows,
    "answers": AnsweredLabels,
    "cells": CorrectedCells,
    "region": Region,
    "target": Target,
    "texts": TextSet,
    "model": FittedModel,
    "examples": Examples,
    "numbers": RowNumbers,
    "series": RowSeries,
}
_MOST_GRID = 2048  # a unit vector on the grid holds nothing longer


def read_ref(data: Dataset, ref: str, kind: str) -> dict[str, Json]:
    """The content of a ref, read once; raises `EngineError` for one of another kind, or without what its kind says.

    kind: "" where any is meant.
    """
    content = data._cache.get(f"ref/{ref}", lambda: data.store.read_ref(ref))
    if kind and content.get("kind") != kind:
        raise EngineError(
            f"The ref {ref[:12]}… holds {content.get('kind')!r}, where {kind!r} is needed. Make it again."
        )
    data._cache.get(f"ref/{ref}/checked", lambda: _checked(content, ref) is not None)
    return content


def fitted_model(data: Dataset, ref: str) -> FittedModel:
    """The model of a ref, its arrays still packed; raises `EngineError` for a ref of another kind."""
    return cast(FittedModel, _checked(read_ref(data, ref, "model"), ref))


def examples(data: Dataset, ref: str) -> Examples:
    """The examples of a ref; raises `EngineError` for a ref of another kind."""
    return cast(Examples, _checked(read_ref(data, ref, "examples"), ref))


def answered_labels(data: Dataset, ref: str) -> AnsweredLabels:
    """The answers of a ref; raises `EngineError` for a ref of another kind."""
    return cast(AnsweredLabels, _checked(read_ref(data, ref, "answers"), ref))


def corrected_cells(data: Dataset, ref: str) -> CorrectedCells:
    """The corrections of a ref; raises `EngineError` for a ref of another kind."""
    return cast(CorrectedCells, _checked(read_ref(data, ref, "cells"), ref))


def row_numbers(data: Dataset, ref: str) -> RowNumbers:
    """The numbers of a ref; raises `EngineError` for a ref of another kind."""
    return cast(RowNumbers, _checked(read_ref(data, ref, "numbers"), ref))


def row_series(data: Dataset, ref: str) -> RowSeries:
    """The series of a ref; raises `EngineError` for a ref of another kind."""
    return cast(RowSeries, _checked(read_ref(data, ref, "series"), ref))


def said_by_people(data: Dataset, column: str, cells: str | None, answers: str | None) -> dict[str, str | None]:
    """What cells of a column say by row key, as people corrected them and as they answered; an answer counts above.

    Raises `EngineError` for refs about another column.
    """
    said = dict[str, str | None]()
    if cells:
        corrected = corrected_cells(data, cells)
        _same(column, corrected.column, "corrections are of")
        said |= zip(corrected.keys, corrected.values, strict=True)
    if answers:
        answered = answered_labels(data, answers)
        _same(column, answered.column, "answers are about")
        said |= zip(answered.keys, answered.labels, strict=True)
    return said


def _same(column: str, of: str, what: str) -> None:
    if of != column:
        raise EngineError(f"These {what} the column {of!r}, not {column!r}. Choose that one.")


def _checked(content: dict[str, Json], ref: str) -> object:
    said = {k: v for k, v in content.items() if k != "kind"}
    return read(cast("type[object]", _KINDS[str(content["kind"])]), said, f"the ref {ref[:12]}…")


def ref_from_outside(content: Json, ref: str) -> bytes:
    """The bytes of a snapshot that came in a file; raises `EngineError` where it is not what its name says."""
    kind = content.get("kind") if isinstance(content, dict) else None
    if not isinstance(content, dict) or kind not in _KINDS:
        raise EngineError(f"The ref {ref[:12]}… of the file is no snapshot of a known kind, but {content!r:.60}.")
    found = _checked(content, ref)
    if isinstance(found, FittedModel):
        found.unpacked()
    vector = [*cast(list[int], content.get("vector", [])), *cast(list[int], content.get("unlike", []))]
    if isinstance(found, Examples) and found.packed:
        vector = found.vectors.ravel().astype(int).tolist()
    if any(abs(value) > _MOST_GRID for value in vector):
        raise EngineError(f"The ref {ref[:12]}… of the file holds a vector that is none: {max(vector, key=abs)}.")
    try:
        body = canonical(content)
    except ValueError as error:  # half a character, NaN
        raise EngineError(f"The ref {ref[:12]}… of the file holds what cannot be written: {error}.") from error
    if hashlib.sha256(body).hexdigest() != ref:
        raise Damaged(f"The ref {ref[:12]}… of the file has been changed. Take the file again from where it came.")
    return body


def lend_refs(data: Dataset, refs: Mapping[str, bytes]) -> None:
    """Let a dataset see snapshots that it does not hold, so that a plan can read them and writes nothing."""
    for name, body in refs.items():
        data._cache.get(f"ref/{name}", lambda body=body: cast(dict[str, Json], json.loads(body)))  # type: ignore[misc]


def listed_rows(data: Dataset, ref: str) -> np.ndarray:
    """bool (n,): rows whose key is in the ref. Keys that are gone are passed over, but not all of them at once."""
    return data._cache.get(f"ref/{ref}/rows/{data.fingerprint}", lambda: _listed(data, ref))


def _listed(data: Dataset, ref: str) -> np.ndarray:
    keys = cast(list[str], read_ref(data, ref, "rows")["keys"])
    rows = data.rows_of(keys)
    there = rows[rows >= 0]
    if len(keys) and not len(there):
        raise EngineError(
            f"None of the {len(keys):,} rows of the list {ref[:12]}… is in {data.name!r}: "
            "they belong to another corpus. Choose the rows again here, or take the step out."
        )
    mask = np.zeros(data.n, bool)
    mask[there] = True
    return mask


def listed_elsewhere(data: Dataset, ref: str) -> bool:
    """Whether a ref lists rows, and none of them is here: it was made on another corpus."""
    keys = cast(list[str], read_ref(data, ref, "rows")["keys"])
    return len(keys) > 0 and bool((data.rows_of(keys) < 0).all())


def drawn_digest(data: Dataset, family: str, key: str, arrays: tuple[str, ...]) -> str:
    """What a map or topics say, not what they are called: a renamed topic is the same, a redrawn map is another."""
    parts = data.artefact(family, key).arrays
    return "-".join(segment.sha256[:16] for name in arrays for segment in parts[name])
