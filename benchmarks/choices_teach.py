"""What each way of choosing teaches, beside random and stratified rows, clean and with planted copies and wrong labels.

Run by hand: `python -m benchmarks.choices_teach DATA [--keep FOLDER] [--only SET …] [--ways WAY …] [--seeds 10]
[--parts 0.05 0.1 0.3] [--noisy]`. DATA is the folder of the public sets. Of each set 4,000 rows at most; a quarter is
held out anew for each seed and asked about by its true labels. --noisy: 3 of 10 rows are copies of others, 2 of 10
labels are wrong, and choosing sees those. Prints Markdown as each is done: balanced accuracy of logistic regression and
of nearest neighbours, with the gain over random rows and its 95 % interval; a way is better or worse where that
interval leaves 0 out. `python -m benchmarks.choices_teach --read FILE` sums up what was printed.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from benchmarks._labelled import SETS, labelled
from engine.building import build, key_of, spec
from engine.dataset import Dataset
from engine.look import Efficacy, efficacy
from engine.opening import SourceOptions
from engine.recipe import Step, examples_ref

MOST, COPIES, WRONG, WANTED = 4_000, 0.3, 0.2, 100
EMBEDDING, STRATA = "vectors", "as many of each label"
WAYS: dict[str, tuple[str, dict[str, object]]] = {
    "cover (facility location)": ("facility_location", {"embedding": EMBEDDING}),
    "farthest": ("farthest", {"embedding": EMBEDDING}),
    "farthest, odd 5 % left out": ("farthest", {"embedding": EMBEDDING, "leave_out_odd": 5.0}),
    "volume (log-determinant)": ("log_det", {"embedding": EMBEDDING}),
    "new words (add one in)": ("add_one_in", {}),
    "some of each of 50 groups": ("per_topic", {"embedding": EMBEDDING, "inside": "at random"}),
    "typical of 50 groups": ("per_topic", {"embedding": EMBEDDING, "inside": "typical"}),
    "untypical of 50 groups": ("per_topic", {"embedding": EMBEDDING, "inside": "untypical"}),
    "least doubted labels": ("top", {"column": "doubt", "order": "high first"}),
    "most doubted labels": ("top", {"column": "doubt", "order": "low first"}),
    "middle by doubt": ("band", {"column": "doubt", "part": "middle"}),
    "cover, among the less doubted": ("spread_quality", {"embedding": EMBEDDING, "column": "doubt"}),
    "less doubted, unlike each other": ("mmr", {"embedding": EMBEDDING, "column": "doubt"}),
    "drawn by how little doubted": ("weighted", {"column": "doubt"}),
    "nearest to the target, by turns": ("nearest", {"embedding": EMBEDDING, "target": "target", "by": "by turns"}),
    "ranks for the target": ("betr", {"embedding": EMBEDDING, "target": "target", "of_ranks": "mean"}),
    "grown around the target": ("simcore", {"embedding": EMBEDDING, "target": "target", "stop_below": 0.0}),
    "pulled toward the target": ("got_d", {"embedding": EMBEDDING, "target": "target"}),
    "groups near the target": ("search_and_prune", {"embedding": EMBEDDING, "target": "target"}),
    "words of the target": ("dsir", {"target": "target"}),
}
"""doubt: confidence of the given label by a probe that has not seen the row; high is sure. target: WANTED rows by
label, kept apart from all: neither copied, mislabelled, picked nor asked about."""


def prepared(data: Path, name: str, place: Path, *, noisy: bool) -> Dataset:
    """A set with its vectors, graph, true labels and the labels that choosing and learning see; the target first."""
    base = labelled(data, name, place)
    rng = np.random.default_rng(0)
    rows = rng.permutation(base.data.n)[:MOST]
    true = base.codes[rows]
    given = true.copy()
    if noisy:
        clean = np.arange(len(rows)) < WANTED
        copied = (rng.random(len(rows)) < COPIES) & ~clean
        rows = np.where(copied, rows[rng.integers(WANTED, len(rows), len(rows))], rows)
        true = base.codes[rows]
        turned = (rng.random(len(rows)) < WRONG) & ~clean
        given = np.where(turned, (true + rng.integers(1, len(base.names), len(rows))) % len(base.names), true)
    folder = place / ("noisy" if noisy else "clean")
    folder.mkdir(exist_ok=True)
    names = np.array(base.names)
    # A copy differs by its last word, so that it is a near copy and no equal text.
    texts = [f"{text} ({i})" if noisy else text for i, text in enumerate(base.data.texts(rows))]
    pq.write_table(
        pa.table({"text": texts, "label": names[given].tolist(), "true": names[true].tolist()}),
        folder / f"{name}.parquet",
    )
    np.save(folder / f"{name}.npy", base.vectors[rows])
    options = SourceOptions(text="text", categories=("label", "true"))
    if (folder / "ws" / name / "dataset.json").exists():
        found = Dataset.load(engine.Store(folder / "ws" / name))
    else:
        found = engine.open([folder / f"{name}.parquet"], folder / "ws", name=name, options=options)
    doubt = spec("signal", "label_doubt", {"embedding": EMBEDDING, "label": "label"})
    made = build(
        found,
        {
            EMBEDDING: spec("embedding", "given", {"path": str(folder / f"{name}.npy")}),
            f"graph@{EMBEDDING}": spec("graph", on=EMBEDDING),
        },
    )
    return build(made, {key_of(doubt): doubt})


def said(found: Efficacy) -> list[str]:
    """Cells of both probes: the choice, random, stratified, everything, and the gain over random."""
    cells = []
    for trial in found.trials:
        gain = f"{trial.gain:+.3f} ({trial.low:+.3f} to {trial.high:+.3f})"
        mark = {"better than random": "**better**", "worse than random": "worse"}.get(trial.verdict, "")
        arms = [f"{trial.arm(name).mean:.3f}" for name in ("choice", "random", "stratified", "everything")]
        cells += [*arms, f"{gain} {mark}".strip()]
    return cells


def summed_up(file: Path) -> None:
    """Print how often each way was better or worse, and its gain by set, from lines that were printed."""
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in file.read_text().splitlines()]
    rows = [row for row in cells if len(row) == 3 + 2 * 5 and row[0] not in ("set", "---")]
    sets = list(dict.fromkeys(row[0] for row in rows))
    rows += [[*row[:2], STRATA, *_stratified(row)] for row in rows if row[2] == rows[0][2]]
    found = []
    for way in dict.fromkeys(row[2] for row in rows):
        mine = [row for row in rows if row[2] == way]
        gains = [(row[0], float(gain.split()[0]), gain) for row in mine for gain in (row[7], row[12])]
        better, worse = (sum(word in gain for _, _, gain in gains) for word in ("better", "worse"))
        by_set = [float(np.mean([gain for name, gain, _ in gains if name == one])) for one in sets]
        counts = ["", "", ""] if way == STRATA else [f"{better}", f"{len(gains) - better - worse}", f"{worse}"]
        found.append((float(np.mean([gain for _, gain, _ in gains])), way, counts, by_set))
    head = ["way", "better", "no better", "worse", "gain", *sets]
    print("| " + " | ".join(head) + " |\n| --- |" + " ---: |" * (len(head) - 1))
    for gain, way, counts, by_set in sorted(found, reverse=True):
        print("| " + " | ".join([way, *counts, f"{gain:+.3f}", *(f"{one:+.3f}" for one in by_set)]) + " |")


def _stratified(row: list[str]) -> list[str]:
    """The cells of both probes with stratified rows in the place of the choice."""
    gains = [f"{float(row[at + 2]) - float(row[at + 1]):+.3f}" for at in (3, 8)]
    return [*row[3:7], gains[0], *row[8:12], gains[1]]


def main() -> None:
    """Print the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--read", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="*", default=list(SETS))
    parser.add_argument("--ways", nargs="*", default=list(WAYS))
    parser.add_argument("--parts", nargs="*", type=float, default=[0.05, 0.1, 0.3])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--noisy", action="store_true")
    asked = parser.parse_args()
    if asked.read:
        return summed_up(asked.read)
    if asked.data is None:
        parser.error("name the folder of the public sets")
    probe = ["choice", "random", "stratified", "all", "gain over random"]
    head = ["set", "share", "way", *(f"logistic: {one}" for one in probe), *(f"nearest: {one}" for one in probe)]
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    with tempfile.TemporaryDirectory() as place:
        for name in asked.only:
            data = prepared(asked.data, name, asked.keep or Path(place), noisy=asked.noisy)
            column = next(key for key in data.columns if key.startswith("self_confidence("))
            codes, names = data.codes("label")
            by_label = {names[code]: np.flatnonzero(codes[:WANTED] == code) for code in np.unique(codes[:WANTED])}
            target = examples_ref(data, "the target", {}, rows=by_label, embedding=EMBEDDING)
            for part in asked.parts:
                budget = round(part * 0.75 * (data.n - WANTED))
                for way in asked.ways:
                    do, params = WAYS[way]
                    given = {k: {"doubt": column, "target": target}.get(str(v), v) for k, v in params.items()}
                    step = Step(do, {"budget": budget, **given}).checked()  # type: ignore[dict-item]
                    found = efficacy(
                        data, step, "label", embedding=EMBEDDING, truth="true" if asked.noisy else "",
                        rows=np.arange(WANTED, data.n), seeds=asked.seeds, held=0.25,
                    )  # fmt: skip
                    print("| " + " | ".join([name, f"{part:.0%}", way, *said(found)]) + " |", flush=True)


if __name__ == "__main__":
    main()
