"""What people say of pairs, brought to a kind of pairs: how similar they are, which is wrong, how many are right."""

from dataclasses import dataclass, replace

import numpy as np

from engine.dataset import Pairs
from indexes import wilson


@dataclass(frozen=True)
class Precision:
    """Of the pairs judged at a threshold or above so many are duplicates. low, high: Wilson's 95 % interval."""

    right: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies, 0 to 1."""
        return wilson(self.right / self.of if self.of else 0.0, self.of)

    def words(self, threshold: float) -> str:
        """As people say it.

        >>> Precision(21, 23).words(0.85)
        'Of 23 judged pairs at 0.85 or above, 21 are duplicates: 91% (73 to 98%).'
        """
        if not self.of:
            return f"No pair at {threshold:.2f} or above is judged yet."
        low, high = self.interval
        many = "pair" if self.of == 1 else "pairs"
        right = {0: "none is a duplicate", 1: "1 is a duplicate"}.get(self.right, f"{self.right:,} are duplicates")
        share = f"{self.right / self.of:.0%} ({low * 100:.0f} to {high:.0%})"
        return f"Of {self.of:,} judged {many} at {threshold:.2f} or above, {right}: {share}."


def similarities(pairs: Pairs, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float32: how similar each two rows are; 1 where they share a node, NaN where no pair of them is stored."""
    starts, others, likes = pairs.edges
    found = np.full(len(first), np.nan, np.float32)
    for i, (a, b) in enumerate(zip(*(ends.tolist() for ends in _ends(pairs, first, second)), strict=True)):
        if a >= 0 and a == b:
            found[i] = 1.0
        elif a >= 0:
            # Few are judged of very many that are stored: those of a node are looked through, nothing is sorted.
            for one, other in ((a, b), (b, a)):  # an edge may lead one way only
                beside = slice(starts[one], starts[one + 1])
                at = np.flatnonzero(others[beside] == other)
                if len(at):
                    found[i] = likes[beside][at[0]]
    return found


def precision(pairs: Pairs, first: np.ndarray, second: np.ndarray, same: np.ndarray, threshold: float) -> Precision:
    """How many of the judged pairs that are stored at a threshold or above are duplicates.

    same: bool, one a pair. Equal rows share a node, and say the same again: two nodes count once, as not duplicates
    where that was said of any of their rows.
    """
    stored = similarities(pairs, first, second) >= np.float32(threshold)
    a, b = _ends(pairs, first[stored], second[stored])
    each, at = np.unique(_codes(a, b), return_inverse=True)
    wrong = np.zeros(len(each), bool)
    wrong[at[~same[stored]]] = True
    return Precision(int((~wrong).sum()), len(each))


def told_apart(pairs: Pairs, first: np.ndarray, second: np.ndarray) -> Pairs:
    """The pairs without those that are said to be none, so that neither of two rows goes for the other.

    What is said of two rows holds for all that share their nodes. Of two rows of one node the later one is compared
    with nothing from then on: it stays.
    """
    if not len(first):
        return pairs
    a, b = _ends(pairs, first, second)
    there = a >= 0
    alone = np.maximum(first, second)[there & (a == b)]
    of_row = pairs.of_row.copy()
    of_row[alone] = -1
    keep = ~np.isin(_codes(pairs.first, pairs.second), _codes(a, b)[there & (a != b)])
    spans = None if pairs.spans is None else pairs.spans[keep]
    return replace(
        pairs, of_row=of_row, first=pairs.first[keep], second=pairs.second[keep],
        similarity=pairs.similarity[keep], spans=spans,
    )  # fmt: skip


def _ends(pairs: Pairs, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nodes of both rows, the lower first; -1 both where one is compared with nothing."""
    a, b = pairs.of_row[first], pairs.of_row[second]
    none = (a < 0) | (b < 0)
    return np.where(none, -1, np.minimum(a, b)), np.where(none, -1, np.maximum(a, b))


def _codes(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Two nodes as one number."""
    return low.astype(np.int64) << 32 | high.astype(np.int64)
