"""What kind of text a row is: rules made for prose do harm to anything else."""

import re
from collections import Counter
from collections.abc import Callable

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._forms import code_signs, speaker, written_lines

KINDS = ("prose", "code", "chat", "table", "list", "short", "other")
_READ = 6_000
"""Characters of a text that are looked at: what it begins as, it is."""
_FEW_WORDS = 12
_PART = 0.4
"""Share of the lines that make a text code, a list or a chat."""

ABOUT = About(title="Kind of text", values={"text_kind": Value("category", labels=KINDS)}, cost=row_cost(10_000))

_ITEM = re.compile(r"\s*(?:[-*•‣◦▪·–]|\(?\d{1,3}[.):]|\(?[a-zA-Z][.)])\s+\S")
_ROLES = frozenset(
    "user assistant human system ai bot gpt chatgpt model customer agent q a question answer interviewer instructor "
    "student teacher doctor patient caller operator me you person speaker prompter".split()
)
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?…。！？।؟]['\"”’)\]]*(?:\s|$)")


def text_kind(texts: list[str]) -> dict[str, np.ndarray]:
    """Tell prose, code, chat, table, list and short texts apart, by how their lines look.

    int8 (n,), the place in prose, code, chat, table, list, short, other; −1 for a text without any letter or digit. The
    first 6,000 characters are looked at. Rules of thumb: their figures stand in the guide to rules.
    """
    return {"text_kind": np.fromiter(map(_kind, texts), np.int8, len(texts))}


def _kind(text: str) -> int:
    text = text[:_READ]
    words = _WORD.findall(text)
    if not words:
        return -1
    lines = written_lines(text)
    return KINDS.index(_named(text, lines, len(words)))


def _named(text: str, lines: list[str], words: int) -> str:
    if _is_chat(lines):
        return "chat"
    if _is_table(lines):
        return "table"
    if _is_code(lines):
        return "code"
    if len(lines) >= 3 and _share(lines, lambda line: _ITEM.match(line) is not None) >= _PART:
        return "list"
    if words < _FEW_WORDS:
        return "short"
    letters = sum(map(str.isalpha, text))
    ended = len(_SENTENCE.findall(text))
    return "prose" if letters >= 0.6 * len(text) and ended and words / ended < 120 else "other"


def _share(lines: list[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, lines)) / len(lines)


def _is_code(lines: list[str]) -> bool:
    """Many lines that surely are code, or nearly all that may be; of one or two lines each."""
    if lines[0].startswith("#!"):
        return True
    signs = [code_signs(line) for line in lines]
    sure, may = (sum(count >= least for count in signs) / len(lines) for least in (2, 1))
    return sure == 1 if len(lines) < 3 else sure >= _PART or (may >= 0.75 and sure >= 0.2)


def _is_chat(lines: list[str]) -> bool:
    """Two speakers at least, one of them a role that chats have, each line theirs or one of a few that follow."""
    said = Counter(filter(None, map(speaker, lines)))
    turns = Counter({name: times for name, times in said.items() if name.split()[0] in _ROLES or times > 1})
    return len(turns) >= 2 and bool(turns.keys() & _ROLES) and turns.total() >= max(2, 0.15 * len(lines))


def _is_table(lines: list[str]) -> bool:
    """Three lines at least, most of them with the same number of the same separators."""
    if len(lines) < 3:
        return False
    for separator, least in (("\t", 1), ("|", 2), (";", 2), (",", 2)):
        counts = Counter(line.count(separator) for line in lines)
        number, times = max(counts.items(), key=lambda pair: (pair[0] >= least) * pair[1])
        regular = number >= least and times >= 0.7 * len(lines)
        # Commas part clauses too: values are short, and no sentence ends behind the last one.
        if regular and (separator in "\t|" or (_cells(lines, separator) <= 25 and _share(lines, _ends) < 0.5)):
            return True
    return False


def _ends(line: str) -> bool:
    return line.rstrip().endswith((".", "!", "?"))


def _cells(lines: list[str], separator: str) -> float:
    """The mean length of what stands between separators."""
    pieces = [piece for line in lines for piece in line.split(separator)]
    return sum(map(len, pieces)) / len(pieces)
