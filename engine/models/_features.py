"""What a classifier of words sees in a text: which words and pairs of words it has, as numbers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from engine.models._words import Said, parts, said

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BUCKETS = 1 << 20
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Counts:
    """Which features texts have: int64 row and bucket, float64 value, of each that is there. Rows have unit length."""

    rows: int
    row: np.ndarray
    bucket: np.ndarray
    value: np.ndarray


def counts(found: Said) -> Counts:
    """Words and pairs of neighbouring words, hashed to 2²⁰ buckets; each as 1 + log of how often it is there."""
    n, row = len(found.lengths), np.repeat(np.arange(len(found.lengths)), found.lengths)
    single = word_hashes(found)
    same = row[1:] == row[:-1]
    pair = ((single[:-1] * _MIX) ^ single[1:])[same] * _MIX
    bucket = (np.concatenate([single, pair]) >> np.uint64(44)).astype(np.int64)
    at = np.concatenate([row, row[1:][same]])
    key, count = np.unique(at * BUCKETS + bucket, return_counts=True)
    at, bucket, value = key // BUCKETS, key % BUCKETS, 1 + np.log(count)
    length = np.sqrt(np.bincount(at, value * value, minlength=n))
    return Counts(n, at, bucket, value / length[at])


def counted(texts: Sequence[str]) -> Counts:
    """`counts` of many texts, read part by part."""
    some = [counts(said(texts[start:stop])) for start, stop in parts(texts)]
    if not some:
        return counts(said([]))
    at = np.cumsum([0, *(part.rows for part in some)])
    row = np.concatenate([part.row + start for part, start in zip(some, at[:-1], strict=True)])
    bucket, value = (np.concatenate([getattr(part, name) for part in some]) for name in ("bucket", "value"))
    return Counts(int(at[-1]), row, bucket, value)


def matrix(found: Counts, columns: np.ndarray) -> "csr_array":
    """The features that stand in `columns` (ascending buckets), as a sparse matrix: float64 (n, len(columns))."""
    from scipy.sparse import csr_array

    at = np.minimum(np.searchsorted(columns, found.bucket), max(len(columns) - 1, 0))
    keep = columns[at] == found.bucket if len(columns) else np.zeros(len(at), bool)
    return csr_array((found.value[keep], (found.row[keep], at[keep])), shape=(found.rows, len(columns)))


def names(texts: Sequence[str], wanted: np.ndarray) -> dict[int, str]:
    """What stands behind some buckets in some texts: of several, the first."""
    left, found = set(wanted.tolist()), {}
    for start, stop in parts(texts):
        words = said(texts[start:stop])
        row = np.repeat(np.arange(len(words.lengths)), words.lengths)
        single, list_ = word_hashes(words), words.words
        same = np.flatnonzero(row[1:] == row[:-1])
        pair = ((single[:-1] * _MIX) ^ single[1:]) * _MIX
        for bucket, at, long in ((single, np.arange(len(single)), 1), (pair[same], same, 2)):
            places = (bucket >> np.uint64(44)).astype(np.int64)
            some = np.flatnonzero(np.isin(places, list(left)))
            for i in some[np.unique(places[some], return_index=True)[1]].tolist():
                found[int(places[i])] = " ".join(list_.slice(int(at[i]), long).to_pylist())
        left -= found.keys()
    return found


def word_hashes(found: Said) -> np.ndarray:
    """uint64 (w,): of each word, the same on every machine."""
    coded = pc.dictionary_encode(found.words)
    digests = (hashlib.blake2b(w.encode(), digest_size=8).digest() for w in coded.dictionary.to_pylist())
    each = np.frombuffer(b"".join(digests), "<u8")
    return each[np.asarray(coded.indices)] if len(each) else np.zeros(0, np.uint64)
