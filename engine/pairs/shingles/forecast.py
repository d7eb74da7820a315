"""What a search by bands can be expected to find in these very texts, before it runs."""

import numpy as np

from engine.pairs.shingles.lsh import Bands, Expected, expected
from engine.pairs.shingles.shingling import Shingling, ready
from engine.pairs.shingles.signing import Texts

SAMPLE = 2000
PAIRS = 200_000


def forecast(texts: Texts, n: int, shingling: Shingling, bands: Bands, threshold: float) -> Expected:
    """Recall at the threshold by theory, and how many pairs below it will be compared for nothing in n texts.

    The latter from 200,000 random pairs of 2,000 sampled texts, their similarity estimated by their signatures.
    """
    from engine.pairs.kernels import sketch

    rng = np.random.default_rng(0)
    sample = np.sort(rng.choice(n, min(n, SAMPLE), replace=False))
    sketches = sketch.sketches(*ready(texts(sample), shingling).given)
    a, b = rng.integers(0, max(len(sample), 1), (2, PAIRS)) if len(sample) > 1 else np.empty((2, 0), np.int64)
    a, b = a[a != b], b[a != b]
    parts = [
        (sketches[a[i : i + 10_000]] == sketches[b[i : i + 10_000]]).mean(axis=1) for i in range(0, len(a), 10_000)
    ]
    return expected(bands, threshold, np.concatenate([np.empty(0), *parts]), n * (n - 1) / 2)
