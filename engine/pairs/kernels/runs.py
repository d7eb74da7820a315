"""Runs of words that texts share with the items of a set: found by hashes, verified on the words themselves."""

import numpy as np
from numba import uint64

from engine.pairs.kernels._compiled import compiled

BASE = uint64(0x9E3779B97F4A7C15)
MOST_LONE = 2
"""Pieces of a single word that may follow each other between two longer ones."""

MOST_HELD = 64
"""Places of one long run in the items that are looked at, to find the longest; each of them is a finding."""

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
    sums, powers = _sums(hashes), _powers(least + 1)
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
            found[count], at[count] = _hash(sums, powers, w, end), w
            count += 1
            total -= length[w]
    return found[:count], at[:count]


@compiled
def grams(text: Words, size: int, only_first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The grams of `size` words: their hashes uint64, their first word int32. only_first: bool, one a text."""
    _, hashes, _, _, of = text
    sums, powers = _sums(hashes), _powers(size)
    found, at = np.empty(len(hashes), np.uint64), np.empty(len(hashes), np.int32)
    count = 0
    for t in range(len(of) - 1):
        for w in range(of[t], of[t + 1] - size + 1):
            found[count], at[count] = _hash(sums, powers, w, w + size), w
            count += 1
            if only_first[t]:
                break
    return found[:count], at[:count]


@compiled
def whole_texts(text: Words, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All words of each text that is wanted, bool, as one gram: the hashes uint64, the first word int32."""
    _, hashes, _, _, of = text
    some = np.flatnonzero(wanted)
    sums, powers = _sums(hashes), _powers(np.int64((of[some + 1] - of[some]).max() if len(some) else 0))
    found, at = np.empty(len(some), np.uint64), np.empty(len(some), np.int32)
    for k in range(len(some)):
        start, end = of[some[k]], of[some[k] + 1]
        found[k], at[k] = _hash(sums, powers, start, end), start
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
def overlaps(
    rows: Words,
    row_length: np.ndarray,
    items: Words,
    item_length: np.ndarray,
    item_of: np.ndarray,
    least: int,
    need: np.ndarray,
    long: Table,
    short: Table,
    short_size: int,
    whole: Table,
    whole_sizes: np.ndarray,
    seeds: Table,
    seed_size: int,
    gap: int,
    dense: float,
) -> np.ndarray:
    """int32 (n, 7): of each row the item that it shares most with, -1 for none; the words from and to in the row, from
    and to in the item; the equal words among them; and the longest run of those.

    item_of: int32, the item of each word. short: the first words of items shorter than a run, whole: all of their
    words, whole_sizes: int64 ascending, how many those can be. need: int32, what must be shared of an item in pieces.
    gap: words that may differ between two pieces, 0: a run in one piece. dense: the share of the words from the first
    to the last piece that are equal, at the least.
    """
    _, hashes, _, _, of = rows
    _, _, _, _, item_words = items
    n = len(of) - 1
    best = np.full((n, 7), -1, np.int32)
    sums, powers = _sums(hashes), _powers(max(least + 1, short_size, seed_size))
    seen, reach = np.full(len(item_words) - 1, -1, np.int64), np.zeros(len(item_words) - 1, np.int64)
    for r in range(n):
        a, b = of[r], of[r + 1]
        most, end, total, covered = (0, 0, 0), a, 0, a
        for i in range(a, b):
            while end < b and total < least:
                total += row_length[end]
                end += 1
            if total >= least and end > covered:
                e, held = _entry(long, _hash(sums, powers, i, end)), 0
                while e >= 0 and held < MOST_HELD:
                    p = int(long[3][e])
                    one = _extended(rows, row_length, items, item_length, i, p, a, b, item_words, item_of[p], gap)
                    if one[6] >= least:
                        covered = max(covered, one[7])
                        rank = _rank(one, item_words, item_of[p])
                        if rank > most:
                            most = rank
                            _put(best[r], item_of[p], one, a, item_words[item_of[p]])
                    e, held = long[2][e], held + 1
            total -= row_length[i]
            if i + short_size > b or _entry(short, _hash(sums, powers, i, i + short_size)) < 0:
                continue
            for size in whole_sizes:
                if i + size > b:
                    break
                p = _whole(rows, items, item_words, item_of, whole, _hash(sums, powers, i, i + size), i, size)
                if p < 0:
                    continue
                weight = row_length[i : i + size].sum()
                one = (i, i + size, p, p + size, weight, size, weight, i + size, size)
                rank = _rank(one, item_words, item_of[p])
                if rank > most:
                    most = rank
                    _put(best[r], item_of[p], one, a, p)
        if not gap:
            continue
        for i in range(a, b - seed_size + 1):
            e = _entry(seeds, _hash(sums, powers, i, i + seed_size))
            while e >= 0:
                p = int(seeds[3][e])
                item = item_of[p]
                e = seeds[2][e]
                if seen[item] == r and reach[item] > i:
                    continue
                one = _extended(rows, row_length, items, item_length, i, p, a, b, item_words, item, gap)
                if one[5] < seed_size:  # other words of the same hash
                    continue
                seen[item], reach[item] = r, one[1]
                rank = _rank(one, item_words, item)
                spread = max(one[1] - one[0], one[3] - one[2])
                if rank > most and one[4] >= need[item] and one[5] >= dense * spread:
                    most = rank
                    _put(best[r], item, one, a, item_words[item])
    return best


@compiled
def _whole(
    rows: Words,
    items: Words,
    item_words: np.ndarray,
    item_of: np.ndarray,
    whole: Table,
    h: np.uint64,
    i: int,
    size: int,
) -> int:
    """The first word of the first item that says just what so many words of a row say, -1 where there is none."""
    e = _entry(whole, h)
    while e >= 0:
        p = np.int64(whole[3][e])
        k = 0
        while item_words[item_of[p] + 1] - p == size and k < size and _same(rows, items, i + k, p + k):
            k += 1
        if k == size:
            return p
        e = whole[2][e]
    return -1


@compiled
def _rank(one: tuple, item_words: np.ndarray, item: int) -> tuple[int, int, int]:
    """The more equal words the better, then the longer a run, then the less else there is in the item."""
    return one[4], one[6], item_words[item] - item_words[item + 1]


@compiled
def _put(into: np.ndarray, item: int, one: tuple, row_start: int, item_start: int) -> None:
    into[0] = item
    into[1], into[2] = one[0] - row_start, one[1] - row_start
    into[3], into[4] = one[2] - item_start, one[3] - item_start
    into[5], into[6] = one[5], one[8]


@compiled
def _extended(rows, row_length, items, item_length, i, p, a, b, item_words, item, gap):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What a row shares with an item around a place where both have the same words.

    From and to in the row and in the item; how long the equal words are, and how many; how long the longest run is; the
    word behind the run at the place; the words of the longest run.
    """
    c, d = item_words[item], item_words[item + 1]
    r_to, p_to, w1, n1, first1, firstn1, long1, longn1 = _walk(rows, row_length, items, i, p, 1, a, b, c, d, gap)
    r_from, p_from, w0, n0, first0, firstn0, long0, longn0 = _walk(
        rows, row_length, items, i - 1, p - 1, -1, a, b, c, d, gap
    )
    longest = max(long0, long1, first0 + first1)
    longest_words = max(longn0, longn1, firstn0 + firstn1)
    return (r_from, r_to, p_from, p_to, w0 + w1, n0 + n1, longest, i + firstn1, longest_words)


@compiled
def _walk(rows, row_length, items, i, p, d, a, b, c, e, gap):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Equal words from a place on, forwards (d = 1) or backwards (-1), across gaps.

    Where it ends in row and item, how long the equal words are and how many; the same of the run at the place, and of
    the longest one.
    """
    last_i, last_p = i, p
    weight, count = np.int64(0), np.int64(0)
    lone, lone_weight = np.int64(0), np.int64(0)
    run, run_count = np.int64(0), np.int64(0)
    first, first_count = np.int64(-1), np.int64(-1)
    longest, longest_count = np.int64(0), np.int64(0)
    while True:
        while a <= i < b and c <= p < e and _same(rows, items, i, p):
            run += row_length[i]
            run_count += 1
            i += d
            p += d
        if first < 0 or run_count > 1:
            last_i, last_p = i, p
            weight, count, lone, lone_weight = (
                weight + lone_weight + run,
                count + lone + run_count,
                np.int64(0),
                np.int64(0),
            )
        else:  # a single word counts where a longer piece comes behind it
            lone, lone_weight = lone + run_count, lone_weight + run
        if first < 0:
            first, first_count = run, run_count
        if run > longest:
            longest, longest_count = run, run_count
        run, run_count = np.int64(0), np.int64(0)
        found = False
        for s in range(1, 2 * gap + 1 if lone < MOST_LONE else 0):
            for x in range(max(0, s - gap), min(gap, s) + 1):
                i2, p2 = i + d * x, p + d * (s - x)
                if a <= i2 < b and c <= p2 < e and _same(rows, items, i2, p2):
                    i, p, found = i2, p2, True
                    break
            if found:
                break
        if not found:
            break
    if d < 0:
        last_i, last_p = last_i + 1, last_p + 1
    return last_i, last_p, weight, count, first, first_count, longest, longest_count


@compiled
def _same(rows: Words, items: Words, i: int, p: int) -> bool:
    """Whether two words are the same, byte for byte."""
    if rows[1][i] != items[1][p]:
        return False
    start, begin = rows[2][i], items[2][p]
    size = rows[3][i] - start
    if size != items[3][p] - begin:
        return False
    for k in range(size):
        if rows[0][start + k] != items[0][begin + k]:
            return False
    return True


@compiled
def _sums(hashes: np.ndarray) -> np.ndarray:
    """uint64 (w + 1,): the hash of all words up to each, from which that of any words in between is told."""
    found = np.zeros(len(hashes) + 1, np.uint64)
    for w in range(len(hashes)):
        found[w + 1] = found[w] * BASE + hashes[w]
    return found


@compiled
def _powers(most: int) -> np.ndarray:
    found = np.ones(most + 1, np.uint64)
    for k in range(most):
        found[k + 1] = found[k] * BASE
    return found


@compiled
def _hash(sums: np.ndarray, powers: np.ndarray, start: int, end: int) -> np.uint64:
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


@compiled
def _entry(grams: Table, h: np.uint64) -> int:
    """The first entry of a gram, -1 where there is none."""
    return grams[1][_slot(grams[0], h)]
