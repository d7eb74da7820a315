"""The theory of bands: how likely two texts meet, which bands fulfil a wish, and what a run can be expected to find."""

from dataclasses import dataclass

import numpy as np

SLOTS = 128
"""Slots of a signature; bands times rows are at most so many."""
MOST_ROWS = 16


@dataclass(frozen=True)
class Bands:
    """Signatures are cut into `bands` of `rows` slots; texts that share a whole band are compared."""

    bands: int
    rows: int

    @property
    def turn(self) -> float:
        """The similarity at which the curve is steepest, about where half of the pairs meet."""
        return float((1 / self.bands) ** (1 / self.rows))

    def words(self) -> str:
        """As it is said on the screen."""
        return f"{self.bands} bands of {self.rows} {'slot' if self.rows == 1 else 'slots'}"


def met(similarity: float | np.ndarray, bands: Bands) -> np.ndarray:
    """The chance that two texts of a similarity share a band, 0…1: the S-curve 1 - (1 - s^rows)^bands.

    >>> [round(float(met(s, Bands(14, 8))), 4) for s in (0.5, 0.7, 0.75, 0.8, 0.85, 0.9)]
    [0.0533, 0.5645, 0.7716, 0.9235, 0.9884, 0.9996]
    """
    return np.asarray(1 - (1 - np.asarray(similarity, np.float64) ** bands.rows) ** bands.bands)


def wished(threshold: float, find: float) -> Bands:
    """The bands that find at least the share `find` of the pairs at a similarity, with the fewest others beside them.

    The more slots a band has, the fewer texts meet that are not alike. Where nothing reaches the wish, as at a low
    similarity, every slot is a band of its own.

    >>> wished(0.8, 0.99)
    Bands(bands=16, rows=6)
    """
    for rows in range(MOST_ROWS, 0, -1):
        once = threshold**rows
        bands = int(np.ceil(np.log1p(-find) / np.log1p(-once) - 1e-9)) if once < 1 else 1
        if bands * rows <= SLOTS:
            return Bands(max(1, bands), rows)
    return Bands(SLOTS, 1)


@dataclass(frozen=True)
class Expected:
    """What bands are expected to do to some rows. found: share of the pairs at the threshold; false: pairs below it
    that are compared for nothing. curve: (similarity, chance) at each hundredth.
    """

    bands: Bands
    threshold: float
    found: float
    false: float
    curve: tuple[tuple[float, float], ...]


def expected(bands: Bands, threshold: float, similarities: np.ndarray, pairs: float) -> Expected:
    """What to expect where `pairs` pairs are distributed as a sample of similarities, float (k,)."""
    below = similarities[similarities < threshold]
    share = float(met(below, bands).sum() / len(similarities)) if len(similarities) else 0.0
    at = np.round(np.arange(101) / 100, 2)
    curve = tuple(zip(at.tolist(), met(at, bands).tolist(), strict=True))
    return Expected(bands, threshold, float(met(threshold, bands)), share * pairs, curve)
