"""How well topics agree with the labels that people gave: ARI and AMI on five public sets, beside other ways.

    python -m benchmarks.topics DATA WORKSPACE [SET …] [--ways WAY …]

DATA is the folder of the public sets, WORKSPACE where they are embedded once. Prints Markdown. EVoC is measured where
the package `evoc` is installed. Texts that a way leaves outside count as one topic more.
"""

import argparse
from collections.abc import Callable
from importlib.util import find_spec
from math import sqrt
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks._topic_sets import SETS, prepared
from engine.dataset import Dataset, Graph, Vectors
from engine.topics import TOPICS
from engine.vectors import lay_out

MEASURED = ("clinc150", "t0-open", "debian", "tatoeba", "questions")
Labels = np.ndarray


def labels_of(data: Dataset, column: str, nodes: Vectors) -> np.ndarray:
    """The label of each distinct text, by its first row."""
    codes, _ = data.codes(column)
    return np.asarray(codes)[np.asarray(nodes.texts.first)]


def half_root(vectors: Vectors, graph: Graph) -> Labels:
    return TOPICS["kmeans"].function(vectors, graph, topics=max(2, round(sqrt(len(vectors.grid)) / 2)))[0]


def from_the_data(vectors: Vectors, graph: Graph) -> Labels:
    return TOPICS["kmeans"].function(vectors, graph)[0]


def dense(vectors: Vectors, graph: Graph) -> Labels:
    return TOPICS["hdbscan"].function(vectors, graph)[0]


def as_bertopic_does(vectors: Vectors, graph: Graph) -> Labels:
    """UMAP to 5 dimensions, 15 neighbours, then HDBSCAN with at least 10 texts a topic: BERTopic's defaults."""
    from hdbscan import HDBSCAN

    reduced = lay_out(vectors.grid, graph, dimensions=5, n_neighbors=15, min_dist=0.0, seed=0, mode="exact")
    return np.asarray(HDBSCAN(min_cluster_size=10, core_dist_n_jobs=1).fit_predict(reduced.astype(np.float64)))


def evoc(vectors: Vectors, graph: Graph) -> Labels:
    from evoc import EVoC

    finder = EVoC(random_state=0)
    return np.asarray(finder.fit_predict(np.asarray(vectors.grid, dtype=np.float32)))


def ways() -> dict[str, Callable[[Vectors, Graph], Labels]]:
    found: dict[str, Callable[[Vectors, Graph], Labels]] = {
        "k-means, half the root": half_root,
        "k-means, from the data": from_the_data,
        "HDBSCAN": dense,
        "as BERTopic does": as_bertopic_does,
    }
    return found | {"EVoC": evoc} if find_spec("evoc") else found


def main() -> None:
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("sets", nargs="*", default=MEASURED)
    parser.add_argument("--ways", nargs="*", choices=list(ways()), default=list(ways()))
    asked = parser.parse_args()
    print("| | way | topics | ARI | AMI | CPU s |\n| --- | --- | --- | --- | --- | --- |")
    for name in asked.sets:
        data = prepared(asked.data, name, asked.workspace)
        vectors, graph = data.embedding(key := data.keys_of("embedding")[0]), data.graph(key)
        truth = labels_of(data, SETS[name].label, vectors)
        for way in asked.ways:
            started = process_time()
            found = ways()[way](vectors, graph)
            seconds = process_time() - started
            ari, ami = adjusted_rand_score(truth, found), adjusted_mutual_info_score(truth, found)
            topics = len(np.unique(found[found >= 0]))
            told = f"{name} ({truth.max() + 1} labels) | {way} | {topics} | {ari:.3f} | {ami:.3f} | {seconds:.1f}"
            print(f"| {told} |", flush=True)


if __name__ == "__main__":
    main()
