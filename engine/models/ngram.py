"""How likely a word is after the words before it: interpolated Kneser–Ney, exact, in sorted arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import EngineError
from engine.models._words import Said

VERSION = 1
BEGIN, UNKNOWN, FIRST = 0, 1, 2
"""Numbers of words: what stands before each text, every word that is not in the vocabulary, the vocabulary."""


LAST = np.uint64(2**64 - 1)
"""A key above those of all runs, so that every look-up ends at a key."""


@dataclass(frozen=True)
class Level:
    """The runs of k words, k from 2.

    keys: uint64 (m + 1,) ascending, then one that is no run's: the place of the first k - 1 words among the runs of
    that length, times 2³², and the last word. values: int64 (m + 1,): of the longest runs how often each was seen, of
    the others how many words stood before it. total: float64 (c,): what they add up to after each run of k - 1 words,
    those left out too. spare: float64 (c,): how much of that goes to the shorter run.
    """

    keys: np.ndarray
    values: np.ndarray
    total: np.ndarray
    spare: np.ndarray


@dataclass(frozen=True)
class NgramModel:
    """vocabulary: large_string (v,). kinds: how many different words count as unknown, at least 1.

    single: float64 (v + 2,), of each word alone. reference: uint64, ascending, what the texts of the reference are
    known by. surprising: base-10 logarithm of the probability below which a word is marked.
    """

    name: str
    order: int
    discount: float
    vocabulary: pa.Array
    kinds: int
    single: np.ndarray
    levels: tuple[Level, ...]
    reference: np.ndarray
    surprising: float

    def ids(self, words: pa.Array) -> np.ndarray:
        """Words as numbers: int64 (w,)."""
        found = pc.index_in(words, value_set=self.vocabulary)
        return np.asarray(pc.fill_null(pc.add(found.cast(pa.int64()), FIRST), UNKNOWN))

    def log10(self, found: Said) -> np.ndarray:
        """float64 (w,): of each word, the logarithm of how likely it is after up to `order` - 1 words of its text.

        What is kept for unknown words is shared evenly by the different words that were unknown in the reference.
        """
        if not len(found.words):
            return np.zeros(0)
        ids, place = padded(self.ids(found.words), found.lengths, self.order)
        spoken = place >= self.order - 1
        likely = self._likely(ids)[spoken]
        likely[ids[spoken] == UNKNOWN] /= self.kinds
        return np.log10(likely)

    def _likely(self, ids: np.ndarray) -> np.ndarray:
        """float64: how likely each word is; of what stands before a text, anything."""
        p, rank = self.single[ids], ids
        for level in self.levels:
            before = np.concatenate([np.full(1, -1, np.int64), rank[:-1]])
            at, there = find(level.keys, joined(before, ids))
            there &= before >= 0
            total = np.where(before >= 0, level.total[before], 0.0)
            seen = total > 0
            value = np.where(there, np.maximum(level.values[at] - self.discount, 0.0), 0.0)
            p[seen] = (value[seen] + level.spare[before[seen]] * p[seen]) / total[seen]
            rank = np.where(there, at, -1)
        return p


def padded(ids: np.ndarray, lengths: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray]:
    """The words of texts with `order` - 1 beginnings before each, and the place of each in its text from 0."""
    whole = np.where(lengths > 0, lengths + order - 1, 0)
    starts = np.cumsum(whole) - whole
    place = np.arange(whole.sum()) - np.repeat(starts, whole)
    result = np.full(len(place), BEGIN, np.int64)
    result[place >= order - 1] = ids
    return result, place


def joined(before: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The key of a run: where its first words stand, and its last word."""
    return (before.astype(np.uint64) << np.uint64(32)) | ids.astype(np.uint64)


