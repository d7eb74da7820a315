"""What suspects find where the truth is known, beside cleanlab by the same probabilities.

Run by hand: `python -m benchmarks.labels_truth DATA [--peers PYTHON] [--keep FOLDER] [--only NAME …]`. DATA is the
folder of the public sets, PYTHON has cleanlab. Prints Markdown. Errors are planted in 1 row of 20 where a set has none
of its own. The score and its cuts were chosen on one half by chance of clinc150 (planted), sms and hate-offensive: of
these the other half is reported; the images and MNIST were not looked at before. --keep: where embedded sets stay.
"""

import argparse
import csv
import gzip
import io
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from benchmarks._models import auc
from engine.building import build, key_of, spec
from engine.dataset import Dataset
from engine.labels import BYS, KINDS, Signs, doubt, issues, joint, judged, signs, voice_of
from engine.labels.doubted.suspects import VOICE
from engine.models import doubt as doubts
from engine.models import groups_of, probe, seen_meaning
from engine.opening import SourceOptions

ROUNDS, PLANTED, SIDE = 500, 0.05, 20
VOTES = ("hate_speech", "offensive_language", "neither")


@dataclass(frozen=True)
class Case:
    """A set with labels.

    wrong: bool (n,), what is truly wrong. told: bool (n,), rows that are reported. kind: str (n,), what each row is.
    true: str (n,), its true label where that is known.
    """

    name: str
    data: Dataset
    embedding: str
    wrong: np.ndarray
    told: np.ndarray
    kind: np.ndarray
    true: np.ndarray | None = None


def average_precision(truth: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Mean precision at each true row, rows of one score counted together. weight: how often each row counts."""
    order = np.argsort(-score, kind="stable")
    w = np.ones(len(score)) if weight is None else weight[order].astype(float)
    ends = np.flatnonzero(np.r_[np.diff(score[order]) != 0, True])
    right, all_rows = np.cumsum(w * truth[order])[ends], np.cumsum(w)[ends]
    if not right[-1]:
        return float("nan")
    return float((np.diff(np.r_[0, right]) * right / np.maximum(all_rows, 1e-12)).sum() / right[-1])


def resampled(n: int, said: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """The middle 95 % of a figure over rows drawn again. said: from how often each of n rows was drawn."""
    rng = np.random.default_rng(0)
    found = [said(np.bincount(rng.integers(0, n, n), minlength=n)) for _ in range(ROUNDS)]
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def with_interval(n: int, said: Callable[[np.ndarray], float]) -> str:
    """A figure with its interval, as a cell."""
    low, high = resampled(n, said)
    return f"{said(np.ones(n)):.3f} ({low:.3f} to {high:.3f})"


def turned(codes: np.ndarray, rows: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels of which some of the rows have another by chance, and which."""
    rng = np.random.default_rng(seed)
    wrong = np.zeros(len(codes), bool)
    wrong[rows] = rng.random(len(rows)) < PLANTED
    classes = int(codes.max()) + 1
    return np.where(wrong, (codes + rng.integers(1, classes, len(codes))) % classes, codes), wrong


def opened(name: str, place: Path, columns: Mapping[str, object], vectors: np.ndarray | None = None) -> Dataset:
    """A dataset with its vectors, its graph and both signals; taken up again where it was left."""
    folder = place / "sets"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(dict(columns)), folder / f"{name}.parquet")
    store = engine.Store(place / "ws" / name)
    if not store.folder.exists():
        options = SourceOptions(text="text", categories=("label",))
        engine.open([folder / f"{name}.parquet"], place / "ws", name=name, options=options)
    data = engine.Dataset.load(store)
    made_by = spec("embedding", "sentence")
    if vectors is not None:
        np.save(folder / f"{name}.npy", vectors.astype(np.float32))
        made_by = spec("embedding", "given", {"path": str(folder / f"{name}.npy")})
    of = {"embedding": "vectors", "label": "label"}
    asked = [spec("signal", signal, of) for signal in ("label_agreement", "label_doubt")]
    steps = {"vectors": made_by, "graph@vectors": spec("graph", on="vectors")}
    return build(data, steps | {key_of(one): one for one in asked})


def half(n: int) -> np.ndarray:
    """The rows on which nothing was chosen."""
    return np.random.default_rng(5).random(n) >= 0.5


def planted(data: Path, place: Path) -> Case:
    """150 intents with planted errors, copies, rows of no class and junk."""
    table = pq.read_table(data / "clinc150/planted.parquet").to_pydict()
    with (data / "clinc150/planted_truth.csv").open(newline="") as file:
        of = {row["id"]: (row["kind"], row["true_label"]) for row in csv.DictReader(file)}
    kind, true = np.array([of[str(row)] for row in table["id"]]).T
    rows = opened("planted", place, {"text": table["text"], "label": table["label"]})
    return Case("clinc150 planted", rows, "vectors", kind == "label_error", half(rows.n), kind, true)


