"""Density and outlier on angles whose cosines are known."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.signals import CORPUS_SIGNALS, score
from engine.signals.corpus.density import density
from engine.signals.corpus.outlier import outlier
from tests.engine.small import circle, corpus, embedded


def quiet(stage: str, done: int, total: int) -> None: ...


@pytest.fixture
def angles(tmp_path):
    """0, 60 and 90 degrees; row 3 repeats row 0; row 4 has no vector."""
    vectors = np.vstack([circle([0, 60, 90, 0]), np.full((1, 2), np.nan)])
    return embedded(corpus(tmp_path, {"n": list(range(5))}), vectors)


def test_density_is_the_mean_similarity_to_the_nearest_distinct_texts(angles):
    # cos 60° = 0.5, cos 90° = 0, cos 30° = 0.866.
    found = density(angles, embedding="given", k=2)["density"]
    assert found == pytest.approx([0.25, 0.683, 0.433, 0.25, np.nan], abs=1e-3, nan_ok=True)
    nearest = density(angles, embedding="given", k=1)["density"]
    assert nearest == pytest.approx([0.5, 0.866, 0.866, 0.5, np.nan], abs=1e-3, nan_ok=True)
    assert found.dtype == np.float32


def test_outlier_is_one_less_the_similarity_to_the_kth_neighbour(angles):
    found = outlier(angles, embedding="given", k=2)["outlier"]
    assert found == pytest.approx([1, 0.5, 1, 1, np.nan], abs=1e-3, nan_ok=True)
    assert outlier(angles, embedding="given", k=1)["outlier"][:3] == pytest.approx([0.5, 0.134, 0.134], abs=1e-3)


def test_the_odd_one_has_the_highest_outlier_and_the_lowest_density(tmp_path):
    data = embedded(corpus(tmp_path, {"n": list(range(12))}), circle([*range(0, 22, 2), 180]))
    assert int(np.argmax(outlier(data, embedding="given")["outlier"])) == 11
    assert int(np.argmin(density(data, embedding="given", k=10)["density"])) == 11


def test_fewer_other_texts_than_k_are_all_that_count(angles):
    assert density(angles, embedding="given", k=20)["density"][0] == pytest.approx(0.25, abs=1e-3)
    assert outlier(angles, embedding="given", k=10)["outlier"][1] == pytest.approx(0.5, abs=1e-3)


def test_more_neighbours_than_the_graph_holds_is_an_error_with_the_number(tmp_path):
    angles = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([0, 60, 90]), k=2)
    for signal in (density, outlier):
        with pytest.raises(EngineError, match="Take k up to 2"):
            signal(angles, embedding="given", k=3)


def test_a_text_alone_has_neither(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [1, 2]}), circle([30, 30]))
    assert np.isnan(density(data, embedding="given", k=1)["density"]).all()
    assert np.isnan(outlier(data, embedding="given", k=1)["outlier"]).all()


def test_a_corpus_signal_gives_a_value_for_each_row(angles):
    found = score.corpus_signal(angles, CORPUS_SIGNALS["density"], {"embedding": "given", "k": 1}, quiet)
    assert list(found) == ["density"] and found["density"].shape == (5,)
