"""Parts of an export, such as train and test: what is asked for, and the part of each row."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from engine.building import member_of
from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.pairs import Across, Parted, closed, crossing, parted
from engine.registry import Json
from engine.store import read

ONE, EACH = "one", "one for each part"
BRIDGES = "it bridges"
"""How the reason begins of a row that is left out for a split."""
LARGEST_SHARE = 0.5
"""More rows than these are never left out for a split: that would be another corpus."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_TAKEN = ("kept", "dropped", "corrections", "recipe", "manifest", "readme", "refs")
"""What other files of an export are called."""
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever stands behind a full stop: such a file cannot be copied there."""
MOST_PARTS = 100


@dataclass(frozen=True)
class Split:
    """The parts that are wanted, as they stand under `split` in a recipe's output.

    parts: the share of each by name, adding up to 1. pairs: keys of pairs that may not cross, each with the least
    similarity that counts. stratify: a column whose values have their share in every part. never_across: a column (an
    author, a document) whose values stand in one part each. bridges: the share of rows that may be left out where they
    join what would else go to several parts. files: one for each part, or one with a column `part`. search: compare
    every row of a part with every row of the others, where the pairs may have missed some, and move what is found.
    """

    parts: Mapping[str, float]
    pairs: Mapping[str, float] = field(default_factory=dict)
    stratify: str = ""
    never_across: str = ""
    bridges: float = 0.0
    seed: int = 0
    files: Literal["one for each part", "one"] = "one for each part"
    search: bool = False

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Split":
        """Read `split` of an output; raises `EngineError` for shares and names that cannot be parts."""
        if "parts" not in value:
            raise EngineError(
                f"A split says {', '.join(value) or 'nothing'}, but no parts. Name them: train=0.8,test=0.2."
            )
        found = read(Split, value, "the split of an output")
        _check_parts(found.parts)
        for key, least in found.pairs.items():
            if not 0 <= least <= 1:
                raise EngineError(f"The split names {key!r} with a similarity of {least:g}. Take one from 0 to 1.")
        if not 0 <= found.bridges <= LARGEST_SHARE:
            raise EngineError(
                f"A split may leave out a share of {found.bridges:g} of the rows, which is not 0 to {LARGEST_SHARE:g}. "
                "Take 0.01 for 1 %."
            )
        if found.seed < 0:
            raise EngineError(f"The seed of a split is {found.seed}. Take 0 or more.")
        return found

    @property
    def names(self) -> list[str]:
        """The parts in the order in which they were named."""
        return list(self.parts)

    @property
    def in_files(self) -> bool:
        """Whether each part has a file of its own."""
        return self.files == EACH

    @property
    def columns(self) -> list[str]:
        """Keys of the columns that it reads."""
        return [key for key in (self.stratify, self.never_across) if key]


def _check_parts(parts: Mapping[str, float]) -> None:
    if len(parts) < 2:
        raise EngineError(f"A split has two parts or more, not {len(parts)}. Name them: train=0.8,test=0.2.")
    if len(parts) > MOST_PARTS:
        raise EngineError(f"The split names {len(parts):,} parts. Take {MOST_PARTS} at most.")
    for name, share in parts.items():
        if _DEVICE.fullmatch(name):
            raise EngineError(f"{name!r} cannot be the name of a part: Windows has no files of that name. Rename it.")
        if not _NAME.fullmatch(name) or name.lower() in _TAKEN:
            raise EngineError(
                f"{name!r} cannot be the name of a part, as a file is named after it. Take letters, digits, - and _, "
                f"a letter first, and none of {', '.join(_TAKEN)}."
            )
        if not (math.isfinite(share) and share > 0):
            raise EngineError(f"The part {name!r} has a share of {share:g}. Give it more than 0, or leave it out.")
    folded = [split_name(name).lower() for name in parts]
    if twice := [name for name, one in zip(parts, folded, strict=True) if folded.count(one) > 1]:
        raise EngineError(
            f"The parts {' and '.join(twice)} would be one where neither case nor - and _ are told apart, as with "
            "loaders. Rename one."
        )
    if abs((whole := sum(parts.values())) - 1) > 1e-6:
        scaled = ",".join(f"{name}={share / whole:.4g}" for name, share in parts.items())
        raise EngineError(f"The shares of the parts add up to {whole:.6g}, not to 1. Did you mean {scaled}?")


def split_name(part: str) -> str:
    """What loaders call a part: they know no other signs than letters, digits and _ in the name of a split."""
    return part.replace("-", "_")


@dataclass(frozen=True)
class Placed:
    """A split of the rows that a run keeps. of_rank: int16, the part of each row in rank order, -1 for one left out.

    crossing: pairs that join two parts, by key. more: pairs that the search between the parts found, by key of those
    that can be searched for; none where nobody searched.
    """

    split: Split
    rows: np.ndarray
    of_rank: np.ndarray
    found: Parted
    crossing: Mapping[str, int]
    more: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def bridges(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """The rows that are left out, int64, in rank order, and why."""
        rows, names = self.rows[self.of_rank < 0], self.split.names
        across = ([names[p] for p in self.found.across[row]] for row in rows.tolist())
        return rows, tuple(f"{BRIDGES} {', '.join(some[:-1])} and {some[-1]}" for some in across)

    def words(self) -> np.ndarray:
        """The name of the part of each row in rank order, "" for one that is left out."""
        return np.array([*self.split.names, ""], object)[self.of_rank]

    def ranks(self, part: str = "") -> np.ndarray:
        """int64: the ranks of the rows of a part; of all parts where none is named."""
        inside = self.of_rank >= 0 if not part else self.of_rank == self.split.names.index(part)
        return np.flatnonzero(inside)


def placed(data: Dataset, rows: np.ndarray, split: Split) -> Placed:
    """The part of each of some rows, int64 in rank order, with the proof that nothing crosses.

    Raises `EngineError` for pairs and columns that are not there, and for a similarity below that down to which the
    pairs were looked for.
    """
    links = [(data.pairs(key), least) for key, least in split.pairs.items()]
    for (pairs, least), key in zip(links, split.pairs, strict=True):
        if least < pairs.lowest:
            raise EngineError(
                f"The pairs {key!r} were looked for down to a similarity of {pairs.lowest:g}, not to {least:g}, so "
                f"nobody knows what else would cross. Take {pairs.lowest:g} or more, or find them again from lower."
            )
    names = split.names
    # In an order that does not depend on how the parts were written down: equal recipes, equal rows.
    order = sorted(range(len(names)), key=lambda i: (-split.parts[names[i]], names[i]))
    whole = sum(split.parts.values())
    found = parted(
        rows,
        links,
        [split.parts[names[i]] / whole for i in order],
        strata=codes(data, split.stratify, rows) if split.stratify else None,
        together=together(data, split.never_across, rows) if split.never_across else None,
        bridges=split.bridges,
        seed=split.seed,
    )
    more: dict[str, int] = {}
    if split.search:
        found, more = _searched(data, rows, split, found)
    number = np.array([*order, -1], np.int16)
    across = {row: tuple(sorted(order[p] for p in parts)) for row, parts in found.across.items()}
    found = replace(found, part=number[found.part], across=across)
    counted = {
        key: crossing(pairs, least, rows, found.part)
        for (pairs, least), key in zip(links, split.pairs, strict=True)
    }  # fmt: skip
    return Placed(split, rows, found.part, found, counted, more)


def across_of(data: Dataset, key: str, least: float) -> Across | None:
    """The exact search of a kind of pairs between rows, None for one that misses none."""
    made = data.artefact("pairs", key).origin.spec
    across = member_of("pairs", made.member).about.across
    return None if across is None else lambda rows, others: across(data, made.params, least, rows, others)


def _searched(data: Dataset, rows: np.ndarray, split: Split, found: Parted) -> tuple[Parted, dict[str, int]]:
    """The parts after what the pairs had missed was found too, and how many pairs that were, by key."""
    more: dict[str, int] = {}
    searches = [(key, across) for key, least in split.pairs.items() if (across := across_of(data, key, least))]
    while searches:
        new = 0
        for key, across in searches:
            found, count = closed(found, rows, across)
            more[key] = more.get(key, 0) + count
            new += count
        if new == 0 or len(searches) == 1:  # what one kind moved, another may find again
            break
    return found, more


def codes(data: Dataset, column: str, rows: np.ndarray) -> np.ndarray:
    """int32, the value of each row as a number, -1 where it is missing."""
    if column not in data.columns:
        raise unknown("column", column, data.columns)
    return data.codes(column, rows)[0]


def together(data: Dataset, column: str, rows: np.ndarray) -> np.ndarray:
    """As `codes`, for values that stay together: an empty text names nobody either."""
    found = codes(data, column, rows)
    labels = data.codes(column, rows)[1]
    return np.where(found == labels.index(""), -1, found) if "" in labels else found
