"""Signatures of all texts, block by block in threads: what makes texts equal, keys of their bands, a byte a slot."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import psutil
import pyarrow as pa

from engine.pairs.shingles.lsh import SLOTS, Bands
from engine.pairs.shingles.shingling import Shingling, in_threads, ready
from engine.pairs.tick import Tick

Texts = Callable[[np.ndarray], pa.Array]
"""Numbers of texts, int64 -> the texts, large_string."""
BLOCK = 1 << 14


@dataclass(frozen=True)
class Signed:
    """What is kept of n texts: 20 bytes, 8 a band, and one a slot.

    hashes: uint64 (n, 2), of the words in their order, (0, 0) for a text without any. counts: int32 (n,), shingles,
    those that repeat counted again. keys: uint64 (bands, n). low: uint8 (n, SLOTS), the lowest byte of each slot. A
    text's outcome depends on that text alone.
    """

    hashes: np.ndarray
    counts: np.ndarray
    keys: np.ndarray
    low: np.ndarray


def signed(texts: Texts, n: int, shingling: Shingling, bands: Bands, tick: Tick) -> Signed:
    """Sign n texts."""
    from engine.pairs.kernels import sketch

    kept = np.empty((n, 2), np.uint64), np.empty(n, np.int32)
    found = Signed(*kept, room((bands.bands, n), np.uint64), room((n, SLOTS), np.uint8))

    def work(block: slice) -> None:
        some = ready(texts(np.arange(block.start, block.stop)), shingling)
        sketch.signatures(
            *some.given,
            bands.rows,
            found.hashes[block],
            found.counts[block],
            found.keys[:, block],
            found.low[block],
        )

    in_threads(work, blocks(n), lambda block: tick("Reading texts", block.stop, n))
    return found


def blocks(n: int, size: int = BLOCK) -> Iterator[slice]:
    """0 to n in parts."""
    return (slice(start, min(start + size, n)) for start in range(0, n, size))


def room(shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """An array to be filled: in memory, or in a file without a name where it would take more than a quarter of it."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < free_memory() // 4:
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile() as file:
        return np.memmap(file, dtype, "w+", shape=shape)


def free_memory() -> int:
    """Bytes that can be used now."""
    return int(psutil.virtual_memory().available)
