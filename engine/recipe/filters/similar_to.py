"""Keep or drop rows by how similar they are to a query or to examples."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Spec, Verdict, read_ref
from engine.recipe.filters._target import belongs, checked_target, unlike_of
from engine.registry import About, Bounds, Embedding, Help, Json, TargetRef
from engine.vectors import EMBEDDERS, similarity_apart, similarity_of_rows


def _foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    """Why the target cannot be compared on a dataset: it was made with vectors that are not those of its embedding."""
    ref, key = read_ref(data, str(params["target"]), "target"), str(params["embedding"])
    if key in data.added:
        fits = belongs(data, key, str(params["target"]))
        return "" if fits else f"its target was made with other vectors than {key!r} holds"
    member = EMBEDDERS.get(specs[key].member) if key in specs else None
    if member and member.about.portable != "portable" and ref["rows"] != data.fingerprint:
        return f"its target was made with {member.name} vectors of other rows"
    return ""


ABOUT = About(portable="carries a fitted model", foreign=_foreign, short="like {label} (at least {least})")


def similar_to(
    data: Dataset,
    rows: np.ndarray,
    *,
    embedding: Embedding,
    target: TargetRef,
    least: Annotated[float, Bounds(-1, 1), Help("-1 keeps every row with a text, 1 only equal ones.")] = 0.5,
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows like {label} (similarity at least {least} by {embedding}).

    Cosine on the stored vectors, exact: the same on every machine. A row without text is similar to nothing. The target
    carries its vector, so that no model is needed. Raises `EngineError` when it was made with another model.
    """
    vector = checked_target(data, embedding, target, label)
    vectors = data.embedding(embedding)
    away = unlike_of(data, target)
    values = (
        similarity_of_rows(data, vectors, vector, target)
        if away is None
        else similarity_apart(data, vectors, vector, away)
    )[rows]
    # float32 as stored, float64 as asked: compare in float64, where both are exact.
    found = values.astype(np.float64) >= least
    keep = found if do == "keep" else ~found
    return Verdict(keep, lambda i: "it has no text" if np.isnan(values[i]) else f"similarity is {values[i]:.4f}")
