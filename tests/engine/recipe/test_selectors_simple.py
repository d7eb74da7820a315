"""Random, stratified and top: exact counts, known answers, nothing left to chance but the seed."""

from math import comb

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError, NotFound
from engine.recipe.selectors._shares import allocate
from engine.recipe.selectors.plain.random_ import random_
from engine.recipe.selectors.plain.stratified import stratified
from engine.recipe.selectors.plain.top import top
from engine.registry import Budget
from tests.engine.small import corpus

NONE = np.empty(0, np.int64)


def counts(data: Dataset, rows: np.ndarray) -> dict[str | None, int]:
    found = data.column("group", rows).to_pylist()
    return {g: found.count(g) for g in dict.fromkeys(found)}


@pytest.fixture
def grouped(tmp_path) -> Dataset:
    """60 of a, 30 of b, 9 of c, 1 without a group."""
    return corpus(tmp_path, {"group": ["a"] * 60 + ["b"] * 30 + ["c"] * 9 + [None]})


def shares(data: Dataset, budget: int, how: str, **more) -> dict[str | None, int]:
    kept = more.pop("kept", NONE)
    rows = np.setdiff1d(data.rows(), kept)
    picked = stratified(data, rows, kept, budget=Budget(budget), column="group", shares=how, **more).rows
    assert len(picked) == min(budget, len(rows)) == len(np.unique(picked))
    return dict(sorted(counts(data, picked).items(), key=lambda item: item[0] or "~"))


# Random


