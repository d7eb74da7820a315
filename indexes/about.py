"""What an index is to the rest of the house, and what is true of each kind: the facts stand beside it, as `ABOUT`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from indexes.tiles import Tiles

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """Neighbours of some queries, best first, ties by row number.

    rows: int64 (q, k), -1 where there are fewer than k. similarities: float32 (q, k), 0 where there is no neighbour.
    """

    rows: np.ndarray
    similarities: np.ndarray


@dataclass(frozen=True)
class About:
    """The facts about a kind of index.

    title: in messages. exact: it finds every neighbour; one that does not is measured, and made wider where it finds
    too few. memory: bytes that it takes for m vectors of d dimensions.
    """

    title: str
    exact: bool
    memory: Callable[[int, int], int]


class Index(Protocol):
    """A kind of index, as a class in the list: built over grid vectors, int16 (m, d), then asked for neighbours."""

    kind: ClassVar[str]
    about: ClassVar[About]
    vectors: np.ndarray

    @classmethod
    def build(
        cls, vectors: np.ndarray, *, tiles: Tiles | None = None, seed: int = 0, progress: Progress | None = None
    ) -> "Index":
        """An index over these vectors; progress(rows filed, rows) may raise to cancel."""
        ...

    def search(
        self,
        queries: np.ndarray,
        k: int,
        *,
        within: np.ndarray | None = None,
        exclude: np.ndarray | None = None,
        tick: Callable[[], None] = ...,
    ) -> Found:
        """The k rows most similar to each query, best first, ties by row number."""
        ...


class Approximate(Index, Protocol):
    """A kind of index that may miss neighbours: it can look further, and lies in a file between two uses."""

    @property
    def breadth(self) -> str:
        """How far it looks, in words, such as “16 of 400 lists”."""
        ...

    def wider(self) -> "Approximate | None":
        """The same looking twice as far; None where exact search is the better answer."""
        ...

    def write(self, write: Callable[[bytes], int]) -> dict[str, int]:
        """Write the content piece by piece; returns the few numbers that reading it back needs."""
        ...

    @classmethod
    def read(cls, read: Callable[[int], bytes], vectors: np.ndarray, numbers: Mapping[str, int]) -> "Approximate":
        """What `write` wrote, over these vectors; raises `ValueError` where it is something else."""
        ...
