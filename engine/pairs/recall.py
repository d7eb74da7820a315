"""How many of the pairs that there are were found: measured against exact search on sampled texts, with an interval."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from engine.registry import Json
from indexes import wilson

SAMPLE = 2000


@dataclass(frozen=True)
class PairRecall:
    """Share of the true pairs of sampled texts that were found, 0…1, with a 95 % interval.

    texts: sampled ones that have a pair, each counting once; sampled: of so many; pairs: true pairs of them. value is
    NaN where none of them has a pair. The interval is Wilson's with the texts as its count: never too narrow for pairs
    of one text that are missed together.
    """

    value: float
    low: float
    high: float
    texts: int
    sampled: int
    pairs: int

    def json(self) -> dict[str, Json]:
        """As it stands in the notes of pairs; NaN as null."""
        return {name: None if value != value else value for name, value in asdict(self).items()}


def pair_recall(sample: np.ndarray, sampled: int, found: np.ndarray) -> PairRecall:
    """The recall, from the true pairs of a sample. sample: int (k,), the text that each is a pair of; found: bool."""
    texts, which = np.unique(sample, return_inverse=True)
    if not len(texts):
        return PairRecall(float("nan"), 0.0, 1.0, 0, sampled, 0)
    value = float((np.bincount(which, weights=found) / np.bincount(which)).mean())
    low, high = wilson(value, len(texts))
    return PairRecall(value, low, high, len(texts), sampled, len(found))


def recall_words(recall: Mapping[str, Json]) -> str:
    """The recall in words, from the notes of pairs.

    >>> recall_words(PairRecall(0.985, 0.96, 0.995, 210, 2000, 431).json())
    '98.5% of the pairs found (95% interval 96.0% to 99.5%, measured on 431 pairs of 210 among 2,000 sampled texts)'
    """
    if recall["value"] is None:
        return f"not measured: none of {recall['sampled']:,} sampled texts has a pair"
    return (
        f"{recall['value']:.1%} of the pairs found (95% interval {recall['low']:.1%} to {recall['high']:.1%}, measured "
        f"on {recall['pairs']:,} pairs of {recall['texts']:,} among {recall['sampled']:,} sampled texts)"
    )
