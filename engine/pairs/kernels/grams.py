"""Grams, some words in a row: their hashes, and where in texts each begins."""

import numpy as np
from numba import uint64

from engine.compiled import compiled

BASE = uint64(0x9E3779B97F4A7C15)

Words = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""bytes uint8; of each word its hash uint64, its first byte and the byte behind it int64; int64 (n + 1,) words of each
text."""

Table = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Grams by hash: keys uint64, 0 for an empty slot; first int32, an entry; next and place int32, by entry."""


@compiled
def words(data: np.ndarray, offsets: np.ndarray) -> Words:
    """The words of texts, which stand between single spaces."""
    n = len(offsets) - 1
    of = np.zeros(n + 1, np.int64)
    for t in range(n):
        count = 0
        for b in range(offsets[t] + 1, offsets[t + 1]):
            if data[b] == 32:
                count += 1
        of[t + 1] = of[t] + count
    hashes = np.empty(of[n], np.uint64)
    starts, ends = np.empty(of[n], np.int64), np.empty(of[n], np.int64)
    for t in range(n):
        w = of[t]
        start = offsets[t] + 1
        h = uint64(14695981039346656037)
        for b in range(start, offsets[t + 1]):
            if data[b] != 32:
                h = (h ^ uint64(data[b])) * uint64(1099511628211)
                continue
            h = (h ^ (h >> uint64(31))) * uint64(0x7FB5D329728EA185)
            hashes[w], starts[w], ends[w] = h ^ (h >> uint64(27)), start, b
            w += 1
            start = b + 1
            h = uint64(14695981039346656037)
    return data, hashes, starts, ends, of


@compiled
def characters(text: Words) -> np.ndarray:
    """int32, one a word: its characters and the space behind it."""
    data, _, starts, ends, _ = text
    found = np.ones(len(starts), np.int32)
    for w in range(len(starts)):
        for b in range(starts[w], ends[w]):
            if data[b] & 0xC0 != 0x80:  # the first byte of a character
                found[w] += 1
    return found


@compiled
def long_grams(text: Words, length: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """From each word the fewest words that are `least` long together: their hashes uint64, the word int32."""
    _, hashes, _, _, of = text
    sums, powers = summed(hashes), powers_to(least + 1)
    found, at = np.empty(len(hashes), np.uint64), np.empty(len(hashes), np.int32)
    count = 0
    for t in range(len(of) - 1):
        end, total = of[t], 0
        for w in range(of[t], of[t + 1]):
            while end < of[t + 1] and total < least:
                total += length[end]
                end += 1
            if total < least:
                break
            found[count], at[count] = hash_of(sums, powers, w, end), w
            count += 1
            total -= length[w]
    return found[:count], at[:count]


@compiled
def grams(text: Words, size: int, only_first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The grams of `size` words: their hashes uint64, their first word int32. only_first: bool, one a text."""
    _, hashes, _, _, of = text
    sums, powers = summed(hashes), powers_to(size)
    found, at = np.empty(len(hashes), np.uint64), np.empty(len(hashes), np.int32)
    count = 0
    for t in range(len(of) - 1):
        for w in range(of[t], of[t + 1] - size + 1):
            found[count], at[count] = hash_of(sums, powers, w, w + size), w
            count += 1
            if only_first[t]:
                break
    return found[:count], at[:count]


@compiled
def whole_texts(text: Words, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All words of each text that is wanted, bool, as one gram: the hashes uint64, the first word int32."""
    _, hashes, _, _, of = text
    some = np.flatnonzero(wanted)
    sums, powers = summed(hashes), powers_to(np.int64((of[some + 1] - of[some]).max() if len(some) else 0))
    found, at = np.empty(len(some), np.uint64), np.empty(len(some), np.int32)
    for k in range(len(some)):
        start, end = of[some[k]], of[some[k] + 1]
        found[k], at[k] = hash_of(sums, powers, start, end), start
    return found, at


@compiled
def table(found: np.ndarray, at: np.ndarray, most: int) -> Table:
    """Places by gram, of each the first `most`."""
    size = 16
    while size < 2 * len(found):
        size *= 2
    keys, first = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    last, held = np.full(size, -1, np.int32), np.zeros(size, np.int32)
    nexts = np.full(len(found), -1, np.int32)
    for e in range(len(found)):
        slot = _slot(keys, found[e])
        if held[slot] >= most:
            continue
        if first[slot] < 0:
            keys[slot], first[slot] = found[e], e
        else:
            nexts[last[slot]] = e
        last[slot] = e
        held[slot] += 1
    return keys, first, nexts, at


@compiled
def entry(places: Table, h: np.uint64) -> int:
    """The first entry of a gram, -1 where there is none."""
    return places[1][_slot(places[0], h)]


@compiled
def summed(hashes: np.ndarray) -> np.ndarray:
    """uint64 (w + 1,): the hash of all words up to each, from which that of any words in between is told."""
    found = np.zeros(len(hashes) + 1, np.uint64)
    for w in range(len(hashes)):
        found[w + 1] = found[w] * BASE + hashes[w]
    return found


@compiled
def powers_to(most: int) -> np.ndarray:
    """uint64 (most + 1,), by which `hash_of` takes away what stands before so many words at the most."""
    found = np.ones(most + 1, np.uint64)
    for k in range(most):
        found[k + 1] = found[k] * BASE
    return found


@compiled
def hash_of(sums: np.ndarray, powers: np.ndarray, start: int, end: int) -> np.uint64:
    """Of the words from `start` up to `end`, never 0; sums: of `summed`, powers: of `powers_to`."""
    h = sums[end] - sums[start] * powers[end - start]
    h = (h ^ (h >> uint64(32))) * uint64(0xD6E8FEB86659FD93)
    h ^= h >> uint64(29)
    return h if h else uint64(1)


@compiled
def _slot(keys: np.ndarray, h: np.uint64) -> np.int64:
    """Where a hash is kept, or the empty slot where it belongs."""
    mask = len(keys) - 1
    slot = np.int64(h & uint64(mask))  # int() would leave it unsigned
    while keys[slot] and keys[slot] != h:
        slot = (slot + 1) & mask
    return slot
