"""Facility location: greedy in full, lazily; known answers, an honest bound, and the rows that can only come last."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.selectors.spread._bound import all_gains
from engine.recipe.selectors.spread._cover import Cover, greedy_cover, similarities
from engine.recipe.selectors.spread.facility_location import facility_location
from engine.registry import Budget
from tests.engine.small import circle, corpus, embedded

NONE = np.empty(0, np.int64)

# Ranking and gains of apricot's tests (MIT, Jacob Schreiber) on scikit-learn's digits, squared correlation.
DIGITS = [424, 1647, 396, 339, 1030, 331, 983, 1075, 1482, 1539, 1282, 493, 885, 823, 1051, 236, 537, 1161, 345, 1788]
DIGITS_GAINS = [
    *(736.794, 114.2782, 65.4154, 61.3037, 54.5428, 38.7506, 34.097, 32.6649, 30.2813, 27.8395),
    *(24.1843, 17.568, 16.6615, 15.2973, 13.2629, 9.7685, 9.5183, 7.9484, 7.8094, 7.0224),
]


def cover(s: np.ndarray, k: int, *, weight: np.ndarray | None = None, chosen: tuple[int, ...] = ()) -> Cover:
    m = len(s)
    candidates = np.setdiff1d(np.arange(m), chosen)
    return greedy_cover(
        csr_array(s), np.ones(m) if weight is None else weight, candidates=candidates, chosen=np.array(chosen, int), k=k
    )


def naive(s: np.ndarray, k: int, weight: np.ndarray) -> list[int]:
    near, picks = np.zeros(len(s)), list[int]()
    for _ in range(k):
        gains = (np.maximum(s - near, 0) * weight).sum(axis=1)
        gains[picks] = -1
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        picks.append(best)
        near = np.maximum(near, s[best])
    return picks


def sparse(rng: np.random.Generator, m: int, share: float) -> np.ndarray:
    """A symmetric matrix with ones on its diagonal and coarse values, so that many gains are equal."""
    s = np.triu(np.where(rng.random((m, m)) < share, rng.integers(1, 8, (m, m)) / 8, 0), 1)
    return s + s.T + np.eye(m)


def value(s: np.ndarray, picks: tuple[int, ...]) -> float:
    return float(s[list(picks)].max(axis=0).sum()) if picks else 0.0


def test_two_blocks_give_one_pick_each_with_gains_three_and_two_and_then_none():
    s = np.zeros((5, 5))
    s[:3, :3] = s[3:, 3:] = 1
    found = cover(s, 5)
    assert found.picks.tolist() == [0, 3] and found.gains.tolist() == [3, 2]
    assert found.value == found.bound == 5


def test_the_published_greedy_example_comes_out():
    x = np.random.default_rng(0).normal(size=(14, 4))
    s = np.exp(-((x[:, None] - x[None]) ** 2).sum(axis=2))
    found = cover(s, 4)
    assert found.picks.tolist() == [4, 13, 12, 3]
    assert found.value == pytest.approx(6.461089289545627, abs=1e-12)
    assert 6.714676686605334 <= found.bound  # the optimum


def test_apricots_ranking_of_the_digits_comes_out():
    from sklearn.datasets import load_digits

    found = cover(np.corrcoef(load_digits().data) ** 2, 20)
    assert found.picks.tolist() == DIGITS
    assert np.abs(found.gains - DIGITS_GAINS).max() < 6e-5


def test_submodlib_picks_the_same_with_the_same_gains():
    # FacilityLocationFunction of submodlib-py 0.0.3 (MIT), dense, plain greedy.
    x = np.array([(i * 7) % 20 + ((i * i) % 7) / 10 for i in range(12)])
    found = cover(np.round(1024 / (1 + np.abs(x[:, None] - x[None]))) / 1024, 6)
    assert found.picks.tolist() == [4, 5, 3, 9, 10, 11]
    assert found.gains.tolist() == [3.384765625, 1.97265625, 1.74609375, 0.6875, 0.6669921875, 0.642578125]


def test_lazy_picks_what_naive_picks_ties_and_all():
    rng = np.random.default_rng(1)
    for _ in range(60):
        m = int(rng.integers(1, 40))
        s, weight = sparse(rng, m, 0.2), rng.integers(1, 4, m).astype(float)
        k = int(rng.integers(0, m + 1))
        assert cover(s, k, weight=weight).picks.tolist() == naive(s, k, weight)


def test_greedy_is_at_least_the_proven_share_of_the_best_and_the_bound_is_never_below_the_best():
    rng = np.random.default_rng(2)
    for _ in range(40):
        m, k = int(rng.integers(4, 10)), int(rng.integers(1, 4))
        s = sparse(rng, m, 0.4)
        best = max(value(s, p) for p in combinations(range(m), k))
        found = cover(s, k)
        assert found.value >= (1 - 1 / np.e) * best - 1e-12
        assert found.bound >= best - 1e-12


def test_the_bound_holds_for_what_is_pinned_too():
    rng = np.random.default_rng(4)
    for _ in range(30):
        s = sparse(rng, 8, 0.4)
        best = max(value(s, (1, 5, *p)) for p in combinations([0, 2, 3, 4, 6, 7], 2))
        found = cover(s, 2, chosen=(1, 5))
        assert found.base == value(s, (1, 5)) and found.bound >= best - 1e-12 >= found.value - 1e-9


def test_a_tightened_bound_is_nearer_and_never_below_the_best(monkeypatch):
    rng = np.random.default_rng(5)
    monkeypatch.setattr("engine.recipe.selectors.spread._bound.ENOUGH", 2.0)
    nearer = 0
    for pins in [(), (1,)] * 20:
        s, weight = sparse(rng, 9, 0.4), rng.integers(1, 4, 9).astype(float)
        free = np.setdiff1d(range(9), pins).tolist()
        best = max(float(s[[*pins, *p]].max(axis=0) @ weight) for p in combinations(free, 3))
        found = cover(s, 3, weight=weight, chosen=pins).bound
        with monkeypatch.context() as now:
            now.setattr("engine.recipe.selectors.spread._bound.ROUNDS", 0)
            loose = cover(s, 3, weight=weight, chosen=pins).bound
        assert best - 1e-12 <= found <= loose
        nearer += found < loose
    assert nearer >= 20


def test_gains_never_increase_and_add_up_to_the_value():
    found = cover(sparse(np.random.default_rng(6), 120, 0.1), 60)
    assert (np.diff(found.gains) <= 0).all()
    assert found.value == value(sparse(np.random.default_rng(6), 120, 0.1), tuple(found.picks))


def test_gains_in_chunks_are_those_of_the_whole(monkeypatch):
    s = csr_array(sparse(np.random.default_rng(7), 50, 0.2))
    whole = all_gains(s, np.ones(50), np.zeros(50))
    monkeypatch.setattr("engine.recipe.selectors.spread._bound.CHUNK", 3)
    assert all_gains(s, np.ones(50), np.zeros(50)).tolist() == whole.tolist() == s.sum(axis=1).tolist()


def test_the_matrix_is_symmetric_clipped_and_one_on_its_diagonal():
    neighbours = np.array([[1, 2], [0, -1], [1, -1]], np.int32)
    similarity = np.array([[0.5, -0.25], [0.5, 0], [1.25, 0]], np.float32)
    assert similarities(neighbours, similarity).toarray().tolist() == [[1, 0.5, 0], [0.5, 1, 1], [0, 1, 1]]


# On a corpus


def pick(data: Dataset, k: int, *, rows: np.ndarray | None = None, kept: np.ndarray = NONE, **more):
    rows = np.setdiff1d(data.rows() if rows is None else rows, kept)
    found = facility_location(data, rows, kept, budget=Budget(k), embedding="given", **more)
    assert len(found.rows) == min(k, len(rows)) == len(np.unique(found.rows))
    assert np.isin(found.rows, rows).all()
    return found


@pytest.fixture
def three(tmp_path) -> Dataset:
    """Bundles of 4, 3 and 2 texts over 90 degrees apart; row 9 repeats row 0; rows 10 and 11 have no vector."""
    angles = [0, 8, 20, 30, 130, 140, 150, 250, 260, 0]
    vectors = np.vstack([circle(angles), np.full((2, 2), np.nan)])
    return embedded(corpus(tmp_path, {"n": list(range(12))}), vectors)


def test_each_bundle_is_covered_the_largest_first(three):
    found = pick(three, 3)
    # In the first, 20 degrees is more like the other three than 8 degrees is; the last two are equally good.
    assert found.rows.tolist() == [2, 5, 7]
    assert found.notes["texts"] == 9 and found.notes["repeats"] == 0
    # 1 + cos 20° + cos 12° + cos 10°, 1 + 2 cos 10°, 1 + cos 10°, of 9.
    assert found.notes["covered"] == pytest.approx((3.903 + 2.970 + 1.985) / 9, abs=1e-3)
    assert found.notes["covered"] <= found.notes["at_least"] <= 1
    assert found.notes["curve"] == [
        [0, 0.0],
        *([i, pytest.approx(v / 9, abs=1e-3)] for i, v in ((1, 3.903), (2, 6.873), (3, 8.857))),
    ]


def test_repeats_and_then_rows_without_a_vector_come_last_and_are_counted(three):
    found = pick(three, 12)
    assert sorted(found.rows[:9].tolist()) == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert found.rows[9] == 9 and sorted(found.rows[10:].tolist()) == [10, 11]
    assert found.notes["repeats"] == 1 and found.notes["without_vectors"] == 2
    assert found.notes["covered"] == found.notes["at_least"] == 1


def test_pins_cover_what_is_near_them(three):
    # Row 1 covers the first bundle, so that the other two come first.
    assert pick(three, 2, kept=np.array([1])).rows.tolist() == [5, 7]
    # The kept repeat covers row 0, which can then only come among the last.
    found = pick(three, 9, kept=np.array([9]))
    assert 0 not in found.rows[:8] and found.rows[8] == 0


def test_repeats_weigh_when_asked(tmp_path):
    # One text four times against three texts ten degrees apart, worth 1 and 1 + 2 cos 10°.
    data = embedded(corpus(tmp_path, {"n": list(range(7))}), circle([0, 0, 0, 0, 100, 110, 120]))
    assert pick(data, 1).rows.tolist() == [5]
    assert pick(data, 1, count_repeats=True).rows.tolist() == [0]
    # Of the four only those among the rows left weigh.
    assert pick(data, 1, rows=np.array([0, 1, 4, 5, 6]), count_repeats=True).rows.tolist() == [5]


def test_the_graph_among_the_rows_left_is_made_when_too_few_neighbours_survive(tmp_path):
    # Each row's two neighbours are its own twins; only one of each three is left.
    angles = [c * 10 + t for c in range(12) for t in (0, 1, 2)]
    data = embedded(corpus(tmp_path, {"n": angles}), circle(angles), k=2)
    assert not pick(data, 3).notes["fresh_graph"]
    left = np.arange(0, 36, 3)
    found = pick(data, 3, rows=left)
    assert found.notes["fresh_graph"] and found.notes["texts"] == 12
    # As if the others had never been there.
    alone = embedded(corpus(tmp_path, {"n": list(range(12))}), circle(angles[::3]), k=2)
    assert (found.rows // 3).tolist() == pick(alone, 3).rows.tolist()


def test_neighbours_that_survive_are_used_as_they_are(tmp_path):
    angles = list(range(0, 60, 2))
    data = embedded(corpus(tmp_path, {"n": angles}), circle(angles), k=29)
    found = pick(data, 4, rows=np.arange(0, 30, 2))
    assert not found.notes["fresh_graph"]
    alone = embedded(corpus(tmp_path, {"n": list(range(15))}), circle(angles[::2]), k=14)
    assert (found.rows // 2).tolist() == pick(alone, 4).rows.tolist()


def test_without_a_graph_the_way_to_one_is_named(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [1, 2]}), circle([0, 90]), graph=False)
    with pytest.raises(EngineError, match="winnow map"):
        pick(data, 1)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_rows_are_no_trouble(tmp_path, n):
    data = embedded(corpus(tmp_path, {"n": [1, 2, 3]}), circle([0, 45, 90]))
    assert len(pick(data, 5, rows=np.arange(n)).rows) == n


def test_all_rows_equal_give_one_pick_and_repeats(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [1] * 5}), circle([30] * 5))
    found = pick(data, 3)
    assert found.rows[0] == 0 and found.notes["repeats"] == 2 and found.notes["at_least"] == 1


def test_no_row_with_a_vector_is_said(tmp_path):
    vectors = np.vstack([circle([0, 90]), np.full((2, 2), np.nan)])
    data = embedded(corpus(tmp_path, {"n": [1, 2, 3, 4]}), vectors)
    found = pick(data, 2, rows=np.array([2, 3]))
    assert found.notes["without_vectors"] == 2 and found.notes["covered"] is None
