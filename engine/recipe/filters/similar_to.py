"""Keep or drop rows by how similar they are to a query or to examples."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Spec, Verdict, read_ref
from engine.errors import EngineError
from engine.registry import About, Bounds, Embedding, Help, Json, TargetRef
from engine.vectors import EMBEDDERS, similarity_of_rows


def _foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    """Why the target cannot be compared on a dataset: it was made with vectors that are not those of its embedding."""
    ref, key = read_ref(data, str(params["target"]), "target"), str(params["embedding"])
    if key in data.added:
        there = data.added[key]
        same = ref["identity"] == there.identity or _same_model(data, key, ref["embedder"])
        return "" if same else f"its target was made with other vectors than {key!r}"
    member = EMBEDDERS.get(specs[key].member) if key in specs else None
    if member and member.about.portable != "portable" and ref["rows"] != data.fingerprint:
        return f"its target was made with {member.name} vectors of other rows"
    return ""


ABOUT = About(portable="carries a fitted model", foreign=_foreign)


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
    """{do} rows with a similarity of at least {least} to {label} in {embedding}.

    Cosine on the stored vectors, exact: the same on every machine. A row without text is similar to nothing. The target
    carries its vector, so that no model is needed. Raises `EngineError` when it was made with another model.
    """
    there = read_ref(data, target, "target")
    vectors = data.embedding(embedding)
    vector = np.asarray(there["vector"], np.int16)
    if there["identity"] != vectors.identity and not _same_model(data, embedding, there["embedder"]):
        raise EngineError(
            f"The target {label} was made with other vectors ({there['embedding']!r}, {str(there['identity'])[:8]}…) "
            f"than {embedding!r} holds ({vectors.identity[:8]}…). Search again here, or use the embedding that it was "
            f"made with."
        )
    values = similarity_of_rows(data, vectors, vector, target)[rows]
    # float32 as stored, float64 as asked: compare in float64, where both are exact.
    found = values.astype(np.float64) >= least
    keep = found if do == "keep" else ~found
    return Verdict(keep, lambda i: "it has no text" if np.isnan(values[i]) else f"similarity is {values[i]:.4f}")


def _same_model(data: Dataset, embedding: str, embedder: object) -> bool:
    """Whether the vectors come from the very model of the target; given vectors name none."""
    return bool(embedder) and data.artefact("embedding", embedding).origin.facts.get("embedder") == embedder
