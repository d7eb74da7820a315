"""Why a row is in a choice, or which picked row stands for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.recipe import nearest_picked
from engine.registry import Json


@dataclass(frozen=True)
class InOrOut:
    """One row beside a choice. place: where in the pick order it was picked, from 1; None where it was not.

    gain: what picking it added, by the selector's own notes, None where they do not say; about: whether that is a mean
    over several picks. stands: the picked row most like it, for a row that was not picked; similarity: -1 to 1.
    """

    row: int
    place: int | None
    gain: float | None
    about: bool
    stands: int | None
    similarity: float | None

    def words(self) -> str:
        """The answer in a sentence."""
        if self.place is not None:
            gain = "" if self.gain is None else f", adding {'about ' if self.about else ''}{self.gain:.4g}"
            return f"Row {self.row:,} is in: picked as number {self.place:,}{gain}."
        if self.stands is None:
            return f"Row {self.row:,} is out, and has no text to compare."
        return (
            f"Row {self.row:,} is out: row {self.stands:,} stands for it, the picked row most like it "
            f"(similarity {self.similarity:.3f})."
        )


def in_or_out(
    data: Dataset, picks: np.ndarray, rows: np.ndarray, *, embedding: str = "", notes: Mapping[str, Json] | None = None
) -> list[InOrOut]:
    """Why each of some rows is in a choice, or which pick stands for it, in the order given.

    picks: int64 in pick order; notes: what the selector noted, for what each pick added: `gains`, one a pick, or
    `curve`, from which the mean between two of its points is told. embedding: by which a pick is like a row; "": none
    is sought. Of picks that are equally alike the lower row stands for it. Raises `EngineError` for nothing picked.
    """
    if not len(picks):
        raise EngineError("Nothing is picked, so no row stands for another. Pick a row at least.")
    place = {int(row): i for i, row in enumerate(picks)}
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
        gain, about = _gain(notes or {}, at, len(picks)) if at is not None else (None, False)
        near, value = stands.get(row, (None, None))
        found.append(InOrOut(row, None if at is None else at + 1, gain, about, near, value))
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


def _gain(notes: Mapping[str, Json], at: int, picks: int) -> tuple[float | None, bool]:
    """What the pick at a place added, and whether that is a mean over several."""
    gains = notes.get("gains")
    if isinstance(gains, list) and len(gains) == picks:
        return float(cast(float, gains[at])), False
    curve = cast(Sequence[Sequence[float]], notes.get("curve") or [])
    for (start, low), (end, high) in zip(curve, curve[1:], strict=False):
        if start <= at < end:
            return (high - low) / (end - start), end - start > 1
    return None, False
