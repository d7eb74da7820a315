"""How much of a text is markup: tags, escapes, links, signs of formatting."""

import numpy as np
import re2

from engine.registry import About, Value, row_cost
from engine.text import readable

_TAGS = (
    "a|abbr|article|aside|audio|b|big|blockquote|body|br|button|canvas|center|code|col|dd|div|dl|dt|em|embed|figcaption|"
    "figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|noscript|object|"
    "ol|option|p|param|path|pre|script|section|select|small|source|span|strong|style|sub|sup|svg|table|tbody|td|"
    "textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
"""Tags that are known: <name> stands for a name in many a manual."""
_FORUM = "b|i|u|s|url|img|quote|code|color|size|list|center|spoiler"
_MARKUP = re2.compile(
    rf"(?i)<!--|-->|</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!DOCTYPE[^<>]*>|&(?:[a-z]{{2,8}}|#[0-9]{{2,5}});"  # HTML
    r"|!?\[[^\[\]\n]*\]\([^()\s]+\)|\*\*|~~|```|(?m:^#{1,6} )"  # Markdown
    rf"|\{{\{{|\}}\}}|\[\[|\]\]|'''|\[/?(?:{_FORUM})(?:=[^\[\]]*)?\]"  # wikis, forums
)

ABOUT = About(
    values={
        "markup_places": Value("number", "places in 1,000 characters"),
        "markup_characters": Value("number", "share of characters, 0 to 1"),
    },
    spans=lambda texts: [_places(text) for text in texts],
    cost=row_cost(20_000),
)


def markup(texts: list[str]) -> dict[str, np.ndarray]:
    """Count tags, escapes such as &amp;, links and signs of formatting: HTML, Markdown, wikis, forums.

    float64 (n,); 0 for an empty text. What stands between two tags does not count, only the tags do.
    """
    found = np.zeros((2, len(texts)))
    for i, text in enumerate(texts):
        places = _places(text)
        found[:, i] = len(places), sum(end - start for start, end in places)
        found[:, i] /= max(len(text), 1)
    return {"markup_places": 1000 * found[0], "markup_characters": found[1]}


def _places(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _MARKUP.finditer(readable(text))]
