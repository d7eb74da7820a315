"""Farthest: the published example, plain brute force, odd rows, and the same picks on every machine."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.selectors.spread._farthest import farthest_first, most_central, nearest_of
from engine.recipe.selectors.spread.farthest import farthest
from engine.registry import Budget
from indexes import to_float, to_grid
from tests.engine.small import circle, corpus, embedded

NONE = np.empty(0, np.int64)


def pick(data: Dataset, k: int, *, rows: np.ndarray | None = None, kept: np.ndarray = NONE, **more):
    rows = np.setdiff1d(data.rows() if rows is None else rows, kept)
    found = farthest(data, rows, kept, budget=Budget(k), embedding="given", **more)
    assert len(found.rows) == min(k, len(rows)) == len(np.unique(found.rows))
    return found


def brute(vectors: np.ndarray, k: int, first: int) -> tuple[list[int], float]:
    """k-center by the definition, in whole numbers."""
    levels = vectors.astype(np.int64) @ vectors.astype(np.int64).T
    picks, near = [first], levels[first].copy()
    while len(picks) < k:
        left = np.setdiff1d(np.arange(len(vectors)), picks)
        picks.append(int(left[np.argmin(near[left])]))
        near = np.maximum(near, levels[picks[-1]])
    left = np.setdiff1d(np.arange(len(vectors)), picks)
    return picks, near[left].min() / 2048**2 if len(left) else 1.0


def test_the_four_winds_come_out(tmp_path):
    data = embedded(corpus(tmp_path, {"n": list(range(7))}), circle([0, 1, 2, 90, 91, 180, 270]))
    found = pick(data, 3, kept=np.array([0]))
    # 90 and 270 degrees are equally far from both: the lower row comes first.
    assert found.rows.tolist() == [5, 3, 6]
    # Worst covered is row 2, two degrees from row 0.
    assert found.notes["radius"] == pytest.approx(np.cos(np.radians(2)), abs=1e-3)


def test_farthest_skips_the_near_duplicate(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([0, 1, 60]))
    assert pick(data, 1, kept=np.array([0])).rows.tolist() == [2]


def test_the_published_example_comes_out():
    # Points of space are lifted to a sphere so large that it is nearly flat: there, nearest is most similar.
    x, radius = np.random.default_rng(0).normal(size=(12, 3)), 30.0
    lifted = np.hstack([x, np.sqrt(radius**2 - (x**2).sum(axis=1))[:, None]])
    near = nearest_of(lambda at: lifted[at + 1], 11, lifted[:1])
    picks, least = farthest_first(lambda at: lifted[at + 1], 11, 2, near=near)
    assert (picks + 1).tolist() == [4, 2]
    distance = np.sqrt(2 * (radius**2 - least))
    assert distance == pytest.approx(1.592315, abs=2e-3)
    assert distance <= 2 * 1.409975  # twice the best possible


@pytest.mark.parametrize("pool", [1, 3, 16, 4096])
def test_lazy_picks_what_the_definition_picks(monkeypatch, pool):
    monkeypatch.setattr("engine.recipe.selectors.spread._farthest.POOL", pool)
    monkeypatch.setattr("engine.recipe.selectors.spread._farthest.SLICE", 2)
    monkeypatch.setattr("engine.recipe.selectors.spread._farthest.BLOCK", 7)
    rng = np.random.default_rng(8)
    for m, k in ((40, 12), (25, 25), (1, 1), (90, 60)):
        # Corners and middles of a cube, in no order: ties abound.
        vectors = rng.permutation(np.unique(to_grid(rng.integers(-1, 2, (m, 4))), axis=0))
        m, k = len(vectors), min(k, len(vectors))
        near = np.full(m, -2, np.float32)
        near[m // 2] = -np.inf
        picks, radius = farthest_first(lambda at: to_float(vectors[at]), m, k, near=near)  # noqa: B023
        assert (picks.tolist(), radius) == brute(vectors, k, m // 2)


def test_pins_count_as_picked(tmp_path):
    vectors = np.random.default_rng(9).normal(size=(50, 6))
    data = embedded(corpus(tmp_path, {"n": list(range(50))}), vectors)
    kept = np.array([7, 30])
    near = nearest_of(lambda at: to_float(to_grid(vectors)[at]), 50, to_float(to_grid(vectors)[kept]))
    expected = [int(r) for r in np.argsort(near, kind="stable") if r not in kept][0]
    assert pick(data, 5, kept=kept).rows[0] == expected


def test_a_repeat_of_a_pinned_row_counts_as_a_repeat(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2, 3]}), circle([0, 0, 1, 90]))
    found = pick(data, 3, kept=np.array([1]))
    assert found.rows.tolist() == [3, 2, 0] and found.notes["repeats"] == 1


def test_the_first_pick_is_the_most_central_or_a_seeded_one(tmp_path):
    data = embedded(corpus(tmp_path, {"n": list(range(5))}), circle([0, 30, 47, 60, 95]))
    assert pick(data, 1).rows.tolist() == [2]
    starts = {int(pick(data, 1, start="random", seed=s).rows[0]) for s in range(20)}
    assert len(starts) > 2
    assert pick(data, 1, start="random", seed=5).rows.tolist() == pick(data, 1, start="random", seed=5).rows.tolist()


def test_most_central_takes_the_first_of_equals():
    vectors = to_float(to_grid(circle([0, 90, 45, 45])))
    assert most_central(lambda at: vectors[at], 4) == 2


def test_odd_rows_are_left_out_and_their_share_is_told(tmp_path):
    # A close bundle of 40 and one row far away.
    angles = [*np.linspace(0, 20, 40).tolist(), 180]
    data = embedded(corpus(tmp_path, {"n": list(range(41))}), circle(angles))
    plain = pick(data, 2)
    assert 40 in plain.rows and plain.notes["odd"] == 0.5
    calm = pick(data, 2, leave_out_odd=3.0)  # 3 % of 41 is one row
    assert 40 not in calm.rows
    # Both radii are those of the bundle from its middle: the far row had been a pick, now it does not count.
    assert calm.notes["radius"] >= plain.notes["radius"] > 0.9


def test_rows_left_out_as_odd_come_before_repeats_and_rows_without_a_vector_when_all_are_asked_for(tmp_path):
    angles = [*np.linspace(0, 20, 20).tolist(), 180, 0]
    vectors = np.vstack([circle(angles), np.full((1, 2), np.nan)])
    data = embedded(corpus(tmp_path, {"n": list(range(23))}), vectors)
    found = pick(data, 23, leave_out_odd=5.0)
    assert found.rows[20:].tolist() == [20, 21, 22]
    assert [found.notes[k] for k in ("left_out", "repeats", "without_vectors")] == [1, 1, 1]


def test_leaving_out_odd_rows_needs_the_graph_and_picking_does_not(tmp_path):
    data = embedded(corpus(tmp_path, {"n": [1, 2]}), circle([0, 90]), graph=False)
    assert pick(data, 1).notes["odd"] is None
    with pytest.raises(EngineError, match="needs the neighbour graph of 'given'"):
        pick(data, 1, leave_out_odd=10.0)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_rows_are_no_trouble(tmp_path, n):
    data = embedded(corpus(tmp_path, {"n": [1, 2, 3]}), circle([0, 45, 90]))
    assert len(pick(data, 5, rows=np.arange(n)).rows) == n


def test_all_rows_equal_or_without_vectors(tmp_path):
    same = embedded(corpus(tmp_path, {"n": [1] * 4}), circle([30] * 4))
    assert pick(same, 3).rows[0] == 0 and pick(same, 3).notes["repeats"] == 2
    half = embedded(corpus(tmp_path, {"n": [1] * 4}), np.vstack([circle([30, 60]), np.full((2, 2), np.nan)]))
    bare = pick(half, 2, rows=np.array([2, 3]))
    assert bare.notes["without_vectors"] == 2 and bare.notes["radius"] is None


SCRIPT = """
import hashlib, pathlib, sys, tempfile
import numpy as np
from engine.registry import Budget
from engine.recipe import SELECTORS
from tests.engine.small import corpus, embedded
rng = np.random.default_rng(0)
middles = rng.normal(size=(20, 64))
vectors = middles[rng.integers(20, size=3000)] + 0.7 * rng.normal(size=(3000, 64))
data = embedded(corpus(pathlib.Path(sys.argv[1]), {"n": list(range(3000))}), vectors, k=15)
none, sha = np.empty(0, np.int64), hashlib.sha256()
for name in ("farthest", "facility_location", "spread_quality", "mmr", "log_det", "per_topic"):
    member = SELECTORS[name]
    given = {"embedding": "given", "budget": Budget(200)} | {p.name: "n" for p in member.params if p.of == "number"}
    picked = member.function(data, data.rows(), none, **member.check(given))
    sha.update(picked.rows.tobytes() + repr(sorted(picked.notes.items())).encode())
print(sha.hexdigest())
"""


def test_picks_and_evidence_are_the_same_with_other_threads_and_other_instructions(tmp_path):
    def digest(**more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path)],
            cwd=Path(__file__).resolve().parents[3],
            env={**os.environ, **more},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    two = digest(OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2")
    old = digest(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell", FAISS_OPT_LEVEL="avx2")
    assert two == old
