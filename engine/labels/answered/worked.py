"""How far the work on a queue of rows is, and what came of it."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.marks import answers, settled


@dataclass(frozen=True)
class Worked:
    """Of the rows of a queue: how many there are, how many were answered so that it is settled, of these how many
    confirm the label that came, how many correct it and how many had none; unsure: nobody could tell; open:
    annotators differ.

    seconds: the middle time of an answer, None where none was counted. annotators: who answered here, by name.
    """

    rows: int
    confirmed: int
    corrected: int
    given: int
    unsure: int
    open: int
    seconds: float | None
    annotators: tuple[str, ...]

    @property
    def answered(self) -> int:
        """Rows that nobody needs to look at again, but for those where annotators differ."""
        return self.confirmed + self.corrected + self.given + self.unsure + self.open

    @property
    def seconds_left(self) -> float | None:
        """What the rest takes at the pace so far."""
        return None if self.seconds is None else self.seconds * (self.rows - self.answered)


def beginning(data: Dataset, label: str, rows: np.ndarray) -> int:
    """How many rows of a list, int64, are answered from the first on, unsure and open ones too, without a gap."""
    waits = _waits(data, label, rows)
    return int(waits.argmax()) if waits.any() else len(rows)


def _waits(data: Dataset, label: str, rows: np.ndarray) -> np.ndarray:
    """bool, of some rows those that nobody looked at."""
    found = settled(data, label)
    return ~np.isin(rows, np.concatenate([found.rows, found.open, found.unsure]))


def worked_through(data: Dataset, label: str, rows: np.ndarray, share: float = 0.9) -> int:
    """How far a list of rows, int64, is worked through: the longest beginning of which so many are answered."""
    answered = np.cumsum(~_waits(data, label, rows))
    enough = np.flatnonzero(answered >= share * np.arange(1, len(rows) + 1))
    return int(enough[-1]) + 1 if len(enough) else 0


def worked(data: Dataset, label: str, rows: np.ndarray) -> Worked:
    """How far a queue of rows is, int64, by the answers of all annotators."""
    found = settled(data, label)
    came: list[str | None] = [None] * len(rows)
    if label in data.columns:  # by the names of the codes: a boolean is another word elsewhere
        codes, names = data.codes(label, rows)
        came = [names[code] if code >= 0 else None for code in codes.tolist()]
    said = dict(zip(found.rows.tolist(), found.labels, strict=True))
    told = [(said[row], was) for row, was in zip(rows.tolist(), came, strict=True) if row in said]
    confirmed, given = sum(now == was for now, was in told), sum(was is None for _, was in told)
    here = set(rows.tolist())
    of_these = [one for one in answers(data, label) if one.row in here]
    times = [one.seconds for one in of_these if one.seconds is not None]
    return Worked(
        len(rows), confirmed, len(told) - confirmed - given, given, int(np.isin(rows, found.unsure).sum()),
        int(np.isin(rows, found.open).sum()), float(np.median(times)) if times else None,
        tuple(sorted({one.annotator for one in of_these} - {""})),
    )  # fmt: skip
