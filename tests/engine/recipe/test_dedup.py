"""The step `dedup`: which row stays, for whom the others go, and what else the recipe does around it."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.needs import completed
from engine.exporting.portability import portability
from engine.recipe import ByHand, Recipe, Step, dropped, listed_ref, pairs_ref, run, whys
from tests.engine.small import corpus, with_pairs

COLUMNS = {
    "text": ["a", "b", "a", "", "a", "b", "", "A"],
    "score": [1.0, 5.0, 3.0, 0.0, 3.0, None, 9.0, 2.0],
    "day": ["2020", "2021", "2019", "2020", "2022", "2020", "2020", "2020"],
}


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return build(corpus(tmp_path, COLUMNS), ["exact"])


def dedup(**params: object) -> Step:
    return Step("dedup", {"pairs": "exact", **params}).checked()  # type: ignore[dict-item]


def left(data: Dataset, *steps: Step, **by_hand: str) -> list[int]:
    return np.sort(run(data, Recipe(steps=steps, by_hand=ByHand(**by_hand))).rows).tolist()


@pytest.mark.parametrize(
    ("params", "rows"),
    [
        ({}, [0, 1, 3, 6, 7]),
        ({"keep": "last"}, [3, 4, 5, 6, 7]),
        ({"by": "score"}, [0, 1, 3, 6, 7]),
        ({"by": "score", "keep": "last"}, [1, 2, 3, 6, 7]),
        ({"by": "day", "keep": "last"}, [1, 3, 4, 6, 7]),
    ],
)
def test_one_of_those_alike_stays_by_order_or_by_a_column_ties_by_order(
    data: Dataset, params: dict[str, object], rows: list[int]
) -> None:
    assert left(data, dedup(**params)) == rows


def test_so_many_of_those_alike_may_stay(data: Dataset) -> None:
    assert left(data, dedup(most=2)) == [0, 1, 2, 3, 5, 6, 7]
    assert dedup(most=2, by="score", keep="last").sentence() == (
        "Drop rows that repeat another one (exact), but for the last 2 by score."
    )


def test_a_row_goes_only_for_one_that_is_left_and_says_which(data: Dataset) -> None:
    no_first = Step("number_range", {"column": "score", "low": 2.0}).checked()
    done = run(data, Recipe(steps=(no_first, dedup())))
    assert done.rows.tolist() == [1, 2, 6, 7]
    said = [w.text for w in whys(done, np.array([0, 2, 4]))]
    assert said[0].startswith("Dropped by step 1") and said[1].startswith("Kept")
    assert said[2].endswith("repeats row 2, similarity 1.000.")
    cached = run(data, done.recipe)
    assert [w.text for w in whys(cached, np.array([0, 2, 4]))] == said


def test_the_reason_is_the_same_when_the_step_comes_from_the_cache(data: Dataset) -> None:
    from engine.cache import Cache

    cache, recipe = Cache(1 << 20), Recipe(steps=(dedup(),))
    first, again = run(data, recipe, cache), run(data, recipe, cache)
    assert first.judged and not again.judged
    assert whys(first, data.rows()) == whys(again, data.rows())


def test_rows_kept_by_hand_stay_and_are_the_witnesses(data: Dataset) -> None:
    keep = listed_ref(data, np.array([2, 4]))
    assert left(data, dedup(), keep=keep) == [1, 2, 3, 4, 6, 7]
    done = run(data, Recipe(steps=(dedup(),), by_hand=ByHand(keep)))
    assert whys(done, np.array([0]))[0].text.endswith("repeats row 2, similarity 1.000.")


def test_after_a_selector_the_pick_order_stays(data: Dataset) -> None:
    top = Step("top", {"column": "score", "budget": 6}).checked()
    done = run(data, Recipe(steps=(top, dedup())))
    assert done.rows.tolist() == [6, 1, 7, 0] and dropped(done, 2).tolist() == [2, 4]


def test_it_stands_in_no_nest_and_is_no_selection(data: Dataset) -> None:
    from engine.look.selection import Selection

    with pytest.raises(EngineError, match="Give it a line of its own"):
        Step("any of", steps=(dedup(),)).checked()
    with pytest.raises(EngineError, match="looks at the other rows left"):
        Selection().to(dedup())


def test_it_is_portable_and_the_recipe_says_what_pairs_it_needs(data: Dataset) -> None:
    loose = spec("pairs", "exact", {"any_case": True})
    data = build(data, {key_of(loose): loose})
    step = dedup(pairs=key_of(loose))
    assert portability(step, data.columns) == "portable"
    assert completed(data, Recipe(steps=(step,))).needs == {key_of(loose): loose}
    assert left(data, step) == [0, 1, 3, 6]


def test_pairs_that_are_not_there_are_named(data: Dataset) -> None:
    with pytest.raises(EngineError, match="No pairs named 'minhash'"):
        run(data, Recipe(steps=(dedup(pairs="minhash"),)))


NEAR = ["book me a cheap flight", "book me a flight", "book me a slow flight", "play some jazz"]
"""Words shared of all: rows 0 and 1 4/5, rows 1 and 2 4/5, rows 0 and 2 4/6."""


@pytest.fixture
def near(tmp_path: Path) -> Dataset:
    return with_pairs(corpus(tmp_path, {"text": NEAR}), [(0, 1, 0.8), (1, 2, 0.8)], lowest=0.7)


def test_the_reason_names_the_witness_the_similarity_and_the_words_that_differ(near: Dataset) -> None:
    done = run(near, Recipe(steps=(dedup(pairs="made", threshold=0.8),)))
    assert done.rows.tolist() == [0, 2, 3]
    assert whys(done, np.array([1]))[0].text.endswith("repeats row 0, similarity 0.800: +cheap.")


def test_a_row_chosen_by_hand_stays_before_those_that_it_is_like(near: Dataset) -> None:
    step = dedup(pairs="made", threshold=0.8, stays=listed_ref(near, np.array([1])))
    assert left(near, step) == [1, 3]
    assert step.sentence().endswith("but for the first or chosen by hand.")
    assert portability(step, near.columns) == "portable"


def test_rows_told_apart_do_not_go_for_each_other(near: Dataset) -> None:
    step = dedup(pairs="made", threshold=0.8, apart=pairs_ref(near, np.array([1]), np.array([0])))
    done = run(near, Recipe(steps=(step,)))
    assert done.rows.tolist() == [0, 1, 3]
    assert whys(done, np.array([2]))[0].text.endswith("repeats row 1, similarity 0.800: −slow.")
    both = dedup(pairs="made", threshold=0.8, apart=pairs_ref(near, np.array([0, 1]), np.array([1, 2])))
    assert left(near, both) == [0, 1, 2, 3]


def test_below_the_lowest_stored_similarity_the_way_out_is_said(near: Dataset) -> None:
    with pytest.raises(EngineError, match="looked for down to a similarity of 0.7, not to 0.6"):
        run(near, Recipe(steps=(dedup(pairs="made", threshold=0.6),)))
