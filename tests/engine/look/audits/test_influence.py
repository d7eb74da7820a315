"""Who drives an answer: what is foretold of leaving rows out is what learning again without them gives."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.audits import influence
from engine.look.audits.influence import _Nearest, _Ridge
from engine.models import nearest_scores
from tests.engine.small import circle, corpus, embedded

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 5))
X /= np.linalg.norm(X, axis=1, keepdims=True)
Q, CODES = X[0] * 0.8 + X[1] * 0.6, RNG.integers(0, 3, 60)


def again(out):
    """Scores of ridge regression fitted anew by least squares, without some rows."""
    left = np.delete(np.arange(60), out)
    x = np.column_stack([X[left], np.ones(len(left))])
    bound = np.column_stack([np.eye(5), np.zeros(5)])
    y = np.concatenate([np.eye(3)[CODES[left]], np.zeros((5, 3))])
    return np.append(Q, 1) @ np.linalg.lstsq(np.concatenate([x, bound]), y, rcond=None)[0]


def test_leaving_rows_out_of_ridge_regression_is_foretold_to_the_ninth_digit():
    asked = _Ridge.fit(X, CODES, 3).asked(Q)
    np.testing.assert_allclose(asked.scores, again([]), atol=1e-9)
    effects = asked.effects()
    for row in range(60):
        np.testing.assert_allclose(asked.scores - effects[row], again([row]), atol=1e-9)
    np.testing.assert_allclose(asked.without(np.arange(5, 30)), again(np.arange(5, 30)), atol=1e-9)


def test_leaving_neighbours_out_lets_the_next_ones_in():
    asked = _Nearest(X @ Q, CODES, 3)
    near = np.argsort(-(X @ Q))
    for out in ([], near[:1], near[:20]):
        left = np.delete(np.arange(60), np.asarray(out, int))
        both = np.concatenate([X, Q[None]]).astype(np.float32)
        scores = np.exp(nearest_scores(lambda rows, v=both: v[rows], left, CODES[left], 3, np.array([60]))[0])
        np.testing.assert_allclose(asked.without(np.asarray(out, int)), scores / scores.sum(), atol=1e-5)
    assert (asked.effects()[near[15:]] == 0).all() and (asked.effects()[near[:15]] != 0).any()


def test_the_row_that_alone_speaks_for_an_answer_is_named_and_turns_it(tmp_path):
    # Two kinds, 0° and 90°; one row at 40° of the first kind stands beside the row asked about, at 50°.
    degrees = [0, 2, 4, 90, 88, 86, 44, 48]
    columns = {"kind": ["a", "a", "a", "b", "b", "b", "a", None], "name": [f"n{i}" for i in range(8)]}
    data = embedded(corpus(tmp_path, columns), circle(degrees))
    found = influence(data, np.array([7]), data.rows(), "kind", embedding="given", out=np.array([6]))
    (one,) = found.rows
    assert (one.told, one.second, one.own, one.drivers[0].row) == ("a", "b", "", 6)
    assert (one.flips, one.then) == (1, "b") and one.without[0] == "b" and found.changed == 1
    assert one.score - one.drivers[0].effect == pytest.approx(1 - one.without[1], abs=1e-9)  # the two scores sum to 1
    assert "n7, row 7: told" in found.text()[1] and ": n6, row 6 (a," in "".join(found.text())
    assert found.learned == 7 and "Leaving out 1 rows" in found.markdown()[-1]
    near = influence(data, np.array([7]), data.rows(), "kind", embedding="given", probe="nearest").rows[0]
    assert near.drivers[0].row == 6 and near.without is None


def test_one_label_alone_teaches_nothing(tmp_path):
    data = embedded(corpus(tmp_path, {"kind": ["a"] * 5}), circle(range(5)))
    with pytest.raises(EngineError, match="two are needed"):
        influence(data, np.array([0]), data.rows(), "kind", embedding="given")
