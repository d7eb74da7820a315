"""Numbers that other models gave: the least likely tokens, two models beside each other, ranks of losses."""

import zlib
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.signals import CORPUS_SIGNALS
from engine.signals.imported._numbers import _list
from tests.engine.small import corpus


def measure(name: str, data, **knobs: object) -> dict[str, np.ndarray]:
    return CORPUS_SIGNALS[name].function(data, **knobs)


def test_the_mean_of_the_least_likely_tokens(tmp_path: Path) -> None:
    lists = [[-1.0, -2.0, -3.0, -4.0, -10.0], [-5.0], [], None, [None, -1.0, -3.0]]
    data = corpus(tmp_path, {"logs": lists, "text": ["hello hello", "", "", None, "x"]})
    found = measure("token_likelihood", data, column="logs", share=40.0)
    assert found["lowest_log_probs"][[0, 1, 4]].tolist() == [-7, -5, -3]  # two of five, one at least, none missing
    assert np.isnan(found["lowest_log_probs"][2:4]).all()
    assert found["log_prob_tokens"].tolist() == [5, 1, 0, 0, 2]
    assert found["mean_log_prob"][[0, 1, 4]].tolist() == [-4, -5, -2]
    whole = measure("token_likelihood", data, column="logs", share=100.0)
    assert np.array_equal(whole["lowest_log_probs"], whole["mean_log_prob"], equal_nan=True)
    assert found["log_prob_by_size"][0] == pytest.approx(-4000 / len(zlib.compress(b"hello hello")))
    assert measure("token_likelihood", data, column="logs", share=20.0)["lowest_log_probs"][0] == -10


def test_lists_may_be_text_but_must_be_of_numbers(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"logs": ["[-1, -3.0, null]", None, ""], "text": ["a", "b", "c"]})
    assert measure("token_likelihood", data, column="logs")["lowest_log_probs"][0] == -3
    with pytest.raises(EngineError, match="'text' holds 'a', which is no list of numbers"):
        measure("token_likelihood", data, column="text")


def test_nan_in_the_text_of_a_list_is_missing_at_its_place(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"logs": ["[NaN, -0.5, -1.5]", "[-Infinity, -3]", "[NaN]"], "text": ["a", "b", "c"]})
    found = measure("token_likelihood", data, column="logs", share=100.0)
    assert found["mean_log_prob"][:2].tolist() == [-1, -3] and np.isnan(found["mean_log_prob"][2])
    assert found["log_prob_tokens"].tolist() == [2, 1, 0]
    for odd in ("[NaN, 1", "[" * 100_000, "[NaN, true]"):
        with pytest.raises(EngineError, match="which is no list of numbers"):
            _list("logs", odd)


def test_a_large_model_beside_a_small_one(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"large": [[-1.0, -1.0], [-3.0], None], "small": [-2.0, -2.5, -1.0]})
    gain = measure("likelihood_gain", data, large="large", small="small")["likelihood_gain"]
    assert gain[:2].tolist() == [1.0, -0.5] and np.isnan(gain[2])
    turned = measure("likelihood_gain", data, large="large", small="small", given="losses")["likelihood_gain"]
    assert turned[:2].tolist() == [-1.0, 0.5]


def test_losses_are_ranked_by_their_median(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"loss": [[1.0, 9.0, 2.0], [1.0, 4.0], [0.5], None, [2.0]]})
    found = measure("loss_rank", data, column="loss")
    assert found["row_loss"][[0, 1, 2, 4]].tolist() == [2.0, 2.5, 0.5, 2.0] and np.isnan(found["row_loss"][3])
    assert found["loss_rank"][[0, 1, 2, 4]].tolist() == [0.5, 0.875, 0.125, 0.5]


def test_a_reference_saves_bytes_where_it_says_the_same(tmp_path: Path) -> None:
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split()
    others = "one two three four five six seven eight nine ten".split()
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(words if i < 60 else others, 30)) for i in range(80)]
    kinds = ["wanted"] * 40 + ["rest"] * 40
    data = corpus(tmp_path, {"text": [*texts, None], "kind": [*kinds, "rest"]})
    saved = measure("compression_given", data, column="kind", value="wanted")["saved_by_reference"]
    assert saved[:60].min() > 0.1 > saved[60:80].max() and np.isnan(saved[80])
    # What is of the reference itself is told as others are that are like it.
    assert abs(saved[:40].mean() - saved[40:60].mean()) < 0.05
    with pytest.raises(EngineError, match="0 rows have the kind 'none'"):
        measure("compression_given", data, column="kind", value="none")
