"""How long each selector takes, beside what it is promised to take on a machine that has not tried it yet.

    OMP_NUM_THREADS=1 python -m benchmarks.promises --rows 20000 --workspace /tmp/previews

The rows are those of `benchmarks.preview`; the budget is a tenth of them, the graph is there. Selectors toward a target
get as many random rows as --examples says, once each. Each is asked for a few rows before, so that libraries are
loaded. With --mix, each choice is made in a mix besides, of a column of 5 and of one of 50 values, the first of which
gets twice its share. Prints Markdown.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.preview import MIXES, NO_KEPT, VECTORS, made, step_of
from engine import Dataset, Step
from engine.building import picking_seconds
from engine.recipe import SELECTORS, examples_ref, select
from engine.registry import Budget, Member, Mix


def targets(data: Dataset, member: Member, sizes: list[int]) -> Iterator[tuple[str, dict[str, str]]]:
    """What a selector is toward, in words, and as its knob: for one without a target nothing, once."""
    knob = next((p.name for p in member.params if p.of == "examples"), "")
    if not knob:
        yield "", {}
        return
    for size in sizes:
        rows = np.sort(np.random.default_rng(size).permutation(data.n)[:size])
        yield f", {size:,} examples", {knob: examples_ref(data, f"{size}", {}, rows={"it": rows}, embedding=VECTORS)}


def took(data: Dataset, step: Step) -> float:
    start = time.perf_counter()
    select(data, step, data.rows(), NO_KEPT)
    return time.perf_counter() - start


def line(data: Dataset, said: str, step: Step) -> None:
    guess, truth = picking_seconds(data, step, data.rows()), took(data, step)
    off = f"{truth / guess:.2f}" if guess else "–"
    print(f"| {said} | {guess:,.2f} | {truth:,.2f} | {off} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--examples", type=int, nargs="*", default=[50, 1000])
    parser.add_argument("--only", nargs="*", default=list(SELECTORS))
    parser.add_argument("--mix", action="store_true")
    parser.add_argument("--workspace", type=Path, required=True)
    given = parser.parse_args()
    data, budget = made(given.workspace, given.rows, given.dimension), given.rows // 10
    print(f"{data.n:,} rows of {given.dimension} dimensions, {budget:,} to pick, one thread\n")
    print("| choice | promised, s | took, s | times as long |\n| --- | ---: | ---: | ---: |")
    for name in given.only:
        member = SELECTORS[name]
        for said, target in targets(data, member, given.examples):
            few, step = (step_of(member, many, **target) for many in (5, budget))
            with threadpool_limits(1):
                took(data, few)
                line(data, f"`{name}`{said}", step)
                for column, groups in MIXES.items() if given.mix else ():
                    mix = Budget(budget, "rows", Mix(column, {f"{column} 0": 2 / groups}))
                    mixed = Step(name, {**step.params, "budget": mix.json()}).checked()
                    line(data, f"`{name}`{said}, {groups} groups", mixed)


if __name__ == "__main__":
    main()
