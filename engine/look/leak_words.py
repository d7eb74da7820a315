"""Which words of a leak are equal: of a run in pieces those that were changed stay unmarked."""

from difflib import SequenceMatcher

from engine.look.leaks import Leak, Span
from engine.text import word_places

MOST = 4000
"""Words of a text that are compared one by one; of a longer one all that lies between the ends counts as shared."""

Spans = tuple[Span, ...]


def matched(leak: Leak) -> tuple[Spans, Spans]:
    """Where the equal words stand in the row's text and in the item's: spans of characters, a run as one."""
    if leak.kind == "meaning":
        return (), ()
    mine, theirs = _places(leak.row_text, leak.row_span), _places(leak.item_text, leak.item_span)
    if leak.longest == leak.equal or max(len(mine), len(theirs)) > MOST:
        return (leak.row_span,), (leak.item_span,)
    blocks = SequenceMatcher(None, [w[0] for w in mine], [w[0] for w in theirs], autojunk=False).get_matching_blocks()
    pairs = [(mine[b.a : b.a + b.size], theirs[b.b : b.b + b.size]) for b in blocks if b.size]
    return tuple((a[0][1], a[-1][2]) for a, _ in pairs), tuple((b[0][1], b[-1][2]) for _, b in pairs)


def _places(text: str, span: Span) -> list[tuple[str, int, int]]:
    start, end = span
    return [place for place in word_places(text) if start <= place[1] and place[2] <= end]
