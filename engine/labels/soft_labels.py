"""Soft labels: what a probe that has not seen a row takes it for, to train on beside or instead of its label."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import ProbeKind, copy_groups, probe, seen_meaning

COPIES = 0.95
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
    groups = copy_groups(data, embedding, COPIES, codes >= 0)
    found = probe(seen_meaning(data, embedding), codes.astype(np.int64), groups, len(names), kind=by)
    found.probability[(codes >= 0) & ~found.known] = np.nan
    return SoftLabels(label, tuple(names), found.probability, found.kind)


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