def find(keys: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each wanted key stands among ascending keys, the last of them above all wanted, and whether it does."""
    # Neighbouring look-ups touch neighbouring memory when what is looked for is in order: several times as fast.
    order = np.argsort(wanted, kind="stable")
    at = np.empty(len(wanted), np.int64)
    at[order] = np.searchsorted(keys, wanted[order])
    return at, keys[at] == wanted


@dataclass(frozen=True)
class Counted:
    """What a reference says, as it is kept: of each level from 2 up, followers: int64, how many words are kept after
    each run; words and values of those kept: int64; pruned: int64, how many seen once are left out after each run.

    continued: int64 (v + 2,), how many different words stood before each word.
    """

    vocabulary: pa.Array
    kinds: int
    continued: np.ndarray
    levels: tuple[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], ...]


def counted(found: Said, order: int, least: int) -> Counted:
    """Count the runs of up to `order` words. least: a word seen less often counts as unknown."""
    pairs = pc.value_counts(found.words)
    often = pc.greater_equal(pairs.field("counts"), least)
    vocabulary = pairs.field("values").filter(often)
    vocabulary = vocabulary.take(pc.array_sort_indices(vocabulary))
    kinds = max(1, len(pairs) - len(vocabulary))
    numbers = pc.index_in(found.words, value_set=vocabulary)
    ids = np.asarray(pc.fill_null(pc.add(numbers.cast(pa.int64()), FIRST), UNKNOWN))
    flat, place = padded(ids, found.lengths, order)
    size = len(vocabulary) + FIRST
    rank, contexts = flat, size
    raw: list[tuple[np.ndarray, np.ndarray]] = []
    continued = np.zeros(size, np.int64)
    for k in range(2, order + 1):
        whole = np.flatnonzero(place >= k - 1)
        keys, first, of_word, count = np.unique(
            joined(rank[whole - 1], flat[whole]), return_index=True, return_inverse=True, return_counts=True
        )
        shorter = np.bincount(rank[whole[first]], minlength=contexts)  # words before each run that is one shorter
        if k == 2:
            continued = shorter
        else:
            raw[-1] = (raw[-1][0], shorter)
        raw.append((keys, count))
        rank = np.zeros(len(flat), np.int64)
        rank[whole], contexts = of_word, len(keys)
    if not continued[UNKNOWN]:
        continued[UNKNOWN] = 1
    sizes = [size, *(len(keys) for keys, _ in raw)]
    none = [np.zeros(n, np.int64) for n in sizes[:-1]]
    levels = tuple(
        (_followers(keys, n), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64), values, zero)
        for (keys, values), n, zero in zip(raw, sizes, none, strict=False)
    )
    return Counted(vocabulary, kinds, continued, levels)


def _followers(keys: np.ndarray, contexts: int) -> np.ndarray:
    return np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=contexts)


def without_rare(whole: Counted) -> Counted:
    """The same without the longest runs that were seen once; what they were worth stays with the shorter run."""
    *rest, (followers, words, values, _) = whole.levels
    keep, context = values > 1, np.repeat(np.arange(len(followers)), followers)
    kept = np.bincount(context[keep], minlength=len(followers))
    return Counted(
        whole.vocabulary,
        whole.kinds,
        whole.continued,
        (*rest, (kept, words[keep], values[keep], followers - kept)),
    )


def arrays_of(whole: Counted) -> dict[str, np.ndarray]:
    """What is written of it, as small as it can be."""
    body = "\n".join(whole.vocabulary.to_pylist()).encode()
    arrays: dict[str, np.ndarray] = {
        "vocabulary": np.frombuffer(body, np.uint8),
        "continued": whole.continued.astype(np.uint32),
    }
    for k, level in enumerate(whole.levels, 2):
        for name, array in zip(("followers", "words", "values", "pruned"), level, strict=True):
            arrays[f"{name}_{k}"] = array.astype(np.uint32)
    return arrays


def level_of(part: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], discount: float) -> Level:
    """A level ready to be asked, from what is kept of it."""
    followers, words, values, pruned = (array.astype(np.int64) for array in part)
    context = np.repeat(np.arange(len(followers)), followers)
    total = np.bincount(context, weights=values, minlength=len(followers)) + pruned
    spare = discount * (followers + pruned) + (1 - discount) * pruned
    return Level(np.append(joined(context, words), LAST), np.append(values, 0), total, spare)


def read_ngram(
    name: str, params: Mapping[str, object], facts: Mapping[str, object], arrays: Mapping[str, np.ndarray]
) -> NgramModel:
    """The model from what is written of it; raises `EngineError` where its parts do not fit each other."""
    try:
        order, discount, kinds = int(str(params["order"])), float(str(params["discount"])), int(str(facts["kinds"]))
        vocabulary = _vocabulary(arrays["vocabulary"])
        if any(array.dtype != np.uint32 for name, array in arrays.items() if name not in ("vocabulary", "reference")):
            raise ValueError("its counts are none")
        continued = arrays["continued"].astype(np.int64)
        levels, size = [], len(vocabulary) + FIRST
        if not (2 <= order <= 5 and 0 <= discount <= 1 and kinds >= 1 and continued.shape == (size,)):
            raise ValueError("its numbers do not fit")
        if not continued[UNKNOWN] or not np.isfinite(surprising := float(str(facts["surprising"]))):
            raise ValueError("it has nothing for unknown words")
        for k in range(2, order + 1):
            followers, words, values, pruned = (arrays[f"{n}_{k}"] for n in ("followers", "words", "values", "pruned"))
            whole = words.shape == values.shape == (int(followers.sum(dtype=np.uint64)),)
            if not (whole and followers.shape == pruned.shape == (size,)) or (words >= len(continued)).any():
                raise ValueError(f"its runs of {k} words do not fit each other")
            level = level_of((followers, words, values, pruned), discount)
            if (level.keys[1:] <= level.keys[:-1]).any():
                raise ValueError(f"its runs of {k} words are not in order")
            levels.append(level)
            size = len(words)
        reference = arrays["reference"]
        if reference.dtype != np.uint64 or reference.ndim != 1 or (reference[1:] < reference[:-1]).any():
            raise ValueError("its list of texts is none")
    except (KeyError, ValueError) as error:
        raise EngineError(
            f"The model {name!r} is no n-gram model: {error}. Take it again from where it came."
        ) from error
    return NgramModel(
        name, order, discount, vocabulary, kinds, continued / continued.sum(), tuple(levels), reference, surprising
    )


def _vocabulary(body: np.ndarray) -> pa.Array:
    """The words as they are written: one a line."""
    if body.dtype != np.uint8 or body.ndim != 1:
        raise ValueError("its words are no text")
    words = body.tobytes().decode().split("\n") if len(body) else []
    if words != sorted(set(words), key=lambda w: w.encode()):
        raise ValueError("its words are not in order")
    return pa.array(words, pa.large_string())
