"""Another set that rows are compared with, by its texts alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset.dataset import Dataset
from engine.dataset.texts import texts as texts_of
from engine.errors import EngineError


@dataclass(frozen=True)
class TextSet:
    """Another set that rows are compared with: a benchmark, an earlier release.

    name: on the screen. texts: distinct, none blank. rows: the row of each in the set, the first where it is repeated.
    """

    name: str
    texts: tuple[str, ...]
    rows: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.texts):
            raise EngineError(
                f"The set {self.name!r} has {len(self.texts):,} texts, but {len(self.rows):,} rows of them."
            )

    @staticmethod
    def of(name: str, texts: Sequence[str | None]) -> "TextSet":
        """The texts of a set, of equal ones the first; raises `EngineError` where none of them says anything."""
        found = _distinct(name, texts, range(len(texts)))
        if not found.texts:
            raise EngineError(
                f"{name} has no text to compare with: all of its {len(texts):,} rows are empty. Name its text column."
            )
        return found


def part_set(data: Dataset, by: str, values: Sequence[str], column: str | None = None) -> TextSet:
    """The rows whose value of a column is one of these, as a set; without any text where there are none.

    column: whose texts, None for the text of the row. Kept in memory with the dataset.
    """
    wanted = sorted(set(values))

    def made() -> TextSet:
        codes, labels = data.codes(by)
        part = np.flatnonzero(np.array([*(label in set(wanted) for label in labels), False], bool)[codes])
        return _distinct(f"{by} {' and '.join(wanted)}", texts_of(data, column, part).to_pylist(), part.tolist())

    return data._cache.get(f"part/{data.info(by).identity}/{by}/{wanted}/{column}", made)


def _distinct(name: str, texts: Sequence[str | None], rows: Sequence[int]) -> TextSet:
    first: dict[str, int] = {}
    for row, text in zip(rows, texts, strict=True):
        if text and not text.isspace():
            first.setdefault(text, row)
    return TextSet(name, tuple(first), tuple(first.values()))
