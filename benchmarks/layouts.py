"""How true each layout of a map is: what it keeps of the neighbours, and what it takes.

Give prepared datasets (with an embedding), each with the column of its labels:

    python benchmarks/layouts.py WORKSPACE/debian:section WORKSPACE/tatoeba:language --out layouts.jsonl

Of a larger set 20,000 distinct texts are drawn at random, and get an exact neighbour graph of their own; `--whole`
takes all texts with the graph that is stored. `--bare` takes folders with vectors and a graph as `selection.py` keeps
them. `--peers PYTHON` draws by `pacmap` too, installed in that Python, on the same vectors and the 10 nearest of the
same graph. Each layout is a line of JSON; `--table FILE` prints such lines as tables instead.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from engine import Dataset, Store
from engine.dataset import DistinctTexts, Graph, Vectors
from engine.maps.pca import pca
from engine.maps.tsne import tsne
from engine.vectors import exact_graph, lay_out

MOST, K, AMONG = 20_000, 15, 100
TRIPLETS, BLOCK, CELLS = 200_000, 500, 40_000_000
SIDE = 100
FIGURES = ("kept", "within", "trust", "continuity", "triplets", "labels", "room", "seconds", "memory")

Layout = Callable[[Vectors, Graph], np.ndarray]


def umap(neighbours: int, least: float, rounds: int = 0) -> Layout:
    """UMAP with these settings, on one thread."""
    return lambda vectors, graph: lay_out(
        vectors.grid, graph, dimensions=2, n_neighbors=neighbours, min_dist=least, seed=0, mode="exact", rounds=rounds
    )


LAYOUTS: dict[str, Layout] = {
    "PCA": lambda vectors, graph: pca(vectors, graph),
    "UMAP 15, 0.1": umap(15, 0.1),
    "UMAP 15, 0": umap(15, 0.0),
    "UMAP 10, 0": umap(10, 0.0),
    "UMAP 30, 0": umap(30, 0.0),
    "UMAP 15, 0, 500 rounds": umap(15, 0.0, 500),
    "t-SNE": lambda vectors, graph: tsne(vectors, graph),
    "t-SNE, exaggeration 1.5": lambda vectors, graph: tsne(vectors, graph, exaggeration=1.5),
    "t-SNE, 30 neighbours": lambda vectors, graph: tsne(vectors, graph, n_neighbors=30),
}


def peak() -> int:
    """Bytes of memory at the highest since `forget_peak`, 0 where this system does not say."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def ranks(near: np.ndarray, of: np.ndarray, itself: np.ndarray) -> np.ndarray:
    """The rank of some columns of each row, 1 for the nearest that is not the row itself.

    near: float (b, m), larger is nearer. of: int (b, k). itself: int (b,), the column that is the row.
    """
    near[np.arange(len(near)), itself] = -np.inf
    there = np.take_along_axis(near, of, axis=1)
    return np.stack([(near > there[:, [j]]).sum(axis=1) + 1 for j in range(of.shape[1])], axis=1)


