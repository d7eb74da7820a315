"""Selectors for spread beside packages that do the same: seconds, memory, and how good what they pick is.

    python benchmarks/selection.py --rows 10000 --picks 500
    python benchmarks/selection.py --rows 100000 --picks 10000 --keep ~/bench --peers ~/peers/bin/python
    python benchmarks/selection.py --rows 1000000 --picks 10000 --keep ~/bench --alone

Rows are vectors around random middles, of uneven size and closeness, each with a random quality; the graph has 30
neighbours a row. Both lie in the folder that --keep names (a temporary one, if left out), so that a second run finds
them there and measures the picking alone. Each measurement is a process of its own: its seconds are those of the
picking, with all that follows from the graph, its memory is that of the process at its peak. Peers run in the Python
that --peers names (this one, if left out), each once on few rows before, so that imports and compiling do not count;
they may take --patience seconds and --most-gb of memory. Prints Markdown.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array, load_npz, save_npz

from engine.recipe.selectors.spread._cover import greedy_cover, similarities
from engine.recipe.selectors.spread._farthest import farthest_first, most_central, nearest_of, nearest_other
from engine.recipe.selectors.spread._features import greedy_features
from engine.recipe.selectors.spread._log_det import greedy_log_det, log_det_of
from engine.recipe.selectors.spread.log_det import CANDIDATES
from indexes import build_index, choose, knn_graph, to_float, to_grid

RIDGE = 0.1
MOST_FOR_FEATURES = 20_000
"""Dense features of many rows are no use to anybody."""
BLOCK = 50_000
LOOKED_AT = 20_000
"""Rows drawn by seed, the worst covered of which counts as the value of `farthest`."""

PEERS = """
import json, resource, sys, time
import numpy as np
folder, picks, what, who, gigabytes = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], float(sys.argv[5])
resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 1e9),) * 2)
try:
    if who == "pyversity":
        from pyversity import dpp, mmr
    if who == "apricot":
        from apricot import FacilityLocationSelection, FeatureBasedSelection
    if who == "submodlib":
        from submodlib import FacilityLocationFunction
except ImportError:
    print(json.dumps({"said": "not installed"}))
    sys.exit()

def floats(few):
    grid = np.load(folder + "/vectors.npy", mmap_mode="r")
    return grid[: few or len(grid)].astype(np.float32) / 2048

def graph(few):
    from scipy.sparse import load_npz, csr_matrix
    whole = csr_matrix(load_npz(folder + "/graph.npz"))
    return whole[:few, :few] if few else whole

def apricot_cover(few, k):
    return FacilityLocationSelection(k, metric="precomputed", optimizer="lazy"), graph(few)

def apricot_features(few, k):
    return FeatureBasedSelection(k, concave_func="sqrt", optimizer="lazy"), np.abs(floats(few)).astype(np.float64)

def submodlib_cover(few, k):
    part = graph(few)
    return FacilityLocationFunction(n=part.shape[0], mode="sparse", sijs=part, num_neighbors=60), k

ready = {
    ("cover", "apricot"): apricot_cover,
    ("features", "apricot"): apricot_features,
    ("cover", "submodlib"): submodlib_cover,
    ("log_det", "pyversity"): lambda few, k: (floats(few), k),
    ("mmr", "pyversity"): lambda few, k: (floats(few), np.load(folder + "/quality.npy")[: few or None], k),
}[what, who]
def all_of(model, given):
    return model.fit(given).ranking
def by_submodlib(function, k):
    found = function.maximize(
        budget=k, optimizer="LazyGreedy", stopIfZeroGain=False, stopIfNegativeGain=False, show_progress=False
    )
    return [row for row, _ in found]
run = {
    "apricot": all_of,
    "submodlib": by_submodlib,
    "pyversity": (lambda x, k: dpp(x, np.zeros(len(x)), k, diversity=1.0).indices) if what == "log_det" else
        (lambda x, q, k: mmr(x, q, k, diversity=0.5).indices),
}[who]
try:
    run(*ready(200, 20))
    given = ready(0, picks)
    start = time.perf_counter()
    found = run(*given)
    took = time.perf_counter() - start
except (MemoryError, np._core._exceptions._ArrayMemoryError):
    print(json.dumps({"said": f"does not fit into {gigabytes:g} GB"}))
    sys.exit()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"seconds": took, "peak": peak, "picks": [int(i) for i in found]}))
