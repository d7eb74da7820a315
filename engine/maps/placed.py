"""New texts on an old map: each is placed where its neighbours lie, and marked as placed so."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.dataset import Dataset, origin_of
from engine.maps.trust import shares_kept, trust_notes
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Spec

NEW_MOST = 1 / 3
"""A map of which more than this share of the texts is new is drawn anew: it would be a map of what was."""
ASKED, TOGETHER = 5, 3


def places_by_neighbours(xy: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Places for the nodes that have none: float (m, 2).

    xy: float (m, 2), NaN for a node without a place. neighbours: int (m, k), best first, -1 where there are fewer. A
    node lies in the middle of those three of its five nearest placed neighbours that lie closest together, so that one
    astray does not draw it into the empty room between. Nodes whose neighbours are new too follow once these are
    placed; those that nothing leads to lie in the middle of the map.
    """
    found = np.array(xy, dtype=np.float64)
    while True:
        missing = np.flatnonzero(np.isnan(found[:, 0]))
        near = np.asarray(neighbours[missing])
        there = (near >= 0) & ~np.isnan(found[near, 0])
        reached = np.flatnonzero(there.any(axis=1))
        if not len(reached):
            break
        places = np.empty((len(reached), 2))
        for i, row in enumerate(reached):
            of = found[near[row, there[row]][:ASKED]]
            apart = np.linalg.norm(of[:, None] - of[None], axis=2)
            together = np.argsort(apart, axis=1, kind="stable")[:, :TOGETHER]
            best = int(np.take_along_axis(apart, together, axis=1).sum(axis=1).argmin())
            places[i] = of[together[best]].mean(axis=0)
        found[missing[reached]] = places
    if len(missing):
        found[missing] = np.nanmedian(found, axis=0) if len(missing) < len(found) else 0.0
    return found


def _old_map(data: Dataset, key: str, made: Spec) -> tuple[Artefact, Artefact] | None:
    """The newest map that was drawn as this spec says for an earlier revision, and the texts that it shows."""
    for old in reversed(data.store.artefacts("map")):
        if old.key != key or old.spec != made or old.origin.rows == data.fingerprint or "placed_on" in old.origin.facts:
            continue
        if (shown := data.store.find("texts", old.origin.inputs.get("texts", ""))) is not None:
            return old, shown
    return None


def place_on_old_map(data: Dataset, key: str, made: Spec, progress: Progress = quiet) -> Artefact | None:
    """Take an earlier revision's map over: known texts stay where they were, new ones go where their neighbours lie.

    None where no map of this spec was drawn before, or more than a third of the texts is new to it. Notes: `placed`
    texts and `placed_rows` that were placed by their neighbours; the array `placed`, bool (m,), says which. Its
    vectors and graph must be there.
    """
    found = _old_map(data, key, made)
    if found is None:
        return None
    old, before = found
    vectors, graph = data.embedding(made.on), data.graph(made.on)
    now = data.store.find("texts", vectors.texts.identity)
    if now is None:
        return None
    known = _places_of(np.asarray(before.array("hash")), np.asarray(now.array("hash")))
    new = known < 0
    if not len(new) or new.mean() > NEW_MOST:
        return None
    progress("Placing new rows by their neighbours", 0, 1)
    xy = np.stack([np.asarray(old.array(name), np.float64)[np.maximum(known, 0)] for name in ("x", "y")], axis=1)
    xy[new] = np.nan
    xy = places_by_neighbours(xy, np.asarray(graph.neighbours)).astype(np.float32)
    shares = shares_kept(xy, graph.neighbours)
    origin = replace(origin_of(data, made, vectors=vectors, graph=graph), facts={"placed_on": old.identity})
    notes: dict[str, Json] = {
        **trust_notes(shares),
        "preview": False,
        "placed": int(new.sum()),
        "placed_rows": int(np.asarray(vectors.texts.count)[new].sum()),
    }
    arrays = {"x": xy[:, 0].copy(), "y": xy[:, 1].copy(), "trust": shares[1], "placed": new}
    progress("Placing new rows by their neighbours", 1, 1)
    return data.store.publish(key, origin, arrays, notes)


def placed_sentence(notes: Mapping[str, Json]) -> str:
    """What a map says about rows that it was not drawn with; nothing where there are none."""
    rows = notes.get("placed_rows")
    if not isinstance(rows, int) or not rows:
        return ""
    what = "1 row was placed by its neighbours" if rows == 1 else f"{rows:,} rows were placed by their neighbours"
    return f"{what}: they came after this map was drawn."


def _places_of(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Where each hash of `now` stands in `before`: int64, -1 where it does not. Both uint64 (…, 2)."""
    pair = np.dtype([("a", np.uint64), ("b", np.uint64)])
    old, new = (np.ascontiguousarray(h).view(pair).ravel() for h in (before, now))
    order = np.argsort(old, order=("a", "b"))
    at = np.minimum(np.searchsorted(old[order], new), max(len(old) - 1, 0))
    return np.where(old[order][at] == new, order[at], -1) if len(old) else np.full(len(new), -1)
