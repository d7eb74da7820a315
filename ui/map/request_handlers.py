"""Answers to the small questions that a map asks while it is used: texts, neighbours, trust, a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ui.map.html import map_html
from ui.map.points import Colour, Hover, MapPoints, MapTrust

TEXTS = 64  # texts in one answer: what lies around the pointer
LETTERS = 280  # of each text
SHORT = 80  # letters of each value on a card
FACTS = 3  # columns on a card that a person chose
OTHERS = 40  # labels without a colour in one answer
BLOCK = 20_000  # texts read at once for a file

Texts = Callable[[np.ndarray, Sequence[str]], Sequence[Hover]]
Neighbours = Callable[[int], np.ndarray]
Question = Mapping[str, object]
Answers = Callable[[Question], tuple[dict[str, object], bytes] | None]


@dataclass(frozen=True)
class Scene:
    """All that one map shows: what `scatter_map` was given, the header it sent, and how to make each part again."""

    points: MapPoints
    colour: Colour | None
    trust: MapTrust | None
    neighbours: Neighbours | None
    texts: Texts | None
    header: Mapping[str, object] = field(default_factory=dict)
    parts: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    script: Callable[[], bytes] = bytes
    answers: Answers | None = None


def answer(question: Question, scene: Scene) -> tuple[dict[str, object], bytes]:
    """What goes back to the browser: a few named values, and bytes.

    The question comes over the wire: rows that are not there are left out, sizes are held in bounds, and what cannot be
    answered gets an empty answer.
    """
    ask, n = question.get("ask"), len(scene.points.x)
    asked = question.get("rows")
    rows = [row for row in (asked if isinstance(asked, list) else []) if isinstance(row, int) and 0 <= row < n][:TEXTS]
    if ask in ("texts", "titles") and scene.texts is not None and rows:
        facts = [name for name in _list(question.get("facts")) if name in _list(scene.header.get("facts"))][:FACTS]
        return {"rows": rows, "texts": cards(scene.texts, np.array(rows, np.int64), [str(f) for f in facts])}, b""
    if ask == "others" and scene.colour is not None and scene.colour.others is not None:
        found, more = scene.colour.others.found(str(question.get("find") or "")[:LETTERS], OTHERS)
        return {"others": [(label[:LETTERS], code, rows) for label, code, rows in found], "more": more}, b""
    if ask == "neighbours" and scene.neighbours is not None and rows:
        return {"rows": [int(row) for row in scene.neighbours(rows[0]) if 0 <= row < n][:TEXTS]}, b""
    if ask == "trust" and scene.trust is not None:
        return {}, scene.trust.codes().tobytes()
    if ask == "html":
        return {}, file(scene, texts=bool(question.get("texts")), dark=bool(question.get("dark")))
    return (scene.answers(question) if scene.answers else None) or ({}, b"")


def cards(texts: Texts, rows: np.ndarray, facts: Sequence[str] = ()) -> list[dict[str, object]]:
    """What the cards of some rows say, each part held short."""
    return [
        {
            "title": hover.title[:LETTERS],
            "id": hover.id[:SHORT],
            "value": None if hover.value is None else hover.value[:SHORT],
            "facts": [(name, None if value is None else value[:SHORT]) for name, value in hover.facts],
            "text": hover.text[:LETTERS],
        }
        for hover in texts(rows, facts)
    ]


def file(scene: Scene, *, texts: bool, dark: bool) -> bytes:
    """The whole map as one HTML file; with `texts`, the start of every row's text for its hover card."""
    parts = {name: make() for name, make in scene.parts.items() if name != scene.header.get("code")}
    words: list[dict[str, object]] | None = None
    if texts and scene.texts is not None:
        words = []
        for start in range(0, len(scene.points.x), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(scene.points.x)), dtype=np.int64)
            words += cards(scene.texts, rows)
    return map_html(scene.header, parts, script=scene.script().decode(), texts=words, dark=dark)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
