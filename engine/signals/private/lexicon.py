"""How often words of a list occur in a text."""

from functools import lru_cache
from typing import Annotated, NamedTuple

import numpy as np
import pyarrow as pa

from engine.errors import EngineError
from engine.registry import About, Help, Value, row_cost
from engine.text import normalised, readable, word_places

_LONGEST = 20
_MOST = 200_000


def _spans(texts: list[str], *, called: str, words: tuple[str, ...]) -> list[list[tuple[int, int]]]:
    listed, found = _listed(words), []
    for text in texts:
        places = word_places(readable(text))
        some: list[tuple[int, int]] = []
        for first, last in _matches([word for word, _, _ in places], listed):
            start, end = places[first][1], places[last][2]
            if not some or start >= some[-1][1]:
                some.append((start, end))
        found.append(some)
    return found


ABOUT = About(
    title="Words of a list",
    values={
        "lexicon_rate": Value("number", "matches per 1,000 words, 0 to 1,000"),
        "lexicon_matches": Value("integer", "matches"),
    },
    spans=_spans,
    cost=row_cost(15_000),
)


def lexicon(
    texts: list[str],
    *,
    called: Annotated[str, Help("A name for the list, by which its column is told from another list's.")] = "",
    words: Annotated[tuple[str, ...], Help("Words and phrases, as many as 200,000. Case does not matter; accents do.")],
) -> dict[str, np.ndarray]:
    """How often words of the list {called} occur.

    float64 matches per 1,000 words, 0 for a text without words; int64 matches. A phrase (at most 20 words) counts once,
    and of two that begin with the same word the longer one. Words are those that search finds: punctuation parts them,
    Unicode's compatibility forms are one. Forms of a word are words of their own: list “run”, “runs” and “running”.
    Raises `EngineError` for a list without words, one that is too long, and a phrase that is.
    """
    listed = _listed(words)
    read = pa.array([readable(text) for text in texts], pa.large_string())
    rates, matches = np.zeros(len(texts)), np.zeros(len(texts), np.int64)
    for row, text in enumerate(normalised(read).to_pylist()):
        said = text.split()
        matches[row] = len(_matches(said, listed))
        rates[row] = 1000 * matches[row] / len(said) if said else 0.0
    return {"lexicon_rate": rates, "lexicon_matches": matches}


class Listed(NamedTuple):
    """Words and phrases, and for each first word how many words a phrase that begins with it has, longest first."""

    phrases: frozenset[tuple[str, ...]]
    lengths: dict[str, list[int]]


@lru_cache(maxsize=4)
def _listed(words: tuple[str, ...]) -> Listed:
    if len(words) > _MOST:
        raise EngineError(f"The list has {len(words):,} words; {_MOST:,} at most can be looked for. Split it.")
    phrases = frozenset(
        tuple(text.split()) for text in normalised(pa.array(words, pa.large_string())).to_pylist() if text.strip()
    )
    if not phrases:
        raise EngineError("The list holds no word to look for. Give words or phrases with letters or digits.")
    longest = max(phrases, key=len)
    if len(longest) > _LONGEST:
        raise EngineError(f"“{' '.join(longest)[:60]}…” has {len(longest)} words; {_LONGEST} at most make a phrase.")
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return Listed(phrases, {word: sorted(some, reverse=True) for word, some in lengths.items()})


def _matches(said: list[str], listed: Listed) -> list[tuple[int, int]]:
    """First and last word of each match, from left to right; none overlap."""
    found, at = [], 0
    while at < len(said):
        fits = (n for n in listed.lengths.get(said[at], ()) if at + n <= len(said))
        length = next((n for n in fits if tuple(said[at : at + n]) in listed.phrases), 0)
        if length:
            found.append((at, at + length - 1))
        at += length or 1
    return found
