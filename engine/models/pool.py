"""Texts that a model learns from: rows of the corpus or a set from elsewhere, under a name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError


@dataclass(frozen=True)
class Pool:
    """name: what people call it. texts: of each member. rows: int64, their numbers; -1 for texts from elsewhere."""

    name: str
    texts: tuple[str, ...]
    rows: np.ndarray

    @staticmethod
    def of_rows(data: Dataset, name: str, rows: Sequence[int] | np.ndarray) -> "Pool":
        """Rows of a dataset; a row twice counts once. Raises `EngineError` for a number that no row has."""
        numbers = np.unique(np.asarray(rows, np.int64))
        if len(numbers) and not (0 <= numbers[0] and numbers[-1] < data.n):
            wrong = numbers[0] if numbers[0] < 0 else numbers[-1]
            raise EngineError(f"The pool {name!r} names row {wrong:,}; {data.name!r} has rows 0 to {data.n - 1:,}.")
        return Pool(name, tuple(data.texts(numbers)), numbers)

    @staticmethod
    def of_texts(name: str, texts: Sequence[str]) -> "Pool":
        """Texts from elsewhere: a file, another dataset."""
        return Pool(name, tuple(texts), np.full(len(texts), -1, np.int64))
