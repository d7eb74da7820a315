"""Exact Jaccard similarity of many pairs of texts, from the sets of their hashed shingles."""

import numpy as np

from engine.compiled import compiled
from engine.pairs.kernels.shingles import U, leading, set_of, shingled, table_size, tokens


@compiled
def fill_sets(
    offsets: np.ndarray,
    text: np.ndarray,
    plain: np.ndarray,
    longest: int,
    size: int,
    by_character: bool,
    classes: np.ndarray,
    starts: np.ndarray,
    sizes: np.ndarray,
    values: np.ndarray,
) -> None:
    """The shingles of k texts, each once: uint64 into `values` from `starts` on, how many int32 into `sizes`."""
    here, lead = np.empty(longest + 2, U), leading(size)
    table, seen = np.empty(table_size(longest + 2), U), np.full(table_size(longest + 2), -1, np.int64)
    for t in range(len(offsets) - 1):
        found = shingled(
            here, tokens(text, offsets[t], offsets[t + 1], plain[t], by_character, classes, here), size, lead
        )
        found = set_of(here, found, table, seen, t)
        values[starts[t] : starts[t] + found] = here[:found]
        sizes[t] = found


@compiled
def until(a: np.ndarray, b: np.ndarray, start: int, counts: np.ndarray, marked: np.ndarray, most: int) -> int:
    """Mark the texts of the pairs from `start` on while they have `most` shingles at most; returns where to go on."""
    total = 0
    for i in range(start, len(a)):
        more = 0
        for t in (a[i], b[i]):
            if not marked[t]:
                more += counts[t]
        if total + more > most and i > start:
            return i
        marked[a[i]] = marked[b[i]] = True
        total += more
    return len(a)


@compiled
def similarities(
    starts: np.ndarray, sizes: np.ndarray, values: np.ndarray, a: np.ndarray, b: np.ndarray, least: float
) -> np.ndarray:
    """float32, one a pair of sets: shared shingles by all, -1 where that is below `least`. Quick where `a` repeats."""
    found = np.full(len(a), -1, np.float32)
    longest = sizes.max()
    table, seen = np.empty(table_size(longest), U), np.full(table_size(longest), -1, np.int64)
    mask, epoch = 0, -1
    for i in range(len(a)):
        first, end = starts[a[i]], starts[a[i]] + sizes[a[i]]
        if epoch < 0 or a[i] != a[i - 1]:
            epoch, mask = i, 15
            while mask + 1 < 2 * (end - first):
                mask = 2 * mask + 1
            for p in range(first, end):
                at = np.int64(values[p] & U(mask))
                while seen[at] == epoch:
                    at = (at + 1) & mask
                table[at], seen[at] = values[p], epoch
        start, stop = starts[b[i]], starts[b[i]] + sizes[b[i]]
        total = end - first + stop - start
        need = np.int64(np.ceil(least / (1 + least) * total - 1e-9))
        shared = _shared(values, start, stop, table, seen, epoch, mask, need)
        if shared >= need and total > 0:
            found[i] = shared / (total - shared)
    return found


@compiled
def _shared(
    values: np.ndarray,
    start: int,
    stop: int,
    table: np.ndarray,
    seen: np.ndarray,
    epoch: int,
    mask: int,
    need: int,
) -> int:
    """How many of a set's shingles are in the table; -1 as soon as `need` cannot be reached."""
    count, p = 0, start
    while p < stop:
        pause = min(p + 8, stop)
        while p < pause:
            at = np.int64(values[p] & U(mask))
            while seen[at] == epoch and table[at] != values[p]:
                at = (at + 1) & mask
            count += seen[at] == epoch
            p += 1
        if count + stop - p < need:
            return -1
    return count


@compiled
def postings(
    starts: np.ndarray, sizes: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A table from each shingle to the sets that hold it: hashes, where its list starts, how long it is; the lists."""
    size = table_size(sizes.sum())
    table, begin, count = np.empty(size, U), np.full(size, -1, np.int64), np.zeros(size, np.int64)
    place = np.empty(len(values), np.int64)
    for s in range(len(starts)):
        for i in range(starts[s], starts[s] + sizes[s]):
            at = np.int64(values[i] & U(size - 1))
            while count[at] > 0 and table[at] != values[i]:
                at = (at + 1) & (size - 1)
            table[at] = values[i]
            count[at] += 1
            place[i] = at
    total = 0
    for at in range(size):
        if count[at] > 0:
            begin[at] = total
            total += count[at]
    lists, free = np.empty(total, np.int32), begin.copy()
    for s in range(len(starts)):
        for i in range(starts[s], starts[s] + sizes[s]):
            lists[free[place[i]]] = s
            free[place[i]] += 1
    return table, begin, count, lists


@compiled
def against(
    offsets: np.ndarray,
    text: np.ndarray,
    plain: np.ndarray,
    longest: int,
    size: int,
    by_character: bool,
    classes: np.ndarray,
    sizes: np.ndarray,
    table: np.ndarray,
    begin: np.ndarray,
    count: np.ndarray,
    lists: np.ndarray,
    least: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of one of k texts and one of the sets behind `postings` that is at least so similar: int64, int64.

    sizes: int64, shingles of each set.
    """
    here, lead = np.empty(longest + 2, U), leading(size)
    seen_of, seen = np.empty(table_size(longest + 2), U), np.full(table_size(longest + 2), -1, np.int64)
    shared, touched = np.zeros(len(sizes), np.int64), np.empty(len(sizes), np.int64)
    texts, sets, k = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    for t in range(len(offsets) - 1):
        found = shingled(
            here, tokens(text, offsets[t], offsets[t + 1], plain[t], by_character, classes, here), size, lead
        )
        found = set_of(here, found, seen_of, seen, t)
        m = 0
        for i in range(found):
            at = np.int64(here[i] & U(len(table) - 1))
            while count[at] > 0 and table[at] != here[i]:
                at = (at + 1) & (len(table) - 1)
            for q in range(begin[at], begin[at] + count[at]):
                s = lists[q]
                if shared[s] == 0:
                    touched[m] = s
                    m += 1
                shared[s] += 1
        for q in range(m):
            s = touched[q]
            if shared[s] >= np.ceil(least / (1 + least) * (found + sizes[s]) - 1e-9):
                if k == len(texts):
                    texts, sets = np.append(texts, np.empty_like(texts)), np.append(sets, np.empty_like(sets))
                texts[k], sets[k] = t, s
                k += 1
            shared[s] = 0
    return texts[:k], sets[:k]
