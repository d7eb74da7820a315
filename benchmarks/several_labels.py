"""Doubt of several labels a row on known truth, beside cleanlab by the same probabilities and chance.

Run by hand: `python -m benchmarks.several_labels DATA [--peers PYTHON] [--keep FOLDER]`. DATA is the folder of the
public sets, PYTHON has cleanlab, FOLDER keeps the embedded sets. Texts of one to three utterances of clinc150, their
intents (40 of them) as the set; tweets of hate-offensive with every label that a rater chose. Of 1 row in 20 a label is
taken away, of 1 in 20 another is put in. Prints Markdown.
"""

import argparse
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from benchmarks.labels_truth import VOTES, average_precision, with_interval
from engine.building import build, spec
from engine.dataset import Dataset
from engine.models import copy_groups, label_sets, probe_sets, quality, seen_meaning, surely

PLANTED, INTENTS, ROWS = 0.05, 40, 6_000


def merged(data: Path) -> tuple[list[str], np.ndarray]:
    """Utterances put together, and which intents are in each: bool (n, 40)."""
    table = pq.read_table(data / "clinc150/clinc150.parquet").to_pydict()
    rng = np.random.default_rng(0)
    names = sorted(set(table["intent"]) - {"oos"})
    kept = [names[i] for i in rng.permutation(len(names))[:INTENTS]]
    said = [
        (text, kept.index(intent))
        for text, intent in zip(table["text"], table["intent"], strict=True)
        if intent in kept
    ]
    texts, sets = [], np.zeros((ROWS, INTENTS), bool)
    for row in range(ROWS):
        some = rng.integers(0, len(said), rng.integers(1, 4))
        texts.append(". ".join(said[i][0] for i in some))
        sets[row, [said[i][1] for i in some]] = True
    return texts, sets


def voted(data: Path) -> tuple[list[str], np.ndarray]:
    """Tweets, and which labels a rater chose: bool (n, 3)."""
    table = pq.read_table(data / "hate-offensive/labeled_data.parquet").to_pydict()
    return table["tweet"], np.stack([np.array(table[name]) > 0 for name in VOTES], axis=1)


