"""Words of a text as they are written, and where its clauses and sentences end, in any script."""

import re
from functools import cache
from typing import TYPE_CHECKING

from engine.text.phrases import ADDRESS, ONE_SCRIPT, TEXT_CHARACTERS, UNSPACED, short_pieces

if TYPE_CHECKING:
    import re2

CLAUSE, SENTENCE = "", "\n"
"""Stand in a list of pieces for the end of a clause and of a sentence."""

# Signs that join what is one word: don't, e-mail, os.path, snake_case, Foo::Bar, R&D.
_JOINS = r"(?:['’.\-_&+#]|::)"
_PIECES = (
    r"\p{Han}+|[\p{Katakana}ー]+|\p{Hiragana}+"
    rf"|[{UNSPACED}\p{{M}}]*[{UNSPACED}][{UNSPACED}\p{{M}}]*"
    rf"|(?:[^\P{{L}}{ONE_SCRIPT}]|[\p{{M}}\p{{N}}])+(?:{_JOINS}(?:[^\P{{L}}{ONE_SCRIPT}]|[\p{{M}}\p{{N}}])+)*[+#]*"
    r"|[.!?…。！？؟।\n]|[^\s\p{L}\p{N}\p{M}'’]"
)
_ASCII_PIECES = re.compile(rf"[A-Za-z0-9]+(?:{_JOINS}[A-Za-z0-9]+)*[+#]*|[.!?\n]|[^\sA-Za-z0-9'.!?]")
_SENTENCE_ENDS = frozenset(".!?…。！？؟।\n")
_IN_ADDRESS = re.compile(r"[/:?=&@,;|<>%_\s]+")
_LONGEST_WORD = 40


@cache
def _patterns() -> "tuple[re2._Regexp, re2._Regexp]":
    import re2

    return re2.compile(_PIECES), re2.compile(rf"[{ONE_SCRIPT}]")


def pieces(text: str) -> list[str]:
    """The words of a text as written, with CLAUSE and SENTENCE where these end.

    Addresses are left out, unless there is nothing else: then their parts are the words. Scripts without spaces give
    the short pieces of each stretch, each a clause of its own. At most 2,000 characters are read.

    >>> pieces("Free C++ tools, e-mail too. Done")
    ['Free', 'C++', 'tools', '', 'e-mail', 'too', '\\n', 'Done']
    """
    text = text[:TEXT_CHARACTERS]
    if "@" in text or "://" in text or "www." in text:
        prose = ADDRESS.sub(" , ", text)
        text = prose if any(sign.isalpha() for sign in prose) else _IN_ADDRESS.sub(" , ", text)
    return _ascii(text) if text.isascii() else _any_script(text)


def _ascii(text: str) -> list[str]:
    return [
        (piece if len(piece) <= _LONGEST_WORD else CLAUSE)
        if piece[0].isalnum()
        else (SENTENCE if piece in _SENTENCE_ENDS else CLAUSE)
        for piece in _ASCII_PIECES.findall(text)
    ]


def _any_script(text: str) -> list[str]:
    words, unspaced = _patterns()
    found: list[str] = []
    for piece in words.findall(text):
        if piece in _SENTENCE_ENDS:
            found.append(SENTENCE)
        elif not any(map(str.isalnum, piece[:2])) or len(piece) > _LONGEST_WORD and not unspaced.match(piece):
            found.append(CLAUSE)
        elif unspaced.match(piece):
            for part in sorted(short_pieces(piece)) or [""]:
                found += [part, CLAUSE]
        else:
            found.append(piece)
    return found
