"""Audits on public sets of which the truth is known, and how often they raise a false alarm.

    python -m benchmarks.audits ../shared/data
    python -m benchmarks.audits ../shared/data --only dependence provenance

DATA holds clinc150/planted.parquet with planted_truth.csv, hate-offensive/labeled_data.parquet and
sms-spam/sms.parquet.
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine import Dataset, build
from engine.building import spec
from engine.exporting.provenance import spearman
from engine.look import association, dependence, group_gap, influence, undone, vocabulary
from engine.opening import SourceOptions, open_source
from engine.recipe import Step

ROWS, SEED = 8_000, 0
FLOWERS = (
    "aster clover hyacinth marigold poppy azalea crocus iris orchid rose bluebell daffodil lilac pansy tulip buttercup "
    "daisy lily peony violet carnation gladiola magnolia petunia zinnia"
).split()
INSECTS = (
    "ant caterpillar flea locust spider bedbug centipede fly maggot tarantula bee cockroach gnat mosquito termite "
    "beetle cricket hornet moth wasp blackfly dragonfly horsefly roach weevil"
).split()
PLEASANT = (
    "caress freedom health love peace cheer friend heaven loyal pleasure gentle honest lucky gift laughter".split()
)
UNPLEASANT = (
    "abuse crash filth murder sickness accident death grief poison stink assault disaster hatred agony jail".split()
)


def opened(table: pa.Table, folder: Path, name: str, text: str, label: str, *, embed: bool = True) -> Dataset:
    """A sample of a set as a dataset, embedded by the sentence model."""
    rows = np.sort(np.random.default_rng(SEED).permutation(len(table))[:ROWS])
    pq.write_table(table.take(rows), folder / f"{name}.parquet")
    options = SourceOptions(text=text, roles={"label": label}, categories=(label,))
    data = open_source(folder / f"{name}.parquet", folder / "workspace", name=name, options=options)
    return build(data, {"minilm": spec("embedding", "sentence")}) if embed else data


def gap(source: Path, folder: Path) -> None:
    """A rare label fares worse where rows are chosen at random, less where each label has as many."""
    data = opened(pq.read_table(source / "hate-offensive/labeled_data.parquet"), folder, "hate", "tweet", "class")
    for title, step in (
        ("as many of each label", Step("stratified", {"budget": 600, "column": "class", "shares": "equal"})),
        ("random", Step("random", {"budget": 600, "seed": 5})),
    ):
        found = group_gap(data, step, "class", "class", embedding="minilm", seeds=10)
        print(f"gap, {title}:\n", "\n ".join(found.text()))


def words(source: Path, folder: Path) -> None:
    """Rows of a kind hold more of its words than random rows do; random rows do not."""
    data = opened(pq.read_table(source / "clinc150/planted.parquet"), folder, "words", "text", "label", embed=False)
    codes, names = data.codes("label")
    rng = np.random.default_rng(SEED)
    verdicts = []
    for code in rng.permutation(len(names))[:20]:
        members = rng.permutation(np.flatnonzero(codes == code))
        half = len(members) // 2
        target = data.texts(members[:half])
        rows = np.setdiff1d(data.rows(), members[:half])
        for picks in (members[half:], rng.permutation(rows)[:half]):
            verdicts.append(vocabulary(data, picks, rows, target, seed=1).of("words").verdicts[1])
    print("words: rows of the kind better than random", sum(v == "better than random" for v in verdicts[::2]), "of 20")
    print("words: random rows called better or worse", sum("no better" not in v for v in verdicts[1::2]), "of 20")


def drives(source: Path, folder: Path) -> None:
    """Of rows that are told wrong, the row that drives it most is a planted error far oftener than any row is."""
    data = opened(pq.read_table(source / "clinc150/planted.parquet"), folder, "planted", "text", "label")
    with (source / "clinc150/planted_truth.csv").open(encoding="utf-8") as lines:
        truth = {line["id"]: line for line in csv.DictReader(lines)}
    ids = data.column("id").to_pylist()
    wrong = np.array([truth[str(one)]["true_label"] != label for one, label in
                      zip(ids, data.column("label").to_pylist(), strict=True)])  # fmt: skip
    noise = np.array([truth[str(one)]["kind"] == "label_error" for one in ids])
    rng = np.random.default_rng(SEED)
    asked = np.sort(rng.permutation(np.flatnonzero(~wrong))[:400])
    start = time.perf_counter()
    found = influence(data, asked, data.rows(), "label", embedding="minilm")
    took = time.perf_counter() - start
    for title, some in (
        ("told wrong", [one for one in found.rows if one.told != one.own]),
        ("told right", [one for one in found.rows if one.told == one.own]),
    ):
        hit = [wrong[one.drivers[0].row] for one in some]
        print(f"influence, {title}: {len(some)} rows; the first driver bears a wrong label in {np.mean(hit):.3f}")
    print(
        f"influence: {wrong.mean():.3f} of all rows do; label_error {noise.mean():.3f}; {took / len(asked):.3f} s a row"
    )


def ties(source: Path, folder: Path) -> None:
    """Labels of tweets go with their length and the raters' votes; columns that were shuffled go with nothing."""
    table = pq.read_table(source / "hate-offensive/labeled_data.parquet")
    data = opened(table, folder, "ties", "tweet", "class", embed=False)
    length = np.array([len(text) for text in data.texts(data.rows())])
    rng = np.random.default_rng(SEED)
    columns = {
        "tweet": pa.array(data.column("tweet").to_pylist()), "class": pa.array(data.column("class").to_pylist()),
        "hate_votes": pa.array(data.column("hate_speech").to_pylist()), "length": pa.array(length),
    }  # fmt: skip
    for i in range(6):
        columns[f"luck{i}"] = pa.array(
            rng.permutation(length) if i % 2 else rng.permutation(columns["class"].to_pylist())
        )
    data = opened(pa.table(columns), folder, "tied", "tweet", "class", embed=False)
    start = time.perf_counter()
    found = dependence(data, [key for key in columns if key != "tweet"])
    took = time.perf_counter() - start
    lucky = [one for one in found.pairs if "luck" in one.a + one.b]
    print(f"dependence: {sum(one.sure for one in lucky)} of {len(lucky)} pairs with a shuffled column called tied")
    for one in (one for one in found.pairs if one not in lucky):
        print(f"dependence: {one.a} and {one.b}: {one.strength:.3f}, p {one.p:.2g}")
    print(f"dependence: {took / len(found.pairs):.2f} s a pair")
    for a, b in (("class", "length"), ("class", "hate_votes")):
        start = time.perf_counter()
        done = undone(data, a, b)
        print(f"undone, {a} and {b}: {done.words()} {time.perf_counter() - start:.1f} s")


