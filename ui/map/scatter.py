"""The map on the screen: points drawn once, gestures back as geometry."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st

from engine import EngineError
from ui.map.colouring import palettes
from ui.map.component import bundle, channel, component, sent
from ui.map.points import (
    Colour,
    Hover,
    MapEvent,
    MapPoints,
    MapTrust,
    TopicName,
    by_category,
    by_number,
    event_from,
    trust_of,
)
from ui.map.request_handlers import Answers, Neighbours, Scene, Texts, answer
from ui.map.wire import digest_of, mask_bytes, pack, point_bytes, unsent

__all__ = [
    "Colour",
    "Hover",
    "MapEvent",
    "MapPoints",
    "MapTrust",
    "TopicName",
    "by_category",
    "by_number",
    "scatter_map",
    "trust_of",
]

DRAWN = 1_500_000  # points drawn at once; above it a sample, refined on zooming in. Counts and selections use all rows


def scatter_map(
    points: MapPoints,
    *,
    key: str,
    colour: Colour | None = None,
    shown: np.ndarray | None = None,
    selected: np.ndarray | None = None,
    lit: np.ndarray | None = None,
    names: Sequence[TopicName] = (),
    faded: np.ndarray | None = None,
    trust: MapTrust | None = None,
    later: np.ndarray | None = None,
    neighbours: Neighbours | None = None,
    texts: Texts | None = None,
    facts: Sequence[str] = (),
    topics: bool = False,
    focus: tuple[int, int] = (-1, 0),
    reading: Mapping[str, object] | None = None,
    histograms: Mapping[str, object] | None = None,
    go_to: Mapping[str, object] | None = None,
    answers: Answers | None = None,
    follow: Sequence[str] = (),
    height: int = 0,
    view: str | None = None,
    note: str = "",
    note_action: str = "",
    on_event: Callable[[MapEvent], None] | None = None,
) -> MapEvent | None:
    """Draw the map and return what was just done on it, if anything.

    `shown`, `selected`: bool (n,), rows that pass the filters (the rest is grey) and rows of the selection.
    `lit`: bool (n,), rows that stand out as selected ones do while nothing is selected, such as those found.
    `trust`: the share of each row's true neighbours that stayed near, with its scale, by `trust_of`.
    `later`: bool (n,), rows that came after the map was drawn; they are ringed, and the legend counts them.
    `neighbours`: a row to its true nearest rows, for the lines of a click. `texts`: at most 64 rows (int64) and
    chosen columns to what their cards say; shown as text, never as markup. `facts`: the columns to choose from.
    `faded`: bool, for each of `names` whether selection or filters leave its topic out. `topics`: whether `answers`
    knows what the card of a topic says ("topic"). `focus`: the row in focus (-1 for none) and how many times one
    was brought there, so that the browser takes none that is older than its own. `reading`: what the reader beside the
    map shows. `histograms`: what those under the legend show. `go_to`: a `box` in map units to be seen, and its `turn`:
    a later one is gone to once. `answers`: to the questions that the map does not know, such as "focus" and those of
    the reader.
    `follow`: keys of the fragments that are drawn again when another row comes into focus.
    `height` in pixels, 0 for what the window has left. `view`: "x,y,zoom" to begin with, else that of the address bar.
    `note`: a sentence under the map with a button `note_action`. `on_event` runs before the script, so that the masks
    given here are already the new ones.

    Raises EngineError when the JavaScript is not built, or a mask has another length than the map.
    """
    n = len(points.x)
    codes = None if colour is None else colour.codes
    bright = lit if selected is None or not selected.any() else selected
    for what, column in (
        ("shown", shown),
        ("selected", selected),
        ("lit", lit),
        ("trust", None if trust is None else trust.values),
        ("later", later),
        ("colour", codes),
    ):
        if column is not None and len(column) != n:
            raise EngineError(
                f"The map has {n:,} rows but {what!r} has {len(column):,}. Compute it for this map again."
            )
    parts: dict[str, Callable[[], bytes]] = {}

    def part(make: Callable[[], bytes], name: str = "") -> str:
        if not name:
            content = make()
            name, make = digest_of(content), lambda: content
        parts[name] = make
        return name

    header: dict[str, object] = {
        "draws": "map",
        "key": key,
        "n": n,
        "code": part(bundle),
        "points": part(lambda: point_bytes(points.x, points.y), f"points-{points.digest}"),
        "colour": None,
        "shown": None if shown is None else part(lambda: mask_bytes(shown)),
        "selected": None if bright is None or not bright.any() else part(lambda: mask_bytes(bright)),
        "names": part(lambda: _names(names)) if names else None,
        "faded": part(lambda: mask_bytes(faded)) if names and faded is not None and faded.any() else None,
        "counts": {
            "rows": n,
            "placed": int(points.placed.sum()),
            "shown": n if shown is None else int(shown.sum()),
            "selected": 0 if selected is None else int(selected.sum()),
            "lit": 0 if bright is None else int(bright.sum()),
        },
        "later": None
        if later is None or not later.any()
        else {"mask": part(lambda: mask_bytes(later)), "rows": int(later.sum())},
        "trust": trust and {"low": trust.low, "high": trust.high, "mean": trust.mean, "among": trust.among},
        "can": {
            "trust": trust is not None,
            "texts": texts is not None,
            "neighbours": neighbours is not None,
            "topics": topics,
        },
        "facts": list(facts),
        "focus": {"row": focus[0], "turn": focus[1]},
        "reading": reading,
        "histograms": histograms,
        "goTo": go_to,
        "height": height,
        "view": view or st.query_params.get("view", ""),
        "note": note,
        "noteAction": note_action,
        "drawn": DRAWN,
        "palette": palettes(),
    }
    if colour is not None:
        header["colour"] = {
            "codes": part(lambda: colour.codes.tobytes(), f"colour-{colour.digest}"),
            "name": colour.name,
            "kind": colour.kind,
            "paints": list(colour.paints),
            "inks": colour.inks,
            "lines": list(zip(colour.labels, colour.legend_codes, colour.counts, strict=True)),
            "low": colour.low,
            "high": colour.high,
            "log": colour.log,
            "hint": colour.hint,
        }
    header["needs"] = list(parts)
    there = sent()

    # A key of the caller's own may hold "__", which Streamlit keeps for itself.
    name = f"map-{digest_of(key.encode())}"

    def wanted() -> None:
        there.difference_update(st.session_state[name].get("want") or ())

    def happened() -> None:
        try:
            event = event_from(st.session_state[name].get("event"))
        except EngineError as error:
            st.session_state[f"_{name}_error"] = error
            return
        if event and on_event:
            on_event(event)

    with st.container(gap=None):
        mount = component()
        result = mount(
            key=name, data=pack(header, unsent(parts, there)), on_event_change=happened, on_want_change=wanted
        )
        offline = partial(bundle, "offline.js")
        scene = Scene(points, colour, trust, neighbours, texts, header, parts, offline, answers)
        channel(key, f"{name}-answers", partial(_answer, scene), follow)
    if error := st.session_state.pop(f"_{name}_error", None):
        raise error
    return event_from(getattr(result, "event", None))


def _names(names: Sequence[TopicName]) -> bytes:
    rows = [
        [name.text, float(name.x), float(name.y), name.level, name.size, name.value, name.near, name.own, name.inks]
        for name in names
    ]
    return json.dumps(rows).encode()


def _answer(scene: Scene, question: dict[str, object]) -> tuple[dict[str, object], bytes]:
    """The answer to one of the map's small questions; where one looks goes into the address."""
    if question.get("ask") == "view":
        st.query_params["view"] = str(question.get("view"))[:80]
    return answer(question, scene)
