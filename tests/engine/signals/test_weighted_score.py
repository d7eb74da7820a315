"""One score from the ranks of several columns: known values, the live one beside the saved one, and its way through
recipes."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from engine.building import build, key_of, plan, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.needs import needed
from engine.look import weighed
from engine.look.weighted import spearman
from engine.recipe import Recipe, Step
from engine.registry import NumberColumns, Registry
from tests.engine.small import corpus

COLUMNS = {
    "a": [10, 20, 30, 40],  # ranks 1/8, 3/8, 5/8, 7/8
    "b": [5.0, 5.0, None, 1.0],  # ranks 2/3, 2/3, none, 1/6
    "c": [None, None, None, 1.0],
}


def asked(columns: list[str], weights: list[float], called: str = ""):
    return spec("signal", "weighted_score", {"columns": columns, "weights": weights, "called": called})


def scored(data: Dataset, columns: list[str], weights: list[float]) -> list[float]:
    made = asked(columns, weights)
    return build(data, [made]).numbers(key_of(made)).tolist()


def test_a_score_is_the_weighted_mean_of_ranks_by_what_a_row_has(tmp_path: Path) -> None:
    data = corpus(tmp_path, COLUMNS)
    assert scored(data, ["a", "b"], [3, 1]) == pytest.approx(
        [(3 / 8 + 2 / 3) / 4, (9 / 8 + 2 / 3) / 4, 5 / 8, (21 / 8 + 1 / 6) / 4]
    )
    assert scored(data, ["a"], [-0.5]) == [7 / 8, 5 / 8, 3 / 8, 1 / 8]
    alone = scored(data, ["c", "a"], [1, 0])
    assert np.isnan(alone[:3]).all() and alone[3] == 0.5


def test_what_cannot_be_weighed_is_said_with_the_way_out(tmp_path: Path) -> None:
    data = corpus(tmp_path, COLUMNS)
    for columns, weights, said in (
        (["a", "b"], [0, 0], "All weights are 0.*Give one column a weight"),
        (["a", "b"], [1], "2 columns and 1 weights"),
        (["a", "a"], [1, 1], "A column stands twice"),
        (["text"], [1], "holds text, not numbers"),
    ):
        with pytest.raises(EngineError, match=said):
            build(data, [asked(columns, weights)])


def test_a_name_alone_stands_in_the_key_and_other_weights_are_another_signal(tmp_path: Path) -> None:
    data = corpus(tmp_path, COLUMNS)
    one, two = (asked(["a", "b"], [1, w], "mine") for w in (1, -1))
    key = "weighted_score(called=mine)"
    assert key_of(one) == key_of(two) == key
    first = build(data, {key: one})
    then = build(first, {key: two})
    assert first.added[key].identity != then.added[key].identity
    assert then.numbers(key)[0] == pytest.approx((1 / 8 + 1 / 3) / 2)
    assert build(then, {key: one}).numbers(key).tolist() == first.numbers(key).tolist()


def test_the_signals_that_a_score_stands_on_are_measured_before_it(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a b", "a", "long word"]})
    made = asked(["characters", "words"], [1, 1], "long")
    assert [key for key, _ in plan({key_of(made): made}, data.columns)] == ["characters", "words", key_of(made)]
    built = build(data, [made])
    assert built.numbers(key_of(made)).tolist() == pytest.approx([(1 / 2 + 2 / 3) / 2, 1 / 6, (5 / 6 + 2 / 3) / 2])
    step = Step("number_range", {"column": key_of(made), "low": 0.5}).checked()
    wanted = needed(Recipe(needs={key_of(made): made}, steps=(step,)))
    assert list(wanted) == ["characters", "words", key_of(made)]
    longer = build(corpus(tmp_path, {"text": ["a b", "a", "x"]}), wanted)
    assert longer.numbers(key_of(made)).tolist() == pytest.approx([(5 / 6 + 5 / 6) / 2, (1 / 3 + 1 / 3) / 2, 1 / 3])


def test_the_live_score_is_the_saved_one_among_the_rows_left(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=200) for name in "ab"} | {"c": rng.integers(0, 4, 200)}
    data = corpus(tmp_path, {name: some.tolist() for name, some in values.items()})
    weights, left = {"a": 1.0, "b": -0.5, "c": 0.0}, rng.random(200) < 0.5
    live = weighed(data, left, weights)
    made = asked(list(weights), list(weights.values()))
    saved = build(data, [made]).numbers(key_of(made))
    assert live.score.tolist() == saved.tolist() and live.missing == 0
    order = np.argsort(saved, kind="stable")
    assert live.lowest.tolist() == order[left[order]][:10].tolist()
    assert saved[live.highest].tolist() == np.sort(saved[left])[::-1][:10].tolist()
    for name, some in values.items():
        assert live.correlations[name] == pytest.approx(spearmanr(some[left], saved[left]).statistic)


def test_few_rows_and_one_value_say_nothing_of_what_goes_together(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"a": [1, 1], "b": [1, 2]})
    live = weighed(data, np.array([True, True]), {"a": 1.0, "b": 1.0})
    assert np.isnan(live.correlations["a"]) and live.correlations["b"] == 1
    assert (live.highest.tolist(), live.lowest.tolist()) == ([1, 0], [0, 1])
    none = weighed(data, np.zeros(2, bool), {"a": 1.0})
    assert len(none.highest) == 0 and np.isnan(none.correlations["a"])
    assert np.isnan(spearman(np.array([np.nan]), np.array([1.0])))


def test_a_knob_may_name_several_columns() -> None:
    def several(data: object, *, of: NumberColumns, beside: NumberColumns = ()) -> object:
        "Look at {of}."
        return data

    member = Registry("test", [several])["several"]
    assert member.names("column", {"of": ["x", "y"], "beside": ["z"]}) == ("x", "y", "z")
    assert member.check({"of": ["x"]}) == {"of": ("x",), "beside": ()}
    for wrong in ("x", [1], None):
        with pytest.raises(EngineError, match="a list of names of columns"):
            member.check({"of": wrong})
