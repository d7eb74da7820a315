"""Colours by what touches on the map: on grids small enough to see, and on many labels at once."""

import numpy as np

from ui.map.colouring import alike, paints, touching


def blocks(columns: int, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels as square blocks beside each other, each of 20 by 20 points, numbered line by line."""
    x, y = (v.ravel().astype(np.float32) for v in np.meshgrid(np.arange(20 * columns), np.arange(20 * rows)))
    return x, y, ((y // 20) * columns + x // 20).astype(np.uint8)


def test_blocks_that_share_a_border_touch_and_others_do_not():
    found = touching(*blocks(3, 1), labels=3)
    assert found[0, 1] > 0.02 and found[1, 2] > 0.02
    assert found[0, 2] == 0
    assert np.array_equal(found, found.T)


def test_a_label_inside_another_touches_it_more_than_one_beside_it():
    x, y, codes = blocks(2, 1)
    codes[(x > 7) & (x < 12) & (y > 7) & (y < 12)] = 2
    found = touching(x, y, codes, labels=3)
    assert found[0, 2] > found[0, 1] > found[1, 2] == 0


def test_no_colour_comes_twice_while_one_is_unused():
    assert sorted(paints(*blocks(5, 4), labels=20)) == list(range(20))


def test_of_a_hundred_and_fifty_labels_no_two_that_touch_have_one_colour():
    x, y, codes = blocks(15, 10)
    chosen = np.array(paints(x, y, codes, labels=150))
    assert set(chosen.tolist()) == set(range(20))
    grid = chosen.reshape(10, 15)
    assert (grid[:, 1:] != grid[:, :-1]).all() and (grid[1:] != grid[:-1]).all()
    assert (grid[1:, 1:] != grid[:-1, :-1]).all() and (grid[1:, :-1] != grid[:-1, 1:]).all()
    beside = [alike()[a, b] for a, b in zip(grid[:, 1:].ravel(), grid[:, :-1].ravel(), strict=True)]
    assert max(beside) < 0.7


def test_colours_are_the_same_at_every_call_and_need_no_place():
    x, y, codes = blocks(5, 6)
    assert paints(x, y, codes, labels=30) == paints(x, y, codes, labels=30)
    nowhere = np.full(3, np.nan, np.float32)
    assert len(paints(nowhere, nowhere, np.array([0, 1, 2], np.uint8), labels=3)) == 3
    assert paints(x[:0], y[:0], codes[:0], labels=0) == ()
