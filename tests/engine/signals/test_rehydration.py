"""Rehydration: weights by the size of the group, from what a cut removes of each size."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.signals.corpus.rehydration import size_class, size_weights
from tests.engine.small import corpus

# Three lone rows of which two are good, three pairs of which all are, and a group of five that is not.
TEXTS = ["a", "b", "c", *"ddeeff", *"ggggg", ""]
SCORES = [1.0, 1.0, 0.0, *[1.0, 0.0] * 3, *[0.0] * 5, 1.0]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return build(corpus(tmp_path, {"text": TEXTS, "score": SCORES}), ["exact"])


def test_the_published_weights_and_the_classes_of_sizes() -> None:
    assert size_weights(np.array([0.6, 0.4, 0.2, 0.8]), 0.5) == pytest.approx([1, 4, 10, 1])
    assert size_weights(np.array([0.6, np.nan, 0.6]), 0.6) == pytest.approx([1, 1, 1])
    sizes = np.array([1, 2, 3, 4, 5, 99, 100, 999, 1000, 10**6])
    assert size_class(sizes).tolist() == [0, 1, 2, 3, 4, 4, 5, 5, 6, 6]


def test_each_row_gets_the_weight_of_its_size_and_each_group_counts_once(data: Dataset) -> None:
    # The cut takes 1 of 3 lone rows, half of each of 3 pairs, 1 group of five: 3.5 of 7 in all.
    made = spec("signal", "rehydration", {"copies": "exact_copies", "column": "score", "low": 0.5, "most": 5.0})
    built = build(data, {key_of(made): made})
    assert key_of(made) == "rehydration(copies=exact_copies, column=score, low=0.5, most=5)"
    weights = built.numbers(key_of(made))
    assert weights == pytest.approx([5, 5, 5, *[1] * 6, *[1] * 5, np.nan], nan_ok=True)
    least = spec("signal", "rehydration", {"copies": "exact_copies", "column": "score", "high": 0.5})
    assert build(data, {"w": least}).added["w"].array("rehydration")[[0, 3, 9]] == pytest.approx([1, 1, 10])


def test_a_class_between_the_best_and_all_weighs_between(tmp_path: Path) -> None:
    # Lone rows lose 1 of 4, pairs 0 of 2, the group of three its only one: 2 of 7 in all.
    texts, scores = [*"abcd", *"eeff", *"ggg"], [1.0, 1.0, 1.0, 0.0, *[1.0] * 4, *[0.0] * 3]
    data = build(corpus(tmp_path, {"text": texts, "score": scores}), ["exact"])
    made = spec("signal", "rehydration", {"copies": "exact_copies", "column": "score", "low": 0.5})
    weights = build(data, {"w": made}).added["w"].array("rehydration")
    assert weights[[0, 4, 8]] == pytest.approx([1 + 9 * (2 / 7 - 1 / 4) / (2 / 7), 10, 1])


def test_the_pairs_are_built_with_it_and_other_pairs_are_another_signal(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "A", "b"], "score": [1.0, 1.0, 0.0]})
    strict = spec("signal", "rehydration", {"copies": "exact_copies", "column": "score", "low": 0.5})
    first = build(data, {"weight": strict})
    assert first.keys_of("pairs") == ["exact"]
    again = build(first, {"weight": strict})
    assert again.added["weight"].identity == first.added["weight"].identity
    # The same key means other pairs now: what was weighed by the old ones is not seen any more.
    other = build(first, {"exact": spec("pairs", "exact", {"any_case": True})})
    assert "weight" not in other.added
    anew = build(other, {"weight": strict})
    assert anew.added["weight"].identity != first.added["weight"].identity


def test_without_a_cut_it_says_so(data: Dataset) -> None:
    with pytest.raises(EngineError, match="Give low, high or both"):
        build(data, {"w": spec("signal", "rehydration", {"copies": "exact_copies", "column": "score"})})
