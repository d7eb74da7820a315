"""Runs of words that come again: the one that fills most of a text, and all that were said before."""

import numpy as np
from numba import uint64

from engine.compiled import compiled
from engine.signals.rules.kernels.characters import MIX
from engine.signals.rules.kernels.table import Table, mask_for, slot_of
from engine.signals.rules.kernels.words import Words

SHORTEST, TOP, LONGEST = 2, 4, 10
"""Runs of 2 to 4 words count by the one that fills most, those of 5 to 10 by all that were said before."""


@compiled
def repeated_runs(
    words: Words, size: int, table: Table, lengths: np.ndarray, hashes: np.ndarray, places: np.ndarray,
    again: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    """Nine shares of a text's characters: its most filling run of 2, 3, 4 words; runs of 5 … 10 said before.

    size: characters of the text. Room, at least as long as there are words: lengths int64 (one more), hashes uint64,
    places int32, again uint8. A run is looked at only where the run of one word less that it begins with comes twice:
    others cannot repeat.
    """
    starts, ends, own, total = words
    n = total[0]
    lengths[0] = 0
    for w in range(n):
        lengths[w + 1] = lengths[w] + ends[w] - starts[w]
        hashes[w], places[w] = own[w], w
    mask, there = mask_for(n), n
    for k in range(SHORTEST, LONGEST + 1):
        if n < k:
            break
        there = _longer(own, n, k, there, table, mask, hashes, places, again)
        if k <= TOP:
            out[k - SHORTEST] = _most_filling(k, there, table, mask, lengths, hashes, places) / max(size, 1)
        else:
            out[k - SHORTEST] = _said_before(k, there, table, mask, lengths, hashes, places) / max(size, 1)
        there = _repeated(there, places, again)


@compiled
def _longer(
    own: np.ndarray,
    n: int,
    k: int,
    there: int,
    table: Table,
    mask: int,
    hashes: np.ndarray,
    places: np.ndarray,
    again: np.ndarray,
) -> int:
    """Make the runs of k words from those of k − 1, and count each; how many there are."""
    keys, stamps, counts, firsts, seen, now = table
    now[0] += 1
    made = 0
    for r in range(there):
        w = places[r]
        if w + k > n:
            break
        h = (hashes[w] ^ (hashes[w] >> uint64(29))) * MIX + own[w + k - 1]
        hashes[w], again[w] = h, 0
        at = slot_of(keys, stamps, now[0], h, mask)
        if stamps[at] != now[0]:
            stamps[at], keys[at], counts[at], firsts[at], seen[at] = now[0], h, 1, w, 0
        else:
            counts[at] += 1
            again[w] = again[firsts[at]] = 1
        made += 1
    return made


@compiled
def _most_filling(
    k: int, there: int, table: Table, mask: int, lengths: np.ndarray, hashes: np.ndarray, places: np.ndarray
) -> int:
    """Characters of all copies of the run that comes most often, of equals the first; its spaces count."""
    keys, stamps, counts, _, _, now = table
    most, first = 1, 0  # runs that come once were left out: the first of the text stands for them
    for r in range(there):
        count = counts[slot_of(keys, stamps, now[0], hashes[places[r]], mask)]
        if count > most:
            most, first = count, places[r]
    return most * (lengths[first + k] - lengths[first] + k - 1)


@compiled
def _said_before(
    k: int, there: int, table: Table, mask: int, lengths: np.ndarray, hashes: np.ndarray, places: np.ndarray
) -> int:
    """Characters of runs that were said before, from left to right, none counted twice."""
    keys, stamps, _, _, seen, now = table
    length = behind = 0
    for r in range(there):
        w = places[r]
        if w < behind:
            continue
        at = slot_of(keys, stamps, now[0], hashes[w], mask)
        if seen[at]:
            length += lengths[w + k] - lengths[w]
            behind = w + k
        seen[at] = 1
    return length


@compiled
def _repeated(there: int, places: np.ndarray, again: np.ndarray) -> int:
    """Keep the places of runs that come again; how many there are."""
    kept = 0
    for r in range(there):
        if again[places[r]]:
            places[kept] = places[r]
            kept += 1
    return kept
