"""The words of texts as numbers, for models that count them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.text import normalised, readable

AT_ONCE = 4_000_000
"""Characters that are cut into words at a time."""


@dataclass(frozen=True)
class Said:
    """The words of some texts, one after the other: large_string (w,); how many each text has: int64 (n,)."""

    words: pa.Array
    lengths: np.ndarray


def said(texts: Sequence[str]) -> Said:
    """The words that search finds: case and punctuation do not count; a script without spaces has a word a sign.

    >>> said(["Don't panic!", "", "東京"]).lengths.tolist()
    [3, 0, 2]
    """
    plain = pc.ascii_trim(normalised(pa.array([readable(text) for text in texts], pa.large_string())), " ")
    lists = pc.split_pattern(plain, " ")
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    lengths[pc.equal(plain, "").to_numpy(zero_copy_only=False)] = 0  # "" is cut into one word that is ""
    words = pc.list_flatten(lists)
    return Said(words.filter(pc.not_equal(words, "")), lengths)


def parts(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Texts side by side that together are not too long to be cut into words at once, as (start, stop)."""
    start = length = 0
    for i, text in enumerate(texts):
        length += len(text)
        if length >= AT_ONCE or i + 1 == len(texts):
            yield start, i + 1
            start, length = i + 1, 0


def fingerprints(found: Said) -> np.ndarray:
    """uint64 (n,): the same for texts of the same words, another for others."""
    words, at, result = found.words.to_pylist(), 0, np.zeros(len(found.lengths), np.uint64)
    for i, length in enumerate(found.lengths.tolist()):
        body = " ".join(words[at : at + length]).encode()
        result[i] = int.from_bytes(hashlib.blake2b(body, digest_size=8).digest(), "little")
        at += length
    return result
