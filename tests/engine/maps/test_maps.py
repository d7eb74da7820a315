import sys

import numpy as np
import pytest

from engine.dataset.typed_artefacts import DistinctTexts, Graph, Vectors
from engine.errors import Cancelled, EngineError
from engine.maps import MAPS
from engine.maps.trust import near_enough, shares_kept, trust_notes, trust_words
from engine.vectors.principal_axes import principal_coordinates
from indexes import Exact, knn_graph, to_grid


def _given(values: np.ndarray, *, k: int = 30) -> tuple[Vectors, Graph]:
    grid = to_grid(values)
    m = len(grid)
    nodes = DistinctTexts("n", np.arange(m, dtype=np.int32), np.arange(m), np.ones(m, np.int32))
    return Vectors("given", "v", grid, nodes, {}), Graph("g", *knn_graph(Exact(grid), k=k), {})


def _two_clumps(each: int = 30) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(size=8) * 3 + rng.normal(size=(each, 8)) for _ in range(2)])


def test_pca_finds_the_direction_of_greatest_difference():
    # Four points on a circle near (1, 0): they differ most along y.
    grid = to_grid(np.array([[1, -0.2], [1, -0.1], [1, 0.1], [1, 0.2]]))
    along = principal_coordinates(grid, 2)
    assert along[:, 0].argsort().tolist() == [0, 1, 2, 3]
    assert abs(along[:, 0]).max() > 10 * abs(along[:, 1]).max()
    np.testing.assert_allclose(along.mean(axis=0), 0, atol=1e-6)


def test_pca_equals_the_singular_value_decomposition():
    grid = to_grid(np.random.default_rng(1).normal(size=(200, 6)))
    centred = grid / 2048 - (grid / 2048).mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    expected = centred @ axes[:2].T
    got = principal_coordinates(grid, 2)
    np.testing.assert_allclose(abs(got), abs(expected), atol=1e-5)


@pytest.mark.parametrize("member", list(MAPS))
@pytest.mark.parametrize("m", [0, 1, 2, 3, 4, 5, 16])
def test_every_map_has_a_place_for_every_node_however_few(member: str, m: int):
    vectors, graph = _given(np.random.default_rng(0).normal(size=(m, 5)).reshape(m, 5))
    xy = MAPS[member].function(vectors, graph)
    assert xy.shape == (m, 2)
    assert xy.dtype == np.float32
    assert np.isfinite(xy).all()


@pytest.mark.parametrize("member", list(MAPS))
def test_equal_vectors_get_finite_places(member: str):
    vectors, graph = _given(np.tile([0.6, 0.8, 0.0], (20, 1)))
    assert np.isfinite(MAPS[member].function(vectors, graph)).all()


@pytest.mark.parametrize("member", ["umap", "tsne"])
def test_two_clumps_stay_apart_without_a_way_between_them(member: str):
    vectors, graph = _given(_two_clumps(), k=5)
    assert graph.neighbours[:30].max() < 30 <= graph.neighbours[30:].min()
    xy = MAPS[member].function(vectors, graph, n_neighbors=5)
    middles = xy[:30].mean(axis=0), xy[30:].mean(axis=0)
    near_first = np.linalg.norm(xy - middles[0], axis=1) < np.linalg.norm(xy - middles[1], axis=1)
    assert near_first.tolist() == [True] * 30 + [False] * 30


def test_the_exact_mode_draws_the_same_map_again_and_another_for_another_seed():
    vectors, graph = _given(_two_clumps())
    first = MAPS["umap"].function(vectors, graph, mode="exact", seed=3)
    np.testing.assert_array_equal(first, MAPS["umap"].function(vectors, graph, mode="exact", seed=3))
    assert not np.array_equal(first, MAPS["umap"].function(vectors, graph, mode="exact", seed=4))


def test_what_umap_compiles_is_kept_for_the_next_process():
    from umap import layouts, umap_

    MAPS["umap"].function(*_given(_two_clumps()))
    one_thread = layouts._nb_optimize_layout_euclidean_single_epoch
    for loop in (umap_.smooth_knn_dist, umap_.compute_membership_strengths, one_thread):
        assert sum(loop.stats.cache_hits.values()) + sum(loop.stats.cache_misses.values()) > 0


def test_a_map_does_not_change_the_graph():
    vectors, graph = _given(_two_clumps())
    before = graph.neighbours.copy(), graph.similarity.copy()
    MAPS["umap"].function(vectors, graph)
    np.testing.assert_array_equal(graph.neighbours, before[0])
    np.testing.assert_array_equal(graph.similarity, before[1])


