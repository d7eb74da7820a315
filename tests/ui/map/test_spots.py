"""Where names stand and in which hues: on a handful of points."""

import numpy as np
import pytest

from ui.map.colouring import oklab
from ui.map.hues import LEAST, by_place, seen
from ui.map.spots import spots


def test_a_name_stands_where_its_rows_lie_densest_and_not_in_their_middle():
    x = np.array([0.0] * 6 + [10.0] * 4 + [np.nan])
    labels = np.zeros(11, int)
    found = spots(x, np.zeros(11), labels)
    assert (found[0].x, found[0].y, found[0].near) == (0, 0, 0)
    assert spots(np.full(3, np.nan), np.zeros(3), np.zeros(3, int)) == {}
    assert spots(np.zeros(3), np.zeros(3), np.full(3, -1)) == {}


def test_near_is_the_distance_that_holds_28_of_100_and_own_the_share_that_is_its_own():
    angle = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    x = np.concatenate([np.zeros(30), np.cos(angle[:70]), np.zeros(70)])
    y = np.concatenate([np.zeros(30), np.sin(angle[:70]), np.zeros(70)])
    labels = np.repeat([0, 1], [100, 70])
    found = spots(x, y, labels)
    assert found[0].near == 0
    assert found[0].own == pytest.approx(0.28)  # 28 of its own among the 100 at that place
    ring = spots(x[30:100], y[30:100], labels[30:100])
    assert 0.5 < ring[0].near < 1.6


def three_areas() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Six topics in a row of squares, two an area."""
    x, y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(120), np.arange(20)))
    topic = (x // 20).astype(int)
    return x, y, topic, topic // 2


def test_topics_have_the_hue_of_their_area_and_areas_that_touch_differ_to_every_eye():
    areas, topics = by_place(*three_areas())
    assert sorted(areas) == [0, 1, 2] and sorted(topics) == list(range(6))
    for ground in (0, 1):
        lab = {n: oklab([inks[ground]])[0] for n, inks in topics.items()}
        own = max(np.linalg.norm(lab[2 * a] - lab[2 * a + 1]) for a in range(3))
        other = min(np.linalg.norm(lab[i] - lab[j]) for i in range(6) for j in range(6) if i // 2 != j // 2)
        assert 0.02 < own < 0.1 < other
        rgb = np.array([[int(areas[a][ground][i : i + 2], 16) / 255 for i in (1, 3, 5)] for a in range(3)])
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        for eye, as_seen in seen(linear).items():
            beside = [np.linalg.norm(as_seen[a] - as_seen[a + 1]) for a in range(2)]
            assert min(beside) > LEAST[eye], (ground, eye)


def test_colours_follow_place_the_same_at_every_call_and_need_none():
    assert by_place(*three_areas()) == by_place(*three_areas())
    nowhere = np.full(3, np.nan)
    assert by_place(nowhere, nowhere, np.zeros(3, int), np.zeros(3, int)) == ({}, {})
    one, _ = by_place(np.zeros(3), np.zeros(3), np.zeros(3, int), np.zeros(3, int))
    assert list(one) == [0] and one[0][0].startswith("#")
