"""What the texts of each topic say, in counts: short phrases, in how many texts, and in how many of them anew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.text import CLAUSE, SENTENCE, pieces
from engine.topics.evenness import mostly_numbers, too_even

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_LONGEST = 3
_LEAST_TEXTS = 2
_LEAST_SHARE = 0.015
_SAME_NEIGHBOUR, _SAME_NEIGHBOUR_OF_A_WORD, _SAME_COMMON_NEIGHBOUR = 0.7, 0.9, 0.92
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Evidence:
    """Phrases of one to three words, and what each topic has of them: sparse tables, float64 (topics, phrases).

    phrases: lower case, a space between words. spelled: as they are usually written. covers: the share of the topic's
    texts with the phrase. fresh: the share that have it in their first sentence, or in one which no text before has
    said, digits aside. first: the part of `fresh` that says it in the first sentence. even: bool, words that stand
    evenly over the topics, but are no function words: they may name a topic that is full of them.
    """

    phrases: tuple[str, ...]
    spelled: tuple[str, ...]
    covers: "csr_array"
    fresh: "csr_array"
    first: "csr_array"
    even: np.ndarray


@dataclass(frozen=True)
class _Reading:
    """The words of all texts in one line: what stands at each place, int64 and bool (places,).

    word: its number among `words`, -1 where a clause ends. text, topic: it is in. fresh: whether its sentence is the
    first of its text, or said for the first time in the topic; first: whether it is the first of its text. written: the
    number of its spelling among `spellings`.
    """

    word: np.ndarray
    written: np.ndarray
    text: np.ndarray
    topic: np.ndarray
    fresh: np.ndarray
    first: np.ndarray
    words: list[str]
    spellings: list[str]


def evidence(texts: Sequence[Sequence[str]]) -> Evidence:
    """Count the phrases of some topics, from some texts of each.

    A phrase lies inside a clause. It neither begins nor ends with a number, nor with a word that stands evenly over the
    topics: in any language such words set nothing apart, but they may stand inside ("point of sale"). A phrase is kept
    if in some topic 2 texts and 1.5 % of them say it anew; in a topic of one or two texts once is enough.
    """
    from scipy.sparse import csr_array

    sizes = np.array([len(some) for some in texts], dtype=np.int64)
    read = _read(texts)
    anew = np.bincount(read.topic[_first_of(read.text, read.fresh)], minlength=len(texts))
    least = np.where(anew > _LEAST_TEXTS, np.maximum(_LEAST_TEXTS, np.ceil(_LEAST_SHARE * anew)), 1)
    phrases: list[str] = []
    spelled: list[str] = []
    tables: list[list[csr_array]] = []
    alive = read.word >= 0
    even: list[np.ndarray] = []
    barred = np.zeros(len(read.words), dtype=bool)
    for n in range(1, _LONGEST + 1):
        at = _stretches(alive, n)
        if n > 1:
            at = at[~barred[read.word[at]] & ~barred[read.word[at + n - 1]]]
        kinds, kind = _numbered(read.word, at, n, len(read.words))
        shape = len(texts), len(kinds)
        if not len(kinds):
            break
        fresh, first = read.fresh[at], read.fresh[at] & read.first[at]
        counts = [
            _counted(kind[some], read.text[at[some]], read.topic[at[some]], shape)
            for some in (np.ones(len(at), dtype=bool), fresh, first)
        ]
        enough = counts[1].copy()
        enough.data = (enough.data >= np.repeat(least, np.diff(enough.indptr))).astype(np.float64)
        enough.eliminate_zeros()
        kept = np.zeros(len(kinds), dtype=bool)
        kept[enough.indices] = True
        if n == 1:
            barred, never = too_even(read.words, kinds[:, 0], counts[0], sizes)
            kept &= ~_part_of_longer(read, at[fresh], n, kind[fresh], len(kinds), barred)
            kept &= ~never[kinds[:, 0]] & _alone(read.words)[kinds[:, 0]]
            # No phrase is more frequent than its words: only words frequent in the topic go on, whatever stands there.
            alive[at] = np.isin(read.topic[at] * len(kinds) + kind, _pairs(enough))
        else:
            kept &= ~_part_of_longer(read, at[fresh], n, kind[fresh], len(kinds), barred)
        chosen = np.flatnonzero(kept)
        phrases += [" ".join(read.words[word] for word in one) for one in kinds[chosen].tolist()]
        spelled += _spelled(read, at, n, kind, kept)
        even.append(barred[kinds[chosen, 0]])
        tables.append([table[:, chosen] for table in counts])
    covers, fresh_shares, first_shares = _shares(tables, sizes, anew)
    return Evidence(
        tuple(phrases), tuple(spelled), covers, fresh_shares, first_shares,
        np.concatenate([np.empty(0, dtype=bool), *even]),
    )  # fmt: skip


def _shares(tables: list[list["csr_array"]], sizes: np.ndarray, anew: np.ndarray) -> list["csr_array"]:
    from scipy.sparse import csr_array, diags_array, hstack

    if not tables:
        return [csr_array((len(sizes), 0), dtype=np.float64)] * 3
    joined = [hstack([some[i] for some in tables], format="csr") for i in range(3)]
    return [
        csr_array(diags_array(1.0 / np.maximum(of, 1)) @ table)
        for table, of in zip(joined, (sizes, anew, anew), strict=True)
    ]


def _read(texts: Sequence[Sequence[str]]) -> _Reading:
    """All texts in words and numbers."""
    number: dict[str, int] = {CLAUSE: 0, SENTENCE: 1}
    places: list[int] = []
    lengths: list[int] = []
    for some in texts:
        for one in some:
            found = [number.setdefault(piece, len(number)) for piece in pieces(one)]
            found.append(1)
            places += found
            lengths.append(len(found))
    written = list(number)
    lower: dict[str, int] = {}
    lower_of = np.array([lower.setdefault(piece.lower(), len(lower)) for piece in written[2:]], dtype=np.int64)
    at = np.array(places, dtype=np.int64)
    text = np.repeat(np.arange(len(lengths)), lengths)
    topic = np.repeat(np.repeat(np.arange(len(texts)), [len(some) for some in texts]), lengths)
    word = np.concatenate([[-1, -1], lower_of])[at] if len(at) else at
    sentence = np.cumsum(at == 1) - (at == 1)
    opening = np.zeros(len(lengths), dtype=np.int64)
    said = np.flatnonzero(word >= 0)
    _, firsts = np.unique(text[said], return_index=True)
    opening[text[said[firsts]]] = sentence[said[firsts]]
    masked: dict[str, int] = {}
    mask = np.array([masked.setdefault(_DIGITS.sub("0", one), len(masked)) for one in lower], dtype=np.int64)
    if mostly_numbers(list(lower), np.bincount(word[said], minlength=len(lower))):
        mask = np.arange(len(lower))
    anew = _said_anew(mask[word[said]], sentence[said], topic[said], int(sentence.max(initial=0)) + 1)
    # Texts that all begin with the same words are about these, as tasks are that repeat their instruction.
    first = sentence == opening[text]
    return _Reading(
        word=word,
        written=at,
        text=text,
        topic=topic,
        fresh=anew[sentence] | first,
        first=first,
        words=list(lower),
        spellings=written,
    )


def _part_of_longer(
    read: _Reading, at: np.ndarray, n: int, kind: np.ndarray, kinds: int, common: np.ndarray
) -> np.ndarray:
    """Whether a phrase has nearly always the same word before it, or after it: then it is a piece of a longer one.

    Beside a `common` word, bool (words,), it may be whole ("my shopping list"), unless that stands there as good as
    always; one word is whole beside any of these.
    """
    own = _SAME_NEIGHBOUR_OF_A_WORD if n == 1 else _SAME_NEIGHBOUR
    beside_common = 1.0 if n == 1 else _SAME_COMMON_NEIGHBOUR
    total = np.bincount(kind, minlength=kinds)
    part = np.zeros(kinds, dtype=bool)
    for beside in (at - 1, at + n):
        # The last place ends a text, so that -1, before the first, is one where nothing stands, too.
        word = read.word[beside]
        there = word >= 0
        pair, count = np.unique(kind[there] * len(read.words) + word[there], return_counts=True)
        phrase, word = np.divmod(pair, max(1, len(read.words)))
        bound = np.where(common[word], beside_common, own)
        part[phrase[count > bound * total[phrase]]] = True
    return part


def _spelled(read: _Reading, at: np.ndarray, n: int, kind: np.ndarray, kept: np.ndarray) -> list[str]:
    """The most frequent spelling of each phrase that is kept, ties to the one that came first."""
    mine = kept[kind]
    ways, way = _numbered(read.written, at[mine], n, len(read.spellings))
    of = np.empty(len(ways), dtype=np.int64)
    of[way] = kind[mine]
    order = np.lexsort((-np.bincount(way, minlength=len(ways)), of))
    best = order[np.unique(of[order], return_index=True)[1]]
    return [" ".join(read.spellings[word] for word in one) for one in ways[best].tolist()]


def _said_anew(word: np.ndarray, sentence: np.ndarray, topic: np.ndarray, sentences: int) -> np.ndarray:
    """Of each sentence whether its topic has not said it before, bool (sentences,); words of sentences in order."""
    rng = np.random.default_rng(0)
    worth = rng.integers(1, 2**63, size=int(word.max(initial=0)) + 1, dtype=np.uint64)
    starts = np.flatnonzero(np.diff(sentence, prepend=-1))
    place = np.arange(len(word)) - np.repeat(starts, np.diff(starts, append=len(word)))
    turn = rng.integers(0, 2**62, size=int(place.max(initial=0)) + 1, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    own = rng.integers(1, 2**63, size=int(topic.max(initial=0)) + 1, dtype=np.uint64)
    # Sums of products modulo 2^64: sentences that differ have the same one once in 10^19.
    of = np.add.reduceat(worth[word] * turn[place], starts) if len(starts) else np.empty(0, dtype=np.uint64)
    _, first = np.unique(of * own[topic[starts]], return_index=True)
    anew = np.zeros(sentences, dtype=bool)
    anew[sentence[starts[first]]] = True
    return anew


def _first_of(text: np.ndarray, fresh: np.ndarray) -> np.ndarray:
    """A place of each text that says something anew."""
    places = np.flatnonzero(fresh)
    return places[np.unique(text[places], return_index=True)[1]]


def _stretches(alive: np.ndarray, n: int) -> np.ndarray:
    """Where n words in a row begin, inside one clause."""
    whole = alive.copy()
    for i in range(1, n):
        whole[: len(whole) - i] &= alive[i:]
        whole[len(whole) - i :] = False
    return np.flatnonzero(whole)


def _numbered(word: np.ndarray, at: np.ndarray, n: int, words: int) -> tuple[np.ndarray, np.ndarray]:
    """The phrases of n words that begin at some places, int64 (kinds, n), and which of them stands at each place."""
    code = word[at]
    for i in range(1, n):
        if i == 2:  # pairs are numbered first, so that no code passes 2^63
            _, code = np.unique(code, return_inverse=True)
        code = code * words + word[at + i]
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    return np.stack([word[at[first] + i] for i in range(n)], axis=1), kind


def _counted(kind: np.ndarray, text: np.ndarray, topic: np.ndarray, shape: tuple[int, int]) -> "csr_array":
    """In how many texts of each topic each phrase stands."""
    from scipy.sparse import csr_array

    _, once = np.unique(text * shape[1] + kind, return_index=True)
    return csr_array((np.ones(len(once)), (topic[once], kind[once])), shape=shape)


def _pairs(table: "csr_array") -> np.ndarray:
    """Topic and phrase of each entry as one number."""
    return np.repeat(np.arange(table.shape[0]), np.diff(table.indptr)) * table.shape[1] + table.indices


def _alone(words: list[str]) -> np.ndarray:
    """Whether each word can be a phrase by itself: a Latin letter cannot, a sign of Chinese can."""
    return np.array([len(word) > 1 or not word.isascii() for word in words], dtype=bool)
