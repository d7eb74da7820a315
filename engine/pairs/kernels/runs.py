"""Runs of words that texts share with the items of a set: found by hashes, verified on the words themselves."""

import numpy as np

from engine.compiled import compiled
from engine.pairs.kernels.grams import Table, Words, entry, hash_of, powers_to, summed

MOST_LONE = 2
"""Pieces of a single word that may follow each other between two longer ones."""

MOST_HELD = 64
"""Places of one long run in the items that are looked at, to find the longest; each of them is a finding."""


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
    sums, powers = summed(hashes), powers_to(max(least + 1, short_size, seed_size))
    seen, reach = np.full(len(item_words) - 1, -1, np.int64), np.zeros(len(item_words) - 1, np.int64)
    for r in range(n):
        a, b = of[r], of[r + 1]
        most, end, total, covered = (0, 0, 0), a, 0, a
        for i in range(a, b):
            while end < b and total < least:
                total += row_length[end]
                end += 1
            if total >= least and end > covered:
                e, held = entry(long, hash_of(sums, powers, i, end)), 0
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
            if i + short_size > b or entry(short, hash_of(sums, powers, i, i + short_size)) < 0:
                continue
            for size in whole_sizes:
                if i + size > b:
                    break
                p = _whole(rows, items, item_words, item_of, whole, hash_of(sums, powers, i, i + size), i, size)
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
            e = entry(seeds, hash_of(sums, powers, i, i + seed_size))
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
    e = entry(whole, h)
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
