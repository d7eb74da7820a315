"""Soft labels beside the rows of an export: what a probe that has not seen a row takes it for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels import Advised, advised_weight, label_columns, soft_labels
from engine.registry import Json
from engine.store import read

SOFT = "soft_label"
"""What the column is called that holds them."""
TYPE = pa.list_(pa.struct([("label", pa.string()), ("probability", pa.float64())]))
MOST = 1_000
DECIMALS = 4


@dataclass(frozen=True)
class Soft:
    """Soft labels as they stand under `soft` in a recipe's output.

    label: the column of labels. embedding: by which rows are told. most: labels a row, the likeliest first.
    """

    label: str
    embedding: str
    most: int = 10

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Soft":
        """Read `soft` of an output; raises `EngineError` for a number of labels that is none."""
        found = read(Soft, value, "the soft labels of an output")
        if not 1 <= found.most <= MOST:
            raise EngineError(f"{found.most} labels a row are no soft label. Take 1 to {MOST:,}.")
        return found

    def of(self, data: Dataset) -> "Told":
        """The soft labels of all rows, kept in memory: told by all others of the dataset, whatever steps drop."""
        parts = [self.label, data.info(self.label).identity, data.artefact("graph", f"graph@{self.embedding}").identity]
        return data._cache.get(f"soft/{'/'.join(parts)}/{self.most}", lambda: self._told(data))

    def _told(self, data: Dataset) -> "Told":
        soft = soft_labels(data, self.label, self.embedding)
        most = min(self.most, len(soft.labels))
        # By probability, equal ones by label; a row of which nothing is known has NaN throughout.
        best = np.argsort(-soft.probability, axis=1, kind="stable")[:, :most].astype(np.int32)
        chance = np.take_along_axis(soft.probability, best, axis=1).astype(np.float64).round(DECIMALS)
        return Told(soft.labels, soft.kind, best, chance)


@dataclass(frozen=True)
class Told:
    """code: int32 (n, m), the likeliest labels of each row; chance: float64 (n, m), NaN for a row of which nothing is
    known. kind: of the probe that told them."""

    labels: tuple[str, ...]
    kind: str
    code: np.ndarray
    chance: np.ndarray

    def values(self, rows: np.ndarray) -> pa.Array:
        """The soft labels of rows, int64, as lists; labels of no probability are left out."""
        chance = self.chance[rows]
        there = ~np.isnan(chance[:, 0])
        said = np.nan_to_num(chance) > 0
        names = np.array(self.labels, object)[self.code[rows][said]]
        flat = pa.StructArray.from_arrays(
            [pa.array(names, pa.string()), pa.array(chance[said], pa.float64())], fields=list(TYPE.value_type)
        )
        ends = np.concatenate([np.zeros(1, np.int32), np.cumsum(said.sum(axis=1), dtype=np.int32)])
        return pa.ListArray.from_arrays(pa.array(ends), flat, type=TYPE, mask=pa.array(~there))


@dataclass(frozen=True)
class WrittenSoft:
    """Soft labels of the rows that were written. labels: of the column. without: rows of which nothing is known. kind:
    of the probe. weight, low, high: how much of a loss they should be where so much is kept, see `advised_weight`."""

    labels: int
    without: int
    kind: str
    weight: float
    low: float
    high: float

    def says(self, soft: Soft, share: float) -> list[str]:
        """What they are and what is advised, in sentences, for the data card and the page."""
        said = advised(share)
        return [
            f"{SOFT!r} has the likeliest {min(soft.most, self.labels):,} of {self.labels:,} labels of {soft.label!r} "
            f"with their probabilities, each row told by others, by {soft.embedding!r} ({self.kind}).",
            *([f"{self.without:,} rows have none: nothing is known of them."] if self.without else []),
            f"Advised weight in a loss: {said.words().removesuffix(said.source).strip()}",
            said.source,
        ]


def written_soft(data: Dataset, soft: Soft, rows: np.ndarray) -> WrittenSoft:
    """The soft labels of the rows that were written, int64, in numbers."""
    told, said = soft.of(data), advised(len(rows) / data.n if data.n else 1.0)
    without = int(np.isnan(told.chance[rows, 0]).sum())
    return WrittenSoft(len(told.labels), without, told.kind, said.weight, said.low, said.high)


def advised(share: float) -> Advised:
    """The advice for a share of the rows; where none is left that for the least."""
    return advised_weight(max(share, 1e-9))


def can_be_soft(data: Dataset) -> dict[str, tuple[str, ...]]:
    """Columns of labels, and the embeddings by which doubt about each was measured, the newest first."""
    made = [data.artefact("signal", key).spec.params for key in reversed(data.keys_of("signal"))]
    by = [(str(p.get("label", "")), str(p.get("embedding", ""))) for p in made]
    graphs = [key for key in data.keys_of("embedding") if f"graph@{key}" in data.added]
    found = {
        label: tuple(dict.fromkeys(e for of, e in by if of == label and e in graphs)) for label in label_columns(data)
    }
    return {label: embeddings for label, embeddings in found.items() if embeddings}
