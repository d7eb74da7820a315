"""Inverted lists: what they find is defined by whole numbers alone, also where lists are equally near."""

import numpy as np

from indexes import build_ivf, to_grid
from tests.indexes.conftest import by_whole_numbers


def test_the_nearest_lists_are_looked_through_and_of_equally_near_ones_the_first():
    vectors = to_grid(np.where(np.random.default_rng(3).random((300, 9)) < 0.5, -1.0, 1.0))
    index = build_ivf(vectors, lists=120, nprobe=4)
    looked, near = by_whole_numbers(index._centres.vectors, vectors, 5)
    assert (near[:, 3] == near[:, 4]).sum() > 50  # for so many of 300 rows, which lists come last is a matter of order
    found = index.search(vectors, 5, exclude=np.arange(300))
    for row in range(300):
        among = np.flatnonzero(np.isin(looked[:, 0], looked[row, :4]))
        rows, similarities = by_whole_numbers(vectors, vectors[row : row + 1], 5, within=among, exclude=np.array([row]))
        assert found.rows[row].tolist() == rows[0].tolist()
        assert found.similarities[row].tolist() == similarities[0].tolist()
