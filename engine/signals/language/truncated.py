"""How surely a text was cut off before its end."""

import re

import numpy as np

from engine.registry import About, Value, row_cost

READ = 10_000
"""Characters that are read, from the end."""
NEAR = 10
"""Lines before the end that tell whether the text closes its lines."""

_STOPS = ".!?…。！？．｡؟۔।॥։።፧"
_CLOSERS = "\"'’”»›)\\]}」』）*_`~"
# A mark that ends a sentence, with what it closes; wikis and tokenised text have spaces between.
_CLOSED = re.compile(rf"[{_STOPS}][{_STOPS}{_CLOSERS} ]*$")
# A sentence that ends inside a line: not after an initial, nor after “Dr”.
_INSIDE = re.compile(rf"(?:\w{{3}}|[^\w\s{_STOPS}]|\s)[{_STOPS}][{_STOPS}{_CLOSERS}]{{0,20}}\s|[。！？｡]")
# After these something must follow; and an address ends without a mark.
_OPEN = re.compile(r"[,(\[{\\–—‘“„«‚「『（、，-]$")
_ADDRESS = re.compile(r"(?:https?://|www\.|\S@)\S+$")


def _spans(texts: list[str]) -> list[list[tuple[int, int]]]:
    return [[_end(text)] if _surely(text) else [] for text in texts]


ABOUT = About(
    values={"truncated": Value("number", "how surely, 0 to 1")},
    spans=_spans,
    cost=row_cost(150_000),
)


def truncated(texts: list[str]) -> dict[str, np.ndarray]:
    """Tell how surely a text stops in the middle of a sentence.

    float32. 0: the end has a mark that ends a sentence, in any script, or is an address; or there is no text. 1: it
    ends on a sign after which something must follow, such as a comma, a dash or an opening bracket. Else, where s
    sentences ended in the last line and another began there: (s + 1) / (s + 2). Else the last line stands alone, as a
    title or an item of a list does: (c + min(w / 20, 0.9)) / (m + 2), where c of the m lines before it, ten at most,
    end with a mark, and it has w words; so a title alone has at most 0.45, and the last item of a list without marks
    near 0. Half of that where the last sign is no letter or figure, such as a smiley or a closing bracket. Texts that
    write no marks, as Thai, are never told. The last 10,000 characters are read.
    """
    return {"truncated": np.array([_surely(text) for text in texts], np.float32)}


def _surely(text: str) -> float:
    read = text[-READ:].rstrip()
    tail = read[-200:]
    if not read or _CLOSED.search(tail) or _ADDRESS.search(tail):
        return 0.0
    if _OPEN.search(tail):
        return 1.0
    *before, last = [line.rstrip() for line in read.splitlines() if line.strip()]
    if inside := len(_INSIDE.findall(last)):
        share = (inside + 1) / (inside + 2)
    else:
        near = before[-NEAR:]
        closed = sum(bool(_CLOSED.search(line[-200:])) for line in near)
        share = (closed + min(len(last.split()) / 20, 0.9)) / (len(near) + 2)
    return share if last[-1].isalnum() else share / 2


def _end(text: str) -> tuple[int, int]:
    """The last sentence, which has no end: (start, end) in characters."""
    read = text[-READ:].rstrip()
    last = read.splitlines()[-1]
    begun = max((found.end() for found in _INSIDE.finditer(last)), default=0)
    start = len(text[:-READ]) + len(read) - len(last) + begun
    return start + len(last[begun:]) - len(last[begun:].lstrip()), len(text[:-READ]) + len(read)
