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


def test_series_that_rise_and_how_steadily(tmp_path: Path) -> None:
    lists = [[0, 1, 2, 3], [3.0, 1.0, 3.0, 1.0, 3.0], [2, 2, 2], [5], None, [0, None, 4]]
    data = corpus(tmp_path, {"returns": lists, "said": ["[4, 0]", "[1, NaN, 1]", "", "[7]", None, "[0, 8]"]})
    found = measure("improvement", data, column="returns", window=2)
    # Up from 0.5 to 2.5 of 3; to and fro; never; from one number nothing is told; what is missing is passed over.
    assert found["improvement"][[0, 1, 2, 5]].tolist() == pytest.approx([2 / 3, 0, 0, 1])
    assert found["series_stability"][[0, 1, 2, 5]].tolist() == pytest.approx([1, 0, 1, 1])
    assert all(np.isnan(values[3:5]).all() for values in found.values())
    # Steps of 2 and 0: mean 1, spread 1, size √2.
    uneven = measure("improvement", corpus(tmp_path, {"x": [[0, 2, 2]]}), column="x")["series_stability"]
    assert uneven.tolist() == pytest.approx([1 - 1 / np.sqrt(2)])
    texts = measure("improvement", data, column="said", window=1)["improvement"]
    assert texts[[0, 1, 5]].tolist() == [-1, 0, 1] and np.isnan(texts[2:5]).all()
    beside = measure("improvement", data, column="said", window=1, by="the range of all")["improvement"]
    assert beside[[0, 1, 5]].tolist() == [-0.5, 0, 1]


def test_a_loss_becomes_a_weight_in_four_shapes(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"loss": [[0.0], [1.0], [1.0, 3.0], None], "same": [2.0, 2.0, None, 2.0]})
    e = np.e

    def weigh(**knobs: object) -> list[float]:
        found = measure("loss_weight", data, column="loss", trim=0.0, **knobs)["loss_weight"]
        assert np.isnan(found[3]) and found[:3].mean() == pytest.approx(1)
        return found[:3].tolist()

    def shares(*parts: float) -> list[float]:
        return pytest.approx([3 * part / sum(parts) for part in parts])

    assert weigh() == shares(1 / e, 1, 1)
    assert weigh(shape="linear") == shares(1 / e, 1, e)
    assert weigh(shape="middle") == shares(1, e, 1)
    assert weigh(shape="ends") == shares(e, 1, e)
    assert weigh(shape="linear", evenness=0.5) == shares(e**-2, 1, e**2)
    # 2.0 of 3 are cut to 1.5, and the others share the other 1.5 as e stands to 1.
    assert weigh(shape="linear", most=1.5) == pytest.approx([1.5 / (1 + e), 1.5 * e / (1 + e), 1.5])
    assert weigh(shape="linear", most=1.0) == [1, 1, 1]
    same = measure("loss_weight", data, column="same")["loss_weight"]
    assert same[[0, 1, 3]].tolist() == [1, 1, 1] and np.isnan(same[2])


def test_one_loss_far_out_does_not_make_all_others_alike(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"loss": [*(i / 100 for i in range(200)), 1e300]})
    found = measure("loss_weight", data, column="loss", shape="linear")["loss_weight"]
    assert found[199] / found[0] > np.e and found[200] == pytest.approx(found[199], rel=0.1)


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
