"""Rows that each add most to the words so far: of a few drawn at random, the best one is added in."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors.spread._features import greedy_features, ngram_counts
from engine.registry import About, Bounds, Budget, Cost, Counted, Curve, Figure, Help, Json, Load

START, A_SIGN, A_LOOK = 0.02, 2e-7, 1e-5
CURVE_POINTS = 60


def _reading(load: Load) -> Cost:
    rows = min(load.rows, int(float(str(load.params.get("candidates", 100_000)))))
    options = int(float(str(load.params.get("options", 16)))) or 40
    read = (rows + load.kept) * load.characters(10_000) * A_SIGN
    return Cost(START + read + load.picks * options * A_LOOK, rows * 4000)


def _words(values: Mapping[str, object]) -> Mapping[str, str]:
    return {"options": f"{values['options']} random rows" if values["options"] else "all rows"}


ABOUT = About(
    purpose="cover",
    short="{budget} that add most words",
    words=_words,
    title="Add one at a time, whichever adds most (words)",
    cost=_reading,
    evidence={
        "covered": Figure(
            "Words covered", "Of the most that all candidates cover: each run of words counts by the root", "{:.1%}"
        ),
        "random_covered": Figure("Of as many random rows", "The same for as many candidates by chance", "{:.1%}"),
        "curve": Curve("Covered after so many picks", "rows picked", "covered", "of the words of all candidates"),
        "candidates": Figure("Candidates", "Rows that it was chosen from"),
        "undrawn": Counted("rows were not among the candidates", "row was not among the candidates"),
        "nothing_added": Counted(
            "picks add no word, as texts without words", "pick adds no word, as a text without words"
        ),
    },
)


def add_one_in(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    options: Annotated[
        int, Bounds(0, 1000), Help("How many rows each step looks at, drawn at random; 0 looks at all of them.")
    ] = 16,
    words: Annotated[int, Bounds(1, 3), Help("Longest run of words that counts as one thing to cover.")] = 2,
    per_word: Annotated[
        bool, Help("On: what a row adds is divided by its number of words, so that long texts have no head start.")
    ] = False,
    candidates: Annotated[
        int, Bounds(1000, 2_000_000), Help("At most so many rows, drawn at random, are looked at.")
    ] = 100_000,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget}, each the one of {options} that adds most words (runs of up to {words}, seed {seed}).

    A run of words counts by the square root of how often the picks and the rows kept by hand hold it: a new one adds
    most, one more after many adds little. With options = 0 each step looks at every candidate, which is the plain
    greedy choice: it covers at least 63 % of what the best one could. Ties go to the lower row. Runs are counted in
    2^20 buckets, in the first 10,000 signs of a text. Where more rows are left, `candidates` of them are drawn by seed,
    and at least as many as the budget.

    notes: covered, of what all candidates cover together; random_covered, by as many by chance; curve, covered after so
    many picks; candidates, how many; undrawn, how many rows were left aside; nothing_added, how many picks add nothing.
    Source: Add-One-In 2025, where a language model compares the options; here a function that is submodular does.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(rows))
    size = max(candidates, int(budget.amount))
    drawn = rows[np.sort(order[:size])]
    matrix = ngram_counts(data.texts(drawn), words)
    pinned = ngram_counts(data.texts(kept), words)
    k = min(int(budget.amount), len(drawn))
    cost = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1.0) if per_word else None
    picks, gains = greedy_features(matrix, k, chosen=pinned, cost=cost, options=options, rng=rng)
    base = np.asarray(pinned.sum(axis=0)).ravel()
    before = float(np.sqrt(base).sum())
    most = float(np.sqrt(base + np.asarray(matrix.sum(axis=0)).ravel()).sum())
    by_chance = matrix[rng.permutation(len(drawn))[:k]]
    steps = np.unique(np.linspace(0, len(picks), CURVE_POINTS).astype(int))
    reached = before + np.concatenate([[0.0], np.cumsum(gains)])
    notes: dict[str, Json] = {
        "covered": round(float(reached[-1]) / most, 9) if most else None,
        "random_covered": (
            round(float(np.sqrt(base + np.asarray(by_chance.sum(axis=0)).ravel()).sum()) / most, 9) if most else None
        ),
        "curve": [[int(s), round(float(reached[s]) / most, 9)] for s in steps] if most else [],
        "candidates": len(drawn),
        "undrawn": len(rows) - len(drawn),
        "nothing_added": int((gains <= 0).sum()),
    }
    return Picked(drawn[picks], notes)
