"""Two or three phrases for a name, out of those that would do: each good, and none saying what another says."""

import re
from collections.abc import Sequence

import numpy as np

from engine.text import same_stem

_WORDS_BONUS = {1: 0.0, 2: 0.5, 3: 0.4}
_TOO_NEAR = 0.55
_NEAR_COSTS = 1.5
_LEAST_NEAR = 0.05
_CLEARLY_NEAR = 0.1
_NEAR_AS_THE_BEST = 0.35
_FAR_COSTS = 2.0
_NAME_PHRASES = 3
_NAME_SIGNS = 34
_WORDS_OF_TWO = 3


def joint_score(phrases: Sequence[str], telling: np.ndarray, near: np.ndarray | None, apt: np.ndarray) -> np.ndarray:
    """What counts speak for and what meaning speaks for, each in standard deviations, and a bonus for whole phrases.

    near: similarity to the own middle, None where nothing embeds a text; then the counts alone decide.
    """
    score = _standard(telling)
    if near is not None:
        score = score + _standard(apt)
        clear = max(_CLEARLY_NEAR, _NEAR_AS_THE_BEST * float(near.max()))
        score = score - np.where(near >= clear, 0.0, np.where(near >= _LEAST_NEAR, _FAR_COSTS, 2 * _FAR_COSTS))
    return np.round(score + [_WORDS_BONUS[min(3, phrase.count(" ") + 1)] for phrase in phrases], 3)


def chosen(phrases: Sequence[str], score: np.ndarray, vectors: np.ndarray | None, *, limit: int) -> list[int]:
    """Places of up to so many phrases: the best score first, less for what means nearly the same as one before it."""
    taken: list[int] = []
    stems = [_parts(phrase) for phrase in phrases]
    left = [i for i in np.argsort(-score, kind="stable").tolist()]
    while left and len(taken) < limit:
        left = [i for i in left if not any(_alike(stems[i], stems[j]) for j in taken)]
        if not left:
            break
        cost = np.zeros(len(left))
        if vectors is not None and taken:
            cost = _NEAR_COSTS * np.maximum((vectors[left] @ vectors[taken].T).max(axis=1) - _TOO_NEAR, 0.0)
        best = left[int(np.argmax(np.round(score[left] - cost, 3)))]
        taken.append(best)
        left.remove(best)
    return taken


def joined(phrases: Sequence[str]) -> str:
    """A name of two or three phrases, of at most about 34 signs; of two where they have three words already."""
    name: list[str] = []
    for phrase in phrases[:_NAME_PHRASES]:
        enough = len(name) == 2 and sum(len(one.split()) for one in name) >= _WORDS_OF_TWO
        if name and (enough or len(", ".join([*name, phrase])) > _NAME_SIGNS):
            break
        name.append(phrase)
    return ", ".join(name)


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / (values.std() + 1e-9)


def _parts(phrase: str) -> list[str]:
    return [part for part in re.split(r"[ \-_.:&/’']+", phrase.lower()) if part]


def _alike(one: list[str], other: list[str]) -> bool:
    """Whether two phrases have a word in common, or forms of one."""
    whole, its = "".join(one), "".join(other)
    return whole in its or its in whole or any(same_stem(a, b) for a in one for b in other if min(len(a), len(b)) > 2)
