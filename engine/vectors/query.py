"""A typed text as a vector, by the model that made the stored ones."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Store
from engine.vectors.embed import _arrays
from engine.vectors.embedders import EMBEDDERS
from engine.vectors.embedders._protocols import Fitted, Model, Pretrained
from indexes import to_grid


def embed_texts(data: Dataset, key: str, texts: list[str], *, query: bool = True) -> np.ndarray:
    """int16 (k, d): texts on the grid of an embedding, by the model that made it.

    query: they are looked for, as in search by meaning; else they are texts as those of the rows.
    """
    artefact = data.artefact("embedding", key)
    empty = [i for i, text in enumerate(texts) if not text.strip()]
    if empty:
        raise EngineError("There is nothing to search for: the text is empty. Type a few words.")
    model = _model_of(str(data.store.folder), artefact.identity)
    result = model.embed(texts, [-1] * len(texts), 0.5, lambda done: None, query=query)
    return to_grid(result.vectors)


def embeds_texts(data: Dataset, key: str) -> bool:
    """Whether `embed_texts` can embed a text with the model of these vectors, as it is on this machine now."""
    artefact = data.artefact("embedding", key)
    try:
        _model_of(str(data.store.folder), artefact.identity)
    except EngineError:  # given without a model, or the model has gone: the question is which
        return False
    return True


def embed_alone(texts: Sequence[str], progress: Progress = quiet) -> np.ndarray:
    """int16 (k, d): some texts on the grid by the model that comes with Winnow; nothing is kept.

    Raises `EngineError` where a text is blank.
    """
    if not all(text.strip() for text in texts):
        raise EngineError("A text without a word has no vector. Leave it out.")
    opened = next(iter(EMBEDDERS.values())).function()
    assert isinstance(opened, Pretrained)
    model = opened.load()
    found = np.empty((len(texts), model.dimension), np.int16)
    for start in range(0, len(texts), opened.chunk):
        progress("embedding", start, len(texts))
        part = texts[start : start + opened.chunk]
        found[start : start + len(part)] = to_grid(model.embed(part, [-1] * len(part), 0.5, lambda done: None).vectors)
    return found


@lru_cache(maxsize=2)
def _model_of(folder: str, identity: str) -> Model:
    """The model of stored vectors, kept open: loading takes seconds, and a query must not."""
    store = Store(folder)
    artefact = cast(Artefact, store.find("embedding", identity))
    member = EMBEDDERS[artefact.spec.member]
    opened = member.function(**member.check(artefact.spec.params))
    facts = cast(Mapping[str, Json], artefact.origin.facts["model"])
    if isinstance(opened, Fitted):
        kept = store.find("model", str(facts["fitted"]))
        if kept is None:
            raise EngineError(f"The weights of {artefact.key!r} are gone from disk. Embed again to search by meaning.")
        return opened.ready(_arrays(kept))
    if isinstance(opened, Pretrained):
        if dict(opened.source) != artefact.origin.facts["source"]:
            raise EngineError(
                f"The model behind {artefact.key!r} has changed on disk. Restore it, or embed again with the new one."
            )
        return opened.load(facts)
    raise EngineError(
        f"{artefact.key!r} was given as vectors, without the model that made them, so a typed query cannot be "
        "embedded. Search by an example row, or embed with a model."
    )
