"""How often the 95 % intervals beside a cut hold the truth, where only some rows are judged.

Run by hand: `python -m benchmarks.judged_cuts [RUNS]`. Five thousand rows whose goodness is known, of which some are
judged: by chance, or half of them near the cut, as the page asks for; scores that are all different, and counts that
many rows share. Prints Markdown: of so many runs, in how many the interval held the share of all rows.
"""

import sys
from collections.abc import Callable

import numpy as np

from engine.look import wilson
from engine.look.judged_cuts import _effective, _weights

ROWS, JUDGED = 5000, 200
Made = tuple[np.ndarray, np.ndarray]


def main(runs: int = 200) -> None:
    """Print how often each share's interval holds the truth."""
    rng = np.random.default_rng(1)

    def counts() -> Made:
        score = rng.poisson(1.5, ROWS).astype(float)
        return score, rng.random(ROWS) < 0.2 + 0.1 * score

    def different() -> Made:
        score = rng.random(ROWS)
        return score, rng.random(ROWS) < 0.2 + 0.6 * score

    def by_chance(score: np.ndarray) -> np.ndarray:
        return rng.permutation(ROWS)[:JUDGED]

    def near(score: np.ndarray) -> np.ndarray:
        about = np.argsort(score)[ROWS * 3 // 10 : ROWS // 2]
        return np.unique(np.r_[rng.permutation(about)[: JUDGED // 2], rng.permutation(ROWS)[: JUDGED // 2]])

    print("| scores | judged | good rows lost | bad rows kept |\n| --- | --- | ---: | ---: |")
    for scores, make in (("all different", different), ("counts", counts)):
        for judged, pick in (("by chance", by_chance), ("half near the cut", near)):
            lost, kept = np.mean([_held(make, pick) for _ in range(runs)], axis=0)
            print(f"| {scores} | {judged} | {lost:.1%} | {kept:.1%} |")


def _held(make: Callable[[], Made], pick: Callable[[np.ndarray], np.ndarray]) -> list[bool]:
    """Whether the intervals of good rows lost and of bad rows kept hold what is true of all rows."""
    score, good = make()
    rows, cut = pick(score), float(np.quantile(score, 0.4))
    weight, found = _weights(score[rows], score), []
    for kind, side in ((good, score < cut), (~good, score >= cut)):
        mine = weight[kind[rows]]
        share = float(weight[kind[rows] & side[rows]].sum() / mine.sum())
        low, high = wilson(share, _effective(mine))
        found.append(bool(low <= (kind & side).sum() / kind.sum() <= high))
    return found


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
