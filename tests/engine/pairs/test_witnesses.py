"""Nothing is removed without a kept witness: over random graphs, rows, orders and rows that stay by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dataset import Pairs
from engine.pairs import witnesses


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pairs, np.ndarray, np.ndarray, float]:
    """Pairs over up to 12 rows, the rows that are left in some order, those that are certain, and a threshold."""
    n = draw(st.integers(0, 12))
    of_row = np.array(draw(st.lists(st.integers(-1, 7), min_size=n, max_size=n)), np.int32)
    pairs = draw(st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.sampled_from([0.5, 0.7, 0.9, 1])))
    edges = {(a, b): s for (a, b), s in pairs.items() if a < b}
    ends = np.array(list(edges), np.int32).reshape(-1, 2)
    similarity = np.array(list(edges.values()), np.float32)
    rows = np.array(draw(st.permutations(range(n))), np.int64)[: draw(st.integers(0, n))]
    certain = np.array(draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), bool)
    return Pairs(of_row, ends[:, 0], ends[:, 1], similarity), rows, certain, draw(st.sampled_from([0.5, 0.8, 1.0]))


def alike(pairs: Pairs, a: int, b: int) -> float:
    """How similar two rows are by what is stored, -1 for not at all."""
    x, y = sorted((int(pairs.of_row[a]), int(pairs.of_row[b])))
    if x < 0:
        return -1.0
    if x == y:
        return 1.0
    found = pairs.similarity[(pairs.first == x) & (pairs.second == y)]
    return float(found[0]) if len(found) else -1.0


@given(cases())
@settings(max_examples=300, deadline=None)
def test_every_row_that_goes_has_a_verified_witness_that_stays_and_no_two_that_stay_are_alike(
    case: tuple[Pairs, np.ndarray, np.ndarray, float],
) -> None:
    pairs, rows, certain, threshold = case
    witness, similarity = witnesses(pairs, rows, threshold, certain)
    stay = set(rows[witness < 0].tolist())
    sure = set(rows[certain].tolist())
    assert sure <= stay
    for row, by, like in zip(rows.tolist(), witness.tolist(), similarity.tolist(), strict=True):
        if by >= 0:
            assert by in stay and by != row
            assert like == alike(pairs, row, by) >= threshold
    for a in stay:
        for b in stay - {a}:
            assert alike(pairs, a, b) < threshold or {a, b} <= sure


@given(cases())
@settings(max_examples=100, deadline=None)
def test_rows_that_have_a_pair_never_get_fewer_as_the_threshold_falls(
    case: tuple[Pairs, np.ndarray, np.ndarray, float],
) -> None:
    pairs, rows, _, _ = case
    paired = [
        {a for a in rows.tolist() for b in rows.tolist() if a != b and alike(pairs, a, b) >= t} for t in (1.0, 0.8, 0.5)
    ]
    none = np.zeros(len(rows), bool)
    for t, some in zip((1.0, 0.8, 0.5), paired, strict=True):
        assert set(rows[witnesses(pairs, rows, t, none)[0] >= 0].tolist()) <= some
    assert paired[0] <= paired[1] <= paired[2]


@given(cases(), st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_of_rows_that_are_alike_so_many_stay_as_may(
    case: tuple[Pairs, np.ndarray, np.ndarray, float], most: int
) -> None:
    pairs, rows, certain, threshold = case
    witness, _ = witnesses(pairs, rows, threshold, certain, most=most)
    stay = rows[witness < 0].tolist()
    order = rows[np.argsort(~certain, kind="stable")].tolist()
    for place, row in enumerate(order):
        before = sum(1 for other in order[:place] if other in stay and alike(pairs, row, other) >= threshold)
        assert (row in stay) == (before < most or row in rows[certain])


def test_a_chain_does_not_fall_as_a_whole() -> None:
    """1 is like 0, 2 is like 1, 3 is like 2: connected components would keep one of four, a public rule none but 3."""
    pairs = Pairs(
        np.arange(4, dtype=np.int32),
        np.array([0, 1, 2], np.int32),
        np.array([1, 2, 3], np.int32),
        np.array([0.9, 0.9, 0.9], np.float32),
    )
    witness, _ = witnesses(pairs, np.arange(4), 0.8, np.zeros(4, bool))
    assert witness.tolist() == [-1, 0, -1, 2]


def test_the_most_similar_witness_is_named_and_of_those_the_most_wanted() -> None:
    pairs = Pairs(
        np.arange(4, dtype=np.int32),
        np.array([0, 1, 2], np.int32),
        np.array([3, 3, 3], np.int32),
        np.array([0.8, 0.9, 0.9], np.float32),
    )
    witness, similarity = witnesses(pairs, np.arange(4), 0.8, np.zeros(4, bool))
    assert witness.tolist() == [-1, -1, -1, 1] and similarity[3] == np.float32(0.9)
