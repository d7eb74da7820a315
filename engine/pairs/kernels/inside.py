"""Texts inside texts: candidates by their rarest shingles, then the share of one set that lies in another."""

import numpy as np

from engine.compiled import compiled
from engine.pairs.kernels.shingles import U, leading, sequence, set_of, shingled, table_size, tokens


@compiled
def count(
    offsets: np.ndarray,
    text: np.ndarray,
    plain: np.ndarray,
    longest: int,
    size: int,
    by_character: bool,
    classes: np.ndarray,
    hashes: np.ndarray,
    sizes: np.ndarray,
    often: np.ndarray,
) -> None:
    """Of k texts: hashes uint64 (k, 2) of their tokens in order; sizes int32 (k,), how many different shingles; and
    added to `often`, uint32 of a power of two, in how many texts each shingle stands (some share a place).
    """
    here, lead = np.empty(longest + 2, U), leading(size)
    table, seen = np.empty(table_size(longest + 2), U), np.full(table_size(longest + 2), -1, np.int64)
    for t in range(len(offsets) - 1):
        n = tokens(text, offsets[t], offsets[t + 1], plain[t], by_character, classes, here)
        hashes[t, 0], hashes[t, 1] = sequence(here, n)
        sizes[t] = set_of(here, shingled(here, n, size, lead), table, seen, t)
        for i in range(sizes[t]):
            often[np.int64(here[i] & U(len(often) - 1))] += 1


@compiled
def rarest(starts: np.ndarray, sizes: np.ndarray, values: np.ndarray, often: np.ndarray, least: float) -> np.ndarray:
    """int32, one a set: so many of its rarest shingles, now first in `values`, that who holds `least` of it has one."""
    enough = np.zeros(len(sizes), np.int32)
    for t in range(len(sizes)):
        mine = values[starts[t] : starts[t] + sizes[t]]
        texts = np.empty(sizes[t], np.int64)
        for i in range(sizes[t]):
            texts[i] = often[np.int64(mine[i] & U(len(often) - 1))]
        order = np.argsort(texts, kind="mergesort")
        values[starts[t] : starts[t] + sizes[t]] = mine[order]
        enough[t] = sizes[t] - np.int64(np.ceil(least * sizes[t] - 1e-9)) + 1
    return enough


@compiled
def holders(
    offsets: np.ndarray,
    text: np.ndarray,
    plain: np.ndarray,
    longest: int,
    size: int,
    by_character: bool,
    classes: np.ndarray,
    numbers: np.ndarray,
    asking: np.ndarray,
    sizes: np.ndarray,
    table: np.ndarray,
    begin: np.ndarray,
    listed: np.ndarray,
    lists: np.ndarray,
    most: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a text and a set that it may hold: codes uint64 (number of the asking set << 32 | of the text), bool
    for each asking set, whether a shingle of it that stands in more than `most` sets was passed over.

    numbers: int32 (k,), of the texts; asking: int32, the number of each set; sizes: int32, of all numbers. A set is
    asked about in a larger one only, or in an earlier one of its size.
    """
    here, lead = np.empty(longest + 2, U), leading(size)
    seen_of, seen = np.empty(table_size(longest + 2), U), np.full(table_size(longest + 2), -1, np.int64)
    met, passed = np.full(len(asking), -1, np.int64), np.zeros(len(asking), np.bool_)
    codes, k = np.empty(1024, U), 0
    for t in range(len(offsets) - 1):
        n = tokens(text, offsets[t], offsets[t + 1], plain[t], by_character, classes, here)
        found = shingled(here, n, size, lead)
        mine = numbers[t]
        for i in range(set_of(here, found, seen_of, seen, t)):
            at = np.int64(here[i] & U(len(table) - 1))
            while listed[at] > 0 and table[at] != here[i]:
                at = (at + 1) & (len(table) - 1)
            if listed[at] > most:
                for q in range(begin[at], begin[at] + listed[at]):
                    passed[lists[q]] = True
                continue
            for q in range(begin[at], begin[at] + listed[at]):
                s = lists[q]
                other = asking[s]
                larger = sizes[mine] > sizes[other] or (sizes[mine] == sizes[other] and mine < other)
                if met[s] != t and larger:
                    met[s] = t
                    if k == len(codes):
                        codes = np.append(codes, np.empty_like(codes))
                    codes[k] = (U(other) << U(32)) | U(mine)
                    k += 1
    return codes[:k], passed


@compiled
def shares(starts: np.ndarray, sizes: np.ndarray, values: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """float32, one a pair of sets: the share of the first that lies in the second. Quick where `a` repeats."""
    found = np.zeros(len(a), np.float32)
    table, seen = np.empty(table_size(sizes.max()), U), np.full(table_size(sizes.max()), -1, np.int64)
    mask, epoch = 0, -1
    for i in range(len(a)):
        if epoch < 0 or a[i] != a[i - 1]:
            epoch, mask = i, 15
            while mask + 1 < 2 * sizes[a[i]]:
                mask = 2 * mask + 1
            for p in range(starts[a[i]], starts[a[i]] + sizes[a[i]]):
                at = np.int64(values[p] & U(mask))
                while seen[at] == epoch:
                    at = (at + 1) & mask
                table[at], seen[at] = values[p], epoch
        shared = 0
        for p in range(starts[b[i]], starts[b[i]] + sizes[b[i]]):
            at = np.int64(values[p] & U(mask))
            while seen[at] == epoch and table[at] != values[p]:
                at = (at + 1) & mask
            shared += seen[at] == epoch
        found[i] = shared / sizes[a[i]]
    return found
