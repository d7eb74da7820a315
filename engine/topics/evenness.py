"""Which words stand evenly over the topics and set none apart: the function words of any language, without a list."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MOST_EVEN, _FOR_FEW_TOPICS = 0.5, 0.4
_MOST_EVEN_AT_THE_HEAD, _AT_THE_HEAD_FOR_FEW = 0.175, 0.6
# Short texts seldom hold all the common words of their language, so more of the head of the frequency list is taken.
_HEAD_OF_LONG_TEXTS = 0.3
_HEAD_OF_SHORT_TEXTS = 0.7
_LONG_TEXT_WORDS = 40


def evenness(shares: "csr_array") -> np.ndarray:
    """How evenly each column's shares lie over the rows, float64: 0 in one row alone, 1 equally in all.

    From the entropy of a column: in how many rows it effectively lies. With one row nothing can be told: zeros.
    """
    rows, columns = shares.shape
    if rows < 2:
        return np.zeros(columns)
    total = np.bincount(shares.indices, weights=shares.data, minlength=columns)
    odds = shares.data / total[shares.indices]
    entropy = np.bincount(shares.indices, weights=-odds * np.log(odds), minlength=columns)
    return np.where(total > 0, (np.exp(entropy) - 1) / (rows - 1), 0.0)


def too_even(words: list[str], at: np.ndarray, counts: "csr_array", sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each word whether it can neither begin nor end a phrase, and whether it cannot stand alone either, bool.

    at: the word of each column. counts: texts of each topic with it, of `sizes` texts. Words that lie over half the
    topics or more are barred; words from the head of the frequency list that are shorter than the average already from
    a sixth, and these cannot stand alone; nor can numbers, unless most words are numbers. Of few topics a word of one
    alone may be in another by chance: the bounds are higher.
    """
    from scipy.sparse import csr_array, diags_array

    even = evenness(csr_array(diags_array(1.0 / np.maximum(sizes, 1)) @ counts))
    texts = np.bincount(counts.indices, weights=counts.data, minlength=counts.shape[1])
    length = np.array([len(words[word]) for word in at.tolist()], dtype=np.float64)
    running = texts.sum()
    short = max(0.0, 1.0 - running / max(sizes.sum(), 1) / _LONG_TEXT_WORDS)
    share = _HEAD_OF_LONG_TEXTS + (_HEAD_OF_SHORT_TEXTS - _HEAD_OF_LONG_TEXTS) * short
    order = np.argsort(-texts, kind="stable")
    head = np.zeros(len(at), dtype=bool)
    head[order[np.cumsum(texts[order]) - texts[order] < share * running]] = True
    head &= length < length.mean() if len(length) else head
    number = np.array([_is_number(words[word]) for word in at.tolist()], dtype=bool)
    others = counts.shape[0] - 1
    never = head & ((even > _MOST_EVEN_AT_THE_HEAD + _AT_THE_HEAD_FOR_FEW / others) if others else True)
    if not mostly_numbers([words[word] for word in at.tolist()], texts):
        never |= number
    result = np.zeros((2, len(words)), dtype=bool)
    result[0, at], result[1, at] = never | (even > _MOST_EVEN + _FOR_FEW_TOPICS / max(1, others)), never
    return result[0], result[1]


def mostly_numbers(words: list[str], counts: np.ndarray) -> bool:
    """Whether numbers are the words of these texts: over half of what is counted."""
    number = np.array([_is_number(word) for word in words], dtype=bool)
    return bool(counts[number].sum() * 2 > counts.sum())


def _is_number(word: str) -> bool:
    return not any(sign.isalpha() for sign in word)
