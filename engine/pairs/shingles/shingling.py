"""What two texts are compared by: runs of words, characters or tokens of code; texts ready for the compiled loops."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.pairs.shingles.code import code_words
from engine.pairs.utf8 import utf8
from engine.text import SIGN, UNSEEN, WORD

T = TypeVar("T")
Of = Literal["words", "characters", "code"]
MARK = 3
HIGHEST = 0x32400
"""One above the last code point that is a letter; what lies higher are signs that nobody sees."""


@dataclass(frozen=True)
class Shingling:
    """Runs of `size` words, characters or tokens of code.

    Case, punctuation, spaces and Unicode's compatibility forms do not count; of code names and literals do not either.
    any_digits: numbers count as the same number.
    """

    of: Of = "words"
    size: int = 5
    any_digits: bool = False

    @property
    def by_character(self) -> bool:
        return self.of == "characters"


@dataclass(frozen=True)
class Ready:
    """Texts as bytes. offsets: int64 (k + 1,) into text, uint8; plain: bool (k,), those of ASCII alone."""

    offsets: np.ndarray
    text: np.ndarray
    plain: np.ndarray
    shingling: Shingling

    def __len__(self) -> int:
        return len(self.plain)

    @property
    def given(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int, bool, np.ndarray]:
        """What every loop over texts takes first."""
        longest = int(np.diff(self.offsets).max(initial=0))
        how = self.shingling
        return self.offsets, self.text, self.plain, longest, how.size, how.by_character, classes()


def ready(texts: pa.Array, shingling: Shingling) -> Ready:
    """Texts (large_string, null where missing) as the loops want them.

    Texts of ASCII stay as they are: the loops know what is a word there. Others come in their compatibility form
    (NFKC), in lower case; most are in it already, which is sooner told than done.
    """
    from engine.pairs.kernels import shingles

    texts = pc.fill_null(code_words(texts) if shingling.of == "code" else texts, "")
    if shingling.any_digits and shingling.of != "code":  # there numbers are all one, and digits tell operators apart
        texts = pc.replace_substring_regex(texts, r"\p{Nd}+", "0")
    plain = pc.string_is_ascii(texts).to_numpy(zero_copy_only=False)
    text, offsets = utf8(texts)
    hard = ~plain
    hard[hard] = ~shingles.steady(offsets, text, np.flatnonzero(hard), _steady())
    if hard.any():
        formed = pc.utf8_lower(pc.utf8_normalize(texts.filter(pa.array(hard)), "NFKC"))
        text, offsets = utf8(pc.replace_with_mask(texts, pa.array(hard), formed))
    return Ready(offsets, text, plain, shingling)


@cache
def classes() -> np.ndarray:
    """uint8, of each code point: 1 of a word, 2 a word by itself, 3 a mark, 4 not to be seen, 0 none of them.

    As `engine.text` knows words: scripts without spaces give each sign for a word. Signs that nobody sees (zero-width
    spaces, joiners, soft hyphens, marks of direction, variations) neither part a word nor belong to it.
    """
    points, signs = _signs()
    found = np.zeros(HIGHEST, np.uint8)
    for number, pattern in ((1, WORD), (2, SIGN), (MARK, r"\p{M}"), (4, UNSEEN)):
        found[points[pc.match_substring_regex(signs, f"^(?:{pattern})$").to_numpy(zero_copy_only=False)]] = number
    return found


@cache
def _steady() -> np.ndarray:
    """bool, of each code point: a text of such alone is in its compatibility form and in lower case.

    Marks are left out, and the parts of Korean syllables: they may join what stands before them.
    """
    points, signs = _signs()
    same = pc.equal(pc.utf8_lower(pc.utf8_normalize(signs, "NFKC")), signs).to_numpy(zero_copy_only=False)
    found = np.zeros(HIGHEST, bool)
    found[points[same]] = True
    found[classes() == MARK] = False
    found[0x1100:0x1200] = False
    found[:0x80] = True  # the loops take both cases for one
    return found


def _signs() -> tuple[np.ndarray, pa.Array]:
    """Code points, int64, and each as a text."""
    points = np.r_[0:0xD800, 0xE000:HIGHEST]
    return points, pa.array([chr(point) for point in points], pa.large_string())


def cores() -> int:
    """How many threads can compute at once."""
    return len(os.sched_getaffinity(0))


def in_threads(work: Callable[[T], None], parts: Iterator[T], done: Callable[[T], None]) -> None:
    """Do the parts in as many threads as there are cores, a few of them waiting; the compiled loops hold no lock.

    `done` hears of each part in its order, and may raise to stop.
    """
    workers = cores()
    if workers == 1:
        for part in parts:
            work(part)
            done(part)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: list[tuple[T, Future[None]]] = [(p, pool.submit(work, p)) for p in islice(parts, 2 * workers)]
        try:
            while waiting:
                part, future = waiting.pop(0)
                future.result()
                done(part)
                waiting += [(p, pool.submit(work, p)) for p in islice(parts, 1)]
        finally:
            for _, future in waiting:
                future.cancel()
