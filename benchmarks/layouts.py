"""How true each layout of a map is: what it keeps of the neighbours, and what it takes.

Give prepared datasets (with an embedding), each with the column of its labels:

    python benchmarks/layouts.py WORKSPACE/debian:section WORKSPACE/tatoeba:language --out layouts.jsonl

Of a larger set 20,000 distinct texts are drawn at random, and get an exact neighbour graph of their own; `--whole`
takes all texts with the graph that is stored. Each figure of a layout is a line of JSON; `--table FILE` prints such
lines as tables instead.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine import Dataset, Store
from engine.dataset import Graph, Vectors
from engine.maps.pca import pca
from engine.maps.tsne import tsne
from engine.vectors import exact_graph, lay_out

MOST, K, AMONG = 20_000, 15, 100
RANKED, TRIPLETS, BLOCK = 2_000, 200_000, 500
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
    "UMAP 10, 0.1": umap(10, 0.1),
    "UMAP 30, 0": umap(30, 0.0),
    "UMAP 15, 0, 500 rounds": umap(15, 0.0, 500),
    "t-SNE": lambda vectors, graph: tsne(vectors, graph),
    "t-SNE, exaggeration 1": lambda vectors, graph: tsne(vectors, graph, exaggeration=1.0),
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
    some = np.sort(rng.choice(m, min(m, RANKED), replace=False))
    lost, torn = 0.0, 0.0
    for start in range(0, len(some), BLOCK):
        rows = some[start : start + BLOCK]
        lost += np.maximum(ranks(unit[rows] @ unit.T, drawn[rows, :K], rows) - K, 0).sum()
        flat = -((xy[rows, None, :] - xy[None]) ** 2).sum(axis=2)
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


def measured(folder: Path, column: str, names: list[str], whole: bool) -> list[dict[str, object]]:
    """Every layout of one dataset, a record each."""
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
    part = Vectors(key, "", grid, vectors.texts, {})
    few = Graph("", *exact_graph(grid[:300], 30), {})
    records = []
    for name in names:
        LAYOUTS[name](Vectors(key, "", grid[:300], vectors.texts, {}), few)  # compiled, and its packages read
        forget_peak()
        before, start = peak(), time.process_time()
        xy = LAYOUTS[name](part, graph).astype(np.float64)
        seconds, memory = time.process_time() - start, peak() - before
        record: dict[str, object] = {"set": folder.name, "texts": len(grid), "layout": name}
        record |= figures(grid, graph.neighbours[:, :K], xy, labels)
        records.append(record | {"seconds": seconds, "memory": memory / 1e6})
        print(json.dumps(records[-1]), flush=True)
    return records


def table(lines: list[dict[str, object]]) -> str:
    """The records as a Markdown table for each set."""
    said = []
    for name in dict.fromkeys(str(line["set"]) for line in lines):
        of_set = [line for line in lines if line["set"] == name]
        said += [f"\n{name}, {of_set[0]['texts']:,} texts\n"]
        said += ["| | " + " | ".join(FIGURES) + " |", "|---" * (len(FIGURES) + 1) + "|"]
        for line in of_set:
            cells = []
            for figure in FIGURES:
                value = line.get(figure)
                form = "{:.0f}" if figure in ("seconds", "memory") else "{:.3f}"
                cells.append(form.format(value) if isinstance(value, int | float) else "–")
            said.append(f"| {line['layout']} | " + " | ".join(cells) + " |")
    return "\n".join(said)


def main() -> None:
    """Measure what is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="FOLDER or FOLDER:LABEL_COLUMN")
    parser.add_argument("--only", nargs="*", choices=LAYOUTS, default=list(LAYOUTS))
    parser.add_argument("--whole", action="store_true", help="all texts, with the stored graph")
    parser.add_argument("--out", type=Path, help="add the lines to this file too")
    parser.add_argument("--table", type=Path, help="print the lines of this file as tables")
    asked = parser.parse_args()
    if asked.table:
        print(table([json.loads(line) for line in asked.table.read_text().splitlines()]))
    for one in asked.sets:
        folder, _, column = one.partition(":")
        for record in measured(Path(folder), column, asked.only, asked.whole):
            if asked.out:
                with asked.out.open("a") as out:
                    out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
