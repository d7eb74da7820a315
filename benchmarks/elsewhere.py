"""Rows of other datasets that are like a few examples, where it is known which of them are of the same kind.

Run by hand: `python -m benchmarks.elsewhere DATA [--keep FOLDER] [--examples 10] [--targets 20] [--seeds 5]`. DATA
holds clinc150, sms-spam and clickbait. Half of clinc150 is one dataset, of which 10 rows of an intent are the examples;
the other half (75 rows of each intent), text messages and headlines are datasets of their own. Prints the average
precision over the first ten times as many rows as are of the intent, and the precision at as many, as means over
intents with the standard error, for three ways of putting rows in order and for chance; copies of the examples are left
out of all.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks._labelled import SETS
from engine import Dataset, Store, build
from engine.building import spec
from engine.look import elsewhere
from engine.look.elsewhere import COPY, By
from engine.opening import open_source
from engine.recipe import examples_ref
from indexes import to_float

DEPTH, MOST = 10, 8_000
BYS: tuple[By, ...] = ("mean", "nearest")


def opened(place: Path, name: str, texts: list[str], labels: list[str]) -> Dataset:
    """A dataset with vectors, made once."""
    if not (place / name / "dataset.json").exists():
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"text": texts, "label": labels}), place / f"{name}.parquet")
        open_source([place / f"{name}.parquet"], place, name=name)
    return build(Dataset.load(Store(place / name)), {"minilm": spec("embedding", "sentence")})


def datasets(data: Path, place: Path) -> list[Dataset]:
    """The half of clinc150 that examples come from, then all others."""
    made = []
    for name in ("clinc150", "sms-spam", "clickbait"):
        source, rows = SETS[name], dict[str, str]()
        for row in pq.read_table(data / source.file).to_pylist():
            rows.setdefault(str(row[source.text]), str(source.label(row)))
        order = np.random.default_rng(0).permutation(len(rows))
        texts, labels = list(rows), list(rows.values())
        parts = np.array_split(order, 2) if name == "clinc150" else [order[:MOST]]
        for at, part in enumerate(parts):
            said = [[column[i] for i in part.tolist()] for column in (texts, labels)]
            made.append(opened(place, f"{name}-{at}", *said))
    return made


def score(right: np.ndarray, relevant: int) -> tuple[float, float]:
    """Average precision and precision at as many as are relevant, of rows in order."""
    hits = np.flatnonzero(right)
    precision = (np.arange(len(hits)) + 1) / (hits + 1)
    return float(precision.sum() / relevant), float(right[:relevant].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--examples", type=int, default=10)
    parser.add_argument("--targets", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    mine, *others = datasets(asked.data, asked.keep or Path(tempfile.mkdtemp()))
    codes, names = mine.codes("label")
    theirs = np.concatenate([np.array(o.strings("label", o.rows()), object) for o in others])
    grids = [o.embedding("minilm") for o in others]
    vectors = np.concatenate([to_float(g.grid[g.texts.of_row]) for g in grids])
    place = {(o.name, key): at for at, (o, key) in enumerate((o, k) for o in others for k in o.keys(o.rows()))}
    intents = [i for i in np.random.default_rng(1).permutation(len(names)).tolist() if names[i] != "None"]
    found: dict[str, list[list[tuple[float, float]]]] = {}
    left_out = 0
    for intent in intents[: asked.targets]:
        for name in (*BYS, "mean of 1/rank", "random"):
            found.setdefault(name, []).append([])
        for seed in range(asked.seeds):
            rng = np.random.default_rng([seed, intent])
            rows = rng.permutation(np.flatnonzero(codes == intent))[: asked.examples]
            ref = examples_ref(mine, "intent", {}, rows={"intent": rows}, embedding="minilm")
            alike = vectors @ mine.embedding("minilm").floats(mine.embedding("minilm").texts.of_row[rows]).T
            free = np.flatnonzero(alike.max(axis=1) < COPY)
            member = theirs == names[intent]
            relevant = int(member[free].sum())
            left_out += len(alike) - len(free)
            ranks = (-alike[free]).argsort(axis=0, kind="stable").argsort(axis=0) + 1
            orders = {
                by: np.array(
                    [
                        place[one.dataset, one.key]
                        for one in elsewhere(mine, ref, others, most=DEPTH * relevant, by=by).found
                    ]
                )
                for by in BYS
            } | {
                "mean of 1/rank": free[np.argsort(-(1 / ranks).mean(axis=1), kind="stable")],
                "random": rng.permutation(free),
            }
            for name, order in orders.items():
                found[name][-1].append(score(member[order[: DEPTH * relevant]], relevant))
    print(f"{sum(len(o.embedding('minilm').texts) for o in others):,} texts of {len(others)} datasets; "
          f"{left_out / asked.seeds / asked.targets:.1f} copies left out on average\n")  # fmt: skip
    print("| in order by | average precision | precision |\n| --- | ---: | ---: |")
    for name, of in found.items():
        by_intent = np.array(of).mean(axis=1)
        error = by_intent.std(axis=0, ddof=1) / np.sqrt(len(by_intent))
        cells = [f"{m:.3f} ± {e:.3f}" for m, e in zip(by_intent.mean(axis=0), error, strict=True)]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