def sms(data: Path, place: Path) -> Case:
    """Two classes, 1 of 7 spam; errors planted."""
    table = pq.read_table(data / "sms-spam/sms.parquet").to_pydict()
    true = np.array(table["label"])
    codes, wrong = turned((true == "spam").astype(int), np.arange(len(true)))
    rows = opened("sms", place, {"text": table["text"], "label": [("ham", "spam")[c] for c in codes]})
    return Case("sms-spam", rows, "vectors", wrong, half(rows.n), np.where(wrong, "planted", "clean"), true)


def hate(data: Path, place: Path) -> Case:
    """Three classes by votes; errors planted where all raters were of one mind."""
    table = pq.read_table(data / "hate-offensive/labeled_data.parquet").to_pydict()
    votes = np.stack([np.array(table[name], float) for name in VOTES], axis=1)
    one_mind = votes.max(axis=1) == votes.sum(axis=1)
    codes, wrong = turned(np.array(table["class"], int), np.flatnonzero(one_mind))
    rows = opened("hate", place, {"text": table["tweet"], "label": [VOTES[c] for c in codes]})
    kind = np.where(wrong, "planted", np.where(one_mind, "clean", "split"))
    true = np.array(VOTES)[np.array(table["class"], int)]
    return Case("hate-offensive", rows, "vectors", wrong, half(rows.n), kind, true)


def pictures(name: str, archive: Path, place: Path) -> Case:
    """Pictures in folders of a class, as their pixels in grey less the mean picture; errors planted."""
    from PIL import Image

    vectors, classes = [], []
    with zipfile.ZipFile(archive) as files:
        for one in sorted(files.namelist()):
            if one.lower().endswith((".png", ".jpg", ".jpeg")):
                with Image.open(io.BytesIO(files.read(one))) as picture:
                    grey = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
                vectors.append(np.asarray(grey, np.float32).ravel() / 255)
                classes.append(one.rpartition("/")[0])
    names = sorted(set(classes))
    real = np.array([names.index(c) for c in classes])
    codes, wrong = turned(real, np.arange(len(real)))
    columns = {"text": [f"picture {i}" for i in range(len(codes))], "label": [f"c{c}" for c in codes]}
    x = np.stack(vectors)
    rows = opened(name, place, columns, x - x.mean(axis=0))
    true = np.array([f"c{c}" for c in real])
    return Case(name, rows, "vectors", wrong, np.ones(rows.n, bool), np.where(wrong, "planted", "clean"), true)


def mnist(data: Path, place: Path) -> Case:
    """Pictures of digits as their pixels, with their own labels; people found 15 wrong of 100 looked at."""
    with gzip.open(data / "label-errors/mnist-t10k-images-idx3-ubyte.gz") as file:
        x = np.frombuffer(file.read(), np.uint8, offset=16).reshape(10_000, 784) / np.float32(255)
    given = np.load(data / "label-errors/mnist_test_set_original_labels.npy").astype(int)
    looked, bad = verdicts(data, "mnist", len(given))
    columns = {"text": [f"picture {i}" for i in range(len(given))], "label": [f"d{c}" for c in given]}
    rows = opened("mnist", place, columns, x - x.mean(axis=0))
    told = np.zeros(rows.n, bool)
    told[looked] = True
    return Case("mnist, looked at", rows, "vectors", bad, told, np.where(bad, "wrong", "clean"))


CASES: dict[str, Callable[[Path, Path], Case]] = {
    "planted": planted,
    "sms": sms,
    "hate": hate,
    "sign-digits": lambda data, place: pictures("sign-digits", data / "sign-digits/sign_digits.zip", place),
    "omniglot": lambda data, place: pictures("omniglot", data / "omniglot/images_background_small1.zip", place),
    "mnist": mnist,
}


