"""A budget in a mix: shares, limits and an earlier choice, for any selector; what cannot be met is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError, NotFound
from engine.look import in_or_out
from engine.recipe.budgets import COSTS, impossible, in_unit, select
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.recipe.snapshots import examples_ref, listed_ref
from engine.registry import Budget, Mix
from tests.engine.small import circle, corpus, embedded, with_signal

NONE = np.empty(0, np.int64)
SIZES = [60, 30, 9, 1]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """60 rows of a, 30 of b, 9 of c, 1 without a group; the best are all of a."""
    groups = ["a"] * 60 + ["b"] * 30 + ["c"] * 9 + [None]
    return corpus(tmp_path, {"group": groups, "score": [float(-i) for i in range(100)]})


def chosen(data: Dataset, amount: float, mix: Mix | None = None, keep: np.ndarray = NONE) -> list[int]:
    """How many rows of a, b, c and without a group the best by score have in a mix, and how many lack."""
    step = Step("top", {"budget": Budget(amount, mix=mix).json(), "column": "score"}).checked()
    picked = select(data, step, data.rows(), keep)
    rows = np.concatenate([keep, picked.rows])
    found = data.column("group", rows).to_pylist()
    return [*(found.count(group) for group in ("a", "b", "c", None)), int(str(picked.notes["short"]))]


def test_shares_are_met_and_the_rest_goes_as_the_selector_would(data: Dataset) -> None:
    assert chosen(data, 20) == [20, 0, 0, 0, 0]
    assert chosen(data, 20, Mix("group", {"b": 0.5})) == [10, 10, 0, 0, 0]
    assert chosen(data, 20, Mix("group", {"b": 0.3, "c": 0.2, "(missing)": 0.05})) == [9, 6, 4, 1, 0]
    step = Step("top", {"budget": Budget(40, mix=Mix("group", {"c": 0.5})).json(), "column": "score"}).checked()
    assert "Pick 40 rows (by “group”: 50 % “c”) by" in step.sentence()
    picked = select(data, step, data.rows(), NONE)
    assert "last" not in picked.notes  # of the choice without a mix
    assert len(picked.rows) == 40 and picked.notes["mix_short"] == ["c"] and picked.notes["mix"] == {"a": 31, "c": 9}


def test_what_a_group_may_not_give_is_not_said_to_be_there(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"group": list("aaabbb")}), circle([0, 20, 40, 60, 80, 100]))
    ref = examples_ref(data, "b", {}, rows={"b": np.array([3, 4])}, embedding="given")
    budget = Budget(4, mix=Mix("group", {"b": 0.5})).json()
    step = Step("nearest", {"budget": budget, "embedding": "given", "target": ref}).checked()
    picked = select(data, step, data.rows(), NONE)
    assert sorted(picked.rows.tolist()) == [1, 2, 5]  # the examples themselves are never picked
    assert (picked.notes["mix"], picked.notes["mix_short"], picked.notes["short"]) == ({"a": 2, "b": 1}, ["b"], 1)


def test_limits_hold_with_what_is_kept_by_hand_and_a_prefix_has_the_mix_of_all(data: Dataset) -> None:
    assert chosen(data, 20, Mix("group", at_least=3)) == [13, 3, 3, 1, 0]
    assert chosen(data, 20, Mix("group", at_least=3), np.arange(90, 95)) == [11, 3, 5, 1, 0]
    assert chosen(data, 100, Mix("group", at_most=7)) == [7, 7, 7, 1, 78]
    assert chosen(data, 5, Mix("group", at_most=3), np.arange(5)) == [5, 0, 0, 0, 0]  # what is kept by hand stays
    half = Budget(20, mix=Mix("group", {"a": 0.5, "b": 0.5})).json()
    picked = select(data, Step("top", {"budget": half, "column": "score"}).checked(), data.rows(), NONE)
    assert data.column("group", picked.rows[:6]).to_pylist().count("a") == 3


def test_shares_of_tokens_are_of_tokens(data: Dataset) -> None:
    measured = with_signal(data, "tokens", np.array([10] * 60 + [30] * 40))
    step = Step("top", {"budget": Budget(600, "tokens", Mix("group", {"b": 0.5})).json(), "column": "score"}).checked()
    picked = select(measured, step, measured.rows(), NONE)
    groups = measured.column("group", picked.rows).to_pylist()
    assert (groups.count("a"), groups.count("b"), picked.notes["short"]) == (30, 10, 0)


def test_an_earlier_choice_comes_first_and_counts(data: Dataset) -> None:
    ref = listed_ref(data, np.array([99, 70]))
    step = Step("top", {"budget": Budget(5, after=ref).json(), "column": "score"}).checked()
    assert select(data, step, data.rows(), NONE).rows.tolist() == [70, 99, 0, 1, 2]
    assert list(step.names("rows")) == [ref] and "after an earlier choice" in step.sentence()
    mixed = replace(step, params={**step.params, "budget": Budget(5, mix=Mix("group", at_most=2), after=ref).json()})
    assert set(mixed.names("column")) == {"score", "group"}
    assert sorted(select(data, mixed, data.rows(), NONE).rows.tolist()) == [0, 1, 60, 70, 99]
    assert Recipe.from_text(Recipe(steps=(mixed,)).text()).steps[0] == mixed
    assert run(data, Recipe(steps=(mixed,))).stages[-1].kept == 5
    with pytest.raises(EngineError, match="2 rows are chosen before, more than the 1 rows"):
        select(data, replace(step, params={**step.params, "budget": Budget(1, after=ref).json()}), data.rows(), NONE)


def test_what_cannot_be_met_is_said_before_the_run(data: Dataset) -> None:
    for mix, words in (
        ({"at_least": 5, "at_most": 3}, "contradict each other"),
        ({"shares": {"a": 0.7, "b": 0.6}}, "add up to 130 %"),
        ({"shares": {"a": 1.5}}, "The share of 'a' is 1.5"),
        ({"at_least": 2.5}, "is no mix"),
        ({"most": 2}, "is no mix"),
        ({"by": ""}, "needs the column"),
    ):
        with pytest.raises(EngineError, match=words):
            Budget.read({"amount": 5, "mix": {"by": "group", **mix}})  # type: ignore[dict-item]
    with pytest.raises(EngineError, match="10 rows or more of each of the 4 groups of 'group' are 30 rows"):
        chosen(data, 20, Mix("group", at_least=10))
    with pytest.raises(NotFound, match="group of group"):
        chosen(data, 20, Mix("group", {"d": 0.5}))


def test_a_thousand_mixes_keep_every_promise(data: Dataset) -> None:
    rng = np.random.default_rng(0)
    codes = data.codes("group")[0]
    codes = np.where(codes < 0, 3, codes)
    for _ in range(1000):
        total, least = int(rng.integers(0, 110)), int(rng.integers(0, 4))
        most = None if rng.random() < 0.5 else least + int(rng.integers(0, 30))
        parts = zip(("a", "b", "c", "(missing)"), rng.dirichlet(np.ones(5))[:4].round(3).tolist(), strict=True)
        shares = {name: share for name, share in parts if rng.random() < 0.5}
        keep = rng.choice(100, int(rng.integers(0, 6)), replace=False)
        budget = Budget(total, mix=Mix("group", shares, least, most))
        step = Step("random", {"budget": budget.json(), "seed": 3}).checked()
        low = np.maximum(np.bincount(codes[keep], minlength=4), np.minimum(least, SIZES))
        if low.sum() > total:
            with pytest.raises(EngineError):
                select(data, step, data.rows(), keep)
            continue
        rows = np.concatenate([keep, select(data, step, data.rows(), keep).rows])
        high = np.maximum(low, SIZES if most is None else np.minimum(most, SIZES))
        counts = np.bincount(codes[rows], minlength=4)
        assert len(np.unique(rows)) == len(rows) == min(total, int(high.sum())), (budget, keep)
        assert (counts >= low).all() and (counts <= high).all(), (budget, keep, counts)


def test_what_no_choice_can_meet_is_said_before_anything_is_picked(data: Dataset) -> None:
    def wrong(amount: float, mix: Mix | None = None, keep: np.ndarray = NONE) -> str:
        step = Step("top", {"budget": Budget(amount, mix=mix).json(), "column": "score"}).checked()
        return impossible(data, step, data.rows(), keep)

    assert wrong(20, Mix("group", {"b": 0.5}, at_least=3)) == "" and wrong(3, keep=np.arange(3)) == ""
    assert "16 rows, more than the 10" in wrong(10, Mix("group", at_least=5))
    assert "3 rows are always kept by hand, more than the 2" in wrong(2, keep=np.arange(3))
    assert "No group of group named 'd'" in wrong(10, Mix("group", {"d": 0.5}))


@pytest.mark.parametrize(
    ("budget", "unit", "amount"),
    [
        (Budget(10), "percent", 10.0), (Budget(10, "percent"), "rows", 10.0), (Budget(1), "bytes", 4.0),
        (Budget(200), "bytes", 400.0), (Budget(123456, "bytes"), "percent", 100.0), (Budget(5), "tokens", 1e6),
        (Budget(33, "tokens"), "rows", 10.0), (Budget(40, "bytes"), "rows", 10.0),
    ],
)  # fmt: skip
def test_a_budget_in_another_unit_asks_for_as_much(data: Dataset, budget: Budget, unit: str, amount: float) -> None:
    found = in_unit(with_signal(data, COSTS["bytes"], np.full(100, 4)), budget, unit, data.rows())
    assert (found.amount, found.unit) == (amount, unit)


def test_places_are_counted_after_what_was_there_before(data: Dataset) -> None:
    step = Step("top", {"budget": Budget(4).json(), "column": "score"}).checked()
    keep = np.array([50, 60])
    picked = select(data, step, data.rows(), keep)
    assert picked.notes["before"] == 2
    found = in_or_out(data, np.concatenate([keep, picked.rows]), np.array([60, 0, 1]), notes=picked.notes)
    assert [one.words(data) for one in found] == [
        "Row 60 is in: kept by hand or chosen before the first pick.",
        "Row 0 is in: picked as number 1.",
        "Row 1 is in: picked as number 2.",
    ]
