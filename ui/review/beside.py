"""What stands beside the queue: what speaks for either label of the row in focus, and where it lies on a small map."""

from collections.abc import Callable
from functools import partial

import numpy as np

import engine
from engine.labels import Side
from ui.reader.book import Alike, Aside, Pane, Spots
from ui.review.work import Work

ALIKE = 4


def of(work: Work) -> Callable[[int], Aside | None] | None:
    """For the row in focus, what speaks for its labels; None where nothing could be shown."""
    return place_only(work) and partial(_aside, work)


def place_only(work: Work) -> Callable[[int], Aside | None] | None:
    """For the row in focus its place on the map, and nothing that leads who answers."""
    return None if engine.look.map_of(work.data) is None and work.on is None else lambda row: Aside()


def spots(work: Work) -> Spots | None:
    """The small map, coloured by the labels as they came; None where no map is drawn."""
    data, key = work.data, engine.look.map_of(work.data)
    if key is None:
        return None
    shown = engine.look.spots(data, key)
    codes = np.full(data.n, -1) if work.on is None else work.on.now if work.on.begun else work.on.came
    code = codes[shown.rows].astype(np.int32)
    digest = engine.store.digest_of([data.added[key].identity, data.fingerprint, code.tolist()])
    return Spots(digest[:32], shown.x, shown.y, code, shown.of, lambda rows: engine.look.place_of(data, key, rows))


def _aside(work: Work, row: int) -> Aside:
    if work.on is None or not work.of.embedding:
        return Aside()
    data, codes = work.data, work.on.now if work.on.begun else work.on.came
    given = int(codes[row])
    if work.found is not None and given >= 0:
        told = engine.labels.evidence(data, work.found, row, k=ALIKE, embedding=work.of.embedding)
        says = []
        if told.votes is not None:
            says.append(f"{told.votes:.0%} of the raters' votes are for its label.")
        if len(told.copies):
            rows = "1 row" if len(told.copies) == 1 else f"{len(told.copies):,} rows"
            says.append(f"{rows} with this very text, or nearly, {'has' if len(told.copies) == 1 else 'have'} another.")
        other = [_pane(work, told.other, "suggested")] if told.other else []
        return Aside(says, [_pane(work, told.given, "as it came"), *other])
    if work.on.begun:
        given = -1  # what stands there is what somebody answered: who sees it follows it
    first = [code for code in dict.fromkeys([given, *work.likely.get(row, [])]) if code >= 0][:2]
    found = engine.labels.sides(data, work.of.embedding, codes, work.names, row, first, k=ALIKE)
    words = ["as it came" if given >= 0 else "likeliest", "likeliest" if given >= 0 else "or this"]
    return Aside((), [_pane(work, side, said) for side, said in zip(found, words, strict=False)])


def _pane(work: Work, side: Side, said: str) -> Pane:
    note = said if side.probability is None else f"{said}; {side.probability:.0%} by {work.of.model}"
    alike = Alike(side.near.rows, side.near.similarity)
    return Pane(side.label, note, side.words, alike, work.names.index(side.label))
