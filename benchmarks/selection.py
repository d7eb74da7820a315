"""Selectors for spread beside packages that do the same: seconds, and how good what they pick is.

    python benchmarks/selection.py --rows 10000 --picks 500
    python benchmarks/selection.py --rows 10000 --picks 500 --peers ~/peers/bin/python
    python benchmarks/selection.py --rows 1000000 --picks 10000 --alone

Rows are vectors around random middles, of uneven size and closeness, each with a random quality. All get the same
vectors in memory; what is timed is the picking. Peers run in the Python that --peers names (this one, if left out),
each once on few rows before, so that imports and compiling do not count. A peer that is not installed there is left
out. Prints Markdown.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from engine.recipe.selectors.spread._cover import greedy_cover, similarities
from engine.recipe.selectors.spread._farthest import farthest_first, nearest_other
from engine.recipe.selectors.spread._features import greedy_features
from engine.recipe.selectors.spread._log_det import greedy_log_det, log_det_of
from indexes import build_index, choose, knn_graph, to_float, to_grid

RIDGE = 0.1
MOST_FOR_LOG_DET = 50_000
PEERS = """
import json, sys, time
import numpy as np
folder, picks = sys.argv[1], int(sys.argv[2])
x, q = np.load(folder + "/vectors.npy"), np.load(folder + "/quality.npy")

def timed(run):
    run(x[:200], q[:200], 20)
    start = time.perf_counter()
    found = run(x, q, picks)
    return [time.perf_counter() - start, [int(i) for i in found]]

done = {}
try:
    from pyversity import dpp, mmr
    done["log_det pyversity"] = timed(lambda x, q, k: dpp(x, np.zeros(len(x)), k, diversity=1.0).indices)
    done["mmr pyversity"] = timed(lambda x, q, k: mmr(x, q, k, diversity=0.5).indices)
except ImportError:
    pass
try:
    from apricot import FacilityLocationSelection, FeatureBasedSelection
    from scipy.sparse import load_npz
    graph = load_npz(folder + "/graph.npz").tocsr()
    def cover(x, q, k):
        part = graph[: len(x), : len(x)]
        return FacilityLocationSelection(k, metric="precomputed", optimizer="lazy").fit(part).ranking
    done["cover apricot"] = timed(cover)
    def by_features(x, q, k):
        return FeatureBasedSelection(k, concave_func="sqrt", optimizer="lazy").fit(np.abs(x).astype(np.float64)).ranking
    done["features apricot"] = timed(by_features)
except ImportError:
    pass
print(json.dumps(done))
"""


def corpus(rows: int, dimension: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors on the grid, int16 (rows, dimension), that clump as texts do, and a quality of each from 0 to 1."""
    rng = np.random.default_rng(seed)
    clumps = max(2, rows // 80)
    middles = rng.normal(size=(clumps, dimension)).astype(np.float32)
    of_row = np.minimum((clumps * rng.random(rows) ** 2).astype(int), clumps - 1)
    spread = rng.uniform(0.2, 1.2, (rows, 1)).astype(np.float32)
    noise = rng.normal(size=(rows, dimension)).astype(np.float32)
    return to_grid(middles[of_row] + spread * noise), rng.random(rows)


def timed(run: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    start = time.perf_counter()
    picks = run()
    return time.perf_counter() - start, picks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--picks", type=int, default=500)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--peers", default=sys.executable, help="a Python with apricot or pyversity installed")
    parser.add_argument("--alone", action="store_true", help="without peers, for sizes that they cannot do")
    given = parser.parse_args()
    grid, quality = corpus(given.rows, given.dimension)
    m, k = given.rows, given.picks

    def floats(at: np.ndarray) -> np.ndarray:
        return to_float(grid[at])

    neighbours, similarity = knn_graph(build_index(grid, choose(m, given.dimension)).index, k=30)
    matrix = similarities(neighbours, similarity)
    of_log_det = min(m, MOST_FOR_LOG_DET)
    none = np.empty((0, given.dimension), np.float32)
    ones, start = np.ones(m), np.full(m, -1.0)
    everything, nothing = np.arange(m), np.empty(0, np.int64)

    def cover() -> np.ndarray:
        return greedy_cover(matrix, ones, candidates=everything, chosen=nothing, k=k).picks

    ours = {
        "cover": timed(cover),
        "log_det": timed(lambda: greedy_log_det(floats, of_log_det, k, ridge=RIDGE, chosen=none)[0]),
        "mmr": timed(lambda: farthest_first(floats, m, k, near=start, lift=-0.5 * quality, pull=0.5)[0]),
    }
    if m <= MOST_FOR_LOG_DET:  # dense features of a million rows are no use to anybody
        features = csr_array(np.abs(to_float(grid)).astype(np.float64))
        ours["features"] = timed(lambda: greedy_features(features, k)[0])
    theirs: dict[str, tuple[float, np.ndarray]] = {}
    if not given.alone:
        with tempfile.TemporaryDirectory() as folder:
            theirs = beside(Path(folder), given.peers, grid, quality, matrix, k)
    measures: dict[str, Callable[[np.ndarray], float]] = {
        "cover": lambda picks: float(matrix[picks].max(axis=0).toarray().sum()) / m,
        "log_det": lambda picks: log_det_of(floats(picks), RIDGE),
        "mmr": lambda picks: float(quality[picks].mean()) - (nearest_other(floats(picks)) or 0.0),
        "features": lambda picks: float(np.sqrt(features[picks].sum(axis=0)).sum()),
    }
    chance = np.random.default_rng(1).permutation(m)[:k]
    print(f"{m:,} rows of {given.dimension} dimensions, {k:,} picks, one core\n")
    print("| what | Winnow, s | peer | peer, s | Winnow's value | peer's value | random rows' value |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (seconds, picks) in ours.items():
        value = measures[name]
        peers = [(who, found) for who, found in theirs.items() if who.startswith(f"{name} ")]
        for who, (took, found) in peers or [("", (0.0, nothing))]:
            their = (who.split()[-1], f"{took:.2f}", f"{value(found):,.4g}") if who else ("", "", "")
            cells = (
                name,
                f"{seconds:.2f}",
                their[0],
                their[1],
                f"{value(picks):,.4g}",
                their[2],
                f"{value(chance):,.4g}",
            )
            print("| " + " | ".join(cells) + " |")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


def beside(
    folder: Path, python: str, grid: np.ndarray, quality: np.ndarray, matrix: csr_array, picks: int
) -> dict[str, tuple[float, np.ndarray]]:
    """What peers picked and how long it took them, by name; run in a process of their own."""
    from scipy.sparse import csr_matrix, save_npz

    np.save(folder / "vectors.npy", to_float(grid))
    np.save(folder / "quality.npy", quality)
    save_npz(folder / "graph.npz", csr_matrix(matrix))
    done = subprocess.run(
        [str(Path(python).expanduser()), "-c", PEERS, str(folder), str(picks)],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
    )
    return {name: (took, np.array(found)) for name, (took, found) in json.loads(done.stdout.splitlines()[-1]).items()}


if __name__ == "__main__":
    main()
