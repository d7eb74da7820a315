"""How many of the pairs that there are were found: measured against exact search on sampled texts, with an interval."""

from dataclasses import asdict, dataclass

import numpy as np

from engine.registry import Json
from indexes import wilson

SAMPLE = 2000


@dataclass(frozen=True)
class PairRecall:
    """Share of the true pairs of sampled texts that were found, 0…1, with a 95 % interval.

    texts: sampled ones that have a pair, each counting once; sampled: of so many; of: texts there are; pairs: true ones
    of the sampled texts. value is None where none of them has any. The interval is Wilson's with the texts as its
    count: never too narrow for pairs of one text that are missed together. Where every text was looked at there is
    nothing left to estimate, and it is the value itself.
    """

    value: float | None
    low: float
    high: float
    texts: int
    sampled: int
    of: int
    pairs: int

    def json(self) -> dict[str, Json]:
        """As it stands in the notes of pairs, with `words` that say all of it."""
        return {**asdict(self), "words": self.words()}

    def words(self) -> str:
        """The recall as a person reads it.

        >>> PairRecall(0.985, 0.96, 0.995, 210, 2000, 90000, 431).words()
        '98.5% of the pairs found (95% interval 96.0% to 99.5%, measured on 431 pairs of 2,000 of 90,000 texts)'
        """
        whose = "all" if self.sampled == self.of else f"{self.sampled:,} of {self.of:,}"
        if self.value is None:
            return f"not measured: {whose} texts were looked at, and none has a pair"
        between = "" if self.sampled == self.of else f"95% interval {self.low:.1%} to {self.high:.1%}, "
        return f"{self.value:.1%} of the pairs found ({between}measured on {self.pairs:,} pairs of {whose} texts)"


def pair_recall(found: np.ndarray, true: np.ndarray, of: int) -> PairRecall:
    """The recall. found, true: int (k,), pairs of each sampled text that were found, and that there are; of: texts."""
    some = true > 0
    texts, sampled, pairs = int(some.sum()), len(true), int(true.sum())
    if not texts:
        return PairRecall(None, 0.0, 1.0, 0, sampled, of, 0)
    value = float((found[some] / true[some]).mean())
    low, high = (value, value) if sampled == of else wilson(value, texts)
    return PairRecall(value, low, high, texts, sampled, of, pairs)
