"""Facility location beside apricot: the same sparse similarities, the same number of picks, in one run.

    python benchmarks/facility_location.py --rows 5000 --picks 500
    python benchmarks/facility_location.py --rows 1000000 --picks 10000 --alone

Rows are vectors around random middles, of uneven size and closeness; the graph has 30 neighbours a row. Both get the
same matrix in memory; what is timed is the picking. apricot first runs once on a few rows, so that its imports do
not count; it compiles some seconds more at each fit, and those are in its time, as they are for whoever uses it.
"""

import argparse
import json
import resource
import time

import numpy as np
from scipy.sparse import csr_matrix

from engine.recipe.selectors.spread._cover import Cover, greedy_cover, similarities
from indexes import build_index, choose, knn_graph, to_grid


def corpus_graph(rows: int, *, dimension: int = 64, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours int32 and similarities float32 (rows, 30) of vectors that clump as texts do."""
    rng = np.random.default_rng(seed)
    clumps = max(2, rows // 80)
    middles = rng.normal(size=(clumps, dimension))
    of_row = np.minimum((clumps * rng.random(rows) ** 2).astype(int), clumps - 1)
    spread = rng.uniform(0.2, 1.2, (rows, 1))
    grid = to_grid(middles[of_row] + spread * rng.normal(size=(rows, dimension)))
    return knn_graph(build_index(grid, choose(rows, dimension)).index, k=30)


def ours(neighbours: np.ndarray, similarity: np.ndarray, picks: int) -> tuple[Cover, float, float]:
    """The cover, seconds to make the matrix, and seconds to pick."""
    start = time.perf_counter()
    matrix = similarities(neighbours, similarity)
    made = time.perf_counter()
    m = len(neighbours)
    cover = greedy_cover(matrix, np.ones(m), candidates=np.arange(m), chosen=np.empty(0, np.int64), k=picks)
    return cover, made - start, time.perf_counter() - made


def apricots(matrix: csr_matrix, picks: int, optimizer: str) -> tuple[np.ndarray, float]:
    """apricot's picks and seconds."""
    from apricot import FacilityLocationSelection

    start = time.perf_counter()
    found = FacilityLocationSelection(picks, metric="precomputed", optimizer=optimizer).fit(matrix)
    return np.asarray(found.ranking), time.perf_counter() - start


def value(matrix: csr_matrix, picks: np.ndarray) -> float:
    """The sum over all rows of the similarity to the nearest pick."""
    return float(matrix[picks].max(axis=0).toarray().sum(dtype=np.float64))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--picks", type=int, default=500)
    parser.add_argument("--optimizers", nargs="+", default=["lazy", "two-stage"])
    parser.add_argument("--alone", action="store_true", help="without apricot, for sizes that it cannot do")
    given = parser.parse_args()
    neighbours, similarity = corpus_graph(given.rows)
    cover, made, seconds = ours(neighbours, similarity, given.picks)
    matrix = csr_matrix(similarities(neighbours, similarity))
    report: dict[str, object] = {
        "rows": given.rows,
        "picks": len(cover.picks),
        "entries": int(matrix.nnz),
        "winnow": {
            "seconds": round(seconds, 3),
            "matrix_seconds": round(made, 3),
            "covered": round(cover.value / given.rows, 5),
            "at_least_of_best": round(cover.value / cover.bound, 5),
            "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        },
    }
    if not given.alone:
        few = csr_matrix(similarities(*corpus_graph(1000)))
        for optimizer in given.optimizers:
            apricots(few, 200, optimizer)
            picks, took = apricots(matrix, given.picks, optimizer)
            report[f"apricot {optimizer}"] = {
                "seconds": round(took, 3),
                "times_winnow": round(took / seconds, 1),
                "covered": round(value(matrix, picks) / given.rows, 5),
                "same_picks_before_first_difference": int(np.argmin([*(picks == cover.picks), False])),
            }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
