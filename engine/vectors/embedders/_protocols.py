"""What an embedder is to the rest of the engine: texts → vectors, held open with its model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from engine.dataset import Dataset
from engine.registry import Json

Tick = Callable[[int], None]
"""Called with the number of texts done so far; raises `Cancelled` to stop."""


@dataclass(frozen=True)
class Embedded:
    """Vectors of some texts.

    vectors: float (k, d), not yet of unit length. tokens: int32 (k,), how long each text is for the model, uncut.
    cut: int32 (k,), the character at which the model stops reading, -1 when it reads all; for a pair, where it first
    leaves something out.
    """

    vectors: np.ndarray
    tokens: np.ndarray
    cut: np.ndarray


class Model(Protocol):
    """An embedder that is ready. facts: what the vectors depend on; notes: what else is worth recording."""

    facts: Mapping[str, Json]
    notes: Mapping[str, Json]
    dimension: int
    limit: int

    def embed(
        self, texts: Sequence[str], breaks: Sequence[int], share: float, tick: Tick, *, query: bool = False
    ) -> Embedded:
        """Vectors of texts.

        breaks: where the answer of a pair begins, -1 for none. share: of the tokens, for the prompt.
        query: these are searched for, which some models want to know.
        """
        ...


@runtime_checkable
class Pretrained(Protocol):
    """An embedder that comes with its model.

    source: what it is, known before it is loaded. chunk: texts for each file of work.
    """

    source: Mapping[str, Json]
    chunk: int

    def load(self, like: Mapping[str, Json] | None = None) -> Model:
        """The model ready for work. like: facts of earlier vectors, met where the machine can."""
        ...


@runtime_checkable
class Fitted(Protocol):
    """An embedder that learns from a seeded sample of the corpus first. sample: how many texts it wants."""

    source: Mapping[str, Json]
    chunk: int
    sample: int
    seed: int

    def fit(self, texts: Sequence[str], tick: Tick) -> dict[str, np.ndarray]: ...

    def ready(self, arrays: Mapping[str, np.ndarray]) -> Model: ...


@runtime_checkable
class Supplied(Protocol):
    """Vectors that the person brings, one a row."""

    def facts(self, data: Dataset) -> dict[str, Json]: ...

    def dimension(self, data: Dataset) -> int:
        """Check shape and number of rows; raises `EngineError` saying what does not fit."""
        ...

    def blocks(self, data: Dataset) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """In row order: vectors float (k, d) and present bool (k,); a row without a vector is not present."""
        ...
