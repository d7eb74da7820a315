"""Keep or drop rows by how similar they are to a query or to examples."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict, read_ref
from engine.errors import EngineError
from engine.registry import Bounds, Embedding, Help, TargetRef
from engine.vectors import similarity_of_rows


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
    vectors = data.vectors(embedding)
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
    return bool(embedder) and data.artefact("vectors", embedding).spec.get("embedder") == embedder