def planted(true: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sets with errors; of each row the label put in and the one taken away, -1 for none."""
    rng = np.random.default_rng(1)
    given, more, less = true.copy(), np.full(len(true), -1), np.full(len(true), -1)
    what = rng.random(len(true))
    for row in np.flatnonzero(what < 2 * PLANTED).tolist():
        put = what[row] < PLANTED
        some = np.flatnonzero(~true[row]) if put else np.flatnonzero(true[row])
        if len(some) > 1 or put and len(some):
            label = int(rng.choice(some))
            given[row, label] = put
            (more if put else less)[row] = label
    return given, more, less


def opened(name: str, place: Path, texts: list[str], given: np.ndarray) -> Dataset:
    """The dataset with its vectors and graph."""
    (place / "sets").mkdir(parents=True, exist_ok=True)
    sets = [[f"c{c}" for c in np.flatnonzero(row)] for row in given]
    pq.write_table(pa.table({"text": texts, "labels": sets}), place / "sets" / f"{name}.parquet")
    store = engine.Store(place / "ws" / name)
    if not store.folder.exists():
        engine.open([place / "sets" / f"{name}.parquet"], place / "ws", name=name)
    data = engine.Dataset.load(store)
    return build(data, {"vectors": spec("embedding", "sentence"), "graph@vectors": spec("graph", on="vectors")})


def theirs(peers: str, p: np.ndarray, given: np.ndarray) -> dict[str, np.ndarray]:
    """cleanlab's score of each row, high for good, and which rows it calls issues; nothing without it."""
    if not peers:
        return {}
    with tempfile.TemporaryDirectory() as place:
        np.savez(f"{place}/p.npz", p=p.astype(np.float64), given=given)
        command = [peers, "benchmarks/labels_peers.py", "sets", f"{place}/p.npz", f"{place}/s.npz"]
        subprocess.run(command, check=True, capture_output=True)
        with np.load(f"{place}/s.npz") as found:
            return {name: found[name] for name in found.files}


def logistic(x: np.ndarray, given: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """float64 (r, K): the simplest rival, scikit-learn's logistic regression for each label by itself, out of fold."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    folds = list(GroupKFold(5, shuffle=True, random_state=0).split(x, groups=groups))
    model = LogisticRegression(C=10.0, max_iter=200)
    each = [cross_val_predict(model, x, given[:, k], cv=folds, method="predict_proba") for k in range(given.shape[1])]
    return np.stack([one[:, 1] for one in each], axis=1)


def told(name: str, data: Dataset, more: np.ndarray, less: np.ndarray, peers: str) -> None:
    """The lines of one set."""
    sets = label_sets(data, "labels")
    began = time.perf_counter()
    seen, groups = seen_meaning(data, "vectors"), copy_groups(data, "vectors", 0.95, sets.there)
    p = probe_sets(seen, sets, groups)
    seconds = time.perf_counter() - began
    place = np.array([int(one[1:]) for one in sets.names])
    given = sets.given.toarray()
    rows = np.flatnonzero(~np.isnan(p).any(axis=1) & given.any(axis=1))
    p, given, wrong = p[rows], given[rows], ((more >= 0) | (less >= 0))[rows]
    of_label = np.where(given, p, 1 - p)
    other = logistic(seen.vectors(rows), given, groups[rows])  # type: ignore[misc]
    scores = {"quality": 1 - quality(of_label), "the worst answer": 1 - of_label.min(axis=1)}
    scores["the worst answer, by logistic regression"] = 1 - np.where(given, other, 1 - other).min(axis=1)
    scores["mean of all answers"] = 1 - of_label.mean(axis=1)
    peer = theirs(peers, p, given)
    if peer:
        scores["cleanlab"] = 1 - peer["score"]
        print(
            f"largest difference of quality and cleanlab's score: {np.abs(peer['score'] - quality(of_label)).max():.1e}"
        )
    for score, values in scores.items():
        said = with_interval(len(rows), lambda w, v=values: average_precision(wrong, v, w))  # type: ignore[misc]
        print(f"| {name} | {score} | {said} | {wrong.mean():.3f} |", flush=True)
    yes, no = surely(p, replace(sets, given=sets.given[rows]), np.arange(len(rows)))
    worst = np.where(given, p, 2).argmin(axis=1)
    best = np.where(given, -1, p).argmax(axis=1)
    put, lost = more[rows] >= 0, less[rows] >= 0
    low, high = (given & (p <= no)).any(axis=1), (~given & (p >= yes)).any(axis=1)
    print(
        f"{name}: {len(rows):,} rows, {given.sum(axis=1).mean():.2f} labels each of {p.shape[1]}; {seconds:.1f} s. "
        f"Put in {put.sum()}: the least likely is it {np.mean((place[worst] == more[rows])[put]):.1%}, doubted "
        f"{low[put].mean():.1%} (of other rows {low[~put].mean():.1%}); taken away {lost.sum()}: the likeliest is it "
        f"{np.mean((place[best] == less[rows])[lost]):.1%}, lacking {high[lost].mean():.1%} (of other rows "
        f"{high[~lost].mean():.1%})"
    )
    if peer:
        there = peer["issue"]
        print(
            f"cleanlab's issues: {there.sum()}, precision {wrong[there].mean():.3f}, recall {there[wrong].mean():.3f}"
        )
    mine = low | high
    print(f"doubted or lacking: {mine.sum()}, precision {wrong[mine].mean():.3f}, recall {mine[wrong].mean():.3f}")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for name, made in {"clinc150, put together": merged, "hate-offensive, all votes": voted}.items():
            texts, true = made(asked.data)
            given, more, less = planted(true)
            told(name, opened(made.__name__, asked.keep or Path(place), texts, given), more, less, asked.peers)


if __name__ == "__main__":
    main()
