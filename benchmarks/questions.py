"""How much few answers teach a classifier, asked by `questions` and at random, beside a probe on all labels.

Run by hand: `python -m benchmarks.questions DATA`. DATA is the folder of the public sets. Of each set up to 5,000
distinct texts (clinc150: 8,000): half are asked about, the other half is never seen and gives the AUC. Five answers a
time, from a person who is always right. Shown: (AUC − .5) as a share of that of a probe on all labels of the half
(the best of three strengths), mean of five seeds and the least of them. One intent of clinc150 against the other
149 begins with one text of it that is liked, as a search finds it; the others begin with nothing.
Prints Markdown.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks._models import auc
from engine import Dataset, build
from engine.dataset import Vectors
from engine.models._corpus import turned
from engine.models._logistic import VECTORS, line
from engine.models.questions import next_nodes
from engine.opening import open_source

SEEDS, STEP, EMBEDDING = 5, 5, "minilm"
MOST = {"clinc150": 8_000}
MARKS = (10, 20, 30, 50)
INTENTS = 5
Row = dict[str, object]


@dataclass(frozen=True)
class Set:
    file: str
    text: str
    label: Callable[[Row], object]
    liked: object


SETS = {
    "sms-spam": Set("sms-spam/sms.parquet", "text", lambda r: r["label"], "spam"),
    "clickbait": Set("clickbait/headlines.parquet", "headline", lambda r: r["clickbait"], 1),
    "subjectivity": Set("subjectivity/subjectivity.parquet", "text", lambda r: r["label"], "subjective"),
    "hate-offensive": Set("hate-offensive/labeled_data.parquet", "tweet", lambda r: r["class"] != 2, True),
    "movie-reviews": Set("movie-reviews/movie_reviews.parquet", "text", lambda r: r["label"], "pos"),
    "clinc150": Set("clinc150/clinc150.parquet", "text", lambda r: r["intent"], None),
}


@dataclass(frozen=True)
class Labelled:
    """A set of distinct texts with the label of each; every other one is asked about, the rest are never seen."""

    data: Dataset
    labels: np.ndarray

    def half(self, second: bool) -> Vectors:
        """The vectors of one half."""
        whole = self.data.embedding(EMBEDDING)
        return replace(whole, grid=whole.grid[whole.texts.of_row[int(second) :: 2]])


def labelled(data: Path, name: str, place: Path) -> Labelled:
    chosen = SETS[name]
    read = pq.read_table(data / chosen.file).to_pylist()
    rows: dict[str, Row] = {}
    for row in read:
        if str(row[chosen.text]).strip():
            rows.setdefault(str(row[chosen.text]), row)
    order = list(rows)
    texts = [order[i] for i in np.random.default_rng(0).permutation(len(rows))[: MOST.get(name, 5_000)]]
    pq.write_table(pa.table({"text": texts}), place / "texts.parquet")
    found = build(open_source([place / "texts.parquet"], place), [EMBEDDING])
    return Labelled(found, np.array([str(chosen.label(rows[text])) for text in texts]))


def asked_for(vectors: Vectors, liked: np.ndarray, first: list[int], seed: int) -> np.ndarray:
    rows = list(first)
    while len(rows) < MARKS[-1]:
        have = np.array(rows, np.int64)
        side = liked[have] if rows else np.zeros(0, bool)
        rows += next_nodes(vectors, have[side], have[~side], STEP, seed).tolist()
    return np.array(rows)


def curve(found: Labelled, name: str, start: bool) -> tuple[float, int, list[str]]:
    """AUC of the probe, how many are liked, and the cells of the table: asked, then at random."""
    vectors, unseen = found.half(False), found.half(True).floats(slice(None))
    liked, truth = (found.labels[i::2] == name for i in (0, 1))
    x, turn = vectors.floats(slice(None)), turned(vectors)
    probes = [line(x, liked, strength).margins(unseen) for strength in (0.1, 1.0, 10.0)]
    whole = max(auc(scores[~truth], scores[truth]) for scores in probes)

    def share(rows: np.ndarray) -> float:
        if liked[rows].all() or not liked[rows].any():
            return 0.0
        scores = line(x[rows] @ turn, liked[rows], VECTORS).margins(unseen @ turn)
        return (auc(scores[~truth], scores[truth]) - 0.5) / (whole - 0.5)

    ways: dict[str, list[list[float]]] = {"asked": [], "random": []}
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        first = [int(rng.choice(np.flatnonzero(liked)))] if start else []
        others = [int(i) for i in rng.permutation(len(liked)) if i not in first]
        chosen = {"asked": asked_for(vectors, liked, first, seed), "random": np.array([*first, *others])}
        for way, rows in chosen.items():
            ways[way].append([share(rows[:mark]) for mark in MARKS])
    cells = []
    for way in ("asked", "random"):
        values = np.array(ways[way])
        cells += [f"{m:.0%}" for m in values.mean(axis=0)] + [f"{values[:, -1].min():.0%}"]
    return whole, int(liked.sum()), cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(SETS), default=list(SETS))
    args = parser.parse_args()
    head = [f"{way} {mark}" for way in ("asked", "random") for mark in (*MARKS, "least at 50")]
    print(f"| set | liked | probe, AUC | {' | '.join(head)} |")
    print(f"| --- | --- | --- | {' | '.join('---' for _ in head)} |")
    for name in args.only:
        with tempfile.TemporaryDirectory() as place:
            shown(name, labelled(args.data, name, Path(place)))


def shown(name: str, found: Labelled) -> None:
    """The lines of one set."""
    intents = np.unique(found.labels[found.labels != "oos"])
    some = np.random.default_rng(0).permutation(intents)[:INTENTS].tolist()
    for liked in some if name == "clinc150" else [str(SETS[name].liked)]:
        whole, count, cells = curve(found, liked, name == "clinc150")
        called = f"clinc150: {liked.replace('_', ' ')}" if name == "clinc150" else name
        print(
            f"| {called} | {count:,} of {(len(found.labels) + 1) // 2:,} | {whole:.3f} | {' | '.join(cells)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
