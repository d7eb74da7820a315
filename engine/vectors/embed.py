"""Embed a corpus: distinct texts → exact vectors, in chunks that survive a kill, reusing what is known."""

import time
from dataclasses import replace
from typing import cast

import numpy as np

from engine.dataset import Dataset, distinct, share_of, store_texts, texts_with_breaks
from engine.errors import EngineError
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Origin, Spec, Store, alone, digest_of
from engine.vectors.chunks import (
    Plan,
    Purpose,
    new_grid,
    planned,
    read_chunk,
    write_chunk,
)
from engine.vectors.embedders import EMBEDDERS
from engine.vectors.embedders._protocols import Embedded, Fitted, Model, Pretrained, Supplied
from engine.vectors.embedders.usable import first_bad
from engine.vectors.given import embed_given
from indexes import to_grid

_COPIED_TEXTS = 65_536


def embed(data: Dataset, spec: Spec, key: str, progress: Progress = quiet) -> Artefact:
    """Give every distinct text of the dataset its exact vector; killed at any moment, it goes on where it was.

    Publishes an `embedding`: grid int16 (m, d); for texts also tokens int32 (m,) and cut int32 (m,), the character at
    which the model stops reading, -1 for a text that it reads whole. Raises `Cancelled` from `progress`.
    """
    member = EMBEDDERS[spec.member]
    opened = member.function(**member.check(spec.params))
    spec = replace(spec, version=member.version, params=member.json(spec.params))
    if isinstance(opened, Supplied):
        return embed_given(data, opened, spec, key, progress)
    assert isinstance(opened, Pretrained | Fitted)
    texts = store_texts(data, progress)
    asked = Origin(spec, data.fingerprint, None, {"texts": texts.identity}, facts={"source": dict(opened.source)})
    there = _there(data.store, asked)
    if there:
        return there
    model, fitted = _loaded(data, opened, asked, texts, progress)
    facts: dict[str, Json] = {**asked.facts, "model": {**model.facts, **fitted, **share_of(data.text_view)}}
    embedder = digest_of([spec.member, spec.version, facts])
    return _work(data, model, replace(asked, facts=facts | {"embedder": embedder}), key, texts, opened.chunk, progress)


def _there(store: Store, asked: Origin) -> Artefact | None:
    """Vectors that answer the same question, whichever runtime made them: they were proven equal to it."""
    for artefact in reversed(store.artefacts("embedding")):
        origin = artefact.origin
        if replace(origin, facts={k: v for k, v in origin.facts.items() if k in asked.facts}) == asked:
            return artefact
    return None


def _loaded(
    data: Dataset, opened: Pretrained | Fitted, asked: Origin, texts: Artefact, progress: Progress
) -> tuple[Model, dict[str, Json]]:
    """The model ready for work, and the identity of what was fitted, if anything was."""
    if isinstance(opened, Pretrained):
        progress("loading the model", 0, 0)  # nobody knows how far: no share
        return opened.load(), {}
    origin = replace(asked, spec=Spec("model", asked.spec.member, asked.spec.version))
    kept = data.store.made(origin)
    if kept is None:
        first = texts.array("first")
        some = np.random.default_rng(opened.seed).permutation(len(first))[: opened.sample]
        sample = data.texts(np.sort(first[some]))
        arrays = opened.fit(sample, lambda done: progress("learning weights", done, len(sample)))
        kept = data.store.publish(f"{asked.spec.member} weights", origin, arrays, {"texts": len(sample)})
    return opened.ready(_arrays(kept)), {"fitted": kept.identity}


def _arrays(artefact: Artefact) -> dict[str, np.ndarray]:
    return {name: artefact.array(name) for name in artefact.arrays}


def _work(
    data: Dataset, model: Model, origin: Origin, key: str, texts: Artefact, size: int, progress: Progress
) -> Artefact:
    """Do the chunks that are not done and publish, or take what another process has published meanwhile."""
    folder = data.store.workbench("embedding", origin.identity)
    total = len(texts.array("first"))
    with alone(folder / ".lock", lambda: progress("waiting for another process that embeds this", 0, total)):
        return data.store.made(origin) or _chunks(data, model, origin, key, texts, size, progress)


def _chunks(
    data: Dataset, model: Model, origin: Origin, key: str, texts: Artefact, size: int, progress: Progress
) -> Artefact:
    first, count = texts.array("first"), texts.array("count")
    total = len(first)
    purpose = Purpose(key, texts.identity, total, model.dimension)
    plan = _plan(data.store, origin, size, purpose, texts)
    share = cast(float, share_of(data.text_view).get("share", 0.5))
    finished = set(plan.done())
    before = len(plan.taken) + sum(len(plan.texts(c)) for c in finished)
    done, started = before, time.monotonic()
    progress("embedding", done, total)
    for chunk in range(plan.chunks):
        if chunk in finished:
            continue
        nodes = plan.texts(chunk)
        rows = first[nodes]
        found, breaks = texts_with_breaks(data, rows)
        result = model.embed(found, breaks, share, lambda k, at=done: progress("embedding", at + k, total))  # type: ignore[misc]
        bad = first_bad(result.vectors)
        if bad:
            raise EngineError(
                f"The model's vector of row {int(rows[bad[0]]):,} {bad[1]}. Use another precision or another model."
            )
        write_chunk(plan, chunk, Embedded(to_grid(result.vectors), result.tokens, result.cut))
        done += len(nodes)
        progress("embedding", done, total)
    rate = (done - before) / max(time.monotonic() - started, 1e-6)
    return _gathered(data.store, plan, model, origin, key, count, rate)


