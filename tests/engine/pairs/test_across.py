"""What pairs had missed is found between the parts by exact search, and moves."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dataset import Pairs
from engine.pairs.splits.across import closed, near_across, pairs_across
from engine.pairs.splits.parted import crossing, parted
from tests.engine.small import circle, corpus, embedded


@pytest.mark.parametrize(("threshold", "found"), [(0.99, [[0], [3]]), (0.9999, [[], []])])
def test_a_text_finds_the_nearest_of_others_where_it_is_near_enough(
    tmp_path: Path, threshold: float, found: list[list[int]]
) -> None:
    # 0 and 3 degrees have a cosine of 0.9986; row 4 has no vector.
    vectors = circle([0, 90, 180, 3, 0, 225])
    vectors[4] = np.nan
    data = embedded(corpus(tmp_path, {"n": list(range(6))}), vectors, graph=False)
    one, other = np.array([0, 1, 2]), np.array([5, 4, 3])
    assert near_across(data.embedding("given"), threshold, one, other).tolist() == found


def test_equal_texts_in_two_parts_are_found(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([0, 0, 90]), graph=False)
    assert near_across(data.embedding("given"), 0.9, np.array([0]), np.array([1, 2])).tolist() == [[0], [1]]


def test_rows_of_one_part_or_of_none_are_not_compared() -> None:
    asked: list[tuple[list[int], list[int]]] = []

    def across(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        asked.append((rows.tolist(), others.tolist()))
        return np.empty((2, 0), np.int64)

    pairs_across(np.array([9, 8, 7, 6, 5]), np.array([0, 0, 1, -1, 0]), across)
    assert asked == [([7], [9, 8, 5])]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60), st.integers(0, 9))
def test_pairs_that_nobody_had_found_do_not_cross_after_the_search(
    n: int, links: list[tuple[int, int]], known: int
) -> None:
    true = sorted({(min(a, b), max(a, b)) for a, b in links if a != b and max(a, b) < n})

    def pairs(some: list[tuple[int, int]]) -> Pairs:
        ends = np.array(some, np.int32).reshape(-1, 2).T
        return Pairs(np.arange(n, dtype=np.int32), *ends, np.ones(len(some), np.float32))

    def across(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        # One pair of each row is enough.
        mine, theirs = set(rows.tolist()), set(others.tolist())
        both = [(a, b) for x, y in true for a, b in ((x, y), (y, x)) if a in mine and b in theirs]
        return np.array(list(dict(both).items()), np.int64).reshape(-1, 2).T

    rows = np.arange(n)[::-1].copy()
    first = parted(rows, [(pairs(true[:known]), 0.5)], [0.5, 0.3, 0.2])
    made, count = closed(first, rows, across)
    assert crossing(pairs(true), 0.5, rows, made.part) == 0
    assert (made.part >= 0).all()
    assert (count == 0) == (crossing(pairs(true), 0.5, rows, first.part) == 0)
    of_group = {(int(g), int(p)) for g, p in zip(made.group, made.part, strict=True)}
    assert len(of_group) == len({g for g, _ in of_group})


def test_a_row_with_several_others_like_it_finds_them_all() -> None:
    nothing = np.empty(0, np.int32)
    known = Pairs(np.array([0, 0, 1, 2], np.int32), nothing, nothing, np.empty(0, np.float32))
    first = parted(np.arange(4), [(known, 1.0)], [0.5, 0.25, 0.25])
    assert len(set(first.part[[0, 2, 3]].tolist())) == 3

    def across(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        like = {2: [0], 3: [0], 0: [2, 3]}
        found = [(a, next(b for b in like[a] if b in others)) for a in rows if set(like.get(a, [])) & set(others)]
        return np.array(found, np.int64).reshape(-1, 2).T

    made, _ = closed(first, np.arange(4), across)
    assert set(made.part.tolist()) == {int(first.part[0])}


def test_the_smaller_group_goes_to_the_larger_one() -> None:
    of_row = np.array([0, 0, 0, 1, 1, 2], np.int32)
    nothing = np.empty(0, np.int32)
    known = Pairs(of_row, nothing, nothing, np.empty(0, np.float32))
    first = parted(np.arange(6), [(known, 1.0)], [0.5, 0.5])
    assert first.part.tolist() == [0, 0, 0, 1, 1, 1]

    def across(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        here = [(a, b) for a, b in ((0, 4), (4, 0)) if a in rows and b in others]
        return np.array(here, np.int64).reshape(-1, 2).T

    made, count = closed(first, np.arange(6), across)
    assert (made.part.tolist(), made.largest, count) == ([0, 0, 0, 0, 0, 1], 5, 1)
