"""How hard an English text is to read, by the six usual formulas."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np

from engine.registry import About, Help, Value, row_cost
from engine.signals.language._syllables import hyphenated, spoken

# Words of Latin letters; a hyphen parts, an apostrophe joins. Figures are no words.
_LETTERS = "[A-Za-zÀ-ÖØ-öø-ɏ\u0300-\u036fḀ-ỿ]+"
_WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*")
_ANY = re.compile(_LETTERS)
# Where a sentence ends: at a mark before a space, but not after an initial or a title; at a line break, unless the next
# line goes on in lower case, as in text that was wrapped.
_END = re.compile(
    r"""[.!?…](?<!\b[A-Za-z]\.)(?<!\b(?:Mr|Ms|Dr|St|vs|Jr|Sr)\.)(?<!\bMrs\.)["'”’)\]]*(?=\s|$)"""
    r"""|[\r\n](?=[^\S\r\n]*(?:[^\sa-z]|[\r\n]))"""
)

ABOUT = About(
    values={
        "flesch_reading_ease": Value("number", "points, 100 is easy and 0 hard"),
        "flesch_kincaid": Value("number", "school grade"),
        "gunning_fog": Value("number", "school grade"),
        "smog": Value("number", "school grade"),
        "coleman_liau": Value("number", "school grade"),
        "automated_readability": Value("number", "school grade"),
    },
    cost=row_cost(12_000),
)


def readability(
    texts: list[str],
    *,
    syllables: Annotated[
        Literal["spoken", "hyphenated"],
        Help("spoken: as one says them; hyphenated: where a word may be parted, as textstat did: fewer, so easier."),
    ] = "spoken",
) -> dict[str, np.ndarray]:
    """Tell how hard an English text is to read, by {syllables} syllables.

    float32 each; NaN for a text without a word of Latin letters. They were fitted to English prose: elsewhere, and on
    lists, tables or code, they are only numbers. All count words and sentences; long words are told by their syllables
    (Flesch 1948; Kincaid 1975; Gunning 1952; McLaughlin 1969, SMOG), or by their letters (Coleman and Liau 1975; the
    automated index of Senter and Smith 1967). Short texts swing widely; SMOG was made for 30 sentences. Words of three
    syllables count as complex in Gunning's index whatever they are: he left out names and endings such as -ing.
    """
    count = spoken if syllables == "spoken" else hyphenated
    counts = np.array([_counts(text, count) for text in texts], np.float64).reshape(-1, 5)
    words, sentences, letters, parts, complex_words = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        length, beats, hard = words / sentences, parts / words, complex_words / words
        values = {
            "flesch_reading_ease": 206.835 - 1.015 * length - 84.6 * beats,
            "flesch_kincaid": 0.39 * length + 11.8 * beats - 15.59,
            "gunning_fog": 0.4 * (length + 100 * hard),
            "smog": 1.0430 * np.sqrt(30 * complex_words / sentences) + 3.1291,
            "coleman_liau": 5.88 * letters / words - 29.6 * sentences / words - 15.8,
            "automated_readability": 4.71 * letters / words + 0.5 * length - 21.43,
        }
    return {name: value.astype(np.float32) for name, value in values.items()}


def _counts(text: str, syllables: Callable[[str], int]) -> tuple[int, int, int, int, int]:
    """Words, sentences that have one, letters, syllables, and words of three syllables or more."""
    sentences = sum(bool(_ANY.search(sentence)) for sentence in _END.split(text))
    words = Counter(_WORD.findall(text))
    parts = {word: syllables(word.lower()) for word in words}
    letters = sum(times * (len(word) - word.count("'") - word.count("’")) for word, times in words.items())
    complex_words = sum(times for word, times in words.items() if parts[word] >= 3)
    return words.total(), sentences, letters, sum(times * parts[word] for word, times in words.items()), complex_words
