"""Rows that span the most volume: the greedy set of a determinantal point process."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors._nodes import LATER, filled, leaders
from engine.recipe.selectors.spread._log_det import greedy_log_det, log_det_of
from engine.registry import About, Bounds, Budget, Cost, Counted, Embedding, Figure, Help, Json, Load

START, A_LOOK, A_PRODUCT = 0.05, 2e-12, 8e-10
"""Seconds before the first pick; a pick, candidate and square of a dimension; a kept row and square of a dimension.
Measured on one core of a server of 2024."""
LOOKED_AT = 20_000
"""Of more candidates most are never looked at."""
CANDIDATES = 50_000


def _solving(load: Load) -> Cost:
    rows = min(load.rows, int(float(str(load.params.get("candidates", CANDIDATES)))))
    rows = min(rows, LOOKED_AT)
    return Cost(START + load.dimension**2 * (load.picks * rows * A_LOOK + load.kept * A_PRODUCT))


ABOUT = About(
    purpose="cover",
    short="{budget} that span the most",
    title="Span the most volume (log-determinant)",
    cost=_solving,
    evidence={
        "log_det": Figure("Log-determinant", "Of the similarities of the picks; higher is more spread", "{:,.2f}"),
        "random_log_det": Figure("Of as many random rows", "The same for as many candidates by chance", "{:,.2f}"),
        "candidates": Figure("Candidates", "Distinct texts that it was chosen from"),
        "unsampled": Counted(
            "distinct texts were not among the candidates", "distinct text was not among the candidates"
        ),
        **LATER,
    },
)


def log_det(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    ridge: Annotated[
        float,
        Bounds(0.001, 10),
        Help("Added to the similarity of a row to itself: small seeks new directions, large puts up with likeness."),
    ] = 0.1,
    candidates: Annotated[
        int, Bounds(1000, 2_000_000), Help("At most so many distinct texts, drawn at random, are looked at.")
    ] = CANDIDATES,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} that span the most volume by {embedding} (ridge {ridge}, of {candidates} candidates, seed {seed}).

    Greedy: each pick adds most to the logarithm of the determinant of the similarities of all picks and of the rows
    kept by hand, with `ridge` on its diagonal; this is the greedy answer to which set a determinantal point process
    most likely gives. A row counts by the part of it that no mix of the picks explains, where `farthest` asks only for
    the nearest pick. Gains are compared to nine digits, ties go to the lower row; so the first pick is the lowest row.
    Where more distinct texts are left, `candidates` of them are drawn by seed, and at least as many as the budget.
    Repeats, then rows without a vector come last at random.

    notes: log_det of the picks and random_log_det, of as many candidates by chance; candidates, how many; unsampled,
    how many distinct texts were not drawn; repeats, without_vectors: how many such rows were picked.
    """
    vectors = data.embedding(embedding)
    found = leaders(vectors.texts, rows, kept)
    rng = np.random.default_rng(seed)
    n = len(found.nodes)
    drawn = np.sort(rng.permutation(n)[: max(candidates, int(budget.amount))])
    nodes, of_node = found.nodes[drawn], found.rows[drawn]
    k = min(int(budget.amount), len(nodes))
    picks, _ = greedy_log_det(
        lambda at: vectors.floats(nodes[at]), len(nodes), k, ridge=ridge, chosen=vectors.floats(found.kept)
    )
    by_chance = rng.permutation(len(nodes))[:k]
    notes: dict[str, Json] = {
        "log_det": _rounded(vectors.floats(nodes[picks]), ridge),
        "random_log_det": _rounded(vectors.floats(nodes[by_chance]), ridge),
        "candidates": len(nodes),
        "unsampled": n - len(nodes),
    }
    later = [
        ("repeats", found.repeats),
        ("without_vectors", found.bare),
    ]
    return filled(of_node[picks], later, int(budget.amount), seed, notes)


def _rounded(vectors: np.ndarray, ridge: float) -> float | None:
    """To six digits: what is after them may depend on the machine."""
    return round(log_det_of(vectors, ridge), 6) if len(vectors) else None