def figures(grid: np.ndarray, true: np.ndarray, xy: np.ndarray, labels: np.ndarray | None) -> dict[str, float]:
    """All figures of one layout. true: int (m, K), the true neighbours; labels: int (m,), -1 for none."""
    from scipy.spatial import cKDTree

    m, rng = len(xy), np.random.default_rng(1)
    drawn = cKDTree(xy).query(xy, k=AMONG + 1)[1]
    drawn = np.stack([row[row != i][:AMONG] for i, row in enumerate(drawn)])
    found = {}
    for name, reach in (("kept", K), ("within", AMONG)):
        parts = range(0, m, BLOCK)
        found[name] = float(
            np.mean([(true[p : p + BLOCK, :, None] == drawn[p : p + BLOCK, None, :reach]).any(2).mean() for p in parts])
        )
    unit = grid.astype(np.float32) / 2048
    some = np.sort(rng.choice(m, min(m, CELLS // m), replace=False))
    lost, torn, block = 0.0, 0.0, max(1, CELLS // 4 // m)
    for start in range(0, len(some), block):
        rows = some[start : start + block]
        lost += np.maximum(ranks(unit[rows] @ unit.T, drawn[rows, :K], rows) - K, 0).sum()
        flat = -sum((xy[rows, axis, None] - xy[None, :, axis]) ** 2 for axis in (0, 1))
        torn += np.maximum(ranks(flat, true[rows], rows) - K, 0).sum()
    scale = 2 / (len(some) * K * (2 * m - 3 * K - 1))
    found["trust"], found["continuity"] = 1 - scale * float(lost), 1 - scale * float(torn)
    a, b, c = rng.integers(0, m, (3, TRIPLETS))
    likes = np.einsum("ij,ij->i", unit[a], unit[b]) > np.einsum("ij,ij->i", unit[a], unit[c])
    lies = ((xy[a] - xy[b]) ** 2).sum(axis=1) < ((xy[a] - xy[c]) ** 2).sum(axis=1)
    found["triplets"] = float((likes == lies).mean())
    if labels is not None:
        found["labels"] = guessed_right(drawn[:, :K], labels)
    low, high = np.percentile(xy, 0.5, axis=0), np.percentile(xy, 99.5, axis=0)
    cells = np.floor((xy - low) / np.maximum(high - low, 1e-12) * SIDE).astype(int)
    inside = ((cells >= 0) & (cells < SIDE)).all(axis=1)
    found["room"] = len(np.unique(cells[inside] @ [SIDE, 1])) / SIDE**2
    return found


def guessed_right(drawn: np.ndarray, labels: np.ndarray) -> float:
    """The share of labelled texts whose label is the most frequent among the labelled ones drawn next to them."""
    known = np.flatnonzero(labels >= 0)
    right = 0
    for i in known:
        votes = labels[drawn[i]]
        votes = votes[votes >= 0]
        right += bool(len(votes)) and int(np.bincount(votes).argmax()) == labels[i]
    return right / max(len(known), 1)


PEERS = ("LocalMAP",)
PEER = """
import json, sys, time
import numpy as np
import pacmap
folder, what = sys.argv[1:]
grid, near = (np.load(f"{folder}/{name}.npy") for name in ("grid", "near"))
grid = grid.astype(np.float32) / 2048
def drawn(grid, near):
    m, k = near.shape
    pairs = np.stack([np.repeat(np.arange(m), k), near.ravel()], axis=1).astype(np.int32)
    return getattr(pacmap, what)(n_neighbors=k, pair_neighbors=pairs, random_state=0).fit_transform(grid, init="pca")
few = grid[:300] @ grid[:300].T
np.fill_diagonal(few, -2)
drawn(grid[:300], np.argsort(-few, axis=1)[:, :near.shape[1]])  # compiled
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
open("/proc/self/clear_refs", "w").write("5")
before, start = peak(), time.process_time()
xy = drawn(grid, near)
seconds, after = time.process_time() - start, peak()
np.save(f"{folder}/xy.npy", xy)
print(json.dumps({"seconds": seconds, "memory": (after - before) / 1e3}))
"""
PEER_K = 10
"""Neighbours a text, as the package has it by itself."""


def by_peer(python: Path, what: str, grid: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, dict[str, object]]:
    """The places that a layout of `pacmap` gives, and what it says of time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/grid.npy", grid)
        np.save(f"{folder}/near.npy", neighbours[:, :PEER_K])
        ran = subprocess.run(
            [str(python), "-c", PEER, folder, what],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"NUMBA_NUM_THREADS": "1"},
        )
        return np.load(f"{folder}/xy.npy").astype(np.float64), json.loads(ran.stdout.splitlines()[-1])


def bare(folder: Path) -> tuple[np.ndarray, Graph]:
    """Vectors and a graph without texts, as `selection.py` keeps them."""
    grid, neighbours, similarity = (np.load(folder / f"{n}.npy") for n in ("vectors", "neighbours", "similarity"))
    return grid, Graph("", neighbours, similarity, {})


def drawn_by_all(
    name: str, grid: np.ndarray, graph: Graph, labels: np.ndarray | None, names: list[str], peers: Path | None
) -> Iterator[dict[str, object]]:
    """Every layout of some vectors, a record each."""
    texts = DistinctTexts("", np.arange(len(grid)), np.arange(len(grid)), np.ones(len(grid), np.int64))
    few = Graph("", *exact_graph(grid[:300], 30), {})
    for layout in [*names, *(PEERS if peers else ())]:
        if peers and layout in PEERS:
            xy, took = by_peer(peers, layout, grid, graph.neighbours)
        else:
            LAYOUTS[layout](Vectors("", "", grid[:300], texts, {}), few)  # compiled, and its packages read
            forget_peak()
            before, start = peak(), time.process_time()
            xy = LAYOUTS[layout](Vectors("", "", grid, texts, {}), graph).astype(np.float64)
            took = {"seconds": time.process_time() - start, "memory": (peak() - before) / 1e6}
        record: dict[str, object] = {"set": name, "texts": len(grid), "layout": layout}
        yield record | figures(grid, graph.neighbours[:, :K], xy, labels) | took


def of_dataset(folder: Path, column: str, whole: bool) -> tuple[np.ndarray, Graph, np.ndarray | None]:
    """The vectors of one dataset, or of some of its texts, their graph, and their labels."""
    data = Dataset.load(Store(folder))
    key = data.keys_of("embedding")[0]
    vectors = data.embedding(key)
    chosen, grid = np.arange(len(vectors.grid)), np.asarray(vectors.grid)
    if whole:
        graph = data.graph(key)
        graph = Graph("", np.asarray(graph.neighbours), np.asarray(graph.similarity), {})
    else:
        if len(chosen) > MOST:
            chosen = np.sort(np.random.default_rng(0).choice(len(chosen), MOST, replace=False))
            grid = np.ascontiguousarray(grid[chosen])
        graph = Graph("", *exact_graph(grid, 30), {})
    labels = data.codes(column)[0][np.asarray(vectors.texts.first)[chosen]] if column else None
    return grid, graph, labels


def table(lines: list[dict[str, object]]) -> str:
    """The records as a Markdown table, a set at a time."""
    said = ["| set | layout | " + " | ".join(FIGURES) + " |", "| --- " * 2 + "| ---: " * len(FIGURES) + "|"]
    for name in dict.fromkeys(str(line["set"]) for line in lines):
        for at, line in enumerate(one for one in lines if one["set"] == name):
            cells = []
            for figure in FIGURES:
                value = line.get(figure)
                form = "{:.0f}" if figure in ("seconds", "memory") else "{:.3f}"
                cells.append(form.format(value) if isinstance(value, int | float) else "–")
            head = "" if at else f"{name}, {line['texts']:,}"
            said.append(f"| {head} | {line['layout']} | " + " | ".join(cells) + " |")
    return "\n".join(said)


def main() -> None:
    """Measure what is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="FOLDER or FOLDER:LABEL_COLUMN")
    parser.add_argument("--only", nargs="*", choices=LAYOUTS, default=list(LAYOUTS))
    parser.add_argument("--whole", action="store_true", help="all texts, with the stored graph")
    parser.add_argument("--bare", action="store_true", help="folders of vectors and a graph, without texts")
    parser.add_argument("--peers", type=Path, help="a Python with pacmap in it")
    parser.add_argument("--out", type=Path, help="add the lines to this file too")
    parser.add_argument("--table", type=Path, help="print the lines of this file as tables")
    asked = parser.parse_args()
    if asked.table:
        print(table([json.loads(line) for line in asked.table.read_text().splitlines()]))
    for one in asked.sets:
        folder, _, column = one.partition(":")
        given = (*bare(Path(folder)), None) if asked.bare else of_dataset(Path(folder), column, asked.whole)
        for record in drawn_by_all(Path(folder).name, *given, asked.only, asked.peers):
            print(json.dumps(record), flush=True)
            if asked.out:
                with asked.out.open("a") as out:
                    out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
