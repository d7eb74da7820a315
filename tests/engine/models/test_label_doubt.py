"""Doubt of given probabilities by known answers, and what neighbours say of labels by chance and of two heaps."""

import numpy as np
import pytest

from engine.models import confused, doubt, labels_of_nodes, otsu, votes
from engine.models.probes.history import softmax
from engine.models.probes.neighbours import nearest_scores
from tests.engine.small import circle


def test_el2n_is_the_distance_of_the_probabilities_from_the_label() -> None:
    given = doubt(np.array([[0.7, 0.2, 0.1], [1, 0, 0], [0, 1, 0], [np.nan] * 3]), np.array([0, 0, 0, 0]))
    assert given.el2n[:3].tolist() == pytest.approx([0.3742, 0, np.sqrt(2)], abs=5e-5)
    assert given.margin[:3].tolist() == pytest.approx([0.5, 1, -1]) and np.isnan(given.el2n[3])
    for classes, said in ((2, 0.7071), (3, 0.8165), (10, 0.9487)):
        even = doubt(np.full((1, classes), 1 / classes), np.array([0]))
        assert even.el2n[0] == pytest.approx(said, abs=5e-5) and even.entropy[0] == pytest.approx(1)
    assert confused(np.array([[0.5, 0.3, 0.15, 0.05], [0.96, 0.02, 0.01, 0.01]]), 0.9).tolist() == [2, 0]


def test_the_gradient_of_a_linear_heads_loss_is_as_long_as_el2n_times_its_input() -> None:
    rng = np.random.default_rng(0)
    x, weights, offsets, step = rng.normal(size=4), rng.normal(size=(4, 3)), rng.normal(size=3), 1e-6
    x /= np.linalg.norm(x)

    def loss(flat: np.ndarray) -> float:
        return -float(np.log(softmax((x @ flat[:12].reshape(4, 3) + flat[12:])[None])[0, 1]))

    at = np.r_[weights.ravel(), offsets]
    slope = [(loss(at + step * one) - loss(at - step * one)) / (2 * step) for one in np.eye(15)]
    distance = doubt(softmax((x @ weights + offsets)[None]), np.array([1])).el2n[0]
    assert np.linalg.norm(slope) == pytest.approx(distance * np.sqrt(2), rel=1e-5)  # √2: of the row and its constant


def test_labels_by_chance_agree_as_often_as_chance_has_it_and_a_label_of_two_far_heaps_agrees_with_itself() -> None:
    rng = np.random.default_rng(0)
    near = rng.integers(0, 4000, (4000, 10)).astype(np.int32)
    codes = rng.choice(3, 4000, p=[0.6, 0.3, 0.1])
    said = votes(
        near, np.zeros((4000, 10), np.float32), labels_of_nodes(np.arange(4000), codes, 4000, 3), sharp=0, copies=1
    )
    agreement = said.toarray()[np.arange(4000), codes].mean()
    assert agreement == pytest.approx(0.6**2 + 0.3**2 + 0.1**2, abs=0.01)
    heaps = np.array([[1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, 4], [7, 8], [6, 8], [6, 7]], np.int32)
    two = np.repeat([0, 1, 0], 3)  # the first and the last heap are one label, the other label lies between
    said = votes(heaps, np.zeros((9, 2), np.float32), labels_of_nodes(np.arange(9), two, 9, 2), sharp=0, copies=1)
    assert said.toarray()[np.arange(9), two].tolist() == [1] * 9


def test_two_heaps_of_numbers_are_parted_between_them() -> None:
    assert otsu(np.array([0.0, 1, 2, 10, 11])) == 6


def test_the_nearest_speak_by_how_near_they_are_and_the_classes_shares_as_much_as_the_nearest_one() -> None:
    x = circle([0, 0, 60, 60, 180]).astype(np.float32)  # asked, A at cosine 1, B and C at 0.5; A at −1 has no vote
    codes, known = np.array([0, 1, 2, 0]), np.arange(1, 5)
    found = nearest_scores(lambda rows: x[rows], known, codes, 4, np.array([0]), k=4)[0]
    assert found[:3] == pytest.approx(np.log([1 + 0.5, np.exp(-5) + 0.25, np.exp(-5) + 0.25]), abs=1e-5)
    assert found[3] == -np.inf
    alone = nearest_scores(lambda rows: x[rows], known, codes, 4, np.array([0]), k=1)[0]
    assert alone[:3] == pytest.approx(np.log([1.5, 0.25, 0.25]), abs=1e-5)
    x[0] = 0  # like none: by the shares alone
    none = nearest_scores(lambda rows: x[rows], known, codes, 4, np.array([0]), k=4)[0]
    assert none[:3] == pytest.approx(np.log([0.5, 0.25, 0.25]) - 10, abs=1e-5)