"""
BESIDE = (("cover", "apricot"), ("cover", "submodlib"), ("log_det", "pyversity"), ("mmr", "pyversity"),
          ("features", "apricot"))  # fmt: skip


def corpus(folder: Path, rows: int, dimension: int, seed: int = 0) -> None:
    """Vectors on the grid, int16 (rows, dimension), that clump as texts do, and a quality of each from 0 to 1."""
    rng = np.random.default_rng(seed)
    clumps = max(2, rows // 80)
    middles = rng.normal(size=(clumps, dimension)).astype(np.float32)
    grid = np.lib.format.open_memmap(folder / "part.npy", "w+", np.int16, (rows, dimension))
    for start in range(0, rows, BLOCK):
        size = min(BLOCK, rows - start)
        of_row = np.minimum((clumps * rng.random(size) ** 2).astype(int), clumps - 1)
        spread = rng.uniform(0.2, 1.2, (size, 1)).astype(np.float32)
        noise = rng.normal(size=(size, dimension)).astype(np.float32)
        grid[start : start + size] = to_grid(middles[of_row] + spread * noise)
    grid.flush()
    np.save(folder / "quality.npy", rng.random(rows))
    (folder / "part.npy").rename(folder / "vectors.npy")


def vectors(folder: Path) -> np.ndarray:
    return np.load(folder / "vectors.npy", mmap_mode="r")


def make_graph(folder: Path, picks: int) -> dict[str, object]:
    """The neighbour graph, as the house would make it, kept in the folder."""
    grid = np.ascontiguousarray(vectors(folder))
    built = build_index(grid, choose(*grid.shape))
    neighbours, similarity = knn_graph(built.index, k=30, progress=_told())
    np.save(folder / "neighbours.npy", neighbours)
    np.save(folder / "similarity.npy", similarity)
    return {"kind": built.index.kind, "recall": built.recall.value}


def _told() -> Callable[[int, int], None]:
    last = [time.monotonic()]

    def say(done: int, total: int) -> None:
        if time.monotonic() - last[0] > 30:
            last[0] = time.monotonic()
            print(f"{done:,} of {total:,} rows have their neighbours", file=sys.stderr)

    return say


def matrix_of(folder: Path) -> csr_array:
    """Similarities along the graph, as a cover sees them."""
    return similarities(np.load(folder / "neighbours.npy"), np.load(folder / "similarity.npy"))


def cover(folder: Path, picks: int) -> dict[str, object]:
    matrix = matrix_of(folder)
    m = matrix.shape[0]
    found = greedy_cover(
        matrix, np.ones(m), candidates=np.arange(m), chosen=np.empty(0, np.int64), k=picks
    )  # fmt: skip
    return {"picks": found.picks.tolist(), "said": f"≥ {found.value / found.bound:.1%} of the best possible"}


def log_det(folder: Path, picks: int) -> dict[str, object]:
    grid = vectors(folder)
    drawn = np.sort(np.random.default_rng(0).permutation(len(grid))[: max(CANDIDATES, picks)])
    none = np.empty((0, grid.shape[1]), np.float32)
    found, _ = greedy_log_det(lambda at: to_float(grid[drawn[at]]), len(drawn), picks, ridge=RIDGE, chosen=none)
    said = f"of {len(drawn):,} candidates drawn by seed" if len(drawn) < len(grid) else ""
    return {"picks": drawn[found].tolist(), "said": said}


def mmr(folder: Path, picks: int) -> dict[str, object]:
    grid, quality = vectors(folder), np.load(folder / "quality.npy")
    near = np.full(len(grid), -1.0)
    found, _ = farthest_first(lambda at: to_float(grid[at]), len(grid), picks, near=near, lift=-0.5 * quality, pull=0.5)
    return {"picks": found.tolist()}


def farthest(folder: Path, picks: int) -> dict[str, object]:
    grid = vectors(folder)
    near = np.full(len(grid), -2, np.float32)
    near[most_central(lambda at: to_float(grid[at]), len(grid))] = -np.inf
    found, radius = farthest_first(lambda at: to_float(grid[at]), len(grid), picks, near=near)
    return {"picks": found.tolist(), "said": f"{radius:.3f} over all rows"}


def features(folder: Path, picks: int) -> dict[str, object]:
    found, _ = greedy_features(features_of(folder), picks)
    return {"picks": found.tolist()}


def features_of(folder: Path) -> csr_array:
    return csr_array(np.abs(to_float(vectors(folder))).astype(np.float64))


OURS: Mapping[str, Callable[[Path, int], dict[str, object]]] = {
    "graph": make_graph, "cover": cover, "farthest": farthest, "log_det": log_det, "mmr": mmr, "features": features,
}  # fmt: skip


def value(what: str, folder: Path, picks: np.ndarray) -> float:
    """How good picks are by what a selector seeks; higher is better."""
    there = to_float(vectors(folder)[picks])
    if what == "cover":
        whole = load_npz(folder / "graph.npz").tocsr()
        return float(whole[picks].max(axis=0).toarray().sum(dtype=np.float64)) / whole.shape[0]
    if what == "log_det":
        return log_det_of(there, RIDGE)
    if what == "features":
        return float(np.sqrt(features_of(folder)[picks].sum(axis=0)).sum())
    if what == "mmr":
        return float(np.load(folder / "quality.npy")[picks].mean()) - (nearest_other(there) or 0.0)
    grid = vectors(folder)
    some = np.random.default_rng(2).permutation(len(grid))[:LOOKED_AT]
    return float(nearest_of(lambda at: to_float(grid[some[at]]), len(some), there).min())


def measured(what: str, folder: Path, picks: int) -> dict[str, object]:
    """One of ours, in a process of its own."""
    command = [sys.executable, __file__, "--measure", what, "--keep", str(folder), "--picks", str(picks)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def beside(what: str, who: str, folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """One of theirs, in a process of its own, or why there is nothing to report."""
    command = [str(Path(given.peers).expanduser()), "-c", PEERS, str(folder), str(given.picks), what, who]
    try:
        done = subprocess.run(
            [*command, str(given.most_gb)], capture_output=True, text=True, cwd=folder, timeout=given.patience
        )
    except subprocess.TimeoutExpired:
        return {"said": f"not done after {given.patience:,} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return {"said": f"stops: {last[:80]}"}
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--picks", type=int, default=500)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--only", nargs="+", default=[w for w in OURS if w != "graph"], help="which selectors")
    parser.add_argument("--keep", help="a folder where vectors and graphs stay for the next run")
    parser.add_argument(
        "--peers", default=sys.executable, help="a Python with apricot, submodlib or pyversity installed"
    )
    parser.add_argument("--patience", type=int, default=600, help="seconds that each peer may take")
    parser.add_argument("--most-gb", type=float, default=12.0, help="memory that each peer may take")
    parser.add_argument("--alone", action="store_true", help="without peers")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        start = time.perf_counter()
        found = OURS[given.measure](Path(given.keep), given.picks)
        seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(json.dumps({**found, "seconds": seconds, "peak": peak}))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(given.keep or temporary).expanduser() / f"{given.rows}x{given.dimension}"
        folder.mkdir(parents=True, exist_ok=True)
        report(folder, given)


def report(folder: Path, given: argparse.Namespace) -> None:
    m, k = given.rows, given.picks
    if not (folder / "vectors.npy").exists():
        corpus(folder, m, given.dimension)
    if not (folder / "made.json").exists():
        (folder / "made.json").write_text(json.dumps(measured("graph", folder, k)))
    made = json.loads((folder / "made.json").read_text())
    if not (folder / "graph.npz").exists():
        save_npz(folder / "graph.npz", matrix_of(folder), compressed=False)
    print(f"{m:,} rows of {given.dimension} dimensions, {k:,} picks\n")
    took = f"{made['seconds']:.0f} s, {made['peak']:.1f} GB at the peak"
    print(f"The graph was made before: {made['kind']}, recall {made['recall']:.1%}, {took}\n")
    print("| what | who | seconds | peak memory, GB | value | |\n| --- | --- | --- | --- | --- | --- |")
    chance = np.random.default_rng(1).permutation(m)[:k]
    for what in given.only:
        if what == "features" and m > MOST_FOR_FEATURES:
            continue
        line(what, "Winnow", measured(what, folder, k), folder)
        for _, who in (pair for pair in BESIDE if pair[0] == what and not given.alone):
            line(what, who, beside(what, who, folder, given), folder)
        line(what, "random rows", {"picks": chance.tolist()}, folder)


def line(what: str, who: str, found: Mapping[str, object], folder: Path) -> None:
    """One row of the table."""
    picks = np.array(found.get("picks", []), np.int64)
    numbers = [
        f"{found[name]:{shape}}" if name in found else "" for name, shape in (("seconds", ".2f"), ("peak", ".1f"))
    ]
    good = f"{value(what, folder, picks):,.4g}" if len(picks) else ""
    print("| " + " | ".join([what, who, *numbers, good, str(found.get("said", ""))]) + " |", flush=True)


if __name__ == "__main__":
    main()