def test_a_random_draw_is_the_same_for_the_same_seed_and_another_for_another(tmp_path):
    data = corpus(tmp_path, {"n": list(range(100))})
    first, again, other = (random_(data, data.rows(), NONE, budget=Budget(20), seed=s).rows for s in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()


def test_a_larger_budget_keeps_what_the_smaller_one_kept(tmp_path):
    data = corpus(tmp_path, {"n": list(range(100))})
    small, large = (random_(data, data.rows(), NONE, budget=Budget(k)).rows for k in (10, 30))
    assert large[:10].tolist() == small.tolist()


def test_every_pair_is_drawn_about_as_often(tmp_path):
    data = corpus(tmp_path, {"n": list(range(5))})
    seen: dict[tuple[int, ...], int] = {}
    for seed in range(2000):
        pair = tuple(sorted(random_(data, data.rows(), NONE, budget=Budget(2), seed=seed).rows.tolist()))
        seen[pair] = seen.get(pair, 0) + 1
    assert len(seen) == comb(5, 2)
    # 200 times each, within four standard deviations.
    assert max(abs(v - 200) for v in seen.values()) < 4 * (2000 * 0.1 * 0.9) ** 0.5


# Stratified


def test_proportional_shares_differ_from_the_exact_ones_by_less_than_one(grouped):
    # Exact: 12, 6, 1.8 and 0.2 of 20.
    assert shares(grouped, 20, "proportional") == {"a": 12, "b": 6, "c": 2}


def test_equal_shares_are_capped_and_what_is_missing_goes_to_the_others(grouped):
    # 10 each: c gives its 9, the row without a group 1, the 30 left are 15 each.
    assert shares(grouped, 40, "equal") == {"a": 15, "b": 15, "c": 9, None: 1}


def test_square_root_shares_lie_between(grouped):
    # Roots 7.746, 5.477, 3, 1 of 17.223; of 34: 15.29, 10.81, 5.92, 1.97, and only one row has no group.
    # Fixed at 1, the other 33 are 15.76, 11.14, 6.10: 16, 11, 6.
    assert shares(grouped, 34, "square root") == {"a": 16, "b": 11, "c": 6, None: 1}


def test_quotas_are_parts_and_rows_when_they_add_up_to_the_budget(grouped):
    assert shares(grouped, 12, "quotas", groups=("a", "c"), quotas=(2.0, 1.0)) == {"a": 8, "c": 4}
    # c has 9 and the group of missing 1: the last two come from groups without a quota, by size (4/3 and 2/3).
    assert shares(grouped, 12, "quotas", groups=("c", "(missing)"), quotas=(11.0, 1.0)) == {
        "a": 1,
        "b": 1,
        "c": 9,
        None: 1,
    }


def test_pins_count_toward_their_group(grouped):
    # Equal shares of 8 over four groups are 2 each, but only one row has no group: of 7 over three, a keeps its 3 pins.
    kept = np.array([0, 1, 2])
    assert shares(grouped, 5, "equal", kept=kept) == {"b": 2, "c": 2, None: 1}


def test_a_budget_of_everything_keeps_everything(grouped):
    assert shares(grouped, 500, "equal") == {"a": 60, "b": 30, "c": 9, None: 1}


def test_any_prefix_has_about_the_same_mix(grouped):
    picked = stratified(grouped, grouped.rows(), NONE, budget=Budget(60), column="group", shares="proportional").rows
    assert counts(grouped, picked[:30]) == {"a": 18, "b": 9, "c": 3}


def test_groups_that_had_less_than_their_share_are_named(grouped):
    notes = stratified(grouped, grouped.rows(), NONE, budget=Budget(40), column="group", shares="equal").notes
    assert notes["short_groups"] == ["c", "(missing)"]
    assert notes["groups"] == {"a": 15, "b": 15, "c": 9, "(missing)": 1}


def test_quotas_that_make_no_sense_are_refused(grouped):
    def ask(groups: tuple[str, ...], quotas: tuple[float, ...]) -> None:
        shares(grouped, 5, "quotas", groups=groups, quotas=quotas)

    with pytest.raises(EngineError, match="got 1 groups and 2 numbers"):
        ask(("a",), (1.0, 2.0))
    with pytest.raises(EngineError, match="one number for each group"):
        ask((), ())
    with pytest.raises(EngineError, match="numbers of 0 or more"):
        ask(("a", "b"), (1.0, -2.0))
    with pytest.raises(NotFound, match="No group named 'aa'. Did you mean 'a'"):
        ask(("aa",), (1.0,))


def test_largest_remainder_is_the_textbook_one():
    # 2.6, 4.2, 3.2 of 10: floors 2, 4, 3, and the one left goes to the largest remainder.
    low, high = np.zeros(3, int), np.full(3, 100)
    assert allocate(10, np.array([26.0, 42, 32]), low=low, high=high).tolist() == [3, 4, 3]
    # Hamilton's paradox-free case: thirds of 10, ties to the first.
    assert allocate(10, np.ones(3), low=low, high=high).tolist() == [4, 3, 3]


def test_allocation_holds_bounds_and_sum_for_many_random_cases():
    rng = np.random.default_rng(3)
    for _ in range(300):
        groups = int(rng.integers(1, 8))
        low = rng.integers(0, 4, groups)
        high = low + rng.integers(0, 20, groups)
        weights = np.where(rng.random(groups) < 0.2, 0.0, rng.random(groups) * 10)
        total = int(rng.integers(low.sum(), high.sum() + 1))
        found = allocate(total, weights, low=low, high=high)
        assert found.sum() == total and (low <= found).all() and (found <= high).all()
        free = (found > low) & (found < high) & (weights > 0)
        if free.sum() > 1:  # between the bounds shares follow the weights to within one row
            scale = found[free].sum() / weights[free].sum()
            assert np.abs(found[free] - scale * weights[free]).max() <= 1.5


# Top


def test_top_takes_the_largest_ties_by_row_number_and_missing_last(tmp_path):
    data = corpus(tmp_path, {"score": [0.5, None, 0.9, 0.5, -1.0, 0.9]})

    def order(which: str, k: int = 6) -> list[int]:
        return top(data, data.rows(), NONE, budget=Budget(k), column="score", order=which).rows.tolist()  # type: ignore[arg-type]

    assert order("high first") == [2, 5, 0, 3, 4, 1]
    assert order("low first") == [4, 0, 3, 2, 5, 1]
    assert order("high first", 3) == [2, 5, 0]


def test_top_says_where_the_cut_fell(tmp_path):
    data = corpus(tmp_path, {"score": [0.5, None, 0.9]})
    assert top(data, data.rows(), NONE, budget=Budget(2), column="score").notes == {"last": 0.5, "missing": 0}
    assert top(data, data.rows(), NONE, budget=Budget(3), column="score").notes == {"last": 0.5, "missing": 1}
