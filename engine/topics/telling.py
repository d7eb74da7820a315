"""How much each phrase sets a topic, or an area, apart: often said there, seldom elsewhere, and early in a text."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.topics.evidence import Evidence

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_SMOOTHING = 0.01
_OFTEN = 0.5
_FIRST_BONUS = 0.5
_ENOUGH_OF_A_TOPIC = 0.15
_LOOKED_AT = 120
_INSIDE_A_LONGER = 0.6
_LEAST_TOGETHER = 0.12
# A word that stands evenly over the topics names one that is full of it.
_FULL = 0.3
_FULL_LIFT = 2.0
# Scores are rounded, so that the last digits of a logarithm, which depend on the machine, order nothing.
_DIGITS = 6


@dataclass(frozen=True)
class Candidates:
    """Phrases that may name something: at, int64, places among the evidence; score: float64, the highest first.

    stands: how well each stands for each topic of an area, float64 (phrases, topics); None for a topic.
    """

    at: np.ndarray
    score: np.ndarray
    stands: np.ndarray | None = None


class Telling:
    """Scores of the phrases of some topics in areas, counted once."""

    def __init__(self, found: Evidence, area: np.ndarray) -> None:
        """area: of each topic, int64 (topics,), numbers from 0."""
        self.found, self.area = found, area
        self.topics = len(area)
        self.areas = int(area.max(initial=-1)) + 1
        self.in_area = np.bincount(area, minlength=self.areas)
        self.total = np.asarray(found.fresh.sum(axis=0)).ravel()
        self.total_first = np.asarray(found.first.sum(axis=0)).ravel()

    def topic(self, i: int, *, limit: int) -> Candidates:
        """Phrases that set a topic apart from all others and, as much, from those of its area."""
        row = slice(self.found.fresh.indptr[i], self.found.fresh.indptr[i + 1])
        at, inside = self.found.fresh.indices[row], self.found.fresh.data[row]
        lift = np.ones(len(at))
        if self.topics > 1:
            lift = _lift(inside, (self.total[at] - inside) / (self.topics - 1))
            lift[self.found.even[at] & ((inside < _FULL) | (lift < _FULL_LIFT))] = 0.0
            others = self.in_area[self.area[i]] - 1
            if others > 0 and self.areas > 1:
                near = np.maximum(self._sum(int(self.area[i]))[at] - inside, 0.0) / others
                lift = np.where(lift > 0, (lift + _lift(inside, near)) / 2, 0.0)
        first = _row(self.found.first, i, at) / inside
        return self._best(at, np.sqrt(np.minimum(inside, _OFTEN)) * lift * (1 + _FIRST_BONUS * first), inside, limit)

    def area_of_topics(self, area: int, *, limit: int) -> Candidates:
        """Phrases that set an area apart from the topics of the others; one topic cannot speak for the whole area."""
        own = np.flatnonzero(self.area == area)
        total = self._sum(area)
        at = np.flatnonzero((total > 0) & ~self.found.even)
        inside = total[at] / len(own)
        part = self.found.fresh[own].copy()
        part.data = np.minimum(part.data, _ENOUGH_OF_A_TOPIC)
        broad = np.asarray(part.sum(axis=0)).ravel()[at] / len(own)
        lift = np.ones(len(at))
        if self.topics > len(own):
            lift = _lift(inside, np.maximum(self.total[at] - total[at], 0.0) / (self.topics - len(own)))
        first = np.asarray(self.found.first[own].sum(axis=0)).ravel()[at] / np.maximum(total[at], 1e-12)
        best = self._best(at, np.sqrt(broad) * lift * (1 + _FIRST_BONUS * first), inside, limit)
        return replace(best, stands=part[:, best.at].toarray().T)

    def _sum(self, area: int) -> np.ndarray:
        """What the topics of an area have of each phrase, together."""
        return np.asarray(self.found.fresh[np.flatnonzero(self.area == area)].sum(axis=0)).ravel()

    def _best(self, at: np.ndarray, score: np.ndarray, inside: np.ndarray, limit: int) -> Candidates:
        """The phrases with the highest scores that are not a part of another one, nor words side by side by chance."""
        score = np.round(score, _DIGITS)
        order = np.argsort(-score, kind="stable")
        order = order[score[order] > 0][:_LOOKED_AT]
        share = dict(zip((self.found.phrases[i] for i in at.tolist()), inside.tolist(), strict=True))
        looked = [self.found.phrases[i] for i in at[order].tolist()]
        kept = [
            place
            for place, phrase in zip(order.tolist(), looked, strict=True)
            if _together(phrase, share) and not _mostly_inside(phrase, looked, share)
        ][:limit]
        return Candidates(at[kept], score[kept])


def _lift(inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """How many times as usual inside, in doublings; 0 where it is not more usual."""
    return np.maximum(np.log2((inside + _SMOOTHING) / (np.maximum(outside, 0.0) + _SMOOTHING)), 0.0)


def _row(table: "csr_array", i: int, at: np.ndarray) -> np.ndarray:
    """Some entries of a row of a sparse table."""
    return np.asarray(table[[i]][:, at].toarray()).ravel()


def _together(phrase: str, share: dict[str, float]) -> bool:
    """Whether the words of a phrase belong together: it is not rare beside its rarer end."""
    words = phrase.split(" ")
    return len(words) == 1 or share[phrase] >= _LEAST_TOGETHER * min(share.get(words[i], 0.0) for i in (0, -1))


def _mostly_inside(phrase: str, others: list[str], share: dict[str, float]) -> bool:
    """Whether a longer phrase takes up most of this one's count."""
    spaced = f" {phrase} "
    whole = not phrase.isascii() and " " not in phrase
    return any(
        phrase != other
        and (spaced in f" {other} " or (whole and " " not in other and phrase in other))
        and share[other] >= _INSIDE_A_LONGER * share[phrase]
        for other in others
    )
