"""What dropping one end of a score teaches beside dropping at random, by the labels that rows truly have.

Run by hand: `python -m benchmarks.pruning_curves DATA [--keep FOLDER] [--only SET …] [--seeds 5] [--noisy]`. DATA is
the folder of the public sets; 4,000 rows of each at most. --noisy: 3 of 10 rows are copies of others and 2 of 10 labels
are wrong, and scores see those. Prints a Markdown table for each set: balanced accuracy after so many percent were
dropped.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.choices_teach import EMBEDDING, prepared
from engine.building import build, key_of, spec
from engine.look import pruning_curve

SHARES = (0, 10, 20, 30, 50, 70, 90)
SCORES = {"el2n": "label_learning", "gradient_variance": "gradient_variance"}
SETS = ("sms-spam", "subjectivity", "clinc150")
MARKS = {"better than random": " **better**", "worse than random": " worse"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="*", default=SETS)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--noisy", action="store_true")
    asked = parser.parse_args()
    place = asked.keep or Path(tempfile.mkdtemp())
    for name in asked.only:
        data = prepared(asked.data, name, place, noisy=asked.noisy)
        on = {"embedding": EMBEDDING, "label": "label"}
        for member in SCORES.values():
            made = spec("signal", member, on)
            data = build(data, {key_of(made): made})
        print(f"\n{name}{', noisy' if asked.noisy else ''}\n")
        print("| dropped | " + " | ".join(f"{way} {score}" for score in SCORES for way in ("highest", "lowest"))
              + " | at random |\n| ---: |" + " ---: |" * (2 * len(SCORES) + 1))  # fmt: skip
        columns = {score: next(key for key in data.columns if key.startswith(score)) for score in SCORES}
        curves = [
            pruning_curve(data, column, "label", embedding=EMBEDDING, truth="true", dropped=SHARES, seeds=asked.seeds)
            for column in columns.values()
        ]
        ways = [curve.of(way) for curve in curves for way in ("highest", "lowest")]
        for at, share in enumerate(SHARES):
            cells = [f"{way[at].mean:.3f}{MARKS.get(way[at].verdict, '')}" for way in ways]
            print(f"| {share} % | " + " | ".join(cells) + f" | {curves[0].of('random')[at].mean:.3f} |", flush=True)
        print(f"\n{curves[0].probe}, {curves[0].rows:,} rows, {curves[0].held_out:,} held out", flush=True)


if __name__ == "__main__":
    main()
