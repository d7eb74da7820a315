"""Two or three phrases for a name, out of those that would do: each good, and none saying what another says."""

import re
from collections.abc import Sequence

import numpy as np

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
# A phrase joins the best one in a name if it stands out by itself, in standard deviations, or nearly as much as the
# best one, and if it is not much rarer than that.
_STANDS_OUT, _NEARLY_THE_BEST = 1.05, 1.5
_RARER = 0.06
# What a phrase adds to those before it where it stands in the same topics of an area: each halving costs so much.
_SAID_THERE_COSTS = 0.6
_LEAST_NEW = 0.1
# Words run together by an apostrophe are mostly little ones, in many languages: don't, c'est, dell'.
_RUN_TOGETHER_COSTS = 1.5


def joint_score(phrases: Sequence[str], telling: np.ndarray, near: np.ndarray | None, apt: np.ndarray) -> np.ndarray:
    """What counts speak for and what meaning speaks for, each in standard deviations, and a bonus for whole phrases.

    near: similarity to the own middle, None where nothing embeds a text; then the counts alone decide.
    """
    score = _standard(telling)
    if near is not None:
        score = score + _standard(apt)
        clear = max(_CLEARLY_NEAR, _NEAR_AS_THE_BEST * float(near.max()))
        score = score - np.where(near >= clear, 0.0, np.where(near >= _LEAST_NEAR, _FAR_COSTS, 2 * _FAR_COSTS))
    score = score - [_RUN_TOGETHER_COSTS * any(sign in phrase for sign in "'’") for phrase in phrases]
    return np.round(score + [_WORDS_BONUS[min(3, phrase.count(" ") + 1)] for phrase in phrases], 3)


def chosen(
    phrases: Sequence[str],
    score: np.ndarray,
    vectors: np.ndarray | None,
    *,
    limit: int,
    stands: np.ndarray | None = None,
) -> list[int]:
    """Places of up to so many phrases: the best score first, less for what means nearly the same as one before it.

    stands: how well each phrase stands for each topic of an area, float64 (phrases, topics). There a phrase that adds
    topics which none before it stands for goes before one that does not.
    """
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
        if stands is not None and taken:
            new = np.maximum(stands[left] - stands[taken].max(axis=0), 0.0).sum(axis=1)
            share = new / np.maximum(stands[left].sum(axis=1), 1e-12)
            cost = cost - _SAID_THERE_COSTS * np.log2(np.maximum(share, _LEAST_NEW))
        best = left[int(np.argmax(np.round(score[left] - cost, 3)))]
        taken.append(best)
        left.remove(best)
    return taken


def joined(phrases: Sequence[str], score: Sequence[float], inside: Sequence[float]) -> str:
    """A name of up to three phrases, of at most 34 signs; of two where they have three words already.

    score, inside: of each, the best first, and the share of texts with it. One that says little beside the best is left
    out, and so is one that is too long, unless all are: then the best is cut.
    """
    name: list[str] = []
    for phrase, its, share in zip(phrases, score, inside, strict=True):
        if len(name) == _NAME_PHRASES or (len(name) == 2 and sum(len(one.split()) for one in name) >= _WORDS_OF_TWO):
            break
        says_little = its < min(_STANDS_OUT, score[0] - _NEARLY_THE_BEST) or share < _RARER * inside[0]
        if len(", ".join([*name, phrase])) <= _NAME_SIGNS and not (name and says_little):
            name.append(phrase)
    if not name and phrases:
        return f"{phrases[0][: _NAME_SIGNS - 1].rstrip()}…"
    return ", ".join(name)


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / (values.std() + 1e-9)


def _parts(phrase: str) -> list[str]:
    return [part for part in re.split(r"[ \-_.:&/’']+", phrase.lower()) if part]


def _alike(one: list[str], other: list[str]) -> bool:
    """Whether two phrases have a word in common, or forms of one."""
    whole, its = "".join(one), "".join(other)
    return whole in its or its in whole or any(_forms(a, b) for a in one for b in other)


def _forms(a: str, b: str) -> bool:
    """Whether two words may be forms of one: one is the other and two letters, or both begin with most of the shorter.

    A word too many that is left out costs little; forms of one word in a name look careless.
    """
    if min(len(a), len(b)) < 3:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return (
        same == min(len(a), len(b))
        and max(len(a), len(b)) - same <= 2
        or (same >= 4 and same * 3 >= 2 * min(len(a), len(b)))
    )
