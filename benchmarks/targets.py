"""Selectors toward a target on public sets whose members are known, beside random rows, BM25 and nearest to the mean.

    python benchmarks/targets.py ../shared/data
    python benchmarks/targets.py ../shared/data --seeds 2 --targets 5 --only got_d simcore

DATA holds clinc150/clinc150.parquet and t0-open/train.parquet. Of a target (an intent, five intents at once, a source)
half of the rows are the examples, the other half are hidden among all other rows, and each method puts those in order.
Figures: average precision over the first 10 times as many rows as are hidden, and precision at as many rows as are
hidden, as mean over targets and seeds, each with the standard error over targets; and seconds a choice on one core.
Search and prune picks for its budget, so its average precision counts only as many rows as are hidden.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import csr_array

from engine import Dataset, Store, build
from engine.building import spec
from engine.opening import open_source
from engine.recipe import SELECTORS, examples_ref
from engine.registry import Budget

EMBEDDING = "minilm"
DEPTH, MOST_EXAMPLES = 10, 100
NONE = np.empty(0, np.int64)
METHODS: dict[str, tuple[str, dict[str, object]]] = {
    "nearest": ("nearest", {}),
    "nearest, by turns": ("nearest", {"by": "by turns"}),
    "nearest to the mean": ("nearest", {"by": "mean"}),
    "betr": ("betr", {}),
    "betr, mean of ranks": ("betr", {"of_ranks": "mean"}),
    "simcore": ("simcore", {"stop_below": 0.0}),
    "got_d": ("got_d", {}),
    "search_and_prune": ("search_and_prune", {}),
    "dsir": ("dsir", {}),
    "dsir, highest": ("dsir", {"draw": "highest"}),
    "dsir, highest, by length": ("dsir", {"draw": "highest", "per_length": True}),
}


@dataclass(frozen=True)
class Task:
    """Rows that belong together, by the name of each target that they are of."""

    name: str
    members: dict[str, np.ndarray]


class Words:
    """BM25 over the words of all texts, with the usual k1 = 1.2 and b = 0.75."""

    def __init__(self, texts: list[str]) -> None:
        import re

        self._of = [re.findall(r"\w+", text.lower()) for text in texts]
        place = {word: at for at, word in enumerate(sorted({word for words in self._of for word in words}))}
        at = np.array([place[word] for words in self._of for word in words])
        long = np.array([len(words) for words in self._of])
        counts = csr_array(
            (np.ones(len(at)), at, np.concatenate([[0], np.cumsum(long)])), shape=(len(texts), len(place))
        )
        counts.sum_duplicates()
        self._counts = counts.copy()
        held = np.bincount(counts.indices, minlength=len(place))
        rarity = np.log1p((len(texts) - held + 0.5) / (held + 0.5))
        of_entry = np.repeat(long / long.mean(), np.diff(counts.indptr))
        counts.data = counts.data * 2.2 / (counts.data + 1.2 * (0.25 + 0.75 * of_entry)) * rarity[counts.indices]
        self._weights = counts

    def order(self, examples: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Rows from the most relevant to all words of the examples to the least."""
        query = np.asarray(self._counts[examples].sum(axis=0)).ravel()
        return np.asarray(rows[np.argsort(-(self._weights[rows] @ query), kind="stable")])


def opened(file: Path, column: str, label: Callable[[dict[str, object]], str], most: int, workspace: Path) -> Dataset:
    """A sample of distinct texts with their label and their vectors."""
    if (workspace / "ws" / file.parent.name).exists():
        return Dataset.load(Store(workspace / "ws" / file.parent.name))
    rows = {str(row[column]): label(row) for row in pq.read_table(file).to_pylist()}
    texts = sorted(rows)
    chosen = np.sort(np.random.default_rng(0).permutation(len(texts))[:most])
    table = pa.table({"text": [texts[i] for i in chosen], "label": [rows[texts[i]] for i in chosen]})
    path = workspace / f"{file.parent.name}.parquet"
    (workspace / "ws").mkdir(exist_ok=True)
    pq.write_table(table, path)
    open_source([path], workspace / "ws", name=file.parent.name)
    made = spec("embedding", "sentence")
    return build(Dataset.load(Store(workspace / "ws" / file.parent.name)), {EMBEDDING: made})


def precision(order: np.ndarray, hidden: np.ndarray) -> tuple[float, float]:
    """Average precision over what is in the order, and precision at as many rows as are hidden."""
    hit = np.isin(order, hidden)
    at_each = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    return float((at_each * hit).sum() / len(hidden)), float(hit[: len(hidden)].mean())


