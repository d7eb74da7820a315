"""What a GPU gives beside the CPU of the same machine, in one run: the same numbers, and how much sooner.

Run by hand: `python -m benchmarks.gpu [--vectors 1000000] [--checked 20000] [--texts 20000] [--device cuda]`.

The exact graph is made whole on the device. The CPU finds the neighbours of `--checked` of the same rows among all of
them, bit by bit compared, and its time is scaled to the whole. `--device cpu` runs torch's code on the CPU, which
checks the arithmetic where there is no GPU and says nothing about speed.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from typing import Literal, TypeVar

import numpy as np

import indexes
from engine.vectors.embedders.sentence import sentence
from indexes.tiles import CpuTiles, Tiles
from indexes.torch_gpu import TorchTiles, half_is_exact

DIMENSION = 384
K = 30
CLUSTERS = 1000
Result = TypeVar("Result")


def main() -> None:
    """Compare, one kind of work after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, default=1_000_000)
    parser.add_argument("--checked", type=int, default=20_000)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--device", default="cuda")
    args = parser.parse_args()
    if args.device == "cuda" and indexes.gpu_seen() == "cpu":
        sys.exit("No GPU is seen on this machine, so nothing was measured. --device cpu checks the arithmetic alone.")
    vectors = unit_vectors(args.vectors)
    if args.device != "cpu":
        print(f"float16 products with float32 accumulation are exact: {half_is_exact(args.device)}")
        print(f"faiss sees: {indexes.gpu_seen()}")
    graph(vectors, args.checked, args.device)
    means(vectors[: args.vectors // 5], args.device)
    if args.texts:
        texts(args.texts, args.device)
    print(f"largest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MiB")


def unit_vectors(count: int) -> np.ndarray:
    """Seeded grid vectors, int16 (count, 384), lying in loose groups as texts do; made in blocks."""
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(200, DIMENSION)).astype(np.float32)
    found = np.empty((count, DIMENSION), np.int16)
    for start in range(0, count, 50_000):
        size = min(50_000, count - start)
        block = middles[rng.integers(200, size=size)] + rng.normal(size=(size, DIMENSION)).astype(np.float32)
        found[start : start + size] = indexes.to_grid(block)
    return found


def graph(vectors: np.ndarray, checked: int, device: str) -> None:
    """The exact graph: the same neighbours and similarities, bit for bit?"""
    tiles, uploading = timed(lambda: on_device(vectors, device))
    (neighbours, similarity), seconds = timed(lambda: indexes.knn_graph(indexes.Exact(vectors, tiles=tiles), k=K))
    rows = np.sort(np.random.default_rng(1).choice(len(vectors), min(checked, len(vectors)), replace=False))
    found, part = timed(lambda: indexes.Exact(vectors).search(vectors[rows], K, exclude=rows))
    same = np.array_equal(found.rows, neighbours[rows]) and np.array_equal(found.similarities, similarity[rows])
    whole = part * len(vectors) / len(rows)
    print(
        f"exact graph, {len(vectors):,} x {DIMENSION}, k = {K}: {device} {uploading + seconds:.1f} s "
        f"(of it {uploading:.1f} s to upload), CPU {whole:.1f} s (scaled from {len(rows):,} rows), "
        f"{whole / (uploading + seconds):.1f} times; neighbours and similarities of those rows are "
        f"{'the same' if same else 'NOT THE SAME'}"
    )


def means(vectors: np.ndarray, device: str) -> None:
    """k-means: the same centroids and labels?"""

    def run(tiles_for: Callable[[np.ndarray], Tiles]) -> indexes.Means:
        return indexes.kmeans(vectors, min(CLUSTERS, len(vectors) // 10), rounds=5, start="random", tiles_for=tiles_for)

    on_gpu, seconds = timed(lambda: run(lambda v: on_device(v, device)))
    on_cpu, slow = timed(lambda: run(CpuTiles))
    same = np.array_equal(on_gpu.centroids, on_cpu.centroids) and np.array_equal(on_gpu.labels, on_cpu.labels)
    print(
        f"k-means, {len(vectors):,} vectors, {len(on_cpu.centroids)} clusters, 5 rounds: {device} {seconds:.1f} s, CPU "
        f"{slow:.1f} s, {slow / seconds:.1f} times; centroids and labels are {'the same' if same else 'NOT THE SAME'}"
    )


def texts(count: int, device: str) -> None:
    """The sentence model: texts a second, and the least cosine between the two vectors of a text."""
    rng = np.random.default_rng(2)
    words = "billing parcel login garden music refund courier password rose guitar late wrong screen leaf song".split()
    lines = [" ".join(rng.choice(words, int(size))) for size in rng.integers(5, 120, count)]
    few = lines[: max(1, count // 10)]
    theirs, seconds = embedded(lines, "cuda" if device != "cpu" else "cpu")
    ours, part = embedded(few, "cpu")
    slow = part * count / len(few)
    cosine = (theirs[: len(few)] * ours).sum(axis=1).min()
    print(
        f"embedding, {count:,} texts: {device} {count / seconds:,.0f} a second, CPU {count / slow:,.0f} a second, "
        f"{slow / seconds:.1f} times; least cosine between the two {cosine:.5f}"
    )


def embedded(lines: list[str], device: Literal["cpu", "cuda"]) -> tuple[np.ndarray, float]:
    """Vectors of texts, float32, and the seconds that it took once the model was loaded and warm."""
    model = sentence(device=device).load()

    def run(some: list[str]) -> np.ndarray:
        found = model.embed(some, [-1] * len(some), 0.5, lambda done: None)
        return indexes.to_float(indexes.to_grid(found.vectors))

    run(lines[:64])
    return timed(lambda: run(lines))


def on_device(vectors: np.ndarray, device: str) -> Tiles:
    """Block products as Winnow would do them there."""
    if device == "cpu":
        return TorchTiles(vectors, device="cpu")
    return indexes.tiles_on(indexes.gpu_seen(), vectors)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What work gives, and the seconds that it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


if __name__ == "__main__":
    main()
