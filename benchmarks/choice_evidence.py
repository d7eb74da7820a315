"""What evidence for a choice takes, and how often it speaks of chance as if it was none.

    python -m benchmarks.choice_evidence --rows 100000 --picks 10000
    python -m benchmarks.choice_evidence --rows 10000 --picks 1000 --chances 40

Texts are made of words by their rank (Zipf), each of one of 40 kinds that has words of its own; vectors count words.
Each line is one function of `engine.look`, in one process. With --chances as many random choices are measured in place
of a selector's: whatever is called better or worse than random, and every shift or word that counts as sure, is an
accident.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import engine
from engine.look import covering, in_or_out, loss_audit, scorecard, stability
from engine.recipe import Step


def write_rows(path: Path, rows: int, seed: int = 0) -> None:
    """Texts of 8 to 40 words, a kind of uneven size, and three numbers that say nothing."""
    rng = np.random.default_rng(seed)
    kinds = (40 * rng.random(rows) ** 2).astype(int)
    lengths = rng.integers(8, 41, rows)
    words = np.minimum(rng.zipf(1.3, int(lengths.sum())), 30_000)
    ends = np.cumsum(lengths)
    luck = rng.normal(size=(rows, 3))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "kind", "a", "b", "c"])
        for row, (kind, end, length) in enumerate(zip(kinds.tolist(), ends.tolist(), lengths.tolist(), strict=True)):
            said = [f"k{kind}w{w % 200}" if i % 3 == 0 else f"w{w}" for i, w in enumerate(words[end - length : end])]
            writer.writerow([" ".join(said), f"kind {kind}", *luck[row].round(4)])


def timed(name: str, work: Callable[[], object]) -> None:
    """Run and print the seconds."""
    start = time.perf_counter()
    work()
    print(f"{name:40} {time.perf_counter() - start:7.2f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--picks", type=int, default=10_000)
    parser.add_argument("--chances", type=int, default=0, metavar="N", help="measure N random choices instead")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_rows(Path(folder, "rows.csv"), args.rows)
        options = engine.opening.SourceOptions(text="text", roles={"label": "kind"})
        data = engine.open(Path(folder, "rows.csv"), Path(folder, "workspace"), name="made", options=options)
        data = engine.build(data, ["lexical"])
        every = data.rows()
        if args.chances:
            chance(data, args.picks, args.chances)
            return
        picks = np.random.default_rng(1).permutation(data.n)[: args.picks]
        mask = np.isin(every, picks)
        print(f"{data.n:,} rows, {len(picks):,} picks, {data.embedding('lexical').grid.shape[1]} numbers a vector")
        timed("covering, 20 random choices", lambda: covering(data, picks, every, embedding="lexical"))
        timed("covering, without words", lambda: covering(data, picks, every, embedding="lexical", words=False))
        timed("scorecard", lambda: scorecard(data, picks, every))
        timed("scorecard, without words", lambda: scorecard(data, picks, every, words=False))
        timed("loss_audit", lambda: loss_audit(data, np.ones(data.n, bool), mask))
        timed("in_or_out, 100 rows", lambda: in_or_out(data, picks, every[:100], embedding="lexical"))
        step = Step("random", {"budget": args.picks})
        timed("stability of random, 10 runs", lambda: stability(data, step, every))
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def chance(data: engine.Dataset, picks: int, chances: int) -> None:
    """How much of what is said of random choices sounds as if it was none."""
    out = figures = sure = columns = terms = beyond = groups = 0
    for seed in range(chances):
        chosen = np.random.default_rng([2, seed]).permutation(data.n)[:picks]
        found = covering(data, chosen, data.rows(), embedding="lexical", seed=seed)
        figures += len(found.figures)
        out += sum(one.verdict != "no better than random on this" for one in found.figures)
        card = scorecard(data, chosen, data.rows(), seed=seed)
        columns += len(card.numbers) + len(card.categories)
        sure += len(card.clear())
        terms += len(card.words.more) + len(card.words.less) if card.words else 0
        lost = loss_audit(data, np.ones(data.n, bool), np.isin(data.rows(), chosen))
        groups += lost.looked_at
        beyond += sum(one.beyond_chance for one in lost.lost)
    print(f"{chances} random choices of {picks:,} of {data.n:,} rows")
    print(f"figures outside the band: {out} of {figures}; columns that shift: {sure} of {columns}")
    print(f"words said surely more or less often: {terms}; groups lost beyond chance: {beyond} of {groups}")


if __name__ == "__main__":
    main()
