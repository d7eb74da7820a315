"""The words of texts, in order, as what varies and repeats in them is counted."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from engine.text import normalised, readable


def words(texts: list[str]) -> list[list[str]]:
    """The words of each text, without regard to case; signs of scripts without spaces are words; "don't" is one.

    >>> words(["Don’t panic: 東京!"])
    [['dont', 'panic', '東', '京']]
    """
    plain = [readable(text.replace("'", "").replace("’", "")) for text in texts]
    return [found.split() for found in normalised(pa.array(plain, pa.large_string())).to_pylist()]


def mtld(said: list[str], shortest: int) -> float:
    """Words until no more than 72 of 100 differ; NaN for fewer than `shortest`, and where no word comes twice."""
    forwards, backwards = _stretches(said), _stretches(reversed(said))
    if len(said) < shortest or not forwards or not backwards:
        return np.nan
    return (len(said) / forwards + len(said) / backwards) / 2


def _stretches(said: Iterable[str]) -> float:
    """How often no more than 72 of 100 words differed, counted anew each time; 0 where no word comes twice."""
    done, length, different = 0, 0, set[str]()
    for word in said:
        length += 1
        different.add(word)
        if 100 * len(different) <= 72 * length:
            done, length = done + 1, 0
            different.clear()
    return done + (1 - len(different) / length) / 0.28 if length else done
