"""Parts of texts for the browser: folded, or from one character to another, with what is marked and who speaks."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import Dataset
from engine.text import row_text
from ui.reader.book import Span

FOLD, LINES = 700, 12
"""Characters and lines of a text that are shown before it is unfolded."""
BEFORE = 120
"""Characters kept before the first mark where a folded text begins with it."""

Turn = tuple[str, int, int]
"""Who speaks, and from which character to which."""


@dataclass(frozen=True)
class Text:
    """The whole text of a row; turns: of a chat or a pair, None for other texts."""

    text: str
    turns: tuple[Turn, ...] | None = None


def texts(data: Dataset, rows: np.ndarray) -> list[Text]:
    """The texts of some rows as they are embedded and searched, with the turns of chats and pairs."""
    view = data.text_view
    whole = data.texts(rows)
    if view.kind == "column" or view.kind == "template" or (view.kind == "pair" and view.part != "both"):
        return [Text(text) for text in whole]
    values = {key: data.cells(key, rows) for key in view.columns}
    speeches = row_text.turns(view, values, len(rows))
    named = view.kind == "chat"
    return [Text(text, _turns(text, speech, named=named)) for text, speech in zip(whole, speeches, strict=True)]


def _turns(text: str, speech: Sequence[row_text.Turn], *, named: bool) -> tuple[Turn, ...] | None:
    """Where each turn stands in the text that they make together. named: the text says before each who speaks."""
    found, at = [], 0
    for turn in speech:
        start = at + (len(turn.role.capitalize()) + 2 if named else 0)
        if text[start : start + len(turn.text)] != turn.text:
            return None
        found.append((turn.role, start, start + len(turn.text)))
        at = start + len(turn.text) + 2
    return tuple(found)


def folded(text: Text, spans: Sequence[Span] = ()) -> dict[str, object]:
    """The beginning of a text, or the place of its first mark where that lies further on."""
    first = int(spans[0][0]) if spans else 0
    start = first - BEFORE if first > FOLD - BEFORE else 0
    end = start + FOLD
    line = start - 1
    for _ in range(LINES):
        line = text.text.find("\n", line + 1, end)
        if line < 0:
            break
    return part(text, start, line if line >= start else end, spans)


def part(text: Text, start: int, end: int, spans: Sequence[Span] = ()) -> dict[str, object]:
    """Some characters of a text, with the marks and turns in them; their places count as the browser counts.

    at, shown, length: where the part begins, how many characters it has, and how many the whole text has.
    """
    cut = text.text[start:end]
    end = start + len(cut)
    wide = [i for i, sign in enumerate(cut) if sign > "\uffff"] if cut and max(cut) > "\uffff" else []

    def place(at: int) -> int:
        at = min(max(at, start), end) - start
        return at + bisect_left(wide, at)  # signs past the first 65,536 count as two

    found: dict[str, object] = {"text": cut, "at": start, "shown": len(cut), "length": len(text.text)}
    inside = sorted((s for s in spans if s[0] < end and s[1] > start), key=lambda s: s[:2])
    marked = [[place(s[0]), place(s[1]), *s[2:]] for s in inside]
    if marked:
        found["spans"] = marked
    if text.turns is not None:
        spoken = [turn for turn in text.turns if turn[1] < end and turn[2] > start]
        found["turns"] = [[who if a >= start else "", place(a), place(b)] for who, a, b in spoken]
    return found
