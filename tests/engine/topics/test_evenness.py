import numpy as np
from scipy.sparse import csr_array

from engine.topics.evenness import evenness, mostly_numbers


def test_evenness_is_0_in_one_row_and_1_in_all():
    shares = csr_array(np.array([[0.5, 0.3], [0.5, 0.0], [0.5, 0.0]]))
    np.testing.assert_allclose(evenness(shares), [1.0, 0.0], atol=1e-9)
    assert evenness(csr_array(np.array([[0.2]]))).tolist() == [0.0]


def test_numbers_are_words_where_they_are_most_of_what_is_counted():
    assert mostly_numbers(["12", "3.5", "eur"], np.array([2, 1, 2]))
    assert not mostly_numbers(["12", "a1"], np.array([1, 1]))
