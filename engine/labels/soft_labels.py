"""Soft labels: what a probe that has not seen a row takes it for, to train on beside or instead of its label."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import ProbeKind, groups_of, probe, seen_meaning
from engine.store import write_bytes

COPIES = 0.95
MOST_COPIES = 100
SEEN = (
    (0.05, 0.83, 0.7, 1.0),
    (0.1, 0.83, 0.5, 1.0),
    (0.2, 0.5, 0.0, 0.9),
    (0.5, 0.33, 0.0, 0.9),
    (1.0, 0.27, 0.0, 0.8),
)
"""Share of rows kept; of the weights that were best there on three sets the mean, the least and the most.

`benchmarks/label_balance.py`, part distilling: clinc150 with planted errors, sms-spam with 15 % of labels flipped,
hate-offensive; rows kept at random, students by ridge regression, the teacher a probe of all rows.
"""


@dataclass(frozen=True)
class SoftLabels:
    """probability: float32 (n, K), of all rows of the dataset, each summing to 1, NaN where nothing is known; labels:
    K. kind: what learned them."""

    column: str
    labels: tuple[str, ...]
    probability: np.ndarray
    kind: str


def soft_labels(data: Dataset, label: str, embedding: str, *, by: ProbeKind = "by count") -> SoftLabels:
    """The probabilities of all labels, by a probe on an embedding, out of fold and calibrated, copies kept together."""
    codes, names = data.codes(label)
    graph, stored = data.graph(embedding), data.embedding(embedding)
    most = min(MOST_COPIES, int((codes >= 0).sum()) // 10)
    of_node = groups_of(np.asarray(graph.neighbours), np.asarray(graph.similarity), copies=COPIES, most=most)
    node = np.asarray(stored.texts.of_row, np.int64)
    groups = np.where(node >= 0, of_node[np.maximum(node, 0)], -1)
    found = probe(seen_meaning(data, embedding), codes.astype(np.int64), groups, len(names), kind=by)
    found.probability[(codes >= 0) & ~found.known] = np.nan
    return SoftLabels(label, tuple(names), found.probability, found.kind)


def soft_label_table(data: Dataset, soft: SoftLabels, rows: np.ndarray, *, most: int = 10) -> pa.Table:
    """Row key, given label, the likeliest labels with their probabilities (at most so many), and what is left for
    others.

    Beside an export, whose rows have the same keys. A row of which nothing is known has no soft label.
    """
    if most < 1:
        raise EngineError(f"{most} labels a row are no soft label. Take 1 or more.")
    p = soft.probability[rows].astype(np.float64)
    best = np.argsort(-np.nan_to_num(p, nan=-1), axis=1, kind="stable")[:, :most]
    chance = np.take_along_axis(p, best, axis=1)
    there = ~np.isnan(p).any(axis=1)
    names = np.array(soft.labels, object)
    listed = [
        [{"label": name, "probability": float(c)} for name, c in zip(names[b], row, strict=True)] if known else None
        for b, row, known in zip(best, chance, there, strict=True)
    ]
    kind = pa.list_(pa.struct([("label", pa.string()), ("probability", pa.float64())]))
    rest = np.where(there, np.maximum(1 - chance.sum(axis=1), 0), np.nan)
    return pa.table(
        {
            "key": pa.array(data.keys(rows), pa.string()),
            "label": pa.array(data.strings(soft.column, rows), pa.string()),
            "soft_label": pa.array(listed, kind),
            "others": pa.array(rest, pa.float64(), from_pandas=True),
        }
    )


def write_soft_labels(table: pa.Table, path: Path) -> None:
    """Write soft labels as Parquet, whole or not at all."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    write_bytes(path, sink.getvalue().to_pybytes())


@dataclass(frozen=True)
class Advised:
    """How much of a loss the soft labels should be, beside the given ones: weight, 0 to 1, and the range of what was
    best on three sets. known: the share lies where it was measured. source: what stands behind it."""

    share: float
    weight: float
    low: float
    high: float
    known: bool
    source: str

    def words(self) -> str:
        """The advice with its limits."""
        least = SEEN[0][0]
        where = "" if self.known else f" Below a share of {least:g} nothing was measured: this is that of {least:g}."
        return (
            f"{self.share:.3g} of the rows kept: {self.weight:.2f} for the soft labels, {1 - self.weight:.2f} for the "
            f"given ones; {self.low:.1f} to {self.high:.1f} were best on three sets.{where} {self.source}"
        )


def advised_weight(share: float) -> Advised:
    """The weight of soft labels where so much of the rows is kept, 0 to 1: the fewer rows, the higher.

    That it rises with what is cut is the finding of Ben-Baruch et al. 2024 (Distilling the Knowledge in Data Pruning);
    the figures are those of `SEEN`, between them by the logarithm of the share. They hold for linear students: a range
    from 0 to 0.9 says that the noise of the labels matters more than the share. Try two or three on rows held out.

    >>> advised_weight(0.1).weight > advised_weight(0.5).weight
    True
    """
    if not 0 < share <= 1:
        raise EngineError(f"The share of rows kept is {share:g}; it lies above 0 and goes to 1.")
    at = np.log([s for s, *_ in SEEN])
    weight, low, high = (float(np.interp(np.log(share), at, [row[i] for row in SEEN])) for i in (1, 2, 3))
    source = "Measured with linear students on three sets; other students may want another."
    return Advised(share, weight, low, high, share >= SEEN[0][0], source)