def leanings(source: Path, folder: Path) -> None:
    """Flowers are nearer to pleasant words than insects; halves of one list are no nearer than each other."""
    data = opened(pq.read_table(source / "sms-spam/sms.parquet").slice(0, 200), folder, "sms", "text", "label")
    for templates in ([], ["This is {}.", "They said {} is here."]):
        found = association(data, FLOWERS, INSECTS, PLEASANT, UNPLEASANT, embedding="minilm", templates=templates)
        print(f"association, {len(templates)} templates:", found.text()[0])
    rng = np.random.default_rng(SEED)
    every, sure = [*FLOWERS, *INSECTS], 0
    for _ in range(60):
        dealt = rng.permutation(every)[:20].tolist()
        found = association(data, dealt[:10], dealt[10:], PLEASANT, UNPLEASANT, embedding="minilm")
        sure += found.p < 0.05
    print("association: lists dealt out by chance called leaning:", sure, "of 60")


def order(source: Path, folder: Path) -> None:
    """A classifier that sees rows once, one after another, against its order and against another one."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier

    table = pq.read_table(source / "hate-offensive/labeled_data.parquet")
    rng = np.random.default_rng(SEED)
    rows = rng.permutation(len(table))[:ROWS]
    texts = [table["tweet"][int(i)].as_py() for i in rows]
    y = np.array([table["class"][int(i)].as_py() for i in rows])
    x = HashingVectorizer(n_features=1 << 16).transform(texts)

    def trained(shuffle: np.ndarray, steep: float) -> np.ndarray:
        model = SGDClassifier(loss="log_loss", alpha=1e-6, learning_rate="constant", eta0=steep, random_state=0)
        for start in range(0, ROWS, 50):
            part = shuffle[start : start + 50]
            model.partial_fit(x[part], y[part], classes=[0, 1, 2])
        return np.log(np.maximum(model.predict_proba(x)[np.arange(ROWS), y], 1e-12))

    places, none = np.arange(ROWS, dtype=np.float64), np.zeros((ROWS, 0))
    for steep in (1.0, 10.0, 50.0):
        mine, other = trained(np.arange(ROWS), steep), trained(rng.permutation(ROWS), steep)
        for title, value, beside in (
            ("learned in this order", mine, none), ("the same beside another model", mine, other[:, None]),
            ("learned in another order", other, none),
        ):  # fmt: skip
            correlation, chance = spearman(places, value, beside)
            print(f"provenance, {steep:g}, {title}: correlation {correlation:.3f}, p {chance:.2g}")
    p = [spearman(rng.permutation(ROWS).astype(float), mine, none)[1] for _ in range(400)]
    print(f"provenance: of 400 other orders {np.mean(np.array(p) < 0.05):.3f} have p below 0.05")


AUDITS: Mapping[str, Callable[[Path, Path], None]] = {
    "gap": gap, "vocabulary": words, "dependence": ties, "association": leanings, "influence": drives,
    "provenance": order,
}  # fmt: skip


def main() -> None:
    """Run some or all, and print what each found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(AUDITS), default=list(AUDITS))
    args = parser.parse_args()
    for name in args.only:
        with tempfile.TemporaryDirectory() as folder:
            AUDITS[name](args.data, Path(folder))


if __name__ == "__main__":
    main()