def _plan(store: Store, origin: Origin, size: int, purpose: Purpose, texts: Artefact) -> Plan:
    folder = store.workbench("embedding", origin.identity)
    plan = planned(folder, size, purpose, lambda: _known(store, origin, texts))
    if all(store.find("embedding", source) for source in plan.sources):
        return plan
    # Vectors that the plan counted on were cleaned away: plan again, without them.
    for file in folder.iterdir():
        if file.name != ".lock":
            file.unlink()
    return planned(folder, size, purpose, lambda: _known(store, origin, texts))


def _known(store: Store, origin: Origin, texts: Artefact) -> tuple[np.ndarray, tuple[str, ...]]:
    """Texts that have a vector of the same embedder: int64 (r, 3) number, source, number there; and the sources."""
    embedder = origin.facts["embedder"]
    hashes = np.asarray(texts.array("hash"))
    unknown = np.arange(len(hashes), dtype=np.int64)
    parts = [np.zeros((0, 3), np.int64)]
    sources: list[str] = []
    for earlier in reversed(store.artefacts("embedding")):
        if earlier.origin.facts.get("embedder") != embedder or not len(unknown) or earlier.origin == origin:
            continue
        its = store.find("texts", earlier.origin.inputs["texts"])
        if its is None:
            continue
        theirs = np.asarray(its.array("hash"))
        of_row, first, _ = distinct(np.concatenate([theirs, hashes[unknown]]))
        there = first[of_row[len(theirs) :]]
        hit = there < len(theirs)
        if hit.any():
            source = np.full(int(hit.sum()), len(sources), np.int64)
            parts.append(np.column_stack([unknown[hit], source, there[hit]]))
            sources.append(earlier.identity)
            unknown = unknown[~hit]
    taken = np.concatenate(parts)
    return taken[np.argsort(taken[:, 0])], tuple(sources)


def _gathered(
    store: Store, plan: Plan, model: Model, origin: Origin, key: str, count: np.ndarray, rate: float
) -> Artefact:
    """Put the chunks, and what earlier vectors hold, together in the order of the nodes: one file, to be mapped whole.

    Vectors that are taken over are copied block by block. Files of several segments would have to be joined in memory
    by whoever reads them.
    """
    total = len(count)
    draft = store.draft("embedding")
    sources = [cast(Artefact, store.find("embedding", s)) for s in plan.sources]
    grid = new_grid(draft / "grid.npy", total, model.dimension)
    tokens, cut = np.zeros(total, np.int32), np.full(total, -1, np.int32)
    for number, source in enumerate(sources):
        node, _, there = plan.taken[plan.taken[:, 1] == number].T
        tokens[node], cut[node] = source.array("tokens")[there], source.array("cut")[there]
        vectors = source.array("grid")
        for start in range(0, len(node), _COPIED_TEXTS):
            part = slice(start, start + _COPIED_TEXTS)
            grid[node[part]] = vectors[there[part]]
    for chunk in range(plan.chunks):
        nodes, result = plan.texts(chunk), read_chunk(plan, chunk)
        grid[nodes], tokens[nodes], cut[nodes] = result.vectors, result.tokens, result.cut
    if isinstance(grid, np.memmap):
        grid.flush()
    else:
        np.save(draft / "grid.npy", grid)
    notes: dict[str, Json] = {
        **model.notes,
        "facts": origin.facts["model"],
        "source": origin.facts["source"],
        "dimension": model.dimension,
        "texts": total,
        "rows": int(count.sum()),
        "reused": len(plan.taken),
        "reused_from": list(plan.sources),
        "texts_a_second": round(rate, 1),
        "truncated": _truncated(tokens, cut, count, model.limit),
    }
    return store.publish(key, origin, {"tokens": tokens, "cut": cut}, notes, draft=draft)


def _truncated(tokens: np.ndarray, cut: np.ndarray, count: np.ndarray, limit: int) -> dict[str, Json]:
    """How many texts the model does not read to the end, and by how much they are too long."""
    long = cut >= 0
    over = tokens[long] - limit
    return {
        "limit": limit,
        "texts": int(long.sum()),
        "rows": int(count[long].sum()),
        "longest": int(tokens.max(initial=0)),
        "median_over": int(np.median(over)) if len(over) else 0,
    }