def test_more_neighbours_than_the_graph_has_are_refused():
    vectors, graph = _given(_two_clumps(), k=5)
    with pytest.raises(EngineError, match="Give at most 6"):
        MAPS["umap"].function(vectors, graph, n_neighbors=15)


def test_a_line_drawn_as_a_line_keeps_all_neighbours_and_a_swap_loses_some():
    neighbours = np.array([[1, 2], [0, 2], [1, 3], [2, 1]], dtype=np.int32)
    line = np.array([[0.0, 0], [1, 0], [2.1, 0], [3.3, 0]])
    assert shares_kept(line, neighbours, k=2)[0].tolist() == [1.0, 1.0, 1.0, 1.0]
    swapped = line[[0, 3, 2, 1]]
    # Node 1 now lies at the far end, next to 2 and 3; its true neighbours were 0 and 2. Among three are both.
    assert shares_kept(swapped, neighbours, k=2)[:, 1].tolist() == [0.5, 1.0]


def test_a_neighbour_counts_as_near_among_a_hundred_and_on_a_small_map_among_a_twentieth():
    assert [near_enough(m) for m in (10, 300, 600, 2_000, 1_000_000)] == [15, 15, 30, 100, 100]
    line = np.arange(50.0)[:, None] ** 2 * [1, 0]  # the nearest of each is the one before it
    neighbours = np.tile([[3], [4]], (25, 1)).astype(np.int32)
    near = shares_kept(line, neighbours, k=1, among=20)
    assert near[:, 4].tolist() == [1.0, 1.0]  # its neighbour is 3
    assert near[:, 8].tolist() == [0.0, 1.0]  # 3 again, of 20 around it
    assert near[:, 24].tolist() == [0.0, 0.0]


def test_what_a_map_says_of_its_trust_and_what_an_older_one_said():
    new = trust_notes(np.array([[0.25, 0.75], [0.5, 1.0]], np.float32))
    assert new == {"kept": 0.5, "trust": 0.75, "among": 15}
    assert trust_words(new) == "keeps 50 % of true neighbours, 75 % among the nearest 15"
    assert trust_words({"trust": 0.5}) == "keeps 50 % of true neighbours"
    assert trust_words({"preview": True}) == ""


def test_points_on_one_spot_do_not_count_themselves_as_neighbours():
    shares = shares_kept(np.zeros((5, 2)), np.array([[1], [0], [0], [0], [0]], dtype=np.int32), k=1)
    assert set(shares[0].tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize("m", [0, 1])
def test_who_has_no_neighbours_has_lost_none(m: int):
    assert shares_kept(np.zeros((m, 2)), np.full((m, 3), -1, dtype=np.int32)).tolist() == [[1.0] * m] * 2


def test_tsne_draws_the_same_map_again_and_another_for_another_seed():
    vectors, graph = _given(_two_clumps())
    first = MAPS["tsne"].function(vectors, graph, seed=3)
    np.testing.assert_array_equal(first, MAPS["tsne"].function(vectors, graph, seed=3))
    assert not np.array_equal(first, MAPS["tsne"].function(vectors, graph, seed=4))


def test_tsne_is_the_same_on_one_thread_and_on_two(monkeypatch: pytest.MonkeyPatch):
    vectors, graph = _given(_two_clumps())
    drawn = []
    for name, value in {"_TREE_MOST": 0, "_LARGE": 0, "_PULLING": 4, "_GATHERING": 4, "_SETTLING": 4}.items():
        monkeypatch.setattr(sys.modules["engine.maps.tsne"], name, value)
    for cores in ({0}, {0, 1}):
        monkeypatch.setattr("os.sched_getaffinity", lambda _, cores=cores: cores)
        drawn.append(MAPS["tsne"].function(vectors, graph))
    np.testing.assert_array_equal(*drawn)


def test_tsne_leaves_a_text_without_neighbours_within_the_map():
    vectors, graph = _given(_two_clumps())
    neighbours = np.where(graph.neighbours == 7, -1, graph.neighbours)
    neighbours[7] = -1
    xy = MAPS["tsne"].function(vectors, Graph("g", neighbours, graph.similarity, {}))
    others = np.delete(xy, 7, axis=0)
    assert np.isfinite(xy).all()
    assert np.abs(xy[7]).max() <= 2 * np.abs(others).max()


def test_tsne_says_how_far_it_is_and_stops_when_asked():
    vectors, graph = _given(_two_clumps())
    told = []

    def stop(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        if len(told) == 2:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        MAPS["tsne"].function(vectors, graph, stop)
    assert told == [("Drawing the map", 10, 375), ("Drawing the map", 20, 375)]
