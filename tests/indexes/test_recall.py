import numpy as np
import pytest

from indexes import Exact, build_index, build_ivf, graph_recall, knn_graph, measure_recall, to_grid
from indexes.build import widened
from indexes.choose import Choice
from indexes.recall import found_share, rank_k_similarity, recall_from, wilson
from tests.indexes.conftest import Build, by_whole_numbers, clumped_vectors, random_vectors


def test_an_index_that_finds_everything_has_recall_one(build: Build):
    recall = measure_recall(build(clumped_vectors(200)))
    assert (recall.value, recall.low, recall.high, recall.rows, recall.of) == (1.0, 1.0, 1.0, 200, 200)


def test_a_planted_bad_index_fails_the_check():
    vectors = clumped_vectors(400)
    neighbours, _ = knn_graph(Exact(vectors), k=10)
    assert graph_recall(vectors, neighbours).value == 1.0
    bad = np.random.default_rng(0).integers(400, size=neighbours.shape).astype(np.int32)
    assert graph_recall(vectors, bad).value < 0.1
    half = neighbours.copy()
    half[:, 5:] = -1
    assert graph_recall(vectors, half).value == 0.5


def test_repeats_and_the_row_itself_do_not_count_as_found():
    vectors = clumped_vectors(100)
    neighbours, _ = knn_graph(Exact(vectors), k=10)
    neighbours[:, 1:5] = neighbours[:, :1]
    neighbours[:, 5] = np.arange(100)
    assert graph_recall(vectors, neighbours).value == pytest.approx(0.5)


def test_an_equally_similar_row_stands_for_the_true_one():
    # Row 0 is equally similar to rows 1, 2 and 3: any two of them are its two neighbours.
    vectors = to_grid(np.array([[1, 0, 0], [0.6, 0.8, 0], [0.6, 0, 0.8], [0.6, -0.8, 0], [-1, 0, 0]]))
    rank_k = rank_k_similarity(vectors, np.array([0]), k=2)
    assert found_share(vectors, np.array([0]), np.array([[3, 2]]), rank_k, k=2).tolist() == [1.0]
    assert found_share(vectors, np.array([0]), np.array([[3, 4]]), rank_k, k=2).tolist() == [0.5]


def test_measured_recall_is_the_true_one():
    vectors = random_vectors(1500)
    index = build_ivf(vectors, lists=60, nprobe=3)
    truth, _ = by_whole_numbers(vectors, vectors, 10, exclude=np.arange(1500))
    found = index.search(vectors, 10, exclude=np.arange(1500)).rows
    overlap = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(truth.tolist(), found.tolist(), strict=True)])
    assert 0.2 < overlap < 0.95
    assert measure_recall(index, rows=1500).value == pytest.approx(overlap, abs=1e-9)
    sampled = measure_recall(index, rows=300, seed=1)
    assert sampled.low <= overlap <= sampled.high
    assert sampled.rows == 300


@pytest.mark.parametrize("shares", [[1.0, 0.9], [1.0, 0.0], [0.95, 1.0, 0.3]], ids=str)
def test_the_interval_covers_the_truth_in_at_least_93_of_100_trials(shares):
    rng = np.random.default_rng(7)
    odds = np.array([0.97, 0.03]) if len(shares) == 2 else np.array([0.2, 0.79, 0.01])
    everyone = rng.choice(shares, size=20_000, p=odds)
    covered = 0
    for _ in range(400):
        recall = recall_from(rng.choice(everyone, size=200, replace=False), k=10, of=20_000)
        covered += recall.low <= everyone.mean() <= recall.high
    assert covered >= 0.93 * 400


def test_wilson_gives_the_published_interval():
    low, high = wilson(0.9, 10)
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert wilson(1.0, 1000)[0] == pytest.approx(0.99617, abs=1e-5)
    assert wilson(1.0, 1000)[1] == 1.0


def test_an_index_under_the_floor_is_made_wider():
    vectors = random_vectors(1200)
    narrow = build_ivf(vectors, lists=120, nprobe=1)
    exact = Exact(vectors)
    before = measure_recall(narrow)
    wide = widened(narrow, "Because.", exact=exact, floor=before.value + 0.1)
    assert wide.index.kind == "ivf"
    assert wide.index.nprobe > 1
    assert wide.recall.value >= before.value + 0.1
    assert "only" in wide.reason


def test_an_index_that_stays_under_the_floor_gives_way_to_exact_search():
    vectors = random_vectors(600)
    built = widened(build_ivf(vectors, lists=50, nprobe=1), "Because.", exact=Exact(vectors), floor=0.999)
    assert built.index.kind == "exact"
    assert built.recall.value == 1.0
    assert built.reason.endswith("so the search is exact.")


def test_build_index_follows_the_choice():
    vectors = clumped_vectors(500)
    assert build_index(vectors, Choice("exact", "cpu", "Small.")).index.kind == "exact"
    assert build_index(vectors, Choice("ivf", "cpu", "Large.")).recall.value >= 0.95


def test_no_rows_have_nothing_to_miss():
    recall = measure_recall(Exact(np.empty((0, 3), dtype=np.int16)))
    assert (recall.value, recall.rows) == (1.0, 0)
