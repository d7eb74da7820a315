"""Torn regions on a graph of six rows."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.maps.torn import outside_neighbours, torn_sentence, torn_share

# 0, 1, 2 are one another's neighbours, but the map put 2 elsewhere; 3, 4, 5 belong together; 5 knows only 3.
GRAPH = np.array([[1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, -1]])


def mask(*rows: int) -> np.ndarray:
    result = np.zeros(6, dtype=bool)
    result[list(rows)] = True
    return result


def test_a_region_that_left_a_neighbour_behind_says_which_share_is_outside():
    assert torn_share(GRAPH, mask(0, 1)) == 0.5
    assert torn_sentence(0.5) == "50 % of these rows' true neighbours are outside."


def test_a_whole_region_is_not_torn_and_says_nothing():
    assert torn_share(GRAPH, mask(3, 4, 5)) == 0.0
    assert torn_sentence(torn_share(GRAPH, mask(0, 1, 2))) == ""


def test_an_absent_neighbour_is_not_counted_as_outside():
    assert torn_share(GRAPH, mask(3, 5)) == pytest.approx(1 / 3)


def test_nothing_selected_is_not_torn():
    assert torn_share(GRAPH, mask()) == 0.0


def test_the_rows_to_take_in_are_those_that_several_selected_rows_know():
    assert outside_neighbours(GRAPH, mask(0, 1)).tolist() == [2]
    assert outside_neighbours(GRAPH, mask(0, 3), least=1).tolist() == [1, 2, 4, 5]
    assert outside_neighbours(GRAPH, mask(0, 3)).tolist() == []


def test_a_graph_of_another_corpus_is_refused():
    with pytest.raises(EngineError, match="7"):
        torn_share(GRAPH, np.zeros(7, dtype=bool))
