"""Labels that no person gave, on known truth, each way beside its simplest rival.

Run by hand: `python -m benchmarks.labels_without_people DATA WORKSPACE`. DATA is the folder of the public sets,
WORKSPACE keeps their vectors. Of each set up to 8,000 distinct texts; ten seeds draw which labels, groups and sources
there are. What is told rightly is the mean over classes on rows whose label was not given, with a 95 % interval over
the seeds (names: over the rows, as there is nothing to draw). Prints Markdown.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks._labelled import EMBEDDING, SETS, Labelled, class_mean, labelled, mean_with_interval
from engine.labels import by_totals, classes_of_sources, frechet, next_classes, tree_distance
from engine.models import (
    Seen,
    affinity,
    by_meaning,
    by_representatives,
    calibrated,
    fitted,
    labels_of_nodes,
    means_of_groups,
    probabilities,
    probe,
    prototypes,
    quick,
    representatives,
    softmax,
    spread,
    units,
)
from engine.vectors import embed_texts

SEEDS = range(10)
ABOUT: dict[str, dict[str, str]] = {
    "sms-spam": {
        "ham": "a personal message to a friend or relative",
        "spam": "an advertisement: a prize, an offer or a paid service",
    },
    "clickbait": {
        "news": "a news report about politics, business, sport or an accident",
        "clickbait": "a list, quiz or teaser that makes you curious to click",
    },
    "subjectivity": {
        "subjective": "a critic's opinion about a film",
        "objective": "what happens in the plot of a film",
    },
    "hate-offensive": {
        "hate speech": "hatred of a group of people for their race, religion or sexuality",
        "offensive language": "a rude tweet with swear words and insults",
        "neither": "an ordinary tweet that offends nobody",
    },
}


def few_labels(found: Labelled, name: str, each: int) -> list[str]:
    """Ways to spread so many labels of each class."""
    x, truth, classes = found.vectors, found.codes, len(found.names)
    graph, of_row = found.data.graph(EMBEDDING), np.asarray(found.data.embedding(EMBEDDING).texts.of_row, np.int64)
    near = affinity(np.asarray(graph.neighbours), np.asarray(graph.similarity), sharp=10.0)
    right: dict[str, list[float]] = {}
    sure: list[float] = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.permutation(np.flatnonzero(truth == c))[:each] for c in range(classes)])
        rest = np.setdiff1d(np.arange(len(truth)), rows)
        means, _ = prototypes(lambda some: x[some], rows, truth[rows], classes)
        model = quick(lambda some: x[some], rows, truth[rows], classes)
        p = softmax(model.scores(x))
        stand = np.unique(np.concatenate([rows, representatives(lambda some: x[some], p, each=16)]))
        own = np.where(np.isin(stand, rows), truth[stand], p[stand].argmax(axis=1))
        cached = by_representatives(lambda some: x[some], np.arange(len(x)), stand, own, classes)
        told = spread(near, labels_of_nodes(of_row[rows], truth[rows], near.shape[0], classes))
        code, share = told.code[of_row], told.share[of_row]
        for way, answer in {
            "nearest class mean": (x @ means.T).argmax(axis=1),
            "naive Bayes": p.argmax(axis=1),
            "representatives (TFUP)": ((p + cached) / 2).argmax(axis=1),
            "spreading on the graph": code,
        }.items():
            right.setdefault(way, []).append(class_mean(np.maximum(answer[rest], 0), truth[rest]))
        confident = rest[share[rest] >= np.quantile(share[rest], 0.5)]
        sure.append(float((code[confident] == truth[confident]).mean()))
    return [name, str(each), *(mean_with_interval(values) for values in right.values()), mean_with_interval(sure)]


def rare_classes(found: Labelled, name: str, few: int, many: int) -> list[str]:
    """Half of the classes have few labels: those classes, and all, without and with TEEN."""
    x, truth, classes = found.vectors, found.codes, len(found.names)
    right: dict[str, list[float]] = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rare = np.zeros(classes, bool)
        rare[rng.permutation(classes)[: max(1, classes // 2)]] = True
        rows = np.concatenate(
            [rng.permutation(np.flatnonzero(truth == c))[: few if rare[c] else many] for c in range(classes)]
        )
        rest = np.setdiff1d(np.arange(len(truth)), rows)
        means, count = prototypes(lambda some: x[some], rows, truth[rows], classes)
        for way, centres in {"plain": means, "calibrated": calibrated(means, count, rare=few + 1)}.items():
            answer = (x[rest] @ centres.T).argmax(axis=1)
            own = rare[truth[rest]]
            right.setdefault(f"rare, {way}", []).append(class_mean(answer[own], truth[rest][own]))
            right.setdefault(f"all, {way}", []).append(class_mean(answer, truth[rest]))
    order = ("rare, plain", "rare, calibrated", "all, plain", "all, calibrated")
    return [name, f"{few} and {many}", *(mean_with_interval(right[key]) for key in order)]


def names(found: Labelled, name: str) -> list[str]:
    """No labels: the names of the classes, what is said about them, a second look; beside the most common class."""
    x, truth = found.vectors, found.codes
    cells = [name, mean_of_rows(np.full(len(truth), np.bincount(truth).argmax()), truth)]
    for texts in (found.names, [ABOUT.get(name, {}).get(one, one) for one in found.names]):
        p = by_meaning(x, units(embed_texts(found.data, EMBEDDING, list(texts), query=False).astype(np.float64)))
        cells.append(mean_of_rows(p.argmax(axis=1), truth))
    stand = representatives(lambda some: x[some], p, each=16)
    again = p + by_representatives(
        lambda some: x[some], np.arange(len(x)), stand, p[stand].argmax(axis=1), len(found.names)
    )
    return [*cells, mean_of_rows(again.argmax(axis=1), truth)]


def name_shares(found: Labelled, name: str, given: int) -> list[str]:
    """How far shares by name are from what is right among such rows: as they are, and by so many given labels."""
    x, truth, names_of = found.vectors, found.codes, list(found.names)
    meant = units(embed_texts(found.data, EMBEDDING, names_of, query=False).astype(np.float64))
    plain = by_meaning(x, meant).astype(np.float32)
    cells: dict[str, list[float]] = {}
    for seed in SEEDS:
        known = np.isin(np.arange(len(x)), np.random.default_rng(seed).permutation(len(x))[:given])
        told = probabilities(np.log(np.maximum(plain, 1e-30)), truth, known)[0]
        for way, p in {"plain": plain, "tempered": told}.items():
            cells.setdefault(way, []).append(off(p[~known].max(axis=1), p[~known].argmax(axis=1) == truth[~known]))
    return [name, str(given), *(mean_with_interval(values) for values in cells.values())]


def off(confidence: np.ndarray, right: np.ndarray) -> float:
    """Mean distance of confidence and share right over ten parts by confidence (expected calibration error)."""
    part = np.minimum((confidence * 10).astype(int), 9)
    count = np.bincount(part, minlength=10)
    gap = np.abs(np.bincount(part, confidence, 10) - np.bincount(part, right, 10))
    return float(gap.sum() / count.sum())


def mean_of_rows(answer: np.ndarray, truth: np.ndarray) -> str:
    """Mean over classes, with the interval that the rows of each class give."""
    count = np.bincount(truth)
    share = np.bincount(truth, answer == truth) / count
    half = 1.96 * float(np.sqrt((share * (1 - share) / count).sum())) / len(count)
    return f"{share.mean():.3f} ({share.mean() - half:.3f} to {share.mean() + half:.3f})"


def totals(found: Labelled, name: str, groups: int) -> list[str]:
    """Only the totals of so many groups, of uneven shares, are known."""
    x, truth, classes = found.vectors, found.codes, len(found.names)
    graph, of_row = found.data.graph(EMBEDDING), np.asarray(found.data.embedding(EMBEDDING).texts.of_row, np.int64)
    near = affinity(np.asarray(graph.neighbours), np.asarray(graph.similarity), sharp=10.0)
    right: dict[str, list[float]] = {}
    for seed in SEEDS:
        bag = uneven(truth, classes, groups, seed)
        held = np.zeros((groups, classes))
        np.add.at(held, (bag, truth), 1)
        share = held / held.sum(axis=1, keepdims=True)
        means = means_of_groups(x, bag, share)
        for way, p in {
            "most common of the group": share[bag],
            "class means from group means": x @ means.T,
            "and totals held": fitted(softmax(10.0 * (x @ means.T)).astype(float), bag, share),
            "ten rounds, no graph": by_totals(x, bag, share),
            "ten rounds and graph": by_totals(x, bag, share, near=near, node=of_row),
        }.items():
            right.setdefault(way, []).append(class_mean(p.argmax(axis=1), truth))
    return [name, str(groups), *(mean_with_interval(values) for values in right.values())]


def uneven(truth: np.ndarray, classes: int, groups: int, seed: int) -> np.ndarray:
    """int64 (n,): a group for each row, the rows of each class dealt to the groups by uneven shares."""
    rng = np.random.default_rng(seed)
    weight = rng.dirichlet(np.ones(groups), classes)
    found = np.empty(len(truth), np.int64)
    for c in range(classes):
        rows = np.flatnonzero(truth == c)
        found[rows] = rng.choice(groups, len(rows), p=weight[c])
    return np.unique(found, return_inverse=True)[1] if len(np.unique(found)) == groups else _filled(found, groups)


def _filled(found: np.ndarray, groups: int) -> np.ndarray:
    """Every group has a row: those without take the first rows."""
    found[:groups] = np.arange(groups)
    return found


def shifts(found: Labelled, name: str, sources: int) -> list[str]:
    """Classes by how they shift over so many sources, beside k-means on the vectors."""
    from scipy.optimize import linear_sum_assignment
    from sklearn.cluster import KMeans

    x, truth, classes = found.vectors, found.codes, len(found.names)
    right: dict[str, list[float]] = {}
    for seed in SEEDS:
        source = uneven(truth, classes, sources, seed)
        seen = Seen(np.ones(len(x), bool), x.shape[1], vectors=lambda some: x[some])
        p = probe(seen, source, np.arange(len(x)), sources, kind="linear").probability
        of, _ = classes_of_sources(p, source, classes, seed)
        for way, answer in {
            "k-means on the vectors": KMeans(classes, n_init=3, random_state=seed).fit_predict(x),
            "by shift": of.argmax(axis=1),
        }.items():
            table = np.zeros((classes, classes))
            np.add.at(table, (truth, answer), 1)
            share = table / table.sum(axis=1, keepdims=True)
            right.setdefault(way, []).append(float(share[linear_sum_assignment(-share)].mean()))
    return [name, str(sources), *(mean_with_interval(values) for values in right.values())]


def tempered(x: np.ndarray, rows: np.ndarray, codes: np.ndarray, rest: np.ndarray, classes: int) -> np.ndarray:
    """float32 (r, K): what a probe on some rows says of the rest."""
    given = np.full(len(x), -1)
    given[rows] = codes
    seen = Seen(np.ones(len(x), bool), x.shape[1], vectors=x.__getitem__)
    return probe(seen, given, np.arange(len(x)), classes).probability[rest]


def unseen_classes(found: Labelled, seen: int, each: int) -> list[str]:
    """So many of the 150 classes have labels; rows of all are told. Distances between classes by their names."""
    x, truth, classes = found.vectors, found.codes, len(found.names)
    meant = units(embed_texts(found.data, EMBEDDING, list(found.names), query=False).astype(np.float64))
    distance = np.sqrt(np.maximum(2 - 2 * meant @ meant.T, 0))
    right: dict[str, list[float]] = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        have = np.sort(rng.permutation(classes)[:seen])
        rows = np.concatenate([rng.permutation(np.flatnonzero(truth == c))[:each] for c in have])
        rest = np.setdiff1d(np.arange(len(truth)), rows)
        p = tempered(x, rows, np.searchsorted(have, truth[rows]), rest, len(have))
        new = ~np.isin(truth[rest], have)
        for way, answer in {
            "likeliest": have[p.argmax(axis=1)],
            "Fréchet mean": frechet(p, distance[:, have]),
            "nearest name": (x[rest] @ meant.T).argmax(axis=1),
        }.items():
            right.setdefault(f"{way}, unseen", []).append(float((answer[new] == truth[rest][new]).mean()))
            right.setdefault(f"{way}, all", []).append(float((answer == truth[rest]).mean()))
    order = [f"{way}, {of}" for of in ("unseen", "all") for way in ("likeliest", "Fréchet mean", "nearest name")]
    return [f"{seen} of {classes}", str(each), *(mean_with_interval(right[key]) for key in order)]


def in_a_tree(found: Labelled, domain: dict[str, str], each: int) -> list[str]:
    """Steps in the taxonomy (0, 2 or 4) between answer and truth, and rows told rightly."""
    x, truth, classes = found.vectors, found.codes, len(found.names)
    tree = tree_distance([(domain[one], one) for one in found.names])
    cells: dict[str, list[float]] = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.permutation(np.flatnonzero(truth == c))[:each] for c in range(classes)])
        rest = np.setdiff1d(np.arange(len(truth)), rows)
        p = tempered(x, rows, truth[rows], rest, classes)
        for way, answer in {"likeliest": p.argmax(axis=1), "Fréchet mean": frechet(p, tree)}.items():
            cells.setdefault(f"{way}, steps", []).append(float(tree[truth[rest], answer].mean()))
            cells.setdefault(f"{way}, right", []).append(float((answer == truth[rest]).mean()))
    order = [f"{way}, {of}" for of in ("steps", "right") for way in ("likeliest", "Fréchet mean")]
    return [str(each), *(mean_with_interval(cells[key]) for key in order)]


def collected(found: Labelled, count: int) -> list[str]:
    """Mean distance, by names, of the answer from the truth once so many classes are collected."""
    x, truth, classes = found.vectors, found.codes, len(found.names)
    meant = units(embed_texts(found.data, EMBEDDING, list(found.names), query=False).astype(np.float64))
    distance = np.sqrt(np.maximum(2 - 2 * meant @ meant.T, 0))
    cells: dict[str, list[float]] = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        first = np.zeros(classes, bool)
        first[rng.permutation(classes)[:10]] = True
        drawn = rng.permutation(np.flatnonzero(~first))[: count - 10]
        for way, more in {"random": drawn, "advised": next_classes(distance, first, count - 10)}.items():
            have = np.sort(np.concatenate([np.flatnonzero(first), more]))
            rows = np.concatenate([rng.permutation(np.flatnonzero(truth == c))[:10] for c in have])
            rest = np.setdiff1d(np.arange(len(truth)), rows)
            model = quick(lambda some: x[some], rows, np.searchsorted(have, truth[rows]), len(have))
            answer = have[model.scores(x[rest]).argmax(axis=1)]
            cells.setdefault(way, []).append(float(distance[truth[rest], answer].mean()))
    return [str(count), *(mean_with_interval(values) for values in cells.values())]


def table(head: tuple[str, ...], lines: Iterable[list[str]]) -> None:
    print(f"\n| {' | '.join(head)} |\n| {' | '.join('---' for _ in head)} |")
    for line in lines:
        print(f"| {' | '.join(line)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("workspace", type=Path)
    args = parser.parse_args()
    sets = {name: labelled(args.data, name, args.workspace) for name in SETS}
    clinc = sets["clinc150"]
    rows = pq.read_table(args.data / SETS["clinc150"].file).to_pylist()
    domain = {str(row["intent"]).replace("_", " "): str(row["domain"]) for row in rows}
    table(
        ("set", "labels a class", "nearest class mean", "naive Bayes", "representatives (TFUP)",
         "spreading on the graph", "of its surer half, rows"),
        (few_labels(sets[n], n, k) for n in SETS for k in ((1, 5) if n == "clinc150" else (5, 20))),
    )  # fmt: skip
    table(
        ("set", "labels of rare and common classes", "rare: plain means", "rare: calibrated (TEEN)", "all: plain means",
         "all: calibrated (TEEN)"),
        (rare_classes(sets[n], n, k, 20) for n in ("hate-offensive", "clinc150") for k in (1, 2, 5)),
    )  # fmt: skip
    table(
        ("set", "most common class", "nearest name", "nearest description", "second look (TFUP)"),
        (names(sets[n], n) for n in SETS),
    )
    table(
        ("set", "labels given", "off: as it is", "off: by the given labels"),
        (name_shares(sets[n], n, 50) for n in SETS),
    )
    table(
        ("set", "groups", "most common of the group", "class means from group means", "and totals held",
         "ten rounds, no graph", "ten rounds and graph"),
        (totals(sets[n], n, g) for n in SETS for g in ((400,) if n == "clinc150" else (20,))),
    )  # fmt: skip
    table(
        ("set", "sources", "k-means on the vectors", "by shift"),
        (shifts(sets[n], n, s) for n in SETS if n != "clinc150" for s in (10,)),
    )
    table(
        ("classes with labels", "labels of each", "unseen: likeliest", "unseen: Fréchet mean", "unseen: nearest name",
         "all: likeliest", "all: Fréchet mean", "all: nearest name"),
        (unseen_classes(clinc, s, 10) for s in (50, 100)),
    )  # fmt: skip
    table(
        ("labels a class", "steps: likeliest", "steps: Fréchet mean", "right: likeliest", "right: Fréchet mean"),
        (in_a_tree(clinc, domain, k) for k in (2, 5)),
    )
    table(
        ("classes collected", "distance: random", "distance: advised"),
        (collected(clinc, m) for m in (20, 50)),
    )


if __name__ == "__main__":
    main()
