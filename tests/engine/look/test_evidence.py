"""What lies beside a selection: both sides of a cut, and how well some rows stand for all."""

import numpy as np
import pytest

from engine.look.evidence import beside_random, coverage, near_cut, sides
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.small import SIX, circle, corpus, embedded


def test_both_sides_of_a_step_are_shown_in_row_order(tmp_path):
    data = corpus(tmp_path, SIX)
    done = run(data, Recipe().with_step(Step("number_range", {"column": "length", "high": 350})))
    found = sides(done, 1)
    assert found.kept.tolist() == [0, 1, 2, 5] and found.dropped.tolist() == [3, 4]
    assert (found.kept_of, found.dropped_of) == (4, 2)


def test_examples_are_drawn_at_random_and_the_same_for_a_seed(tmp_path):
    data = corpus(tmp_path, {"length": list(range(200))})
    done = run(data, Recipe().with_step(Step("number_range", {"column": "length", "low": 100})))
    first, again, other = (sides(done, 1, k=5, seed=s) for s in (1, 1, 2))
    assert first.kept.tolist() == again.kept.tolist() != other.kept.tolist()
    assert len(first.kept) == len(first.dropped) == 5
    assert (first.kept >= 100).all() and (first.dropped < 100).all() and (np.diff(first.kept) > 0).all()


def test_the_rows_next_to_a_cut_come_nearest_first_and_missing_on_neither_side(tmp_path):
    data = corpus(tmp_path, {"score": [0.5, 0.9, None, 0.4, 0.5, 0.1]})
    found = near_cut(data, data.rows(), "score", 0.5, k=2)
    assert found.kept.tolist() == [0, 4] and found.dropped.tolist() == [3, 5]
    assert (found.kept_of, found.dropped_of) == (3, 2)


def test_coverage_is_the_similarity_to_the_nearest_selected_row(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2, 3]}), circle([0, 60, 90, 180]))
    found = coverage(data, np.array([0, 2]), data.rows(), "given")
    # 1, cos 30°, 1 and cos 90°.
    assert found.sampled == 4
    assert found.mean == pytest.approx((1 + 0.866 + 1 + 0) / 4, abs=1e-3)
    assert found.least == pytest.approx(0, abs=1e-3)
    assert found.among == pytest.approx(0, abs=1e-3)


def test_a_selected_row_is_wholly_covered_though_its_vector_is_rounded(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2, 3]}), circle([7, 7, 33, 61]))
    found = coverage(data, np.array([0, 2, 3]), data.rows(), "given")
    assert (found.mean, found.tenth, found.least) == (1, 1, 1)


def test_two_selected_repeats_are_wholly_alike(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([30, 30, 60]))
    assert coverage(data, np.array([0, 1]), data.rows(), "given").among == pytest.approx(1, abs=1e-3)
    assert coverage(data, np.array([0]), data.rows(), "given").among is None


def test_rows_without_a_vector_are_not_measured(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), np.vstack([circle([0, 90]), np.full((1, 2), np.nan)]))
    assert coverage(data, np.array([0, 2]), data.rows(), "given").sampled == 2
    assert coverage(data, np.array([2]), data.rows(), "given") is None
    assert coverage(data, np.array([0]), np.array([2]), "given") is None


def test_a_random_selection_is_no_better_than_the_random_one_beside_it_whatever_the_seeds(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(400, 8))
    data = embedded(corpus(tmp_path, {"n": list(range(400))}), vectors, graph=False)
    for seed in range(3):
        done = run(data, Recipe().with_step(Step("random", {"budget": 40, "seed": seed})))
        both = beside_random(data, done.rows, data.rows(), "given", seed=seed, sample=40)
        assert both.selection.mean == pytest.approx(both.random.mean, abs=0.1)


def test_a_good_selection_beats_the_random_one_beside_it(tmp_path):
    # 190 rows at one spot, ten spots with a row each: ten random rows miss most spots.
    angles = [*np.linspace(0, 5, 190).tolist(), *range(20, 320, 30)]
    data = embedded(corpus(tmp_path, {"n": list(range(200))}), circle(angles))
    done = run(data, Recipe().with_step(Step("farthest", {"budget": 11, "embedding": "given"})))
    both = beside_random(data, done.rows, data.rows(), "given", seed=1)
    assert both.selection.least > 0.99 > both.random.least
    assert both.selection.among < both.random.among
    assert both.selection.sampled == both.random.sampled == 200
