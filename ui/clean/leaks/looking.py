"""Look for leaks: the set is read, rows are compared, and what was found is kept in memory."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.dataset import TextSet
from engine.look import Crossings, Leaks
from ui.clean.leaks.asking import Asked
from ui.frame import state


@dataclass(frozen=True)
class Looked:
    """What was found. between: all parts with each other, where parts were compared. digest: names what was asked."""

    leaks: Leaks
    between: Crossings | None
    digest: str


def look(data: Dataset, asked: Asked) -> Looked:
    """Compare, with a bar while it lasts; what was compared before comes at once."""
    cache, digest = state.stage_cache(str(data.store.folder)), digest_of(data, asked)
    place = st.empty()

    def progress(stage: str, done: int, total: int) -> None:
        place.progress(min(done / max(total, 1), 1.0), f"{stage}…")

    def made() -> Looked:
        how = cast(dict[str, Any], dict(asked.knobs))
        with st.spinner("Comparing…", show_time=True):
            other = asked.part or _set(asked, progress)
            found = engine.look.leaks(
                data, other, **how, embedding=asked.embedding, similar=asked.similar, progress=progress
            )
            between = engine.look.crossings(data, asked.part.by, **how, progress=progress) if asked.part else None
        return Looked(found, between, digest)

    try:
        found = cache.get(f"leaks/{digest}", made)
    finally:
        place.empty()
    # What was added since, such as a column of topics, is only in the dataset as it is now.
    return replace(found, leaks=replace(found.leaks, data=data))


def digest_of(data: Dataset, asked: Asked) -> str:
    """Names what is compared: the rows and their text, the set as it is now, and the knobs."""
    stamp = 0.0
    if asked.where == "file" and Path(asked.source).exists():
        stamp = Path(asked.source).stat().st_mtime
    there = _store(asked.source).stamp() if asked.where == "dataset" else ""
    part = [asked.part.by, data.info(asked.part.by).identity, *asked.part.values] if asked.part else []
    added = data.artefact("embedding", asked.embedding).identity if asked.embedding else ""
    view = repr(data.text_view)
    said = [data.fingerprint, view, asked.where, asked.source, asked.text, stamp, there, part, repr(asked.knobs)]
    return engine.store.digest_of([*said, added, asked.similar])


def _set(asked: Asked, progress: "engine.progress.Progress") -> TextSet:
    if asked.where == "file":
        return engine.opening.read_texts(asked.source, asked.text, allowed=state.allowed_folders(), progress=progress)
    there = Dataset.load(_store(asked.source))
    texts = there.strings(asked.text, there.rows()) if asked.text else there.texts(there.rows())
    return TextSet.of(there.name, texts)


def _store(name: str) -> engine.Store:
    found = next((s for s in state.stores() if s.folder.name == name), None)
    if found is None:
        raise EngineError(f"The dataset {name!r} is no longer here. Choose another one.")
    return found
