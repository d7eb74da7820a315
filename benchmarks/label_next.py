"""How many labels are needed, by what is asked about; and whether what is said of the next labels comes true.

Run by hand: `python -m benchmarks.label_next DATA WORKSPACE`. DATA is the folder of the public sets, WORKSPACE keeps
their vectors. Of each set up to 8,000 distinct texts; ten seeds, each of which draws the half that is asked about; the
other half gives the accuracy. A person who is always right answers 10 questions a time (clinc150: 50). Shown, with 95 %
intervals over the seeds: labels needed until 90 % of the accuracy with all labels of the half is reached, by the mean
over classes and by all rows; how even the labels asked for are (their entropy as a share of the most there can be).
Then the learning curve from labels drawn by chance: whether its intervals hold what more labels brought, what asking
brought beside chance, and the precision of what two lanes accept. Prints Markdown.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks._labelled import EMBEDDING, SETS, Labelled, class_mean, labelled, mean_with_interval
from engine.labels import By, audited, choose, lanes, learning_curve, thresholds
from engine.labels.asking.replay import expected
from engine.models import Seen, probe, quick
from indexes import to_grid

WAYS: dict[str, tuple[By, bool]] = {
    "random": ("random", False),
    "entropy": ("entropy", False),
    "margin": ("margin", False),
    "coverage": ("coverage", False),
    "entropy, balanced": ("entropy", True),
    "margin, balanced": ("margin", True),
    "by count, balanced (default)": ("by count", True),
}
AIM = 0.9


def halves(found: Labelled, seed: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.random.default_rng(seed).permutation(len(found.codes))
    return np.sort(order[::2]), np.sort(order[1::2])


def told(found: Labelled, rows: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    x, classes = found.vectors, len(found.names)
    return quick(lambda some: x[some], rows, found.codes[rows], classes).scores(x[unseen]).argmax(axis=1)


def accuracies(found: Labelled, rows: np.ndarray, unseen: np.ndarray) -> tuple[float, float]:
    """Mean over classes, and over rows."""
    answers, truth = told(found, rows, unseen), found.codes[unseen]
    return class_mean(answers, truth), float((answers == truth).mean())


def asked(found: Labelled, grid: np.ndarray, pool: np.ndarray, way: str, seed: int, step: int, most: int) -> np.ndarray:
    """The rows in the order in which they are asked about; all but the default begin with rows by chance."""
    by, balance = WAYS[way]
    x, classes = found.vectors, len(found.names)
    known = np.zeros(0, np.int64)
    if by != "by count":
        known = np.random.default_rng(seed).permutation(pool)[:step]
    while len(known) < most:
        free = np.setdiff1d(pool, known)
        taken = choose(lambda rows: x[rows], grid, free, known, found.codes[known], classes, budget=step, by=by,
                       balance=balance, seed=seed)[0]  # fmt: skip
        known = np.concatenate([known, free[taken]])
    return known


def needed(found: Labelled, name: str, seeds: int) -> None:
    step, most, mark = (50, 2_000, 500) if name == "clinc150" else (10, 400, 100)
    grid, classes = to_grid(found.vectors), len(found.names)
    counts: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS}
    for seed in range(seeds):
        pool, unseen = halves(found, seed)
        whole = np.array(accuracies(found, pool, unseen))
        for way in WAYS:
            rows = asked(found, grid, pool, way, seed, step, most)
            reached = [float(most), float(most)]
            curve = np.array([accuracies(found, rows[:n], unseen) for n in range(step, most + 1, step)])
            for i in (0, 1):
                there = np.flatnonzero(curve[:, i] >= AIM * whole[i])
                reached[i] = float(step * (there[0] + 1)) if len(there) else float(most)
            share = np.bincount(found.codes[rows[:mark]], minlength=classes) / mark
            even = float(-(share[share > 0] * np.log(share[share > 0])).sum() / np.log(classes))
            counts[way].append((reached[0], reached[1], even))
    for way, values in counts.items():
        cells = np.array(values)
        base = np.array(counts["random"])
        ratio = mean_with_interval(cells[:, 0] / base[:, 0], "{:.2f}")
        print(f"| {name} | {way} | {mean_with_interval(cells[:, 0], '{:.0f}')} | {ratio} | "
              f"{mean_with_interval(cells[:, 1], '{:.0f}')} | {mean_with_interval(cells[:, 2], '{:.2f}')} |",
              flush=True)  # fmt: skip


def promised(found: Labelled, name: str, seeds: int) -> None:
    """Whether the curve's intervals hold what came, from labels by chance."""
    n = 1_000 if name == "clinc150" else 200
    x, classes, more = found.vectors, len(found.names), 50
    said: dict[str, list[float]] = {"covered": [], "error": [], "gain covered": [], "gain": [], "gain said": []}
    enough = []
    for seed in range(seeds):
        pool, unseen = halves(found, seed)
        rng = np.random.default_rng(seed)
        rows = rng.permutation(pool)[:n]
        curve = learning_curve(lambda some: x[some], rows, found.codes[rows], np.arange(n), classes)
        draws = [rng.permutation(pool) for _ in range(20)]
        now, twice = (np.mean([accuracies(found, d[:m], unseen)[1] for d in draws]) for m in (n, 2 * n))
        then = np.mean([accuracies(found, d[: n + more], unseen)[1] for d in draws])
        at, gain, point = curve.at(2 * n), curve.gain(more), curve.enough()
        enough.append((point.value, point.low, point.high))
        said["covered"].append(float(at.low <= twice <= at.high))
        said["error"].append(float(at.value - twice))
        said["gain covered"].append(float(gain.low <= then - now <= gain.high))
        said["gain"].append(float(then - now))
        said["gain said"].append(gain.value)
    held, gained = (f"{sum(said[key]):.0f} of {seeds}" for key in ("covered", "gain covered"))
    value, low, high = np.median(enough, axis=0)
    print(f"| {name} | {n:,} | {held} | {mean_with_interval(said['error'], '{:+.3f}')} | "
          f"{gained} | {mean_with_interval(said['gain said'], '{:+.4f}')} | "
          f"{mean_with_interval(said['gain'], '{:+.4f}')} | {value:,.0f} ({low:,.0f} to {high:,.0f}) | "
          f"{saturation(found)} |", flush=True)  # fmt: skip


