"""What a split reached: rows of each part, how far off, what does not cross, in numbers and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.split import Placed, Split, codes
from engine.pairs import NEAR

MOST_STRATA = 50
"""Values of the column to stratify by that are listed, those with most rows first."""


@dataclass(frozen=True)
class WrittenPart:
    """A part of an export. file: that holds its rows. rows: written. wanted, reached: shares of all rows written."""

    name: str
    file: str
    rows: int
    wanted: float
    reached: float


@dataclass(frozen=True)
class Stratum:
    """Rows of one value in each part, in their order."""

    value: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class WrittenSplit:
    """What a split reached.

    off: percentage points that the part that is farthest off is from its share. off_strata: percent of the rows that
    would have to stand in another part for each value of the column to stratify by to have its shares, None without
    one. groups: of two rows or more, each in one part; largest: rows of the largest; bridges: rows left out.
    crossing: pairs that join two parts, by key: 0.
    strata: the values with most rows, and how many values there are. says: all of it in sentences.
    """

    parts: tuple[WrittenPart, ...]
    off: float
    groups: int
    largest: int
    bridges: int
    crossing: Mapping[str, int]
    off_strata: float | None
    strata: tuple[Stratum, ...]
    values: int
    says: tuple[str, ...]


def reached(data: Dataset, placed: Placed, files: Sequence[str], unfit: np.ndarray) -> WrittenSplit:
    """What was reached. files: of each part; unfit: int64, rows that the format could not hold.

    Raises `EngineError` where a pair crosses: then nothing may be written.
    """
    if any(placed.crossing.values()):
        raise EngineError(f"Pairs cross between parts ({dict(placed.crossing)}), so nothing was written. Report this.")
    split = placed.split
    there = (placed.of_rank >= 0) & ~np.isin(placed.rows, unfit)
    counts = np.bincount(placed.of_rank[there], minlength=len(split.parts))
    written = int(counts.sum())
    shares = counts / max(written, 1)
    wanted = np.array(list(split.parts.values()))
    parts = tuple(
        WrittenPart(name, file, int(count), split.parts[name], round(float(share), 6))
        for name, file, count, share in zip(split.names, files, counts, shares, strict=True)
    )
    off = round(100 * float(np.abs(shares - wanted).max()), 3) if written else 0.0
    off_strata, strata, values = _strata(data, placed, there) if split.stratify else (None, (), 0)
    found = placed.found
    bridges = len(placed.bridges[0])
    said = (*_crossing(data, placed), *_near(parts, off, found.largest, written), *_bridges(split, bridges, placed))
    if off_strata is not None:
        said += (
            f"{split.stratify!r} has {values:,} values; for each part to have its exact share of every one, "
            f"{off_strata:.2f} % of the rows would have to change places.",
        )
    return WrittenSplit(
        parts, off, found.groups, found.largest, bridges, placed.crossing, off_strata, strata, values, said
    )


def _crossing(data: Dataset, placed: Placed) -> Iterator[str]:
    split = placed.split
    for key, least in split.pairs.items():
        said = f"No pair of {key} at {least:g} or more crosses from one part to another"
        recall = data.pairs(key).notes.get("recall")
        if key in placed.more:
            yield f"{said}: by exact search, which found {placed.more[key]:,} pairs more and moved rows for them."
        elif isinstance(recall, dict) and isinstance(value := recall.get("value"), float):
            yield f"{said}, of those that were found: {value:.1%} of all. No exact search between the parts was made."
        else:
            yield f"{said}."
    if split.never_across:
        yield f"No value of {split.never_across!r} stands in two parts."
    if not split.pairs and not split.never_across:
        yield "Nothing was kept apart: rows that are alike may stand in several parts."


def _near(parts: Sequence[WrittenPart], off: float, largest: int, written: int) -> Iterator[str]:
    if not written:
        yield "There are no rows."
    elif off <= 100 * NEAR:
        yield f"Each part is within {max(off, 0.01):.2f} percentage points of its share."
    else:
        worst = max(parts, key=lambda p: abs(p.reached - p.wanted))
        why = "the format could not hold some of the rows"
        if largest > 1 and largest / written > NEAR:
            why = f"the largest group has {largest:,} rows ({100 * largest / written:.1f} %), and no group is parted"
        elif written * NEAR < 1:
            why = f"{written:,} rows cannot be parted more finely"
        yield f"{worst.name} is {off:.2f} percentage points from its share: {why}."


def _bridges(split: Split, bridges: int, placed: Placed) -> Iterator[str]:
    if bridges:
        share = 100 * bridges / len(placed.rows)
        yield (
            f"{bridges:,} rows ({share:.2f} %) that bridge parts were left out, of at most "
            f"{100 * split.bridges:g} %. With them the largest group would have {placed.found.largest_before:,} rows."
        )


def _strata(data: Dataset, placed: Placed, there: np.ndarray) -> tuple[float, tuple[Stratum, ...], int]:
    """How many percent of the rows are out of place; the values with most rows; how many values there are."""
    split = placed.split
    found = codes(data, split.stratify, placed.rows)[there]
    labels = [*data.codes(split.stratify)[1], "missing"]
    table = np.zeros((len(labels), len(split.parts)), np.int64)
    np.add.at(table, (np.where(found < 0, len(labels) - 1, found), placed.of_rank[there]), 1)
    sizes = table.sum(axis=1)
    filled = np.flatnonzero(sizes)
    wanted = np.array(list(split.parts.values()))
    # Half of what differs: each row out of place is one too many there and one too few elsewhere.
    away = np.abs(table[filled] - sizes[filled, None] * wanted).sum() / 2
    most = filled[np.argsort(-sizes[filled], kind="stable")][:MOST_STRATA]
    listed = tuple(Stratum(str(labels[i]), tuple(table[i].tolist())) for i in most)
    return round(100 * float(away) / max(int(sizes.sum()), 1), 3), listed, len(filled)
