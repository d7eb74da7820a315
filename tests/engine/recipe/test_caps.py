"""Caps on the rows, and on the repeats, of each value of a column."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.building import build
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.recipe import ByHand, Recipe, Step, listed_ref, pairs_ref, run, whys
from engine.recipe.filters import AMONG
from tests.engine.small import circle, corpus, embedded

COLUMNS = {
    "text": ["a", "a", "b", "a", "c", "d", "a", "b", "a"],
    "source": ["web", "web", "web", "web", "book", "book", "book", None, None],
    "score": [1, 2, 3, 4, 5, 6, 7, 8, 9],
}


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return build(corpus(tmp_path, COLUMNS), ["exact"])


def left(data: Dataset, do: str, keep_by_hand: str = "", **params: object) -> list[int]:
    step = Step(do, {"column": "source", **params}).checked()  # type: ignore[dict-item]
    return run(data, Recipe(steps=(step,), by_hand=ByHand(keep_by_hand))).rows.tolist()


def test_so_many_rows_of_each_value_stay_and_rows_without_one_do(data: Dataset) -> None:
    assert left(data, "at_most", most=2) == [0, 1, 4, 5, 7, 8]
    assert left(data, "at_most", most=2, by="score", keep="last") == [2, 3, 5, 6, 7, 8]
    assert left(data, "at_most", listed_ref(data, np.array([3])), most=1) == [3, 4, 7, 8]


def test_a_row_that_goes_is_told_its_place(data: Dataset) -> None:
    done = run(data, Recipe(steps=(Step("at_most", {"column": "source", "most": 2}).checked(),)))
    assert whys(done, np.array([3]))[0].text.endswith("source is “web”, which 4 rows are; this is number 4.")


def test_repeats_stay_up_to_a_share_of_each_value(data: Dataset) -> None:
    # Repeats: rows 1 and 3 of web (2 that are none), 6 of book (2 that are none), 7 and 8 without a source.
    dedup = run(data, Recipe(steps=(Step("dedup", {"pairs": "exact"}).checked(),))).rows.tolist()
    assert left(data, "few_repeats", pairs="exact", percent=0) == dedup == [0, 2, 4, 5]
    assert left(data, "few_repeats", pairs="exact", percent=33) == dedup
    assert left(data, "few_repeats", pairs="exact", percent=34) == [0, 1, 2, 4, 5, 6]
    assert left(data, "few_repeats", pairs="exact", percent=100) == [0, 1, 2, 3, 4, 5, 6]
    # Wanted by score: rows 8 and 7 stay for all, the other rows of a and b are repeats; of web none is alone.
    by_score = {"by": "score", "keep": "last", "percent": 50}
    assert left(data, "few_repeats", pairs="exact", **by_score) == [4, 5, 6, 7, 8]


def test_a_repeat_that_goes_names_its_witness_and_the_room(data: Dataset) -> None:
    step = Step("few_repeats", {"pairs": "exact", "column": "source", "percent": 34.0}).checked()
    done = run(data, Recipe(steps=(step,)))
    said = [w.text for w in whys(done, np.array([3, 7]))]
    assert said[0].endswith("repeats row 0, similarity 1.000; repeats of “web” that may stay: 1.")
    assert said[1].endswith("repeats row 2, similarity 1.000; repeats of (missing) that may stay: 0.")


def test_what_was_judged_by_hand_is_heeded_by_the_cap(data: Dataset) -> None:
    chosen, apart = listed_ref(data, np.array([3])), pairs_ref(data, np.array([7]), np.array([2]))
    # Row 3 stays for all of a; rows 2 and 7, both b, are no repeats of each other.
    assert left(data, "few_repeats", pairs="exact", percent=0, stays=chosen, apart=apart) == [2, 3, 4, 5, 7]


def test_below_what_was_looked_for_it_refuses(tmp_path: Path) -> None:
    data = build(embedded(corpus(tmp_path, {"source": ["a", "a"]}), circle([0, 5])), ["semantic@given"])
    with pytest.raises(EngineError, match="Take 0.9 or more"):
        left(data, "few_repeats", pairs="semantic@given", threshold=0.5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["a", "b", None])), min_size=1, max_size=25),
    st.floats(0, 100),
)
def test_every_row_that_goes_has_a_witness_that_stays_and_no_source_has_more_repeats(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str | None]], percent: float
) -> None:
    columns = {"text": [str(t) for t, _ in rows], "source": [s for _, s in rows], "n": list(range(len(rows)))}
    columns["source"].append("z")
    columns["text"].append("the last")
    columns["n"].append(len(rows))
    data = build(corpus(tmp_path_factory.mktemp("caps"), columns), ["exact"])
    member = AMONG["few_repeats"]
    given_ = member.check({"pairs": "exact", "column": "source", "percent": percent})
    keep = member.function(data, data.rows(), np.zeros(data.n, bool), **given_).keep
    texts, sources = np.array(columns["text"]), np.array([s or "" for s in columns["source"]])
    assert all(keep[texts == texts[row]].any() for row in np.flatnonzero(~keep))
    first = np.array([texts.tolist().index(t) for t in texts]) == np.arange(data.n)
    for source in ("a", "b"):
        mine = keep & (sources == source)
        assert (mine & ~first).sum() <= percent / 100 * mine.sum() + 1e-6


def test_in_a_crowd_the_repeats_are_those_that_dedup_drops(tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(120))
    texts = [words.replace("word60", f"number{i}") for i in range(600)]
    crowd = build(corpus(tmp_path, {"text": texts, "source": ["web"] * 600}), ["minhash"])
    wish = {"pairs": "minhash", "threshold": 0.8, "keep": "last"}
    assert left(crowd, "few_repeats", percent=0, **wish) == [599]
    assert run(crowd, Recipe(steps=(Step("dedup", wish).checked(),))).rows.tolist() == [599]  # type: ignore[arg-type]
