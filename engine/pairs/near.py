"""Near texts: those that share enough of their shingles, found by bands and verified one pair at a time."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from engine.dataset import distinct
from engine.pairs.lsh import SLOTS, Bands
from engine.pairs.recall import SAMPLE, PairRecall, pair_recall
from engine.pairs.shingling import Shingling, in_threads, ready
from engine.pairs.signing import Texts, blocks, room, signed
from engine.pairs.tick import Tick

SMALL = 4
"""A bucket of so many times `probes` texts is small: there every text meets every other."""
SHINGLES = 48 << 20
"""So many shingles, of eight bytes each, are in memory at once while pairs are verified."""
PAIRS_AT_ONCE = 1 << 18
Lists = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Near:
    """Texts and their verified pairs. of_text: int32 (n,), the number of each text, the same for those of the same
    words in the same order, -1 for one without any; first: int64 (m,), the first of each number; counts: int32 (m,),
    its shingles, those that repeat counted again.

    a, b: int32 (p,), pairs of numbers, a < b, ascending; similarity: float32 (p,). candidates: pairs verified. crowded:
    bool (m,), numbers that share a band with so many that not all were looked at; left: pairs at most that were not.
    """

    of_text: np.ndarray
    first: np.ndarray
    counts: np.ndarray
    a: np.ndarray
    b: np.ndarray
    similarity: np.ndarray
    candidates: int
    crowded: np.ndarray
    left: int


def near(texts: Texts, n: int, shingling: Shingling, bands: Bands, *, lowest: float, probes: int, tick: Tick) -> Near:
    """All pairs of n texts whose Jaccard similarity is at least `lowest`, as far as bands let them meet.

    probes: in a bucket of more than four times as many texts, each meets only so many of the others. Does not depend on
    the number of threads.
    """
    found = signed(texts, n, shingling, bands, tick)
    of_text, first, _ = distinct(found.hashes)
    codes, crowded, left = _candidates(found.keys, found.low, first, bands, lowest, probes, tick)
    a, b = (codes >> np.uint64(32)).astype(np.int32), codes.astype(np.uint32).astype(np.int32)
    counts = found.counts[first]
    del found  # keys and bytes: more than half of the memory
    similarity = verified(texts, first, counts, a, b, shingling, lowest, tick)
    alike = similarity >= 0
    return Near(of_text, first, counts, a[alike], b[alike], similarity[alike], len(codes), crowded, left)


def _candidates(
    keys: np.ndarray, low: np.ndarray, first: np.ndarray, bands: Bands, lowest: float, probes: int, tick: Tick
) -> tuple[np.ndarray, np.ndarray, int]:
    """Codes (a << 32 | b) of the pairs to verify, uint64 ascending; numbers in a crowd; and pairs not looked at."""
    from engine.pairs.kernels import candidates

    m, bits = len(first), max(len(first) - 1, 1).bit_length()
    # Below this share of equal slots a pair of that similarity is not seen once in four thousand times.
    floor = int(SLOTS * (lowest - 3.5 * np.sqrt(lowest * (1 - lowest) / SLOTS)))
    some = (low if m == len(low) else low[first]).view(np.uint64)
    buckets = room((m, bands.bands), np.int32)
    buckets[:] = candidates.NONE
    ordered = [np.empty(0, np.uint64)] * bands.bands
    parts = [np.empty(0, np.uint64)] * bands.bands
    left = np.zeros(bands.bands, np.int64)

    def sort(band: int) -> None:
        mine = candidates.perhaps_shared(keys[band] if m == len(low) else keys[band][first], bits)
        mine.sort()
        candidates.mark(mine, bits, SMALL * probes, buckets, band)
        shared = mine[1:] >> np.uint64(bits) == mine[:-1] >> np.uint64(bits)
        ordered[band] = mine[np.r_[shared, False] | np.r_[False, shared]] if len(mine) else mine

    def meet(band: int) -> None:
        parts[band], _, left[band] = candidates.pairs_of_band(
            ordered[band], bits, buckets, band, some, max(floor, 1), probes
        )

    in_threads(sort, iter(range(bands.bands)), lambda band: tick("Sorting bands", band + 1, bands.bands))
    in_threads(meet, iter(range(bands.bands)), lambda band: tick("Comparing signatures", band + 1, bands.bands))
    codes = np.concatenate(parts)
    codes.sort()  # a tenth of the time of np.unique, which would hash so many
    crowded = np.asarray((buckets < candidates.NONE).any(axis=1))
    once = np.diff(codes, prepend=np.uint64(0)) > 0
    return codes[once], crowded, int(left.sum())


@dataclass(frozen=True)
class Sets:
    """The shingles of some texts, each once. starts int64 (k,), sizes int32 (k,): where they lie in values, uint64."""

    starts: np.ndarray
    sizes: np.ndarray
    values: np.ndarray


def sets_of(texts: Texts, numbers: np.ndarray, counts: np.ndarray, shingling: Shingling) -> Sets:
    """The sets of some texts by their numbers, int64. counts: how many shingles each has at most."""
    from engine.pairs.kernels import jaccard

    starts = np.cumsum(counts, dtype=np.int64) - counts
    found = Sets(starts, np.empty(len(numbers), np.int32), np.empty(int(counts.sum()), np.uint64))

    def work(part: slice) -> None:
        some = ready(texts(numbers[part]), shingling)
        jaccard.fill_sets(
            *some.given,
            found.starts[part],
            found.sizes[part],
            found.values,
        )

    in_threads(work, blocks(len(numbers)), lambda part: None)
    return found


def verified(
    texts: Texts,
    first: np.ndarray,
    counts: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    shingling: Shingling,
    lowest: float,
    tick: Tick,
) -> np.ndarray:
    """float32 (p,): the exact Jaccard similarity of each pair of numbers, -1 where it is below `lowest`.

    Of sets of hashes: that two shingles of two texts have the same 64 bits by chance happens once in 10^15 pairs.
    """
    from engine.pairs.kernels import jaccard

    found, start = np.full(len(a), -1, np.float32), 0
    while start < len(a):
        marked = np.zeros(len(first), bool)
        stop = jaccard.until(a, b, start, counts, marked, SHINGLES)
        numbers = np.flatnonzero(marked)
        sets = sets_of(texts, first[numbers], counts[numbers], shingling)
        place = np.empty(len(first), np.int32)
        place[numbers] = np.arange(len(numbers))

        def work(part: slice, sets: Sets = sets, place: np.ndarray = place, base: int = start) -> None:
            here = slice(base + part.start, base + part.stop)
            found[here] = jaccard.similarities(
                sets.starts, sets.sizes, sets.values, place[a[here]], place[b[here]], lowest
            )

        in_threads(work, blocks(stop - start, PAIRS_AT_ONCE), lambda part: None)
        tick("Verifying pairs", stop, len(a))
        start = stop
    return found


def recall_of(texts: Texts, found: Near, shingling: Shingling, lowest: float, tick: Tick) -> PairRecall:
    """How many of the pairs of sampled texts were found: each is compared with every other text, exactly."""
    from engine.pairs.kernels import jaccard

    m = len(found.first)
    sample = np.sort(np.random.default_rng(0).choice(m, min(m, SAMPLE), replace=False))
    sets = sets_of(texts, found.first[sample], found.counts[sample], shingling)
    lists = jaccard.postings(sets.starts, sets.sizes, sets.values)
    true: dict[int, np.ndarray] = {}

    def work(part: slice) -> None:
        some = ready(texts(found.first[part]), shingling)
        others, of = jaccard.against(*some.given, sets.sizes, *lists, lowest)
        true[part.start] = np.stack([sample[of], others + part.start])

    in_threads(work, blocks(m), lambda part: tick("Measuring recall", part.stop, m))
    ends = np.concatenate([np.empty((2, 0), np.int64), *(true[start] for start in sorted(true))], axis=1)
    ends = ends[:, ends[0] != ends[1]]
    there = _codes(found.a, found.b)
    seen = np.isin(_codes(ends.min(axis=0), ends.max(axis=0)), there)
    of, most = np.searchsorted(sample, ends[0]), len(sample)
    return pair_recall(np.bincount(of, seen, most), np.bincount(of, minlength=most), m)


def between(texts: Texts, rows: np.ndarray, others: np.ndarray, shingling: Shingling, least: float) -> np.ndarray:
    """Every pair of one of some rows and one of others that is at least so similar, exactly: int64 (2, p) rows."""
    from engine.pairs.kernels import jaccard

    found: dict[tuple[int, int], np.ndarray] = {}
    for mine in blocks(len(rows)):
        asking = rows[mine]
        # No text has more shingles than bytes.
        lengths = pc.fill_null(pc.binary_length(texts(asking)), 0).to_numpy(zero_copy_only=False)
        sets = sets_of(texts, asking, np.asarray(lengths + 1, np.int64), shingling)
        lists = jaccard.postings(sets.starts, sets.sizes, sets.values)

        def work(part: slice, sets: Sets = sets, lists: Lists = lists, mine: slice = mine) -> None:
            some = ready(texts(others[part]), shingling)
            theirs, ours = jaccard.against(*some.given, sets.sizes, *lists, least)
            found[mine.start, part.start] = np.stack([rows[mine][ours], others[part][theirs]])

        in_threads(work, blocks(len(others)), lambda part: None)
    return np.concatenate([np.empty((2, 0), np.int64), *(found[at] for at in sorted(found))], axis=1)


def _codes(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a.astype(np.uint64) << np.uint64(32) | b.astype(np.uint64)
