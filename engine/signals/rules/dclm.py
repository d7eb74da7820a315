"""What DCLM's rules count."""

import re

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._values import MOST, STOP_WORDS

_RUNS = (*range(2, 11),)
ABOUT = About(
    title="DCLM",
    values={
        "dclm_words": Value("integer", "words"),
        "dclm_word_length": Value("number", "characters, mean"),
        "dclm_symbols": Value("number", "# and … a word"),
        "dclm_bullet_lines": Value("number", "share of lines, 0 to 1"),
        "dclm_ellipsis_lines": Value("number", "share of lines, 0 to 1"),
        "dclm_unlettered_words": Value("number", "share of words, 0 to 1"),
        "dclm_stop_words": Value("integer", "words, each time that they come"),
        "dclm_repeated_lines": Value("number", "share of lines, 0 to 1"),
        "dclm_repeated_line_characters": Value("number", "share of characters, 0 to 1"),
        "dclm_repeated_paragraphs": Value("number", "share of paragraphs, 0 to 1"),
        "dclm_repeated_paragraph_characters": Value("number", "share of characters, 0 to 1"),
        **{f"dclm_top_{k}_words": Value("number", "share of characters, 0 to 1") for k in _RUNS[:3]},
        **{f"dclm_repeated_{k}_words": Value("number", "share of characters, 0 to 1") for k in _RUNS[3:]},
    },
    cost=row_cost(1_000),
)
# Words as Unicode parts them (Annex 29), where there are spaces: 3.14, don't and e.g are one each.
_WORD = re.compile(r"\w+(?:(?:(?<=[^\W\d_])[.'’:·](?=[^\W\d_])|(?<=\d)[.,'’;](?=\d))\w+)*")
_SYMBOLS = ("#", "...", ". . .", "…")
_STOPS = frozenset(STOP_WORDS)


def dclm(texts: list[str]) -> dict[str, np.ndarray]:
    """Count words, their length, # and …, bullets, stop words, and what is repeated, as DCLM does.

    int64 and float64 (n,), 0 for an empty text; the first million characters are read. As Gopher's rules, but for how
    they count: stop words each time that they come; of lines and paragraphs that come again the first too; bullets are
    ●, •, * and -; # and … together; runs of words by their characters alone, without signs and blanks; dclm_words
    begin with a letter or figure, dclm_word_length is of all that stands between blanks. Words are parted as Unicode
    says, where scripts have spaces. Source: the heuristics of DCLM-Baseline (Li et al. 2024).
    """
    each = np.array([_counts(text[:MOST]) for text in texts]).reshape(len(texts), len(ABOUT.values))
    kinds = {"integer": np.int64, "number": np.float64}
    return {name: each[:, i].astype(kinds[value.type]) for i, (name, value) in enumerate(ABOUT.values.items())}


def _counts(text: str) -> list[float]:
    said = text.split()
    if not said:
        return [0.0] * len(ABOUT.values)
    lines, paragraphs = _parts(text, "\n"), _parts(text, "\n\n")
    bulleted = sum(line.startswith(("●", "•", "*", "-")) for line in lines)
    trailing = sum(line.endswith(("...", ". . .", "…")) for line in lines)
    return [
        sum(word[0].isalnum() for word in said),
        sum(map(len, said)) / len(said),
        sum(map(text.count, _SYMBOLS)) / len(said),
        bulleted / len(lines),
        trailing / len(lines),
        sum(not any(map(str.isalpha, word)) for word in said) / len(said),
        sum(word.lower() in _STOPS for word in said),
        *_repeated(lines),
        *_repeated(paragraphs),
        *_runs([word for word in _WORD.findall(text) if word[0] != "_"]),
    ]


def _parts(text: str, end: str) -> list[str]:
    return [bare for part in text.split(end) if (bare := part.strip())]


def _repeated(parts: list[str]) -> tuple[float, float]:
    """The share of parts that come more than once, by number and by characters."""
    if len(parts) < 2:
        return 0.0, 0.0
    _, at, counts = np.unique(np.array(parts, object), return_inverse=True, return_counts=True)
    again, length = counts[at] > 1, np.fromiter(map(len, parts), np.int64, len(parts))
    return float(again.mean()), float(length[again].sum() / length.sum())


def _runs(words: list[str]) -> list[float]:
    """For runs of 2 to 4 words the characters of the commonest, for 5 to 10 those of all that come again: shares."""
    found = [0.0] * len(_RUNS)
    if len(words) < 2:
        return found
    numbers: dict[str, int] = {}
    word = np.fromiter((numbers.setdefault(w, len(numbers)) for w in words), np.int64, len(words))
    length = np.fromiter(map(len, words), np.int64, len(words))
    ends, run = np.concatenate([[0], np.cumsum(length)]), word
    for i, k in enumerate(_RUNS):
        if len(word) < k:
            break
        # A run is the one before it, by its number, and one word more: exact, and none is longer than two numbers.
        _, run, counts = np.unique(run[:-1] * len(numbers) + word[k - 1 :], return_inverse=True, return_counts=True)
        often = counts[run]
        if often.max() == 1:
            break
        if k < 5:
            found[i] = often.max() * (ends[k:] - ends[:-k])[often == often.max()].max() / ends[-1]
        else:
            cover = np.zeros(len(word) + 1, np.int64)
            cover[:-k] += often > 1
            cover[k:] -= often > 1
            found[i] = length[np.cumsum(cover)[:-1] > 0].sum() / ends[-1]
    return found
