"""Fast similarity sketches: the share of equal slots of two sketches estimates the Jaccard similarity of two sets.

Up to three rounds of one permutation, then k permutations for the slots still empty (Dahlgaard, Knudsen and Thorup,
2017): every slot holds the least of a uniform choice over the set, so the estimate is unbiased for sets of any size,
at a few operations a shingle. The two top bits of a slot tell the round; an earlier round always wins.
"""

import numpy as np

from engine.compiled import compiled
from engine.pairs.kernels.shingles import M1, U, leading, mixed, sequence, shingled, tokens

SLOTS = 128
_ROUNDS = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F], dtype=U)
_EMPTY = np.uint32(0xFFFFFFFF)
_random = np.random.default_rng(11)
_XOR = _random.integers(0, 2**32, SLOTS, dtype=np.uint32)
_TIMES = _random.integers(0, 2**32, SLOTS, dtype=np.uint32) | np.uint32(1)


@compiled
def sketch(shingles: np.ndarray, n: int, spare: np.ndarray, out: np.ndarray) -> None:
    """uint32 (SLOTS,) into `out`. spare: uint32 (4 SLOTS,), anything."""
    for j in range(SLOTS):
        out[j] = _EMPTY
    if n == 0:
        return
    for r in range(3):
        times, tag = _ROUNDS[r], np.uint32(r << 30)
        for i in range(n):
            x = shingles[i] * times
            slot = x >> U(57)
            out[slot] = min(out[slot], tag | np.uint32((x >> U(27)) & U(0x3FFFFFFF)))
        empty = 0
        for j in range(SLOTS):
            empty += out[j] == _EMPTY
        if empty == 0:
            return
    e = 0
    for j in range(SLOTS):  # the empty slots, gathered so that the loop over them is one of vectors
        spare[e], spare[SLOTS + e], spare[2 * SLOTS + e], spare[3 * SLOTS + e] = _XOR[j], _TIMES[j], _EMPTY, j
        e += out[j] == _EMPTY
    xor, times_, least = spare[:e], spare[SLOTS : SLOTS + e], spare[2 * SLOTS : 2 * SLOTS + e]
    for i in range(n):
        s = np.uint32(shingles[i] >> U(32))
        for q in range(e):
            # numba widens a product of uint32 to 64 bits: without the cast the least would never change.
            least[q] = min(least[q], np.uint32((s ^ xor[q]) * times_[q]))
    for q in range(e):
        out[spare[3 * SLOTS + q]] = np.uint32(0xC0000000) | (least[q] >> np.uint32(2))


@compiled
def sketches(
    offsets: np.ndarray,
    text: np.ndarray,
    plain: np.ndarray,
    longest: int,
    size: int,
    by_character: bool,
    classes: np.ndarray,
) -> np.ndarray:
    """uint32 (k, SLOTS) of k texts: the first seven as `Ready.given`."""
    out = np.empty((len(offsets) - 1, SLOTS), np.uint32)
    here, spare, lead = np.empty(longest + 2, U), np.empty(4 * SLOTS, np.uint32), leading(size)
    for t in range(len(offsets) - 1):
        n = tokens(text, offsets[t], offsets[t + 1], plain[t], by_character, classes, here)
        sketch(here, shingled(here, n, size, lead), spare, out[t])
    return out


@compiled
def signatures(
    offsets: np.ndarray,
    text: np.ndarray,
    plain: np.ndarray,
    longest: int,
    size: int,
    by_character: bool,
    classes: np.ndarray,
    rows: int,
    hashes: np.ndarray,
    counts: np.ndarray,
    keys: np.ndarray,
    low: np.ndarray,
) -> None:
    """All that is kept of k texts: hashes uint64 (k, 2) of their tokens in order, (0, 0) for a text without any; counts
    int32 (k,) of their shingles; keys uint64 (bands, k), one a band of `rows` slots; low uint8 (k, SLOTS), the lowest
    byte of each slot.
    """
    here, spare, lead = np.empty(longest + 2, U), np.empty(4 * SLOTS, np.uint32), leading(size)
    one = np.empty(SLOTS, np.uint32)
    for t in range(len(offsets) - 1):
        n = tokens(text, offsets[t], offsets[t + 1], plain[t], by_character, classes, here)
        hashes[t, 0], hashes[t, 1] = sequence(here, n)
        n = shingled(here, n, size, lead)
        counts[t] = n
        sketch(here, n, spare, one)
        for j in range(SLOTS):
            low[t, j] = np.uint8(one[j])
        for b in range(len(keys)):
            x = U(b + 1)
            for j in range(b * rows, b * rows + rows):
                x = (x ^ U(one[j])) * M1
                x ^= x >> U(29)
            keys[b, t] = mixed(x)