def saturation(found: Labelled, least: float = 0.01) -> str:
    """The first number of labels, of 50, 71, 100, …, from which twice as many brought less on rows never seen."""
    pool, unseen = halves(found, 0)
    sizes = [round(50 * 2 ** (k / 2)) for k in range(14)]
    sizes = [n for n in sizes if n <= len(pool)]
    draws = [np.random.default_rng(seed).permutation(pool) for seed in range(10)]
    right = [float(np.mean([accuracies(found, d[:n], unseen)[1] for d in draws])) for n in sizes]
    little = [after - before < least for before, after in zip(right, right[2:], strict=False)]
    return next((f"{n:,}" for n, is_so in zip(sizes, little, strict=False) if is_so), f"more than {sizes[-3]:,}")


def replayed(found: Labelled, name: str, seeds: int) -> None:
    """What the replay says that asking brings beside chance, and what it brought."""
    n, more = (1_000, 200) if name == "clinc150" else (200, 50)
    x, grid, classes = found.vectors, to_grid(found.vectors), len(found.names)
    told_, came, covered = [], [], 0
    for seed in range(seeds):
        pool, unseen = halves(found, seed)
        rng = np.random.default_rng(seed)
        rows = rng.permutation(pool)[:n]
        codes = np.full(len(found.codes), -1)
        codes[rows] = found.codes[rows]
        said = expected(found.data, embedding=EMBEDDING, codes=codes, classes=classes, more=more)
        free = np.setdiff1d(pool, rows)
        taken = choose(lambda some: x[some], grid, free, rows, found.codes[rows], classes, budget=more, by=said.by,
                       balance=True, seed=seed)[0]  # fmt: skip
        after = accuracies(found, np.concatenate([rows, free[taken]]), unseen)[1]
        chance = np.mean([accuracies(found, np.concatenate([rows, rng.permutation(free)[:more]]), unseen)[1]
                          for _ in range(20)])  # fmt: skip
        told_.append(said.beside.value)
        came.append(float(after - chance))
        covered += int(said.beside.low <= after - chance <= said.beside.high)
    print(f"| {name} | {n:,} | {more} | {mean_with_interval(told_, '{:+.3f}')} | "
          f"{mean_with_interval(came, '{:+.3f}')} | {covered} of {seeds} |", flush=True)  # fmt: skip


def two_lanes(found: Labelled, name: str, seeds: int) -> None:
    """What is accepted from labels by chance, how right it is, and whether the audit's interval says so."""
    n = 1_000 if name == "clinc150" else 200
    x, classes, cells, covered = found.vectors, len(found.names), [], 0
    for seed in range(seeds):
        pool, _ = halves(found, seed)
        rows = np.random.default_rng(seed).permutation(pool)[:n]
        codes = np.full(len(pool), -1)
        codes[np.searchsorted(pool, np.sort(rows))] = found.codes[np.sort(rows)]
        here = x[pool]
        seen = Seen(np.ones(len(pool), bool), x.shape[1], vectors=here.__getitem__)
        p = probe(seen, codes, np.arange(len(pool)), classes, kind="by count").probability
        rest = np.flatnonzero(codes < 0)
        parted = lanes(p[rest], thresholds(p, codes), audit=50, seed=seed)
        truth = found.codes[pool[rest]]
        right = parted.likely == truth
        precision = float(right[parted.accepted].mean()) if len(parted.accepted) else float("nan")
        audit = audited(right[parted.audit])
        covered += int(audit.low <= precision <= audit.high)
        cells.append((len(parted.accepted) / len(rest), precision, float(right.mean())))
    values = np.array(cells)
    used = ~np.isnan(values[:, 1])
    print(f"| {name} | {n:,} | {mean_with_interval(values[:, 2])} | {mean_with_interval(values[:, 0], '{:.0%}')} | "
          f"{mean_with_interval(values[used, 1])} | {covered} of {used.sum()} |", flush=True)  # fmt: skip


PARTS = {
    "needed": (needed, ("set", "asked about", "labels for 90 %, mean over classes", "beside random",
                        "labels for 90 %, all rows", "evenness of what is asked")),
    "promised": (promised, ("set", "labels", "interval of twice as many holds", "said − came",
                            "interval of 50 more holds", "50 more, said", "50 more, came",
                              "enough, said", "enough, came")),
    "replayed": (replayed, ("set", "labels", "more", "asked beside chance, said", "came", "interval holds")),
    "two lanes": (two_lanes, ("set", "labels", "right of all", "accepted", "right of the accepted",
                              "audit of 50 holds it")),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    for part in args.parts:
        measure, head = PARTS[part]
        print(f"\n| {' | '.join(head)} |\n| {' | '.join('---' for _ in head)} |")
        for name in args.only:
            measure(labelled(args.data, name, args.workspace), name, args.seeds)


if __name__ == "__main__":
    main()