def verdicts(data: Path, name: str, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a set that five people looked at, and of all rows those whose label fewer than three chose."""
    seen = json.loads((data / f"label-errors/{name}_mturk.json").read_text())
    places = {}
    if name == "imdb":
        files = json.loads((data / "label-errors/imdb_test_set_index_to_filename.json").read_text())
        places = {f"test/{file.removesuffix('.txt')}": at for at, file in enumerate(files)}
    at = np.array([places[str(one["id"])] if places else int(one["id"]) for one in seen])
    bad = np.zeros(rows, bool)
    bad[at] = [one["mturk"]["given"] < 3 for one in seen]
    return at, bad


def shipped(data: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels that label-errors came with; clipped to 0 to 1 where they round beyond."""
    p = np.clip(np.load(data / f"label-errors/{name}_test_set_pyx.npy").astype(float), 0, 1)
    given = np.load(data / f"label-errors/{name}_test_set_original_labels.npy").astype(int)
    return p / p.sum(axis=1, keepdims=True) if name == "imdb" else p, given


def theirs(peers: str, p: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """What cleanlab says of probabilities and labels; nothing without it."""
    if not peers:
        return {}
    with tempfile.TemporaryDirectory() as place:
        np.savez(f"{place}/p.npz", p=p.astype(np.float64), y=y)
        command = [peers, "benchmarks/labels_peers.py", "scores", f"{place}/p.npz", f"{place}/s.npz"]
        subprocess.run(command, check=True, capture_output=True)
        with np.load(f"{place}/s.npz") as found:
            return {name: found[name] for name in found.files}


def beside(data: Path, place: Path, p: np.ndarray) -> dict[str, np.ndarray]:
    """Doubt by the probabilities that MNIST came with, of a strong model, alone and beside neighbours of pixels."""
    case = mnist(data, place)
    of = signs(case.data, "label", case.embedding)
    by_code = p[:, [int(name.removeprefix("d")) for name in case.data.codes("label")[1]]]
    one = doubts(by_code, of.codes)
    own = replace(of, confidence=one.self_confidence, margin=one.margin, likely=by_code.argmax(axis=1))
    shares = [float(np.mean(said == of.codes)) for said in (own.likely, own.neighbours)]
    print("\nmnist, met: {:.1%} of the labels by the model, {:.1%} by neighbours of pixels\n".format(*shares))
    nobody = np.full(len(p), np.nan)
    return {
        f"doubt, {words}": np.nan_to_num(doubt(own.confidence, own.margin, near, voice=weight), nan=0.5)
        for words, near, weight in (
            ("the model alone", nobody, VOICE),
            ("beside neighbours by pixels", own.agreement, voice_of(own)),
            ("beside neighbours by pixels in full voice", own.agreement, VOICE),
        )
    }


def oracle(data: Path, place: Path, peers: str) -> None:
    """The same issues by the same probabilities, and how well the scores rank what people called wrong."""
    print("| set | rows | filter | ours | cleanlab | rows that differ |\n| --- | ---: | --- | ---: | ---: | ---: |")
    ranked = []
    for name in ("mnist", "20news", "imdb"):
        p, y = shipped(data, name)
        peer = theirs(peers, p, y)
        for by in BYS:
            mine = issues(p, y, by=by)
            cells = f"{peer[by].sum()} | {(mine != peer[by]).sum()}" if peer else " | "
            print(f"| {name} | {len(y):,} | {by} | {mine.sum()} | {cells} |", flush=True)
        looked, bad = verdicts(data, name, len(y))
        one = doubts(p, y)
        scores = {"margin": -one.margin, "self-confidence": -one.self_confidence, "EL2N": one.el2n}
        names = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")
        scores |= {f"cleanlab, {score.replace('_', ' ')}": peer[score] for score in names if peer}
        scores |= beside(data, place, p) if name == "mnist" else {}
        for says, values in scores.items():
            seen = values[looked]
            of = bad[looked]
            said = with_interval(len(looked), lambda w, of=of, seen=seen: average_precision(of, seen, w))  # type: ignore[misc]
            ranked.append(f"| {name} | {says} | {average_precision(bad, values):.4f} | {said} |")
    print("\n| set | score | AP over all rows | AP over the rows looked at |\n| --- | --- | ---: | ---: |")
    print("\n".join(ranked))


def probabilities(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The very probabilities that `label_doubt` stands on, and the rows that have them."""
    data = case.data
    codes, of_row = data.codes("label")[0].astype(np.int64), data.embedding(case.embedding).texts.of_row
    graph = data.graph(case.embedding)
    most = min(100, int((codes >= 0).sum()) // 10)
    groups = groups_of(np.asarray(graph.neighbours), np.asarray(graph.similarity), copies=0.95, most=most)
    found = probe(seen_meaning(data, case.embedding), codes, groups[of_row], int(codes.max()) + 1)
    return found.probability, np.flatnonzero(found.known)


def found(case: Case, peers: str) -> list[str]:
    """The tables of one set; what is left for the table of kinds."""
    p, known = probabilities(case)
    of = signs(case.data, "label", case.embedding)
    y = of.codes
    peer = theirs(peers, p[known], y[known])
    rows = known[case.told[known]]
    at = np.searchsorted(known, rows)
    truth = case.wrong[rows]
    one = doubts(p[rows], y[rows])
    scores = {
        "**doubt**": np.nan_to_num(doubt(of.confidence, of.margin, of.agreement, voice=voice_of(of))[rows], nan=0.5),
        "margin": -one.margin,
        "self-confidence": -one.self_confidence,
        "EL2N": one.el2n,
        "entropy": one.entropy,
        "agreement of neighbours": -np.nan_to_num(of.agreement[rows], nan=0.5),
    }
    names = ("self_confidence", "normalized_margin", "confidence_weighted_entropy", "adjusted_margin")
    scores |= {f"cleanlab, {name.replace('_', ' ')}": peer[name][at] for name in names if peer}
    n = len(rows)
    print(f"\n{case.name}: {n:,} rows told, {truth.sum():,} wrong\n\n| score | AP |\n| --- | ---: |")
    for name, score in scores.items():
        print(f"| {name} | {with_interval(n, lambda w, s=score: average_precision(truth, s, w))} |", flush=True)  # type: ignore[misc]
    if peer:
        best = max((s for s in scores if "cleanlab" in s), key=lambda s: average_precision(truth, scores[s]))
        a, b = scores["**doubt**"], scores[best]
        more = with_interval(n, lambda w: average_precision(truth, a, w) - average_precision(truth, b, w))
        print(f"\nDoubt has {more} more than {best}.")
    listed, kind, _, suggested = judged(of)
    of_kind = np.full(case.data.n, -1)
    of_kind[listed] = kind
    taken = {
        "*wrong*": of_kind[rows] == 0,
        "*wrong* and *copies*": np.isin(of_kind[rows], (0, 3)),
        "the whole list": of_kind[rows] >= 0,
    }
    mine = {by: issues(p[known].astype(float), y[known], by=by)[at] for by in BYS}
    taken |= {f"confident learning, {by}": told for by, told in mine.items()}
    taken |= {f"cleanlab, {by}": peer[by][at] for by in BYS if peer}
    print("\n| told | rows | precision | recall |\n| --- | ---: | ---: | ---: |")
    for name, told in taken.items():
        precision = with_interval(n, lambda w, t=told: float((w * t * truth).sum() / max(1, (w * t).sum())))  # type: ignore[misc]
        recall = with_interval(n, lambda w, t=told: float((w * t * truth).sum() / (w * truth).sum()))  # type: ignore[misc]
        print(f"| {name} | {told.sum():,} | {precision} | {recall} |", flush=True)
    estimate = joint(p[known].astype(float), y[known])
    said = 1 - estimate.trace() / estimate.sum()
    print(f"\nConfident learning estimates {said:.1%} wrong; truly {case.wrong[known].mean():.1%}.")
    if case.true is not None:
        some = (kind == 0) & case.wrong[listed] & case.told[listed]
        names_of = np.array(case.data.codes("label")[1])
        right = np.mean(names_of[suggested[some]] == case.true[listed[some]])
        print(f"\nThe label suggested for *wrong* rows that are is right for {right:.1%} of {some.sum():,}.")
    if (case.kind == "split").any():
        contested(case, of, scores, rows, of_kind)
    kinds = [f"{(of_kind[case.kind == of] == k).sum():,}" for of in sorted(set(case.kind)) for k in (*range(4), -1)]
    return [
        f"| {case.name} | {of} | " + " | ".join(kinds[5 * i : 5 * i + 5]) + " |"
        for i, of in enumerate(sorted(set(case.kind)))
    ]


def contested(case: Case, of: Signs, scores: Mapping[str, np.ndarray], rows: np.ndarray, kind: np.ndarray) -> None:
    """Rows over which raters were split told from rows whose label is wrong, among those that the machine doubts."""
    flagged = (of.likely[rows] != of.codes[rows]) | (of.neighbours[rows] != of.codes[rows])
    some = np.flatnonzero(flagged & (case.kind[rows] != "clean"))
    truth = case.kind[rows][some] == "planted"
    print(f"\nOf {len(some):,} doubted rows {truth.sum():,} are wrong, over the others raters were split.\n")
    print("| score | AUC, wrong above split |\n| --- | ---: |")
    for name, score in scores.items():
        values = score[some]

        def said(w: np.ndarray, values: np.ndarray = values) -> float:
            again = np.repeat(np.arange(len(some)), w.astype(int))
            return auc(values[again][~truth[again]], values[again][truth[again]])

        print(f"| {name} | {with_interval(len(some), said)} |", flush=True)
    for place, name in enumerate(KINDS):
        told = rows[kind[rows] == place]
        if len(told):
            split, bad = (np.mean(case.kind[told] == what) for what in ("split", "planted"))
            print(f"\n{name}: {len(told):,} rows, of which raters were split over {split:.0%} and {bad:.0%} are wrong")
    print(f"\nall: raters were split over {np.mean(case.kind[rows] == 'split'):.0%}")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="*", default=["oracle", *CASES])
    asked = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as place:
        if "oracle" in asked.only:
            oracle(asked.data, asked.keep or Path(place), asked.peers)
        for name in CASES:
            if name in asked.only:
                lines += found(CASES[name](asked.data, asked.keep or Path(place)), asked.peers)
    print(f"\n| set | truth | {' | '.join(KINDS)} | in no list |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
