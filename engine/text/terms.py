"""Terms that set some texts apart from others, in any language, without a list of stop words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.text.phrases import candidates, overlap, runs

_LEAST_TEXTS = 2
_LEAST_SHARE = 0.02
_LEAST_LIFT = 2.0
_PART_LIFT = 1.4
# Short texts seldom hold all the common words of their language, so these do not lie evenly over topics; more of the
# head of the frequency list is then left out. Looked at in English, Russian, German, French, Turkish and Japanese.
_HEAD_OF_LONG_TEXTS = 0.3
_HEAD_OF_SHORT_TEXTS = 0.55
_LONG_TEXT_WORDS = 40
_LEAST_VOCABULARY = 200
_SMOOTHING = 0.01
_PAIR_BONUS = 1.3
_WHOLE = 0.7


@dataclass(frozen=True)
class Term:
    """A word or short phrase that sets a group of texts apart.

    inside, outside: share of texts with it, 0…1, in the group and in the others (the mean over groups). score: higher
    sets apart more.
    """

    text: str
    inside: float
    outside: float
    score: float


@dataclass(frozen=True)
class Counts:
    """In how many texts of each group a term occurs.

    terms: in alphabetical order. texts: float64 (groups, terms). sizes: texts of each group, int64. spelling: the
    usual spelling of a word. common: bool (terms,), whether a word in it is too common to say anything. parts: for a
    pair, the places of its words among the terms.
    """

    terms: tuple[str, ...]
    texts: np.ndarray
    sizes: np.ndarray
    spelling: dict[str, str]
    common: np.ndarray
    parts: dict[int, tuple[int, ...]]


def count_terms(groups: Sequence[Iterable[str]]) -> Counts:
    """Count the texts of each group in which a term occurs; terms rare in every group are left out."""
    counted: list[Counter[str]] = []
    sizes: list[int] = []
    spelled: Counter[str] = Counter()
    for texts in groups:
        found: Counter[str] = Counter()
        size = 0
        for text in texts:
            pieces = runs(text)
            found.update(candidates(pieces))
            spelled.update(pieces)
            size += 1
        counted.append(found)
        sizes.append(size)
    kept: set[str] = set()
    for found, size in zip(counted, sizes, strict=True):
        least = max(_LEAST_TEXTS, _LEAST_SHARE * size) if size > _LEAST_TEXTS else 1
        kept.update(term for term, count in found.items() if count >= least)
    terms = tuple(sorted(kept))
    table = np.array([[found[term] for term in terms] for found in counted], dtype=np.float64)
    common = _common(counted, sum(sizes))
    place = {term: i for i, term in enumerate(terms)}
    return Counts(
        terms,
        table.reshape(len(counted), len(terms)),
        np.array(sizes, dtype=np.int64),
        _usual(spelled),
        np.array([not common.isdisjoint(term.split()) for term in terms], dtype=bool),
        {i: tuple(place[w] for w in term.split() if w in place) for term, i in place.items() if " " in term},
    )


def _common(counted: Sequence[Counter[str]], texts: int) -> frozenset[str]:
    """Words at the head of the frequency list that are shorter than the average word: in any language, function words.

    Zipf: the most frequent words make up a third to a half of a text, and the more frequent a word, the shorter it is.
    """
    total: Counter[str] = Counter()
    for found in counted:
        total.update({term: count for term, count in found.items() if " " not in term})
    if len(total) < _LEAST_VOCABULARY:
        return frozenset()  # too few words to tell a common one from a topic's own
    running = sum(total.values())
    short = max(0.0, 1.0 - running / texts / _LONG_TEXT_WORDS)
    head = running * (_HEAD_OF_LONG_TEXTS + (_HEAD_OF_SHORT_TEXTS - _HEAD_OF_LONG_TEXTS) * short)
    average = sum(map(len, total)) / len(total)
    common: set[str] = set()
    for word, count in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        if head <= 0:
            break
        head -= count
        if len(word) < average:
            common.add(word)
    return frozenset(common)


def _usual(spelled: Counter[str]) -> dict[str, str]:
    """The most frequent spelling of each word, lower case unless capitals are usual."""
    best: dict[str, tuple[int, str]] = {}
    for piece, count in spelled.items():
        word = piece.lower()
        best[word] = max(best.get(word, (0, "")), (count, piece))
    return {word: piece for word, (_, piece) in best.items() if piece != word}


def rates(counts: Counts) -> np.ndarray:
    """Share of the texts of each group with each term, float64 (groups, terms)."""
    return counts.texts / np.maximum(counts.sizes, 1)[:, None]


def _telling(counts: Counts, inside: np.ndarray, outside: np.ndarray, limit: int) -> list[Term]:
    """The terms that tell a group from the others best, none saying what another says.

    inside, outside: share of texts with each term, float64 (terms,). A term must be at least twice as usual inside; its
    score is inside · log2(lift): often enough to stand for the group, rare enough elsewhere. A pair counts only when
    both its words are telling, too, which drops "for the".
    """
    lift = lifts(inside, outside)
    telling = (lift >= _LEAST_LIFT) & (inside > 0) & ~counts.common
    score = np.where(telling, inside * np.log2(np.maximum(lift, 1.0)), 0.0)
    for i in np.flatnonzero(telling).tolist():
        if i in counts.parts:
            score[i] *= _PAIR_BONUS if all(lift[part] >= _PART_LIFT for part in counts.parts[i]) else 0.0
    good = np.flatnonzero(score > 0)
    order = good[np.argsort(-score[good], kind="stable")]
    chosen: list[int] = []
    for i in order[: 40 * limit]:
        term = _longest_form(counts.terms, i, order[: 40 * limit], inside)
        if term not in chosen and not any(overlap(counts.terms[term], counts.terms[c]) for c in chosen):
            chosen.append(term)
        if len(chosen) == limit:
            break
    return [
        Term(spelled(counts, counts.terms[i]), float(inside[i]), float(outside[i]), float(score[i])) for i in chosen
    ]


def _longest_form(terms: tuple[str, ...], i: int, others: np.ndarray, inside: np.ndarray) -> int:
    """The longest term around this one that is nearly as usual: pieces of unspaced scripts give way to the whole."""
    term = terms[i]
    if term.isascii():
        return int(i)
    around = [int(j) for j in others if term in terms[j] and " " not in terms[j] and inside[j] >= _WHOLE * inside[i]]
    return max(around, key=lambda j: (len(terms[j]), inside[j]), default=int(i))


def spelled(counts: Counts, term: str) -> str:
    """A term as it is usually written."""
    return " ".join(counts.spelling.get(word, word) for word in term.split())


def lifts(inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """How many times as usual each term is inside, float64 (terms,).

    The lesser of two ratios, smoothed: of the share of texts, and of that share in all the terms of a text, so that
    longer texts do not make every word look telling.
    """
    by_texts = (inside + _SMOOTHING) / (outside + _SMOOTHING)
    longer = inside.sum() / outside.sum() if outside.sum() > 0 else 1.0
    return by_texts / max(1.0, longer)


def distinctive_terms(inside_texts: Sequence[str], outside_texts: Sequence[str], *, limit: int = 12) -> list[Term]:
    """The terms that set the inside texts apart from the outside ones, the most telling first.

    Words and pairs of words in any script; common words are as usual on both sides and so never come up. With nothing
    outside there is nothing to set apart: an empty list.
    """
    if not inside_texts or not outside_texts:
        return []
    counts = count_terms([inside_texts, outside_texts])
    inside, outside = rates(counts)
    return _telling(counts, inside, outside, limit)
