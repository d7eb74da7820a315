"""What selectors on vectors share: one candidate for each distinct text, and the rows that can only come last."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import DistinctTexts, Picked
from engine.registry import Counted, Evidence, Json

LATER: dict[str, Evidence] = {
    "repeats": Counted("picks repeat the text of another pick", "pick repeats the text of another pick"),
    "without_vectors": Counted("picks have no text to compare", "pick has no text to compare"),
}
"""What `filled` counts, in words."""


@dataclass(frozen=True)
class Leaders:
    """Candidates as distinct texts, in the order in which their rows were given.

    nodes: int64 (l,), each distinct text among the candidates that no kept row has already. rows: int64 (l,), the
    first candidate row of each: the lowest, where they were given ascending. repeats: candidate rows whose text a
    leader or a kept row has. bare: candidate rows without a vector. kept: int64, distinct texts of the kept rows.
    """

    nodes: np.ndarray
    rows: np.ndarray
    repeats: np.ndarray
    bare: np.ndarray
    kept: np.ndarray


def leaders(nodes: DistinctTexts, rows: np.ndarray, kept: np.ndarray) -> Leaders:
    """Split candidate rows, int64, into leaders, repeats and rows without a vector."""
    of_row = np.asarray(nodes.of_row[rows], np.int64)
    of_kept = np.unique(np.asarray(nodes.of_row[kept], np.int64))
    of_kept = of_kept[of_kept >= 0]
    with_vector = np.flatnonzero(of_row >= 0)
    _, first = np.unique(of_row[with_vector], return_index=True)
    lead = with_vector[np.sort(first)]
    lead = lead[~np.isin(of_row[lead], of_kept)]
    leads = np.zeros(len(rows), bool)
    leads[lead] = True
    return Leaders(of_row[lead], rows[lead], rows[~leads & (of_row >= 0)], rows[of_row < 0], of_kept)


def filled(
    picks: np.ndarray, later: list[tuple[str, np.ndarray]], budget: int, seed: int, notes: dict[str, Json]
) -> Picked:
    """The picks, then, while the budget has room, rows of each later kind at random; the notes count each kind."""
    rng = np.random.default_rng(seed)
    parts = [picks[:budget]]
    room = budget - len(parts[0])
    for name, rows in later:
        taken = rng.permutation(rows)[:room]
        parts.append(taken)
        room -= len(taken)
        notes = notes | {name: len(taken)}
    return Picked(np.concatenate(parts).astype(np.int64), notes)
