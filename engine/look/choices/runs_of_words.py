"""Words and short runs of words: which rows have which, and how much of all that is said some rows cover."""

from dataclasses import dataclass, replace

import numpy as np

from engine.dataset import Dataset
from engine.models import parts, said, word_hashes
from engine.progress import Progress, quiet

LONGEST = 3
MOST_RUNS = 8_000_000
"""Runs that are held at once; of more texts, one in so many different runs is looked at, the same ones in every row."""
READ = 8192
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Runs:
    """The runs of up to three words in some rows, each time that one stands there.

    place: int32 (r,), ascending, which of the rows; of: int64 (r,), which run. mass: int64 (g,), how often each stands
    in all; hashes: uint64 (g,), what each is known by. rows: int64 ascending. one_in: only one in so many different
    runs was looked at.
    """

    rows: np.ndarray
    place: np.ndarray
    of: np.ndarray
    mass: np.ndarray
    hashes: np.ndarray
    one_in: int

    def covered(self, chosen: np.ndarray) -> float:
        """The share of the mass, 0 to 1, of runs that stand in one of the chosen rows at least; NaN without a word."""
        if not len(self.mass):
            return float("nan")
        there = np.zeros(len(self.mass), bool)
        there[self.of[np.isin(self.rows, chosen)[self.place]]] = True
        return float(self.mass[there].sum() / self.mass.sum())

    def once_a_row(self) -> "Runs":
        """The same with each run once in a row at most."""
        cell = np.unique(self.place.astype(np.int64) * max(len(self.mass), 1) + self.of)
        place, of = cell // max(len(self.mass), 1), cell % max(len(self.mass), 1)
        return replace(self, place=place.astype(np.int32), of=of, mass=np.bincount(of, minlength=len(self.mass)))


def runs_of(data: Dataset, rows: np.ndarray, *, longest: int = LONGEST, progress: Progress = quiet) -> Runs:
    """Read the runs of one to `longest` words in the texts of some rows."""
    rows = np.unique(rows)
    one_in = runs_in_one(data, rows, longest)
    places: list[np.ndarray] = [np.zeros(0, np.int32)]
    hashes: list[np.ndarray] = [np.zeros(0, np.uint64)]
    for start in range(0, len(rows), READ):
        progress("Reading words", start, len(rows))
        texts = data.texts(rows[start : start + READ])
        for low, high in parts(texts):
            place, found = runs_in_texts(texts[low:high], longest)
            kept = (found >> np.uint64(16)) % np.uint64(one_in) == 0
            place, found = place[kept], found[kept]
            order = np.argsort(place, kind="stable")
            places.append((place[order] + start + low).astype(np.int32))
            hashes.append(found[order])
    different, of, mass = np.unique(np.concatenate(hashes), return_inverse=True, return_counts=True)
    return Runs(rows, np.concatenate(places), of.astype(np.int64), mass.astype(np.int64), different, one_in)


def words_named(data: Dataset, runs: Runs, wanted: np.ndarray) -> dict[int, str]:
    """The words behind some numbers, each read from the first row that has it; a run of several words has no name."""
    found: dict[int, str] = {}
    for number in wanted.tolist():
        row = runs.rows[runs.place[int(np.argmax(runs.of == number))]]
        words = said(data.texts(np.array([row])))
        at = np.flatnonzero(word_hashes(words) == runs.hashes[number])
        if len(at):
            found[number] = words.words[int(at[0])].as_py()
    return found


def runs_in_texts(texts: list[str], longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each run the number of its text, and a hash: int64 and uint64 (r,)."""
    found = said(texts)
    row, single = np.repeat(np.arange(len(found.lengths)), found.lengths), word_hashes(found)
    places, hashes, run = [row], [single], single
    for length in range(2, longest + 1):
        run = ((run[:-1] * _MIX) ^ single[length - 1 :]) * _MIX
        whole = row[length - 1 :] == row[: len(row) - length + 1]
        places.append(row[length - 1 :][whole])
        hashes.append(run[whole])
    return np.concatenate(places), np.concatenate(hashes)


def runs_in_one(data: Dataset, rows: np.ndarray, longest: int = LONGEST) -> int:
    """How many different runs one has to stand for, so that all fit into memory; told from a few rows."""
    some = rows[np.unique(np.linspace(0, len(rows) - 1, min(500, len(rows))).astype(np.int64))] if len(rows) else rows
    words = float(said(data.texts(some)).lengths.mean()) if len(some) else 0.0
    return max(1, int(np.ceil(words * longest * len(rows) / MOST_RUNS)))
