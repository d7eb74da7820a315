"""Values kept in memory, the least recently used going first."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import TypeVar, cast

import numpy as np

T = TypeVar("T")


class Cache:
    """Least recently used values, bounded by the bytes of the arrays in them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._items: OrderedDict[str, tuple[object, int]] = OrderedDict()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The value under this key, made when it is not there."""
        found = self._items.get(key)
        if found is None:
            value = make()
            self._items[key] = (value, _bytes(value))
            while len(self._items) > 1 and sum(size for _, size in list(self._items.values())) > self.limit:
                self._items.popitem(last=False)
            return value
        # Another thread may have pushed it out in the meantime.
        with suppress(KeyError):
            self._items.move_to_end(key)
        return cast(T, found[0])

    def peek(self, key: str) -> object:
        """The value under this key, or None; does not make or move it."""
        return self._items.get(key, (None, 0))[0]


def _bytes(value: object) -> int:
    if isinstance(value, np.memmap):
        return 0
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple | list) and value and isinstance(value[0], np.ndarray):
        return sum(_bytes(v) for v in value)
    if is_dataclass(value):
        return sum(_bytes(getattr(value, f.name)) for f in fields(value))
    return 0
