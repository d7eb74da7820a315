"""Words and short phrases of a text in any script, as candidates for names."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2

TEXT_CHARACTERS = 2000
UNSPACED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
ONE_SCRIPT = rf"\p{{Han}}\p{{Hiragana}}\p{{Katakana}}ー{UNSPACED}"
_BREAKS = r"[.,;:!?…¿¡()\[\]{}\"“”„«»|/\n。、！？；：（）「」『』।؟،]"
_RUNS = (
    r"\p{Han}+|[\p{Katakana}ー]+|\p{Hiragana}+"
    rf"|[{UNSPACED}\p{{M}}]*[{UNSPACED}][{UNSPACED}\p{{M}}]*"
    rf"|(?:[^\P{{L}}{ONE_SCRIPT}]|[\p{{M}}\p{{N}}])+(?:['’](?:[^\P{{L}}{ONE_SCRIPT}]|\p{{M}})+)*"
    rf"|{_BREAKS}"
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_ASCII_RUNS = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z]+)*|[.,;:!?()\[\]{}\"|/\n]")
_LONGEST_WORD = 40
# Without spaces a word is any few signs in a row; which of them are words is left to how often they occur.
_HAN_SIGNS = (2, 4)
_OTHER_SIGNS = (3, 7)


@cache
def _patterns() -> "tuple[re2._Regexp, re2._Regexp]":
    """Runs of one script or punctuation, and the kind of a run without spaces."""
    import re2

    return re2.compile(_RUNS), re2.compile(rf"[{ONE_SCRIPT}]")


def runs(text: str) -> list[str]:
    """Words as they stand in the text, and the punctuation between them; addresses are left out.

    A run is a word in scripts with spaces, else a stretch of one script.
    """
    text = text[:TEXT_CHARACTERS]
    if "@" in text or "://" in text or "www." in text:
        text = ADDRESS.sub(" . ", text)
    return _ASCII_RUNS.findall(text) if text.isascii() else list(_patterns()[0].findall(text))


def candidates(pieces: list[str]) -> set[str]:
    """Words, pairs of words side by side, and short pieces of unspaced scripts, in lower case, from `runs`.

    Numbers and single letters are no candidates, but a single Han sign is. A pair does not reach across punctuation.

    >>> sorted(candidates(runs("Free tools, 3D maps")))
    ['3d', '3d maps', 'free', 'free tools', 'maps', 'tools']
    >>> sorted(candidates(runs("東京タワー")))
    ['タワー', '東京']
    """
    found: set[str] = set()
    before = ""
    for piece in pieces:
        if not piece[0].isalnum() and len(piece) == 1:
            before = ""
            continue
        word = piece.lower()
        if not word.isascii() and _patterns()[1].match(word):
            found.update(short_pieces(word))
            before = ""
            continue
        if len(word) > _LONGEST_WORD or word.isnumeric():
            before = ""
            continue
        if len(word) > 1:
            found.add(word)
            if before and before != word:
                found.add(f"{before} {word}")
        before = word if len(word) > 1 else ""
    return found


def short_pieces(run: str) -> set[str]:
    """Pieces of a stretch without spaces that may be words."""
    first = run[0]
    if "\u3040" <= first <= "\u309f":
        return set()  # hiragana writes endings and particles
    if "\u30a0" <= first <= "\u30ff":
        return {run} if 2 <= len(run) <= 12 else set()
    shortest, longest = (
        _HAN_SIGNS if "\u3400" <= first <= "\u9fff" or first > "\uffff" or first == "々" else _OTHER_SIGNS
    )
    if len(run) < shortest:
        return {run}
    return {run[i : i + n] for n in range(shortest, longest + 1) for i in range(len(run) - n + 1)}


def overlap(term: str, other: str) -> bool:
    """Whether two terms say nearly the same: a word in common, one inside the other, or forms of one word.

    >>> overlap("library", "libraries"), overlap("game engine", "engine"), overlap("internet", "international")
    (True, True, False)
    """
    if term in other or other in term:
        return True
    return any(same_stem(a, b) for a in term.split() for b in other.split())


def same_stem(a: str, b: str) -> bool:
    """Whether two words share at least four first letters and two thirds of the longer one."""
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a == b or (same >= 4 and same * 3 >= 2 * max(len(a), len(b)))
