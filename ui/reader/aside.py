"""What stands beside the list for the row in focus, as the browser is told: sides of a question, and a small map."""

from collections.abc import Mapping

import numpy as np

from engine import Dataset
from ui.reader.book import Aside, Pane, Spots

SHOWN = 160
"""Characters of a row that is like the one in focus."""


def spot_bytes(spots: Spots) -> bytes:
    """The rows of the small map: all x, all y as float32, then all codes as int32."""
    return b"".join(
        [spots.x.astype("<f4").tobytes(), spots.y.astype("<f4").tobytes(), spots.code.astype("<i4").tobytes()]
    )


def told(data: Dataset, row: int, aside: Aside | None, spots: Spots | None) -> Mapping[str, object]:
    """What the browser is told of a row: what speaks for each side, and where it and the rows like it lie."""
    if aside is None:
        return {"row": row}
    panes = [_pane(data, pane, spots) for pane in aside.panes]
    return {"row": row, "says": list(aside.says), "panes": panes, "place": _places(np.array([row]), spots)[0]}


def _pane(data: Dataset, pane: Pane, spots: Spots | None) -> Mapping[str, object]:
    rows = pane.alike.rows if pane.alike else np.empty(0, np.int64)
    near = pane.alike.similarity.tolist() if pane.alike else []
    texts = [" ".join(text[: 2 * SHOWN].split())[:SHOWN] for text in data.texts(rows)]
    alike = [
        [int(row), round(float(much), 3), text, place]
        for row, much, text, place in zip(rows, near, texts, _places(rows, spots), strict=True)
    ]
    return {"title": pane.title, "note": pane.note, "words": list(pane.words), "alike": alike, "code": pane.code}


def _places(rows: np.ndarray, spots: Spots | None) -> list[list[float] | None]:
    """Where rows lie on the small map, None for one that has no place."""
    if spots is None or not len(rows):
        return [None] * len(rows)
    return [None if np.isnan(xy).any() else [float(xy[0]), float(xy[1])] for xy in spots.place(rows)]
