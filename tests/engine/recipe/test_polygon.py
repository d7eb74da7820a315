"""Points in a polygon: small shapes by hand, and a slow textbook test as the oracle."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.recipe.polygon import inside_box, inside_polygon

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


def textbook(x: float, y: float, corners: np.ndarray) -> bool:
    odd = False
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if (ay <= y < by or by <= y < ay) and x < ax + (y - ay) * ((bx - ax) / (by - ay)):
            odd = not odd
    return odd


def test_a_square_holds_its_middle_and_nothing_beside_it():
    x = np.array([1.0, 3.0, -1.0, 1.0, 1.0], dtype=np.float32)
    y = np.array([1.0, 1.0, 1.0, 3.0, -1.0], dtype=np.float32)
    assert inside_polygon(x, y, SQUARE).tolist() == [True, False, False, False, False]


def test_the_notch_of_a_c_is_outside():
    c = np.array([[0, 0], [3, 0], [3, 1], [1, 1], [1, 2], [3, 2], [3, 3], [0, 3]], dtype=float)
    x, y = np.array([0.5, 2.0, 2.0, 2.0]), np.array([1.5, 1.5, 0.5, 2.5])
    assert inside_polygon(x, y, c).tolist() == [True, False, True, True]


def test_the_middle_of_a_pentagram_is_outside_by_the_even_odd_rule():
    turn = np.pi / 2 + np.arange(5) * 4 * np.pi / 5
    star = np.column_stack([np.cos(turn), np.sin(turn)])
    assert inside_polygon(np.array([0.0, 0.0]), np.array([0.0, 0.6]), star).tolist() == [False, True]


def test_nan_and_infinity_are_never_inside():
    x = np.array([np.nan, 1.0, np.inf, -np.inf, 1.0])
    y = np.array([1.0, np.nan, 1.0, 1.0, 1.0])
    assert inside_polygon(x, y, SQUARE).tolist() == [False, False, False, False, True]
    assert inside_box(x, y, 0, 0, 2, 2).tolist() == [False, False, False, False, True]


def test_two_squares_with_a_common_edge_share_no_point_and_lose_none():
    x = np.array([2.0, 2.0, 1.0, 3.0])
    y = np.array([0.5, 1.0, 1.0, 1.0])
    left, right = inside_polygon(x, y, SQUARE), inside_polygon(x, y, SQUARE + [2.0, 0.0])
    assert (left ^ right).tolist() == [True, True, True, True]


def test_a_closed_polygon_is_the_same_as_an_open_one():
    x, y = np.array([1.0, 5.0]), np.array([1.0, 5.0])
    closed = np.vstack([SQUARE, SQUARE[:1]])
    assert inside_polygon(x, y, closed).tolist() == inside_polygon(x, y, SQUARE).tolist() == [True, False]


def test_a_line_without_area_holds_nothing():
    flat = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    assert inside_polygon(np.array([1.0]), np.array([1.0]), flat).tolist() == [False]


@pytest.mark.parametrize("seed", range(6))
def test_any_polygon_agrees_with_the_textbook_on_every_point(seed):
    rng = np.random.default_rng(seed)
    corners = rng.normal(size=(int(rng.integers(3, 40)), 2))
    # Points on the corners' own coordinates too: there the crossings are counted wrong first.
    x = np.concatenate([rng.normal(size=400), corners[:, 0], rng.choice(corners[:, 0], 40)]).astype(np.float32)
    y = np.concatenate([rng.normal(size=400), corners[:, 1], rng.choice(corners[:, 1], 40)]).astype(np.float32)
    expected = [textbook(float(a), float(b), corners) for a, b in zip(x, y, strict=True)]
    assert inside_polygon(x, y, corners).tolist() == expected


def test_no_rows_give_no_rows():
    assert inside_polygon(np.empty(0), np.empty(0), SQUARE).tolist() == []


def test_a_box_takes_its_corners_in_any_order_and_includes_its_edges():
    x, y = np.array([0.0, 2.0, 2.1]), np.array([0.0, 1.0, 1.0])
    assert inside_box(x, y, 2, 2, 0, 0).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        ([[0.0, 0.0], [1.0, 1.0]], "three corners"),
        ([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]], "three corners"),
        ([0.0, 1.0, 2.0], "list of"),
        ([[0.0, 0.0], [1.0, np.nan], [2.0, 0.0]], "finite"),
    ],
)
def test_a_polygon_that_is_none_is_refused_in_words(polygon, words):
    with pytest.raises(EngineError, match=words):
        inside_polygon(np.zeros(1), np.zeros(1), np.array(polygon))
