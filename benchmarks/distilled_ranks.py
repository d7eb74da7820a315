"""How well a classifier that learned ranks from a sample stands for the ranks of all rows, where members are known.

Run by hand: `python -m benchmarks.distilled_ranks DATA [--workspace FOLDER] [--targets 10] [--sample 5000]
[--sets intent source]`. DATA holds clinc150 and t0-open, as for `benchmarks/targets.py`: half of an intent or source
are examples, the rest is hidden among all other rows. Prints, as means over targets with the standard error: what the
full ranks (`betr`, mean of ranks) find of the hidden rows, what the classifier finds, and how much of the first's
highest tenth and hundredth it has.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.targets import DEPTH, EMBEDDING, MOST_EXAMPLES, NONE, members, opened, precision
from engine.dataset import Dataset
from engine.models import opened as opened_model
from engine.recipe import SELECTORS, distilled, examples_ref
from engine.registry import Budget
from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS

WAYS = [(of, top) for top in (10.0, 2.0) for of in ("words", "vectors")]


def order_of(data: Dataset, ref: str, of: str, rows: np.ndarray) -> np.ndarray:
    """Rows from the likeliest to the least by a classifier."""
    model = opened_model(data, ref, "classifier")
    if of == "words":
        said = ROW_SIGNALS["classifier"].function(data.texts(rows), model=model)["classifier"]
    else:
        member = CORPUS_SIGNALS["classifier_by_meaning"]
        said = member.function(data, model=model, embedding=EMBEDDING)["classifier_by_meaning"][rows]
    return rows[np.argsort(-np.nan_to_num(said, nan=-1), kind="stable")]


def measured(data: Dataset, targets: dict[str, np.ndarray], sample: int) -> None:
    """A line of Markdown for the full ranks and for each way of learning from them."""
    found: dict[str, list[list[float]]] = {}
    for name, rows in targets.items():
        mixed = np.random.default_rng(0).permutation(rows)
        wanted = np.sort(mixed[: min(len(rows) // 2, MOST_EXAMPLES)])
        hidden, pool = np.setdiff1d(rows, wanted), np.setdiff1d(data.rows(), wanted)
        ref = examples_ref(data, name.replace("/", " "), {}, rows={name: wanted}, embedding=EMBEDDING)
        member = SELECTORS["betr"]
        given = member.check({"budget": len(pool), "target": ref, "embedding": EMBEDDING, "of_ranks": "mean"})
        full = member.function(data, pool, NONE, **given | {"budget": Budget(len(pool))}).rows
        depth = DEPTH * len(hidden)
        found.setdefault("full ranks", []).append([*precision(full[:depth], hidden), 1.0, 1.0, np.nan])
        for of, top in WAYS:
            start = time.perf_counter()
            made = distilled(data, ref, embedding=EMBEDDING, of=of, sample=sample, top=top)  # type: ignore[arg-type]
            order = order_of(data, made.model.ref, of, pool)
            seconds = time.perf_counter() - start
            shared = [len(np.intersect1d(order[:k], full[:k])) / k for k in (len(pool) // 10, len(pool) // 100)]
            found.setdefault(f"{of}, highest {top:g} %", []).append(
                [*precision(order[:depth], hidden), *shared, seconds]
            )
    for name, each in found.items():
        table = np.array(each)
        error = table.std(axis=0, ddof=1) / np.sqrt(len(table))
        cells = [f"{m:.3f} ± {e:.3f}" for m, e in zip(table.mean(axis=0)[:4], error, strict=False)]
        print(f"| {name} | {' | '.join(cells)} | {table[:, 4].mean():.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--targets", type=int, default=10)
    parser.add_argument("--sample", type=int, default=5_000)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--sets", nargs="*", default=["intent", "source"])
    asked = parser.parse_args()
    place = asked.workspace or Path(tempfile.mkdtemp())
    place.mkdir(exist_ok=True)
    for file, column, label, most, least in (
        ("clinc150/clinc150.parquet", "text", "intent", 50_000, 20),
        ("t0-open/train.parquet", "prompt", "source", 6_000, 40),
    ):
        if label not in asked.sets:
            continue
        data = opened(asked.data / file, column, lambda row, label=label: str(row[label]), most, place)  # type: ignore[misc]
        rows = members(data, least, ("oos",))
        names = np.random.default_rng(0).permutation(sorted(rows))[: asked.targets].tolist()
        print(f"\n{label}: {data.n:,} rows, {len(names)} targets, a sample of {asked.sample:,}\n")
        print("| order | average precision | precision | of the highest tenth | of the highest hundredth | seconds |\n"
              "| --- | ---: | ---: | ---: | ---: | ---: |")  # fmt: skip
        measured(data, {name: rows[name] for name in names}, asked.sample)


if __name__ == "__main__":
    main()