def measured(data: Dataset, tasks: list[Task], seeds: int, only: list[str]) -> dict[str, dict[str, float]]:
    """The figures of each method, over all tasks and seeds."""
    words = Words(data.texts(data.rows()))
    found: dict[str, list[list[tuple[float, float, float, float]]]] = {}
    for task in tasks:
        mine: dict[str, list[tuple[float, float, float, float]]] = {}
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            mixed = {name: rng.permutation(rows) for name, rows in task.members.items()}
            wanted = {name: np.sort(rows[: min(len(rows) // 2, MOST_EXAMPLES)]) for name, rows in mixed.items()}
            hidden = np.concatenate([np.setdiff1d(rows, wanted[name]) for name, rows in task.members.items()])
            ref = examples_ref(data, task.name, {}, rows=wanted, embedding=EMBEDDING)
            examples = np.concatenate(list(wanted.values()))
            pool = np.setdiff1d(data.rows(), examples)
            depth = min(len(pool), DEPTH * len(hidden))
            for name in ["random", "BM25", *METHODS]:
                if only and name not in only:
                    continue
                start = time.perf_counter()
                covered = np.nan
                if name in METHODS:
                    member, more = METHODS[name]
                    given = {"budget": depth, "target": ref, "seed": seed, **more}
                    given |= {"embedding": EMBEDDING} if member != "dsir" else {}
                    said = SELECTORS[member].check(given)
                    choose = SELECTORS[member].function
                    exact = choose(data, pool, NONE, **said | {"budget": Budget(len(hidden))})
                    covered, order = float(exact.notes["covered"]), exact.rows
                    seconds = time.perf_counter() - start
                    if member != "search_and_prune":  # which picks for its budget; the others go on as they began
                        order = choose(data, pool, NONE, **said | {"budget": Budget(depth)}).rows
                else:
                    order = rng.permutation(pool) if name == "random" else words.order(examples, pool)
                    seconds = time.perf_counter() - start
                mean, at = precision(order[:depth], hidden)
                mine.setdefault(name, []).append((mean, at, covered, seconds))
        for name, values in mine.items():
            found.setdefault(name, []).append([tuple(np.mean(values, axis=0).tolist())])
    report = {}
    for name, each in found.items():
        table = np.array(each)[:, 0]
        error = table.std(axis=0, ddof=1) / np.sqrt(len(table)) if len(table) > 1 else np.zeros(4)
        mean = table.mean(axis=0)
        report[name] = {
            "average_precision": round(mean[0], 3), "error_of_it": round(error[0], 3),
            "precision": round(mean[1], 3), "error_of_that": round(error[1], 3),
            "covered": None if np.isnan(mean[2]) else round(mean[2], 3), "seconds": round(mean[3], 2),
        }  # fmt: skip
    return report


def members(data: Dataset, least: int, leave: tuple[str, ...] = ()) -> dict[str, np.ndarray]:
    """The rows of each label that has so many."""
    codes, labels = data.codes("label")
    rows = {label: np.flatnonzero(codes == at) for at, label in enumerate(labels) if label not in leave}
    return {label: rows[label] for label in sorted(rows) if len(rows[label]) >= least}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--targets", type=int, default=20)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--sets", nargs="*", default=["intents", "five intents", "sources"])
    parser.add_argument("--workspace", type=Path, help="where opened sets stay, so that they are embedded once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.workspace or scratch
        rng = np.random.default_rng(0)
        if {"intents", "five intents"} & set(given.sets):
            data = opened(
                given.data / "clinc150/clinc150.parquet", "text", lambda r: str(r["intent"]), 50_000, Path(folder)
            )
            rows = members(data, 20, ("oos",))
            names = [str(name) for name in rng.permutation(sorted(rows))]
            if "intents" in given.sets:
                tasks = [Task(name, {name: rows[name]}) for name in names[: given.targets]]
                report = {"set": "intents", "rows": data.n, **measured(data, tasks, given.seeds, given.only)}
                print(json.dumps(report, indent=1), flush=True)
            if "five intents" in given.sets:
                fives = [names[i : i + 5] for i in range(0, 5 * given.targets, 5)]
                tasks = [Task(", ".join(five), {name: rows[name] for name in five}) for five in fives if len(five) == 5]
                report = {"set": "five intents", "rows": data.n, **measured(data, tasks, given.seeds, given.only)}
                print(json.dumps(report, indent=1), flush=True)
        if "sources" in given.sets:
            data = opened(
                given.data / "t0-open/train.parquet", "prompt", lambda r: str(r["source"]), 6_000, Path(folder)
            )
            rows = members(data, 40)
            tasks = [Task(name, {name: some}) for name, some in rows.items()][: given.targets]
            report = {"set": "sources", "rows": data.n, **measured(data, tasks, given.seeds, given.only)}
            print(json.dumps(report, indent=1), flush=True)


if __name__ == "__main__":
    main()
