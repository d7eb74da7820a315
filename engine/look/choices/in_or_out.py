"""Why a row is in a choice, or which picked row stands for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset import Dataset, row_words
from engine.errors import EngineError
from engine.recipe import nearest_picked
from engine.registry import Curve, Evidence, Json

LEAST = 0.00001
"""A share too small to be told in numbers."""


@dataclass(frozen=True)
class InOrOut:
    """One row beside a choice. place: where in the pick order it was picked, from 1; None where it was not. before:
    whether it was there before the first pick, kept by hand or chosen earlier.

    gain: what picking it added, 0 to 1, by the selector's own notes, None where they do not say; of: what that is a
    share of; about: whether it is a mean over several picks. stands: the picked row most like it, for a row that was
    not picked; similarity: -1 to 1.
    """

    row: int
    place: int | None
    gain: float | None
    of: str
    about: bool
    stands: int | None
    similarity: float | None
    before: bool = False

    def words(self, data: Dataset) -> str:
        """The answer in a sentence. data: names the rows."""
        row = row_words(data, self.row, begins=True)
        if self.before:
            return f"{row} is in: kept by hand or chosen before the first pick."
        if self.place is not None:
            return f"{row} is in: picked as number {self.place:,}{self._adding()}."
        if self.stands is None:
            return f"{row} is out, and has no text to compare."
        return (
            f"{row} is out: {row_words(data, self.stands)} stands for it, the picked row most like it "
            f"(similarity {self.similarity:.3f})."
        )

    def _adding(self) -> str:
        if self.gain is None:
            return ""
        if self.gain < LEAST:
            return f", adding {f'under {LEAST:.3%}' if self.gain > 0 else 'nothing'} {self.of}"
        return f", adding {'about ' if self.about else ''}{100 * self.gain:.2g}% {self.of}"


def in_or_out(
    data: Dataset,
    picks: np.ndarray,
    rows: np.ndarray,
    *,
    embedding: str = "",
    notes: Mapping[str, Json] | None = None,
    evidence: Mapping[str, Evidence] | None = None,
) -> list[InOrOut]:
    """Why each of some rows is in a choice, or which pick stands for it, in the order given.

    picks: int64 in pick order, after rows that were there `before` by the notes. notes: what the selector noted;
    evidence: what its notes are. Where one is a curve of what picks add, the mean between two points is told.
    embedding: by which a pick is like a row; "": none is sought. Of picks that are equally alike the lower row stands
    for it. Raises `EngineError` for nothing picked.
    """
    if not len(picks):
        raise EngineError("Nothing is picked, so no row stands for another. Pick a row at least.")
    before = int(cast(int, (notes or {}).get("before", 0)))
    place = {int(row): i - before for i, row in enumerate(picks)}
    out = np.array([row for row in rows.tolist() if row not in place], np.int64)
    stands: dict[int, tuple[int, float]] = {}
    if embedding and len(out):
        nearest, similarity = nearest_picked(data, out, picks, embedding)
        for row, near, value in zip(out.tolist(), nearest.tolist(), similarity.tolist(), strict=True):
            if near >= 0:
                stands[row] = (near, value)
    found = []
    for row in rows.tolist():
        at = place.get(row)
        gain, of, about = _gain(notes or {}, evidence or {}, at)
        near, value = stands.get(row, (None, None))
        found.append(
            InOrOut(row, None if at is None else at + 1, gain, of, about, near, value, at is not None and at < 0)
        )
    return found


def stood_for(data: Dataset, picks: np.ndarray, rows: np.ndarray, embedding: str) -> np.ndarray:
    """int64 (k,): for how many of some rows each pick stands: itself, and the rows whose most similar pick it is.

    picks: int64; rows: int64, those chosen from. Of picks that are equally alike the lower row stands; a row without a
    vector is stood for by none. As many comparisons as there are picks times rows.
    """
    out = np.setdiff1d(rows, picks)
    nearest, _ = nearest_picked(data, out, picks, embedding)
    order = np.argsort(picks)
    place = order[np.searchsorted(picks, nearest[nearest >= 0], sorter=order)]
    return np.bincount(place, minlength=len(picks)) + 1


def _gain(
    notes: Mapping[str, Json], evidence: Mapping[str, Evidence], at: int | None
) -> tuple[float | None, str, bool]:
    """What the pick at a place added, of what, and whether that is a mean over several."""
    for key, one in evidence.items():
        if at is None or at < 0 or not isinstance(one, Curve) or not one.adds:
            continue
        curve = cast(Sequence[Sequence[float]], notes.get(key) or [])
        for (start, low), (end, high) in zip(curve, curve[1:], strict=False):
            if start <= at < end:
                return (high - low) / (end - start), one.adds, end - start > 1
    return None, "", False
