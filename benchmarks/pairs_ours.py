"""Winnow's side of `benchmarks.pairs`: `python -m benchmarks.pairs_ours STAGE FILE ROUNDS`, in a process of its own.

FILE holds the texts as one batch of Arrow, mapped into memory as a dataset maps them, or vectors as .npy. The last line
printed is JSON: medians in seconds, peak memory in megabytes, counts.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa

from engine.dataset import Pairs
from engine.pairs import curve, grouped, wished, witnesses_in_crowds
from engine.pairs.near import Near, near, recall_of
from engine.pairs.shingling import Shingling
from engine.pairs.signing import signed
from engine.pairs.tick import silent
from indexes import build_index, choose, knn_graph, to_grid

THRESHOLD, CLOSE, PROBES = 0.8, np.float32(0.9), 16
HOW, BANDS = Shingling("words", 5), wished(THRESHOLD, 0.99)
Facts = dict[str, float]


def column(file: Path) -> pa.Array:
    """The texts of a file, large_string."""
    return pa.ipc.open_file(pa.memory_map(str(file))).read_all()["text"].chunk(0)


def some_of(texts: pa.Array, rows: np.ndarray) -> pa.Array:
    """Some of the texts; those that follow each other without a copy, as a dataset gives them."""
    together = len(rows) and rows[-1] - rows[0] == len(rows) - 1
    return texts.slice(rows[0], len(rows)) if together else texts.take(pa.array(rows))


def timed(rounds: int, work: Callable[[], object]) -> float:
    """The median of some rounds, in seconds."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return median(took)


def peak_megabytes() -> float:
    """The most memory that this process has held. Not `ru_maxrss`: that one starts with what the parent held."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def searched(texts: pa.Array) -> Near:
    """Verified pairs."""
    return near(partial(some_of, texts), len(texts), HOW, BANDS, lowest=THRESHOLD, probes=PROBES, tick=silent)


def pairs_of(found: Near) -> Pairs:
    """As they are stored."""
    return Pairs(found.of_text, found.a, found.b, found.similarity, crowded=found.crowded)


def signatures(file: Path, rounds: int) -> Facts:
    """Text to signature."""
    texts = column(file)
    signed(partial(some_of, texts), min(len(texts), 500), HOW, BANDS, silent)
    return {"seconds": timed(rounds, lambda: signed(partial(some_of, texts), len(texts), HOW, BANDS, silent))}


def removal(file: Path, rounds: int) -> Facts:
    """Text to verified removal; the recall, which the kind measures too, by itself. before: megabytes at the start."""
    texts = column(file)
    grouped(pairs_of(searched(texts.slice(0, 2000))), THRESHOLD)
    before = peak_megabytes()
    seconds = timed(rounds, lambda: grouped(pairs_of(searched(texts)), THRESHOLD))
    peak = peak_megabytes()
    found = searched(texts)
    measured = timed(1, lambda: recall_of(partial(some_of, texts), found, HOW, THRESHOLD, silent))
    gone = grouped(pairs_of(found), THRESHOLD).repeats
    return {"seconds": seconds, "megabytes": peak, "before": before, "texts": texts.nbytes / 1e6,
            "pairs": len(found.a), "removed": len(gone), "recall_seconds": measured}  # fmt: skip


def again(file: Path, rounds: int) -> Facts:
    """The same pairs at other thresholds, and the curve from 0.8 to 1."""
    pairs = pairs_of(searched(column(file)))
    grouped(pairs, THRESHOLD)  # as it is once a page has shown them
    steps = [timed(rounds, partial(grouped, pairs, t)) for t in (0.8, 0.85, 0.9, 0.95, 1.0)]
    return {"slowest": max(steps), "curve": timed(rounds, lambda: curve(pairs, THRESHOLD))}


def crowd(file: Path, rounds: int) -> Facts:
    """A giant group: rows left, whichever are preferred."""
    texts = column(file)
    searched(texts.slice(0, 2000))
    start = time.perf_counter()
    found = searched(texts)
    facts: Facts = {"seconds": time.perf_counter() - start, "pairs": len(found.a)}
    pairs, n = pairs_of(found), len(texts)

    def search(rows: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        bands = wished(threshold, 0.99)
        more = near(
            lambda at: texts.take(rows[at]), len(rows), HOW, bands, lowest=threshold, probes=PROBES, tick=silent
        )
        return rows[more.first[more.a]], rows[more.first[more.b]], more.similarity

    orders = {"first": np.arange(n), "last": np.arange(n)[::-1], "random": np.random.default_rng(0).permutation(n)}
    for keep, rows in orders.items():
        start = time.perf_counter()
        witness, _ = witnesses_in_crowds(pairs, rows, THRESHOLD, np.zeros(n, bool), search)
        facts[f"left, {keep}"] = int((witness < 0).sum())
        facts[f"seconds, {keep}"] = time.perf_counter() - start
    return facts


def close(file: Path, rounds: int) -> Facts:
    """Ready vectors to removal: grid, index, graph of 30 neighbours, pairs, walk."""
    vectors = np.load(file)
    n, facts = len(vectors), Facts()

    def work() -> None:
        neighbours, likes = knn_graph(build_index(to_grid(vectors), choose(*vectors.shape)).index, k=30)
        at, place = np.nonzero((neighbours >= 0) & (likes >= CLOSE))
        ends = np.sort(np.stack([at, neighbours[at, place]]), axis=0)
        _, once = np.unique(ends[0] * n + ends[1], return_index=True)
        first, second = ends[:, once].astype(np.int32)
        like = np.minimum(likes[at, place][once], np.float32(1))
        gone = grouped(Pairs(np.arange(n, dtype=np.int32), first, second, like), float(CLOSE)).repeats
        facts.update(pairs=len(first), removed=len(gone))

    facts["seconds"] = timed(rounds, work)
    return facts


STAGES: Mapping[str, Callable[[Path, int], Facts]] = {
    "signatures": signatures,
    "removal": removal,
    "again": again,
    "crowd": crowd,
    "close": close,
}


if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
