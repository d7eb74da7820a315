"""Dependence by HSIC: figures by hand, no more than chance where there is none; weights that undo it."""

import numpy as np
import pytest
from scipy.stats import kstest

from engine.errors import EngineError
from engine.look.audits import dependence, undone
from engine.models import dependence as arithmetic
from engine.models import hsic, independent_weights
from engine.models.dependence import _cells, dependence_of, features_of_groups, features_of_numbers
from engine.signals import CORPUS_SIGNALS
from tests.engine.small import corpus, embedded

# Of 100 rows: a with x 40, a with y 10, b with x 20, b with y 30.
A, B = np.repeat([0, 0, 1, 1], [40, 10, 20, 30]), np.repeat([0, 1, 0, 1], [40, 10, 20, 30])
WEIGHTS = np.array([0.5 * 0.6 / 0.4, 0.5 * 0.4 / 0.1, 0.5 * 0.6 / 0.2, 0.5 * 0.4 / 0.3])  # p(a) p(b) / p(a, b)


def test_the_criterion_of_a_table_is_as_told_by_hand():
    a, b = features_of_groups(A), features_of_groups(B)
    assert hsic(a, b) == pytest.approx(4 * 0.1**2)  # each cell is 0.1 off the product of its shares
    assert hsic(a, a) == pytest.approx(4 * 0.25**2)
    assert hsic(a, b, WEIGHTS[2 * A + B]) == pytest.approx(0, abs=1e-12)
    value, strength, p = dependence_of(a, b, 200, 0)
    assert 0.14 < strength < value / np.sqrt(hsic(a, a) * hsic(b, b)) and p < 0.001


def test_waves_stand_for_a_gaussian_kernel():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    apart = np.abs(x[:, None] - x)
    kernel = np.exp(-(apart**2) / 2 / np.median(apart[np.triu_indices(200, 1)]) ** 2)
    features = features_of_numbers(x, 0, waves=2000)
    assert np.abs(features @ features.T - kernel).max() < 0.12


def test_p_of_independent_columns_is_even_and_a_bent_tie_is_found():
    rng = np.random.default_rng(1)
    found = []
    for i in range(60):
        a, b = rng.integers(0, 3, 80), rng.normal(size=80)
        found.append(dependence_of(features_of_groups(a), features_of_numbers(b, i, 16), 60, i)[2])
    assert kstest(found, "uniform").pvalue > 0.05
    x = rng.normal(size=400)  # no correlation, and yet x tells x²
    assert dependence_of(features_of_numbers(x, 0, 16), features_of_numbers(x**2, 1, 16), 60, 0)[2] < 1e-6


def test_weights_that_undo_a_table_are_those_of_the_closed_form():
    found = independent_weights(features_of_groups(A), features_of_groups(B), calm=1e-5)
    np.testing.assert_allclose(found, WEIGHTS[2 * A + B], atol=1e-3)
    same = independent_weights(features_of_groups(A), features_of_groups(A))  # nothing can be undone
    assert np.isfinite(same).all() and same.mean() == pytest.approx(1) and same.min() > 0.5


def test_weights_are_the_same_row_by_row_as_cell_by_cell_and_in_blocks(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(3)
    x = rng.integers(0, 4, 200)
    a, b = features_of_groups(x), features_of_groups((x + rng.integers(0, 3, 200)) % 5)
    whole = independent_weights(a, b)
    assert len(np.unique(whole.round(9))) == 12 == len(_cells(a, b)[1])  # of each of 4 by 3 one weight
    monkeypatch.setattr(arithmetic, "BLOCK", 7)
    np.testing.assert_allclose(independent_weights(a, b), whole, atol=1e-7)
    monkeypatch.setattr(arithmetic, "_cells", lambda a, b: (np.arange(len(a)), np.ones(len(a)), a, b))
    np.testing.assert_allclose(independent_weights(a, b), whole, atol=1e-4)


def test_columns_and_vectors_are_paired_and_the_signal_is_what_the_audit_foretells(tmp_path):
    rng = np.random.default_rng(2)
    x = rng.normal(size=300)
    names = np.array(["a", "b"])
    columns = {
        "kind": names[(x + rng.normal(size=300) > 0).astype(int)].tolist(), "size": x.tolist(),
        "luck": names[rng.integers(0, 2, 300)].tolist(), "empty": [None] * 299 + ["a"],
    }  # fmt: skip
    vectors = rng.normal(size=(300, 4)) + 2 * (rng.permutation(300) % 2)[:, None]
    data = embedded(corpus(tmp_path, columns), vectors, graph=False)
    found = dependence(data, ["kind", "size", "luck", "empty", "given"], shuffles=60)
    assert (found.pairs[0].a, found.pairs[0].b, len(found.pairs)) == ("kind", "size", 10)
    assert [one.sure for one in found.pairs].count(True) == 1 and found.pairs[0].strength > 0.2
    assert "only 1 rows have both" in found.markdown()[-1]
    done = undone(data, "kind", "size")
    assert done.after < done.before / 20 and 100 < done.effective < 300
    weights = CORPUS_SIGNALS["independence_weight"].function(data, column="kind", other="size")["independence_weight"]
    np.testing.assert_array_equal(weights, done.weights.astype(np.float32))
    with pytest.raises(EngineError, match="two things"):
        dependence(data, ["kind"])
