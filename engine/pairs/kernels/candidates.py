"""Candidates: texts that share the key of a band, each pair once, and no more than linear in a giant bucket."""

import numpy as np

from engine.compiled import compiled
from engine.pairs.kernels.sketch import SLOTS

NONE = np.int32(-1)
_SEVEN, _HIGH, _ONES = (np.uint64(byte * 0x0101010101010101) for byte in (0x7F, 0x80, 0x01))


@compiled
def perhaps_shared(keys: np.ndarray, bits: int) -> np.ndarray:
    """Keys without those that surely occur once, most of all: uint64, a text's number in the lowest `bits` bits.

    Two bits tell of each beginning of a key whether it came, and came again; sorting the rest takes a third as long.
    """
    shift, low = np.uint64(61 - bits), np.uint64(bits)
    once, again = np.zeros((1 << (bits + 3)) // 64 + 1, np.uint64), np.zeros((1 << (bits + 3)) // 64 + 1, np.uint64)
    for key in keys:
        word, bit = key >> shift >> np.uint64(6), np.uint64(1) << (key >> shift & np.uint64(63))
        again[word] |= once[word] & bit
        once[word] |= bit
    found, n = np.empty(len(keys) + 1, np.uint64), 0
    for i in range(len(keys)):
        found[n] = keys[i] >> low << low | np.uint64(i)
        start = keys[i] >> shift
        n += np.int64(again[start >> np.uint64(6)] >> (start & np.uint64(63)) & np.uint64(1))
    return found[:n]


@compiled
def mark(keys: np.ndarray, bits: int, small: int, buckets: np.ndarray, band: int) -> None:
    """Number the buckets of a band into buckets[:, band], int32, -1 before: from 0 up small ones, from -2 down others.

    keys: uint64, sorted, a text's number in the lowest `bits` bits; small: texts of the largest small bucket. A text
    that is alone keeps -1.
    """
    low = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    n, i, number = len(keys), 0, 0
    while i < n:
        j = i + 1
        key = keys[i] >> np.uint64(bits)
        while j < n and keys[j] >> np.uint64(bits) == key:
            j += 1
        here = NONE if j == i + 1 else np.int32(number) if j - i <= small else np.int32(-2 - number)
        for q in range(i, j):
            buckets[np.int64(keys[q] & low), band] = here
        number += j > i + 1
        i = j


@compiled
def agree(low: np.ndarray, a: int, b: int) -> int:
    """How many of the slots' lowest bytes two texts share, eight at a time. low: uint64 (n, SLOTS / 8)."""
    total = np.uint64(0)
    for j in range(SLOTS // 8):
        x = low[a, j] ^ low[b, j]
        # The highest bit of each byte: set unless the byte is zero, which is where the two agree.
        differ = ((x & _SEVEN) + _SEVEN) | x
        total += (~differ & _HIGH) >> np.uint64(7)
    return np.int64((total * _ONES) >> np.uint64(56))


@compiled
def pairs_of_band(
    keys: np.ndarray, bits: int, buckets: np.ndarray, band: int, low: np.ndarray, floor: int, probes: int
) -> tuple[np.ndarray, int, int]:
    """Pairs of a band that agree in `floor` slots or more: uint64 codes (first << 32 | second), sorted by no order.

    A pair of a small bucket is given in the first band only where both share one. In a large bucket each text meets the
    first texts of the bucket and those that stand beside it once the bucket is ordered by the next band, `probes` in
    all. Also returned: how many pairs were looked at, and how many of large buckets were not.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    codes = np.empty(1024, np.uint64)
    n, i, k, looked, left = len(keys), 0, 0, 0, 0
    beside = (band + 1) % buckets.shape[1]
    while i < n:
        j = i + 1
        key = keys[i] >> np.uint64(bits)
        while j < n and keys[j] >> np.uint64(bits) == key:
            j += 1
        members = j - i
        if members > 1:
            texts = np.empty(members, np.int64)
            for q in range(members):
                texts[q] = np.int64(keys[i + q] & mask)
            large = buckets[texts[0], band] < -1
            reach = probes - probes // 2 if large else members
            hubs = min(probes // 2, members)
            order = texts
            if large:
                order = texts[np.argsort(buckets[texts, beside], kind="mergesort")]
                left += members * (members - 1) // 2
            for p in range(members):
                a = order[p]
                for q in range(p + 1, min(p + 1 + reach, members)):
                    k, codes, met = _meet(a, order[q], buckets, band, low, floor, large, k, codes)
                    looked += met
                    left -= large
                if large:
                    for q in range(hubs):
                        if texts[q] < a:
                            k, codes, met = _meet(a, texts[q], buckets, band, low, floor, large, k, codes)
                            looked += met
                            left -= 1
        i = j
    return codes[:k], looked, max(left, 0)


@compiled
def _meet(
    a: int, b: int, buckets: np.ndarray, band: int, low: np.ndarray, floor: int, large: bool, k: int, codes: np.ndarray
) -> tuple[int, np.ndarray, int]:
    """Add a pair to the codes where it agrees enough and was not met before; how many codes, the codes, 1 if looked."""
    if not large:
        for earlier in range(band):
            if buckets[a, earlier] >= 0 and buckets[a, earlier] == buckets[b, earlier]:
                return k, codes, 0
    if agree(low, a, b) >= floor:
        if k == len(codes):
            more = np.empty(2 * k, np.uint64)
            more[:k] = codes
            codes = more
        codes[k] = (np.uint64(min(a, b)) << np.uint64(32)) | np.uint64(max(a, b))
        k += 1
    return k, codes, 1
