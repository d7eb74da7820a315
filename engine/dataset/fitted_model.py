"""A model that was fitted, as it lies in a ref: numbers and words, nothing that could be run."""

import base64
import binascii
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.dataset.model_facts import FACTS
from engine.errors import EngineError
from engine.registry import Json
from engine.store import read

MOST_BYTES = 32 << 20
"""Of all arrays as they are written: half of the largest recipe that is read."""
MOST_UNPACKED = 512 << 20
MOST_NAME = 40
_TYPES = ("|u1", "<u4", "<u8", "<i4", "<i8", "<f4", "<f8")
_NOT_IN_NAMES = "/(),=@"  # they mean something in the keys of columns


@dataclass(frozen=True)
class PackedArray:
    """dtype: as numpy writes it, little-endian. data: base64 of the zlib'd bytes, rows first."""

    dtype: str
    shape: tuple[int, ...]
    data: str

    @staticmethod
    def of(array: np.ndarray) -> "PackedArray":
        """An array packed; level 6, so that the same zlib gives the same bytes."""
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        packed = base64.b64encode(zlib.compress(little.tobytes(), 6)).decode()
        return PackedArray(little.dtype.str, tuple(little.shape), packed)

    @property
    def size(self) -> int:
        """Bytes unpacked, as it says itself."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize

    def unpacked(self) -> np.ndarray:
        """The array; never unpacks more than its shape says. Raises ValueError for what is not that."""
        opened = zlib.decompressobj()
        try:
            body = opened.decompress(base64.b64decode(self.data, validate=True), self.size + 1)
        except (binascii.Error, zlib.error) as error:
            raise ValueError(f"cannot be unpacked ({error})") from error
        if len(body) != self.size or not opened.eof or opened.unused_data:
            raise ValueError(f"does not hold the {self.size:,} bytes that its shape says")
        array = np.frombuffer(body, self.dtype).reshape(self.shape)
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError("holds numbers that are not finite")
        return array


@dataclass(frozen=True)
class FittedModel:
    """A ref of the kind `model`. name: what people call it. member: what it is, `ngram` or `classifier`.

    version: of the member. params: that it was fitted with. facts: how it was fitted and how good it is.
    Raises `EngineError` where it is made of what cannot be one.
    """

    name: str
    member: str
    version: int
    params: Mapping[str, Json]
    facts: Mapping[str, Json]
    arrays: Mapping[str, PackedArray]

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.member in FACTS:
            read(FACTS[self.member], self.facts, f"the facts of the model {self.name!r}")
        wrong = [
            name
            for name, a in self.arrays.items()
            if a.dtype not in _TYPES or len(a.shape) > 2 or any(n < 0 or n > MOST_UNPACKED for n in a.shape)
        ]
        if wrong:
            raise self._broken(f"its array {wrong[0]!r} is of no type or shape that a model has")
        if (packed := sum(len(a.data) for a in self.arrays.values())) > MOST_BYTES:
            raise self._broken(f"its arrays take {packed / (1 << 20):,.0f} MB; {MOST_BYTES >> 20} MB at most travel")
        if (size := sum(a.size for a in self.arrays.values())) > MOST_UNPACKED:
            raise self._broken(f"unpacked it would take {size / (1 << 20):,.0f} MB")

    def unpacked(self) -> dict[str, np.ndarray]:
        """Its arrays by name; raises `EngineError` for one that is not what it says."""
        found = {}
        for name, array in self.arrays.items():
            try:
                found[name] = array.unpacked()
            except ValueError as error:
                raise self._broken(f"its array {name!r} {error}") from error
        return found

    def _broken(self, why: str) -> EngineError:
        return EngineError(f"The model {self.name!r} cannot be read: {why}. Take it again from where it came.")


def check_name(name: str) -> None:
    """Raise `EngineError` for a name that a model cannot have: it stands in the keys of columns."""
    if not name or name != name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise EngineError(f"{name!r:.80} is no name for a model. Give 1 to {MOST_NAME} letters, digits and spaces.")
    if bad := next((sign for sign in name if sign in _NOT_IN_NAMES), ""):
        raise EngineError(f"{name!r} is no name for a model: it holds {bad!r}. Leave it out.")


def name_from(text: str) -> str:
    """A name that a model can have, made of some text.

    >>> name_from("news (2024).txt")
    'news 2024 .txt'
    """
    plain = "".join(" " if sign in _NOT_IN_NAMES or not sign.isprintable() else sign for sign in text)
    return " ".join(plain.split())[:MOST_NAME].strip() or "model"
