"""What slow work will cost, said before it starts."""

from pathlib import Path

import pytest

from engine.building.cost import cost, guessed, mean_characters
from engine.building.spec import spec
from engine.building.speeds import Took, remember
from engine.dataset.distinct import distinct_count, store_texts
from engine.registry import Cost
from tests.engine.small import corpus


def test_costs_add_up_and_the_larger_peak_counts() -> None:
    assert Cost(1, 100, 10) + Cost(2, 50, 5) == Cost(3, 100, 15)


def test_a_cost_is_said_in_plain_words() -> None:
    assert Cost(300, 900 << 20, 47 << 20).words() == "about 5 min, 900 MB of memory, 47 MB of disk"


def test_repeats_cost_nothing_once_they_are_known(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "a", "a", "b"]})
    assert distinct_count(data) == 4
    store_texts(data)
    assert distinct_count(data) == 2


def test_long_texts_count_as_far_as_the_model_reads(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a" * 10, "b" * 5000]})
    assert mean_characters(data, 1000) == 505


def test_a_first_time_is_a_guess_and_is_said_to_be_one(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": [f"text {i}" for i in range(1000)]})
    lexical = cost(data, spec("embedding", "lexical"))
    assert lexical.guessed == lexical.seconds > 1
    assert lexical.words().startswith("at a guess 1 s, ")


def test_later_times_are_the_median_of_those_that_it_took(tmp_path: Path) -> None:
    data, made = corpus(tmp_path, {"text": [f"text {i}" for i in range(1000)]}), spec("embedding", "lexical")
    guess = guessed(data, made).seconds
    for seconds in (2 * guess, 3 * guess, 90 * guess):
        remember(data.store, made, Took(guess, seconds))
    assert cost(data, made).seconds == pytest.approx(3 * guess)
    assert cost(data, made).words().startswith(f"about {3 * guess:.0f} s, ")
    other = spec("embedding", "lexical", {"dimensions": 64})
    assert cost(data, other).guessed == cost(data, other).seconds


def test_a_sum_is_a_guess_where_more_than_a_fifth_of_it_is() -> None:
    assert (Cost(90) + Cost(10, guessed=10)).words().startswith("about ")
    assert (Cost(10) + Cost(10, guessed=10)).words().startswith("at a guess ")


@pytest.mark.parametrize("family", ["graph", "map", "topics", "embedding", "signal"])
def test_more_rows_cost_more(tmp_path: Path, family: str) -> None:
    member = {"map": "umap", "topics": "kmeans", "embedding": "sentence", "signal": "characters"}.get(family, "")
    made = spec(family, member, on="" if family in ("embedding", "signal") else "minilm")
    few, many = (cost(corpus(tmp_path, {"text": [str(i) for i in range(n)]}), made) for n in (10, 2000))
    assert few.seconds < many.seconds
    assert few.disk < many.disk
    assert few.memory <= many.memory
