"""How much of a choice is luck: how often each row is picked again by another seed, or from other rows."""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.lines import finite
from engine.progress import Progress, quiet
from engine.recipe import Step, select
from engine.registry import Budget, Json

Over = Literal["seeds", "resamples"]
RUNS = 10
NEARLY_ALWAYS = 0.9
SAME = 3
"""Runs that pick the same rows whatever the seed, after which no more seeds are tried."""
NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Stability:
    """How often rows are picked. picked: float32 (n,), the share of the runs in which a row could be picked that picked
    it, 0 to 1; NaN for a row that never could be; 1 for one that is kept by hand.

    steady: the share of the choice's own picks that nine runs in ten pick too. alike: mean Jaccard similarity of the
    picks of two runs, among the rows that both could pick; by_chance: that of random choices of this size. same: the
    seed changes nothing.
    """

    over: Over
    picked: np.ndarray
    runs: int
    steady: float
    alike: float
    by_chance: float
    same: bool

    def json(self) -> dict[str, Json]:
        """The summary, without the column."""
        return {name: finite(value) for name, value in vars(self).items() if name != "picked"}

    def text(self) -> list[str]:
        """What it comes to, for a terminal."""
        return self.markdown()

    def markdown(self) -> list[str]:
        """What it comes to, in a sentence or two."""
        if self.same:
            return ["- Another seed picks the same rows."]
        other = "with another seed" if self.over == "seeds" else "from other rows, drawn from these with repeats"
        return [
            f"- Picked {self.runs:,} times {other}: {self.steady:.0%} of the picks come nine times in ten. "
            f"Two runs share {self.alike:.0%} of their picks, random choices {self.by_chance:.0%}."
        ]


def stability(
    data: Dataset,
    step: Step,
    rows: np.ndarray,
    keep: np.ndarray = NONE,
    *,
    over: Over = "resamples",
    runs: int = RUNS,
    seed: int = 0,
    progress: Progress = quiet,
) -> Stability:
    """Let a selector pick again and again, with another seed each time, or from a bootstrap sample of the rows.

    rows: int64 ascending, what it picks from; keep: those kept by hand. A bootstrap sample draws as many rows with
    repeats, which leaves about 63 % of the different ones; the budget stays as many rows as the selector picks from
    all. A budget in tokens or bytes stays what it is. Raises `EngineError` for a step that does not pick, for
    nothing picked and for fewer than two runs.
    """
    step = step.checked()
    if not step.selects:
        raise EngineError(f"The step {step.do!r} does not pick rows with a budget. Choose a selector.")
    if runs < 2:
        raise EngineError(f"runs is {runs}. Give 2 or more; 10 are usual.")
    first = select(data, step, rows, keep).rows
    if not len(first):
        raise EngineError("The selector picks nothing here, so nothing can come again. Give it rows and a budget.")
    fixed = _fixed(step, len(first) + len(keep))
    could, was = [], []
    free = rows[~np.isin(rows, keep)]
    for run in range(runs):
        progress("Picking again", run, runs)
        here, one = free, fixed
        if over == "seeds":
            one = _seeded(fixed, seed + run)
        else:
            rng = np.random.default_rng([seed, RESAMPLED, run])
            here = np.unique(free[rng.integers(0, max(len(free), 1), len(free))])
        found = select(data, one, np.union1d(here, keep), keep).rows
        could.append(_mask(data, here))
        was.append(_mask(data, found))
        same = over == "seeds" and all((mask == was[0]).all() for mask in was)
        if same and (run + 1 == SAME or "seed" not in fixed.params):
            break
    progress("Picking again", runs, runs)
    with np.errstate(invalid="ignore"):
        picked = (np.sum(was, axis=0) / np.sum(could, axis=0)).astype(np.float32)
    picked[keep] = 1
    often = picked[first]
    pairs = [_pair(could, was, i, j) for i, j in combinations(range(len(was)), 2)]
    return Stability(
        over, picked, len(was), float((often >= NEARLY_ALWAYS).mean()),
        float(np.mean([alike for alike, _ in pairs])) if pairs else 1.0,
        float(np.mean([chance for _, chance in pairs])) if pairs else 1.0, bool(same),
    )  # fmt: skip


RESAMPLED = 1_000_099


def _seeded(step: Step, seed: int) -> Step:
    """The step with another seed; as it is where it has none."""
    return replace(step, params={**step.params, "seed": seed}) if "seed" in step.params else step


def _fixed(step: Step, rows: int) -> Step:
    """The step with its budget in rows, unless it is in tokens or bytes: a percentage of fewer rows is fewer."""
    budget = Budget.read(step.params["budget"])  # type: ignore[arg-type]
    fixed = {**step.params, "budget": rows} if budget.unit in ("rows", "percent") else step.params
    return replace(step, params=fixed).checked()


def _mask(data: Dataset, rows: np.ndarray) -> np.ndarray:
    found = np.zeros(data.n, bool)
    found[rows] = True
    return found


def _pair(could: list[np.ndarray], was: list[np.ndarray], i: int, j: int) -> tuple[float, float]:
    """How alike the picks of two runs are among the rows that both could pick, and random ones in their place."""
    both = could[i] & could[j]
    mine, theirs = was[i] & both, was[j] & both
    union = int((mine | theirs).sum())
    p, q = (was[r].sum() / max(int(could[r].sum()), 1) for r in (i, j))
    chance = p * q / (p + q - p * q) if p + q else 1.0
    return (int((mine & theirs).sum()) / union if union else 1.0), float(chance)
