"""A choice beside random choices of its size: figures known beforehand, verdicts that chance alone does not earn."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.choices.chance import band, verdict
from engine.look.choices.covering import covering
from engine.look.choices.runs_of_words import runs_of
from engine.look.choices.vendi import vendi, vendi_of
from engine.look.evidence import coverage
from tests.engine.small import circle, clustered, corpus, embedded

SPOTS = [*np.linspace(0, 5, 190).tolist(), *range(20, 320, 30)]


def test_vendi_is_what_its_authors_publish():
    samples = np.array([0, 0, 10, 10, 20, 20])
    assert vendi(np.exp(-np.abs(samples[:, None] - samples))) == pytest.approx(2.999999996, abs=1e-8)
    assert vendi(np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])) == pytest.approx(2.157300483, abs=1e-8)


def test_vendi_of_vectors_is_that_of_their_products_on_both_sides():
    x = np.random.default_rng(0).normal(size=(9, 4))
    unit = x / np.linalg.norm(x, axis=1)[:, None]
    assert vendi_of(x) == pytest.approx(vendi(unit @ unit.T)) and vendi_of(x[:3]) == pytest.approx(
        vendi((unit @ unit.T)[:3, :3])
    )
    assert vendi_of(np.eye(3)) == pytest.approx(3) and vendi_of(np.ones((5, 3))) == pytest.approx(1)


def test_words_covered_count_by_how_often_they_stand(tmp_path):
    data = corpus(tmp_path, {"text": ["a b c", "A b!", "d"]})
    found = runs_of(data, data.rows())
    # a b c: 3 words, 2 pairs, 1 triple; a b: 2 words and a pair that stand in the first too; d.
    assert found.covered(np.array([0])) == pytest.approx(9 / 10)
    assert found.covered(np.array([1])) == pytest.approx(6 / 10)
    assert found.covered(np.array([1, 2])) == pytest.approx(7 / 10)


def test_a_choice_that_spreads_is_better_and_one_that_clumps_is_worse(tmp_path):
    data = embedded(corpus(tmp_path, {"n": list(range(200))}), circle(SPOTS), graph=False)
    data = clustered(data, [max(row - 189, 0) for row in data.embedding("given").texts.first.tolist()])
    wide, clump = np.array([*range(199, 189, -1), 0]), np.arange(11)
    good = covering(data, wide, data.rows(), embedding="given", alike=0.99)
    names = ("within", "mean", "least", "different", "reached topic@given")
    assert [good.figure(name).verdict for name in names] == ["better than random"] * 5
    assert good.figure("tenth").verdict == "worse than random"  # one pick of eleven for 190 rows
    assert good.figure("reached topic@given").value == good.figure("reached topic@given").of == 11
    assert good.figure("within").value == 1 and good.figure("within").chance.middle < 1
    assert good.strata == "topic@given" and good.figure("mean").stratified is not None
    bad = covering(data, clump, data.rows(), embedding="given")
    assert [bad.figure(name).verdict for name in ("tenth", "words")] == [
        "worse than random",
        "no better than random on this",
    ]
    assert [point.rows for point in good.curve][-1] == 11 and good.curve[-1].mean == good.figure("mean").value
    # The curve goes along the pick order.
    assert good.curve[0].mean == coverage(data, wide[:1], data.rows(), "given").mean
    assert np.all(np.diff([point.mean for point in good.curve]) >= 0)


def test_a_random_choice_is_no_better_than_random(tmp_path):
    data = embedded(
        corpus(tmp_path, {"n": list(range(200))}), np.random.default_rng(0).normal(size=(200, 6)), graph=False
    )
    said = [
        one.verdict
        for seed in range(5)
        for one in covering(
            data, np.random.default_rng(seed).permutation(200)[:20], data.rows(), embedding="given", seed=seed
        ).figures
    ]
    assert len(said) >= 30 and said.count("no better than random on this") >= len(said) - 1


def test_what_was_chosen_from_all_and_what_has_no_vector_is_told(tmp_path):
    data = embedded(
        corpus(tmp_path, {"n": [0, 1, 2]}), np.vstack([np.full((1, 2), np.nan), circle([0, 90])]), graph=False
    )
    every = covering(data, data.rows(), data.rows(), embedding="given", strata="")
    assert {one.verdict for one in every.figures} == {"no better than random on this"}
    assert [point.rows for point in every.curve] == [2, 3]  # the first row has no vector
    assert [one.name for one in covering(data, data.rows()[:1], data.rows(), strata="").figures] == ["words"]
    assert covering(data, np.array([2, 2]), data.rows(), strata="").chosen == 1
    with pytest.raises(EngineError, match="Nothing is picked"):
        covering(data, data.rows()[:0], data.rows())


def test_a_band_of_equal_figures_is_a_point_that_rounding_does_not_leave():
    assert verdict(1.0000000001, band([1.0, 1.0, 1.0])) == "no better than random on this"
    assert verdict(1.1, band([1.0, 1.0, 1.0])) == "better than random"
    assert verdict(1.1, band([1.0, 1.0, 1.0]), lower_is_better=True) == "worse than random"
