"""Running a recipe: who stays, who goes, at which step, and why; six rows that can be followed in the head."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from engine.cache import Cache
from engine.dataset.dataset import Dataset
from engine.dataset.record import write_record
from engine.errors import EngineError, NotFound
from engine.opening.describe import choose_role
from engine.recipe import snapshots
from engine.recipe.reasons import dropped, funnel, why, whys
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.recipe.stages import verdict
from engine.registry import Budget
from engine.text.row_text import of_column
from tests.engine.small import SIX, circle, corpus, embedded, with_signal, with_topics

# Rows:      0   1   2    3    4    5
# length:   10  50 300  400  500   20
# language: en  de  en   de   fr   fr
SHORT = Step("number_range", {"column": "length", "high": 350})
NORTH = Step("values", {"column": "language", "values": ["en", "de"]})
LONGEST = Step("top", {"column": "length", "budget": 2})


@pytest.fixture
def six(tmp_path) -> Dataset:
    return corpus(tmp_path, SIX)


def recipe(*steps: Step, by_hand: ByHand = ByHand()) -> Recipe:  # noqa: B008
    made = Recipe(by_hand=by_hand)
    for step in steps:
        made = made.with_step(step)
    return made


def ref(data: Dataset, rows: list[int]) -> str:
    return data.store.write_ref("rows", {"keys": data.keys(np.array(rows, np.int64))})


def test_no_steps_keep_every_row(six):
    done = run(six, Recipe())
    assert done.rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert why(done, 3).text == "Kept: the recipe has no steps yet."


def test_filters_narrow_one_after_the_other(six):
    done = run(six, recipe(SHORT, NORTH))
    assert [(s.before, s.kept) for s in done.stages] == [(6, 6), (6, 4), (4, 3)]
    assert done.rows.tolist() == [0, 1, 2]
    assert done.mask.tolist() == [True, True, True, False, False, False]


def test_the_funnel_counts_alone_together_and_in_order(six):
    first, second = funnel(run(six, recipe(SHORT, NORTH)))
    # Length drops 3 and 4; language drops 4 and 5; 4 goes by both.
    assert (first.in_order, first.total, first.only, first.shared) == (2, 2, 1, 1)
    assert (second.in_order, second.total, second.only, second.shared) == (1, 2, 1, 1)
    assert (second.before, second.kept) == (4, 3)


def test_the_funnel_of_one_filter_twice_says_that_neither_is_needed(six):
    first, second = funnel(run(six, recipe(SHORT, SHORT)))
    assert (first.in_order, first.only, first.shared) == (2, 0, 2)
    assert (second.in_order, second.only, second.shared) == (0, 0, 2)


def test_every_dropped_row_stands_in_exactly_one_stage(six):
    done = run(six, recipe(SHORT, NORTH, LONGEST))
    gone = [dropped(done, at).tolist() for at in range(len(done.stages))]
    assert gone == [[], [3, 4], [5], [0]]
    assert done.rows.tolist() == [2, 1]


def test_why_names_the_step_and_the_value(six):
    done = run(six, recipe(replace(SHORT, name="not too long"), NORTH, LONGEST))
    assert [w.text for w in whys(done, np.arange(6))] == [
        "Dropped by step 3, “Pick 2 rows by length, high first”: not picked.",
        "Kept: no step drops it, picked as number 2.",
        "Kept: no step drops it, picked as number 1.",
        "Dropped by step 1, “not too long”: length is 400.",
        "Dropped by step 1, “not too long”: length is 500.",
        "Dropped by step 2, “Keep rows whose language is “en” or “de””: language is “fr”.",
    ]
    assert [w.at for w in whys(done, np.arange(6))] == [3, None, None, 1, 1, 2]


def test_why_answers_in_the_order_asked(six):
    done = run(six, recipe(SHORT))
    assert [w.row for w in whys(done, np.array([4, 0, 3]))] == [4, 0, 3]
    assert [w.kept for w in whys(done, np.array([4, 0, 3]))] == [False, True, False]


def test_the_similar_pick_is_named_for_a_row_that_was_not_picked(tmp_path):
    data = embedded(corpus(tmp_path, {"text": list("abcde")}), circle([0, 5, 20, 180, 270]))
    done = run(data, recipe(Step("farthest", {"budget": 2, "embedding": "given"})))
    assert done.rows.tolist() == [0, 3]
    # The cosine of 5 degrees.
    assert why(done, 1).text.endswith("not picked, the picked row most like it is row 0 (similarity 0.996).")


@pytest.mark.parametrize(
    ("nest", "kept"),
    [("all of", [0, 1, 2]), ("any of", [0, 1, 2, 3, 5]), ("not", [4])],
)
def test_filters_nest(six, nest, kept):
    assert run(six, recipe(Step(nest, steps=(SHORT, NORTH)))).rows.tolist() == kept


def test_nests_nest(six):
    inner = Step("not", steps=(NORTH,))
    # Short and not northern is row 5; long is 3 and 4.
    step = Step("any of", steps=(Step("all of", steps=(SHORT, inner)), Step("not", steps=(SHORT,))))
    assert run(six, recipe(step)).rows.tolist() == [3, 4, 5]
    assert why(run(six, recipe(Step("not", steps=(step,)))), 5).text.endswith("”: length is 20; language is “fr”.")


def test_of_a_nest_only_the_parts_that_decide_say_why_a_row_went_each_by_its_name(six):
    short = replace(SHORT, name="too long")
    both = run(six, recipe(Step("all of", steps=(short, NORTH))))
    assert why(both, 3).text.endswith("”: too long: length is 400.")
    assert why(both, 5).text.endswith("”: language is “fr”.")
    none = run(six, recipe(Step("not", steps=(short, NORTH))))
    assert why(none, 5).text.endswith("”: too long: length is 20.")


@pytest.mark.parametrize("nest", ["all of", "any of", "not"])
def test_a_nest_with_nothing_on_keeps_everything(six, nest):
    assert len(run(six, recipe(Step(nest))).rows) == 6
    assert len(run(six, recipe(Step(nest, steps=(replace(SHORT, on=False),)))).rows) == 6


def test_a_step_that_is_off_is_kept_and_skipped(six):
    made = recipe(replace(SHORT, on=False), NORTH)
    assert run(six, made).rows.tolist() == [0, 1, 2, 3]
    assert len(run(six, made).stages) == 2
    missing = replace(SHORT, params={"column": "gone", "high": 1}, on=False)
    assert run(six, recipe(missing)).rows.tolist() == [0, 1, 2, 3, 4, 5]


def test_the_order_of_filters_does_not_matter_and_that_of_a_selector_does(six):
    assert run(six, recipe(SHORT, NORTH)).rows.tolist() == run(six, recipe(NORTH, SHORT)).rows.tolist()
    assert run(six, recipe(LONGEST, SHORT)).rows.tolist() == []
    assert run(six, recipe(SHORT, LONGEST)).rows.tolist() == [2, 1]


def test_a_filter_after_a_selector_keeps_the_pick_order(six):
    done = run(six, recipe(Step("top", {"column": "length", "budget": 5}), NORTH))
    assert done.rows.tolist() == [3, 2, 1]


def test_a_name_the_corpus_lacks_is_an_error_before_anything_runs(six):
    with pytest.raises(NotFound, match="Did you mean 'length'"):
        run(six, recipe(NORTH, Step("number_range", {"column": "lenght"})))
    with pytest.raises(NotFound, match="No embedding named 'minilm'. There is: none yet"):
        run(six, recipe(Step("farthest", {"budget": 1, "embedding": "minilm"})))
    with pytest.raises(EngineError, match="holds text, not numbers"):
        run(six, recipe(Step("number_range", {"column": "language"})))


# Verdicts by hand


def test_rows_always_kept_stay_whatever_the_filters_say(six):
    done = run(six, recipe(SHORT, NORTH, by_hand=ByHand(keep=ref(six, [4]))))
    assert done.rows.tolist() == [0, 1, 2, 4]
    assert why(done, 4).text == "Kept by hand."


def test_rows_never_kept_are_gone_before_the_first_step(six):
    done = run(six, recipe(SHORT, by_hand=ByHand(drop=ref(six, [0, 1]))))
    assert done.rows.tolist() == [2, 5]
    assert why(done, 0).text == "Dropped by hand." and why(done, 0).at == 0
    # Rows that verdicts take are not counted against a filter.
    assert funnel(done)[0].total == 2


def test_rows_always_kept_count_toward_the_budget_and_come_first(six):
    done = run(six, recipe(LONGEST, by_hand=ByHand(keep=ref(six, [0]))))
    assert done.rows.tolist() == [0, 4]


def test_a_row_decided_both_ways_is_an_error_that_names_it(six):
    with pytest.raises(EngineError, match="1 rows are both always kept and never kept, for instance row 3"):
        run(six, recipe(by_hand=ByHand(keep=ref(six, [2, 3]), drop=ref(six, [3, 4]))))


def test_more_rows_always_kept_than_the_budget_is_an_error(six):
    with pytest.raises(EngineError, match="3 rows are always kept by hand, more than the 2 rows of the budget"):
        run(six, recipe(LONGEST, by_hand=ByHand(keep=ref(six, [0, 1, 2]))))


def test_a_verdict_on_a_row_that_is_no_longer_there_is_passed_over(six):
    ref = six.store.write_ref("rows", {"keys": [*six.keys(np.array([4])), "gone"]})
    assert run(six, recipe(SHORT, by_hand=ByHand(keep=ref))).rows.tolist() == [0, 1, 2, 4, 5]


def test_a_pin_whose_ref_did_not_travel_is_an_error(six):
    with pytest.raises(NotFound, match="Keep the `refs` folder beside the recipe"):
        run(six, recipe(by_hand=ByHand(keep="0" * 64)))


# Budgets


@pytest.mark.parametrize(
    ("budget", "kept"), [("50%", 3), ("0%", 0), ("100%", 6), (0, 0), (6, 6), ("10%", 1), ("40%", 2)]
)
def test_a_budget_in_rows_or_percent_is_met_exactly(six, budget, kept):
    done = run(six, recipe(Step("random", {"budget": budget})))
    assert len(done.rows) == kept and done.stages[-1].notes["short"] == 0


def test_a_budget_of_more_than_is_left_keeps_all_and_states_the_shortfall(six):
    done = run(six, recipe(SHORT, Step("random", {"budget": 10})))
    assert sorted(done.rows.tolist()) == [0, 1, 2, 5]
    assert done.stages[-1].notes["short"] == 6


def test_percent_is_of_the_rows_left(six):
    assert len(run(six, recipe(SHORT, Step("random", {"budget": "50%"}))).rows) == 2


@pytest.mark.parametrize(("unit", "signal"), [("tokens", "tokens"), ("bytes", "utf8_bytes")])
def test_a_budget_in_tokens_or_bytes_is_the_longest_prefix_that_fits(six, unit, signal):
    data = with_signal(six, signal, np.array([1, 2, 4, 8, 16, 32]))
    step = Step("top", {"column": "length", "budget": f"29 {unit}"})
    done = run(data, recipe(step))
    # By length: 4 (16), 3 (8), 2 (4), and then 1 (2) would pass 29.
    assert done.rows.tolist() == [4, 3, 2]
    assert done.stages[-1].notes["short"] == 1 and done.stages[-1].notes["unit"] == unit


def test_equal_shares_are_of_what_fits_and_not_of_all_that_could(tmp_path):
    # Some 23 rows fit: 10 of a and the rest of b, though 53 of the cheapest rows would fit too.
    data = corpus(tmp_path, {"group": ["a"] * 10 + ["b"] * 90})
    data = with_signal(data, "tokens", np.array([10] * 60 + [1] * 40))
    params = {"column": "group", "shares": "equal", "budget": "170 tokens"}
    done = run(data, recipe(Step("stratified", params)))
    tokens = data.numbers("tokens", done.rows).sum()
    assert 150 <= tokens <= 170 and done.stages[-1].notes["short"] == 170 - tokens
    shares = done.stages[-1].notes["groups"]
    assert shares["a"] == 10 and shares["a"] + shares["b"] == len(done.rows)


def test_rows_always_kept_spend_tokens_first(six):
    data = with_signal(six, "tokens", np.array([1, 2, 4, 8, 16, 32]))
    step = Step("top", {"column": "length", "budget": "40 tokens"})
    assert run(data, recipe(step, by_hand=ByHand(keep=ref(data, [5])))).rows.tolist() == [5]
    with pytest.raises(EngineError, match="The rows always kept by hand alone take 32 tokens, more than 30 tokens"):
        run(
            data,
            recipe(
                replace(step, params={"column": "length", "budget": "30 tokens"}), by_hand=ByHand(keep=ref(data, [5]))
            ),
        )


def test_a_budget_in_tokens_without_the_signal_says_how_to_get_it(six):
    with pytest.raises(EngineError, match="winnow signals --only tokens"):
        run(six, recipe(Step("random", {"budget": "10 tokens"})))


# The cache of prefixes


def test_a_prefix_is_run_once(six, monkeypatch):
    cache = Cache(1 << 20)
    counted: list[str] = []
    replay = import_module("engine.recipe.run")
    stage = replay._stage
    monkeypatch.setattr(
        replay, "_stage", lambda data, step, *more: (counted.append(step.do), stage(data, step, *more))[1]
    )
    first = run(six, recipe(SHORT, NORTH, LONGEST), cache)
    assert counted == ["number_range", "values", "top"]
    counted.clear()
    again = run(six, recipe(replace(SHORT, name="renamed"), NORTH, LONGEST), cache)
    assert counted == [] and again.rows.tolist() == first.rows.tolist()
    assert again.stages[1].step.name == "renamed"
    run(six, recipe(SHORT, NORTH, Step("top", {"column": "length", "budget": 1})), cache)
    assert counted == ["top"]


def test_the_cache_forgets_the_oldest_when_its_bytes_are_full(six):
    cache = Cache(1)
    run(six, recipe(SHORT, NORTH), cache)
    assert len(cache._items) == 1


def test_a_column_that_is_computed_again_is_not_taken_from_the_cache(tmp_path):
    cache = Cache(1 << 20)
    first = with_signal(corpus(tmp_path, SIX), "score", np.array([1, 1, 1, 0, 0, 0]))
    step = Step("number_range", {"column": "score", "low": 1})
    assert run(first, recipe(step), cache).rows.tolist() == [0, 1, 2]
    there = first.added["score"]
    newer = replace(there.origin, spec=replace(there.spec, version=2))
    first.store.publish("score", newer, {"score": np.array([0, 0, 0, 1, 1, 1])}, there.notes)
    second = Dataset.load(first.store)
    assert run(second, recipe(step), cache).rows.tolist() == [3, 4, 5]


def test_another_view_of_the_text_and_another_count_of_tokens_are_not_taken_from_the_cache(tmp_path):
    cache = Cache(1 << 20)
    first = with_signal(corpus(tmp_path, {"title": ["x", "y"], "text": ["y", "x"]}), "tokens", np.array([1, 5]))
    made = recipe(Step("text", {"find": "x"}))
    budget = recipe(Step("random", {"budget": "2 tokens"}))
    assert run(first, made, cache).rows.tolist() == [1]
    assert run(first, budget, cache).rows.tolist() == [0]
    write_record(first.store, replace(first.record, text_view=of_column("title")))
    there = first.added["tokens"]
    newer = replace(there.origin, spec=replace(there.spec, version=2))
    first.store.publish("tokens", newer, {"tokens": np.array([5, 1])}, there.notes)
    second = Dataset.load(first.store)
    assert run(second, made, cache).rows.tolist() == [0]
    # Row 0 comes first in the pick order, and now no longer fits.
    assert run(second, budget, cache).rows.tolist() == []


def test_a_click_does_not_start_a_selector_that_has_not_run(six):
    cache = Cache(1 << 20)
    held = run(six, recipe(SHORT, LONGEST), cache, pick=False)
    assert held.rows.tolist() == [0, 1, 2, 5]
    run(six, recipe(SHORT, LONGEST), cache)
    assert run(six, recipe(SHORT, LONGEST), cache, pick=False).rows.tolist() == [2, 1]


# Whole


def test_the_reasons_of_a_thousand_random_drops_are_found_again_in_the_stored_values(tmp_path):
    rng = np.random.default_rng(7)
    n = 3000
    length = rng.integers(0, 100, n).tolist()
    score = [None if rng.random() < 0.1 else float(np.round(v, 3)) for v in rng.normal(size=n)]
    group = [None if rng.random() < 0.1 else "abcde"[i] for i in rng.integers(0, 5, n)]
    data = corpus(tmp_path, {"length": length, "score": score, "group": group})
    made = recipe(
        Step("number_range", {"column": "length", "low": 20, "high": 90}),
        Step("number_range", {"column": "score", "high": 1.0}),
        Step("values", {"column": "group", "values": ["a"], "do": "drop"}),
        Step("random", {"budget": 500}),
    )
    done = run(data, made)
    gone = np.flatnonzero(~done.mask)
    sample = rng.permutation(gone)[:1000]
    assert len(sample) == 1000
    stored = {c: data.column(c).to_pylist() for c in ("length", "score", "group")}
    for reason in whys(done, sample):
        row = reason.row
        long, high, named = stored["length"][row], stored["score"][row], stored["group"][row]
        if not 20 <= long <= 90:
            expected = (1, f"length is {long}.")
        elif high is None or high > 1:
            expected = (2, "score is missing." if high is None else f"score is {high!r}.")
        elif named == "a":
            expected = (3, "group is “a”.")
        else:
            expected = (4, "not picked.")
        assert reason.at == expected[0] and reason.text.endswith(expected[1]), reason
    assert done.stages[-1].kept == 500


def test_an_empty_corpus_and_one_row_run_through(tmp_path):
    empty = corpus(tmp_path, {"length": np.array([], int).tolist(), "language": [], "text": []})
    assert run(empty, recipe(Step("random", {"budget": 3}))).rows.tolist() == []
    one = corpus(tmp_path, {"length": [5], "language": ["en"], "text": ["a"]})
    assert run(one, recipe(SHORT, NORTH, LONGEST)).rows.tolist() == [0]


def test_a_budget_reads_back_as_it_was_given(six):
    step = recipe(Step("random", {"budget": "50%"})).steps[0]
    assert Budget.read(step.params["budget"]) == Budget(50, "percent")  # type: ignore[arg-type]


def test_reasons_for_rows_in_any_order_are_those_of_each_row(tmp_path):
    data = corpus(tmp_path, {"text": [None, "a", " ", None], "x": [1, 2, 3, 4]})
    rows = np.array([0, 2, 1, 3])  # first and last as if they followed each other
    done = run(data, recipe(Step("missing", {"keep": "present"}), Step("sql", {"where": "x > 9"})))
    assert [w.text.rpartition(": ")[2] for w in whys(done, rows)] == [
        "text is missing.",
        "text is empty.",
        "x is 2.",
        "text is missing.",
    ]
    assert verdict(data, Step("sql", {"where": "x = 2 OR x = 1"}), rows).keep.tolist() == [True, False, True, False]
    assert verdict(data, Step("regex", {"pattern": "a"}), rows).keep.tolist() == [False, False, True, False]


def test_another_column_that_names_rows_makes_a_cached_list_stale(tmp_path):
    data = corpus(tmp_path, {"text": ["a", "b"], "id": ["x", "y"]})
    recipe_, cache = recipe(snapshots.listed_step(data, np.array([1]))), Cache(1 << 20)
    assert run(data, recipe_, cache).rows.tolist() == [1]
    with pytest.raises(EngineError, match="belong to another corpus"):
        run(choose_role(data, "id", "id"), recipe_, cache)


def test_verdicts_on_a_ref_of_another_kind_are_refused(tmp_path):
    data = corpus(tmp_path, {"text": ["a", "b"]})
    ref = data.store.write_ref("region", {"polygon": []})
    with pytest.raises(EngineError, match="holds 'region', where 'rows' is needed"):
        run(data, Recipe(by_hand=ByHand(keep=ref)))


def test_topics_that_came_out_otherwise_under_the_same_spec_leave_no_stale_stage(tmp_path):
    data = embedded(corpus(tmp_path, {"text": ["a", "b", "c"]}), circle([0, 90, 180]))
    data = with_topics(data, [0, 0, 1], {0: "cats", 1: "dogs"})
    cats = Recipe(steps=(Step("values", {"column": "topic@given", "values": ["cats"]}).checked(),))
    cache = Cache(1 << 20)
    assert run(data, cats, cache).rows.tolist() == [0, 1]
    data.store.remove("topics", data.artefact("topics", "topics@given").identity)
    again = with_topics(data, [0, 1, 1], {0: "cats", 1: "dogs"})
    assert run(again, cats, cache).rows.tolist() == [0]
