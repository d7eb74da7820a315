"""What a choice is made for: texts, as many as there are, of one target or several, and their vectors."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.errors import EngineError


@dataclass(frozen=True)
class Examples:
    """A ref of examples of what is wanted.

    name: on the screen. texts: one or more, none blank. sets: of each text the target that it belongs to (a benchmark).
    keys: of each text the row that it is here, "" for none. embedding, identity, embedder: the key of the vectors,
    their artefact and the digest of their model, "" for none. packed: int16 (M, d) on the grid, the lowest byte first,
    as base64; "" for texts alone. rows: the fingerprint of the rows that they were taken on.
    """

    name: str
    texts: tuple[str, ...]
    sets: tuple[str, ...]
    keys: tuple[str, ...]
    embedding: str = ""
    identity: str = ""
    embedder: str = ""
    packed: str = ""
    rows: str = ""

    def __post_init__(self) -> None:
        if not self.texts:
            raise EngineError(f"{self.name} has no example. Give one text at least.")
        if len({len(part) for part in (self.texts, self.sets, self.keys)}) > 1:
            raise EngineError(f"The examples of {self.name} name more texts than sets, or fewer. Take them again.")
        if self.packed and (len(self._bytes) % (2 * len(self.texts)) or not len(self._bytes)):
            raise EngineError(f"The vectors of {self.name} are not those of its {len(self.texts):,} texts.")

    @cached_property
    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self.packed, validate=True)
        except ValueError as error:
            raise EngineError(f"The vectors of {self.name} cannot be read: {error}.") from error

    @property
    def vectors(self) -> np.ndarray:
        """int16 (M, d), on the grid; raises `EngineError` for texts alone."""
        if not self.packed:
            raise EngineError(f"The examples of {self.name} are texts alone. Take them again with an embedding.")
        return np.frombuffer(self._bytes, "<i2").reshape(len(self.texts), -1).astype(np.int16)

    @staticmethod
    def pack(vectors: np.ndarray) -> str:
        """int16 (M, d) as `packed`."""
        return base64.b64encode(np.ascontiguousarray(vectors, "<i2").tobytes()).decode()

    def set_names(self) -> Sequence[str]:
        """The targets, by first appearance."""
        return list(dict.fromkeys(self.sets))
