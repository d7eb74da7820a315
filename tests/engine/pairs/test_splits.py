"""Parts such as train and test: no link crosses, each row has one part, the shares are met or it is said why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dataset import Pairs
from engine.pairs.splits.parted import NEAR, crossing, parted

SHARES = [0.5, 0.3, 0.2]


def pairs(of_row: list[int], *links: tuple[int, int, float]) -> Pairs:
    first, second, like = zip(*links, strict=True) if links else ((), (), ())
    ints = (np.array(v, np.int32) for v in (of_row, first, second))
    return Pairs(*ints, np.array(like, np.float32))


def chain(rows: int) -> Pairs:
    return pairs(list(range(rows)), *((i, i + 1, 0.9) for i in range(rows - 1)))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Pairs, np.ndarray]:
    rows = draw(st.integers(0, 60))
    nodes = draw(st.lists(st.integers(-1, max(rows, 1)), min_size=rows, max_size=rows))
    found = {n: i for i, n in enumerate(dict.fromkeys(n for n in nodes if n >= 0))}
    of_row = np.array([found.get(n, -1) for n in nodes], np.int32)
    m = len(found)
    one = st.tuples(st.integers(0, max(m - 1, 0)), st.integers(0, max(m - 1, 0)), st.sampled_from([0.3, 0.6, 0.9]))
    links = {(min(a, b), max(a, b)): s for a, b, s in draw(st.lists(one, max_size=60)) if a != b}
    keep = draw(st.lists(st.booleans(), min_size=rows, max_size=rows))
    return pairs(of_row.tolist(), *((a, b, s) for (a, b), s in links.items())), np.flatnonzero(keep)


@settings(max_examples=150, deadline=None)
@given(graphs(), st.sampled_from([0.0, 0.6, 1.0]), st.sampled_from([0.0, 0.1]), st.integers(0, 3))
def test_no_pair_crosses_and_every_row_has_one_part_or_bridges(
    drawn: tuple[Pairs, np.ndarray], least: float, bridges: float, seed: int
) -> None:
    found, rows = drawn
    made = parted(rows, [(found, least)], SHARES, bridges=bridges, seed=seed)
    # By hand, pair by pair: equal nodes, and links at or above the threshold.
    part = dict(zip(rows.tolist(), made.part.tolist(), strict=True))
    near = found.similarity >= np.float32(least)
    linked = set(zip(found.first[near].tolist(), found.second[near].tolist(), strict=True))
    for i in rows.tolist():
        for j in rows.tolist():
            a, b = sorted((int(found.of_row[i]), int(found.of_row[j])))
            if a >= 0 and (a == b or (a, b) in linked) and part[i] >= 0 and part[j] >= 0:
                assert part[i] == part[j]
    assert crossing(found, least, rows, made.part) == 0
    left_out = [row for row, p in part.items() if p < 0]
    assert sorted(made.across) == left_out
    assert len(left_out) <= bridges * len(rows)
    assert all(len(parts) > 1 for parts in made.across.values())


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(0, 3))
def test_each_part_ends_within_a_hundredth_or_the_largest_group_of_its_share(
    drawn: tuple[Pairs, np.ndarray], seed: int
) -> None:
    found, rows = drawn
    made = parted(rows, [(found, 0.6)], SHARES, strata=rows % 4, seed=seed)
    counts = np.bincount(made.part, minlength=3)
    assert counts.sum() == len(rows)
    assert (np.abs(counts - len(rows) * np.array(SHARES)) <= max(NEAR * len(rows), made.largest) + 1e-9).all()


@settings(max_examples=80, deadline=None)
@given(graphs(), st.randoms(use_true_random=False), st.sampled_from([0.0, 0.1]))
def test_the_parts_depend_on_no_order(drawn: tuple[Pairs, np.ndarray], random: object, bridges: float) -> None:
    found, rows = drawn
    links = list(zip(found.first.tolist(), found.second.tolist(), found.similarity.tolist(), strict=True))
    random.shuffle(links)  # type: ignore[attr-defined]
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    strata = rows % 3
    one = parted(rows, [(found, 0.6)], SHARES, strata=strata, bridges=bridges)
    other = parted(
        rows[order], [(pairs(found.of_row.tolist(), *links), 0.6)], SHARES, strata=strata[order], bridges=bridges
    )
    assert other.part.tolist() == one.part[order].tolist()
    assert other.across == one.across


def test_a_row_that_is_not_there_joins_nobody() -> None:
    found = pairs([0, 1, 2], (0, 1, 0.9), (1, 2, 0.9))
    assert parted(np.array([0, 1, 2]), [(found, 0.8)], [0.5, 0.5]).largest == 3
    assert parted(np.array([0, 2]), [(found, 0.8)], [0.5, 0.5]).largest == 1


def test_a_pair_below_the_least_similarity_counts_for_nothing() -> None:
    found = pairs([0, 1], (0, 1, 0.7))
    assert parted(np.arange(2), [(found, 0.7)], [0.5, 0.5]).groups == 1
    assert parted(np.arange(2), [(found, 0.71)], [0.5, 0.5]).groups == 0


def test_two_kinds_join_where_one_alone_does_not() -> None:
    one, other = pairs([0, 0, 1, 2]), pairs([0, 1, 1, 2])
    made = parted(np.arange(4), [(one, 1.0), (other, 1.0)], [0.75, 0.25])
    assert made.part.tolist() == [0, 0, 0, 1]


def test_rows_of_one_number_stay_together_and_those_without_do_not() -> None:
    made = parted(np.arange(6), [], [0.5, 0.5], together=np.array([7, 7, 7, -1, -1, -1]))
    assert made.part.tolist() == [0, 0, 0, 1, 1, 1]
    assert (made.groups, made.largest) == (1, 3)


def test_each_value_to_stratify_by_has_its_share() -> None:
    strata = np.array([0] * 80 + [1] * 20)
    made = parted(np.arange(100), [], [0.8, 0.2], strata=strata)
    assert [np.bincount(made.part[strata == s]).tolist() for s in (0, 1)] == [[64, 16], [16, 4]]


def test_missing_values_are_a_stratum_and_one_of_a_single_row_is_no_trouble() -> None:
    strata = np.array([-1] * 10 + [0] * 10 + [1])
    made = parted(np.arange(21), [], [0.5, 0.5], strata=strata)
    assert [np.bincount(made.part[strata == s]).tolist() for s in (-1, 0)] == [[5, 5], [5, 5]]


def test_everything_in_one_group_goes_into_the_largest_part() -> None:
    made = parted(np.arange(10), [(chain(10), 0.8)], [0.2, 0.8])
    assert made.part.tolist() == [1] * 10
    assert made.largest == 10


@pytest.mark.parametrize("rows", [0, 1])
def test_none_or_one_row_has_its_part(rows: int) -> None:
    made = parted(np.arange(rows), [(pairs([0] * rows), 0.8)], [0.5, 0.5])
    assert (made.part.tolist(), made.largest) == ([0] * rows, rows)


def test_a_chain_is_cut_where_one_row_parts_it_best() -> None:
    whole = parted(np.arange(101), [(chain(101), 0.8)], [0.5, 0.5])
    cut = parted(np.arange(101), [(chain(101), 0.8)], [0.5, 0.5], bridges=0.01)
    assert np.bincount(whole.part).tolist() == [101]
    assert cut.across == {50: (0, 1)}
    assert sorted(np.bincount(cut.part[cut.part >= 0]).tolist()) == [50, 50]
    assert (cut.largest_before, cut.largest) == (101, 50)


def test_a_row_that_all_others_are_like_is_left_out_where_that_frees_them() -> None:
    star = pairs(list(range(100)), *((0, i, 0.9) for i in range(1, 100)))
    made = parted(np.arange(100), [(star, 0.8)], [0.8, 0.2], bridges=0.01)
    assert made.across == {0: (0, 1)}
    assert made.largest == 1


def test_no_more_rows_are_left_out_than_may_be() -> None:
    equal = pairs([0] * 40 + [1] * 20 + [2] * 40, (0, 1, 0.9), (1, 2, 0.9))
    most = parted(np.arange(100), [(equal, 0.8)], [0.5, 0.5], bridges=0.2)
    less = parted(np.arange(100), [(equal, 0.8)], [0.5, 0.5], bridges=0.19)
    assert (sorted(most.across), less.across) == (list(range(40, 60)), {})


def test_nothing_is_left_out_where_the_shares_are_met_without() -> None:
    half = pairs(list(range(100)), *((i, i + 1, 0.9) for i in range(49)))
    made = parted(np.arange(100), [(half, 0.8)], [0.5, 0.5], bridges=0.1)
    assert (made.across, made.largest) == ({}, 50)


def test_equal_rows_and_rows_of_one_author_are_never_cut() -> None:
    made = parted(np.arange(10), [(pairs([0] * 10), 0.8)], [0.5, 0.5], bridges=0.5)
    assert (made.across, made.largest) == ({}, 10)


def test_crossing_counts_nodes_and_pairs_that_join_two_parts() -> None:
    found = pairs([0, 0, 1, 2], (0, 1, 0.9), (1, 2, 0.5))
    rows = np.arange(4)
    assert crossing(found, 0.8, rows, np.array([0, 0, 0, 1])) == 0
    assert crossing(found, 0.5, rows, np.array([0, 0, 0, 1])) == 1
    assert crossing(found, 0.8, rows, np.array([0, 1, 1, 1])) == 2
    assert crossing(found, 0.8, rows, np.array([0, -1, 1, 1])) == 1
    assert crossing(found, 0.8, rows, np.array([0, 0, -1, 1])) == 0
