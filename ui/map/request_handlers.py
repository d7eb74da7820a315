"""Answers to the small questions that a map asks while it is used: texts, neighbours, trust, pictures, a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine import EngineError
from ui.map import raster
from ui.map.html import map_html
from ui.map.points import Colour, MapPoints, MapTrust

TEXTS = 64  # texts in one answer: what lies around the pointer
LETTERS = 280  # of each text
BLOCK = 20_000  # texts read at once for a file
LARGEST = 4096  # pixels a side of a picture

Texts = Callable[[np.ndarray], Sequence[str]]
Neighbours = Callable[[int], np.ndarray]
Question = Mapping[str, object]
Answers = Callable[[Question], tuple[dict[str, object], bytes] | None]


@dataclass(frozen=True)
class Scene:
    """All that one map shows: what `scatter_map` was given, the header it sent, and how to make each part again."""

    points: MapPoints
    colour: Colour | None
    shown: np.ndarray | None
    selected: np.ndarray | None
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
    answered gets an empty answer. Raises EngineError for a picture of nowhere.
    """
    ask, n = question.get("ask"), len(scene.points.x)
    asked = question.get("rows")
    rows = [row for row in (asked if isinstance(asked, list) else []) if isinstance(row, int) and 0 <= row < n][:TEXTS]
    if ask == "texts" and scene.texts is not None and rows:
        texts = scene.texts(np.array(rows, dtype=np.int64))
        return {"rows": rows, "texts": [str(text)[:LETTERS] for text in texts]}, b""
    if ask == "neighbours" and scene.neighbours is not None and rows:
        return {"rows": [int(row) for row in scene.neighbours(rows[0]) if 0 <= row < n][:TEXTS]}, b""
    if ask == "trust" and scene.trust is not None:
        return {}, scene.trust.codes().tobytes()
    if ask == "picture":
        return {}, picture(question, scene)
    if ask == "html":
        return {}, file(scene, texts=bool(question.get("texts")), dark=bool(question.get("dark")))
    return (scene.answers(question) if scene.answers else None) or ({}, b"")


def picture(question: Question, scene: Scene) -> bytes:
    """What a browser without WebGL shows: the points of one view, counted into a picture here, as PNG."""
    numbers = [_number(value) for value in _list(question.get("box"))]
    if len(numbers) != 4:
        raise EngineError("The map asked for a picture without saying of what. Reload the page.")
    x0, y0, x1, y1 = numbers
    points, n = scene.points, len(scene.points.x)
    if question.get("trust") and scene.trust is not None:
        codes = scene.trust.codes()
    else:
        codes = np.zeros(n, dtype=np.uint8) if scene.colour is None else scene.colour.codes
    palette = np.array(_list(question.get("palette")) or [[71, 143, 255], [200, 200, 200]], dtype=np.uint8).reshape(
        -1, 3
    )
    passes = np.ones(n, dtype=bool) if scene.shown is None else scene.shown
    drawn = passes | bool(question.get("grey"))
    hidden = [int(_number(code)) for code in _list(question.get("hidden"))]
    if not question.get("trust"):
        drawn = drawn & ~(np.isin(codes, np.array(hidden, np.int64)) & passes)
        lit = int(_number(question.get("lit", -1)))
        drawn = drawn & (codes == lit) if lit >= 0 else drawn
    if not drawn.all():
        rows = np.flatnonzero(drawn)
        points = MapPoints(points.digest, points.x[rows], points.y[rows])
        codes, passes = codes[rows], passes[rows]
    selected = scene.selected if scene.selected is None or drawn.all() else scene.selected[drawn]
    return raster.picture(
        points.x,
        points.y,
        codes=codes,
        palette=palette,
        box=(x0, y0, x1, y1),
        width=_pixels(question.get("width")),
        height=_pixels(question.get("height")),
        shown=passes,
        selected=selected,
        radius=int(np.clip(_number(question.get("radius")), 0, 6)),
    )


def file(scene: Scene, *, texts: bool, dark: bool) -> bytes:
    """The whole map as one HTML file; with `texts`, the start of every row's text for its hover card."""
    parts = {name: make() for name, make in scene.parts.items() if name != scene.header.get("code")}
    words: list[str] | None = None
    if texts and scene.texts is not None:
        words = []
        for start in range(0, len(scene.points.x), BLOCK):
            rows = np.arange(start, min(start + BLOCK, len(scene.points.x)), dtype=np.int64)
            words += [str(text)[:LETTERS] for text in scene.texts(rows)]
    return map_html(scene.header, parts, script=scene.script().decode(), texts=words, dark=dark)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _pixels(value: object) -> int:
    return int(np.clip(_number(value), 16, LARGEST))
